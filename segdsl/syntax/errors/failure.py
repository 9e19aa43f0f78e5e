"""The place where a parse cannot go on, and the repairs that let it go on."""

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from difflib import SequenceMatcher
from functools import cached_property

from msgspec import Struct

from segdsl.catalogue import BUILT_INS, SYNONYMS, Kind
from segdsl.diagnostics import Fix, Note
from segdsl.source import Source, Span
from segdsl.syntax.errors.expected import CONNECTIVES, VALUES
from segdsl.syntax.errors.tokens import Token, tokens_of
from segdsl.syntax.names import FOLDED_BUILT_INS, NULL_WORDS, folded, is_of_conversations
from segdsl.syntax.stack import Stack

OPERATORS = frozenset(["COMPARE", "IN", "CONTAINS", "BETWEEN", "WITHIN", "BEFORE", "IS"])
OPENING = {"RPAR": "LPAR", "RSQB": "LSQB"}
LONGEST_CONDITION = 24
"""Tokens: more than any condition that an explanation handles as a whole."""

_CAN_END = CONNECTIVES | {"LPAR", "LSQB", "RPAR", "RSQB", "DURING", "FROM", "TO", "FOR"}
_TYPES = {"NUMBER": ("number", "integer"), "STRING": ("string",), "TRUE": ("boolean",), "FALSE": ("boolean",)}
"""The declared types of properties that may be equal to each kind of literal."""

_SCOPE_VALUES = frozenset(["DURATION", "ALL", "DATE", "PARAMETER"])


class TokenEdit(Struct, frozen=True):
    """Text in place of the tokens from `first` up to, and without, `last`; an insertion if both are one number."""

    first: int
    last: int
    text: str


class Repair(Struct, frozen=True):
    """An error, and how the parse goes on.

    With `edits` it goes on with other tokens; without, it skips the condition. If the edits are probably what was
    meant, `title` says what they do and they are a fix, `safe` if that is beyond doubt.
    """

    code: str
    message: str
    span: Span
    edits: Sequence[TokenEdit] = ()
    title: str | None = None
    safe: bool = False
    help: tuple[str | Fix, ...] = ()
    notes: tuple[Note, ...] = ()


