"""The exact minimum against trying every choice of sayable cubes; and the bounds of the search."""

from itertools import combinations, product

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from segdsl.catalogue import Field, Kind
from segdsl.lowering import minimum
from segdsl.lowering.cubes import Cube, Work, absorbed, irredundant
from segdsl.lowering.domains import FieldDomain
from segdsl.lowering.domains.lines import MetricDomain
from segdsl.lowering.minimum import _smallest, minimum_cover

DOMAINS: list[FieldDomain] = [
    MetricDomain(Field(Kind.METRIC, name), [("==", 1)]) for name in ("sentiment", "rating", "cqi")
]
UNIVERSE = [domain.full | 1 << domain.cells for domain in DOMAINS]
SAYABLE = (1, 2, 4, 3, 6)  # runs of the three cells but the whole field, which no rule says
CUBES = st.dictionaries(st.integers(0, 2), st.sampled_from(SAYABLE), min_size=1, max_size=3)
POINTS = list(product([1, 2, 4, 8], repeat=3))
ALL_CUBES = [
    {field: mask for field, mask in enumerate(masks) if mask}
    for masks in product((0, *SAYABLE), repeat=3)
    if any(masks)
]


def covered(cube: Cube) -> int:
    """The points of a cube, as bits."""
    return sum(1 << at for at, point in enumerate(POINTS) if all(point[field] & mask for field, mask in cube.items()))


def union(cubes: list[Cube]) -> int:
    together = 0
    for cube in cubes:
        together |= covered(cube)
    return together


def fewest(cubes: list[Cube]) -> int:
    """How many sayable cubes cover the union of these: by trying."""
    wanted = union(cubes)
    inside = {points for cube in ALL_CUBES if not (points := covered(cube)) & ~wanted}
    largest = [one for one in inside if not any(one & ~other == 0 for other in inside if other != one)]
    for size in range(1, len(cubes)):
        for chosen in combinations(largest, size):
            together = 0
            for points in chosen:
                together |= points
            if together == wanted:
                return size
    return len(cubes)


@given(cubes=st.lists(CUBES, min_size=2, max_size=4))
def test_the_cover_is_the_same_union_with_the_fewest_cubes(cubes: list[Cube]) -> None:
    cubes = irredundant(absorbed(cubes, Work()), UNIVERSE)
    assume(len(cubes) > 1)
    found = minimum_cover(cubes, DOMAINS, UNIVERSE)
    size = fewest(cubes)
    if found is None:
        assert size == len(cubes)
    else:
        assert (union(found), len(found)) == (union(cubes), size)
        assert size < len(cubes)


CROSS = [{0: 1, 1: 1}, {0: 2, 1: 3}, {0: 4, 1: 2}]
"""Three cubes that two cover."""


def test_a_smaller_cover_is_found() -> None:
    assert minimum_cover(CROSS, DOMAINS, UNIVERSE) == [{0: 3, 1: 1}, {0: 6, 1: 2}]


@pytest.mark.parametrize("bound", ["MAX_PRIMES", "MAX_COVER_POINTS", "MAX_SEARCH_STEPS"])
def test_a_search_that_would_be_too_long_is_given_up(bound: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(minimum, bound, 1)
    assert minimum_cover(CROSS, DOMAINS, UNIVERSE) is None


def test_the_candidates_are_bounded_as_the_primes_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(minimum, "MAX_PRIMES", 2)
    whole = [{0: 7, 1: 1}, {0: 1, 1: 2}]  # two primes; the first one takes two halves
    assert minimum_cover(whole, DOMAINS, UNIVERSE) is None


def test_a_choice_that_leads_nowhere_is_taken_back() -> None:
    """Each point is covered twice; the first that covers the lowest point is in no cover of two."""
    coverage = [0b0011, 0b0101, 0b1010, 0b0100, 0b1000]
    assert _smallest(coverage, 0b1111, 4) == [1, 2]
