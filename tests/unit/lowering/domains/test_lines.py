"""Domains of ordered values, and flags: which sets of values rules can express, and the rules for each."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segdsl.catalogue import Field, Kind
from segdsl.limits import MAX_SAFE_INTEGER
from segdsl.lowering.domains import FieldDomain, OpaqueDomain, Test
from segdsl.lowering.domains.cells import ends, runs
from segdsl.lowering.domains.lines import CountDomain, FlagDomain, LastSeenDomain, MetricDomain
from segdsl.wire.rules import AnalysisFlagRule, ConversationCountRule, ConversationPropertyRule

from .said import inside, made_test, reachable, said, union

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
Made = tuple[FieldDomain, list[Test]]
DOMAINS: st.SearchStrategy[Made] = st.one_of(
    METRICS.map(lambda tests: (MetricDomain(RATING, tests), tests)),
    COUNTS.map(lambda tests: (CountDomain(COUNT, tests), tests)),
    DURATIONS.map(lambda tests: (LastSeenDomain(SEEN, tests), tests)),
    FLAGS.map(lambda tests: (FlagDomain(FLAG, tests), tests)),
)


def rules(domain: FieldDomain, mask: int) -> list[tuple[str, Any]]:
    return [(getattr(rule, "operator", "is"), rule.value) for rule in domain.rules(mask)]


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
def test_runs(mask: int, expected: list[int]) -> None:
    assert runs(mask) == expected


@pytest.mark.parametrize(("mask", "expected"), [(0b1, (0, 0)), (0b100, (2, 2)), (0b0110, (1, 2)), (0b11111, (0, 4))])
def test_ends(mask: int, expected: tuple[int, int]) -> None:
    assert ends(mask) == expected


# ── every domain ───────────────────────────────────────────────────────────────────────────────────────────────────


@given(made=DOMAINS)
def test_pieces_cover_the_set_and_nothing_else_and_each_can_be_said(made: Made) -> None:
    domain, tests = made
    for mask in reachable(domain, tests):
        pieces = domain.pieces(mask)
        assert union(pieces) == mask
        for piece in pieces:
            if isinstance(domain, CountDomain) and piece == domain.full:
                assert rules(domain, piece) == [("gte", 0)]  # every count there is
            else:
                assert said(domain, domain.rules(piece)) == piece
            assert not any(inside(piece, other) for other in pieces if other != piece)


@given(made=DOMAINS)
def test_maximal_sets_are_the_largest_inside_that_can_be_said(made: Made) -> None:
    domain, tests = made
    cells = range(domain.cells)
    runs_within = [(1 << last + 1) - (1 << first) for first in cells for last in range(first, domain.cells)]
    sayable = [mask for mask in runs_within if mask != domain.full or isinstance(domain, CountDomain)]
    if isinstance(domain, FlagDomain):
        sayable = [1, 2]
    for mask in reachable(domain, tests):
        largest = [one for one in sayable if inside(one, mask)]
        largest = [one for one in largest if not any(inside(one, other) and one != other for other in largest)]
        assert sorted(domain.maximal(mask)) == sorted(largest)


# ── metrics ────────────────────────────────────────────────────────────────────────────────────────────────────────


def metric(*tests: Test) -> MetricDomain:
    return MetricDomain(RATING, list(tests))


def test_the_cells_of_a_metric_are_its_constants_and_the_gaps_between() -> None:
    domain = metric(("<", 2), (">", 1))
    assert domain.points == [1, 2]
    assert domain.cells == 5
    assert [domain.mask((operator, 1)) for operator in ORDER] == [0b1, 0b11, 0b11100, 0b11110, 0b10, 0b11101]


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
def test_the_rules_of_a_metric(mask: int, expected: list[tuple[str, int]]) -> None:
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
def test_the_whole_line_stays_two_half_lines_as_written_if_they_were(
    tests: list[tuple[str, int]], expected: list[list[tuple[str, int]]]
) -> None:
    domain = metric(*tests)
    assert [rules(domain, half) for half in domain.pieces(domain.full)] == expected


# ── the count ──────────────────────────────────────────────────────────────────────────────────────────────────────


def count(*tests: Test) -> CountDomain:
    return CountDomain(COUNT, list(tests))


def counts(domain: CountDomain, mask: int) -> list[int]:
    """The counts up to ten that a set holds, by the rules that say it."""
    return [at for at in range(11) if any(at_holds(at, rules(domain, piece)) for piece in domain.pieces(mask))]


def at_holds(value: int, said_of_it: list[tuple[str, Any]]) -> bool:
    return all(value >= bound if operator == "gte" else value <= bound for operator, bound in said_of_it)


@pytest.mark.parametrize(
    ("test", "holding"),
    [
        (("<", 5), range(5)),
        (("<=", 5), range(6)),
        ((">", 5), range(6, 11)),
        ((">=", 5), range(5, 11)),
        (("==", 5), [5]),
        (("!=", 5), [0, 1, 2, 3, 4, 6, 7, 8, 9, 10]),
    ],
)
def test_the_count_is_cut_where_something_begins_to_hold(test: tuple[str, int], holding: list[int] | range) -> None:
    domain = count(test)
    assert counts(domain, domain.mask(test)) == list(holding)


@pytest.mark.parametrize("tests", [[(">", 5), ("<", 6)], [("<=", 5), (">=", 6)], [("<", 3), ("==", 3), (">", 3)]])
def test_neighbouring_counts_touch(tests: list[tuple[str, int]]) -> None:
    domain = count(*tests)
    together = union(map(domain.mask, tests))
    assert together == domain.full
    assert domain.pieces(together) == domain.maximal(together) == [together]


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        (("<", 3), [("lte", 2)]),
        (("<=", 7), [("lte", 7)]),
        ((">=", 3), [("gte", 3)]),
        ((">", 7), [("gte", 8)]),
        (("==", 3), [("gte", 3), ("lte", 3)]),
    ],
)
def test_the_rules_of_the_count(chosen: tuple[str, int], expected: list[tuple[str, int]]) -> None:
    domain = count((">=", 3), ("<=", 7))
    assert rules(domain, domain.mask(chosen)) == expected


def test_both_ends_of_the_count_and_every_count() -> None:
    domain = count((">=", 3), ("<=", 7))
    both = domain.mask((">=", 3)) & domain.mask(("<=", 7))
    assert rules(domain, both) == [("gte", 3), ("lte", 7)]
    assert rules(domain, domain.full) == [("gte", 0)]


@pytest.mark.parametrize(
    ("test", "expected"),
    [
        ((">=", 0), [("gte", 0)]),
        ((">=", -3), [("gte", 0)]),
        ((">", -1), [("gte", 0)]),
        (("<", 0), None),
        (("<=", -1), None),
        (("==", -2), None),
        (("==", 0), [("lte", 0)]),
        (("!=", 0), [("gte", 1)]),
        (("!=", -1), [("gte", 0)]),
        ((">", 0), [("gte", 1)]),
        (("<=", MAX_SAFE_INTEGER), [("lte", MAX_SAFE_INTEGER)]),
        ((">", MAX_SAFE_INTEGER), None),
        ((">=", MAX_SAFE_INTEGER), [("gte", MAX_SAFE_INTEGER)]),
        (("<", MAX_SAFE_INTEGER), [("lte", MAX_SAFE_INTEGER - 1)]),
        (("!=", MAX_SAFE_INTEGER), [("lte", MAX_SAFE_INTEGER - 1)]),
        (("==", MAX_SAFE_INTEGER), [("gte", MAX_SAFE_INTEGER)]),
    ],
)
def test_a_count_is_never_negative_and_never_beyond_what_the_server_holds(
    test: tuple[str, int], expected: list[tuple[str, int]] | None
) -> None:
    domain = count(test)
    mask = domain.mask(test)
    assert (rules(domain, mask) if mask else None) == expected
    for rule in domain.rules(mask) if mask else ():
        assert isinstance(rule, ConversationCountRule)
        assert 0 <= rule.value <= MAX_SAFE_INTEGER


# ── last seen ──────────────────────────────────────────────────────────────────────────────────────────────────────


def last_seen(*tests: Test) -> LastSeenDomain:
    return LastSeenDomain(SEEN, list(tests))


def test_durations_are_cut_by_length_and_belong_to_the_nearer_side() -> None:
    domain = last_seen(("within", "7d"), ("before", "24h"), ("within", "1w"))
    assert domain.cuts == [24 * 60, 7 * 24 * 60]
    assert domain.mask(("within", "7d")) == domain.mask(("within", "168h")) == 0b011
    assert domain.mask(("before", "1d")) == 0b110


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
def test_the_rules_of_last_seen_keep_the_first_spelling(
    tests: list[tuple[str, str]], mask: int, expected: list[tuple[str, str]]
) -> None:
    assert rules(last_seen(*tests), mask) == expected


# ── flags, and tests that imply nothing ───────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("test", "mask"), [(("==", True), 1), (("==", False), 2), (("!=", True), 2), (("!=", False), 1)]
)
def test_flags(test: tuple[str, bool], mask: int) -> None:
    domain = FlagDomain(FLAG, [test])
    assert domain.mask(test) == mask
    assert domain.rules(mask) == [AnalysisFlagRule("jailbreakDetected", mask == 1)]
    assert domain.pieces(3) == domain.maximal(3) == [1, 2]


def test_an_opaque_test_says_itself() -> None:
    domain = OpaqueDomain(CHANNEL, ("contains", "web"))
    assert domain.mask(("contains", "web")) == domain.full == 1
    assert domain.pieces(1) == domain.maximal(1) == [1]
    (rule,) = domain.rules(1)
    assert rule == ConversationPropertyRule("channel", "contains", "web")
    assert made_test(rule) == ("contains", "web")
