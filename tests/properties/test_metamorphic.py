"""Promise 5, stable: the same expression, however it is spelled, gives the same bytes, or the same refusal."""

from random import Random

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import segdsl

from .strategies import COUNT, DUBIOUS_TREES, METRICS, SCOPES, TREES
from .trees import And, Between, Comparison, Not, Or, Tree, spell

Outcome = list[bytes] | list[str]


def outcome(text: str) -> Outcome:
    """The bytes of the filters, or the codes of the refusal."""
    try:
        return [filters.to_json() for filters in segdsl.compile_all(text)]
    except (segdsl.ParseError, segdsl.CompileError) as refused:
        return [diagnostic.code for diagnostic in refused.diagnostics]


@given(tree=TREES | DUBIOUS_TREES, scope=SCOPES, odd=st.randoms(use_true_random=False))
@example(tree=Not(Between(METRICS[1], 2, 4)), scope=(), odd=Random(7))
@example(
    tree=And((Comparison(COUNT, ">", 5), Comparison(METRICS[0], "<=", 0.3))), scope=("during", "7d"), odd=Random(8)
)
def test_spelling_does_not_matter(tree: Tree, scope: tuple[str, ...], odd: Random) -> None:
    plain, strange = spell(tree, scope), spell(tree, scope, odd)
    assert outcome(strange) == outcome(plain), strange


@given(tree=TREES, scope=SCOPES)
def test_compiling_the_tree_is_compiling_the_text(tree: Tree, scope: tuple[str, ...]) -> None:
    text = spell(tree, scope)
    try:
        from_text = segdsl.compile_all(text)
    except segdsl.CompileError:
        with pytest.raises(segdsl.CompileError):
            segdsl.compile_all(segdsl.parse(text))
    else:
        assert segdsl.compile_all(segdsl.parse(text)) == from_text


@given(tree=TREES)
def test_two_negations_change_nothing(tree: Tree) -> None:
    assert outcome(spell(Not(Not(tree)))) == outcome(spell(tree))


@given(tree=TREES)
def test_saying_it_twice_changes_nothing(tree: Tree) -> None:
    once = outcome(spell(tree))
    assert outcome(spell(Or((tree, tree)))) == once
    assert outcome(spell(And((tree, tree)))) in (once, ["too-many-segments"])
