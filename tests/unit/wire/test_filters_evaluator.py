"""The meaning of filters for a user: three-valued, typed, and independent of the order of rules."""

import itertools
from collections import OrderedDict
from datetime import UTC, date, datetime, timedelta, timezone
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies._internal.random import ArtificialRandom

from segdsl.errors import UserError
from segdsl.wire import Filters
from segdsl.wire.filters_evaluator import evaluate_filters, filters_matcher

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


def metric(operator: str, value: float, field: str = "sentiment") -> dict[str, Any]:
    return {"type": "analysis", "field": field, "operator": operator, "value": value}


def flag(value: bool, field: str = "jailbreakDetected") -> dict[str, Any]:
    return {"type": "analysis_flag", "field": field, "value": value}


def prop(operator: str, value: object, key: str = "p", kind: str = "property") -> dict[str, Any]:
    return {"type": kind, "key": key, "operator": operator, "value": value}


def count(operator: str, value: int) -> dict[str, Any]:
    return {"type": "conversation_count", "operator": operator, "value": value}


def last_seen(operator: str, value: str) -> dict[str, str]:
    return {"type": "last_seen", "operator": operator, "value": value}


def verdict(user: Any, *rules: dict[str, Any], now: datetime = NOW) -> bool | None:
    return evaluate_filters(Filters.from_dict({"rules": list(rules)}), user, now)


# ── metrics, flags, counts ────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("operator", "below", "at", "above"),
    [
        ("gt", False, False, True),
        ("gte", False, True, True),
        ("eq", False, True, False),
        ("lte", True, True, False),
        ("lt", True, False, False),
    ],
)
def test_a_metric(operator: str, below: bool, at: bool, above: bool) -> None:
    for value, holds in [(0.4, below), (0.5, at), (0.6, above), (0, below), (10**300, above)]:
        assert verdict({"analysis": {"sentiment": value}}, metric(operator, 0.5)) is holds


def test_a_whole_metric_is_equal_to_its_float() -> None:
    assert verdict({"analysis": {"cqi": 1}}, metric("eq", 1.0, "cqi")) is True
    assert verdict({"analysis": {"cqi": 1.0}}, metric("eq", 1, "cqi")) is True


@pytest.mark.parametrize(("wanted", "value"), [*itertools.product([True, False], repeat=2)])
def test_a_flag(wanted: bool, value: bool) -> None:
    assert verdict({"flags": {"jailbreakDetected": value}}, flag(wanted)) is (wanted is value)


@pytest.mark.parametrize(
    ("operator", "value", "holds"),
    [("gte", 4, False), ("gte", 5, True), ("gte", 6, True), ("lte", 4, True), ("lte", 5, True), ("lte", 6, False)],
)
def test_a_count(operator: str, value: int, holds: bool) -> None:
    assert verdict({"conversationCount": value}, count(operator, 5)) is holds
    assert verdict({"conversationCount": float(value)}, count(operator, 5)) is holds


def test_no_conversation_is_a_count() -> None:
    assert verdict({"conversationCount": 0}, count("lte", 0)) is True


# ── properties ────────────────────────────────────────────────────────────────────────────────────────────────────────

OF_EACH_TYPE = {"string": "b", "number": 1, "boolean": True, "list": [1], "object": {"a": 1}}


