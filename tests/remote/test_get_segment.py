"""One segment: whole, of either shape, by an id that may be anything."""

import gzip
import zlib
from collections.abc import Callable

import pytest

from segdsl.errors import ApiError
from segdsl.wire import Segment

from .callers import AsyncCaller, SyncCaller
from .fault_server import FaultServer
from .test_create_outcomes import answering

Caller = SyncCaller | AsyncCaller

SYSTEM_FILTERS = {"operator": "AND", "conditions": [{"field": "frustration", "operator": ">", "value": 0.7}]}


def test_a_custom_segment(caller: Caller, server: FaultServer, segment: Segment) -> None:
    server.add(**segment.to_dict())
    detail = caller.get(server.url, "segment-1")
    assert (detail.name, detail.icon, detail.is_custom) == ("High intent", "Users", True)
    assert (detail.created_by, detail.created_at) == ("someone", "2026-01-01T00:00:00.000Z")
    assert detail.filters == segment.filters.to_dict()
    assert detail.parsed_filters() == segment.filters


def test_the_request(caller: Caller, server: FaultServer) -> None:
    server.add("Anyone", None)
    caller.get(server.url, "segment-1")
    (asked,) = server.requests
    assert (asked.method, asked.body, asked.headers["accept"]) == ("GET", b"", "application/json")
    assert "content-type" not in asked.headers


@pytest.mark.parametrize("kind", ["identity", "gzip", "deflate", "GZip"])
def test_an_answer_is_unpacked(kind: str, caller: Caller, server: FaultServer) -> None:
    """It is not asked for, but proxies are known to."""
    body = b'{"id": "a", "name": "A", "type": "custom"}'
    ways: dict[str, Callable[[bytes], bytes]] = {"gzip": gzip.compress, "deflate": zlib.compress}
    packed = ways.get(kind.lower(), bytes)(body)
    server.script("get", answering(200, packed, ("Content-Encoding", kind)))
    assert caller.get(server.url, "a", max_retries=0).name == "A"


def test_a_system_segment_keeps_its_other_shape(caller: Caller, server: FaultServer) -> None:
    server.add("Frustrated", SYSTEM_FILTERS, kind="system", presetId="frustrated")
    detail = caller.get(server.url, "frustrated")
    assert (detail.id, detail.preset_id, detail.is_custom) == ("segment-1", "frustrated", False)
    assert detail.filters == SYSTEM_FILTERS
    assert detail.parsed_filters() is None


def test_filters_of_no_shape_at_all(caller: Caller, server: FaultServer) -> None:
    server.add("Odd", ["what", "is", "this"])
    detail = caller.get(server.url, "segment-1")
    assert detail.filters is None
    assert detail.parsed_filters() is None


def test_there_is_none(caller: Caller, server: FaultServer) -> None:
    with pytest.raises(ApiError, match="404 Not Found: no such segment") as caught:
        caller.get(server.url, "nothing")
    assert caught.value.status == 404


@pytest.mark.parametrize(
    ("segment_id", "path"), [("a/../b", "a%2F..%2Fb"), ("a?b#c", "a%3Fb%23c"), ("é ", "%C3%A9%20"), ("...", "...")]
)
def test_an_id_stays_one_part_of_the_path(segment_id: str, path: str, caller: Caller, server: FaultServer) -> None:
    with pytest.raises(ApiError):
        caller.get(server.url, segment_id)
    assert server.requests[0].target == f"/api/v1/segments/{path}"


@pytest.mark.parametrize("segment_id", ["", ".", "..", "\ud800", "x" * 1_001])
def test_bad_ids(segment_id: str, caller: Caller, server: FaultServer) -> None:
    with pytest.raises(ValueError, match="cannot be a segment's id"):
        caller.get(server.url, segment_id)
    assert server.requests == []


def test_an_id_is_text(caller: Caller, server: FaultServer) -> None:
    with pytest.raises(TypeError, match="not int"):
        caller.get(server.url, 7)  # type: ignore[arg-type]  # the wrong type is the point


@pytest.mark.parametrize("body", [b"", b"<html>", None, [], {"name": "A", "type": "custom"}])
def test_an_answer_without_a_segment(body: object, caller: Caller, server: FaultServer) -> None:
    server.script("get", answering(200, body))
    with pytest.raises(ApiError) as caught:
        caller.get(server.url, "a")
    assert caught.value.status == 200
