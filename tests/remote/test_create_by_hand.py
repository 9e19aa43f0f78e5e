"""The create as a pure generator, against a server made of plain Python: any sequence of faults, in microseconds."""

import asyncio
import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from segdsl.errors import AmbiguousCreateError, ApiError, RateLimitError
from segdsl.remote.create import Outcome, ambiguous, create, outcome_of, words_of
from segdsl.remote.endpoint import parse_base_url
from segdsl.remote.exchange import Answer, Failure, Reply, Request, Steps, Wait, drive, drive_async
from segdsl.remote.models import CreatedSegment
from segdsl.remote.read import pause
from segdsl.remote.retry import Repetitions, RetryPolicy, RetryState
from segdsl.wire import AnalysisRule, Filters, Segment

ENDPOINT = parse_base_url("https://api.example/v1")
SEGMENT = Segment(name="A", filters=Filters(rules=(AnalysisRule(field="rating", operator="gt", value=3),)))
LOST = Failure("lost", sent=True)
NOT_SENT = Failure("no route", sent=False)


def retry_state(**settings: Any) -> RetryState:
    return RetryState(RetryPolicy(**{"now": lambda: 0.0, "jitter": lambda: 1.0} | settings))


def no_wait(wait: Wait) -> None:
    """Waits take no time here."""


def reply(status: int, data: Any = None, **headers: str) -> Reply:
    return Reply(status, {name.replace("_", "-"): value for name, value in headers.items()}, json.dumps(data).encode())


def test_step_by_step() -> None:
    steps = create(SEGMENT, ENDPOINT, retry_state())
    assert next(steps) == Request("GET", "/v1/segments?page=1&pageSize=100")
    body = b'{"filters":{"rules":[{"type":"analysis","field":"rating","operator":"gt","value":3}]},"name":"A"}'
    post = Request("POST", "/v1/segments", body)
    assert steps.send(reply(200, [])) == post
    assert steps.send(NOT_SENT) == Wait(0.5)
    assert next(steps) == post
    assert steps.send(reply(429, retry_after="7")) == Wait(7.0, for_all=True)
    assert next(steps) == post
    assert steps.send(LOST) == Wait(0.5)
    assert next(steps) == Request("GET", "/v1/segments?page=1&pageSize=100")
    listed = {"id": "x/y", "name": "A", "type": "custom"}
    assert steps.send(reply(200, [listed])) == Request("GET", "/v1/segments/x%2Fy")
    with pytest.raises(StopIteration) as done:
        steps.send(reply(200, listed | {"filters": SEGMENT.filters.to_dict()}))
    assert done.value.value == CreatedSegment(
        id="x/y", name="A", type="custom", filters=SEGMENT.filters.to_dict(), adopted=True
    )


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (NOT_SENT, Outcome.NOT_SENT),
        (LOST, Outcome.UNKNOWN),
        *[(reply(status), Outcome.POSTPONED) for status in (408, 429)],
        *[
            (reply(status), Outcome.REFUSED)
            for status in (300, 301, 304, 308, 399, 400, 401, 403, 404, 410, 422, 425, 499)
        ],
        *[
            (reply(status), Outcome.UNKNOWN)
            for status in (100, 200, 201, 204, 299, 409, 500, 502, 503, 504, 520, 599, 600)
        ],
    ],
)
def test_the_outcome_table(answer: Answer, outcome: Outcome) -> None:
    assert outcome_of(answer) is outcome


@pytest.mark.parametrize(
    ("status", "posts"), [(200, 1), (409, 1), (500, 3), (501, 1), (502, 1), (503, 3), (504, 1), (520, 1), (529, 1)]
)
def test_after_what_it_is_posted_again(status: int, posts: int) -> None:
    server = ModelServer([status_without_commit(status)] * 9, [])
    assert isinstance(server.run(), ApiError)
    assert server.posts == posts


# ── any sequence of faults ────────────────────────────────────────────────────────────────────────────────────────────


