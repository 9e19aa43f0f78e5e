"""Lines and their cells: what can be said of each set of values, and with which rules."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from said import inside, reachable, said, union
from segdsl.lowering.atoms import Atom
from segdsl.lowering.lines import Count, Flag, LastSeen, Line, Metric, Opaque, Test, ends, runs
from segdsl.semantics.catalogue import Field, Kind

RATING = Field(Kind.METRIC, "rating")
COUNT = Field(Kind.COUNT, "conversationCount")
SEEN = Field(Kind.LAST_SEEN, "lastSeen")
FLAG = Field(Kind.FLAG, "jailbreakDetected")
CHANNEL = Field(Kind.CONVERSATION_PROPERTY, "channel")

ORDER = ("<", "<=", ">", ">=", "==", "!=")
METRICS = st.lists(st.tuples(st.sampled_from(ORDER), st.sampled_from([0, 0.5, 1, 2])), min_size=1, max_size=4)
COUNTS = st.lists(st.tuples(st.sampled_from(ORDER), st.sampled_from([0, 1, 2, 5])), min_size=1, max_size=4)
DURATIONS = st.lists(
    st.tuples(st.sampled_from(("within", "before")), st.sampled_from(["30m", "24h", "1d", "1w", "7d", "30d"])),
    min_size=1,
    max_size=4,
)
FLAGS = st.lists(st.tuples(st.sampled_from(("==", "!=")), st.booleans()), min_size=1, max_size=2)
LINES = st.one_of(
    METRICS.map(lambda tests: Metric(RATING, tests)),
    COUNTS.map(lambda tests: Count(COUNT, tests)),
    DURATIONS.map(lambda tests: LastSeen(SEEN, tests)),
    FLAGS.map(lambda tests: Flag(FLAG, tests)),
)


def rules(line: Line, mask: int) -> list[tuple[str, Any]]:
    return [(atom.operator, atom.value) for atom in line.atoms(mask)]


# ── sets ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("mask", "expected"),
    [
        (0b0, []),
        (0b1, [0b1]),
        (0b1000, [0b1000]),
        (0b1111, [0b1111]),
        (0b1011, [0b0011, 0b1000]),
        (0b110101, [0b000001, 0b000100, 0b110000]),
    ],
)
def test_runs(mask, expected):
    assert runs(mask) == expected


@pytest.mark.parametrize(("mask", "expected"), [(0b1, (0, 0)), (0b100, (2, 2)), (0b0110, (1, 2)), (0b11111, (0, 4))])
def test_ends(mask, expected):
    assert ends(mask) == expected


# ── every line ─────────────────────────────────────────────────────────────────────────────────────────────────────


@given(line=LINES)
def test_pieces_cover_the_set_and_nothing_else_and_each_can_be_said(line: Line) -> None:
    for mask in reachable(line):
        pieces = line.pieces(mask)
        assert union(pieces) == mask
        for piece in pieces:
            if isinstance(line, Count) and piece == line.full:
                assert rules(line, piece) == [("gte", 0)]  # there are no counts below
            else:
                assert said(line, line.atoms(piece)) == piece
            assert not any(inside(piece, other) for other in pieces if other != piece)


@given(line=LINES)
def test_maximal_sets_are_the_largest_inside_that_can_be_said(line: Line) -> None:
    runs_within = [(1 << last + 1) - (1 << first) for first in range(line.cells) for last in range(first, line.cells)]
    sayable = [mask for mask in runs_within if mask != line.full or isinstance(line, Count)]
    if isinstance(line, Flag):
        sayable = [1, 2]
    for mask in reachable(line):
        largest = [one for one in sayable if inside(one, mask)]
        largest = [one for one in largest if not any(inside(one, other) and one != other for other in largest)]
        assert sorted(line.maximal(mask)) == sorted(largest)


@given(line=LINES)
def test_what_was_written_is_kept_in_order_and_once(line: Line) -> None:
    assert len(set(line.written)) == len(line.written)
    assert all(0 <= mask <= line.full for mask in line.written)


# ── metrics ────────────────────────────────────────────────────────────────────────────────────────────────────────


def metric(*tests: Test) -> Metric:
    return Metric(RATING, list(tests))


def test_the_cells_of_a_metric_are_its_constants_and_the_gaps_between():
    line = metric(("<", 2), (">", 1))
    assert line.points == [1, 2]
    assert line.cells == 5
    assert [line.mask((operator, 1)) for operator in ORDER] == [0b1, 0b11, 0b11100, 0b11110, 0b10, 0b11101]


@pytest.mark.parametrize(
    ("mask", "expected"),
    [
        (0b00001, [("lt", 1)]),
        (0b00010, [("eq", 1)]),
        (0b00011, [("lte", 1)]),
        (0b00100, [("gt", 1), ("lt", 2)]),
        (0b00110, [("gte", 1), ("lt", 2)]),
        (0b01110, [("gte", 1), ("lte", 2)]),
        (0b01100, [("gt", 1), ("lte", 2)]),
        (0b10000, [("gt", 2)]),
        (0b11000, [("gte", 2)]),
        (0b00111, [("lt", 2)]),
    ],
)
def test_the_rules_of_a_metric(mask, expected):
    assert rules(metric(("<", 1), ("<", 2)), mask) == expected


@pytest.mark.parametrize(
    ("tests", "expected"),
    [
        ([("<", 1), (">=", 1)], [[("lt", 1)], [("gte", 1)]]),
        ([(">=", 1), ("<", 1)], [[("lt", 1)], [("gte", 1)]]),
        ([("<=", 1), (">", 1)], [[("lte", 1)], [("gt", 1)]]),
        ([("<", 2), (">", 1)], [[("lt", 2)], [("gt", 1)]]),
        ([("<", 2), (">", 2), (">", 1)], [[("lt", 2)], [("gt", 1)]]),
        ([("==", 1), ("!=", 1)], [[("lt", 1)], [("gte", 1)]]),
        ([("==", 1), (">", 1), ("<", 1)], [[("lt", 1)], [("gte", 1)]]),
        ([(">", 1), ("==", 1)], [[("lte", 1)], [("gt", 1)]]),
        ([("<", 1), ("==", 1), (">", 2)], [[("lt", 1)], [("gte", 1)]]),
    ],
)
def test_the_whole_line_stays_two_half_lines_as_written_if_they_were(tests, expected):
    line = metric(*tests)
    assert [rules(line, half) for half in line.pieces(line.full)] == expected


# ── the count ──────────────────────────────────────────────────────────────────────────────────────────────────────


def count(*tests: Test) -> Count:
    return Count(COUNT, list(tests))


@pytest.mark.parametrize(
    ("test", "cuts", "mask"),
    [
        (("<", 5), [5], 0b01),
        (("<=", 5), [6], 0b01),
        ((">", 5), [6], 0b10),
        ((">=", 5), [5], 0b10),
        (("==", 5), [5, 6], 0b010),
        (("!=", 5), [5, 6], 0b101),
    ],
)
def test_the_count_is_cut_where_something_begins_to_hold(test, cuts, mask):
    line = count(test)
    assert (line.cuts, line.mask(test)) == (cuts, mask)


def test_neighbouring_counts_touch():
    line = count((">", 5), ("<", 6))
    assert line.cells == 2
    assert line.pieces(line.full) == line.maximal(line.full) == [line.full]


@pytest.mark.parametrize(
    ("mask", "expected"),
    [
        (0b001, [("lte", 2)]),
        (0b010, [("gte", 3), ("lte", 7)]),
        (0b100, [("gte", 8)]),
        (0b011, [("lte", 7)]),
        (0b110, [("gte", 3)]),
        (0b111, [("gte", 0)]),
    ],
)
def test_the_rules_of_the_count(mask, expected):
    assert rules(count((">=", 3), ("<=", 7)), mask) == expected


@pytest.mark.parametrize(
    ("tests", "natural"),
    [
        ([(">", 5)], 0b11),
        ([(">=", 1)], 0b11),
        ([(">=", 0)], 0b10),
        ([("<", 0)], 0b10),
        ([(">", -3), ("<", 4)], 0b110),
        ([("!=", -1)], 0b100),
    ],
)
def test_the_cells_of_counts_that_can_be(tests, natural):
    assert count(*tests).natural == natural


# ── last seen ──────────────────────────────────────────────────────────────────────────────────────────────────────


def last_seen(*tests: Test) -> LastSeen:
    return LastSeen(SEEN, list(tests))


def test_durations_are_cut_by_length_and_belong_to_the_nearer_side():
    line = last_seen(("within", "7d"), ("before", "24h"), ("within", "1w"))
    assert line.cuts == [24 * 60, 7 * 24 * 60]
    assert line.mask(("within", "7d")) == line.mask(("within", "168h")) == 0b011
    assert line.mask(("before", "1d")) == 0b110
    assert line.written == [0b011, 0b110]


@pytest.mark.parametrize(
    ("tests", "mask", "expected"),
    [
        ([("within", "2w")], 0b01, [("within", "14d")]),
        ([("before", "2w")], 0b10, [("before", "14d")]),
        ([("within", "7d"), ("within", "168h")], 0b01, [("within", "7d")]),
        ([("within", "168h"), ("within", "7d")], 0b01, [("within", "168h")]),
        ([("within", "7d"), ("before", "1d")], 0b010, [("before", "1d"), ("within", "7d")]),
    ],
)
def test_the_rules_of_last_seen_keep_the_first_spelling(tests, mask, expected):
    assert rules(last_seen(*tests), mask) == expected


# ── flags and tests of which nothing follows ───────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("test", "mask"), [(("==", True), 1), (("==", False), 2), (("!=", True), 2), (("!=", False), 1)]
)
def test_flags(test, mask):
    line = Flag(FLAG, [test])
    assert line.written == [mask]
    assert line.atoms(mask) == [Atom(FLAG, "is", mask == 1)]
    assert line.pieces(3) == line.maximal(3) == [1, 2]


def test_an_opaque_test_says_itself():
    line = Opaque(CHANNEL, "contains", "web")
    assert line.mask(("contains", "web")) == line.full == 1
    assert line.pieces(1) == line.maximal(1) == line.written == [1]
    assert line.atoms(1) == [Atom(CHANNEL, "contains", "web")]