@pytest.mark.parametrize("kind", ["property", "conversation_property"])
@pytest.mark.parametrize(
    ("value", "operator", "wanted", "holds"),
    [
        ("b", "eq", "b", True),
        ("b", "eq", "B", False),
        ("b", "neq", "b", False),
        ("b", "neq", "c", True),
        ("b", "gt", "a", True),
        ("b", "gt", "b", False),
        ("b", "lt", "ba", True),
        ("b", "lt", "b", False),
        ("B", "lt", "a", True),
        ("\U00010000", "gt", "\uffff", True),  # by code points; UTF-16 would have it the other way round
        ("abc", "contains", "b", True),
        ("abc", "contains", "B", False),
        ("abc", "contains", "", True),
        (2, "eq", 2, True),
        (2, "eq", 2.0, True),
        (2.0, "neq", 2, False),
        (2, "neq", 3, True),
        (2, "gt", 1.5, True),
        (2, "gt", 2, False),
        (2, "lt", 2.5, True),
        (2, "lt", 2, False),
        (2**53, "lt", 9007199254740991, False),
        (True, "eq", True, True),
        (False, "eq", True, False),
        (True, "neq", True, False),
        (False, "neq", True, True),
    ],
)
def test_a_property_of_the_rules_type(
    kind: str, value: str | float | bool, operator: str, wanted: str | float | bool, holds: bool
) -> None:
    part = "properties" if kind == "property" else "conversationProperties"
    assert verdict({part: {"p": value}}, prop(operator, wanted, kind=kind)) is holds


@pytest.mark.parametrize(
    ("held", "asked"),
    [
        (held, asked)
        for held, asked in itertools.product(OF_EACH_TYPE, ["string", "number", "boolean"])
        if held != asked
    ],
)
def test_a_property_of_another_type(held: str, asked: str) -> None:
    user, wanted = {"properties": {"p": OF_EACH_TYPE[held]}}, OF_EACH_TYPE[asked]
    assert verdict(user, prop("eq", wanted)) is False
    assert verdict(user, prop("neq", wanted)) is True
    if asked != "boolean":
        assert verdict(user, prop("gt", wanted)) is None
        assert verdict(user, prop("lt", wanted)) is None
    if asked == "string":
        assert verdict(user, prop("contains", wanted)) is None


@pytest.mark.parametrize("odd", [float("nan"), float("inf"), 10**400, b"b", ("b",)])
def test_values_outside_json_are_another_type(odd: Any) -> None:
    for wanted in ("b", 1):
        assert verdict({"properties": {"p": odd}}, prop("eq", wanted)) is False
        assert verdict({"properties": {"p": odd}}, prop("neq", wanted)) is True
        assert verdict({"properties": {"p": odd}}, prop("gt", wanted)) is None
        assert verdict({"properties": {"p": odd}}, prop("lt", wanted)) is None


@pytest.mark.parametrize(
    ("held", "asked"),
    [
        (date(2026, 1, 31), "2026-01-31"),
        (datetime(2026, 1, 31, 12, tzinfo=UTC), "2026-01-31T12:00:00Z"),
        (datetime(2026, 1, 31, 12, tzinfo=timezone(timedelta(hours=2))), "2026-01-31T10:00:00Z"),
        (datetime(2026, 1, 31, 12), "2026-01-31T12:00:00"),
        (datetime.max.replace(microsecond=0, tzinfo=timezone(timedelta(hours=-1))), "9999-12-31T23:59:59-01:00"),
    ],
)
def test_a_python_date_is_its_text_in_json(held: date, asked: str) -> None:
    assert verdict({"properties": {"p": held}}, prop("eq", asked)) is True


def test_the_two_kinds_of_property_are_apart() -> None:
    user = {"properties": {"p": "user"}, "conversationProperties": {"p": "conversation"}}
    assert verdict(user, prop("eq", "user")) is True
    assert verdict(user, prop("eq", "user", kind="conversation_property")) is False
    assert verdict({"properties": {"sentiment": "grumpy"}}, prop("eq", "grumpy", key="sentiment")) is True


# ── last seen ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def ago(**duration: int) -> str:
    return (NOW - timedelta(**duration)).isoformat()


