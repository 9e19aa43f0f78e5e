"""Law 2: every valid `filters` object decompiles to text, and compiling that text gives the object in normal form."""

import json
import string
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, get_args

import pytest
from hypothesis import assume, event, example, given
from hypothesis import strategies as st

import segdsl
from segdsl.catalogue import FLAGS, METRICS
from segdsl.limits import MAX_DURATION_DAYS, MAX_SAFE_INTEGER
from segdsl.syntax.literals import minutes
from segdsl.wire import rules
from segdsl.wire.filters_evaluator import filters_matcher

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)

# ── every valid filters object ─────────────────────────────────────────────────────────────────────────────────────

ODD_KEYS = ["and", "NOT", "true", "2fa", "-", ".", "a..b", "user", "user.x", "User.x", "conversation", "sentiment"]
ODD_KEYS += ["comercialIntent", "last_seen", "CQI", "from", "products", "all", "x.", "plan-tier", "lastSeen", "a.2"]
KEYS = st.one_of(
    st.sampled_from(["plan", "seats"]),
    st.sampled_from(ODD_KEYS),
    st.text(string.ascii_letters + string.digits + "._-", min_size=1, max_size=12),
)
NUMBERS = st.one_of(
    st.integers(-3, 3),
    st.sampled_from([0.3, 0.5, -0.0, 5.0, 1e300, 1e-7, 5e-324, 1e21, -(2.0**70), MAX_SAFE_INTEGER, -MAX_SAFE_INTEGER]),
    st.integers(-MAX_SAFE_INTEGER, MAX_SAFE_INTEGER),
    st.floats(allow_nan=False, allow_infinity=False),
)
STRINGS = st.one_of(
    st.sampled_from(
        ["", "a", "b", "pro", '"', "\\", "'", "\n", "\x00", "\u2028", "\u202e", "😀", '" or true', "\x7f", "null"]
    ),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
)
ORDERED = st.one_of(NUMBERS, STRINGS)
DURATIONS = st.one_of(
    st.sampled_from(["7d", "24h", "1d", "1440m", "30m", f"{MAX_DURATION_DAYS}d"]),
    st.builds("{}{}".format, st.integers(1, MAX_DURATION_DAYS), st.sampled_from("mhd")),
)


def rule(**keys: Any) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {key: value if isinstance(value, st.SearchStrategy) else st.just(value) for key, value in keys.items()}
    )


def one_of(literal: Any) -> st.SearchStrategy[str]:
    return st.sampled_from(get_args(literal))


def property_rules(kind: str) -> st.SearchStrategy[dict[str, Any]]:
    return st.one_of(
        rule(type=kind, key=KEYS, operator=st.sampled_from(["eq", "neq"]), value=st.one_of(ORDERED, st.booleans())),
        rule(type=kind, key=KEYS, operator=st.sampled_from(["gt", "lt"]), value=ORDERED),
        rule(type=kind, key=KEYS, operator="contains", value=STRINGS),
    )


RULES = st.one_of(
    rule(type="analysis", field=st.sampled_from(list(METRICS)), operator=one_of(rules.MetricOperator), value=NUMBERS),
    rule(type="analysis_flag", field=st.sampled_from(list(FLAGS)), value=st.booleans()),
    property_rules("property"),
    property_rules("conversation_property"),
    rule(type="conversation_count", operator=one_of(rules.CountOperator), value=st.integers(-3, 12)),
    rule(type="last_seen", operator=one_of(rules.LastSeenOperator), value=DURATIONS),
)
DATES = st.one_of(
    st.sampled_from(["2026-01-01", "2026-03-31T10:00:00.5+01:00", "2016-12-31T23:59:60z", "2026-01-01t00:00:00Z"]),
    st.dates().map(lambda date: date.isoformat()),
)


def _in_order(dates: dict[str, str]) -> bool:
    from segdsl.wire.validation import instant

    start, end = (instant(dates[key]) if key in dates else None for key in ("from", "to"))
    return start is None or end is None or start <= end


