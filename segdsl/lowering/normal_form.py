"""The disjunctive normal form: as few conjunctions of atoms as say the condition, or a count that is over the limit.

Boxes are intersected and united from the leaves up, merged and absorbed at each step, and never more than a bounded
number is held: where a product of alternatives would be larger, it is counted instead of built.
"""

import math
from typing import Any

from msgspec import Struct

from segdsl.limits import MAX_CONJUNCTIONS, MAX_EXACT_CONJUNCTIONS, MAX_EXACT_FIELDS
from segdsl.lowering.atoms import Atom
from segdsl.lowering.boxes import Box, absorbed, intersection, irredundant, merged
from segdsl.lowering.joints import fold_joints
from segdsl.lowering.minimum import minimum_cover
from segdsl.lowering.order import first_written
from segdsl.lowering.plan import Choice, Plan

MAX_COMPARED = 256
"""Conjunctions that are compared each with all others; of more, none is dropped because the others cover it."""


MAX_WORK = 1_500_000
"""Comparisons of conjunctions in one expression, about: a few tenths of a second."""


class TooMany(Struct, frozen=True):
    """There are more conjunctions than allowed: `count`, or, when not `exact`, that many before simplification."""

    count: int
    exact: bool


class NormalForm(Struct, frozen=True):
    """The conjunctions in their order, and, for whoever explains them, the boxes that they say."""

    conjunctions: tuple[tuple[Atom, ...], ...]
    boxes: tuple[Box, ...]


class _OverflowError(Exception):
    """More boxes than may be held, or more work than may be done."""


class _Bounds:
    """How many boxes may be held at any moment, and how much work may still be done."""

    def __init__(self, boxes: int) -> None:
        self.boxes = boxes
        self._work = MAX_WORK

    def spend(self, boxes: int, fields: int = 0) -> None:
        """Compare so many boxes with one another, and make so many fields of new ones; raises when that is too much."""
        self._work -= boxes * boxes + 8 * fields
        if self._work < 0:
            raise _OverflowError


def normal_form(plan: Plan, limit: int) -> NormalForm | TooMany:
    """The normal form in at most `limit` conjunctions (none: the condition never holds), or how many it would take."""
    bound = max(MAX_CONJUNCTIONS, limit)
    try:
        wide = _boxes(plan.condition, _Bounds(bound))
    except _OverflowError:
        return TooMany(count_conjunctions(plan.condition), exact=False)
    wide = absorbed(wide)
    if 1 < len(wide) <= MAX_COMPARED:
        wide = irredundant(wide, plan.universe)
    count = sum(_pieces_count(box, plan) for box in wide)
    if count > max(limit, MAX_COMPARED):
        return TooMany(count, exact=len(wide) == 1)
    boxes = [piece for box in wide for piece in _sayable(box, plan)]
    if len(wide) > 1 or _whole_fields(wide, plan) > 1:
        boxes = _simplest(boxes, plan)
    if len(boxes) > limit:
        return TooMany(len(boxes), exact=True)
    boxes.sort(key=lambda box: first_written(plan, box))
    return NormalForm(tuple(_conjunction(box, plan) for box in boxes), tuple(boxes))


def _whole_fields(boxes: list[Box], plan: Plan) -> int:
    """How many fields may have any value: only for those can fewer boxes do than the product of their pieces."""
    return sum(mask == plan.lines[field].full for box in boxes for field, mask in box.items())


def _simplest(boxes: list[Box], plan: Plan) -> list[Box]:
    """Irredundant; and the exact minimum where that is promised."""
    if len(boxes) < 2:
        return boxes
    boxes = irredundant(absorbed(boxes), plan.universe)
    fields = {field for box in boxes for field in box}
    if 1 < len(boxes) <= MAX_EXACT_CONJUNCTIONS and len(fields) <= MAX_EXACT_FIELDS:
        return minimum_cover(boxes, plan.lines, plan.universe) or boxes
    return boxes


def _boxes(condition: Any, bounds: _Bounds) -> list[Box]:
    """The union of boxes that a condition is, from the leaves up."""
    return fold_joints(
        condition, _choice_boxes, lambda node, parts: _all_of(parts, bounds) if node.every else _any_of(parts, bounds)
    )


def boxes_of(condition: Any, bound: int) -> list[Box] | None:
    """The union of boxes that a part of a plan is (none: it never holds); None when there are more than `bound`."""
    try:
        return _boxes(condition, _Bounds(bound))
    except _OverflowError:
        return None


def product_of(parts: list[list[Box]], bound: int) -> list[Box] | None:
    """The intersection of unions of boxes; None when it has more than `bound`."""
    try:
        return _all_of(parts, _Bounds(bound))
    except _OverflowError:
        return None


def _choice_boxes(choice: Choice) -> list[Box]:
    if choice.every:  # `!=` for each value of a list: some other value is always left
        box: Box = {}
        for field, mask in choice.tests:
            box[field] = box.get(field, mask) & mask
        return [box]
    boxes: dict[int, Box] = {}
    for field, mask in choice.tests:
        boxes.setdefault(field, {field: 0})[field] |= mask
    return list(boxes.values())


def _any_of(parts: list[list[Box]], bounds: _Bounds) -> list[Box]:
    boxes = merged([box for part in parts for box in part])
    if len(boxes) > bounds.boxes:
        raise _OverflowError
    bounds.spend(len(boxes))
    return absorbed(boxes)


def _all_of(parts: list[list[Box]], bounds: _Bounds) -> list[Box]:
    """The product, smallest factors first, absorbing as it grows."""
    boxes: list[Box] = [{}]
    for part in sorted(parts, key=len):
        if len(boxes) * len(part) > bounds.boxes:
            boxes = merged(boxes)
        if len(boxes) * len(part) > bounds.boxes:
            raise _OverflowError
        bounds.spend(len(boxes) * len(part) if len(part) > 1 else 0, len(part) * sum(map(len, boxes)))
        product = [both for box in boxes for other in part if (both := intersection(box, other)) is not None]
        boxes = absorbed(product) if len(part) > 1 else product
    return absorbed(merged(boxes)) if len(boxes) > 1 else boxes


def count_conjunctions(condition: Any) -> int:
    """The number of conjunctions that plain distribution would give: integer arithmetic, nothing is built."""
    return fold_joints(
        condition,
        lambda choice: 1 if choice.every else len(choice.tests),
        lambda node, parts: math.prod(parts) if node.every else sum(parts),
    )


def _pieces_count(box: Box, plan: Plan) -> int:
    return math.prod([len(plan.lines[field].pieces(mask)) for field, mask in box.items()])


def _sayable(box: Box, plan: Plan) -> list[Box]:
    """A box as boxes that rules can say."""
    found: list[Box] = [{}]
    for field, mask in box.items():
        found = [{**one, field: piece} for one in found for piece in plan.lines[field].pieces(mask)]
    return found


_RANK = {"gt": 0, "gte": 0, "before": 0, "lt": 1, "lte": 1, "within": 1}


def _conjunction(box: Box, plan: Plan) -> tuple[Atom, ...]:
    """The rules of a box: fields as they first appear; in a field lower bound, upper bound, the rest as written."""
    rules = [
        (plan.order[field], _RANK.get(atom.operator, 2), atom)
        for field in sorted(box)
        for atom in plan.lines[field].atoms(box[field])
    ]
    rules.sort(key=lambda rule: rule[:2])
    return tuple(atom for _, _, atom in rules)