@pytest.mark.parametrize(
    ("seen", "duration", "within"),
    [
        (ago(days=7), "7d", True),
        (ago(days=7, microseconds=1), "7d", False),
        (ago(hours=24), "24h", True),
        (ago(hours=24, seconds=1), "24h", False),
        (ago(minutes=30), "30m", True),
        (ago(minutes=31), "30m", False),
        (ago(days=-1), "1m", True),  # in the future: clocks differ
        ("2026-06-01", "12h", True),  # a date is its midnight, UTC
        ("2026-06-01", "11h", False),
        ("2026-06-01T14:00:00+02:00", "1m", True),
        ("0001-01-01", "739000d", False),
        ("0001-01-01", "740000d", True),
        ("0001-01-01T00:00:00+14:00", "1d", False),
        ("0001-01-01", "999999999999999999d", True),
        ("0001-01-01", "9" * 5000 + "m", True),
        (datetime(2026, 6, 1, 11, 30, tzinfo=UTC), "30m", True),
        (datetime(2026, 6, 1, 11, 29, tzinfo=UTC), "30m", False),
        (datetime(2026, 6, 1, 13, 30, tzinfo=timezone(timedelta(hours=2))), "30m", True),
        (datetime.max.replace(tzinfo=timezone(-timedelta(hours=14))), "1m", True),
    ],
)
def test_last_seen(seen: str | datetime, duration: str, within: bool) -> None:
    assert verdict({"lastSeen": seen}, last_seen("within", duration)) is within
    assert verdict({"lastSeen": seen}, last_seen("before", duration)) is (not within)


def test_time_is_counted_across_a_change_of_the_clocks() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    seen, now = datetime(2026, 3, 29, 1, 30, tzinfo=berlin), datetime(2026, 3, 29, 3, 30, tzinfo=berlin)
    assert verdict({"lastSeen": seen}, last_seen("within", "60m"), now=now) is True  # two hours on the wall


@pytest.mark.parametrize(
    ("now", "within"),
    [
        (datetime.max.replace(tzinfo=timezone(-timedelta(hours=23, minutes=59))), False),
        (datetime.min.replace(tzinfo=timezone(timedelta(hours=23, minutes=59))), True),
    ],
)
def test_now_may_stand_at_either_end_of_the_calendar(now: datetime, within: bool) -> None:
    assert verdict({"lastSeen": "5000-01-01"}, last_seen("within", "1h"), now=now) is within


def test_now_must_have_a_zone() -> None:
    with pytest.raises(ValueError, match="aware"):
        verdict({}, last_seen("within", "7d"), now=datetime(2026, 6, 1))


# ── what a user lacks, and the conjunction ────────────────────────────────────────────────────────────────────────────

EVERY_KIND = [
    metric("lt", 1),
    flag(False),
    *(prop(operator, "a", kind=kind) for operator in ("eq", "neq", "gt", "lt", "contains") for kind in
      ("property", "conversation_property")),
    count("lte", 5),
    last_seen("before", "7d"),
]  # fmt: skip
LACKING = [
    {},
    {"analysis": None, "flags": None, "properties": None, "conversationProperties": None},
    {"analysis": {}, "flags": {}, "properties": {}, "conversationProperties": {}},
    {"analysis": {"sentiment": None}, "flags": {"jailbreakDetected": None}, "properties": {"p": None},
     "conversationProperties": {"p": None}, "conversationCount": None, "lastSeen": None},
    {"analysis": {"cqi": 1}, "flags": {"modelBiasDetected": False}, "properties": {"q": "a"},
     "conversationProperties": {"q": "a"}, "sentiment": 0, "id": "u"},
]  # fmt: skip


@pytest.mark.parametrize("rule", EVERY_KIND)
@pytest.mark.parametrize("user", LACKING)
def test_a_rule_about_a_missing_value_is_unknown(rule: dict[str, Any], user: dict[str, Any]) -> None:
    assert verdict(user, rule) is None


KLEENE = {True: ("a", "eq"), False: ("a", "neq"), None: (None, "eq")}


