"""Listing: every page, once, in order; and nothing that a list may do to us."""

import pytest

import segdsl.remote.read
from segdsl.errors import ApiError, AuthenticationError, RateLimitError
from segdsl.remote.models import SegmentList, SegmentSummary

from .callers import AsyncCaller, SyncCaller
from .fault_server import Behaviour, FaultServer
from .faults import broken_link, without_link
from .test_create_outcomes import answering

Caller = SyncCaller | AsyncCaller

ITEM = {"id": "a", "name": "A", "type": "custom", "presetId": None, "memberCount": 3, "isFavorited": True}


def page(link: str, *items: object) -> Behaviour:
    return answering(200, list(items), ("Link", f'<{link}>; rel="next"'))


@pytest.mark.parametrize("count", [0, 1, 100, 101, 200, 250])
def test_every_segment_once_in_order(count: int, caller: Caller, server: FaultServer) -> None:
    for number in range(count):
        server.add(f"Segment {number}", {"rules": []}, kind="system" if number % 7 == 3 else "custom")
    listed = caller.list(server.url)
    assert [summary.name for summary in listed] == [f"Segment {number}" for number in range(count)]
    assert len(server.requests) == count // 100 + 1
    assert server.requests[0].target == "/api/v1/segments?page=1&pageSize=100"


def test_what_a_summary_holds(caller: Caller, server: FaultServer) -> None:
    server.script("list", answering(200, [ITEM, {"id": "b", "name": "", "type": "system", "memberCount": "many"}]))
    assert caller.list(server.url) == [
        SegmentSummary(id="a", name="A", type="custom", member_count=3, is_favorited=True),
        SegmentSummary(id="b", name="", type="system"),
    ]


def test_pages_are_read_as_needed(server: FaultServer) -> None:
    for number in range(101):
        server.add(f"Segment {number}", {})
    with SyncCaller().client(server.url) as client:
        assert next(client.list_segments()).name == "Segment 0"
    assert len(server.requests) == 1


def test_an_empty_last_page_and_a_relative_link(caller: Caller, server: FaultServer) -> None:
    server.script("list", page("?page=2", ITEM), answering(200, []))
    assert len(caller.list(server.url)) == 1
    assert server.requests[1].target == "/api/v1/segments?page=2"


@pytest.mark.parametrize("count", [100, 101, 150, 200, 250])
@pytest.mark.parametrize("listing", [without_link, broken_link])
def test_a_full_page_without_a_usable_link_is_not_the_last(
    listing: Behaviour, count: int, caller: Caller, server: FaultServer
) -> None:
    server.usual["list"] = listing
    for number in range(count):
        server.add(f"Segment {number}", {})
    assert [summary.name for summary in caller.list(server.url)] == [f"Segment {number}" for number in range(count)]
    assert len(server.requests) == count // 100 + 1


def test_a_short_page_without_a_link_is_the_last(caller: Caller, server: FaultServer) -> None:
    server.script("list", answering(200, [ITEM]))
    assert len(caller.list(server.url)) == len(server.requests) == 1


def test_a_usable_link_header_without_next_is_believed(caller: Caller, server: FaultServer) -> None:
    items = [ITEM | {"id": str(number)} for number in range(100)]
    server.script("list", answering(200, items, ("Link", '<?page=1>; rel="first", <?page=1>; rel="last"')))
    assert len(caller.list(server.url)) == 100
    assert len(server.requests) == 1


def test_a_broken_link_that_mentions_next_is_followed_from_a_short_page_too(
    caller: Caller, server: FaultServer
) -> None:
    server.script("list", answering(200, [ITEM], ("Link", "?page=2; rel=next")), answering(200, [ITEM | {"id": "b"}]))
    assert [summary.id for summary in caller.list(server.url)] == ["a", "b"]
    assert server.requests[1].target == "/api/v1/segments?page=2&pageSize=100"


def test_a_server_without_pages_gets_one_request_for_the_second(caller: Caller, server: FaultServer) -> None:
    everything = answering(200, [ITEM | {"id": str(number)} for number in range(130)])
    server.script("list", everything, everything)
    assert len(caller.list(server.url)) == 130
    assert len(server.requests) == 2


