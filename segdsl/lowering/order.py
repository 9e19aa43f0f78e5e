"""Which part of the text a conjunction stems from, to put conjunctions in the order in which they were written."""

from typing import Any

from segdsl.lowering.boxes import Box
from segdsl.lowering.negation import Joint
from segdsl.lowering.plan import Choice, Plan

Rank = tuple[int, ...]


def first_written(plan: Plan, box: Box) -> Rank:
    """The first alternatives, as written, that meet the box: the numbers of those taken at each `or`."""
    done: list[Rank | None] = []
    waiting: list[tuple[Any, int]] = [(plan.condition, -1)]
    while waiting:
        node, count = waiting.pop()
        if count >= 0:
            parts = done[len(done) - count :]
            del done[len(done) - count :]
            done.append(_every(parts) if node.every else _some(parts))
        elif type(node) is Joint:
            waiting.append((node, len(node.parts)))
            waiting.extend((part, -1) for part in reversed(node.parts))
        else:
            done.append(_choice(node, box))
    return done[0] or ()


def _every(parts: list[Rank | None]) -> Rank | None:
    together: Rank = ()
    for part in parts:
        if part is None:
            return None
        together += part
    return together


def _some(parts: list[Rank | None]) -> Rank | None:
    return next(((at, *part) for at, part in enumerate(parts) if part is not None), None)


def _choice(choice: Choice, box: Box) -> Rank | None:
    meets = [field not in box or bool(box[field] & mask) for field, mask in choice.tests]
    if choice.every:
        return () if all(meets) else None
    return next(((at,) for at, met in enumerate(meets) if met), None)
