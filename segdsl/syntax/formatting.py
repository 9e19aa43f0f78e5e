"""The text of an expression in its canonical form, with the comments that its author wrote."""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from os.path import commonprefix
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from segdsl.syntax.comments import (
    Comment,
    MisplacedCommentError,
    Slot,
    Slots,
    assigned,
    clause_names,
    comments_of,
)
from segdsl.syntax.fold import fold
from segdsl.syntax.layout import BLANK, BROKEN, DEDENT, END, GROUP, INDENT, NOTHING, Piece, within_width
from segdsl.syntax.nodes import And, Expression, Node, Not, Or
from segdsl.syntax.parser import parse
from segdsl.syntax.printer import clauses, literal, pieces, unparse


def formatted(text: str, width: int, name: str = "expression") -> str | None:
    """The canonical text: on one line when `text` is, else in lines of at most `width` characters where breaks allow.

    Comments stay with what they stand at, and the indentation that all lines share stays too. Formatting the result
    changes nothing. None when a comment stands where the canonical text has no place for it: in the middle of a
    comparison. Raises `ParseError` for a text that is no expression; `name` is what its diagnostics call the text.
    """
    expression = parse(text, name=name)
    indentation = _shared_indentation(text)
    room = max(1, width - len(indentation))
    if not comments_of(text):
        return _indented(unparse(expression, room if "\n" in text else None), indentation, text)
    try:
        result = _indented(within_width(_commented(expression), room), indentation, text)
    except MisplacedCommentError:
        return None
    return result if _says_the_same(result, expression) else None


def _shared_indentation(text: str) -> str:
    shared = commonprefix([line for line in text.split("\n") if line.strip()])  # noqa: RUF071  characters are meant
    return shared[: len(shared) - len(shared.lstrip(" \t"))] if "\n" in text else ""


def _indented(result: str, indentation: str, text: str) -> str:
    """The result indented, unless it becomes one line that no line break ends: that has no indentation to share."""
    if "\n" not in result and "\n" not in text[len(text.rstrip()) :]:
        return result
    return "\n".join(indentation + line for line in result.split("\n"))


def _says_the_same(result: str, expression: Expression) -> bool:
    """Whether nothing was lost; clauses that change places, say, may take their comments past one another."""
    before, after = comments_of(expression.text or ""), comments_of(result)
    return parse(result) == expression and [one.text for one in before] == [one.text for one in after]


# ── the tree with its comments, in pieces ──────────────────────────────────────────────────────────────────────────


class _Printed(Struct, frozen=True):
    """A condition in pieces: its first operand and the rest, for the rest may be indented. `first` and `last` are the
    numbers of its outermost leaves."""

    node: Any
    head: list[Piece]
    tail: list[Piece]
    first: int
    last: int


def _commented(expression: Expression) -> list[Piece]:
    printer = _Printer(assigned(expression))
    written = printer.expression(expression)
    if printer.left_inside:  # those stood in parentheses that the canonical text does not have
        printer = _Printer(_outside(assigned(expression), printer.left_inside))
        written = printer.expression(expression)
    return written


def _outside(slots: Slots, inside: Iterable[Slot]) -> Slots:
    for slot in inside:
        outer = replace(slot, inside=False)
        own, others = slots.pop(slot), slots.get(outer, [])
        slots[outer] = sorted([*own, *others], key=lambda comment: comment.start)
    return slots


class _Printer:
    def __init__(self, slots: Slots) -> None:
        self._slots = dict(slots)
        self._number = -1

    @property
    def left_inside(self) -> list[Slot]:
        """Places in parentheses that were not written."""
        return [slot for slot in self._slots if slot.inside]

    def expression(self, expression: Expression) -> list[Piece]:
        condition = fold(expression.condition, self._leaf, self._join)
        names = clause_names(expression)
        written: list[Piece] = [*self._before(0), GROUP, GROUP, *condition.head, *condition.tail, END]
        last: int | str = condition.last
        for name, clause in zip(names, clauses(expression), strict=True):
            written += [
                *self._after(last),
                BLANK,
                *self._before(name),
                *(part for part in clause if not isinstance(part, Node)),
            ]
            last = name
        return [*written, END, *self._after(last)]

    # ── conditions ─────────────────────────────────────────────────────────────────────────────────────────────────

    def _leaf(self, node: Any) -> _Printed:
        self._number += 1
        number = self._number
        listed = [slot.item for slot in self._slots if slot.part == number and slot.item >= 0]
        written = self._list(node, number) if listed else list(pieces(node))
        return _Printed(node, written, [], number, number)

    def _list(self, node: Any, number: int) -> list[Piece]:
        """A list with comments: each item on a line of its own."""
        written: list[Piece] = [GROUP, f"{node.name} {node.operator} [", INDENT]
        for item, value in enumerate(node.value):
            comma = "," if item + 1 < len(node.value) else ""
            before, after = self._before(number, item=item), self._after(number, item=item)
            written += [NOTHING, *before, literal(value) + comma, *after]
        return [*written, DEDENT, NOTHING, "]", END]

    def _join(self, node: Any, operands: list[_Printed]) -> _Printed:
        first, last = operands[0], operands[-1]
        head, tail = self._operand(node, first), []
        if not isinstance(node, Not):
            word = "and " if isinstance(node, And) else "or "
            for before, operand in pairwise(operands):
                tail += [*self._after(before.last), BLANK, *self._before(operand.first), word]
                tail += self._operand(node, operand)
        return _Printed(node, head, tail, first.first, last.last)

    def _operand(self, node: Any, operand: _Printed) -> list[Piece]:
        if isinstance(node, Not):
            inner = isinstance(operand.node, And | Or)
            return ["not ", *(self._parenthesised(operand) if inner else [*operand.head, *operand.tail])]
        if isinstance(node, And) and isinstance(operand.node, Or):
            return self._parenthesised(operand)
        if isinstance(operand.node, And):
            return [GROUP, *operand.head, INDENT, *operand.tail, DEDENT, END]
        return [*operand.head, *operand.tail]

    def _parenthesised(self, inner: _Printed) -> list[Piece]:
        before, after = self._before(inner.first, inside=True), self._after(inner.last, inside=True)
        return [GROUP, "(", INDENT, NOTHING, *before, *inner.head, *inner.tail, *after, DEDENT, NOTHING, ")", END]

    # ── comments ───────────────────────────────────────────────────────────────────────────────────────────────────

    def _before(self, part: int | str, *, inside: bool = False, item: int = -1) -> list[Piece]:
        """The comments before something, each on a line of its own."""
        comments = self._take(Slot(part, after=False, inside=inside, item=item))
        return [piece for comment in comments for piece in (BROKEN, comment.text, NOTHING)]

    def _after(self, part: int | str, *, inside: bool = False, item: int = -1) -> list[Piece]:
        """The comments behind something. Whoever writes them goes on with a break, which is one for sure."""
        written: list[Piece] = []
        for comment in self._take(Slot(part, after=True, inside=inside, item=item)):
            on_its_line = comment.trailing and not written
            written += [BROKEN, f"  {comment.text}"] if on_its_line else [BROKEN, NOTHING, comment.text]
        return written

    def _take(self, slot: Slot) -> Sequence[Comment]:
        return self._slots.pop(slot, ())
