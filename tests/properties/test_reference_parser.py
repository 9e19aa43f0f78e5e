"""The parser agrees with Lark: the same tree or a refusal at the same place, for any text."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import segdsl
from segdsl.syntax.actions import ParseContext
from segdsl.syntax.driver import run
from segdsl.syntax.fold import leaves
from segdsl.syntax.lexer import PlainTokens
from segdsl.syntax.nodes import Between, Chain, Expression
from segdsl.syntax.parser import parse_or_none, parse_repaired
from segdsl.syntax.spans import Spans

from .effort import rounds, seeded
from .reference_parser import Found, Leaf, reference
from .syntax_trees import expressions
from .test_any_text import ANY_TEXT
from .token_soup import soup

SOUPS = rounds(dev=2_000, ci=2_000, deep=200_000)


def token_by_token(text: str) -> Expression | int | None:
    """The driver's result without fused conditions: a tree, or where it stops (None: the end)."""
    tokens = PlainTokens(text)
    result = run(ParseContext(text, tokens.rows))
    if isinstance(result, Expression):
        return result
    at_end = not any(tokens.rows[result.token])
    return None if at_end else tokens.span(result.token, result.token).start


def problems_of(text: str) -> list[Found]:
    """The errors of names and literals in a text without syntax errors, from the explaining pass."""
    diagnostics = parse_repaired(text).problems
    return [(one.code, one.message, one.span.start, one.span.end) for one in diagnostics]


def spans_of(expression: Expression) -> list[Leaf]:
    """The spans of each leaf; a leaf that is not a range has one bound for each value."""
    spans, found = Spans(expression), []
    for number, leaf in enumerate(leaves(expression.condition)):
        value = getattr(leaf, "value", None)
        count = len(value) if isinstance(value, tuple) else 2 if isinstance(leaf, Between | Chain) else 1
        values, bounds = ([part(number, index) for index in range(count)] for part in (spans.value, spans.bound))
        found.append(Leaf(spans.leaf(number), spans.name(number), spans.operator(number), values, bounds))
    return found


def assert_agrees(text: str) -> None:
    """The parser, in its normal mode and token by token, agrees with Lark on `text`."""
    found = reference(text)
    fast = parse_or_none(text)
    plain = token_by_token(text)
    if found.tree is None:
        assert fast is None, text
        assert plain == found.refused_at, text
    elif found.problems:
        assert fast is None, text
        assert problems_of(text) == sorted(found.problems, key=lambda problem: problem[2:]), text
    else:
        assert fast is not None, text
        assert fast == found.tree == plain, text
        assert spans_of(fast) == found.leaves, text
        assert {name: Spans(fast).clause(name) for name in found.clauses} == found.clauses, text


def test_on_texts_made_of_tokens() -> None:
    random = seeded(20261123)
    accepted = 0
    for _ in range(SOUPS):
        text = soup(random)
        assert_agrees(text)
        accepted += parse_or_none(text) is not None
    assert SOUPS // 6 < accepted < SOUPS - SOUPS // 6  # both sides of the promise were tried


@given(text=ANY_TEXT)
@example("")
@example("#")
@example("a")
@example("5 < not")
@example("5 < not %")
@example("a == not")
@example("a == 1andb == 2")
@example("a == 1 and")
@example("a == 1 andb == 2")
@example("0.3 <= a == 1")
@example("a between 1 && 4")
@example("a !in [1]")
@example("a in [1,,]")
@example("a in [1)")
@example("a not in (1, 2,]")
@example("5 < a == 1")
@example("a between 1 and 2 < b")
@example("a between 1 and in [2]")
@example("a between 5 and b == 3")
@example("is not in [1]")
@example("a is not in [1]")
@example("and in [1] and in in [2]")
@example("a in[1]and b before 7d")
@example("1 < a > 0")
@example("4 >= a > -.5 and 1e999 > a > 0")
@example("a in ['\\q', \"\x01\"]")
@example("lastSeen within 99999d")
@example("user.a == 1 and USER.a == 1")
@example("from == 1 from 2026-01-01")
@example("a == 1 from == 1")
@example("x." * 500)
def test_on_any_text(text: str) -> None:
    assert_agrees(text)


@given(expression=expressions(), width=st.sampled_from([None, 20]))
def test_on_every_tree(expression: Expression, width: int | None) -> None:
    assert_agrees(segdsl.unparse(expression, width=width))


@pytest.mark.parametrize("depth", [1, 60, 199])
def test_on_deep_texts(depth: int) -> None:
    assert_agrees("(" * depth + "a == 1" + ")" * depth + " or b")
    assert_agrees("not " * depth + "a == 1 and b")
    assert_agrees("(! " * (depth // 2) + "a" + ")" * (depth // 2 - 1))