@pytest.mark.parametrize("parts", [*itertools.product([True, False, None], repeat=3)])
def test_the_conjunction_is_kleenes(parts: tuple[bool | None, bool | None, bool | None]) -> None:
    user = {"properties": {f"p{index}": KLEENE[part][0] for index, part in enumerate(parts)}}
    rules = [prop(KLEENE[part][1], "a", key=f"p{index}") for index, part in enumerate(parts)]
    expected = False if False in parts else None if None in parts else True
    assert verdict(user, *rules) is expected


def test_two_rules_about_one_field() -> None:
    between = metric("gte", 0.3), metric("lt", 0.7)
    assert [verdict({"analysis": {"sentiment": value}}, *between) for value in (0.2, 0.3, 0.7)] == [False, True, False]


def test_the_scope_is_not_evaluated() -> None:
    data = {"rules": [count("gte", 1)], "dateRange": {"to": "2000-01-01"}, "productIds": []}
    assert evaluate_filters(Filters.from_dict(data), {"conversationCount": 1}, NOW) is True


def test_a_matcher_is_the_evaluator_prepared_once() -> None:
    filters = Filters.from_dict({"rules": [metric("gte", 0.6), prop("eq", "a")]})
    matches = filters_matcher(filters, NOW)
    users = [{"analysis": {"sentiment": s}, "properties": {"p": p}} for s in (0.5, 0.6, None) for p in ("a", "b", None)]
    assert [matches(user) for user in users] == [evaluate_filters(filters, user, NOW) for user in users]
    assert [matches(user) for user in users] == [False, False, False, True, False, None, None, False, None]


def test_any_mapping_is_a_user() -> None:
    user = MappingProxyType({"analysis": OrderedDict(sentiment=0.5), "properties": MappingProxyType({"p": "a"})})
    assert verdict(user, metric("eq", 0.5), prop("eq", "a")) is True


# ── users that cannot be evaluated ────────────────────────────────────────────────────────────────────────────────────

NO_METRIC = [True, False, "0.5", float("nan"), float("inf"), float("-inf"), [0.5], {}]
NO_FLAG = [0, 1, 1.0, "true", []]
NO_COUNT = [-1, -1.0, 1.5, True, False, "5", float("nan"), float("inf"), [], {}]
NO_MOMENT = ["", "yesterday", "2026-02-30", "2026-06-01T10:00:00", "2026-06-01 10:00:00Z", 0, True, [], 10**5000]
NO_MOMENT += [[10**5000], datetime(2026, 6, 1)]
NO_PART = [[], "x", 5, False, [("sentiment", 0.5)]]
BAD = [
    *(("analysis.sentiment", metric("gt", 0), {"analysis": {"sentiment": bad}}) for bad in NO_METRIC),
    *(("flags.jailbreakDetected", flag(True), {"flags": {"jailbreakDetected": bad}}) for bad in NO_FLAG),
    *(("conversationCount", count("gte", 0), {"conversationCount": bad}) for bad in NO_COUNT),
    *(("lastSeen", last_seen("within", "7d"), {"lastSeen": bad}) for bad in NO_MOMENT),
    *(("analysis", metric("gt", 0), {"analysis": bad}) for bad in NO_PART),
    *(("flags", flag(True), {"flags": bad}) for bad in NO_PART),
    *(("properties", prop("eq", "a"), {"properties": bad}) for bad in NO_PART),
    *(
        ("conversationProperties", prop("eq", "a", kind="conversation_property"), {"conversationProperties": bad})
        for bad in NO_PART
    ),
]


@pytest.mark.parametrize(("path", "rule", "user"), BAD)
def test_the_error_names_the_field(path: str, rule: dict[str, Any], user: dict[str, Any]) -> None:
    with pytest.raises(UserError) as caught:
        verdict(user, rule)
    assert str(caught.value).startswith(f"{path}: must be ")


