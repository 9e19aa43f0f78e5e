"""The place in a text where reading stopped, and what is to be said of it."""

from collections.abc import Set
from functools import cached_property

from msgspec import Struct

from segdsl.diagnostics import Note
from segdsl.source import Source, Span
from segdsl.syntax.actions import Reading
from segdsl.syntax.driver import acceptable
from segdsl.syntax.lexer import TokenSpans

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


class Refused(Struct, frozen=True, dict=True):
    """The token that could not be taken, and what stands around it; tokens are never whole conditions here.

    `kinds` is what the grammar calls each token (nothing for what is no token), `states` stood before the refused one.
    """

    source: Source
    reading: Reading
    token: int
    spans: TokenSpans
    kinds: list[str]
    states: list[int]

    @cached_property
    def expected(self) -> Set[str]:
        """The terminals that could have stood there."""
        return acceptable(self.states)

    @property
    def span(self) -> Span:
        """Where the token stands; of what is no token, the rest of the text."""
        return self.span_of(self.token)

    @property
    def kind(self) -> str:
        """What the grammar calls the token; nothing for what is no token."""
        return self.kinds[self.token]

    @property
    def word(self) -> str:
        """The text of the token."""
        return self.reading.text(self.token)

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
        """Whether a literal could have stood there, and no condition."""
        return self.expected >= {"NUMBER", "STRING"} and "NAME" not in self.expected

    def kind_of(self, token: int) -> str:
        """What the grammar calls a token; nothing for one before the first or after the last."""
        return self.kinds[token] if 0 <= token < len(self.kinds) else ""

    def before(self, back: int = 1) -> str:
        """What the grammar calls the token so many before the refused one."""
        return self.kind_of(self.token - back)

    def span_of(self, first: int, last: int | None = None) -> Span:
        """Where tokens stand."""
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
