"""A text in its canonical form, with the comments of its author.

Each comment belongs to a part of the tree. Between two neighbouring leaves, a text and its canonical text have closing
parentheses, `and` or `or`, `not`s and opening parentheses. A comment there belongs to the leaf before it if it ends a
line, else to the leaf after it; a comment inside the parentheses stays inside. A comment in the middle of a comparison
or scope clause moves before it.
"""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator
from os.path import commonprefix
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from segdsl.source import Span
from segdsl.syntax.fold import leaves
from segdsl.syntax.layout import BROKEN, DEDENT, END, GROUP, INDENT, NOTHING, Piece, within_width
from segdsl.syntax.lexer import PlainTokens
from segdsl.syntax.nodes import And, Comparison, Expression, Not, Or
from segdsl.syntax.parser import parse
from segdsl.syntax.printer import PARTS, Gap, Part, literal, pieces, unparse
from segdsl.syntax.spans import Spans
from segdsl.syntax.tables import TERMINALS

DEFAULT_WIDTH = 80
"""The most characters of a line that `format` fills, where breaks allow."""


def format(text: str, width: int | None = None, *, name: str = "expression") -> str:  # noqa: A001  the name that users know
    """The canonical text of a text, with its comments, as `segdsl fmt` writes it; formatting it again changes nothing.

    It is on one line if `text` is, else in lines of at most `width` characters (default 80) where breaks allow. The
    indentation that all lines share stays. Raises `ParseError` for a text that is not an expression; its diagnostics
    call the text `name`.
    """
    expression = parse(text, name=name)
    indentation = _shared_indentation(text)
    room = max(1, (DEFAULT_WIDTH if width is None else width) - len(indentation))
    if comments_of(text):
        result = within_width(_with_comments(expression), room)
    else:
        result = unparse(expression, room if "\n" in text else None)
    return _indented(result, indentation, text)


def _shared_indentation(text: str) -> str:
    shared = commonprefix([line for line in text.split("\n") if line.strip()])  # noqa: RUF071  characters are meant
    return shared[: len(shared) - len(shared.lstrip(" \t"))] if "\n" in text else ""


def _indented(result: str, indentation: str, text: str) -> str:
    """The indented result, unless it is one line without a final break, which shares no indentation."""
    if "\n" not in result and "\n" not in text[len(text.rstrip()) :]:
        return result
    return "\n".join(indentation + line for line in result.split("\n"))


# ── the comments of a text ─────────────────────────────────────────────────────────────────────────────────────────

_COMMENT = re.compile(TERMINALS["COMMENT"])


class Comment(Struct, frozen=True):
    """A comment with its `#`. It is `trailing` if a token stands before it on its line."""

    text: str
    start: int
    trailing: bool


class Slot(Struct, frozen=True):
    """A place for comments: before or after a leaf (by its number), a scope clause (by its name) or a list's item.

    `inside` means within the innermost parentheses that begin before the leaf, or end after it.
    """

    part: int | str
    after: bool
    inside: bool = False
    item: int = -1


Slots = dict[Slot, list[Comment]]


def comments_of(text: str) -> list[Comment]:
    """All comments of a text that is an expression, in order."""
    return list(_comments(text, PlainTokens(text).spans()))


def assigned(expression: Expression) -> Slots:
    """The comments of an expression that was read from a text, by slot."""
    return _Assignment(expression).slots()


def clause_names(expression: Expression) -> tuple[str, ...]:
    """The scope clauses that the expression has, in their canonical order."""
    return tuple([name for name in ("during", "from_", "to", "products") if getattr(expression, name)])


class _Assignment:
    def __init__(self, expression: Expression) -> None:
        self._spans = Spans(expression)
        self._text = self._spans.text
        self._tokens = PlainTokens(self._text).spans()
        self._lists = [
            len(leaf.value) if isinstance(leaf, Comparison) and isinstance(leaf.value, tuple) else 0
            for leaf in leaves(expression.condition)
        ]
        self._leaves = [self._spans.leaf(number) for number in range(len(self._lists))]
        clauses = [(name, self._spans.clause(name)) for name in clause_names(expression)]
        self._clauses = sorted(clauses, key=lambda clause: clause[1])

    def slots(self) -> Slots:
        slots: Slots = defaultdict(list)
        last: Slot | None = None
        for comment in _comments(self._text, self._tokens):
            slot = self._slot(comment)
            if last is not None and _stands_before(slot, last):
                slot = last  # otherwise the comment would move past the one before it
            slots[slot].append(comment)
            last = slot
        return slots

    def _slot(self, comment: Comment) -> Slot:
        number = bisect_left(self._leaves, comment.start, key=lambda leaf: leaf.start) - 1
        if number >= 0 and comment.start < self._leaves[number].end:
            return self._in_leaf(comment, number)
        if self._clauses and comment.start > self._clauses[0][1].start:
            return self._among_clauses(comment)
        return self._between(comment, number)

    def _between(self, comment: Comment, number: int) -> Slot:
        """A slot between leaf `number` and the next one; either may be missing."""
        start = self._leaves[number].end if number >= 0 else 0
        end = self._leaves[number + 1].start if number + 1 < len(self._leaves) else self._condition_end
        before, after = self._words(start, comment.start), self._words(comment.start, end)
        if ")" in after:
            return Slot(number, after=True, inside=True)
        if number + 1 == len(self._leaves):
            is_last = not self._clauses
            return Slot(number, after=True) if comment.trailing or is_last else Slot(self._clauses[0][0], after=False)
        if "(" in before:
            return Slot(number + 1, after=False, inside=True)
        return Slot(number, after=True) if comment.trailing and number >= 0 else Slot(number + 1, after=False)

    def _among_clauses(self, comment: Comment) -> Slot:
        number = bisect_left(self._clauses, comment.start, key=lambda clause: clause[1].start) - 1
        name, span = self._clauses[number]
        if comment.start < span.end:
            return Slot(name, after=False)
        if comment.trailing or number + 1 == len(self._clauses):
            return Slot(name, after=True)
        return Slot(self._clauses[number + 1][0], after=False)

    def _in_leaf(self, comment: Comment, number: int) -> Slot:
        """A slot between the items of a list; for any other leaf, the slot before it."""
        count = self._lists[number]
        if not count or comment.start < self._spans.operator(number).end:
            return Slot(number, after=False, inside=True)
        item = bisect_left(range(count), comment.start, key=lambda at: self._spans.value(number, at).start) - 1
        if item >= 0 and (comment.trailing or item + 1 == count):
            return Slot(number, after=True, item=item)
        return Slot(number, after=False, item=item + 1)

    @property
    def _condition_end(self) -> int:
        return self._clauses[0][1].start if self._clauses else len(self._text)

    def _words(self, start: int, end: int) -> list[str]:
        first, last = (bisect_left(self._tokens, offset, key=lambda span: span.start) for offset in (start, end))
        return [self._text[span.start : span.end] for span in self._tokens[first:last]]


