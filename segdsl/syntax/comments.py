"""The comments of an expression, each assigned to the part of the tree that it stands at.

Between two neighbouring leaves of a tree a text has closing parentheses, `and` or `or`, `not`s and opening
parentheses, and so has the canonical text. A comment there goes to the leaf before it when it ends a line, else to the
leaf behind it; inside the parentheses when it stands inside them.
"""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence

from msgspec import Struct

from segdsl.source import Span
from segdsl.syntax.fold import fold
from segdsl.syntax.lexer import TokenSpans, plain_tokens
from segdsl.syntax.nodes import Comparison, Expression, Node
from segdsl.syntax.positions import Positions
from segdsl.syntax.tables import TERMINALS

_COMMENT = re.compile(TERMINALS["COMMENT"])


class Comment(Struct, frozen=True):
    """A comment with its `#`. `trailing` says that something else stands before it on its line."""

    text: str
    start: int
    trailing: bool


class Slot(Struct, frozen=True):
    """A place for comments: before or after a leaf (by its number), a scope clause (by its name) or a list's item.

    `inside` means within the innermost parentheses that begin before the leaf, or end behind it.
    """

    part: int | str
    after: bool
    inside: bool = False
    item: int = -1


Slots = dict[Slot, list[Comment]]


class MisplacedCommentError(ValueError):
    """A comment in the middle of a comparison or scope clause, where no canonical text has a place for one."""


class _Token(Struct, frozen=True):
    text: str
    span: Span


def comments_of(text: str) -> list[Comment]:
    """All comments of a text that is an expression, in order."""
    return list(_comments(text, _tokens(text)))


def assigned(expression: Expression) -> Slots:
    """The comments of an expression that was read from a text, by the place each one stands at.

    Raises `MisplacedCommentError`.
    """
    return _Assignment(expression).slots()


def clause_names(expression: Expression) -> tuple[str, ...]:
    """The scope clauses that the expression has, in their canonical order."""
    return tuple(name for name in ("during", "from_", "to", "products") if getattr(expression, name))


class _Assignment:
    def __init__(self, expression: Expression) -> None:
        self._text = expression.text or ""
        self._tokens = _tokens(self._text)
        self._positions = Positions(expression)
        leaves: list[Node] = []
        fold(expression.condition, leaves.append, lambda _node, _operands: None)
        self._leaves = [(leaf, self._positions.node(leaf)) for leaf in leaves]
        clauses = [(name, self._positions.clause(name)) for name in clause_names(expression)]
        self._clauses = sorted(clauses, key=lambda clause: clause[1])
        self._lists: dict[int, list[Span]] = {}

    def slots(self) -> Slots:
        slots: Slots = defaultdict(list)
        last: Slot | None = None
        for comment in _comments(self._text, self._tokens):
            slot = self._slot(comment)
            if last is not None and _stands_before(slot, last):
                slot = last  # or the comment would be written before one that stands before it
            slots[slot].append(comment)
            last = slot
        return slots

    def _slot(self, comment: Comment) -> Slot:
        number = bisect_left(self._leaves, comment.start, key=lambda leaf: leaf[1].start) - 1
        if number >= 0 and comment.start < self._leaves[number][1].end:
            return self._in_leaf(comment, number)
        if self._clauses and comment.start > self._clauses[0][1].start:
            return self._behind_clauses(comment)
        return self._between(comment, number)

    def _between(self, comment: Comment, number: int) -> Slot:
        """A place between the leaf `number` and the next, of which there may be only one."""
        start = self._leaves[number][1].end if number >= 0 else 0
        end = self._leaves[number + 1][1].start if number + 1 < len(self._leaves) else self._condition_end
        before, after = self._words(start, comment.start), self._words(comment.start, end)
        if ")" in after:
            return Slot(number, after=True, inside=True)
        if number + 1 == len(self._leaves):
            is_last = not self._clauses
            return Slot(number, after=True) if comment.trailing or is_last else Slot(self._clauses[0][0], after=False)
        if "(" in before:
            return Slot(number + 1, after=False, inside=True)
        return Slot(number, after=True) if comment.trailing and number >= 0 else Slot(number + 1, after=False)

    def _behind_clauses(self, comment: Comment) -> Slot:
        number = bisect_left(self._clauses, comment.start, key=lambda clause: clause[1].start) - 1
        name, span = self._clauses[number]
        if comment.start < span.end:
            raise MisplacedCommentError(comment.text)
        if comment.trailing or number + 1 == len(self._clauses):
            return Slot(name, after=True)
        return Slot(self._clauses[number + 1][0], after=False)

    def _in_leaf(self, comment: Comment, number: int) -> Slot:
        """A place between the items of a list; nowhere else in a leaf is there one."""
        items = self._items(number)
        if not items or not items[0].start < comment.start < self._leaves[number][1].end:
            raise MisplacedCommentError(comment.text)
        item = bisect_left(items, comment.start, lo=1, key=lambda place: place.start) - 2
        if item >= 0 and (comment.trailing or item + 2 == len(items)):
            return Slot(number, after=True, item=item)
        return Slot(number, after=False, item=item + 1)

    def _items(self, number: int) -> list[Span]:
        """Where the bracket of a list stands, and then each of its items, which are one token each."""
        if number not in self._lists:
            leaf, span = self._leaves[number]
            listed = isinstance(leaf, Comparison) and isinstance(leaf.value, tuple)
            first = self._first_token(self._positions.operator(leaf).end) if listed else 0
            last = self._first_token(span.end) if listed else 0
            self._lists[number] = [
                token.span for token in self._tokens[first:last] if token.text not in (",", "]", ")")
            ]
        return self._lists[number]

    def _first_token(self, offset: int) -> int:
        """The number of the first token that begins at `offset` or behind it."""
        return bisect_left(self._tokens, offset, key=lambda token: token.span.start)

    @property
    def _condition_end(self) -> int:
        return self._clauses[0][1].start if self._clauses else len(self._text)

    def _words(self, start: int, end: int) -> list[str]:
        return [token.text for token in self._tokens[self._first_token(start) : self._first_token(end)]]


def _stands_before(one: Slot, other: Slot) -> bool:
    """Whether `one` is written before `other`; scope clauses are not compared."""
    if isinstance(one.part, str) or isinstance(other.part, str):
        return False
    return (one.part, *_phase(one)) < (other.part, *_phase(other))


def _phase(slot: Slot) -> tuple[int, int, bool]:
    """Around a leaf come: what is before it, and inside its parentheses; its items; behind it inside, and outside."""
    if slot.item >= 0:
        return 2, slot.item, slot.after
    return (4 - slot.inside if slot.after else int(slot.inside)), 0, False


def _tokens(text: str) -> list[_Token]:
    rows, spans = plain_tokens(text), TokenSpans(text, whole_conditions=False)
    places = [spans.span(number, number) for number in range(len(rows) - 1)]
    return [_Token(text[place.start : place.end], place) for place in places]


def _comments(text: str, found: Sequence[_Token]) -> Iterator[Comment]:
    ends = [0, *(token.span.end for token in found)]
    starts = [*(token.span.start for token in found), len(text)]
    for number, (end, start) in enumerate(zip(ends, starts, strict=True)):
        before = end
        for comment in _COMMENT.finditer(text, end, start):
            trailing = number > 0 and not re.search(r"[\r\n]", text[before : comment.start()])
            yield Comment(comment[0].rstrip(), comment.start(), trailing)
            before = comment.start()
