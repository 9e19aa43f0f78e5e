"""The outcome table of the create, row by row, over real sockets."""

import gzip
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from email.utils import formatdate
from typing import Any

import pytest

from segdsl.errors import AmbiguousCreateError, ApiError, AuthenticationError, QuotaExceededError, RateLimitError
from segdsl.remote.models import CreatedSegment
from segdsl.wire import Segment

from .callers import KEY, AsyncCaller, SyncCaller
from .fault_server import Behaviour, Exchange, FaultServer, honest_list
from .faults import dropped_after_commit, dropped_before_commit, error_after_commit, error_before_commit

Caller = SyncCaller | AsyncCaller


def answering(status: int, body: Any = b"", *headers: tuple[str, str]) -> Behaviour:
    return lambda exchange: exchange.answer(status, body, headers)


def breaking_off(data: bytes) -> Behaviour:
    def behave(exchange: Exchange) -> None:
        exchange.send(data)
        exchange.drop()

    return behave


def after_commit(answer: Behaviour) -> Behaviour:
    def behave(exchange: Exchange) -> None:
        exchange.commit()
        answer(exchange)

    return behave


# ── created ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_created(caller: Caller, server: FaultServer, segment: Segment) -> None:
    created = caller.create(server.url, segment)
    assert created == CreatedSegment(
        id="segment-1",
        name="High intent",
        type="custom",
        icon="Users",
        filters=segment.filters.to_dict(),
        created_at="2026-01-01T00:00:00.000Z",
        updated_at="2026-01-01T00:00:00.000Z",
    )
    assert created.parsed_filters() == segment.filters
    assert [exchange.kind for exchange in server.requests] == ["list", "create"]
    assert server.requests[1].json == segment.to_dict()


def test_known_ids_spare_the_listing(caller: Caller, server: FaultServer, segment: Segment) -> None:
    caller.create(server.url, segment, known_ids=["some-other"])
    assert [exchange.kind for exchange in server.requests] == ["create"]


def test_a_nameless_segment_is_posted_without_a_listing(caller: Caller, server: FaultServer, segment: Segment) -> None:
    created = caller.create(server.url, Segment(filters=segment.filters))
    assert created.name == "A name of the server's making"
    assert [exchange.kind for exchange in server.requests] == ["create"]


def test_fields_missing_from_the_answer_are_as_sent(caller: Caller, server: FaultServer, segment: Segment) -> None:
    server.script("create", answering(201, {"id": "x", "name": 7, "unheardOf": []}))
    created = caller.create(server.url, segment)
    assert (created.id, created.name, created.icon, created.created_at) == ("x", None, "Users", None)
    assert created.filters == segment.filters.to_dict()


def test_it_always_posts_even_if_an_equal_one_exists(caller: Caller, server: FaultServer, segment: Segment) -> None:
    server.add("High intent", segment.filters.to_dict())
    assert caller.create(server.url, segment).id == "segment-2"


def test_nothing_is_posted_when_the_list_cannot_be_read(caller: Caller, server: FaultServer, segment: Segment) -> None:
    server.script("list", answering(403, {"error": "not on this plan"}))
    with pytest.raises(ApiError, match="not on this plan") as caught:
        caller.create(server.url, segment)
    assert type(caught.value) is ApiError
    assert server.received("create") == []


# ── refused ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, ApiError),
        (401, AuthenticationError),
        (403, QuotaExceededError),
        (404, ApiError),
        (418, ApiError),
        (422, ApiError),
        (425, ApiError),
    ],
)
def test_a_refusal_is_raised_at_once(
    status: int, kind: type[ApiError], caller: Caller, server: FaultServer, segment: Segment
) -> None:
    body = {"error": "Bad luck", "message": "rules[0]: no", "code": "luck"}
    server.script("create", answering(status, body, ("X-Request-Id", "r-1")))
    with pytest.raises(ApiError, match=f"POST /api/v1/segments: {status} .*Bad luck: rules\\[0\\]: no") as caught:
        caller.create(server.url, segment)
    assert type(caught.value) is kind
    assert (caught.value.status, caught.value.code, caught.value.request_id) == (status, "luck", "r-1")
    assert len(server.received("create")) == 1
    assert caller.waits == []


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_named_and_not_followed(
    status: int, caller: Caller, server: FaultServer, segment: Segment
) -> None:
    with FaultServer() as elsewhere:
        server.script("create", answering(status, b"", ("Location", f"{elsewhere.url}/segments?secret=1")))
        with pytest.raises(ApiError, match=f"a redirect to {elsewhere.origin}, which is not followed") as caught:
            caller.create(server.url, segment)
        assert elsewhere.requests == []
    assert caught.value.status == status
    assert "secret" not in str(caught.value)