DATE_RANGES = st.fixed_dictionaries(
    {}, optional={"preset": st.sampled_from(["7d", "30d", "90d", "all"]), "from": DATES, "to": DATES}
).filter(_in_order)
FILTERS = st.fixed_dictionaries(
    {"rules": st.lists(RULES, min_size=1, max_size=6)},
    optional={"dateRange": DATE_RANGES, "productIds": st.lists(st.uuids().map(str), max_size=3)},
)

_SMALL = st.sampled_from([0, 1, 1.5, 2, "a", "b"])
_PROPERTY_OPERATORS = st.sampled_from(["eq", "neq", "gt", "lt"])
CROWDED = st.fixed_dictionaries(
    {
        "rules": st.lists(
            st.one_of(
                rule(type="analysis", field="rating", operator=one_of(rules.MetricOperator), value=st.integers(0, 3)),
                rule(
                    type="property", key=st.sampled_from(["plan", "seats"]), operator=_PROPERTY_OPERATORS, value=_SMALL
                ),
                rule(type="conversation_property", key="channel", operator=_PROPERTY_OPERATORS, value=_SMALL),
                rule(type="conversation_count", operator=one_of(rules.CountOperator), value=st.integers(0, 3)),
                rule(type="last_seen", operator=one_of(rules.LastSeenOperator), value=DURATIONS),
            ),
            min_size=2,
            max_size=6,
        )
    }
)
"""Several rules for one field, near one another."""

# ── the law ────────────────────────────────────────────────────────────────────────────────────────────────────────


@given(FILTERS)
def test_every_valid_object_decompiles_to_text_that_reads_back(data: dict[str, Any]) -> None:
    expression = segdsl.decompile(data)
    assert segdsl.decompile(segdsl.Filters.from_dict(data)) == expression
    assert segdsl.parse(segdsl.unparse(expression)) == expression


def normal_form(text: str) -> segdsl.Filters | None:
    """The filters of the text; None if its rules contradict one another."""
    try:
        return segdsl.compile(text)
    except segdsl.CompileError as refused:
        if {diagnostic.code for diagnostic in refused.diagnostics} != {"never-matches"}:
            raise
        return None


def compiled(data: Mapping[str, Any]) -> segdsl.Filters | None:
    return normal_form(segdsl.unparse(segdsl.decompile(data)))


def plainly(data: Mapping[str, Any]) -> str:
    """The filters as text, rule by rule: what defines their normal form."""
    dates = data.get("dateRange", {})
    clauses = [f"{word} {dates[key]}" for key, word in WORDS.items() if key in dates]
    if data.get("productIds"):
        clauses.append("for products " + ", ".join(f'"{product}"' for product in data["productIds"]))
    return " ".join([" and ".join(map(_plain_rule, data["rules"])), *clauses])


WORDS = {"preset": "during", "from": "from", "to": "to"}
NAMES = {
    "conversation_count": "conversationCount",
    "last_seen": "lastSeen",
    "analysis_flag": "{field}",
    "analysis": "{field}",
}
NAMES |= {"property": 'user["{key}"]', "conversation_property": 'conversation["{key}"]'}
SIGNS = {"eq": "==", "neq": "!=", "gt": ">", "gte": ">=", "lt": "<", "lte": "<="}


def _plain_rule(rule: Mapping[str, Any]) -> str:
    operator, value = rule.get("operator", "eq"), rule["value"]
    literal = value if rule["type"] == "last_seen" else json.dumps(value).replace("\x7f", r"\u007f")
    return f"{NAMES[rule['type']].format(**rule)} {SIGNS.get(operator, operator)} {literal}"


@given(st.one_of(FILTERS, CROWDED))
def test_compiling_the_text_gives_the_normal_form(data: dict[str, Any]) -> None:
    normal = normal_form(plainly(data))
    assert compiled(data) == normal
    event("never matches" if normal is None else "normal" if normal == segdsl.Filters.from_dict(data) else "simplified")
    if normal is not None:
        assert compiled(normal.to_dict()) == normal


