"""Expression → its canonical text: one spelling for each tree, with as few parentheses as possible.

The tree becomes pieces of text and possible line breaks, from which `layout` makes lines. Comments are optional parts,
which `formatting` finds in a text.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Protocol

from msgspec import Struct

from segdsl.syntax.layout import (
    BLANK,
    DEDENT,
    END,
    GROUP,
    INDENT,
    NOTHING,
    Piece,
    on_one_line,
    within_width,
)
from segdsl.syntax.literals import quote
from segdsl.syntax.nodes import (
    And,
    BareName,
    Between,
    Chain,
    Comparison,
    Condition,
    Date,
    Duration,
    Expression,
    Node,
    Not,
    Or,
    Parameter,
    Reference,
    Value,
)


def unparse(expression: Expression | Condition, width: int | None = None) -> str:
    """The canonical text of an expression, or of a condition alone; parsing it gives an equal tree.

    Without `width` it is one line. With it, lines longer than `width` characters are broken at `and` and `or`, before
    scope clauses and inside lists, as far as that helps; strings stay whole. `TypeError` for anything except a tree.
    """
    if type(expression) not in PARTS:
        raise TypeError(f"an Expression or condition is unparsed, not {type(expression).__name__}")
    text = pieces(expression)
    return on_one_line(text) if width is None else within_width(list(text), width)


# ── trees in pieces ────────────────────────────────────────────────────────────────────────────────────────────────


class Gap(Struct, frozen=True):
    """A place for comments: those after `last`, then `piece`, then those before `next`.

    Each is the name of a scope clause, "" for the leaf that was written last or comes next, or None for neither.
    `inside` means inside the parentheses that are opened or closed there.
    """

    piece: Piece
    last: str | None = ""
    next: str | None = ""
    inside: bool = False


_BETWEEN = Gap(BLANK)
_START = Gap("", last=None)
_OPENED = Gap(NOTHING, last=None, inside=True)
_CLOSED = Gap("", next=None, inside=True)

Part = Piece | Node | Gap
"""A piece of text, or a part that becomes several."""


class Comments(Protocol):
    """The comments of a text, which the printer inserts."""

    def parts(self, node: Node) -> "list[Part]":
        """A node in parts."""

    def gap(self, gap: Gap) -> Iterable[Piece]:
        """A gap with the comments that belong there."""


def pieces(root: Node, comments: Comments | None = None) -> Iterator[Piece]:
    """The text of the tree in pieces, from left to right; it uses its own stack instead of recursion."""
    waiting: list[Part] = [root]
    while waiting:
        part = waiting.pop()
        if isinstance(part, Node):
            parts = PARTS[type(part)](part) if comments is None else comments.parts(part)
            waiting.extend(reversed(parts))
        elif not isinstance(part, Gap):
            yield part
        elif comments is None:
            yield part.piece
        else:
            yield from comments.gap(part)


def _expression(node: Expression) -> list[Part]:
    parts: list[Part] = [_START, GROUP, GROUP, node.condition, END]
    last = ""
    for name, clause in _clauses(node):
        parts += [Gap(BLANK, last, name), *clause]
        last = name
    return [*parts, END, Gap("", last, None)]


def _and(node: And) -> list[Part]:
    first, following = _conjunction(node)
    return first + following


def _indented_and(node: And) -> list[Part]:
    """An `and` between `or`s: it needs no parentheses, so its further lines are indented more than its first."""
    first, following = _conjunction(node)
    return [GROUP, *first, INDENT, *following, DEDENT, END]


def _conjunction(node: And) -> tuple[list[Part], list[Part]]:
    operands: list[list[Part]] = [_parenthesised(one) if isinstance(one, Or) else [one] for one in node.operands]
    return operands[0], _following("and ", operands[1:])


def _or(node: Or) -> list[Part]:
    operands: list[list[Part]] = [_indented_and(one) if isinstance(one, And) else [one] for one in node.operands]
    return operands[0] + _following("or ", operands[1:])


def _not(node: Not) -> list[Part]:
    operand = node.operand
    return ["not ", *(_parenthesised(operand) if isinstance(operand, And | Or) else [operand])]


def _following(word: str, operands: Iterable[list[Part]]) -> list[Part]:
    return [part for operand in operands for part in (_BETWEEN, word, *operand)]


def _parenthesised(condition: Condition) -> list[Part]:
    opened = NOTHING if _begins_with_parenthesis(condition) else _OPENED
    return [GROUP, "(", INDENT, opened, condition, _CLOSED, DEDENT, NOTHING, ")", END]


def _begins_with_parenthesis(condition: Any) -> bool:
    """Whether another parenthesis is opened before the first leaf."""
    while isinstance(condition, And | Or | Not):
        first = condition.operand if isinstance(condition, Not) else condition.operands[0]
        if isinstance(first, Or if isinstance(condition, And) else And | Or) and not isinstance(condition, Or):
            return True
        condition = first
    return False


def _comparison(node: Comparison) -> list[Part]:
    start = f"{node.name} {node.operator} "
    if isinstance(node.value, tuple):
        return [GROUP, start, "[", INDENT, NOTHING, *_items(node.value), DEDENT, NOTHING, "]", END]
    return [start + literal(node.value)]


def _chain(node: Chain) -> list[Part]:
    return [f"{literal(node.low)} {node.low_operator} {node.name} {node.high_operator} {literal(node.high)}"]


def _between(node: Between) -> list[Part]:
    return [f"{node.name} between {literal(node.low)} and {literal(node.high)}"]


PARTS: dict[type, Callable[[Any], list[Part]]] = {
    Expression: _expression,
    And: _and,
    Or: _or,
    Not: _not,
    Comparison: _comparison,
    Chain: _chain,
    Between: _between,
    BareName: lambda node: [node.name],
    Reference: lambda node: [f"@{node.name}"],
}


# ── scope clauses ──────────────────────────────────────────────────────────────────────────────────────────────────


def _clauses(node: Expression) -> Iterator[tuple[str, list[Part]]]:
    """The scope clauses in their canonical order, each with its name."""
    if node.during is not None:
        yield "during", [f"during {node.during if isinstance(node.during, str) else literal(node.during)}"]
    if node.from_ is not None:
        yield "from_", [f"from {literal(node.from_)}"]
    if node.to is not None:
        yield "to", [f"to {literal(node.to)}"]
    if node.products:
        word = "product" if len(node.products) == 1 else "products"
        yield "products", [GROUP, f"for {word} ", INDENT, *_items(node.products), DEDENT, END]


def _items(values: Iterable[Value]) -> list[Part]:
    """Literals with commas; each is on the line of the previous one if it fits there."""
    first, *others = map(literal, values)
    return [first, *(part for text in others for part in (",", GROUP, BLANK, text, END))]


# ── literals ───────────────────────────────────────────────────────────────────────────────────────────────────────


def literal(value: Value) -> str:
    """The canonical text of a literal: strings in double quotes, numbers so that they keep their type."""
    return _LITERALS[type(value)](value)


def _float(value: float) -> str:
    """The shortest text of this float, with a point or an exponent, without which it would be an int."""
    text = repr(value or 0.0)  # -0.0 is 0.0
    mantissa, exponent, power = text.partition("e")
    return f"{mantissa}e{int(power)}" if exponent else text


_LITERALS: dict[type, Callable[[Any], str]] = {
    str: quote,
    bool: lambda value: "true" if value else "false",
    int: str,
    float: _float,
    Duration: lambda value: value.text,
    Date: lambda value: value.text,
    Parameter: lambda value: f"${value.name}",
}
