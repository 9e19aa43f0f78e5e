"""Waits: what a server asks for, and what back-off and budget make of it."""

import time
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segdsl.remote.retry import Repetitions, RetryPolicy, RetryState, asked_wait, back_off

NOON = 1_767_268_800.0  # Thu, 01 Jan 2026 12:00:00 GMT


@pytest.fixture(params=["UTC", "Asia/Tokyo"])
def _zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Where this machine stands, which headers do not depend on."""
    with monkeypatch.context() as patched:
        patched.setenv("TZ", request.param)
        time.tzset()
        yield
    time.tzset()


@pytest.mark.usefixtures("_zone")
@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({}, None),
        ({"retry-after": "2"}, 2.0),
        ({"retry-after": " 2 "}, 2.0),
        ({"retry-after": "1.5"}, 1.5),
        ({"retry-after": "0"}, 0.0),
        ({"retry-after": "3600"}, 3600.0),
        ({"retry-after-ms": "900"}, 0.9),
        ({"retry-after-ms": "250.5", "retry-after": "60"}, 0.2505),
        ({"retry-after-ms": "soon", "retry-after": "60"}, 60.0),
        ({"retry-after": "Thu, 01 Jan 2026 12:00:03 GMT"}, 3.0),
        ({"retry-after": "Thu, 01 Jan 2026 12:00:01 GMT"}, 1.0),
        ({"retry-after": "Thursday, 01-Jan-26 12:00:03 GMT"}, 3.0),
        ({"retry-after": "Thu, 01 Jan 2026 13:00:03 +0100"}, 3.0),
        ({"retry-after": "Thu Jan  1 12:00:03 2026"}, 3.0),
        ({"retry-after": "Thu, 01 Jan 2026 12:00:03 -0000"}, 3.0),
        ({"retry-after": "Thu Jan  1 09:00:05 2032", "date": "Thu Jan  1 09:00:00 2032"}, 5.0),
        ({"retry-after": "Thu, 01 Jan 2026 12:00:00 GMT"}, None),
        ({"retry-after": "Thu, 01 Jan 2026 11:59:57 GMT"}, None),
        ({"retry-after": "Thu, 01 Jan 2032 09:00:05 GMT", "date": "Thu, 01 Jan 2032 09:00:00 GMT"}, 5.0),
        ({"retry-after": "Thu, 01 Jan 2026 12:00:03 GMT", "date": "today"}, 3.0),
        ({"retry-after": "-5"}, None),
        ({"retry-after": "+5"}, None),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "inf"}, None),
        ({"retry-after": "1e3"}, None),
        ({"retry-after": "1_0"}, None),
        ({"retry-after": "٣"}, None),
        ({"retry-after": "9" * 400}, None),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "Thu, 99 Jan 2026 12:00:00 GMT"}, None),
        ({"retry-after": "Thu, 01 Jan 99999 12:00:00 GMT"}, None),
        ({"retry-after": ""}, None),
    ],
)
def test_the_wait_a_server_asks_for(headers: dict[str, str], wait: float | None) -> None:
    assert asked_wait(headers, NOON) == wait


@given(st.dictionaries(st.sampled_from(["retry-after", "retry-after-ms", "date"]), st.text()))
def test_no_header_is_too_odd(headers: dict[str, str]) -> None:
    wait = asked_wait(headers, NOON)
    assert wait is None or wait >= 0


@pytest.mark.parametrize(
    ("retries", "bound"), [(0, 0.5), (1, 1.0), (2, 2.0), (3, 4.0), (4, 8.0), (5, 8.0), (10**9, 8.0)]
)
def test_back_off_doubles_up_to_a_bound_with_full_jitter(retries: int, bound: float) -> None:
    assert back_off(retries, 1.0) == bound
    assert back_off(retries, 0.25) == bound / 4
    assert back_off(retries, 0.0) == 0.0


def test_the_budget_is_spent_by_all_requests_of_a_call() -> None:
    state = RetryState(RetryPolicy(max_retries=5, budget=10.0, jitter=lambda: 1.0))
    first = Repetitions(state)
    assert first.next_wait(None) == 0.5
    assert first.next_wait(8.0) == 8.0
    assert first.next_wait(2.0) is None
    second = Repetitions(state)
    assert second.next_wait(None) == 0.5
    assert second.next_wait(None) == 1.0
    assert second.next_wait(0.5) is None
    assert second.next_wait(0.0) == 0.0


def test_retries_after_failures_run_out() -> None:
    repetitions = Repetitions(RetryState(RetryPolicy(max_retries=2)))
    assert [repetitions.next_wait(0.0) for _ in range(3)] == [0.0, 0.0, None]
    assert repetitions.next_wait(0.0, rate_limited=True) is None


def test_a_rate_limit_is_ended_by_the_budget_and_not_by_the_count() -> None:
    repetitions = Repetitions(RetryState(RetryPolicy(max_retries=2, budget=30.0)))
    waits = [repetitions.next_wait(1.0, rate_limited=True) for _ in range(31)]
    assert waits == [1.0] * 30 + [None]
    repetitions.state.left = 30.0
    assert [repetitions.next_wait(0.0) for _ in range(3)] == [0.0, 0.0, None]


@pytest.mark.parametrize("asked", [0.0, None])
def test_a_rate_limit_without_a_wait_is_ended_too(asked: float | None) -> None:
    repetitions = Repetitions(RetryState(RetryPolicy(max_retries=2, budget=5.0, jitter=lambda: 0.0)))
    waits = [repetitions.next_wait(asked, rate_limited=True) for _ in range(20)]
    assert waits == [0.0, 0.0] + [0.5] * 10 + [None] * 8


@pytest.mark.parametrize("rate_limited", [False, True])
def test_without_retries_nothing_is_repeated(rate_limited: bool) -> None:
    state = RetryState(RetryPolicy(max_retries=0))
    assert Repetitions(state).next_wait(0.0, rate_limited=rate_limited) is None