def test_a_redirect_on_the_same_origin_is_not_followed_either(
    caller: Caller, server: FaultServer, segment: Segment
) -> None:
    server.script("create", answering(308, b"", ("Location", "/api/v2/segments")))
    with pytest.raises(ApiError, match=r"308 .*a redirect on the same origin"):
        caller.create(server.url, segment)
    assert [exchange.target for exchange in server.received("create")] == ["/api/v1/segments"]


@pytest.mark.parametrize(
    "location", ["javascript:x", "mailto:me", "http://[", "https://999.999.999.999/", "\x1b[31m", "x" * 70_000]
)
def test_a_redirect_to_an_invalid_place_is_a_redirect(
    location: str, caller: Caller, server: FaultServer, segment: Segment
) -> None:
    server.script("create", answering(308, b"", ("Location", location)))
    server.script("list", answering(200, []), answering(302, b"", ("Location", location)))
    with pytest.raises(ApiError, match=r"308 .*a redirect to .*, which is not followed") as created:
        caller.create(server.url, segment)
    with pytest.raises(ApiError, match=r"302 .*a redirect to .*, which is not followed") as listed:
        caller.list(server.url)
    assert (created.value.status, listed.value.status, len(server.requests)) == (308, 302, 3)


# ── postponed ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ([("Retry-After", "2")], 2.0),
        ([("Retry-After", "1.5")], 1.5),
        ([("Retry-After", "0")], 0.0),
        ([("retry-after-ms", "900"), ("Retry-After", "60")], 0.9),
        ([("Date", formatdate(5_000, usegmt=True)), ("Retry-After", formatdate(5_003, usegmt=True))], 3.0),
    ],
)
def test_the_server_is_obeyed(
    headers: list[tuple[str, str]], wait: float, caller: Caller, server: FaultServer, segment: Segment
) -> None:
    server.script("create", answering(429, b"", *headers))
    assert not caller.create(server.url, segment).adopted
    assert caller.waits == [wait]


def test_a_date_without_the_servers_clock_is_measured_by_ours(
    caller: Caller, server: FaultServer, segment: Segment
) -> None:
    server.script("create", answering(429, b"", ("Retry-After", formatdate(time.time() + 30, usegmt=True))))
    caller.create(server.url, segment)
    assert 25 < caller.waits[0] <= 30


@pytest.mark.parametrize("text", ["-5", "nan", "inf", "soon", "", "1e3", "0x10", "Thu, 01 Jan 1970 00:00:00 GMT"])
def test_nonsense_falls_back_to_back_off(text: str, caller: Caller, server: FaultServer, segment: Segment) -> None:
    server.script("create", answering(429, b"", ("Retry-After", text)), answering(408))
    assert not caller.create(server.url, segment).adopted
    first, second = caller.waits
    assert 0 <= first <= 0.5
    assert 0 <= second <= 1.0


def test_a_wait_over_the_budget_is_stated_and_not_cut_short(
    caller: Caller, server: FaultServer, segment: Segment
) -> None:
    server.script("create", answering(429, {"error": "slow down"}, ("Retry-After", "3600")))
    with pytest.raises(RateLimitError, match=r"slow down .*asks to wait 3600 s.*retry budget of 120 s") as caught:
        caller.create(server.url, segment)
    assert caught.value.retry_after == 3600
    assert caller.waits == []
    assert len(server.received("create")) == 1


def test_the_budget_is_for_all_waits_of_a_call(caller: Caller, server: FaultServer, segment: Segment) -> None:
    server.script("create", *[answering(429, b"", ("Retry-After", "40"))] * 3)
    with pytest.raises(RateLimitError, match="10 s of the retry budget of 50 s"):
        caller.create(server.url, segment, retry_budget=50, max_retries=9)
    assert caller.waits == [40.0]


