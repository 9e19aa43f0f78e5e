"""Cubes: conjunctions of sets, one set of values for each dimension; a list of cubes stands for their union.

A cube is a dict from the number of a dimension to a set of its values (an int, see `domains.cells`). Any other
dimension may have any value or none. A condition on a dimension never holds for users who lack it.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence

from segdsl.limits import MAX_COVER_STEPS, MAX_WORK

Cube = dict[int, int]


class WorkExceededError(Exception):
    """Simplifying would take more work than `limits.MAX_WORK` allows."""


class Work:
    """The work that may still be done. The unit is one dimension of one cube, looked at or made once."""

    def __init__(self, limit: int | None = None) -> None:
        self.left = MAX_WORK if limit is None else limit

    def spend(self, amount: int) -> None:
        """Uses up an amount; raises `WorkExceededError` if too little is left."""
        self.left -= amount
        if self.left < 0:
            raise WorkExceededError


def intersection(one: Cube, other: Cube) -> Cube | None:
    """The intersection of two cubes, None if it is empty."""
    both = {**one, **other}
    for dimension in one.keys() & other.keys():
        both[dimension] = one[dimension] & other[dimension]
        if not both[dimension]:
            return None
    return both


def contains(outer: Cube, inner: Cube) -> bool:
    """Whether all of `inner` is in `outer`."""
    for dimension, mask in outer.items():  # noqa: SIM110  this is called most often of all, and `all` takes longer
        if dimension not in inner or inner[dimension] & ~mask:
            return False
    return True


class CubeIndex:
    """Cubes by their dimensions: finds the cubes that may contain another one, without trying all."""

    def __init__(self) -> None:
        self._by_lowest: dict[int, dict[int, Cube]] = {}

    def add(self, number: int, cube: Cube) -> None:
        """Adds a cube under its own number."""
        self._by_lowest.setdefault(min(cube, default=-1), {})[number] = cube

    def remove(self, number: int, cube: Cube) -> None:
        """Removes the cube that was added under the number."""
        del self._by_lowest[min(cube, default=-1)][number]

    def fewer_dimensions(self, cube: Cube) -> Iterator[tuple[int, Cube]]:
        """The cubes that have no dimensions beyond those of a cube, with their numbers."""
        for dimension in (-1, *cube):
            for number, other in self._by_lowest.get(dimension, {}).items():
                if other.keys() <= cube.keys():
                    yield number, other


# ── cubes inside others ────────────────────────────────────────────────────────────────────────────────────────────


def absorbed(cubes: Sequence[Cube], work: Work, outermost: Collection[int] = ()) -> list[Cube]:
    """The cubes that are inside no other one; of equal cubes the first stays.

    `outermost` are the numbers of cubes that are known to be inside no other one. Wide cubes come first, because a cube
    is only inside a wider one.
    """
    if len(cubes) < 2 or len(outermost) == len(cubes):
        return list(cubes)
    work.spend(sum(map(len, cubes)))
    packed = _packed(cubes)
    kept: list[int] = []
    groups = _Groups()
    for number in sorted(range(len(cubes)), key=lambda at: (-packed[at].bit_count(), at not in outermost)):
        cube = cubes[number]
        if number in outermost or not groups.contain(cube, packed[number], work):
            kept.append(number)
            groups.add(cube, packed[number])
    return [cubes[number] for number in sorted(kept)]


def _packed(cubes: Sequence[Cube]) -> list[int]:
    """Each cube as one integer. A cube is inside another one if the other one has all its bits.

    A dimension has the bits of its masks and one more. All of them are set if a cube lacks the dimension.
    """
    unions: dict[int, int] = {}
    for cube in cubes:
        for dimension, mask in cube.items():
            unions[dimension] = unions.get(dimension, 0) | mask
    length = 0
    fields: dict[int, tuple[int, int]] = {}
    for dimension, union in unions.items():
        own = union.bit_length() + 1
        fields[dimension] = length, (1 << own) - 1
        length += own
    packed = []
    for cube in cubes:
        bits = (1 << length) - 1
        for dimension, mask in cube.items():
            start, every = fields[dimension]
            bits ^= (every ^ mask) << start
        packed.append(bits)
    return packed


class _Groups:
    """Packed cubes, in groups of the same dimensions, which are found by the lowest one."""

    def __init__(self) -> None:
        self._by_lowest: dict[int, dict[frozenset[int], list[int]]] = {}

    def add(self, cube: Cube, bits: int) -> None:
        """Adds a cube."""
        groups = self._by_lowest.setdefault(min(cube, default=-1), {})
        groups.setdefault(frozenset(cube), []).append(bits)

    def contain(self, cube: Cube, bits: int, work: Work) -> bool:
        """Whether one of them contains a cube."""
        for dimension in (-1, *cube):
            for dimensions, group in self._by_lowest.get(dimension, {}).items():
                if dimensions <= cube.keys():
                    for other in group:
                        if bits | other == other:
                            work.spend(len(dimensions) * (group.index(other) + 1))
                            return True
                    work.spend(len(dimensions) * len(group))
        return False


def merged(cubes: Sequence[Cube], work: Work) -> list[Cube]:
    """Merges cubes that differ in one dimension only, until no such cubes are left, and equal cubes."""
    alike: dict[frozenset[int], list[Cube]] = {}
    for cube in cubes:
        alike.setdefault(frozenset(cube), []).append(cube)
    if len(alike) == len(cubes):
        return list(cubes)
    return [cube for dimensions, group in alike.items() for cube in _merged_alike(sorted(dimensions), group, work)]


def _merged_alike(dimensions: list[int], cubes: list[Cube], work: Work) -> list[Cube]:
    """`merged` for cubes of the same dimensions. A sum of hashes of the rest finds two that may differ in one."""
    count = len(cubes) + 1
    while 1 < len(cubes) < count:
        count = len(cubes)
        sums = [sum(hash(side) for side in cube.items()) for cube in cubes]
        for dimension in dimensions:
            work.spend(len(cubes))
            groups: dict[int, int] = {}
            kept: list[Cube] = []
            sums_kept: list[int] = []
            for cube, total in zip(cubes, sums, strict=True):
                rest = total - hash((dimension, cube[dimension]))
                at = groups.setdefault(rest, len(kept))
                if at < len(kept) and _equal_but_for(dimension, kept[at], cube):
                    kept[at] = {**kept[at], dimension: kept[at][dimension] | cube[dimension]}
                    sums_kept[at] = rest + hash((dimension, kept[at][dimension]))
                else:
                    kept.append(cube)
                    sums_kept.append(total)
            cubes, sums = kept, sums_kept
    return cubes


def _equal_but_for(dimension: int, one: Cube, other: Cube) -> bool:
    return {**one, dimension: 0} == {**other, dimension: 0}


# ── covers ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def meet(one: Cube, other: Cube) -> bool:
    """Whether two cubes overlap."""
    for dimension, mask in one.items():  # noqa: SIM110  as in `contains`
        if not mask & other.get(dimension, mask):
            return False
    return True


class Cuts:
    """The number of comparisons left to find out whether some cubes cover another one."""

    def __init__(self, left: int = MAX_COVER_STEPS) -> None:
        self.left = left


def is_covered(cube: Cube, others: Iterable[Cube], universe: Sequence[int], cuts: Cuts | None = None) -> bool:
    """Whether the union of `others` holds all of `cube`. `universe` has for each dimension its values, and one more for
    users who lack it.

    A user in the cube may lack every other dimension, so only cubes without further dimensions help. The rest of the
    cube is cut along one dimension at a time. If no cuts are left the answer is no, which is safe.
    """
    cuts = cuts or Cuts()
    helpful = [other for other in others if other.keys() <= cube.keys() and meet(cube, other)]
    if not helpful:
        return False
    cuts.left -= len(helpful)
    waiting = [(cube, 0)]
    while waiting:
        rest, at = waiting.pop()
        while at < len(helpful) and not meet(rest, helpful[at]):
            at += 1
            cuts.left -= 1
        cuts.left -= 1
        if cuts.left < 0:
            return False
        if at == len(helpful):
            return False
        inside = dict(rest)
        for dimension, mask in helpful[at].items():
            here = inside.get(dimension, universe[dimension])
            outside = here & ~mask
            if outside:
                waiting.append(({**inside, dimension: outside}, at + 1))
            inside[dimension] = here & mask
    return True


def irredundant(cubes: Sequence[Cube], universe: Sequence[int], cuts: Cuts | None = None) -> list[Cube]:
    """The cubes that the union of the others does not cover; the last written is tried first.

    `cuts` are shared by all of them; without it, each may take `limits.MAX_COVER_STEPS`.
    """
    index = CubeIndex()
    kept = dict(enumerate(cubes))
    for number, cube in kept.items():
        index.add(number, cube)
    for number in reversed(range(len(cubes))):
        if cuts is not None and cuts.left < 0:
            break
        cube = cubes[number]
        if is_covered(cube, [other for at, other in index.fewer_dimensions(cube) if at != number], universe, cuts):
            index.remove(number, cube)
            del kept[number]
    return list(kept.values())