class Failure:
    """The token that the parser cannot take, number `at`, with the tokens around it and the stack before it."""

    def __init__(
        self,
        source: Source,
        tokens: list[Token],
        at: int,
        stack: Stack,
        clause: int,
        declared: Mapping[str, str | tuple[str, ...]] | None = None,
    ) -> None:
        self.source = source
        self.tokens = tokens
        self.at = at
        self.stack = stack
        self.clause = clause
        """The number of the keyword with which the current scope clause begins; -1 in the condition."""
        self.declared = declared
        """The declared properties with their types, or allowed values; None if nothing is declared."""

    # ── tokens ─────────────────────────────────────────────────────────────────────────────────────────────────────

    @property
    def token(self) -> Token:
        """The token that cannot be taken."""
        return self.tokens[self.at]

    @property
    def kind(self) -> str:
        """Its kind."""
        return self.token.kind

    @property
    def span(self) -> Span:
        """Its span."""
        return self.token.span

    def kind_of(self, number: int) -> str:
        """The kind of a token; "" before the first and after the last."""
        return self.tokens[number].kind if 0 <= number < len(self.tokens) else ""

    def before(self, back: int = 1) -> str:
        """The kind of the token that many before."""
        return self.kind_of(self.at - back)

    def word(self, number: int) -> str:
        """The text of a token in lower case; "" before the first and after the last."""
        return self.tokens[number].text.lower() if 0 <= number < len(self.tokens) else ""

    def between(self, first: int, last: int) -> Span:
        """The span of the tokens from one to another."""
        return Span(self.tokens[first].span.start, self.tokens[last].span.end)

    def written(self, first: int, last: int) -> str:
        """The source of the tokens from one to another."""
        span = self.between(first, last)
        return self.source.text[span.start : span.end]

    def end_of_run(self, start: int, ends: Collection[str], longest: int) -> int:
        """The number of the token after the words from a token on, up to one of the kinds `ends`."""
        number = start
        while self.is_word(number) and self.kind_of(number) not in ends and number < start + longest:
            number += 1
        return number

    def is_repaired(self, first: int, last: int) -> bool:
        """Whether a token from `first` up to, and without, `last` is repaired: the source has another text there."""
        return any(token.repaired for token in self.tokens[first:last])

    def touches(self, number: int) -> bool:
        """Whether a token follows the one before it without a blank."""
        return number > 0 and self.tokens[number - 1].span.end == self.tokens[number].span.start

    def is_word(self, number: int) -> bool:
        """Whether a token is made of letters: a name, a keyword, or nearly one."""
        return self.word(number)[:1].isalpha()

    # ── what can come here ────────────────────────────────────────────────────────────────────────────────────────

    @cached_property
    def expected(self) -> frozenset[str]:
        """The terminals that could have come here."""
        return self.stack.expected()

    @property
    def wants_value(self) -> bool:
        """Whether a literal could have come here, but not a condition."""
        return self.expected >= {"NUMBER", "STRING"} and "NAME" not in self.expected

    @property
    def wants_list(self) -> bool:
        """Whether a list should come here."""
        return self.expected == {"LPAR", "LSQB", "PARAMETER"}

    @property
    def is_complete(self) -> bool:
        """Whether a condition ends before the token."""
        return "OR" in self.expected

    @property
    def is_after_name(self) -> bool:
        """Whether an operator can follow the name before the token."""
        return "IN" in self.expected and "COMPARE" in self.expected

    # ── the condition it is in ─────────────────────────────────────────────────────────────────────────────────────

    @cached_property
    def begin(self) -> int:
        """The number of the token with which the current condition begins."""
        stack, first = self.stack, self.at
        while not stack.begins_condition:
            first = stack.first
            assert stack.below is not None  # noqa: S101  for the type checker: the bottom begins a condition
            stack = stack.below
        return first

    @cached_property
    def name_end(self) -> int:
        """The number of the token after the condition's first name; `begin` if it does not begin with a name."""
        if self.kind_of(self.begin) == "NAME" and self.kind_of(self.begin + 1) == "LSQB":
            return self.begin + 4
        return self.begin + (self.kind_of(self.begin) == "NAME")

    @property
    def name(self) -> str:
        """The condition's first name, as written or repaired; "" if it does not begin with a name."""
        if not self.begin < self.name_end <= self.at:
            return ""
        return "".join(token.text for token in self.tokens[self.begin : self.name_end])

    def declared_as(self, name: str) -> str | None:
        """The declared property with this name, ignoring case, `_` and `-`."""
        return self._declared_by_folded.get(folded(name))

    def field_called(self, word: str) -> str | None:
        """The declared property or the built-in that people call by this word."""
        return self.declared_as(word) or FOLDED_BUILT_INS.get(folded(word)) or SYNONYMS.get(folded(word))

    def type_of(self, name: str) -> str | tuple[str, ...] | None:
        """The declared type, or allowed values, of a user property; None if it is not declared."""
        key = re.sub(r'^user(?:\.|\["(.*)"\]$)', lambda found: found[1] or "", name)
        return (self.declared or {}).get(key)

    def spelled(self, text: str) -> str:
        """The declared value of the condition's property that differs from a text only in case, `_` and `-`."""
        values = self.type_of(self.name)
        alike = [one for one in values if folded(one) == folded(text)] if isinstance(values, tuple) else []
        return alike[0] if len(alike) == 1 else text

    def is_unknown(self, name: str) -> bool:
        """Whether any value fits a name, because it is not a built-in, and no user properties are declared.

        The declared properties of conversations are not known here.
        """
        is_of_user = name not in BUILT_INS and not is_of_conversations(name)
        return is_of_user and self.declared is None and name.lower() not in NULL_WORDS

    def takes(self, name: str, kind: str) -> bool:
        """Whether a field may be equal to a literal of that kind, as far as is known."""
        types = _TYPES.get(kind, ())
        if name in BUILT_INS:
            return kind == "NUMBER" and BUILT_INS[name].kind in (Kind.METRIC, Kind.COUNT)
        return self.type_of(name) in types or (bool(types) and self.is_unknown(name))

    def is_field(self, name: str) -> bool:
        """Whether this is a built-in, a declared property or the last part of its name, ignoring case, `_` and `-`."""
        return folded(name) in self._last_parts or folded(name) in FOLDED_BUILT_INS

    @cached_property
    def _declared_by_folded(self) -> dict[str, str]:
        return {folded(one): one for one in reversed(list(self.declared or ()))}

    @cached_property
    def _last_parts(self) -> frozenset[str]:
        return frozenset(folded(one.rpartition(".")[2]) for one in self.declared or ())

    def end_of_condition(self, start: int) -> int:
        """The number of the first token from `start` on that ends a condition: a connective, bracket, scope or `;`."""
        return self._end(start, len(self.tokens) - 1)

    def end_of_phrase(self, start: int) -> int:
        """The same, or a comma outside of brackets; no further than the longest phrase of an explanation."""
        return self._end(start, min(start + LONGEST_CONDITION, len(self.tokens) - 1), ("COMMA",))

    def _end(self, start: int, last: int, further: Sequence[str] = ()) -> int:
        depth = 0
        for number in range(start, last):
            kind = self.tokens[number].kind
            if not depth and kind in further:
                return number
            if kind not in _CAN_END:
                if not depth and self.tokens[number].text == ";":
                    return number
                continue
            if kind in ("LPAR", "LSQB"):
                depth += 1
            elif kind in OPENING:
                if not depth:
                    return number
                depth -= 1
            elif not depth and (kind in CONNECTIVES or self.begins_clause(number)):
                return number
        return max(last, start)

    def begins_clause(self, number: int) -> bool:
        """Whether a token and those after it are a scope clause."""
        kind, following = self.kind_of(number), self.kind_of(number + 1)
        return (kind in ("DURING", "FROM", "TO") and following in _SCOPE_VALUES) or (
            kind == "FOR" and following == "PRODUCT"
        )

    def is_comparison(self, number: int) -> bool:
        """Whether a name with an operator begins at a token."""
        if not self.is_word(number):
            return False
        following = self.kind_of(number + 1)
        if following == "NOT":
            following = self.kind_of(number + 2)
        return following in OPERATORS or (following == "?sign" and self.word(number + 1)[0] in ":=!<>~≤≥≠-")

    def is_end_of_range(self, number: int) -> bool:
        """Whether a lone value is at a token, right after `and`."""
        is_value = self.kind_of(number) in VALUES and self.kind_of(number - 1) == "AND"
        return is_value and self.kind_of(number + 1) not in OPERATORS

    def partner(self, number: int) -> int | None:
        """The number of the bracket that closes or opens the bracket at a token."""
        kind = self.kind_of(number)
        step = -1 if kind in OPENING else 1
        depth = 0
        while 0 <= number < len(self.tokens):
            kind = self.tokens[number].kind
            depth += (kind in OPENING.values()) - (kind in OPENING)
            if depth == 0:
                return number
            number += step
        return None

    def open_bracket(self) -> int | None:
        """The number of the innermost bracket before the token that is still open."""
        depth = 0
        for number in range(self.at - 1, -1, -1):
            kind = self.tokens[number].kind
            depth += (kind in OPENING) - (kind in OPENING.values())
            if depth < 0:
                return number
        return None

    def open_bracket_kind(self) -> str:
        """The kind of that bracket; "" if none is open."""
        opening = self.open_bracket()
        return "" if opening is None else self.tokens[opening].kind

    def closing_brace(self) -> int | None:
        """The number of the next `}`."""
        return next((n for n in range(self.at, len(self.tokens)) if self.tokens[n].text == "}"), None)

    def numbers_of(self, kind: str) -> list[int]:
        """The numbers of the tokens of a kind, from this one on."""
        return [number for number in range(self.at, len(self.tokens)) if self.tokens[number].kind == kind]

    def connective(self, number: int) -> str:
        """The connective, as `and` or `or`."""
        return "and" if self.kind_of(number) in ("AND", "AMPERSANDS") else "or"

    def joins(self, first: int = 0, last: int | None = None) -> set[str]:
        """The connectives at the tokens from `first` up to, and without, `last`; not the `and` of ranges."""
        numbers = range(first, len(self.tokens) if last is None else last)
        return {
            self.connective(number)
            for number in numbers
            if self.kind_of(number) in CONNECTIVES and self.kind_of(number - 2) != "BETWEEN"
        }

    # ── repairs ────────────────────────────────────────────────────────────────────────────────────────────────────

    def repair(  # noqa: PLR0913  it has the fields of a `Repair`
        self,
        code: str,
        message: str,
        edits: Sequence[TokenEdit] = (),
        title: str | None = None,
        *help_: str | Fix,
        span: Span | None = None,
        safe: bool = False,
        notes: tuple[Note, ...] = (),
    ) -> Repair:
        """A repair; by default its span is the token that cannot be taken."""
        return Repair(code, message, self.span if span is None else span, edits, title, safe, help_, notes)

    def first_of(self, explanations: "Iterable[Explanation]") -> Repair | None:
        """The result of the first explanation that fits."""
        return next((found for explain in explanations if (found := explain(self)) is not None), None)

    def edit(self, text: str) -> TokenEdit:
        """Text in place of the token that cannot be taken."""
        return TokenEdit(self.at, self.at + 1, text)

    def rewriting(self, first: int, last: int, text: str) -> list[TokenEdit]:
        """The edits that turn the tokens from `first` up to `last` into the text; unchanged tokens are not edited."""
        if last - first > LONGEST_CONDITION:
            return [TokenEdit(first, last, text)]
        old = [(token.kind, token.text) for token in self.tokens[first:last]]
        new = [(token.kind, token.text) for token in tokens_of(text, Span(0, 0))]
        matcher = SequenceMatcher(None, old, new, autojunk=False)
        return [
            TokenEdit(first + start, first + end, " ".join(text for _, text in new[low:high]))
            for tag, start, end, low, high in matcher.get_opcodes()
            if tag != "equal"
        ]


Explanation = Callable[[Failure], Repair | None]
"""Recognises one kind of mistake, and returns the error and how to go on; None for other mistakes."""


def shown(text: str, limit: int = 40) -> str:
    """The text for a message: on one line, and only its beginning if it is long."""
    text = re.sub(r"\s+", " ", text)
    return text if len(text) <= limit else f"{text[:limit]}…"