def test_retries_are_counted(caller: Caller, server: FaultServer, segment: Segment) -> None:
    server.script("create", *[answering(408)] * 9)
    with pytest.raises(ApiError, match="408"):
        caller.create(server.url, segment, max_retries=3)
    assert len(server.received("create")) == 4
    assert len(caller.waits) == 3


# ── unknown ───────────────────────────────────────────────────────────────────────────────────────────────────────────

TWICE = gzip.compress(gzip.compress(b'{"id": "segment-1"}'))
UNUSABLE = {
    "null": answering(201, None),
    "array": answering(201, []),
    "text": answering(201, "segment-1"),
    "no id": answering(201, {"name": "High intent"}),
    "empty id": answering(201, {"id": ""}),
    "number as id": answering(201, {"id": 1}),
    "a path as id": answering(201, {"id": ".."}),
    "half a character as id": answering(201, {"id": "\ud800"}),
    "a page as id": answering(201, {"id": "x" * 70_000}),
    "nothing": answering(201),
    "not a number": answering(201, b'{"id": "segment-1", "memberCount": NaN}'),
    "infinite": answering(201, b'{"id": "segment-1", "memberCount": 1e999}'),
    "a key twice": answering(201, b'{"id": "segment-1", "id": "segment-2"}'),
    "nested without end": answering(201, b"[" * 100_000),
    "a number without end": answering(201, b'{"id": "segment-1", "x": ' + b"1" * 5_000 + b"}"),
    "UTF-16": answering(201, '{"id": "segment-1"}'.encode("utf-16")),
    "Latin-1": answering(201, '{"id": "segment-1", "name": "é"}'.encode("latin-1")),
    "gzip in gzip": answering(201, TWICE, ("Content-Encoding", "gzip, gzip")),
    "an encoding that nobody asked for": answering(201, b'{"id": "segment-1"}', ("Content-Encoding", "zstd")),
    "bad gzip": answering(201, b'{"id": "segment-1"}', ("Content-Encoding", "gzip")),
    "short body": breaking_off(b'HTTP/1.1 201 Created\r\nContent-Length: 99\r\n\r\n{"id": "segment-1"}'),
    "200": answering(200, {"id": "segment-1"}),
    "202": answering(202, {"id": "segment-1"}),
    "204": answering(204),
    "409": answering(409, {"error": "conflict"}),
    "500": answering(500),
    "501": answering(501),
    "502": answering(502),
    "503": answering(503),
    "504": answering(504),
    "520": answering(520),
    "a status from beyond": answering(999),
    "garbage": breaking_off(b"SSH-2.0-OpenSSH\r\n\r\n"),
    "half a head": breaking_off(b"HTTP/1.1 201 Crea"),
}


@pytest.mark.parametrize("answer", UNUSABLE)
def test_an_unusable_answer_is_looked_up_and_the_segment_adopted(
    answer: str, caller: Caller, server: FaultServer, segment: Segment
) -> None:
    server.script("create", after_commit(UNUSABLE[answer]))
    created = caller.create(server.url, segment)
    assert created.adopted
    assert [held["id"] for held in server.segments] == [created.id]
    assert created.filters == segment.filters.to_dict()
    assert caller.waits == [0.5]


def test_gzip_that_is_good_is_read(caller: Caller, server: FaultServer, segment: Segment) -> None:
    body = gzip.compress(b'{"id": "segment-1"}')
    server.script("create", answering(201, body, ("Content-Encoding", "gzip")))
    assert not caller.create(server.url, segment).adopted
    assert server.requests[0].headers["accept-encoding"] == "identity"


@pytest.mark.parametrize("status", [500, 503])
def test_it_is_posted_again_when_the_server_has_surely_finished(
    status: int, caller: Caller, server: FaultServer, segment: Segment
) -> None:
    server.script("create", answering(status, b"", ("Retry-After", "7")))
    assert not caller.create(server.url, segment).adopted
    assert caller.waits == [0.5, 1.5, 4.0, 7.0]
    assert len(server.segments) == 1


@pytest.mark.parametrize("status", [409, 501, 502, 504, 520, 524, 200])
def test_it_is_not_posted_again_when_the_server_may_still_be_at_it(
    status: int, caller: Caller, server: FaultServer, segment: Segment
) -> None:
    server.script("create", answering(status))
    with pytest.raises(
        AmbiguousCreateError, match=f"`High intent` may or may not have been created: .*{status}"
    ) as caught:
        caller.create(server.url, segment)
    assert (caught.value.name, caught.value.filters) == ("High intent", segment.filters.to_dict())
    assert (caught.value.status, caught.value.ids) == (status, ())
    assert len(server.received("create")) == 1


