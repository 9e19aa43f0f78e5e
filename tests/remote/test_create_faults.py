"""Never two equal segments, and no success that is none: the twelve create faults alone and in all ordered pairs."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from segdsl.errors import AmbiguousCreateError, ApiError, QuotaExceededError
from segdsl.remote.models import CreatedSegment
from segdsl.wire import Segment

from .callers import AsyncCaller, SyncCaller
from .fault_server import FaultServer
from .faults import CREATE_FAULTS

Caller = SyncCaller | AsyncCaller

ALONE = {
    "honest_create": "created",
    "dropped_before_commit": AmbiguousCreateError,
    "dropped_after_commit": "adopted",
    "reset_after_commit": "adopted",
    "error_before_commit": "created",
    "error_after_commit": "adopted",
    "truncated_after_commit": "adopted",
    "html_after_commit": "adopted",
    "slow_after_commit": "adopted",
    "committed_after_the_caller_left": "adopted",
    "rate_limited": "created",
    "over_quota": QuotaExceededError,
}


@pytest.mark.parametrize("fault", CREATE_FAULTS)
def test_one_fault(fault: str, caller: Caller, server: FaultServer, segment: Segment) -> None:
    server.script("create", CREATE_FAULTS[fault])
    outcome = _outcome(caller, server, segment)
    expected = ALONE[fault]
    if isinstance(expected, str):
        assert isinstance(outcome, CreatedSegment)
        assert outcome.adopted == (expected == "adopted")
        assert [held["id"] for held in server.segments] == [outcome.id]
    else:
        assert type(outcome) is expected
        assert server.segments == []


@pytest.mark.parametrize("first", CREATE_FAULTS)
def test_every_pair_of_faults(first: str, caller: Caller, segment: Segment) -> None:
    with ThreadPoolExecutor(6) as pool:
        pairs = [pool.submit(_pair, first, second, type(caller)(), segment) for second in CREATE_FAULTS]
    assert [pair.result() for pair in pairs] == ["fine"] * len(CREATE_FAULTS)


def _pair(first: str, second: str, caller: Caller, segment: Segment) -> str:
    with FaultServer() as server:
        server.script("create", CREATE_FAULTS[first], CREATE_FAULTS[second])
        outcome = _outcome(caller, server, segment)
        held = [made["id"] for made in server.segments]
    if len(held) > 1:
        return f"{first}, {second}: {len(held)} equal segments"
    if isinstance(outcome, CreatedSegment) and held != [outcome.id]:
        return f"{first}, {second}: reported {outcome.id}, and the server holds {held}"
    if isinstance(outcome, ApiError) and held and not isinstance(outcome, AmbiguousCreateError):
        return f"{first}, {second}: {outcome!r}, and yet there is {held}"
    return "fine"


def _outcome(caller: Caller, server: FaultServer, segment: Segment) -> CreatedSegment | ApiError:
    try:
        return caller.create(server.url, segment, timeout=0.6)
    except ApiError as error:
        return error
