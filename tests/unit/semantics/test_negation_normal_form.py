"""`not`, pushed down to the predicates by the checker."""

import pytest

import segdsl
from segdsl.catalogue import OPERATORS, OPPOSITES, TAKES
from segdsl.semantics.checker import check
from segdsl.semantics.definitions import Definitions
from segdsl.semantics.typed import Condition, Connective, fold, leaves_of, negation


def condition_of(text: str, **definitions: str) -> Condition:
    found, problems = check(segdsl.parse(text), definitions=Definitions(definitions))
    assert found is not None, problems
    return found.condition


def written(condition: Condition) -> str:
    """The condition as text."""
    return fold(
        condition,
        lambda predicate: f"{predicate.field.key} {predicate.operator} {predicate.value}",
        lambda node, parts: f"({(' and ' if node.every else ' or ').join(parts)})",
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a == 1", "a == 1"),
        ("not a == 1", "a != 1"),
        ("not not a == 1", "a == 1"),
        ("not (a == 1 and b < 2)", "(a != 1 or b >= 2)"),
        ("not (a == 1 or b < 2)", "(a != 1 and b >= 2)"),
        ("not (a == 1 or not (b < 2 and c > 3))", "(a != 1 and (b < 2 and c > 3))"),
        ("x == 1 and not (a == 1 and b <= 2)", "(x == 1 and (a != 1 or b > 2))"),
        ("not lastSeen within 7d", "lastSeen before 7d"),
        ("not lastSeen before 7d", "lastSeen within 7d"),
        ("not plan in ['a']", "plan not in ('a',)"),
        ("not plan not in ['a']", "plan in ('a',)"),
        ("not 1 <= a < 2", "(a < 1 or a >= 2)"),
        ("not not company contains 'x'", "company contains x"),
    ],
)
def test_the_operators_take_it_up(text: str, expected: str) -> None:
    assert written(condition_of(text)) == expected


@pytest.mark.parametrize("text", ["a == 1 and (b < 2 or not c > 3)", "not (a and not (b or c))", "@d or not @d"])
def test_a_negation_equals_the_text_with_not_before_it(text: str) -> None:
    definitions = {"d": "a and not (b or plan in ['x'])"}
    condition = condition_of(text, **definitions)
    assert written(negation(condition)) == written(condition_of(f"not ({text})", **definitions))
    assert written(negation(negation(condition))) == written(condition)


def test_every_operator_has_an_opposite_and_is_its_opposites_opposite() -> None:
    assert OPPOSITES.keys() == OPERATORS.keys()
    assert all(OPPOSITES[opposite] == operator for operator, opposite in OPPOSITES.items())
    assert all(OPPOSITES[operator] in taken for taken in TAKES.values() for operator in taken)


def test_connectives_and_predicates_keep_whether_a_not_turned_them() -> None:
    condition = condition_of("not (a == 1 and b == 2)")
    assert isinstance(condition, Connective)
    assert (condition.every, condition.negated) == (False, True)
    assert [(leaf.field.key, leaf.negated) for leaf in leaves_of(condition)] == [("a", True), ("b", True)]
    twice = condition_of("not not (a == 1 and b == 2)")
    assert isinstance(twice, Connective)
    assert (twice.every, twice.negated) == (True, False)
    assert [leaf.negated for leaf in leaves_of(twice)] == [False, False]


def test_a_definition_that_is_used_both_ways_is_turned_where_it_is_negated_only() -> None:
    condition = condition_of("@d and not @d", d="a == 1 or b < 2")
    assert written(condition) == "((a == 1 or b < 2) and (a != 1 and b >= 2))"