class ModelServer:
    """Holds segments; its POSTs and listings follow two lists of behaviours, then it is honest."""

    def __init__(self, creates: list["Create"], lists: list[Answer | None]) -> None:
        self.creates = list(creates)
        self.lists = list(lists)
        self.ids: list[str] = []
        self.pending: list[int] = []
        self.posts = self.looks = 0

    def run(self) -> CreatedSegment | ApiError:
        try:
            return drive(create(SEGMENT, ENDPOINT, retry_state(), frozenset()), self.answer, no_wait)
        except ApiError as error:
            return error

    def answer(self, request: Request) -> Answer:
        if request.method == "POST":
            self.posts += 1
            return self.creates.pop(0)(self) if self.creates else honest(self)
        if "?" in request.target:
            self.looks += 1
            self.let_late_ones_in(self.looks)
            failing = self.lists.pop(0) if self.lists else None
            return failing or reply(200, [self.shown(made) for made in self.ids])
        return reply(200, self.shown(request.target.rpartition("/")[2]))

    def commit(self) -> str:
        self.ids.append(f"id-{len(self.ids)}")
        return self.ids[-1]

    def let_late_ones_in(self, look: int) -> None:
        for _ in [at for at in self.pending if at <= look]:
            self.commit()
        self.pending = [at for at in self.pending if at > look]

    def shown(self, made: str) -> dict[str, Any]:
        return {"id": made, "name": "A", "type": "custom", "filters": SEGMENT.filters.to_dict()}


class Create:
    """One behaviour of a POST: whether and when it commits, and its answer. Prints well when a test fails."""

    def __init__(self, answer: Answer | None, commits: bool, late: int = 0) -> None:
        self.what = answer
        self.commits = commits
        self.late = late

    def __call__(self, server: ModelServer) -> Answer:
        if self.late:
            server.pending.append(server.looks + self.late)
            return self.what or LOST
        made = server.commit() if self.commits else ""
        return self.what or reply(201, server.shown(made))

    def __repr__(self) -> str:
        return f"Create({self.what}, commits={self.commits}, late={self.late})"


def honest(server: ModelServer) -> Answer:
    return reply(201, server.shown(server.commit()))


def status_without_commit(status: int) -> Create:
    return Create(reply(status), commits=False)


STATUSES = [200, 202, 301, 400, 401, 403, 404, 408, 409, 425, 429, 500, 502, 503, 504, 520]
CREATES = [
    Create(None, commits=True),
    Create(NOT_SENT, commits=False),
    Create(LOST, commits=False),
    Create(LOST, commits=True),
    *[status_without_commit(status) for status in STATUSES],
    *[Create(reply(status, {"id": 7}), commits=True) for status in (200, 201, 204, 409, 500, 502, 503, 504)],
    *[Create(answer, commits=False, late=late) for answer in (LOST, reply(502)) for late in (1, 2, 3, 4, 9)],
]
LISTS: list[Answer | None] = [None, None, None, LOST, NOT_SENT, reply(500), reply(403), reply(200, {"no": "list"})]


@example(creates=[status_without_commit(500), Create(LOST, commits=True)], lists=[])
@given(creates=st.lists(st.sampled_from(CREATES), max_size=5), lists=st.lists(st.sampled_from(LISTS), max_size=6))
def test_never_two_and_never_a_false_report(creates: list[Create], lists: list[Answer | None]) -> None:
    server = ModelServer(creates, lists)
    outcome = server.run()
    server.let_late_ones_in(1_000)
    assert len(server.ids) <= 1
    if isinstance(outcome, CreatedSegment):
        assert server.ids == [outcome.id]
    elif not isinstance(outcome, AmbiguousCreateError):
        assert server.ids == []
    assert server.posts <= 3 + sum(one.what == reply(429) for one in creates)
    assert server.looks <= 3 * 3 * 3 + 1


# ── errors and waits ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_last_look_that_is_repeated_still_finds_the_duplicate() -> None:
    first = Create(reply(500), commits=False, late=4)
    error = ModelServer([first], [None, None, None, reply(500)]).run()
    assert isinstance(error, AmbiguousCreateError)
    assert (error.status, error.ids) == (201, ("id-0", "id-1"))
    assert "a first attempt, answered by an error, created one too" in str(error)


def test_an_ambiguous_error_has_the_status_of_its_cause() -> None:
    error = ambiguous(SEGMENT, ApiError("bad gateway", status=502, code="c", request_id="r"), "look")
    assert str(error) == "the segment `A` may or may not have been created: bad gateway; look"
    assert (error.status, error.code, error.request_id) == (502, "c", "r")