@pytest.mark.parametrize("user", [None, [], "user", 5, [("id", 1)]])
def test_a_user_is_an_object(user: Any) -> None:
    with pytest.raises(UserError, match="a user must be an object"):
        verdict(user, count("gte", 0))


def test_the_error_shows_the_value_bounded_and_harmless() -> None:
    with pytest.raises(UserError) as caught:
        verdict({"lastSeen": "\x1b[2J\u202e" + "x" * 10_000}, last_seen("within", "7d"))
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize(("path", "_rule", "user"), BAD)
def test_fields_that_no_rule_mentions_are_not_looked_at(path: str, _rule: dict[str, Any], user: dict[str, Any]) -> None:
    other = prop("eq", "a") if path != "properties" else count("gte", 0)
    assert verdict(user, other) is None


def test_a_bad_field_is_reported_even_when_another_rule_decides() -> None:
    user = {"properties": {"p": "b"}, "analysis": {"sentiment": "high"}, "flags": [], "conversationCount": -1}
    rules = [prop("eq", "a"), metric("gt", 0), flag(True), count("gte", 1)]
    messages = set()
    for ordered in itertools.permutations(rules):
        with pytest.raises(UserError) as caught:
            verdict(user, *ordered)
        messages.add(str(caught.value))
    assert messages == {"analysis.sentiment: must be a finite number, not 'high'"}


# ── laws ──────────────────────────────────────────────────────────────────────────────────────────────────────────────

SCALARS: st.SearchStrategy[Any] = st.sampled_from([None, True, False, 0, 1, 1.0, 2, "", "a", "b", [], {}, float("nan")])
RULES = st.lists(
    st.one_of(
        st.builds(metric, st.sampled_from(["gt", "gte", "eq", "lt", "lte"]), st.sampled_from([0, 1, 1.5])),
        st.builds(flag, st.booleans()),
        st.builds(prop, st.sampled_from(["eq", "neq"]), st.sampled_from(["a", 1, True, False]), st.sampled_from("pq")),
        st.builds(prop, st.sampled_from(["gt", "lt"]), st.sampled_from(["a", 1]), st.sampled_from("pq")),
        st.builds(prop, st.just("contains"), st.sampled_from(["a", ""]), st.sampled_from("pq")),
        st.builds(count, st.sampled_from(["gte", "lte"]), st.integers(0, 2)),
    ),
    min_size=1,
    max_size=5,
)
USERS = st.fixed_dictionaries(
    {},
    optional={
        "analysis": st.none() | st.fixed_dictionaries({"sentiment": SCALARS}),
        "flags": st.none() | st.fixed_dictionaries({"jailbreakDetected": SCALARS}),
        "properties": st.none() | st.fixed_dictionaries({}, optional={"p": SCALARS, "q": SCALARS}),
        "conversationCount": SCALARS,
    },
)


def outcome(rules: list[dict[str, Any]], user: dict[str, Any]) -> str | bool | None:
    try:
        return verdict(user, *rules)
    except UserError as error:
        return str(error)


@given(RULES, USERS, st.randoms(use_true_random=False))
def test_the_order_of_rules_has_no_meaning(
    rules: list[dict[str, Any]], user: dict[str, Any], random: ArtificialRandom
) -> None:
    shuffled = random.sample(rules, len(rules))
    assert outcome(shuffled, user) == outcome(rules, user)


@given(RULES, RULES, USERS)
def test_more_rules_never_let_more_users_in(
    rules: list[dict[str, Any]], more: list[dict[str, Any]], user: dict[str, Any]
) -> None:
    if outcome(rules + more, user) is True:
        assert outcome(rules, user) is True
        assert outcome(more, user) is True


def test_an_error_quotes_the_value_found() -> None:
    with pytest.raises(UserError, match=r"a user must be an object, not \[\]"):
        verdict([], metric("gt", 0))
    with pytest.raises(UserError, match=r"analysis: must be an object, not \[\]"):
        verdict({"analysis": []}, metric("gt", 0))
