"""The disjunctive normal form of conditions that mix fields: the fewest cubes found, or a count that is too high.

Cubes are intersected and united from the leaves up, merged and absorbed at each step. Their number and the work are
bounded: a product of alternatives that would be larger is counted, not built.
"""

import math
from collections.abc import Sequence
from itertools import product
from typing import Any

from segdsl.limits import MAX_COMPARED, MAX_CONJUNCTIONS, MAX_EXACT_CONJUNCTIONS, MAX_EXACT_FIELDS
from segdsl.lowering.cubes import (
    Cube,
    Cuts,
    Work,
    WorkExceededError,
    absorbed,
    contains,
    intersection,
    irredundant,
    merged,
)
from segdsl.lowering.domains import FieldDomain
from segdsl.lowering.minimum import minimum_cover
from segdsl.lowering.space import Choice, Space
from segdsl.semantics.typed import fold


class TooManyError(Exception):
    """There are more conjunctions than allowed: `count`; if not `exact`, their number before simplification."""

    def __init__(self, count: int, *, exact: bool) -> None:
        super().__init__(count)
        self.count = count
        self.exact = exact


def normal_form(space: Space, limit: int, work: Work) -> list[Cube]:
    """The fewest cubes, each expressible by rules, for the condition of a space; none if it never holds.

    Raises `TooManyError` if they are more than `limit`, or more than the bounds allow to compute.
    """
    try:
        wide = cubes_of(space.condition, work, max(MAX_CONJUNCTIONS, limit))
        if 1 < len(wide) <= MAX_COMPARED:
            # more cubes than the limit are rarely redundant enough to fit, so the attempt gets little work
            wide = irredundant(wide, space.universe, Cuts() if len(wide) > limit else None)
        pieces = [[space.domains[at].pieces(mask) for at, mask in cube.items()] for cube in wide]
        count = sum([math.prod(map(len, own)) for own in pieces])
        is_single = count == len(wide)
        if count > max(limit, MAX_EXACT_CONJUNCTIONS if is_single else MAX_COMPARED):
            raise TooManyError(count, exact=is_single or len(wide) == 1)
        cubes = [dict(zip(cube, chosen, strict=True)) for cube, own in zip(wide, pieces, strict=True)
                 for chosen in product(*own)]  # fmt: skip
        if len(wide) > 1 or _whole_dimensions(wide, space.domains) > 1:
            cubes = fewest(cubes if is_single else irredundant(absorbed(cubes, work), space.universe), space)
    except WorkExceededError:
        raise TooManyError(count_conjunctions(space.condition), exact=False) from None
    if len(cubes) > limit:
        raise TooManyError(len(cubes), exact=True)
    return cubes


def _whole_dimensions(cubes: Sequence[Cube], domains: Sequence[FieldDomain]) -> int:
    """How many dimensions may have any value: only for those can fewer cubes do than the product of their pieces."""
    return sum(mask == domains[dimension].full for cube in cubes for dimension, mask in cube.items())


def fewest(cubes: list[Cube], space: Space) -> list[Cube]:
    """Irredundant cubes, or the exact minimum if that is promised.

    Dimensions that are the same in all cubes are left out of the search.
    """
    if not 1 < len(cubes) <= MAX_EXACT_CONJUNCTIONS:
        return cubes
    same = {at: mask for at, mask in cubes[0].items() if all(cube.get(at) == mask for cube in cubes)}
    varying = {at for cube in cubes for at in cube} - same.keys()
    if len(varying) > MAX_EXACT_FIELDS:
        return cubes
    cut = [{at: mask for at, mask in cube.items() if at in varying} for cube in cubes]
    least = minimum_cover(cut, space.domains, space.universe)
    return cubes if least is None else [same | cube for cube in least]


def cubes_of(condition: Any, work: Work, most: int = MAX_CONJUNCTIONS) -> list[Cube]:
    """The cubes whose union is a part of a condition (none: it never holds).

    Raises `WorkExceededError` if they are more than `most`, or take too much work.
    """
    return fold(
        condition,
        _choice_cubes,
        lambda node, parts: product_of(parts, work, most) if node.every else _union_of(parts, work, most),
    )


