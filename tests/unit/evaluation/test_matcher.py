"""The prepared form of an expression: made once, used often, the same in every shape of tree."""

import ast
from collections.abc import Mapping
from datetime import UTC, datetime
from itertools import product

import pytest

import segdsl

NOW = datetime(2026, 6, 1, tzinfo=UTC)
THREE_VALUES = (True, False, None)


def by_kleene(node: ast.AST, values: Mapping[str, bool | None]) -> bool | None:
    """The result of names, `not`, `and` and `or` on three values: Python reads such a text in the same way."""
    match node:
        case ast.Expression():
            return by_kleene(node.body, values)
        case ast.Name():
            return values[node.id]
        case ast.UnaryOp():
            verdict = by_kleene(node.operand, values)
            return None if verdict is None else not verdict
        case ast.BoolOp():
            verdicts = [by_kleene(operand, values) for operand in node.values]
            decisive = isinstance(node.op, ast.Or)
            return decisive if decisive in verdicts else None if None in verdicts else not decisive
    raise AssertionError(node)


@pytest.mark.parametrize(
    "text",
    [
        "a",
        "not a",
        "a and b and c",
        "a or b or c",
        "not (c and a)",
        "c and (a or b)",
        "not c or b and not a",
        "not not (a or not (b and not c))",
        "(a or b) and (b or c) and not (a and c)",
        "b and a or c and not b",
    ],
)
def test_every_shape_is_kleenes_logic_for_every_combination_of_verdicts(text: str) -> None:
    matches, tree = segdsl.matcher(text, now=NOW), ast.parse(text, mode="eval")
    for verdicts in product(THREE_VALUES, repeat=3):
        values = dict(zip("abc", verdicts, strict=True))
        assert matches({"properties": values}) is by_kleene(tree, values), values


def test_kinds_of_field_may_stand_in_any_order() -> None:
    """Questions are asked in an order of their own; each answer still goes to its own place."""
    matches = segdsl.matcher(
        "not zeta and (lastSeen within 7d or rating > 3) and not (alpha or conversation.beta) "
        "and conversationCount > 2",
        now=NOW,
    )
    for zeta, seen, rating, alpha, beta, count in product(
        (True, False), ("2026-05-31", None), (3, 4), (True, False), (True, False), (2, 3)
    ):
        user = {
            "properties": {"zeta": zeta, "alpha": alpha},
            "lastSeen": seen,
            "analysis": {"rating": rating},
            "conversationProperties": {"beta": beta},
            "conversationCount": count,
        }
        wanted = not zeta and (True if seen else None if rating == 3 else True) and not (alpha or beta) and count > 2
        assert matches(user) is (False if zeta or alpha or beta or count == 2 else wanted)


def test_scope_clauses_are_not_evaluated() -> None:
    assert segdsl.matcher("a during 7d from 2020-01-01 to 2020-01-02", now=NOW)({"properties": {"a": True}}) is True


def test_nothing_is_kept_from_one_user_to_the_next() -> None:
    matches = segdsl.matcher("a and not b", now=NOW)
    users = [{"properties": {"a": a, "b": b}} for a, b in product(THREE_VALUES, repeat=2)]
    assert [matches(user) for user in users] == [matches(user) for user in reversed(users)][::-1]
