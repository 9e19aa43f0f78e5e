"""The spans of an expression's parts in its text."""

from functools import cached_property
from typing import Protocol

from msgspec import Struct

from segdsl.source import Span
from segdsl.syntax.actions import LeafTokens, ParseContext, TokenRange
from segdsl.syntax.driver import run
from segdsl.syntax.lexer import PlainTokens
from segdsl.syntax.nodes import Expression
from segdsl.syntax.printer import unparse


class Tokens(Protocol):
    """The tokens of a text, as the parser took them."""

    def span(self, first: int, last: int) -> Span:
        """The span from the start of one token to the end of another."""

    def words(self) -> list[str]:
        """The texts of all tokens except the end, in lower case."""


class Places(Struct, frozen=True):
    """The tokens of a text that was parsed, and those of its leaves and scope clauses."""

    tokens: Tokens
    leaves: list[LeafTokens]
    clauses: dict[str, TokenRange]


class Spans:
    """The spans of an expression's parts, in `text`: the one it was read from, or the canonical one of a built tree.

    Nodes have no spans. The text is parsed once more, token by token, and the parser records the tokens of each leaf; a
    repaired tree has its own tokens. Leaves are numbered in the order of the text, as
    `fold.leaves(expression.condition)` lists them.
    """

    def __init__(self, expression: Expression) -> None:
        self.text = unparse(expression) if expression.text is None else expression.text
        places: Places = expression.places or _places(self.text)
        self._tokens, self._leaves, self._clauses = places.tokens, places.leaves, places.clauses

    # ── parts of a leaf ────────────────────────────────────────────────────────────────────────────────────────────

    def leaf(self, number: int) -> Span:
        """A whole leaf."""
        return self._span(self._leaves[number].whole)

    def name(self, number: int) -> Span:
        """The name in a leaf; of a reference, the whole leaf."""
        return self._span(self._leaves[number].name)

    def operator(self, number: int) -> Span:
        """The sign or words between name and literal; the first sign of a chain; the whole of a leaf without one."""
        return self._span(self._leaves[number].operator)

    def value(self, number: int, index: int = 0) -> Span:
        """A literal: one item of a list, or low (0) and high (1) of a range; of a bare name, the name.

        If a parameter is the list, each item has its span.
        """
        values = self._leaves[number].values
        return self._span(values[index] if len(values) > 1 else values[0])

    def bound(self, number: int, index: int) -> Span:
        """Low (0) or high (1) of a range together with its sign; a `between` has no signs."""
        return self._span(self._leaves[number].bounds[index])

    def between(self, first: int, second: int) -> list[str]:
        """The words and signs between two leaves, in lower case."""
        return self._words[self._leaves[first].whole[1] + 1 : self._leaves[second].whole[0]]

    # ── more than a leaf ───────────────────────────────────────────────────────────────────────────────────────────

    def part(self, first: int, last: int) -> Span:
        """From one leaf to another, with the parentheses opened or closed in between, and with the `not`s before it."""
        start, end = self._leaves[first].whole[0], self._leaves[last].whole[1]
        partners = [self._partners[at] for at in range(start, end + 1) if at in self._partners]
        start, end = min([start, *partners]), max([end, *partners])
        while start and self._words[start - 1] in ("not", "!"):
            start -= 1
        return self._span((start, end))

    def condition(self) -> Span:
        """The whole condition, without parentheses around all of it."""
        start, end = 0, min([first for first, _ in self._clauses.values()], default=len(self._words)) - 1
        while self._partners.get(start) == end:
            start, end = start + 1, end - 1
        return self._span((start, end))

    def clause(self, name: str) -> Span:
        """A scope clause (`during`, `from_`, `to`, `products`) with its keyword; `KeyError` if there is none."""
        return self._span(self._clauses[name])

    def _span(self, tokens: TokenRange) -> Span:
        return self._tokens.span(*tokens)

    @cached_property
    def _words(self) -> list[str]:
        return self._tokens.words()

    @cached_property
    def _partners(self) -> dict[int, int]:
        """For each parenthesis the number of the token that closes or opens it."""
        partners: dict[int, int] = {}
        waiting: list[int] = []
        for at, word in enumerate(self._words):
            if word == "(":
                waiting.append(at)
            elif word == ")":
                opening = waiting.pop()
                partners[opening], partners[at] = at, opening
        return partners


def _places(text: str) -> Places:
    tokens = PlainTokens(text)
    context = ParseContext(text, tokens.rows, leaves=[])
    run(context)
    return Places(tokens, context.leaves or [], context.clauses)