def _stands_before(one: Slot, other: Slot) -> bool:
    """Whether `one` is written before `other`; scope clauses are not compared."""
    if isinstance(one.part, str) or isinstance(other.part, str):
        return False
    return (one.part, *_phase(one)) < (other.part, *_phase(other))


def _phase(slot: Slot) -> tuple[int, int, bool]:
    """The order around a leaf: before it, before it in its parentheses, its items, after it in them, after it."""
    if slot.item >= 0:
        return 2, slot.item, slot.after
    return (4 - slot.inside if slot.after else int(slot.inside)), 0, False


def _comments(text: str, tokens: list[Span]) -> Iterator[Comment]:
    ends = [0, *(token.end for token in tokens)]
    starts = [*(token.start for token in tokens), len(text)]
    for number, (end, start) in enumerate(zip(ends, starts, strict=True)):
        before = end
        for comment in _COMMENT.finditer(text, end, start):
            trailing = number > 0 and not re.search(r"[\r\n]", text[before : comment.start()])
            yield Comment(comment[0].rstrip(), comment.start(), trailing)
            before = comment.start()


# ── writing them ───────────────────────────────────────────────────────────────────────────────────────────────────


def _with_comments(expression: Expression) -> list[Piece]:
    """The pieces of an expression that was read from a text, with its comments."""
    slots = assigned(expression)
    comments = _Comments(slots)
    written = list(pieces(expression, comments))
    if comments.left:  # inside parentheses that the canonical text lacks
        for slot in comments.left:
            outer = replace(slot, inside=False)
            slots[outer] = sorted([*slots.pop(slot), *slots.get(outer, [])], key=lambda comment: comment.start)
        written = list(pieces(expression, _Comments(slots)))
    return written


class _Comments:
    """The comments that are still to be written, and the number of the leaf that was written last."""

    def __init__(self, slots: Slots) -> None:
        self.left = dict(slots)
        self._lists = {slot.part for slot in slots if slot.item >= 0}
        self._number = -1

    def parts(self, node: Any) -> list[Part]:
        """A node in parts; a list with comments has each item on its own line."""
        if isinstance(node, Expression | And | Or | Not):
            return PARTS[type(node)](node)
        self._number += 1
        return self._list(node) if self._number in self._lists else PARTS[type(node)](node)

    def gap(self, gap: Gap) -> Iterator[Piece]:
        """A gap with the comments that belong there."""
        if gap.last is not None:
            yield from self._after(Slot(gap.last or self._number, after=True, inside=gap.inside))
        yield gap.piece
        if gap.next is not None:
            yield from self._before(Slot(gap.next or self._number + 1, after=False, inside=gap.inside))

    def _list(self, node: Comparison) -> list[Part]:
        values: Any = node.value
        written: list[Part] = [GROUP, f"{node.name} {node.operator} [", INDENT]
        for item, value in enumerate(values):
            before, after = (Slot(self._number, after=after, item=item) for after in (False, True))
            comma = "," if item + 1 < len(values) else ""
            written += [NOTHING, *self._before(before), literal(value) + comma, *self._after(after)]
        return [*written, DEDENT, NOTHING, "]", END]

    def _before(self, slot: Slot) -> Iterator[Piece]:
        """The comments before a part, each on its own line."""
        for comment in self.left.pop(slot, ()):
            yield from (BROKEN, comment.text, NOTHING)

    def _after(self, slot: Slot) -> Iterator[Piece]:
        """The comments after a part, the first one on the part's line if it was there; a break follows."""
        for at, comment in enumerate(self.left.pop(slot, ())):
            yield from (BROKEN, f"  {comment.text}") if comment.trailing and not at else (BROKEN, NOTHING, comment.text)
