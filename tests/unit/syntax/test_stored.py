"""Trees as tagged, versioned data; bad data is refused on reading."""

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given

import segdsl

from ...properties.syntax_trees import expressions

A = {"type": "name", "name": "a"}


@given(expressions())
def test_a_tree_comes_back_through_json(expression: segdsl.Expression) -> None:
    stored = expression.to_dict()
    assert segdsl.Expression.from_dict(json.loads(json.dumps(stored))) == expression
    assert segdsl.Expression.from_dict(msgspec.json.decode(msgspec.json.encode(stored))) == expression


def test_stored_trees() -> None:
    expression = segdsl.parse(
        "(0.3 <= sentiment < 1 or not @x) and plan in ['a', $b] and lastSeen within 7d during 30d"
    )
    assert expression.to_dict() == {
        "version": 1,
        "condition": {
            "type": "and",
            "operands": [
                {
                    "type": "or",
                    "operands": [
                        {
                            "type": "chain",
                            "low": 0.3,
                            "lowOperator": "<=",
                            "name": "sentiment",
                            "highOperator": "<",
                            "high": 1,
                        },
                        {"type": "not", "operand": {"type": "reference", "name": "x"}},
                    ],
                },
                {
                    "type": "comparison",
                    "name": "plan",
                    "operator": "in",
                    "value": ["a", {"type": "parameter", "name": "b"}],
                },
                {
                    "type": "comparison",
                    "name": "lastSeen",
                    "operator": "within",
                    "value": {"type": "duration", "text": "7d"},
                },
            ],
        },
        "during": "30d",
    }


@pytest.mark.parametrize(
    ("stored", "says"),
    [
        (5, "expression: an object is needed"),
        ({"condition": A}, "version: this reads version 1, not None"),
        ({"version": 2, "condition": A}, "version: this reads version 1, not 2"),
        ({"version": True, "condition": A}, "version"),
        ({"version": 1}, "condition: it is missing"),
        ({"version": 1, "condition": A, "until": 3}, "there is no key 'until'"),
        ({"version": 1, "condition": {"type": "xor"}}, "condition.type: 'xor' is not a type of condition"),
        ({"version": 1, "condition": {"type": []}}, "condition.type"),
        ({"version": 1, "condition": {"type": "duration", "text": "7d"}}, "condition.type"),
        ({"version": 1, "condition": {"type": "and"}}, "condition.operands: it is missing"),
        ({"version": 1, "condition": {"type": "and", "operands": [A]}}, "joins at least two"),
        ({"version": 1, "condition": {"type": "or", "operands": []}}, "joins at least two"),
        ({"version": 1, "condition": {"type": "and", "operands": [A, 5]}}, r"condition.operands\[1\]: an object"),
        ({"version": 1, "condition": {"type": "not"}}, "condition.operand: it is missing"),
        ({"version": 1, "condition": {"type": "not", "operand": A, "x": 1}}, "condition: there is no key 'x'"),
        ({"version": 1, "condition": {"type": "name"}}, "condition.name: it is missing"),
        ({"version": 1, "condition": {"type": "name", "name": "a b"}}, "canonical spelling"),
        ({"version": 1, "condition": {**A, "x": 1}}, "condition: there is no key 'x'"),
        (
            {"version": 1, "condition": {"type": "comparison", "name": "a", "operator": "~", "value": 1}},
            "'~' is not an operator",
        ),
        (
            {"version": 1, "condition": {"type": "comparison", "name": "a", "operator": "==", "value": {"type": "x"}}},
            "condition.value.type: 'x' is not a type of literal",
        ),
        (
            {"version": 1, "condition": {"type": "comparison", "name": "a", "operator": "in", "value": [[1]]}},
            r"condition.value\[0\]: an object",
        ),
        (
            {
                "version": 1,
                "condition": {
                    "type": "comparison",
                    "name": "a",
                    "operator": "==",
                    "value": {"type": "date", "text": 3},
                },
            },
            "condition.value.text",
        ),
        ({"version": 1, "condition": A, "during": "8d"}, "no text can say this scope"),
        ({"version": 1, "condition": A, "products": ["x"]}, "no text can say this scope"),
    ],
)
def test_bad_data_is_refused_with_its_place(stored: int | dict[str, Any], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        segdsl.Expression.from_dict(stored)


def test_depth_and_size_are_bounded() -> None:
    deep: dict[str, Any] = A
    for _ in range(100_000):
        deep = {"type": "not", "operand": deep}
    with pytest.raises(segdsl.NestingError):
        segdsl.Expression.from_dict({"version": 1, "condition": deep})
    itself: dict[str, Any] = {"type": "and", "operands": [A]}
    itself["operands"].append(itself)
    with pytest.raises(segdsl.NestingError):
        segdsl.Expression.from_dict({"version": 1, "condition": itself})
    with pytest.raises(ValueError, match="more than 65,536 parts"):
        segdsl.Expression.from_dict({"version": 1, "condition": {"type": "or", "operands": [A] * 70_000}})
    while deep:  # taken apart by hand: the interpreter would recurse
        deep = deep.pop("operand", {}) if "operand" in deep else {}
