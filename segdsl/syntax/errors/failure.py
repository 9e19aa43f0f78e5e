"""The token that the parser could not take, what stands around it, and what it could have taken instead."""

from collections.abc import Set
from functools import cached_property

from msgspec import Struct

from segdsl.diagnostics import Note
from segdsl.source import Source, Span
from segdsl.syntax.actions import ParseContext
from segdsl.syntax.driver import acceptable
from segdsl.syntax.lexer import PlainTokens

VALUES = frozenset(["NUMBER", "STRING", "PARAMETER", "TRUE", "FALSE", "DURATION", "DATE"])
CONNECTIVES = frozenset(["AND", "OR", "AMPERSANDS", "BARS"])
_CLOSING = {"RPAR": "LPAR", "RSQB": "LSQB"}


class Finding(Struct, frozen=True):
    """A diagnostic but for its source."""

    code: str
    message: str
    span: Span
    help: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()


class ParseFailure(Struct, frozen=True, dict=True):
    """A token that the parser could not take. No token is a fused condition here.

    `kinds` are the grammar's names of all tokens ("" for text that is not a token); `states` is the parser's stack
    before the token.
    """

    source: Source
    context: ParseContext
    token: int
    spans: PlainTokens
    kinds: list[str]
    states: list[int]

    @cached_property
    def expected(self) -> Set[str]:
        """The terminals that could have stood there."""
        return acceptable(self.states)

    @property
    def span(self) -> Span:
        """The span of the token; of text that is not a token, the rest of the text."""
        return self.span_of(self.token)

    @property
    def kind(self) -> str:
        """The grammar's name of the token; "" for text that is not a token."""
        return self.kinds[self.token]

    @property
    def word(self) -> str:
        """The text of the token."""
        return self.context.text(self.token)

    @property
    def rest(self) -> str:
        """The text from the token on."""
        return self.source.text[self.span.start :]

    @property
    def touches_the_last(self) -> bool:
        """Whether no blank stands before the token, and it is not the first."""
        return self.token > 0 and self.span_of(self.token - 1).end == self.span.start

    @property
    def wants_value(self) -> bool:
        """Whether a literal could have stood there, but not a condition."""
        return self.expected >= {"NUMBER", "STRING"} and "NAME" not in self.expected

    def kind_of(self, token: int) -> str:
        """The grammar's name of a token; "" before the first and after the last."""
        return self.kinds[token] if 0 <= token < len(self.kinds) else ""

    def before(self, back: int = 1) -> str:
        """The grammar's name of the token so many before this one."""
        return self.kind_of(self.token - back)

    def span_of(self, first: int, last: int | None = None) -> Span:
        """The span of one token, or from one to another."""
        return self.spans.span(first, first if last is None else last)

    def open_bracket(self) -> int | None:
        """The number of the innermost bracket before the token that is still open."""
        waiting: list[int] = []
        for at, kind in enumerate(self.kinds[: self.token]):
            if kind in _CLOSING.values():
                waiting.append(at)
            elif kind in _CLOSING and waiting:
                waiting.pop()
        return waiting[-1] if waiting else None


# ── what could have come instead ───────────────────────────────────────────────────────────────────────────────────

_CONDITION = "a condition"
_GO_ON = "`and`, `or`"
_AFTER_A_CONDITION = ("a comparison", _GO_ON, "`)`", "the end")
_WORDS_FOR = [
    (frozenset(["NAME", "NOT", "LPAR"]), _CONDITION),
    (frozenset(["NUMBER", "STRING"]), "a value"),
    (frozenset(["NAME"]), "a name"),
    (frozenset(["LSQB", "LPAR"]), "a list such as `[1, 2]`"),
    (frozenset(["COMPARE", "IN"]), "a comparison"),
    (frozenset(["IN", "CONTAINS"]), "`in` or `contains`"),
    (frozenset(["COMPARE"]), "a comparison such as `==` or `<`"),
    (frozenset(["TRUE", "FALSE"]), "`true` or `false`"),
    (frozenset(["DATE"]), "a date such as 2026-01-31"),
    (frozenset(["DURATION", "ALL"]), "7d, 30d, 90d or all"),
    (frozenset(["PRODUCT"]), "`product` or `products`"),
    (frozenset(["STRING", "PARAMETER"]), "a product id in quotes"),
    (frozenset(["STRING"]), "a key in quotes"),
    (frozenset(["COMMA"]), "`,`"),
    (frozenset(["RSQB"]), "`]`"),
    (frozenset(["AND", "OR"]), _GO_ON),
    (frozenset(["AND"]), "`and`"),
    (frozenset(["RPAR"]), "`)`"),
    (frozenset(["DURING", "FROM"]), "a scope clause"),
    (frozenset(["$END"]), "the end"),
]
"""Sets of terminals that can come next, each with words for it. The first set that fits is used, then the rest."""


def expected_words(expected: Set[str]) -> str:
    """The terminals that can come next, in the words of a person: "a value", "`and`, `or` or the end"."""
    left = set(expected)
    words: list[str] = []
    for terminals, word in _WORDS_FOR:
        if terminals <= left:
            words.append(word)
            left -= terminals | (VALUES if "NUMBER" in terminals else frozenset())
    if _CONDITION in words:
        return _CONDITION
    if _GO_ON in words:
        words = [word for word in words if word in _AFTER_A_CONDITION]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"
