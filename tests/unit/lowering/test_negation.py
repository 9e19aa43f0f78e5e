"""`not`, pushed down to the predicates."""

import pytest
from lowered import positive
from segdsl.lowering.joints import Joint, fold_joints, leaves
from segdsl.lowering.negation import OPPOSITES
from segdsl.semantics.signatures import SIGNATURES


def written(condition):
    """The condition as text."""
    return fold_joints(
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
def test_the_operators_take_it_up(text, expected):
    condition, problems = positive(text)
    assert (written(condition), problems) == (expected, ())


def test_opposites_are_opposites_and_every_operator_but_contains_has_one():
    assert all(OPPOSITES[opposite] == operator for operator, opposite in OPPOSITES.items())
    operators = {operator for table in SIGNATURES.values() for operator in table}
    assert operators - OPPOSITES.keys() == {"contains", "not contains"}


def test_what_no_rule_negates_is_said_in_the_order_of_the_text():
    _, problems = positive('not (a contains "x" or b contains "y") and not c contains "z"')
    assert [problem.code for problem in problems] == ["not-expressible"] * 3
    assert [problem.span.start for problem in problems] == [5, 23, 43]


def test_the_span_takes_in_the_negation_where_it_stands_before_the_condition():
    text = 'rating > 3 and not company contains "x"'
    _, (problem,) = positive(text)
    assert text[problem.span.start : problem.span.end] == 'not company contains "x"'


def test_a_definition_that_cannot_be_negated_is_shown_with_its_use():
    _, (problem,) = positive("not @german", german='company contains "GmbH"')
    assert (problem.source_name, [note.source.name for note in problem.notes]) == ("@german", ["expression"])


def test_joints_keep_what_was_written():
    condition, _ = positive("not (a == 1 and b == 2)")
    assert isinstance(condition, Joint)
    assert not condition.every
    assert [leaf.field.key for leaf in leaves(condition)] == ["a", "b"]
