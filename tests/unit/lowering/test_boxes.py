"""Boxes against the plain sets of points that they stand for."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from segdsl.lowering.boxes import Box, absorbed, contains, intersection, irredundant, is_covered, merged

FIELDS = 3
UNIVERSE = [0b1111] * FIELDS  # three cells, and lacking the field in the highest bit
MASKS = st.integers(1, 0b111)
BOXES = st.dictionaries(st.integers(0, FIELDS - 1), MASKS, max_size=FIELDS)
LISTS = st.lists(BOXES, max_size=6)
NARROW = st.lists(BOXES.filter(bool), max_size=6)
ALL_POINTS = frozenset(product([1, 2, 4, 8], repeat=FIELDS))


def points(*boxes: Box) -> frozenset[tuple[int, ...]]:
    """The union of the boxes, point by point."""
    return frozenset(
        point for point in ALL_POINTS if any(all(point[field] & mask for field, mask in box.items()) for box in boxes)
    )


@given(one=BOXES, other=BOXES)
def test_intersection(one: Box, other: Box) -> None:
    both = intersection(one, other)
    assert points(*([both] if both is not None else [])) == points(one) & points(other)


@given(one=BOXES, other=BOXES)
def test_contains(one: Box, other: Box) -> None:
    assert contains(one, other) == (points(other) <= points(one))


@given(boxes=LISTS)
def test_absorbed_boxes_lie_in_none_of_those_kept(boxes: list[Box]) -> None:
    kept = absorbed(boxes)
    assert points(*kept) == points(*boxes)
    assert all(box in boxes for box in kept)
    for box in kept:
        assert not any(points(box) <= points(other) for other in kept if other is not box)


@given(boxes=LISTS)
def test_absorbed_boxes_keep_their_order_and_of_equal_ones_the_first(boxes: list[Box]) -> None:
    kept = absorbed(boxes)
    places = [next(at for at, box in enumerate(boxes) if box is one) for one in kept]
    assert places == sorted(places)
    assert all(boxes.index(box) == at for box, at in zip(kept, places, strict=True))


@given(boxes=NARROW)
def test_merged_boxes_are_the_same_union_and_no_two_can_be_merged(boxes: list[Box]) -> None:
    left = merged(boxes)
    assert points(*left) == points(*boxes)
    assert len(left) <= len(boxes)
    for at, box in enumerate(left):
        for other in left[at + 1 :]:
            if box.keys() == other.keys():
                assert sum(box[field] != other[field] for field in box) > 1


def test_merging_changes_none_of_the_boxes_given():
    boxes = [{0: 1}, {0: 2}, {0: 4}]
    assert merged(boxes) == [{0: 7}]
    assert boxes == [{0: 1}, {0: 2}, {0: 4}]


def test_merging_goes_on_until_nothing_is_left_to_merge():
    squares = [{0: a, 1: b} for a in (1, 2) for b in (1, 2)]
    assert merged(squares) == [{0: 3, 1: 3}]
    corners = [{0: 1, 1: 1, 2: 1}, {0: 2, 1: 1, 2: 1}, {0: 3, 1: 2, 2: 1}, {0: 3, 1: 3, 2: 2}]
    assert merged(corners) == [{0: 3, 1: 3, 2: 3}]


@given(box=BOXES, others=LISTS)
def test_is_covered(box: Box, others: list[Box]) -> None:
    assert is_covered(box, others, UNIVERSE) == (points(box) <= points(*others))


def test_past_the_budget_nothing_is_called_covered():
    others = [{0: cell, 1: 7} for cell in (1, 2, 4)]
    assert is_covered({0: 7, 1: 7}, others, UNIVERSE, budget=4)
    assert not is_covered({0: 7, 1: 7}, others, UNIVERSE, budget=2)
    assert not is_covered({0: 1, 1: 7}, others, UNIVERSE, budget=0)


@given(boxes=LISTS)
def test_irredundant_boxes_are_the_same_union_and_none_is_covered_by_the_rest(boxes: list[Box]) -> None:
    kept = irredundant(boxes, UNIVERSE)
    assert points(*kept) == points(*boxes)
    for box in kept:
        others = [other for other in kept if other is not box]
        assert not points(box) <= points(*others)


@pytest.mark.parametrize(
    ("boxes", "kept"),
    [
        ([{0: 1}, {0: 3}, {0: 2}], [{0: 3}]),
        ([{0: 1}, {0: 1}], [{0: 1}]),
        ([{0: 3, 1: 1}, {0: 6, 1: 1}, {0: 5, 1: 1}], [{0: 3, 1: 1}, {0: 6, 1: 1}]),
        ([{0: 1}, {1: 1}], [{0: 1}, {1: 1}]),
        ([{0: 1, 1: 1}, {1: 6}, {0: 1}], [{1: 6}, {0: 1}]),
    ],
)
def test_what_is_written_last_goes_first(boxes, kept):
    assert irredundant(boxes, UNIVERSE) == kept
