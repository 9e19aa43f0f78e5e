"""Conditions over sets: fields, their cells, and the tests that predicates are made of."""

import pytest

import segdsl
from segdsl.lowering.domains import FieldDomain, OpaqueDomain, PropertyDomain
from segdsl.lowering.domains.cells import alternatives_of
from segdsl.lowering.domains.lines import CountDomain, FlagDomain, LastSeenDomain, MetricDomain
from segdsl.lowering.space import Space
from segdsl.semantics.typed import leaves_of

from .lowered import predicate_of, text_space

WHOLE = segdsl.Schema(properties={"seats": "integer"}, conversation_properties={"turns": "integer"})
TWELVE_TEXTS = " and ".join(f'name contains "{text}"' for text in "abcdefghijkl")


def kinds(space: Space) -> list[type[FieldDomain]]:
    return [type(domain) for domain in space.domains]


def names(space: Space) -> list[str]:
    return [domain.field.key for domain in space.domains]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("rating > 3", [(">", 3)]),
        ("rating != 3", [("<", 3), (">", 3)]),
        ("conversationCount != 3", [("<", 3), (">", 3)]),
        ("plan != 3", [("!=", 3)]),
        ("plan in ['a', 'b']", [("==", "a"), ("==", "b")]),
        ("plan not in ['a', 'b']", [("!=", "a"), ("!=", "b")]),
        ("plan >= 3", [(">", 3), ("==", 3)]),
        ("plan <= 'm'", [("<", "m"), ("==", "m")]),
        ("conversation.x >= 3", [(">", 3), ("==", 3)]),
        ("rating >= 3", [(">=", 3)]),
        ("conversationCount <= 3", [("<=", 3)]),
        ("seats >= 3", [(">", 2)]),
        ("seats <= 3", [("<", 4)]),
        ("conversation.turns >= 3", [(">", 2)]),
        ("lastSeen within 7d", [("within", "7d")]),
        ("jailbreakDetected != true", [("!=", True)]),
    ],
)
def test_the_tests_of_a_predicate(text: str, expected: list[tuple[str, int | str | bool]]) -> None:
    assert alternatives_of(predicate_of(text, WHOLE if "seats" in text or "turns" in text else None)) == expected


def test_each_test_of_not_in_must_hold_and_one_of_the_others() -> None:
    space = text_space("plan not in ['a', 'b'] and seats in [1, 2] and rating != 3 and seats >= 5")
    assert [choice.every for choice in leaves_of(space.condition)] == [True, False, False, False]


def test_one_dimension_for_each_field_in_the_order_of_the_text() -> None:
    space = text_space(
        "plan == 'a' and rating > 3 and jailbreakDetected and lastSeen within 7d and conversationCount > 5"
    )
    assert kinds(space) == [PropertyDomain, MetricDomain, FlagDomain, LastSeenDomain, CountDomain]
    assert names(space) == ["plan", "rating", "jailbreakDetected", "lastSeen", "conversationCount"]
    assert space.universe == [(1 << domain.cells + 1) - 1 for domain in space.domains]


def test_one_dimension_for_each_test_of_a_conversation_property() -> None:
    space = text_space("conversation.x == 1 and rating > 3 and (conversation.x == 1.0 or conversation.x == true)")
    assert kinds(space) == [MetricDomain, OpaqueDomain, OpaqueDomain]
    assert [choice.tests for choice in leaves_of(space.condition)] == [((1, 1),), ((0, 0b100),), ((1, 1),), ((2, 1),)]


def test_strings_numbers_and_booleans_are_different_tests() -> None:
    space = text_space("conversation.x == '1' or conversation.x == 1 or conversation.x == true or conversation.x != 1")
    assert len(space.domains) == 4


def test_too_many_classes_of_strings_stand_apart() -> None:
    space = text_space(f"{TWELVE_TEXTS} and name == 'abc' and name > 5 and name < 'm'")
    assert kinds(space) == [PropertyDomain, *[OpaqueDomain] * 13]
    assert space.domains[0].rules(space.domains[0].mask(("==", "abc")))[0].value == "abc"
    assert [choice.tests[0][0] for choice in leaves_of(space.condition)] == [*range(1, 13), 0, 0, 13]


def test_too_many_classes_of_strings_and_nothing_else() -> None:
    assert kinds(text_space(TWELVE_TEXTS)) == [PropertyDomain, *[OpaqueDomain] * 12]
    assert kinds(text_space(TWELVE_TEXTS.removesuffix(' and name contains "l"'))) == [PropertyDomain]
