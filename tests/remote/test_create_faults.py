"""Never two equal segments, and no false success: the create faults alone and in pairs, each with the listings
that a server or a proxy may give. `make test` tries each fault before one of each class, and `make deep` all pairs.
"""

from concurrent.futures import ThreadPoolExecutor

import pytest

import segdsl.remote.read
from segdsl.errors import AmbiguousCreateError, ApiError, QuotaExceededError
from segdsl.remote.models import CreatedSegment
from segdsl.wire import Segment
from tests.properties.effort import IS_DEEP

from .callers import AsyncCaller, SyncCaller
from .fault_server import FaultServer
from .faults import CREATE_FAULTS, LIST_FAULTS

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
    "renamed_on_creation": "created, differs",
    "renamed_and_dropped": "adopted, differs",
    "renamed_and_an_error": "adopted, differs",
    "changed_on_creation": "created, differs",
    "changed_and_dropped": AmbiguousCreateError,
    "changed_and_an_error": AmbiguousCreateError,
}


PAGE_SIZE = 10
"""In place of 100, so that lists of several pages take little time."""


@pytest.fixture(autouse=True)
def _small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(segdsl.remote.read, "PAGE_SIZE", PAGE_SIZE)


@pytest.mark.parametrize("listing", LIST_FAULTS)
@pytest.mark.parametrize("fault", CREATE_FAULTS)
def test_one_fault(fault: str, listing: str, caller: Caller, server: FaultServer, segment: Segment) -> None:
    _prepare(server, listing)
    server.script("create", CREATE_FAULTS[fault])
    outcome = _outcome(caller, server, segment)
    expected, held = ALONE[fault], _held(server)
    if isinstance(expected, str):
        assert isinstance(outcome, CreatedSegment)
        assert (outcome.adopted, bool(outcome.differs)) == ("adopted" in expected, "differs" in expected)
        assert held == [outcome.id]
    else:
        assert type(outcome) is expected
        assert len(held) == fault.startswith("changed")
        assert not held or isinstance(outcome, AmbiguousCreateError)
        assert list(getattr(outcome, "ids", ())) == held


@pytest.mark.parametrize("first", CREATE_FAULTS)
def test_pairs_of_faults(first: str, segment: Segment) -> None:
    """The clients and the listings take turns, so that each fault meets them all; a deep run tries both clients."""
    listings, callers = list(LIST_FAULTS), (SyncCaller, AsyncCaller)
    offset = list(CREATE_FAULTS).index(first)
    with ThreadPoolExecutor(len(CREATE_FAULTS)) as pool:
        pairs = [
            pool.submit(_pair, first, second, listings[(offset + number) % 4], callers[turn % 2](), segment)
            for number, second in enumerate(CREATE_FAULTS)
            if IS_DEEP or second in _seconds(offset)
            for turn in ((0, 1) if IS_DEEP else (offset + number // 4,))
        ]
    assert {pair.result() for pair in pairs} == {"fine"}


def _seconds(offset: int) -> set[str]:
    """One fault of each class: those of a class, which alone end in the same outcome, take turns after the firsts."""
    classes = [[fault for fault in CREATE_FAULTS if ALONE[fault] == outcome] for outcome in {*ALONE.values()}]
    return {alike[offset % len(alike)] for alike in classes}


def test_pairs_of_all_classes_are_tried() -> None:
    tried = [(first, second) for offset, first in enumerate(CREATE_FAULTS) for second in _seconds(offset)]
    assert {second for _, second in tried} == set(CREATE_FAULTS)
    assert {(ALONE[one], ALONE[other]) for one, other in tried} == {
        (one, other) for one in ALONE.values() for other in ALONE.values()
    }


def _pair(first: str, second: str, listing: str, caller: Caller, segment: Segment) -> str:
    with FaultServer() as server:
        _prepare(server, listing)
        server.script("create", CREATE_FAULTS[first], CREATE_FAULTS[second])
        outcome = _outcome(caller, server, segment)
        held = _held(server)
    faults = f"{first}, {second}, {listing}"
    if len(held) > 1:
        return f"{faults}: {len(held)} segments"
    if isinstance(outcome, CreatedSegment) and held != [outcome.id]:
        return f"{faults}: reported {outcome.id}, and the server holds {held}"
    if isinstance(outcome, ApiError) and held and not isinstance(outcome, AmbiguousCreateError):
        return f"{faults}: {outcome!r}, and yet there is {held}"
    return "fine"


def _prepare(server: FaultServer, listing: str) -> None:
    """Enough other segments for two pages, unless the listing is honest."""
    server.usual["list"] = LIST_FAULTS[listing]
    for _ in range(0 if listing == "honest_list" else PAGE_SIZE + 5):
        server.add("Stranger", {"rules": []})


def _held(server: FaultServer) -> list[str]:
    return [made["id"] for made in server.segments if made["name"] != "Stranger"]


def _outcome(caller: Caller, server: FaultServer, segment: Segment) -> CreatedSegment | ApiError:
    try:
        return caller.create(server.url, segment, timeout=0.6)
    except ApiError as error:
        return error