@given(FILTERS)
def test_filters_that_are_normal_come_back_as_they_were(data: dict[str, Any]) -> None:
    """With one rule for a field nothing can be simplified, and no order is better than another.

    A count below zero is simplified: every user has a count of zero or more.
    """
    fields = [(rule["type"], rule.get("key", rule.get("field"))) for rule in data["rules"]]
    assume(len(set(fields)) == len(fields))
    assume(all(rule["type"] != "conversation_count" or rule["value"] >= 0 for rule in data["rules"]))
    assert compiled(data) == segdsl.Filters.from_dict(data)


@given(st.one_of(FILTERS, CROWDED), st.data())
def test_the_normal_form_has_the_same_members(data: dict[str, Any], draws: st.DataObject) -> None:
    before = filters_matcher(segdsl.Filters.from_dict(data), NOW)
    normal = compiled(data)
    after = (lambda _: False) if normal is None else filters_matcher(normal, NOW)
    for _ in range(4):
        user = draws.draw(users(data))
        event(f"member: {before(user) is True}")
        assert (before(user) is True) is (after(user) is True), (data, user)


PARTS = {
    "analysis": "analysis",
    "analysis_flag": "flags",
    "property": "properties",
    "conversation_property": "conversationProperties",
}


@st.composite
def users(draw: st.DrawFn, data: Mapping[str, Any]) -> dict[str, Any]:
    """Users at and beside the values that the rules name."""
    user: dict[str, Any] = {part: {} for part in PARTS.values()}
    for rule in data["rules"]:
        value = draw(st.sampled_from(_near(rule["type"], rule["value"])))
        if rule["type"] in PARTS:
            user[PARTS[rule["type"]]][rule.get("key", rule.get("field"))] = value
        else:
            user["lastSeen" if rule["type"] == "last_seen" else "conversationCount"] = value
    return user


def _near(kind: str, value: Any) -> list[Any]:
    if kind == "conversation_count":
        return [max(0, value + step) for step in (-1, 0, 1)]
    if kind == "last_seen":
        return [NOW - timedelta(minutes=minutes(value), seconds=seconds) for seconds in (-1, 0, 1)]
    if isinstance(value, bool):
        return [value, not value]
    if isinstance(value, str):
        return [value, value, value + "a", value[:-1], 5]
    return [value, value, value + 1, value - 1] + ["5"] * (kind != "analysis")


# ── what a person would have written ───────────────────────────────────────────────────────────────────────────────


def the_text_of(*listed: dict[str, Any]) -> str:
    return segdsl.unparse(segdsl.decompile({"rules": list(listed)}))


@given(KEYS)
@example("conversationCount")
def test_a_user_property_never_reads_as_another_thing(key: str) -> None:
    """For any key, it compiles back to the same rule."""
    equal = {"type": "property", "key": key, "operator": "eq", "value": True}
    assert segdsl.compile(the_text_of(equal)).to_dict() == {"rules": [equal]}


@given(st.sampled_from(list(METRICS)), NUMBERS, NUMBERS)
def test_two_bounds_of_a_metric_are_one_comparison(field: str, one: float, other: float) -> None:
    low, high = sorted([one, other])
    text = the_text_of(
        {"type": "analysis", "field": field, "operator": "gte", "value": low},
        {"type": "analysis", "field": field, "operator": "lte", "value": high},
    )
    assert text.count(field) == 1
    assert " and " not in text


@pytest.mark.parametrize("value", ["36501d", "876001h", "99999999999999999999m"])
def test_a_duration_that_the_language_does_not_have_is_refused(value: str) -> None:
    with pytest.raises(segdsl.InvalidSegmentError, match=r"rules\[0\].value: .* is longer than 36500 days"):
        segdsl.decompile({"rules": [{"type": "last_seen", "operator": "within", "value": value}]})
