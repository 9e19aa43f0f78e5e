"""The place of the cursor: the symbols before it on the parser's stack, and what the host declares."""

from collections.abc import Callable, Mapping, Sequence
from itertools import islice
from typing import Any

from msgspec import Struct

from segdsl.authoring.cursor import Cursor, Token
from segdsl.catalogue import SIGNS
from segdsl.semantics import parameters
from segdsl.semantics.definitions import Definitions
from segdsl.semantics.resolution import Resolver
from segdsl.syntax import literals
from segdsl.syntax.literals import LiteralError
from segdsl.syntax.names import NAMESPACES, name_problem, spelling
from segdsl.syntax.nodes import Date, Duration

CLAUSES = ("during", "from", "to", "for")
"""The words that begin scope clauses."""

_CLAUSE_KINDS = frozenset(word.upper() for word in CLAUSES)
_CLAUSE_SYMBOLS = _CLAUSE_KINDS | {"clauses", "clause"}
_OPERATOR_SYMBOLS = frozenset(["COMPARE", "IN", "NOT", "CONTAINS", "WITHIN", "BEFORE", "BETWEEN", "IS"])

_MOST_SYMBOLS = 8
"""The most symbols that are looked at: a comparison has six at most (`name not between value and value`), and two
stand before it."""


class Given(Struct, frozen=True):
    """The host's declarations: the checker's resolver, with its schema; definitions; and the values of parameters.

    `definition` is the name of the definition that the text is the body of, None if it is an expression.
    """

    resolver: Resolver
    definitions: Definitions
    params: Mapping[str, Any]
    definition: str | None = None


class Symbol(Struct, frozen=True):
    """Something on the parser's stack: its names in the grammar, and its first and last token."""

    names: frozenset[str]
    first: int
    last: int


class Place:
    """The cursor, and the topmost symbols of the stack before it: number 0 is the top.

    `expected` are the kinds of token that can come next. `is_unsettled` says that the top may still become a longer
    name, such as `user["key"]`.
    """

    def __init__(self, cursor: Cursor, given: Given) -> None:
        self.cursor, self.given, self.resolver = cursor, given, given.resolver
        self.prefix, self.text = cursor.prefix, cursor.text
        self.expected: frozenset[str] = cursor.expected if given.definition is None else cursor.expected - _CLAUSE_KINDS
        self.is_unsettled = "NAME" in next(cursor.stack.symbols())[0]
        self.stack = cursor.stack.settled("COMPARE") if "COMPARE" in self.expected else cursor.stack
        self.symbols = self._symbols()

    def _symbols(self) -> list[Symbol]:
        found: list[Symbol] = []
        last = len(self.cursor.tokens) - 1
        for names, first in islice(self.stack.symbols(), _MOST_SYMBOLS):
            found.append(Symbol(names, first, last))
            last = first - 1
        return found

    # ── one symbol ──

    def has(self, at: int, *names: str) -> bool:
        """Whether a symbol has one of the names."""
        return at < len(self.symbols) and not self.symbols[at].names.isdisjoint(names)

    def tokens(self, at: int) -> list[Token]:
        """The tokens of a symbol."""
        return self.cursor.tokens[self.symbols[at].first : self.symbols[at].last + 1]

    def written(self, at: int) -> str:
        """The text of a symbol."""
        return self.cursor.written(self.symbols[at].first, self.symbols[at].last)

    def name(self, at: int) -> str | None:
        """The name that a symbol is, in its canonical spelling; None for a name that cannot be."""
        return name_of_words([self._text(token) for token in self.tokens(at)])

    def value(self, at: int) -> Any:
        """The value of the literal or parameter that a symbol is; None if it is not known."""
        token = self.tokens(at)[0]
        try:
            return _READ[token.kind](self._text(token), self.given.params)
        except (LiteralError, parameters.UnfitParameterError):
            return None

    def _text(self, token: Token) -> str:
        return self.text[token.start : token.end]

    # ── several symbols ──

    @property
    def is_chain(self) -> bool:
        """`low < name |`."""
        return self.has(0, "name") and self.has(1, "COMPARE") and self.has(2, "value")

    @property
    def subject(self) -> tuple[str | None, str]:
        """The name that is being compared, and the operator as the checker knows it."""
        operator: list[str] = []
        for at, symbol in enumerate(self.symbols):
            if "name" in symbol.names:
                return self.name(at), _operator(" ".join(reversed(operator)))
            if symbol.names & _OPERATOR_SYMBOLS:
                operator.append(self.written(at).lower())
        return None, ""

    def listed(self) -> set[str]:
        """The literals that the list before the cursor holds, as the formatter writes them; none outside of a list."""
        opening = next((one.first for one in self.symbols if one.names & {"LSQB", "LPAR"}), None)
        if opening is None or not (self.has(0, "items") or self.has(1, "items")):
            return set()
        return {self._canonical(token) for token in self.cursor.tokens[opening + 1 :]}

    def _canonical(self, token: Token) -> str:
        text = self._text(token)
        try:
            return literals.quote(literals.unquote(text)) if token.kind == "STRING" else text.lower()
        except LiteralError:
            return text

    def clauses(self) -> set[str]:
        """The words of the scope clauses before the cursor."""
        begins = [symbol.first for symbol in self.symbols if symbol.names & _CLAUSE_SYMBOLS]
        return {token.kind.lower() for token in self.cursor.tokens[min(begins) :]} if begins else set()

    def depth(self) -> int:
        """How deep the cursor is nested in parentheses and `not`."""
        return sum(not names.isdisjoint(("LPAR", "_not")) for names, _ in self.stack.symbols())


def name_of_words(words: Sequence[str]) -> str | None:
    """The canonical spelling of a name: one word, or the four of `user["key"]`. None if there can be no such name."""
    if len(words) == 1:
        return words[0] if name_problem(words[0]) is None else None
    try:
        return spelling(words[0], literals.unquote(words[2])) if words[0] in NAMESPACES else None
    except LiteralError:
        return None


def _of_parameter(text: str, params: Mapping[str, Any]) -> Any:
    value = params.get(text[1:])
    return None if value is None else parameters.scalar(value)


_READ: dict[str, Callable[[str, Mapping[str, Any]], Any]] = {
    "NUMBER": lambda text, _: literals.number(text),
    "STRING": lambda text, _: literals.unquote(text),
    "TRUE": lambda _, __: True,
    "FALSE": lambda _, __: False,
    "DURATION": lambda text, _: Duration(literals.duration(text)),
    "DATE": lambda text, _: Date(literals.date(text)),
    "PARAMETER": _of_parameter,
}


def _operator(written: str) -> str:
    """The operator as the checker knows it: for a range any sign of order, for `is` the sign with the same meaning."""
    if "between" in written:
        return "<="
    return {"is": "==", "is not": "!="}.get(written) or SIGNS.get(written, written)
