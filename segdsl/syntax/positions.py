"""Where the parts of an expression stand in its text."""

from typing import Any

from segdsl.source import Span
from segdsl.syntax.lexer import SIGNS, TokenSpans, literals_in, words_in
from segdsl.syntax.nodes import And, Chain, Expression, Not, Or
from segdsl.syntax.printer import unparse

_PUNCTUATION = frozenset("()[],")
_BOOLEANS = frozenset(["true", "false"])
_COMPARE_SIGNS = frozenset(sign for sign, name in SIGNS.items() if name == "COMPARE")


class Positions:
    """The spans of an expression's nodes. An expression that was built, not read, stands in its canonical text."""

    def __init__(self, expression: Expression) -> None:
        self._read = expression.text is not None
        self.text = unparse(expression) if expression.text is None else expression.text
        self._tokens = TokenSpans(self.text, whole_conditions=True) if self._read else None
        self._clauses = {name: (first, last) for name, first, last in expression.clause_tokens}

    def node(self, node: Any) -> Span:
        """The whole of a node, without the parentheses around it."""
        if self._tokens is None:
            return self._found(node)
        start = node
        while isinstance(start, And | Or):
            start = start.operands[0]
        end = node
        while isinstance(end, And | Or | Not):
            end = end.operand if isinstance(end, Not) else end.operands[-1]
        whole = self._tokens.span(start.first, end.last)
        return whole if start is node and end is node else self._tokens.around(whole)

    def around(self, span: Span) -> Span:
        """The span with the parentheses that are opened or closed in it, and with the `not`s before it."""
        return self._tokens.around(span) if self._tokens else span

    def name(self, node: Any) -> Span:
        """The name in a comparison."""
        if self._tokens is None:
            return self._found(node)
        found = words_in(self.text, self._tokens.span(node.first, node.last))
        at = next(
            index
            for index, (word, _) in enumerate(found)
            if word not in _COMPARE_SIGNS and word.lower() not in _BOOLEANS
        )
        name, span = found[at]
        if name in ("user", "conversation") and found[at + 1 : at + 2] and found[at + 1][0] == "[":
            return Span(span.start, found[at + 2][1].end)
        return span

    def operator(self, node: Any) -> Span:
        """The sign or words between name and literal; of a chain, the first."""
        if self._tokens is None:
            return self._found(node)
        name = self.name(node)
        found = [
            span
            for word, span in words_in(self.text, self._tokens.span(node.first, node.last))
            if word not in _PUNCTUATION and word.lower() not in _BOOLEANS and not name.start <= span.start < name.end
        ]
        return Span(found[0].start, found[1].end) if self._two_words(found) else found[0]

    def _two_words(self, spans: list[Span]) -> bool:
        """`not in`, `not contains`, `is not`: two words with no literal between them."""
        return len(spans) > 1 and "not" in (
            self.text[spans[0].start : spans[0].end].lower(),
            self.text[spans[1].start : spans[1].end].lower(),
        )

    def value(self, node: Any, index: int = 0) -> Span:
        """A literal in a comparison; `index` counts those of a list, or low and high of a range."""
        if self._tokens is None:
            return self._found(node)
        spans = literals_in(self.text, self._tokens.span(node.first, node.last))
        name = self.name(node)
        spans = [span for span in spans if not name.start <= span.start < name.end]
        if isinstance(node, Chain) and node.downwards:
            spans.reverse()
        return spans[index] if index < len(spans) else self.node(node)

    def clause(self, name: str) -> Span:
        """A scope clause (`during`, `from_`, `to`, `products`), with its keyword."""
        if self._tokens is None or name not in self._clauses:
            return Span(0, len(self.text))
        return self._tokens.span(*self._clauses[name])

    def _found(self, node: Any) -> Span:
        wanted = unparse(node)
        start = self.text.find(wanted)
        return Span(start, start + len(wanted)) if start >= 0 else Span(0, len(self.text))
