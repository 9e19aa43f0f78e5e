"""Where the parts of a condition stand."""

from typing import Any

from segdsl.lowering.joints import leaves
from segdsl.lowering.plan import Choice
from segdsl.semantics.typed import Origin, Predicate
from segdsl.source import Span


def place(part: Any) -> tuple[Span, Origin]:
    """Where a part of the condition stands: in one text where it can, else where its definitions are used."""
    choices = leaves(part)
    (first, start), (last, end) = _leaf_place(choices[0]), _leaf_place(choices[-1])
    if start is not end:
        (start, first), (end, last) = start.lifted(first), end.lifted(last)
    return start.positions.around(Span(first.start, max(first.end, last.end))), start


def _leaf_place(leaf: Choice | Predicate) -> tuple[Span, Origin]:
    predicate = leaf.predicate if isinstance(leaf, Choice) else leaf
    return predicate.origin.positions.node(predicate.node), predicate.origin
