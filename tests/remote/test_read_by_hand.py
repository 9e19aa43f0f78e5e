"""Reading as a pure generator: the message of each refusal, and the request it names."""

from collections.abc import Callable
from typing import Any

import pytest

from segdsl.errors import ApiError
from segdsl.limits import MAX_ID_LENGTH, MAX_PAGES
from segdsl.remote.exchange import Answer, Request, Steps
from segdsl.remote.models import is_id
from segdsl.remote.read import read_list, read_segment

from .test_create_by_hand import ENDPOINT, NOT_SENT, reply, retry_state

FIRST = "GET /v1/segments"


def run(steps: Steps[Any], answer: Callable[[Request], Answer]) -> Any:
    """The result of the steps; waits take no time."""
    request = next(steps)
    while True:
        try:
            request = steps.send(answer(request)) if isinstance(request, Request) else next(steps)
        except StopIteration as done:
            return done.value


def refusal(steps: Steps[Any], answer: Callable[[Request], Answer]) -> str:
    with pytest.raises(ApiError) as caught:
        run(steps, answer)
    return str(caught.value)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (reply(404, {"error": "gone"}), f"{FIRST}: 404 Not Found: gone"),
        (NOT_SENT, f"{FIRST}: no route"),
        (reply(200, {"a": 1}), f"{FIRST}: 200 OK, but "),
        (
            reply(200, [], link='<https://elsewhere.example/v1/segments?page=2>; rel="next"'),
            f"{FIRST}: 200 OK, but its next page is not on https://api.example; the key is not sent there",
        ),
        (
            reply(200, [], link='</v1/segments?page=1&pageSize=100>; rel="next"'),
            f"{FIRST}: 200 OK, but its next page was read before",
        ),
    ],
)
def test_bad_lists(answer: Answer, words: str) -> None:
    assert refusal(read_list(ENDPOINT, retry_state(max_retries=0)), lambda request: answer).startswith(words)


def test_a_list_without_end() -> None:
    pages = iter(range(2, 10**6))

    def answer(request: Request) -> Answer:
        return reply(200, [], link=f'</v1/segments?page={next(pages)}>; rel="next"')

    words = refusal(read_list(ENDPOINT, retry_state()), answer)
    assert words == f"{FIRST}: 200 OK, but the list does not end after {MAX_PAGES} pages"
    assert next(pages) == MAX_PAGES + 2


def test_the_pages_of_a_list_are_one_after_the_other() -> None:
    answers = [
        reply(200, [{"id": "a", "name": "A", "type": "custom"}], link='</v1/segments?page=2>; rel="next"'),
        reply(200, [{"id": one, "name": "A", "type": "custom"} for one in ("a", "b", "b")]),
    ]
    found = run(read_list(ENDPOINT, retry_state()), lambda request: answers.pop(0))
    assert [summary.id for summary in found.segments] == ["a", "b"]


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (reply(404), f"{FIRST}/x%2Fy: 404 Not Found"),
        (NOT_SENT, f"{FIRST}/x%2Fy: no route"),
        (reply(200, []), f"{FIRST}/x%2Fy: 200 OK, but "),
    ],
)
def test_bad_segments(answer: Answer, words: str) -> None:
    found = refusal(read_segment(ENDPOINT, retry_state(max_retries=0), "x/y"), lambda request: answer)
    assert found.startswith(words)
    assert not found.endswith("None")


def test_a_bad_id_is_quoted_in_part() -> None:
    with pytest.raises(ValueError, match=f"^`{'x' * 100}…` cannot be a segment's id$"):
        next(read_segment(ENDPOINT, retry_state(), "x" * 5_000))
    with pytest.raises(TypeError, match="a segment's id is a str, not int"):
        next(read_segment(ENDPOINT, retry_state(), 5))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "expected"), [("x" * MAX_ID_LENGTH, True), ("x" * (MAX_ID_LENGTH + 1), False), ("...", True)]
)
def test_how_long_an_id_may_be(text: str, expected: bool) -> None:
    assert is_id(text) is expected
