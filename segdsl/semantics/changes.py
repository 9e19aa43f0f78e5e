"""Changes of a leaf: the changed leaf, and the edits of the text that make it."""

from typing import Any

from msgspec import UNSET
from msgspec.structs import replace

from segdsl.diagnostics import Edit, Fix
from segdsl.semantics.objections import Change
from segdsl.semantics.typed import Origin
from segdsl.source import Span
from segdsl.syntax.literals import shortened
from segdsl.syntax.nodes import BareName, Between, Chain, Comparison, Date, Parameter
from segdsl.syntax.printer import literal, unparse
from segdsl.syntax.spans import Spans


def changed(node: Any, change: Change, index: int) -> Any:
    """The leaf after a change of its name, operator or literal number `index`; None if it has no such part."""
    if change.name is not None:
        node = replace(node, name=change.name)
    if change.operator is not None:
        if type(node) is not Comparison:
            return None
        node = replace(node, operator=change.operator)
    if change.between is not None:
        is_one = type(node) is Comparison and (type(node.value) is not tuple or len(node.value) == 1)
        return Between(node.name, *change.between) if is_one else None
    return node if change.value is UNSET else _with_value(node, change.value, index)


def _with_value(node: Any, value: Any, index: int) -> Any:
    if type(node) is BareName:
        return None
    if type(node) is Chain or type(node) is Between:
        old = (node.low, node.high)[index]
        return None if type(old) is Parameter else replace(node, **{("low", "high")[index]: value})
    if type(node.value) is tuple:
        if type(node.value[index]) is Parameter:
            return None
        items = value if type(value) is tuple else (value,)
        return replace(node, value=(*node.value[:index], *items, *node.value[index + 1 :]))
    return None if type(node.value) is Parameter else replace(node, value=value)


def edits(
    change: Change, node: Any, result: Any, origin: Origin, leaf: int, index: int
) -> tuple[str, tuple[Edit, ...]]:
    """A sentence about the change, and the edits of the text that make it."""
    spans = origin.spans
    is_mirrored = type(node) is Comparison and spans.value(leaf).start < spans.name(leaf).start
    if change.between is not None or (change.operator is not None and is_mirrored):
        text = unparse(result)
        whole = spans.leaf(leaf)
        written = origin.source.text[whole.start : whole.end].rstrip()  # a repaired list ends at the next word
        return _write(text) + change.remark, (Edit(Span(whole.start, whole.start + len(written)), text),)
    made: list[Edit] = []
    if change.name is not None:
        made.append(Edit(spans.name(leaf), change.name))
    if change.operator is not None:
        made.append(Edit(spans.operator(leaf), change.operator))
    if change.value is not UNSET:
        made.append(Edit(spans.value(leaf, index), _literals(change.value, is_item=change.operator is None)))
    shown = made[0].text if len(made) == 1 and change.operator is None else unparse(result)
    return _write(shown) + change.remark, tuple(made)


def _literals(value: Any, *, is_item: bool) -> str:
    """The text of a literal or of several, which are a list by themselves or items of one."""
    if type(value) is not tuple:
        return literal(value)
    items = ", ".join(map(literal, value))
    return items if is_item else f"[{items}]"


def with_open_end(node: Comparison, operator: str, spans: Spans, leaf: int) -> Fix | None:
    """The fix of a word that gives the direction of the comparison before it: `seats = 10 or more`.

    `node` is the leaf before leaf number `leaf`, the word. None if it is not such a comparison, or if anything except
    `or` or `and` is between the two.
    """
    if node.operator not in ("==", operator) or type(node.value) not in _ORDERED:
        return None
    name, value = spans.name(leaf - 1), spans.value(leaf - 1)
    if spans.between(leaf - 1, leaf) not in (["or"], ["and"], ["||"], ["&&"]) or value.start < name.start:
        return None
    result = replace(node, operator=operator)
    pieces = (Edit(spans.operator(leaf - 1), operator), Edit(Span(value.end, spans.leaf(leaf).end), ""))
    return Fix(_write(unparse(result)), pieces)


_ORDERED = (int, float, Date)


def _write(text: str) -> str:
    return f"write `{shortened(text, 60)}`"
