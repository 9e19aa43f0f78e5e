"""Law 3: a user matches the expression exactly when one of the compiled filters matches."""

from typing import Any

from hypothesis import assume, event, given
from hypothesis import strategies as st

import segdsl

from .meaning import meaning
from .strategies import (
    CONTAINS,
    LAST_SEEN,
    NEGATABLE,
    NOW,
    TREES,
    combined,
    one_field_apart,
    ordered,
    record,
    values_for,
)
from .trees import Comparison, Field, In, Tree, spell

LIMIT = 64
"""Segments allowed here; what needs more is refused, and says nothing about the law."""


def compiled(text: str, schema: segdsl.Schema | None = None, max_segments: int = LIMIT) -> tuple[segdsl.Filters, ...]:
    """The filters; none for what never matches."""
    try:
        return segdsl.compile_all(text, schema=schema, max_segments=max_segments)
    except segdsl.CompileError as refused:
        codes = {diagnostic.code for diagnostic in refused.diagnostics}
        assume(codes != {"too-many-segments"})
        assert codes == {"never-matches"}, codes
        return ()


def assert_faithful(
    tree: Tree, several: tuple[segdsl.Filters, ...], values: dict[Field, Any], schema: segdsl.Schema | None = None
) -> None:
    """The tests' own reading, the expression's evaluator and the filters' evaluator agree on one user."""
    text, user = spell(tree), record(values)
    verdict = segdsl.evaluate(text, user, now=NOW, schema=schema)
    assert verdict is meaning(tree, values), (text, user)
    matched = [filters for filters in several if segdsl.evaluate(filters, user, now=NOW) is True]
    assert bool(matched) is (verdict is True), (text, user, matched)


@given(data=st.data(), tree=TREES)
def test_a_user_matches_the_expression_exactly_when_one_of_the_filters_matches(data: st.DataObject, tree: Tree) -> None:
    several = compiled(spell(tree))
    event(f"segments: {min(len(several), 5)}")
    for values in one_field_apart(tree, data.draw(values_for(tree))):
        assert_faithful(tree, several, values)


@given(data=st.data(), tree=combined(CONTAINS, NEGATABLE, leaves=14))
def test_larger_expressions_and_hundreds_of_segments_are_faithful_too(data: st.DataObject, tree: Tree) -> None:
    several = compiled(spell(tree), max_segments=2_000)
    event(f"segments: {min(len(several) // 10 * 10, 100)}")
    assert_faithful(tree, several, data.draw(values_for(tree)))


SEATS = Field("property", "seats", ("seats", "user.seats", 'user["seats"]'))
PLAN = Field("property", "plan", ("plan", "user.plan", 'user["plan"]'))
PLANS = ["", "a", "ab", "b"]
SCHEMA = segdsl.Schema(properties={"seats": "integer", "plan": PLANS})
INTEGERS = st.one_of(st.integers(-3, 8), st.integers(-1000, 1000), st.sampled_from([5.0, 7.0]))
LISTED = st.sampled_from(PLANS)
DECLARED = st.one_of(
    ordered(st.just(SEATS), INTEGERS),
    st.builds(Comparison, st.just(PLAN), st.sampled_from(("==", "!=")), LISTED),
    st.builds(In, st.just(PLAN), st.lists(LISTED, min_size=1, max_size=3).map(tuple), st.booleans()),
)


def as_declared(field: Field, value: Any) -> bool:
    """Whether `seats` is a whole number and `plan` one of its list, or lacking."""
    if value is None or field not in (SEATS, PLAN):
        return True
    return type(value) is int if field == SEATS else value in PLANS


@given(data=st.data(), tree=combined(LAST_SEEN, DECLARED, leaves=6))
def test_declared_integers_are_lowered_faithfully(data: st.DataObject, tree: Tree) -> None:
    several = compiled(spell(tree), SCHEMA)
    drawn = data.draw(values_for(tree))
    fitting = {field: value if as_declared(field, value) else None for field, value in drawn.items()}
    for values in one_field_apart(tree, fitting):
        if all(as_declared(field, value) for field, value in values.items()):
            assert_faithful(tree, several, values, SCHEMA)


@given(data=st.data(), tree=TREES)
def test_the_matcher_agrees_with_evaluate(data: st.DataObject, tree: Tree) -> None:
    text = spell(tree)
    matches = segdsl.matcher(text, now=NOW)
    for values in one_field_apart(tree, data.draw(values_for(tree))):
        user = record(values)
        assert matches(user) is segdsl.evaluate(text, user, now=NOW), (text, user)
