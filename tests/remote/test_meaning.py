"""Filters keep their meaning in any order and spelling of numbers and dates, and with anything a server adds."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import segdsl
from segdsl.remote.meaning import Meaning
from segdsl.wire.segment import plain_name
from tests.properties.strategies import TREES
from tests.properties.test_faithful import SCHEMA
from tests.properties.trees import Tree, spell

A = {"type": "analysis", "field": "sentiment", "operator": "gte", "value": 0.5}
B = {"type": "property", "key": "plan", "operator": "eq", "value": "pro"}
UPPER = "182BD5E5-6E1A-4FE4-A799-AA6D9A6AB26E"
OTHER = "0f8fad5b-d9cb-469f-a165-70867728950e"


def rules(*rules: dict[str, Any], **scope: Any) -> dict[str, Any]:
    return {"rules": list(rules), **scope}


def metric(operator: str, value: Any) -> dict[str, Any]:
    return {**A, "operator": operator, "value": value}


def seen(operator: str, value: str) -> dict[str, Any]:
    return {"type": "last_seen", "operator": operator, "value": value}


def prop(operator: str, value: Any) -> dict[str, Any]:
    return {**B, "operator": operator, "value": value}


EQUAL = {
    "order of rules": (rules(A, B), rules(B, A)),
    "order of keys": (rules(A), rules(dict(reversed(A.items())))),
    "a rule said twice": (rules(A, B), rules(A, B, A)),
    "a rule that is implied": (rules(A, B), rules(metric("gt", 0.2), B, A)),
    "spelling of numbers": (rules(metric("gte", 5)), rules(metric("gte", 5.0))),
    "a point as two bounds": (rules(metric("eq", 3)), rules(metric("gte", 3), metric("lte", 3))),
    "null for absent": (rules(A), rules(A, dateRange=None, productIds=None)),
    "null for a key that a rule does not have": (rules(A), rules({**A, "key": None})),
    "empty for absent": (rules(A), rules(A, dateRange={}, productIds=[])),
    "order and case of products": (rules(A, productIds=[UPPER, OTHER]), rules(A, productIds=[OTHER, UPPER.lower()])),
    "spelling of a moment": (
        rules(A, dateRange={"from": "2026-01-01"}),
        rules(A, dateRange={"from": "2026-01-01T01:00:00+01:00"}),
    ),
    "length of a duration": (rules(seen("within", "7d")), rules(seen("within", "168h"))),
    "a duration beyond the language": (
        rules(seen("within", "9" * 5_000 + "d")),
        rules(seen("within", "9" * 5_000 + "d")),
    ),
    "what never matches": (rules(metric("gt", 2), metric("lt", 1)), rules(metric("lt", 1), metric("gt", 2))),
    "what is no filters": ({"a": [1], "b": 2}, {"b": 2, "a": [1]}),
}
DIFFERENT = {
    "a value": (rules(A), rules(metric("gte", 0.6))),
    "an operator": (rules(A), rules(metric("gt", 0.5))),
    "the type of a value": (rules(prop("eq", 1)), rules(prop("eq", "1"))),
    "true and 1": (rules(prop("eq", True)), rules(prop("eq", 1))),
    "a value and null": (rules(prop("eq", "pro")), rules(prop("eq", None))),
    "rules that are no rules": (rules(A), {"rules": ["a", None]}),
    "a rule more": (rules(A), rules(A, B)),
    "user and conversation property": (rules(B), rules({**B, "type": "conversation_property"})),
    "a preset more": (rules(A), rules(A, dateRange={"preset": "all"})),
    "from and to": (rules(A, dateRange={"from": "2026-01-01"}), rules(A, dateRange={"to": "2026-01-01"})),
    "a product more": (rules(A), rules(A, productIds=[OTHER])),
    "a duration beyond the language": (rules(seen("within", "9" * 5_000 + "d")), rules(seen("within", "8d"))),
    "a duration": (rules(seen("within", "7d")), rules(seen("within", "8d"))),
    "a key that nobody knows": (rules(A), rules(A, color="red")),
    "nothing": (rules(A), None),
    "what is no filters": ({"a": [1]}, {"a": [2]}),
}


@pytest.mark.parametrize("pair", EQUAL.values(), ids=EQUAL)
def test_equal(pair: tuple[Any, Any]) -> None:
    left, right = map(Meaning.of_json, pair)
    assert left == right
    assert hash(left) == hash(right)


@pytest.mark.parametrize("pair", DIFFERENT.values(), ids=DIFFERENT)
def test_different(pair: tuple[Any, Any]) -> None:
    left, right = map(Meaning.of_json, pair)
    assert left != right


@given(tree=TREES, schema=st.sampled_from([None, SCHEMA]))
def test_compiled_filters_are_in_normal_form(tree: Tree, schema: segdsl.Schema | None) -> None:
    """So the meaning of a config's own filters takes no second compiling."""
    try:
        several = segdsl.compile_all(spell(tree), schema=schema)
    except segdsl.SegdslError:
        return
    for filters in several:
        assert Meaning.of_compiled(filters) == Meaning.of_json(filters.to_dict())


@pytest.mark.parametrize(
    ("filters", "problem"),
    [
        (None, "rules: must be a list of at least one rule"),
        ({}, "rules: must be a list of at least one rule"),
        ({"rules": [], "color": 1}, "filters: unknown key 'color'"),
        (rules(seen("before", "36501d")), "rules[0].value: `36501d` is longer than 36500 days"),
    ],
)
def test_filters_that_are_no_expression_say_why(filters: dict[str, Any] | None, problem: str) -> None:
    meaning = Meaning.of_json(filters)
    assert meaning.expression is None
    assert (meaning.problem or "").startswith(problem)


def test_the_expression_of_filters() -> None:
    filters = segdsl.compile("rating > 2 and sentiment < 0.7")
    for meaning in (Meaning.of_compiled(filters), Meaning.of_json(filters.to_dict())):
        assert meaning.expression == segdsl.parse("rating > 2 and sentiment < 0.7")
        assert meaning.problem is None


def test_a_duration_that_the_language_cannot_say_is_compared_by_length() -> None:
    hours = rules(seen("before", f"{36501 * 24}h"))
    assert Meaning.of_json(rules(seen("before", "36501d"))) == Meaning.of_json(hours)


def test_a_meaning_equals_nothing_else() -> None:
    assert Meaning.of_json(rules(A)) != rules(A)


@pytest.mark.parametrize(("left", "right"), [("Big", " Big\n"), ("Gr\u00f6\u00dfe", "Gro\u0308\u00dfe")])
def test_names_that_a_server_may_take_for_one(left: str, right: str) -> None:
    assert plain_name(left) == plain_name(right)


def test_filters_nested_beyond_what_can_be_compared_equal_nothing() -> None:
    deep: Any = []
    for _ in range(100_000):
        deep = [deep]
    assert Meaning.of_json({"rules": deep}) != Meaning.of_json({"rules": deep})