def test_a_server_that_only_errs_ends_as_an_error(caller: Caller, server: FaultServer, segment: Segment) -> None:
    server.script("create", *[error_before_commit] * 9)
    with pytest.raises(ApiError, match="500") as caught:
        caller.create(server.url, segment)
    assert type(caught.value) is ApiError
    assert len(server.received("create")) == 3
    assert server.segments == []


def test_a_nameless_segment_cannot_be_looked_for(caller: Caller, server: FaultServer, segment: Segment) -> None:
    server.script("create", error_after_commit)
    with pytest.raises(AmbiguousCreateError, match=r"without a name .* cannot be looked for") as caught:
        caller.create(server.url, Segment(filters=segment.filters))
    assert caught.value.name is None
    assert [exchange.kind for exchange in server.requests] == ["create"]


def test_an_older_equal_one_is_not_adopted(caller: Caller, server: FaultServer, segment: Segment) -> None:
    server.add("High intent", segment.filters.to_dict())
    server.script("create", dropped_before_commit)
    with pytest.raises(AmbiguousCreateError):
        caller.create(server.url, segment)


def test_neither_other_filters_nor_system_segments_nor_other_names_are_adopted(
    caller: Caller, server: FaultServer, segment: Segment
) -> None:
    def others_appear(exchange: Exchange) -> None:
        filters = exchange.json["filters"]
        server.add("High intent", {"rules": filters["rules"][:1]})
        server.add("High intent", filters, kind="system")
        server.add("Highest intent", filters)
        exchange.drop()

    server.script("create", others_appear)
    with pytest.raises(AmbiguousCreateError):
        caller.create(server.url, segment)


def test_a_reformatted_one_is_adopted(caller: Caller, server: FaultServer, segment: Segment) -> None:
    rewritten = {
        "productIds": [],
        "dateRange": None,
        "rules": [
            {"value": "enterprise", "operator": "eq", "key": "plan", "type": "property"},
            {"value": 0.60, "operator": "gte", "field": "commercialIntent", "type": "analysis", "key": None},
        ],
    }

    def commit(exchange: Exchange) -> None:
        server.add(" High intent ", rewritten)
        exchange.drop()

    server.script("create", commit)
    assert caller.create(server.url, segment).adopted


def test_a_name_in_another_normal_form_is_the_same_name(caller: Caller, server: FaultServer, segment: Segment) -> None:
    def commit(exchange: Exchange) -> None:
        server.add("Cafe\u0301", exchange.json["filters"])
        exchange.drop()

    server.script("create", commit)
    assert caller.create(server.url, Segment(name="Caf\u00e9", filters=segment.filters)).adopted


def test_an_answer_about_another_segment_is_not_adopted(caller: Caller, server: FaultServer, segment: Segment) -> None:
    server.script("create", dropped_after_commit)
    server.script("get", answering(200, {"id": "cached", "type": "custom", "name": "x"} | segment.to_dict()))
    assert caller.create(server.url, segment).id == "segment-1"
    assert caller.waits == [0.5, 1.5]


def test_several_that_fit_are_reported_with_their_ids(caller: Caller, server: FaultServer, segment: Segment) -> None:
    def commit_twice(exchange: Exchange) -> None:
        exchange.commit()
        exchange.commit()
        exchange.drop()

    server.script("create", commit_twice)
    with pytest.raises(AmbiguousCreateError, match="segment-1, segment-2") as caught:
        caller.create(server.url, segment)
    assert caught.value.ids == ("segment-1", "segment-2")


def test_ids_of_the_servers_making_are_quoted_in_bounds(caller: Caller, server: FaultServer, segment: Segment) -> None:
    def commit_oddly(exchange: Exchange) -> None:
        for number in range(50):
            server.add(**exchange.record, id=f"\x1b[31m{number}" + "x" * 900)
        exchange.drop()

    server.script("create", commit_oddly)
    with pytest.raises(
        AmbiguousCreateError, match=r"50 segments look like it: \\u\{1b\}\[31m0x+…, .* and others$"
    ) as caught:
        caller.create(server.url, segment)
    assert len(caught.value.ids) == 50
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 1_500


