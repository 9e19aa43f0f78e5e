"""The exact minimum: the fewest cubes that rules can express, with the same union as the given cubes.

Quine and McCluskey's method for dimensions with many values: find the widest cubes inside the union (its primes) by
consensus, restrict them to sets that rules can express, and search for the smallest set of them that covers everything.
"""

from collections.abc import Sequence
from itertools import product

from segdsl.limits import MAX_COVER_POINTS, MAX_PRIMES, MAX_SEARCH_STEPS
from segdsl.lowering.cubes import Cube, contains
from segdsl.lowering.domains import FieldDomain


def minimum_cover(cubes: Sequence[Cube], domains: Sequence[FieldDomain], universe: Sequence[int]) -> list[Cube] | None:
    """A cover by fewer cubes than given; None if there is none, or if the search would be too long."""
    dimensions = sorted({dimension for cube in cubes for dimension in cube})
    primes = _primes([_full_cube(cube, dimensions, universe) for cube in cubes], dimensions)
    if primes is None:
        return None
    candidates = _sayable(primes, dimensions, domains, universe)
    if len(candidates) > MAX_PRIMES:
        return None
    coverage = _coverage(candidates, [_full_cube(cube, dimensions, universe) for cube in cubes], dimensions, universe)
    if coverage is None:
        return None
    chosen = _smallest(coverage[0], coverage[1], len(cubes) - 1)
    if chosen is None:
        return None
    return [
        {dimension: mask for dimension, mask in candidates[at].items() if mask != universe[dimension]}
        for at in sorted(chosen)
    ]


def _full_cube(cube: Cube, dimensions: Sequence[int], universe: Sequence[int]) -> Cube:
    return {dimension: cube.get(dimension, universe[dimension]) for dimension in dimensions}


def _primes(cubes: list[Cube], dimensions: Sequence[int]) -> list[Cube] | None:
    """All maximal cubes inside the union, by iterated consensus."""
    primes: list[Cube] = []
    waiting = list(cubes)
    while waiting:
        cube = waiting.pop(0)
        if any(contains(other, cube) for other in primes):
            continue
        primes = [other for other in primes if not contains(cube, other)]
        for other in primes:
            waiting += [found for dimension in dimensions if (found := _consensus(cube, other, dimension)) is not None]
        primes.append(cube)
        if len(primes) > MAX_PRIMES or len(waiting) > 50 * MAX_PRIMES:
            return None
    return primes


def _consensus(one: Cube, other: Cube, along: int) -> Cube | None:
    """The cube that spans both along one dimension."""
    both: Cube = {}
    for dimension, mask in one.items():
        both[dimension] = mask | other[dimension] if dimension == along else mask & other[dimension]
        if not both[dimension]:
            return None
    if both[along] in (one[along], other[along]):
        return None
    return both


def _sayable(
    primes: list[Cube], dimensions: Sequence[int], domains: Sequence[FieldDomain], universe: Sequence[int]
) -> list[Cube]:
    """The widest cubes inside the primes that rules can express."""
    found: dict[tuple[int, ...], None] = {}
    for prime in primes:
        sides = [
            [prime[dimension]]
            if prime[dimension] == universe[dimension]
            else domains[dimension].maximal(prime[dimension])
            for dimension in dimensions
        ]
        found.update(dict.fromkeys(product(*sides)))
    cubes = [dict(zip(dimensions, sides, strict=True)) for sides in found]
    return [cube for cube in cubes if not any(other is not cube and contains(other, cube) for other in cubes)]


def _coverage(
    candidates: list[Cube], cubes: list[Cube], dimensions: Sequence[int], universe: Sequence[int]
) -> tuple[list[int], int] | None:
    """For each candidate the points it covers, as bits, and all points to cover.

    A point is a choice of one class for each dimension; a class is a set of cells that no cube and no candidate
    separates.
    """
    total = 1
    classes: list[list[int]] = []
    for dimension in dimensions:
        masks = {cube[dimension] for cube in (*cubes, *candidates)}
        classes.append(_classes(universe[dimension], masks))
        total *= len(classes[-1])
    if total > MAX_COVER_POINTS:
        return None
    points = list(product(*classes))
    columns = [
        {one: sum(1 << at for at, point in enumerate(points) if point[index] == one) for one in classes[index]}
        for index in range(len(dimensions))
    ]

    def covered(cube: Cube) -> int:
        mask = (1 << total) - 1
        for index, dimension in enumerate(dimensions):
            mask &= sum(bits for one, bits in columns[index].items() if not one & ~cube[dimension])
        return mask

    wanted = 0
    for cube in cubes:
        wanted |= covered(cube)
    return [covered(candidate) for candidate in candidates], wanted


def _classes(universe: int, masks: set[int]) -> list[int]:
    """The universe, cut so that each mask is a union of parts."""
    parts = [universe]
    for mask in sorted(masks):
        parts = [cut for part in parts for cut in (part & mask, part & ~mask) if cut]
    return parts


def _smallest(coverage: list[int], wanted: int, most: int) -> list[int] | None:
    """At most `most` candidates that cover `wanted`, as few as possible, by iterative deepening."""
    steps = MAX_SEARCH_STEPS
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
    """A point of `left` that few candidates cover, to branch on."""
    once, more = 0, 0
    for cells in coverage:
        more |= once & cells
        once |= cells
    alone = left & ~more
    return (alone or left) & -(alone or left)
