"""Law 3: a user matches the expression exactly when one of the compiled filters matches."""

from typing import Any

from hypothesis import assume, event, given
from hypothesis import strategies as st

import segdsl

from .meaning import meaning
from .strategies import LAST_SEEN, NOW, TREES, candidates, combined, ordered, record, values_for
from .trees import Comparison, Field, In, Tree, spell

LIMIT = 64
"""Segments allowed here; what needs more is refused, and says nothing about the law."""


def compiled(text: str, schema: segdsl.Schema | None = None) -> tuple[segdsl.Filters, ...]:
    """The filters; none for what never matches."""
    try:
        return segdsl.compile_all(text, schema=schema, max_segments=LIMIT)
    except segdsl.CompileError as refused:
        codes = {diagnostic.code for diagnostic in refused.diagnostics}
        assume(codes != {"too-many-segments"})
        assert codes == {"never-matches"}, codes
        return ()


@given(data=st.data(), tree=TREES)
def test_a_user_matches_the_expression_exactly_when_one_of_the_filters_matches(data: st.DataObject, tree: Tree) -> None:
    text = spell(tree)
    several = compiled(text)
    event(f"segments: {min(len(several), 5)}")
    for _ in range(4):
        values = data.draw(values_for(tree))
        user = record(values)
        verdict = segdsl.evaluate(text, user, now=NOW)
        assert verdict is meaning(tree, values), (text, user)
        assert (verdict is True) is any(segdsl.evaluate(filters, user, now=NOW) is True for filters in several), (
            text,
            user,
        )


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


@given(data=st.data(), tree=combined(LAST_SEEN, DECLARED, leaves=6))
def test_declared_integers_are_lowered_faithfully(data: st.DataObject, tree: Tree) -> None:
    """The users fit the declarations: `seats` is a whole number or lacking."""
    text = spell(tree)
    several = compiled(text, SCHEMA)
    for _ in range(4):
        values = data.draw(values_for(tree))
        if SEATS in values:
            values[SEATS] = data.draw(
                st.sampled_from([v for v in candidates(tree)[SEATS] if v is None or type(v) is int])
            )
        if PLAN in values:
            values[PLAN] = data.draw(st.sampled_from([None, *PLANS]))
        user = record(values)
        verdict = segdsl.evaluate(text, user, now=NOW, schema=SCHEMA)
        assert verdict is meaning(tree, values), (text, user)
        assert (verdict is True) is any(segdsl.evaluate(filters, user, now=NOW) is True for filters in several), (
            text,
            user,
        )


@given(data=st.data(), tree=TREES)
def test_the_matcher_agrees_with_evaluate(data: st.DataObject, tree: Tree) -> None:
    text = spell(tree)
    matches = segdsl.matcher(text, now=NOW)
    for _ in range(3):
        user: dict[str, Any] = record(data.draw(values_for(tree)))
        assert matches(user) is segdsl.evaluate(text, user, now=NOW), (text, user)