@pytest.mark.parametrize("status", [400, 404, 416, 422])
def test_a_page_that_was_guessed_and_is_not_there_ends_the_list(
    status: int, caller: Caller, server: FaultServer
) -> None:
    server.script("list", answering(200, [ITEM | {"id": str(number)} for number in range(100)]), answering(status))
    assert len(caller.list(server.url)) == 100


@pytest.mark.parametrize(
    ("link", "status"), [("?page=2", 404), ("", 403), ("", 401)], ids=["named by the server", "403", "401"]
)
def test_another_page_that_is_not_there_is_an_error(
    link: str, status: int, caller: Caller, server: FaultServer
) -> None:
    items = [ITEM | {"id": str(number)} for number in range(100)]
    server.script("list", page(link, *items) if link else answering(200, items), answering(status))
    with pytest.raises(ApiError, match=str(status)):
        caller.list(server.url)


def test_the_number_of_pages_is_known(caller: Caller, server: FaultServer) -> None:
    for number in range(150):
        server.add(f"Segment {number}", {})
    listed = caller.read_list(server.url)
    assert ([one.name for one in listed.segments][99:101], listed.pages) == (["Segment 99", "Segment 100"], 2)


def test_lists_agree_in_any_order() -> None:
    one, two = (SegmentSummary(id=name, name=name, type="custom") for name in "ab")
    renamed = SegmentSummary(id="b", name="c", type="custom")
    assert SegmentList((one, two), 2).agrees_with(SegmentList((two, one), 3))
    assert not SegmentList((one, two), 2).agrees_with(SegmentList((one,), 2))
    assert not SegmentList((one, two), 2).agrees_with(SegmentList((one, renamed), 2))


def test_a_segment_that_slips_to_the_next_page_is_not_listed_twice(caller: Caller, server: FaultServer) -> None:
    server.script("list", page("?page=2", ITEM, ITEM), answering(200, [ITEM, ITEM | {"id": "b"}]))
    assert [summary.id for summary in caller.list(server.url)] == ["a", "b"]


@pytest.mark.parametrize(
    "link",
    [
        "http://127.0.0.1:9/api/v1/segments?page=2",
        "//evil.example/x",
        "https://127.0.0.1/x",
        "ftp://x",
        "http://[",
        "?" + "x" * 9_000,
    ],
)
def test_a_next_page_elsewhere_is_refused(link: str, caller: Caller, server: FaultServer) -> None:
    server.script("list", page(link, ITEM))
    with pytest.raises(ApiError, match=f"next page is not on {server.origin}; the key is not sent there"):
        caller.list(server.url)
    assert len(server.requests) == 1


def test_a_next_page_with_user_info_is_refused(caller: Caller, server: FaultServer) -> None:
    server.script("list", page(server.url.replace("://", "://me:pw@") + "/segments?page=2", ITEM))
    with pytest.raises(ApiError, match="next page is not on"):
        caller.list(server.url)


def test_a_next_page_that_is_itself_is_refused(caller: Caller, server: FaultServer) -> None:
    server.script("list", page("/api/v1/segments?page=1&pageSize=100", ITEM))
    with pytest.raises(ApiError, match="read before"):
        caller.list(server.url)


def test_a_circle_of_pages_is_refused(caller: Caller, server: FaultServer) -> None:
    server.script("list", page("?page=2"), page("?page=3"), page("?page=2"))
    with pytest.raises(ApiError, match="read before"):
        caller.list(server.url)
    assert len(server.requests) == 3


