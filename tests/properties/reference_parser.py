"""Lark's own parser on the grammar file, calling the same actions: the reference that the driver is tested against.

Nothing of the driver, the lexer or the tables is used here. A token is known by the offset at which it starts, where
the driver counts tokens; so the spans of a tree can be compared too.
"""

from collections.abc import Callable, Sequence
from typing import Any

from lark import Token, UnexpectedInput
from lark.exceptions import UnexpectedToken
from msgspec import Struct

from segdsl.source import Span
from segdsl.syntax.actions import ACTIONS, LeafTokens, ParseContext, Row, TokenRange
from segdsl.syntax.grammar import lark_parser
from segdsl.syntax.names import NEVER_NAMES
from segdsl.syntax.nodes import Expression

Found = tuple[str, str, int, int]
"""Something wrong with a literal or name: its code and message, the offsets at which it starts and ends."""


_LITERALS = frozenset(["STRING", "DATE", "DURATION", "NUMBER", "PARAMETER", "DEFINITION"])


class Leaf(Struct, frozen=True):
    """The spans of a leaf and of its parts."""

    whole: Span
    name: Span
    operator: Span
    values: list[Span]
    bounds: list[Span]


class Reference(Struct, frozen=True):
    """Lark's result for a text: a tree; or the offset of the token that it could not take, None for the end."""

    tree: Expression | None
    refused_at: int | None
    problems: list[Found]
    leaves: list[Leaf]
    clauses: dict[str, Span]


def _row(token: Token) -> Row:
    """The token as the actions find it: a literal or a word."""
    word, literal = ("", str(token)) if token.type in _LITERALS else (str(token), "")
    return "", "", "", "", "", "", "", word, literal, ""


class _Builder:
    """The callback of Lark for each rule: the action of its name, or, for a rule without one, its only part."""

    def __init__(self) -> None:
        self.begin("")

    def begin(self, text: str) -> None:
        """Before each text."""
        self.rows: dict[int, Row] = {}
        self.context = ParseContext(text, self.rows, leaves=[])  # type: ignore[arg-type] # by offset, not number

    def __getattr__(self, name: str) -> Callable[[Sequence[Any]], Any]:
        if name.isupper() or name.startswith("_"):  # terminals, and rules that dissolve: both left to Lark
            raise AttributeError(name)
        action = ACTIONS.get(name)
        return self._only_part if action is None else lambda parts: action(self.context, *map(self._part, parts))

    def _part(self, part: Any) -> Any:
        if not isinstance(part, Token):
            return part
        assert part.start_pos is not None
        self.rows[part.start_pos] = _row(part)
        return part.start_pos

    def _only_part(self, parts: Sequence[Any]) -> Any:
        (part,) = parts
        return self._part(part)


def _no_reserved_word(token: Token) -> Token:
    """Where the grammar takes no keyword, Lark reads any word as a name, even the three that are never names."""
    if token.lower() in NEVER_NAMES:
        raise UnexpectedToken(token, set())  # type: ignore[no-untyped-call] # Lark's has no types
    return token


_BUILDER = _Builder()
_LARK = lark_parser(transformer=_BUILDER, keep_all_tokens=True, lexer_callbacks={"NAME": _no_reserved_word})


def reference(text: str) -> Reference:
    """What Lark makes of the text."""
    _BUILDER.begin(text)
    try:
        tree: Any = _LARK.parse(text)
    except UnexpectedInput as refusal:
        at_end = isinstance(refusal, UnexpectedToken) and refusal.token.type == "$END"
        return Reference(None, None if at_end else refusal.pos_in_stream, [], [], {})
    ends = {start: start + len(row[7] or row[8]) for start, row in _BUILDER.rows.items()}
    found = [
        (one.code, one.message, one.first + one.start, ends[one.last] if one.end is None else one.first + one.end)
        for one in _BUILDER.context.problems
    ]
    leaves = [_spans(leaf, ends) for leaf in _BUILDER.context.leaves or []]
    clauses = {name: Span(first, ends[last]) for name, (first, last) in _BUILDER.context.clauses.items()}
    return Reference(tree, None, found, leaves, clauses)


def _spans(leaf: LeafTokens, ends: dict[int, int]) -> Leaf:
    def span(tokens: TokenRange) -> Span:
        return Span(tokens[0], ends[tokens[1]])

    return Leaf(
        span(leaf.whole), span(leaf.name), span(leaf.operator), [*map(span, leaf.values)], [*map(span, leaf.bounds)]
    )
