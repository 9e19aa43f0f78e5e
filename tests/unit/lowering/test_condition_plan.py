"""Conditions over sets: fields, their cells, and the tests that predicates are made of."""

import pytest
from lowered import planned, typed
from segdsl.lowering.joints import leaves
from segdsl.lowering.lines import Count, Flag, LastSeen, Line, Metric, Opaque
from segdsl.lowering.property_values import PropertyValues

import segdsl
from segdsl.lowering.plan import Plan
from segdsl.lowering.plan import tests_of as predicate_tests

WHOLE = segdsl.Schema(properties={"seats": "integer"}, conversation_properties={"turns": "integer"})
NINE_TEXTS = " and ".join(f'name contains "{text}"' for text in "abcdefghi")


def kinds(plan: Plan) -> list[type[Line]]:
    return [type(line) for line in plan.lines]


def names(plan: Plan) -> list[str]:
    return [line.field.key for line in plan.lines]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("rating > 3", (False, [(">", 3)])),
        ("rating != 3", (False, [("<", 3), (">", 3)])),
        ("conversationCount != 3", (False, [("<", 3), (">", 3)])),
        ("plan != 3", (False, [("!=", 3)])),
        ("plan in ['a', 'b']", (False, [("==", "a"), ("==", "b")])),
        ("plan not in ['a', 'b']", (True, [("!=", "a"), ("!=", "b")])),
        ("plan >= 3", (False, [(">", 3), ("==", 3)])),
        ("plan <= 'm'", (False, [("<", "m"), ("==", "m")])),
        ("conversation.x >= 3", (False, [(">", 3), ("==", 3)])),
        ("rating >= 3", (False, [(">=", 3)])),
        ("conversationCount <= 3", (False, [("<=", 3)])),
        ("seats >= 3", (False, [(">", 2)])),
        ("seats <= 3", (False, [("<", 4)])),
        ("conversation.turns >= 3", (False, [(">", 2)])),
        ("lastSeen within 7d", (False, [("within", "7d")])),
        ("jailbreakDetected != true", (False, [("!=", True)])),
    ],
)
def test_the_tests_of_a_predicate(text, expected):
    assert predicate_tests(typed(text, WHOLE if "seats" in text or "turns" in text else None).condition) == expected


def test_one_line_for_each_field_in_the_order_of_the_text():
    plan = planned("plan == 'a' and rating > 3 and jailbreakDetected and lastSeen within 7d and conversationCount > 5")
    assert kinds(plan) == [PropertyValues, Metric, Flag, LastSeen, Count]
    assert names(plan) == ["plan", "rating", "jailbreakDetected", "lastSeen", "conversationCount"]
    assert plan.order == [0, 1, 2, 3, 4]
    assert plan.universe == [(1 << line.cells + 1) - 1 for line in plan.lines]


def test_one_line_for_each_test_of_a_conversation_property():
    plan = planned("conversation.x == 1 and rating > 3 and (conversation.x == 1.0 or conversation.x == true)")
    assert kinds(plan) == [Metric, Opaque, Opaque]
    assert plan.order == [1, 0, 0]
    assert [choice.tests for choice in leaves(plan.condition)] == [((1, 1),), ((0, 0b100),), ((1, 1),), ((2, 1),)]


def test_strings_numbers_and_booleans_are_different_tests():
    plan = planned("conversation.x == '1' or conversation.x == 1 or conversation.x == true or conversation.x != 1")
    assert len(plan.lines) == 4


def test_too_many_classes_of_strings_stand_apart():
    plan = planned(f"{NINE_TEXTS} and name == 'abc' and name > 5 and name < 'm'")
    assert kinds(plan) == [PropertyValues, *[Opaque] * 10]
    assert plan.lines[0].atoms(plan.lines[0].mask(("==", "abc")))[0].value == "abc"
    assert set(plan.order) == {0}
    assert [choice.tests[0][0] for choice in leaves(plan.condition)] == [*range(1, 10), 0, 0, 10]


def test_too_many_classes_of_strings_and_nothing_else():
    assert kinds(planned(NINE_TEXTS)) == [Opaque] * 9
    assert kinds(planned(NINE_TEXTS.removesuffix(' and name contains "i"'))) == [PropertyValues]
