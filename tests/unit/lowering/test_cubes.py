"""Cubes against the plain sets of their points."""

from collections.abc import Callable
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segdsl.lowering import cubes as module
from segdsl.lowering.cubes import Cube, Cuts, Work, WorkExceededError, contains, intersection, irredundant, is_covered

FIELDS = 3
UNIVERSE = [0b1111] * FIELDS  # three cells, and lacking the field in the highest bit
MASKS = st.integers(1, 0b111)
CUBES = st.dictionaries(st.integers(0, FIELDS - 1), MASKS, max_size=FIELDS)
LISTS = st.lists(CUBES, max_size=6)
NARROW = st.lists(CUBES.filter(bool), max_size=6)
ALL_POINTS = frozenset(product([1, 2, 4, 8], repeat=FIELDS))


def absorbed(cubes: list[Cube]) -> list[Cube]:
    return module.absorbed(cubes, Work())


def merged(cubes: list[Cube]) -> list[Cube]:
    return module.merged(cubes, Work())


def points(*cubes: Cube) -> frozenset[tuple[int, ...]]:
    """The union of the cubes, point by point."""
    return frozenset(
        point for point in ALL_POINTS if any(all(point[field] & mask for field, mask in cube.items()) for cube in cubes)
    )


@given(one=CUBES, other=CUBES)
def test_intersection(one: Cube, other: Cube) -> None:
    both = intersection(one, other)
    assert points(*([both] if both is not None else [])) == points(one) & points(other)


@given(one=CUBES, other=CUBES)
def test_contains(one: Cube, other: Cube) -> None:
    assert contains(one, other) == (points(other) <= points(one))


@given(cubes=LISTS)
def test_kept_cubes_are_inside_no_other_one(cubes: list[Cube]) -> None:
    kept = absorbed(cubes)
    assert points(*kept) == points(*cubes)
    assert all(cube in cubes for cube in kept)
    for cube in kept:
        assert not any(points(cube) <= points(other) for other in kept if other is not cube)


@given(cubes=LISTS)
def test_absorbed_cubes_keep_their_order_and_of_equal_ones_the_first(cubes: list[Cube]) -> None:
    kept = absorbed(cubes)
    places = [next(at for at, cube in enumerate(cubes) if cube is one) for one in kept]
    assert places == sorted(places)
    assert all(cubes.index(cube) == at for cube, at in zip(kept, places, strict=True))


@given(cubes=LISTS, chosen=st.sets(st.integers(0, 5)))
def test_cubes_that_are_known_to_stay_are_not_tested_and_the_result_is_the_same(
    cubes: list[Cube], chosen: set[int]
) -> None:
    kept = absorbed(cubes)
    known = [at for at, cube in enumerate(cubes) if any(cube is one for one in kept)]
    some = [at for number, at in enumerate(known) if number in chosen]
    assert module.absorbed(cubes, Work(), some) == kept


def test_a_cube_that_equals_a_later_one_that_stays_goes() -> None:
    first, second = {0: 1}, {0: 1}
    (kept,) = module.absorbed([first, second], Work(), [1])
    assert kept is second


@given(cubes=NARROW)
def test_merged_cubes_are_the_same_union_and_no_two_can_be_merged(cubes: list[Cube]) -> None:
    left = merged(cubes)
    assert points(*left) == points(*cubes)
    assert len(left) <= len(cubes)
    for at, cube in enumerate(left):
        for other in left[at + 1 :]:
            if cube.keys() == other.keys():
                assert sum(cube[field] != other[field] for field in cube) > 1


def test_merging_changes_none_of_the_cubes_given() -> None:
    cubes = [{0: 1}, {0: 2}, {0: 4}]
    assert merged(cubes) == [{0: 7}]
    assert cubes == [{0: 1}, {0: 2}, {0: 4}]


def test_merging_goes_on_until_nothing_is_left_to_merge() -> None:
    squares = [{0: a, 1: b} for a in (1, 2) for b in (1, 2)]
    assert merged(squares) == [{0: 3, 1: 3}]
    corners = [{0: 1, 1: 1, 2: 1}, {0: 2, 1: 1, 2: 1}, {0: 3, 1: 2, 2: 1}, {0: 3, 1: 3, 2: 2}]
    assert merged(corners) == [{0: 3, 1: 3, 2: 3}]


@given(cube=CUBES, others=LISTS)
def test_is_covered(cube: Cube, others: list[Cube]) -> None:
    assert is_covered(cube, others, UNIVERSE) == (points(cube) <= points(*others))


def test_past_the_steps_nothing_is_called_covered() -> None:
    others = [{0: cell, 1: 7} for cell in (1, 2, 4)]
    assert is_covered({0: 7, 1: 7}, others, UNIVERSE, Cuts(20))
    assert not is_covered({0: 7, 1: 7}, others, UNIVERSE, Cuts(4))
    assert not is_covered({0: 1, 1: 7}, others, UNIVERSE, Cuts(0))


@given(cubes=LISTS)
def test_irredundant_cubes_are_the_same_union_and_none_is_covered_by_the_rest(cubes: list[Cube]) -> None:
    kept = irredundant(cubes, UNIVERSE)
    assert points(*kept) == points(*cubes)
    for cube in kept:
        others = [other for other in kept if other is not cube]
        assert not points(cube) <= points(*others)


@pytest.mark.parametrize(
    ("cubes", "kept"),
    [
        ([{0: 1}, {0: 3}, {0: 2}], [{0: 3}]),
        ([{0: 1}, {0: 1}], [{0: 1}]),
        ([{0: 3, 1: 1}, {0: 6, 1: 1}, {0: 5, 1: 1}], [{0: 3, 1: 1}, {0: 6, 1: 1}]),
        ([{0: 1}, {1: 1}], [{0: 1}, {1: 1}]),
        ([{0: 1, 1: 1}, {1: 6}, {0: 1}], [{1: 6}, {0: 1}]),
    ],
)
def test_the_last_written_goes_first(cubes: list[dict[int, int]], kept: list[dict[int, int]]) -> None:
    assert irredundant(cubes, UNIVERSE) == kept


@pytest.mark.parametrize("simplify", [module.absorbed, module.merged])
def test_simplifying_spends_work_and_stops_when_there_is_none_left(
    simplify: Callable[[list[dict[int, int]], Work], list[dict[int, int]]],
) -> None:
    cubes = [{0: cell, 1: cell} for cell in range(1, 30)]
    work = Work(10_000)
    simplify(cubes, work)
    spent = 10_000 - work.left
    assert spent >= len(cubes)
    assert len(simplify(cubes, Work(spent))) == len(simplify(cubes, Work()))
    with pytest.raises(WorkExceededError):
        simplify(cubes, Work(spent - 1))


def test_work_that_was_spent_stays_spent() -> None:
    work = Work(10)
    work.spend(10)
    with pytest.raises(WorkExceededError):
        work.spend(1)
