"""Law 1: `parse(unparse(e)) == e`, and `unparse` is canonical and idempotent, on one line or on many."""

import pickle
from collections.abc import Callable
from itertools import cycle

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from segdsl.errors import NestingError
from segdsl.limits import MAX_NESTING
from segdsl.source import Span
from segdsl.syntax.nesting import first_too_deep
from segdsl.syntax.nodes import And, BareName, Comparison, Condition, Expression, Not, Or
from segdsl.syntax.parser import parse
from segdsl.syntax.printer import unparse

from .effort import rounds
from .syntax_trees import CONDITIONS, LEAVES, expressions

WIDTHS = st.one_of(st.integers(-1, 40), st.integers(40, 200))


@given(expressions())
def test_parsing_the_text_gives_the_tree_back(expression: Expression) -> None:
    assert parse(unparse(expression)) == expression


@given(expressions())
def test_printing_what_was_printed_changes_nothing(expression: Expression) -> None:
    text = unparse(expression)
    assert unparse(parse(text)) == text
    assert "\n" not in text


@given(expressions(), WIDTHS)
@example(Expression(Or((BareName("a"), And((Not(Or((BareName("b"), BareName("c")))), BareName("d")))))), 1)
def test_broken_lines_say_the_same_and_stay_as_they_are(expression: Expression, width: int) -> None:
    text = unparse(expression, width=width)
    assert parse(text) == expression
    assert unparse(parse(text), width=width) == text
    assert not any(line.endswith(" ") for line in text.split("\n"))


@given(expressions(), WIDTHS)
def test_a_text_that_fits_stays_on_one_line(expression: Expression, width: int) -> None:
    line = unparse(expression)
    assert (unparse(expression, width=width) == line) is (len(line) <= width or not _can_break(expression))


def _can_break(expression: Expression) -> bool:
    """Whether anything in the expression has a place for a line break."""
    return unparse(expression, width=0) != unparse(expression)


@given(CONDITIONS)
def test_a_condition_alone_prints_as_it_does_in_an_expression(condition: Condition) -> None:
    assert unparse(condition) == unparse(Expression(condition))


@given(CONDITIONS)
def test_no_parentheses_can_be_left_out(condition: Condition) -> None:
    """Those around `or` inside `and`, and around `and` or `or` under `not`: no other."""
    expected = sum(
        (type(parent) is And and type(child) is Or) or (type(parent) is Not and type(child) in (And, Or))
        for parent, child in _edges(condition)
    )
    assert _outside_strings(unparse(condition)).count("(") == expected


def _edges(condition: Condition) -> list[tuple[Condition, Condition]]:
    found = []
    waiting = [condition]
    while waiting:
        node = waiting.pop()
        operands = node.operands if isinstance(node, And | Or) else (node.operand,) if isinstance(node, Not) else ()
        found += [(node, operand) for operand in operands]
        waiting += operands
    return found


def _outside_strings(text: str) -> str:
    return "".join(text.replace(r"\\", "").replace(r"\"", "").split('"')[::2])


# ── as deep as trees can be ────────────────────────────────────────────────────────────────────────────────────────


@st.composite
def deep_conditions(draw: st.DrawFn) -> Condition:
    """Trees that grow around one leaf until no level more is allowed."""
    condition: Condition = draw(LEAVES)
    grow: list[Callable[[Condition], Condition]] = [
        Not,
        lambda inner: And((inner, BareName("a"))),
        lambda inner: And((BareName("a"), inner)),
        lambda inner: Or((inner, Comparison("b", "==", 1))),
        lambda inner: Or((Not(BareName("b")), inner)),
    ]
    pattern = draw(st.lists(st.sampled_from(grow), min_size=2, max_size=8).filter(_deepens))
    try:
        for step in cycle(pattern):
            condition = step(condition)
    except NestingError:
        return condition
    raise AssertionError("the tree cannot grow for ever")


def _deepens(pattern: list[Callable[[Condition], Condition]]) -> bool:
    """Whether repeating the steps nests, rather than making one level longer."""
    condition: Condition = BareName("x")
    for step in [*pattern, *pattern]:
        condition = step(condition)
    assert isinstance(condition, And | Or | Not)
    return condition.nesting > 1


@settings(max_examples=rounds(dev=15, ci=15, deep=400))
@given(deep_conditions(), st.sampled_from([None, 1, 20]))
def test_the_deepest_trees_are_read_back(condition: Condition, width: int | None) -> None:
    expression = Expression(condition)
    again = parse(unparse(expression, width=width))
    assert again == expression
    assert hash(again) == hash(expression)
    assert repr(again) == repr(expression)
    assert pickle.loads(pickle.dumps(again)) == expression


@given(CONDITIONS)
@example(And((Or((BareName("a"), BareName("b"))), Comparison("and", "not contains", "x"))))
def test_nesting_counts_the_levels_of_the_text(condition: Condition) -> None:
    """Each level is a parenthesis or a `not`; a tree can grow by as many `not`s as are left."""
    nesting = getattr(condition, "nesting", 0)
    text = unparse(condition)
    assert first_too_deep_for(text, nesting) is None
    assert nesting == 0 or first_too_deep_for(text, nesting - 1) is not None


def first_too_deep_for(text: str, limit: int) -> Span | None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("segdsl.syntax.nesting.MAX_NESTING", limit)
        return first_too_deep(text)


def test_a_tree_that_would_be_too_deep_cannot_be_built() -> None:
    deepest = Expression(BareName("a"))
    for _ in range(MAX_NESTING):
        deepest = ~deepest
    assert parse(unparse(deepest)) == deepest
    for grow in (lambda: ~deepest, lambda: ~(deepest & deepest), lambda: Not(deepest.condition)):
        with pytest.raises(NestingError, match=f"deeper than {MAX_NESTING} levels"):
            grow()
    assert parse(unparse(deepest & deepest | deepest)) == deepest & deepest | deepest


def test_strings_are_never_broken() -> None:
    long = " and ".join(["word"] * 40)
    assert unparse(And((Comparison("a", "==", long), BareName("b"))), width=20) == f'a == "{long}"\nand b'
