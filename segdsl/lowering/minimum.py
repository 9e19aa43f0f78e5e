"""The exact minimum: the fewest boxes, each said by rules, whose union is that of the boxes given.

Quine and McCluskey's method for fields with many values: find the widest boxes inside the union (its primes) by
consensus, cut them down to what rules can say, and search for the smallest set of them that covers everything.
"""

from collections.abc import Sequence
from itertools import product

from segdsl.lowering.boxes import Box, contains
from segdsl.lowering.lines import Line

MAX_PRIMES = 400
MAX_POINTS = 20_000
MAX_STEPS = 20_000


def minimum_cover(boxes: Sequence[Box], lines: Sequence[Line], universe: Sequence[int]) -> list[Box] | None:
    """A cover by fewer boxes than given; None when there is none, or when the search would be too long."""
    fields = sorted({field for box in boxes for field in box})
    primes = _primes([_full_box(box, fields, universe) for box in boxes], fields)
    if primes is None:
        return None
    candidates = _sayable(primes, fields, lines, universe)
    if len(candidates) > MAX_PRIMES:
        return None
    coverage = _coverage(candidates, [_full_box(box, fields, universe) for box in boxes], fields, universe)
    if coverage is None:
        return None
    chosen = _smallest(coverage[0], coverage[1], len(boxes) - 1)
    if chosen is None:
        return None
    return [{field: mask for field, mask in candidates[at].items() if mask != universe[field]} for at in sorted(chosen)]


def _full_box(box: Box, fields: Sequence[int], universe: Sequence[int]) -> Box:
    return {field: box.get(field, universe[field]) for field in fields}


def _primes(boxes: list[Box], fields: Sequence[int]) -> list[Box] | None:
    """All boxes inside the union that are in no larger one, by iterated consensus."""
    primes: list[Box] = []
    waiting = list(boxes)
    while waiting:
        box = waiting.pop(0)
        if any(contains(other, box) for other in primes):
            continue
        primes = [other for other in primes if not contains(box, other)]
        for other in primes:
            waiting += [found for field in fields if (found := _consensus(box, other, field)) is not None]
        primes.append(box)
        if len(primes) > MAX_PRIMES or len(waiting) > 50 * MAX_PRIMES:
            return None
    return primes


def _consensus(one: Box, other: Box, along: int) -> Box | None:
    """The box that reaches through both along one field."""
    both: Box = {}
    for field, mask in one.items():
        both[field] = mask | other[field] if field == along else mask & other[field]
        if not both[field]:
            return None
    if both[along] in (one[along], other[along]):
        return None
    return both


def _sayable(primes: list[Box], fields: Sequence[int], lines: Sequence[Line], universe: Sequence[int]) -> list[Box]:
    """The widest boxes inside the primes that rules can say."""
    found: dict[tuple[int, ...], None] = {}
    for prime in primes:
        sides = [
            [prime[field]] if prime[field] == universe[field] else lines[field].maximal(prime[field])
            for field in fields
        ]
        found.update(dict.fromkeys(product(*sides)))
    boxes = [dict(zip(fields, sides, strict=True)) for sides in found]
    return [box for box in boxes if not any(other is not box and contains(other, box) for other in boxes)]


def _coverage(
    candidates: list[Box], boxes: list[Box], fields: Sequence[int], universe: Sequence[int]
) -> tuple[list[int], int] | None:
    """For each candidate the points it covers, as bits, and all points to cover.

    A point is a choice of one class for each field, a class being cells that no box and no candidate tells apart.
    """
    total = 1
    classes: list[list[int]] = []
    for field in fields:
        masks = {box[field] for box in (*boxes, *candidates)}
        classes.append(_classes(universe[field], masks))
        total *= len(classes[-1])
    if total > MAX_POINTS:
        return None
    points = list(product(*classes))
    columns = [
        {one: sum(1 << at for at, point in enumerate(points) if point[index] == one) for one in classes[index]}
        for index in range(len(fields))
    ]

    def covered(box: Box) -> int:
        mask = (1 << total) - 1
        for index, field in enumerate(fields):
            mask &= sum(bits for one, bits in columns[index].items() if not one & ~box[field])
        return mask

    wanted = 0
    for box in boxes:
        wanted |= covered(box)
    return [covered(candidate) for candidate in candidates], wanted


def _classes(universe: int, masks: set[int]) -> list[int]:
    """The universe cut so that each mask is a union of parts."""
    parts = [universe]
    for mask in sorted(masks):
        parts = [cut for part in parts for cut in (part & mask, part & ~mask) if cut]
    return parts


def _smallest(coverage: list[int], wanted: int, most: int) -> list[int] | None:
    """At most `most` candidates that cover `wanted`, as few as possible: deepen until one choice works out."""
    steps = MAX_STEPS
    widest = max(cells.bit_count() for cells in coverage)
    for size in range(1, most + 1):
        waiting: list[tuple[int, tuple[int, ...]]] = [(wanted, ())]
        while waiting:
            steps -= 1
            if steps < 0:
                return None
            left, chosen = waiting.pop()
            if not left:
                return list(chosen)
            if left.bit_count() > widest * (size - len(chosen)):
                continue
            point = _scarcest(left, coverage)
            options = [at for at, cells in enumerate(coverage) if cells & point]
            waiting += [(left & ~coverage[at], (*chosen, at)) for at in reversed(options)]
    return None


def _scarcest(left: int, coverage: list[int]) -> int:
    """A point of `left` that few candidates cover: the one to branch on."""
    once, more = 0, 0
    for cells in coverage:
        more |= once & cells
        once |= cells
    alone = left & ~more
    return (alone or left) & -(alone or left)