@pytest.mark.parametrize("odd", [".", "..", "\ud800", "x" * 70_000])
def test_a_list_with_bad_ids_is_ambiguous_too(odd: str, caller: Caller, server: FaultServer, segment: Segment) -> None:
    server.script("create", answering(502))
    server.script("list", answering(200, []), answering(200, [{"id": odd, "name": segment.name, "type": "custom"}]))
    with pytest.raises(AmbiguousCreateError, match="looking for it failed too") as caught:
        caller.create(server.url, segment)
    assert "no usable `id`" in str(caught.value.__cause__)


def test_a_failing_look_is_ambiguous_with_its_cause(caller: Caller, server: FaultServer, segment: Segment) -> None:
    server.script("create", dropped_after_commit)
    server.script("list", answering(200, []), *[answering(502)] * 3)
    with pytest.raises(AmbiguousCreateError, match="looking for it failed too") as caught:
        caller.create(server.url, segment)
    assert isinstance(caught.value.__cause__, ApiError)
    assert caught.value.__cause__.status == 502


def test_a_candidate_that_has_gone_is_no_candidate(caller: Caller, server: FaultServer, segment: Segment) -> None:
    server.script("create", dropped_after_commit)
    server.script("get", answering(404))
    assert caller.create(server.url, segment).adopted
    assert caller.waits == [0.5, 1.5]


def test_a_candidate_that_cannot_be_read_is_ambiguous(caller: Caller, server: FaultServer, segment: Segment) -> None:
    server.script("create", dropped_after_commit)
    server.script("get", answering(403))
    with pytest.raises(AmbiguousCreateError):
        caller.create(server.url, segment)


def test_a_duplicate_that_appears_late_is_reported_with_both_ids(
    caller: Caller, server: FaultServer, segment: Segment
) -> None:
    def error_and_much_later_commit(exchange: Exchange) -> None:
        server.add_before_look(4, exchange.record)
        exchange.answer(500)

    server.script("create", error_and_much_later_commit)
    with pytest.raises(AmbiguousCreateError, match="2 equal segments exist: segment-1, segment-2") as caught:
        caller.create(server.url, segment)
    assert caught.value.ids == ("segment-1", "segment-2")


def test_a_failing_last_look_does_not_hide_a_created_segment(
    caller: Caller, server: FaultServer, segment: Segment
) -> None:
    server.script("create", error_before_commit)
    server.script("list", *[answering(200, [])] * 4, answering(403))
    assert caller.create(server.url, segment).id == "segment-1"


def test_a_commit_after_the_last_look_was_announced_as_possible(
    caller: Caller, server: FaultServer, segment: Segment
) -> None:
    def commit_much_later(exchange: Exchange) -> None:
        server.add_before_look(4, exchange.record)
        exchange.drop()

    server.script("create", commit_much_later)
    with pytest.raises(AmbiguousCreateError, match="may still appear"):
        caller.create(server.url, segment)
    caller.list(server.url)
    assert len(server.segments) == 1


def test_two_creates_at_once_report_each_other(caller: Caller, server: FaultServer, segment: Segment) -> None:
    both_committed = threading.Barrier(2)

    def commit_and_drop(exchange: Exchange) -> None:
        exchange.commit()
        both_committed.wait(5)
        exchange.drop()

    def create(_: int) -> tuple[str, ...]:
        with pytest.raises(AmbiguousCreateError) as caught:
            type(caller)().create(server.url, segment, known_ids=())
        return tuple(sorted(caught.value.ids))

    server.script("create", commit_and_drop, commit_and_drop)
    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(create, range(2))) == [("segment-1", "segment-2")] * 2


# ── what the server shows is compared with what was sent ──────────────────────────────────────────────────────────────


def answering_with(**changes: Any) -> Behaviour:
    return lambda exchange: exchange.answer(201, exchange.commit() | changes)


