"""The prepared form of an expression: made once, used often, the same in every shape of tree."""

from datetime import UTC, datetime
from itertools import product

import pytest
from segdsl.semantics.evaluator import evaluate
from segdsl.semantics.matcher import matcher

from segdsl.syntax.parser import parse

NOW = datetime(2026, 6, 1, tzinfo=UTC)
THREE_VALUES = (True, False, None)


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
def test_every_shape_agrees_with_the_plain_walk_for_every_combination_of_verdicts(text):
    expression = parse(text)
    matches = matcher(expression, NOW)
    for verdicts in product(THREE_VALUES, repeat=3):
        user = {"properties": dict(zip("abc", verdicts, strict=True))}
        assert matches(user) is evaluate(expression, user, NOW), user


def test_kinds_of_field_may_stand_in_any_order():
    """Questions are asked in an order of their own; each answer still goes to its own place."""
    expression = parse(
        "not zeta and (lastSeen within 7d or rating > 3) and not (alpha or conversation.beta) and conversationCount > 2"
    )
    matches = matcher(expression, NOW)
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
        assert matches(user) is evaluate(expression, user, NOW)


def test_a_condition_alone_will_do():
    assert matcher(parse("a during 7d").condition, NOW)({"properties": {"a": True}}) is True


def test_nothing_is_kept_from_one_user_to_the_next():
    matches = matcher(parse("a and not b"), NOW)
    users = [{"properties": {"a": a, "b": b}} for a, b in product(THREE_VALUES, repeat=2)]
    assert [matches(user) for user in users] == [matches(user) for user in reversed(users)][::-1]