def _choice_cubes(choice: Choice) -> list[Cube]:
    if choice.every:  # `!=` for each value of a list: some other value is always left
        cube: Cube = {}
        for dimension, mask in choice.tests:
            cube[dimension] = cube.get(dimension, mask) & mask
        return [cube]
    cubes: dict[int, Cube] = {}
    for dimension, mask in choice.tests:
        cubes.setdefault(dimension, {dimension: 0})[dimension] |= mask
    return list(cubes.values())


def _union_of(parts: list[list[Cube]], work: Work, most: int) -> list[Cube]:
    cubes = merged([cube for part in parts for cube in part], work)
    if len(cubes) > most:
        cubes = absorbed(cubes, work)
        if len(cubes) > most:
            raise WorkExceededError
        return cubes
    return absorbed(cubes, work)


def product_of(parts: list[list[Cube]], work: Work, most: int = MAX_CONJUNCTIONS) -> list[Cube]:
    """The intersection of unions of cubes, smallest first, absorbing as it grows. Raises as `cubes_of`.

    Masks of dimensions that no union has are the same in all cubes of the product, and are added at the end.
    """
    parts = _with_common_cubes_apart(parts, work, most)
    required = _required([part[0] for part in parts if len(part) == 1], work)
    if required is None or not all(parts):
        return []
    unions = sorted([part for part in parts if len(part) > 1], key=len)
    varying = {dimension for part in unions for cube in part for dimension in cube}
    cubes: list[Cube] = [{dimension: mask for dimension, mask in required.items() if dimension in varying}]
    is_plain = len(unions) < 2 and not cubes[0]
    for part in unions:
        if len(cubes) * len(part) > most:
            cubes = absorbed(merged(cubes, work), work)
        if len(cubes) * len(part) > most:
            raise WorkExceededError
        work.spend(len(part) * sum(map(len, cubes)) + len(cubes) * sum(map(len, part)))
        cubes = _intersected(cubes, part, work)
    if not is_plain:
        cubes = absorbed(merged(cubes, work), work)
    shared = {dimension: mask for dimension, mask in required.items() if dimension not in varying}
    work.spend(len(cubes) * len(shared))
    return [{**cube, **shared} for cube in cubes] if shared else cubes


def _required(cubes: list[Cube], work: Work) -> Cube | None:
    """The intersection of cubes, None if it is empty."""
    total: Cube = {}
    for cube in cubes:
        work.spend(len(cube))
        for dimension, mask in cube.items():
            total[dimension] = total.get(dimension, mask) & mask
    return total if all(total.values()) else None


def _intersected(cubes: list[Cube], part: list[Cube], work: Work) -> list[Cube]:
    """The intersection of two unions. A cube of the first that is inside one of the part stays as it is."""
    found: list[Cube] = []
    whole: set[int] = set()
    for cube in cubes:
        if any(contains(other, cube) for other in part):
            whole.add(len(found))
            found.append(cube)
        else:
            found += [both for other in part if (both := intersection(cube, other)) is not None]
    return absorbed(found, work, whole)


def _with_common_cubes_apart(parts: list[list[Cube]], work: Work, most: int) -> list[list[Cube]]:
    """`(a or b) and (a or c)` as `a or (b and c)`: the product then does not grow with each such part."""
    while True:
        places: dict[frozenset[tuple[int, int]], list[int]] = {}
        for at, part in enumerate(parts):
            for cube in part if len(part) > 1 else ():
                places.setdefault(frozenset(cube.items()), []).append(at)
        common = max(places, key=lambda key: len(places[key]), default=None)
        if common is None or len(places[common]) < 2:
            return parts
        cube, holders = dict(common), set(places[common])
        rest = [[other for other in parts[at] if other != cube] for at in sorted(holders)]
        united = _union_of([[cube], product_of(rest, work, most)], work, most)
        parts = [*(part for at, part in enumerate(parts) if at not in holders), united]


def count_conjunctions(condition: Any) -> int:
    """The number of conjunctions that plain distribution would give, by integer arithmetic, without building them."""
    return fold(
        condition,
        lambda choice: 1 if choice.every else len(choice.tests),
        lambda node, parts: math.prod(parts) if node.every else sum(parts),
    )
