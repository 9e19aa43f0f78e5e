"""Expression → its canonical text: one spelling for each tree, with no more parentheses than it needs."""

from collections.abc import Callable, Iterable, Iterator
from types import UnionType
from typing import Any

from segdsl.syntax.layout import BLANK, DEDENT, END, GROUP, INDENT, NOTHING, Piece, on_one_line, within_width
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
    scope clauses and inside lists, as far as that helps; strings stay whole. The tree must be one that a text can say:
    names in their canonical spelling, finite numbers.
    """
    text = pieces(expression)
    return on_one_line(text) if width is None else within_width(list(text), width)


Part = Piece | Node
"""A piece of text, or a node that stands for its own parts."""


def pieces(root: Node) -> Iterator[Piece]:
    """The text of the tree in pieces, from left to right; a stack of its own, so that depth costs no recursion."""
    stack: list[Part] = [root]
    while stack:
        part = stack.pop()
        if isinstance(part, Node):
            stack.extend(reversed(_PARTS[type(part)](part)))
        else:
            yield part


# ── conditions ─────────────────────────────────────────────────────────────────────────────────────────────────────


def _expression(node: Expression) -> list[Part]:
    parts: list[Part] = [GROUP, GROUP, node.condition, END]
    for clause in clauses(node):
        parts += [BLANK, *clause]
    return [*parts, END]


def _and(node: And) -> list[Part]:
    first, following = _conjunction(node)
    return first + following


def _indented_and(node: And) -> list[Part]:
    """An `and` between `or`s: it needs no parentheses, so its further lines stand deeper than its first."""
    first, following = _conjunction(node)
    return [GROUP, *first, INDENT, *following, DEDENT, END]


def _conjunction(node: And) -> tuple[list[Part], list[Part]]:
    first, *others = [_operand(operand, Or, _parenthesised) for operand in node.operands]
    return first, _following("and", others)


def _or(node: Or) -> list[Part]:
    first, *others = [_operand(operand, And, _indented_and) for operand in node.operands]
    return first + _following("or", others)


def _not(node: Not) -> list[Part]:
    return ["not ", *_operand(node.operand, And | Or, _parenthesised)]


def _operand(operand: Condition, special: type | UnionType, written: Callable[[Any], list[Part]]) -> list[Part]:
    return written(operand) if isinstance(operand, special) else [operand]


def _following(word: str, operands: Iterable[list[Part]]) -> list[Part]:
    return [part for operand in operands for part in (BLANK, f"{word} ", *operand)]


def _parenthesised(condition: Condition) -> list[Part]:
    return [GROUP, "(", INDENT, NOTHING, condition, DEDENT, NOTHING, ")", END]


def _comparison(node: Comparison) -> list[Part]:
    start = f"{node.name} {node.operator} "
    if isinstance(node.value, tuple):
        return [GROUP, start, "[", INDENT, NOTHING, *_items(node.value), DEDENT, NOTHING, "]", END]
    return [start + literal(node.value)]


def _chain(node: Chain) -> list[Part]:
    return [f"{literal(node.low)} {node.low_operator} {node.name} {node.high_operator} {literal(node.high)}"]


def _between(node: Between) -> list[Part]:
    return [f"{node.name} between {literal(node.low)} and {literal(node.high)}"]


_PARTS: dict[type, Callable[[Any], list[Part]]] = {
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


def clauses(node: Expression) -> Iterator[list[Part]]:
    """The scope clauses in their canonical order."""
    if node.during is not None:
        yield [f"during {node.during if isinstance(node.during, str) else literal(node.during)}"]
    if node.from_ is not None:
        yield [f"from {literal(node.from_)}"]
    if node.to is not None:
        yield [f"to {literal(node.to)}"]
    if node.products:
        word = "product" if len(node.products) == 1 else "products"
        yield [GROUP, f"for {word} ", INDENT, *_items(node.products), DEDENT, END]


def _items(values: Iterable[Value]) -> list[Part]:
    """Literals with commas; each is on the line of the one before it if it fits there."""
    first, *others = map(literal, values)
    return [first, *(part for text in others for part in (",", GROUP, BLANK, text, END))]


# ── literals ───────────────────────────────────────────────────────────────────────────────────────────────────────


def literal(value: Value) -> str:
    """The canonical text of a literal: strings in double quotes, numbers such that they keep their type."""
    return _LITERALS[type(value)](value)


def _float(value: float) -> str:
    """The shortest text that gives this float back: with a point or an exponent, for without it would be an int."""
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