RULES: list[dict[str, Any]] = [
    {"value": "enterprise", "operator": "eq", "key": "plan", "type": "property"},
    {"value": 0.60, "operator": "gte", "field": "commercialIntent", "type": "analysis", "key": None},
]


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"name": " High intent "},
        {"name": None},
        {"filters": None},
        {"filters": {"productIds": [], "dateRange": None, "rules": RULES}},
        {"filters": {"rules": [*RULES, RULES[1] | {"operator": "gt", "value": 0.2}]}},
    ],
    ids=["the same", "a trimmed name", "no name", "no filters", "reformatted", "another form of the same"],
)
def test_a_server_that_tidies_up_differs_in_nothing(
    changes: dict[str, Any], caller: Caller, server: FaultServer, segment: Segment
) -> None:
    server.script("create", answering_with(**changes))
    assert caller.create(server.url, segment).differs == ()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": "high intent"}, "the server holds it under the name `high intent`"),
        ({"name": "\x1b[31mHigh intent"}, "the server holds it under the name `\\u{1b}[31mHigh intent`"),
        ({"name": KEY.upper()}, "the server holds it under the name `[API key]`"),
        ({"filters": {"rules": RULES[:1]}}, 'the server holds other filters: plan == "enterprise"'),
        ({"filters": {"rules": []}}, 'the server holds other filters: {"rules": []}'),
        ({"filters": {}}, "the server holds other filters: {}"),
    ],
    ids=["lower case", "controls", "the key", "a rule less", "no rules", "nothing"],
)
def test_a_server_that_changes_a_segment_is_reported(
    changes: dict[str, Any], words: str, caller: Caller, server: FaultServer, segment: Segment
) -> None:
    server.script("create", answering_with(**changes))
    created = caller.create(server.url, segment)
    assert (created.id, created.adopted, created.differs) == ("segment-1", False, (words,))


@pytest.mark.parametrize("depth", [10, 400, 900, 5_000])
def test_filters_nested_without_end_are_reported_too(
    depth: int, caller: Caller, server: FaultServer, segment: Segment
) -> None:
    def commit_and_nest(exchange: Exchange) -> None:
        made = exchange.commit()
        exchange.answer(201, f'{{"id": "{made["id"]}", "filters": {{"a": {"[" * depth}{"]" * depth}}}}}'.encode())

    server.script("create", commit_and_nest)
    created = caller.create(server.url, segment)
    assert created.id == "segment-1"
    assert created.adopted or len(created.differs) == 1


def test_a_nameless_segment_keeps_the_name_the_server_gives_it(
    caller: Caller, server: FaultServer, segment: Segment
) -> None:
    assert caller.create(server.url, Segment(filters=segment.filters)).differs == ()


def test_an_answer_sets_no_attribute_of_ours(caller: Caller, server: FaultServer, segment: Segment) -> None:
    server.script("create", answering_with(adopted="yes", differs="in everything"))
    created = caller.create(server.url, segment)
    assert (created.adopted, created.differs) == (False, ())


# ── a list that moves while it is read ────────────────────────────────────────────────────────────────────────────────


def test_a_segment_that_a_deletion_hides_is_not_adopted(caller: Caller, server: FaultServer, segment: Segment) -> None:
    """It was there before, on the second page, until another one on the first page was deleted."""
    for number in range(100):
        server.add(f"Segment {number}", {})
    server.add("High intent", segment.filters.to_dict())

    def delete_after_the_first_page(exchange: Exchange) -> None:
        honest_list(exchange)
        del server.segments[0]

    server.script("list", delete_after_the_first_page)
    server.script("create", dropped_before_commit)
    with pytest.raises(AmbiguousCreateError, match="not in the list so far"):
        caller.create(server.url, segment)


def test_nothing_is_created_while_the_list_keeps_changing(
    caller: Caller, server: FaultServer, segment: Segment
) -> None:
    for number in range(150):
        server.add(f"Segment {number}", {})

    def delete_one(exchange: Exchange) -> None:
        honest_list(exchange)
        if "page=1&" in exchange.target:
            del server.segments[0]

    server.usual["list"] = delete_one
    with pytest.raises(ApiError, match=r"changed each of the 4 times it was read; .* so nothing is created"):
        caller.create(server.url, segment)
    assert [exchange.kind for exchange in server.requests] == ["list"] * 8


def test_a_list_of_one_page_is_read_once(caller: Caller, server: FaultServer, segment: Segment) -> None:
    server.add("Another", {})
    caller.create(server.url, segment)
    assert [exchange.kind for exchange in server.requests] == ["list", "create"]


def test_only_a_segment_is_created(caller: Caller, server: FaultServer, segment: Segment) -> None:
    with pytest.raises(TypeError, match="Segment"):
        caller.create(server.url, segment.to_dict())  # type: ignore[arg-type]  # the wrong type is the point
