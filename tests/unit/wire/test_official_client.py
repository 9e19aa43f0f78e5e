"""The official client's types as a witness: it accepts everything valid here, strictly, and we know all its words.

Its `Filters` type holds the rules in an `Iterable`, which pydantic validates lazily; so each rule is held against
`FiltersRule` by itself.
"""

from typing import Any, Literal, Required, get_args, get_origin, get_type_hints

import pytest
from greenflash.types.segment_create_params import FiltersDateRange, FiltersRule
from hypothesis import assume, example, given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from segdsl.wire import Filters
from segdsl.wire.validation import PRESETS, RULE_KEYS, filters_problems

RULE = TypeAdapter(FiltersRule)
DATE_RANGE = TypeAdapter(FiltersDateRange)


def accepted(adapter: TypeAdapter[Any], data: dict[str, Any]) -> bool:
    try:
        adapter.validate_python(data, strict=True, extra="forbid")
    except ValidationError:
        return False
    return True


def described(kind: type[Any]) -> dict[str, Any]:
    """One of the client's rule types as {key: its words, or its plain type}."""
    hints = {key: get_args(hint)[0] for key, hint in get_type_hints(kind, include_extras=True).items()}
    return {key: get_args(hint) if get_origin(hint) is Literal else hint for key, hint in hints.items()}


CLIENT_RULES = {described(kind)["type"][0]: described(kind) for kind in get_args(FiltersRule)}

# ── the tables, word for word ─────────────────────────────────────────────────────────────────────────────────────────


def test_all_keys_of_the_client_are_required() -> None:
    for kind in get_args(FiltersRule):
        assert all(get_origin(hint) is Required for hint in get_type_hints(kind, include_extras=True).values())


def test_the_kinds_of_rule_and_their_keys_are_the_clients() -> None:
    ours = {kind: {"type", *keys} for kind, keys in RULE_KEYS.items()}
    assert ours == {kind: set(keys) for kind, keys in CLIENT_RULES.items()}


@pytest.mark.parametrize(("kind", "key"), [(kind, key) for kind in CLIENT_RULES for key in ("field", "operator")])
def test_the_words_are_the_clients(kind: str, key: str) -> None:
    words = CLIENT_RULES[kind].get(key, ())
    check = RULE_KEYS[kind].get(key)
    assert (check is None) == (not words)
    everywhere = {
        word for rule in CLIENT_RULES.values() for name in ("field", "operator") for word in rule.get(name, ())
    }
    assert all((check(word) is None) == (word in words) for word in everywhere if check)


def test_the_presets_are_the_clients() -> None:
    assert get_type_hints(FiltersDateRange)["preset"] == Literal[PRESETS]


# ── any rule ──────────────────────────────────────────────────────────────────────────────────────────────────────────

WORDS = sorted({word for rule in CLIENT_RULES.values() for key in ("field", "operator") for word in rule.get(key, ())})
NUMBERS = st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.sampled_from([5.0, -0.0, 2**53, 1e300])
PLAUSIBLE_VALUES = {
    "analysis": NUMBERS,
    "analysis_flag": st.booleans(),
    "property": NUMBERS | st.booleans() | st.text(max_size=5),
    "conversation_property": NUMBERS | st.booleans() | st.text(max_size=5),
    "conversation_count": NUMBERS,
    "last_seen": st.from_regex(r"[1-9][0-9]{0,9}[mhd]", fullmatch=True),
}
ANY_VALUES = st.one_of(*PLAUSIBLE_VALUES.values(), st.sampled_from([None, [], {}, float("nan"), float("inf"), 2**60]))


@st.composite
def plausible_rules(draw: st.DrawFn) -> dict[str, Any]:
    """Rules with the right keys, words and types of value; only a few are invalid."""
    kind, keys = draw(st.sampled_from(sorted(CLIENT_RULES.items())))
    rule = {"type": kind}
    for key, words in keys.items():
        if key in ("field", "operator"):
            rule[key] = draw(st.sampled_from(words))
        elif key == "key":
            rule[key] = draw(st.from_regex(r"[A-Za-z0-9._-]{1,6}", fullmatch=True))
        elif key == "value":
            rule[key] = draw(PLAUSIBLE_VALUES[kind])
    return rule


@st.composite
def mutated_rules(draw: st.DrawFn) -> dict[str, Any]:
    """Rules that lack a key, have one too many, or hold another kind's word or value."""
    rule: dict[str, Any] = draw(plausible_rules())
    key = draw(st.sampled_from(["type", "field", "key", "operator", "value", "unit"]))
    if draw(st.booleans()):
        rule.pop(key, None)
    else:
        rule[key] = draw(st.sampled_from([*WORDS, *CLIENT_RULES]) | ANY_VALUES)
    return rule


@given(plausible_rules())
@example({"type": "analysis", "field": "cqi", "operator": "eq", "value": 5})
@example({"type": "conversation_count", "operator": "gte", "value": 5.0})
@example({"type": "property", "key": "a", "operator": "eq", "value": 10**20})
def test_a_rule_that_is_valid_here_is_accepted_by_the_client(rule: dict[str, Any]) -> None:
    assume(not filters_problems({"rules": [rule]}))
    (on_the_wire,) = Filters.from_dict({"rules": [rule]}).to_dict()["rules"]
    assert accepted(RULE, on_the_wire)
    assert Filters.from_dict({"rules": [on_the_wire]}).to_dict() == {"rules": [on_the_wire]}


@given(mutated_rules())
@example({"type": "analysis", "field": "cqi", "operator": "eq", "value": True})
@example({"type": "analysis_flag", "field": "jailbreakDetected", "value": 1})
@example({"type": "conversation_count", "operator": "gte", "value": True})
@example({"type": "analysis_flag", "field": "jailbreakDetected", "value": True, "operator": "eq"})
def test_a_rule_that_the_client_refuses_is_refused_here(rule: dict[str, Any]) -> None:
    # One thing is taken more generously: a whole float as a count, for JSON has one kind of number.
    counts_a_float = rule.get("type") == "conversation_count" and isinstance(rule.get("value"), float)
    assume(not counts_a_float and not accepted(RULE, rule))
    assert filters_problems({"rules": [rule]})


DATE_RANGES = st.fixed_dictionaries(
    {},
    optional={
        "preset": st.sampled_from([*PRESETS, None, "14d"]),
        "from": st.sampled_from(["2026-01-01", "2026-01-01T00:00:00Z", None, "2026-02-30"]),
        "to": st.sampled_from(["2026-01-01", "2026-03-31T12:00:00.5+02:00", None, 7]),
    },
)


@given(DATE_RANGES)
def test_a_date_range_that_is_valid_here_is_accepted_by_the_client(dates: dict[str, Any]) -> None:
    data = {"rules": [{"type": "last_seen", "operator": "within", "value": "7d"}], "dateRange": dates}
    assume(not filters_problems(data))
    assert accepted(DATE_RANGE, Filters.from_dict(data).to_dict().get("dateRange", {}))
