"""Conjunctions that need no simplification: what their parts become, and where the short way ends."""

import pytest
from lowered import typed
from segdsl.lowering.plain import plain_conjunctions, required_predicates

import segdsl

SEATS = segdsl.Schema(properties={"seats": "integer", "plan": "string"})


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ("not seats < 5", [("seats", "gt", 4)]),
        (
            "rating < 3 and not (seats < 5 or plan == 'x')",
            [("rating", "lt", 3), ("seats", "gt", 4), ("plan", "neq", "x")],
        ),
        ("not not seats > 5", [("seats", "gt", 5)]),
        ("seats < 9 and 2 <= seats", [("seats", "gt", 1), ("seats", "lt", 9)]),
    ],
)
def test_not_is_pushed_down_and_whole_numbers_stay_whole(text, rules):
    (conjunction,) = plain_conjunctions(typed(text, SEATS).condition, 1) or ()
    assert [(atom.field.key, atom.operator, atom.value) for atom in conjunction] == rules


@pytest.mark.parametrize("text", ["not (a and b)", "a or b", "not plan contains 'x'", "a and not (b and c)"])
def test_an_or_or_what_has_no_opposite_is_not_plain(text):
    assert required_predicates(typed(text).condition) is None
