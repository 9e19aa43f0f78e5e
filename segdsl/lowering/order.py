"""Which part of the text a conjunction stems from, to put conjunctions in the order in which they were written."""

from collections.abc import Callable

from segdsl.lowering.boxes import Box
from segdsl.lowering.joints import fold_joints
from segdsl.lowering.plan import Choice, Plan

Rank = tuple[int, ...]


def first_written(plan: Plan, box: Box) -> Rank:
    """The first alternatives, as written, that the box stems from: the numbers of those taken at each `or`.

    A box stems from an alternative that speaks of its fields only, and of values all inside its own or all around
    them; where simplification left no such one, from the first that meets it. One does: a user who has the fields of
    the box and no others is in it, so the condition holds for that user, by alternatives about these fields.
    """
    rank = _rank(plan, box, _inside_or_around)
    return _rank(plan, box, _meets) or () if rank is None else rank


def _inside_or_around(mask: int, side: int | None) -> bool:
    return side is not None and (not mask & ~side or not side & ~mask)


def _meets(mask: int, side: int | None) -> bool:
    return side is not None and bool(mask & side)


def _rank(plan: Plan, box: Box, stems: Callable[[int, int | None], bool]) -> Rank | None:
    return fold_joints(
        plan.condition,
        lambda choice: _choice(choice, box, stems),
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


def _choice(choice: Choice, box: Box, stems: Callable[[int, int | None], bool]) -> Rank | None:
    found = [stems(mask, box.get(field)) for field, mask in choice.tests]
    if choice.every:
        return () if all(found) else None
    return next(((at,) for at, does in enumerate(found) if does), None)
