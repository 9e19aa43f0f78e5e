"""Boxes: conjunctions of sets, one set of values for each field; and lists of boxes, which stand for their union.

A box is a dict from a field's number to a set of its values (an int, see `lines`); a field that it does not name may
have any value or none.
"""

from collections.abc import Iterable, Sequence

Box = dict[int, int]


def intersection(one: Box, other: Box) -> Box | None:
    """The box inside both, None when it is empty."""
    both = {**one, **other}
    for field in one.keys() & other.keys():
        both[field] = one[field] & other[field]
        if not both[field]:
            return None
    return both


def contains(outer: Box, inner: Box) -> bool:
    """Whether all of `inner` is in `outer`."""
    for field, mask in outer.items():  # noqa: SIM110  done oftenest of all, and `all` takes longer
        if field not in inner or inner[field] & ~mask:
            return False
    return True


def absorbed(boxes: Iterable[Box]) -> list[Box]:
    """The boxes without those that lie inside another one; of equal ones the first stays."""
    kept: list[Box] = []
    signs: list[int] = []
    for box in boxes:
        sign = _sign(box)
        if any(not other & ~sign and contains(kept[at], box) for at, other in enumerate(signs)):
            continue
        stay = [at for at, other in enumerate(signs) if sign & ~other or not contains(box, kept[at])]
        if len(stay) < len(kept):
            kept, signs = [kept[at] for at in stay], [signs[at] for at in stay]
        kept.append(box)
        signs.append(sign)
    return kept


def _sign(box: Box) -> int:
    """The fields of a box as bits: a box can only lie inside one whose fields are among its own."""
    return sum(1 << field for field in box)


def merged(boxes: Sequence[Box]) -> list[Box]:
    """Boxes that differ in one field only made one, until none are left; equal ones are one."""
    alike: dict[frozenset[int], list[Box]] = {}
    for box in boxes:
        alike.setdefault(frozenset(box), []).append(box)
    if len(alike) == len(boxes):
        return list(boxes)
    return [box for fields, group in alike.items() for box in _merged_alike(fields, group)]


def _merged_alike(fields: frozenset[int], boxes: list[Box]) -> list[Box]:
    """`merged` for boxes of the same fields."""
    count = len(boxes) + 1
    while 1 < len(boxes) < count:
        count = len(boxes)
        for field in sorted(fields):
            groups: dict[tuple[int, ...], Box] = {}
            for box in boxes:
                rest = tuple(mask for other, mask in sorted(box.items()) if other != field)
                if rest in groups:
                    groups[rest][field] |= box[field]
                else:
                    groups[rest] = dict(box)
            boxes = list(groups.values())
    return boxes


def _meet(one: Box, other: Box) -> bool:
    """Whether two boxes have anything in common."""
    return all(mask & other.get(field, mask) for field, mask in one.items())


def is_covered(box: Box, others: Sequence[Box], universe: Sequence[int], budget: int = 2_000) -> bool:
    """Whether the union of `others` holds all of `box`. `universe` is for each field all its values and lacking it.

    What is left of the box is cut along one field at a time. Past the budget the answer is no, which is safe.
    """
    waiting = [(box, 0)]
    while waiting:
        budget -= 1
        if budget < 0:
            return False
        rest, at = waiting.pop()
        while at < len(others) and not _meet(rest, others[at]):
            at += 1
        if at == len(others):
            return False
        inside = dict(rest)
        for field, mask in others[at].items():
            here = inside.get(field, universe[field])
            outside = here & ~mask
            if outside:
                waiting.append(({**inside, field: outside}, at + 1))
            inside[field] = here & mask
    return True


def irredundant(boxes: Sequence[Box], universe: Sequence[int]) -> list[Box]:
    """The boxes without those that the union of the others covers; the last written goes first."""
    kept = list(boxes)
    for box in reversed(boxes):
        others = [other for other in kept if other is not box and _meet(box, other)]
        if others and is_covered(box, others, universe):
            kept = [other for other in kept if other is not box]
    return kept