def test_a_list_without_end_is_refused(caller: Caller, server: FaultServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(segdsl.remote.read, "MAX_PAGES", 5)
    server.script("list", *[page(f"?page={number}") for number in range(2, 50)])
    with pytest.raises(ApiError, match="does not end after 5 pages"):
        caller.list(server.url)
    assert len(server.requests) == 5


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ([ITEM, {"name": "B", "type": "custom"}], "no usable `id`"),
        ([ITEM | {"id": 7}], "no usable `id`"),
        ([ITEM | {"id": "."}], "no usable `id`"),
        ([ITEM | {"id": "\ud800"}], "no usable `id`"),
        ([ITEM | {"id": "x" * 1_001}], "no usable `id`"),
        ([ITEM | {"name": None}], "no usable `name`"),
        ([{"id": "a", "name": "A"}], "no usable `type`"),
        (["a"], "should be a JSON object"),
        ({"segments": [ITEM]}, "not a JSON array"),
        (None, "not a JSON array"),
        (b"<html>Welcome</html>", "not valid JSON .*text/html"),
        (b"", "not valid JSON"),
    ],
)
def test_a_bad_list_is_an_error(body: object, words: str, caller: Caller, server: FaultServer) -> None:
    server.script("list", answering(200, body))
    with pytest.raises(ApiError, match=words) as caught:
        caller.list(server.url)
    assert caught.value.status == 200
    assert len(server.requests) == 1


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504])
def test_reading_is_repeated_after_a_passing_failure(status: int, caller: Caller, server: FaultServer) -> None:
    server.script("list", answering(status), answering(status, b"", ("Retry-After", "3")))
    assert caller.list(server.url) == []
    assert caller.waits[1:] == [3.0]


def test_reading_is_repeated_after_a_broken_connection(caller: Caller, server: FaultServer) -> None:
    server.script("list", lambda exchange: exchange.drop(), lambda exchange: exchange.reset())
    assert caller.list(server.url) == []
    assert len(server.requests) == 3


def test_reading_gives_up(caller: Caller, server: FaultServer) -> None:
    server.script("list", *[answering(503, b"", ("Retry-After", "1"))] * 9)
    with pytest.raises(ApiError, match="503"):
        caller.list(server.url)
    assert len(server.requests) == 3


def test_a_rate_limit_is_obeyed_as_long_as_the_budget_lasts(caller: Caller, server: FaultServer) -> None:
    server.script("list", *[answering(429, b"", ("Retry-After", "10"))] * 13)
    with pytest.raises(RateLimitError, match="0 s of the retry budget of 120 s are left") as caught:
        caller.list(server.url)
    assert caught.value.retry_after == 10
    assert caller.waits == [10.0] * 12
    assert len(server.requests) == 13


@pytest.mark.parametrize("status", [301, 400, 403, 404, 409])
def test_other_refusals_are_not_repeated(status: int, caller: Caller, server: FaultServer) -> None:
    server.script("list", answering(status))
    with pytest.raises(ApiError) as caught:
        caller.list(server.url)
    assert (type(caught.value), caught.value.status) == (ApiError, status)
    assert len(server.requests) == 1


def test_a_bad_key_has_its_own_error(caller: Caller, server: FaultServer) -> None:
    server.script("list", answering(401, {"message": "who are you?"}))
    with pytest.raises(AuthenticationError, match=r"401 Unauthorized \(is the API key right.*who are you\?"):
        caller.list(server.url)


@pytest.mark.parametrize(
    ("count", "expected"), [(3, 3), (3.0, 3), (1e3, 1000), (0.0, 0), (2.5, None), ("3", None), (True, None)]
)
def test_a_member_count_is_a_whole_number_however_it_is_written(
    count: object, expected: int | None, caller: Caller, server: FaultServer
) -> None:
    server.script("list", answering(200, [ITEM | {"memberCount": count}]))
    (summary,) = caller.list(server.url)
    assert (summary.member_count, type(summary.member_count)) == (expected, type(expected))


def test_an_outage_longer_than_the_budget_is_reported_with_the_wait(caller: Caller, server: FaultServer) -> None:
    server.script("list", answering(503, b"", ("Retry-After", "3600")))
    with pytest.raises(ApiError, match=r"asks to wait 3600 s") as caught:
        caller.list(server.url)
    assert (type(caught.value), caught.value.status) == (ApiError, 503)
    assert caller.waits == []