def test_a_wait_that_fits_the_budget_is_stated_without_it() -> None:
    error = RateLimitError("slow down", status=429, code="c", request_id="r")
    with pytest.raises(RateLimitError) as caught:
        next(pause(Repetitions(retry_state(max_retries=0, budget=2.0)), reply(429, retry_after="2"), error))
    assert str(caught.value) == "slow down (the server asks to wait 2 s)"
    assert (caught.value.status, caught.value.code, caught.value.request_id) == (429, "c", "r")


def test_a_wait_has_no_answer() -> None:
    def steps() -> Steps[Any]:
        return (yield Wait(1.0))

    async def no_wait_async(wait: Wait) -> None:
        pass

    async def perform(request: Request) -> Answer:
        return LOST

    assert drive(steps(), lambda request: LOST, no_wait) is None
    assert asyncio.run(drive_async(steps(), perform, no_wait_async)) is None


def refused(answer: Answer) -> ApiError:
    """The error that a create ends with when its POST gets this answer, and every list is empty."""
    with pytest.raises(ApiError) as caught:
        drive(
            create(SEGMENT, ENDPOINT, retry_state(max_retries=0), frozenset()),
            lambda request: answer if request.method == "POST" else reply(200, []),
            no_wait,
        )
    return caught.value


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (reply(200, {"id": "x"}), "POST /v1/segments: 200 OK, but a create is answered by 201 Created"),
        (reply(204), "POST /v1/segments: 204 No Content, but a create is answered by 201 Created"),
        (
            Reply(201, {}, b"<"),
            "POST /v1/segments: 201 Created, but the body is not valid JSON (1 bytes, no content type)",
        ),
    ],
)
def test_an_unusable_success_says_why(answer: Answer, words: str) -> None:
    error = refused(answer)
    assert isinstance(error, AmbiguousCreateError)
    assert words in str(error)


def test_the_first_redirect_is_no_success() -> None:
    error = refused(reply(300, location="/x"))
    assert str(error) == (
        "POST /v1/segments: 300 Multiple Choices, a redirect on the same origin, which is not followed"
    )


def test_a_segment_that_is_adopted_is_as_the_server_has_it() -> None:
    listed = {"id": "a", "name": "A", "type": "custom"}
    told = {
        "description": "D",
        "icon": "Users",
        "createdAt": "2026-01-01T00:00:00Z",
        "updatedAt": "2026-01-02T00:00:00Z",
    }
    answers: list[Answer] = [
        LOST,
        reply(200, [listed]),
        reply(200, listed | told | {"filters": SEGMENT.filters.to_dict()}),
    ]
    made = drive(create(SEGMENT, ENDPOINT, retry_state(), frozenset()), lambda request: answers.pop(0), no_wait)
    assert made == CreatedSegment(
        id="a",
        name="A",
        type="custom",
        description="D",
        icon="Users",
        filters=SEGMENT.filters.to_dict(),
        created_at="2026-01-01T00:00:00Z",
        updated_at="2026-01-02T00:00:00Z",
        adopted=True,
    )


def test_the_list_before_a_create_is_read_as_patiently_as_the_rest() -> None:
    listed = {"id": "a", "name": "A", "type": "custom"}
    whole = listed | {"filters": SEGMENT.filters.to_dict()}
    answers: list[Answer] = [
        *(NOT_SENT, reply(200, [])),  # the list before
        LOST,
        *(reply(503), reply(200, [listed])),  # the list after
        *(reply(503), reply(200, whole)),  # the segment in it
    ]
    made = drive(create(SEGMENT, ENDPOINT, retry_state()), lambda request: answers.pop(0), no_wait)
    assert (made.id, made.adopted, answers) == ("a", True, [])


def test_a_created_segment_is_a_segment() -> None:
    with pytest.raises(TypeError, match=r"^only a Segment can be created, not dict$"):
        next(create({}, ENDPOINT, retry_state()))  # type: ignore[arg-type]


@pytest.mark.parametrize(("count", "others"), [(1, False), (8, False), (9, True)])
def test_the_first_of_many_ids_are_named(count: int, others: bool) -> None:
    words = words_of([letter * 101 for letter in "abcdefghi"[:count]])
    assert words.startswith(f"{'a' * 100}…")
    assert words.count("…") == min(count, 8)
    assert words.endswith(" and others") is others
