"""Which part of the text a conjunction stems from, to put conjunctions in the order in which they were written."""

from segdsl.lowering.boxes import Box
from segdsl.lowering.joints import fold_joints
from segdsl.lowering.plan import Choice, Plan

Rank = tuple[int, ...]


def first_written(plan: Plan, box: Box) -> Rank:
    """The first alternatives, as written, that the box stems from: the numbers of those taken at each `or`.

    A box stems from an alternative that speaks of its fields only; where simplification left no such one, from the
    first that it meets at all.
    """
    return _rank(plan, box, elsewhere=False) or _rank(plan, box, elsewhere=True) or ()


def _rank(plan: Plan, box: Box, *, elsewhere: bool) -> Rank | None:
    return fold_joints(
        plan.condition,
        lambda choice: _choice(choice, box, elsewhere),
        lambda node, parts: _every(parts) if node.every else _some(parts),
    )


def _every(parts: list[Rank | None]) -> Rank | None:
    together: Rank = ()
    for part in parts:
        if part is None:
            return None
        together += part
    return together


def _some(parts: list[Rank | None]) -> Rank | None:
    return next(((at, *part) for at, part in enumerate(parts) if part is not None), None)


def _choice(choice: Choice, box: Box, elsewhere: bool) -> Rank | None:
    meets = [bool(box[field] & mask) if field in box else elsewhere for field, mask in choice.tests]
    if choice.every:
        return () if all(meets) else None
    return next(((at,) for at, met in enumerate(meets) if met), None)
