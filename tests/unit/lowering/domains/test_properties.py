"""The values of user properties and their cells: numbers, strings, booleans and the rest."""

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from segdsl.catalogue import Field, Kind
from segdsl.lowering.domains import PropertyDomain, Test, properties
from segdsl.lowering.domains.properties import fits_in_cells, is_textual
from segdsl.wire.rules import PropertyRule
from tests.unit.lowering.lowered import brief

from .said import inside, reachable, said, union

PLAN = Field(Kind.PROPERTY, "plan")
SCALARS = st.sampled_from(["a", "ab", "b", 1, 2, 2.5, True, False])
ORDERED = st.sampled_from(["a", "ab", 1, 2])
TESTS = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(("==", "!=")), SCALARS),
        st.tuples(st.sampled_from(("<", ">")), ORDERED),
        st.tuples(st.just("contains"), st.sampled_from(["a", "b", "ab"])),
    ),
    min_size=1,
    max_size=4,
)


def values_of(*tests: Test) -> PropertyDomain:
    return PropertyDomain(PLAN, list(tests))


def rules(domain: PropertyDomain, mask: int) -> list[tuple[str, Any]]:
    return [brief(rule)[1:] for rule in domain.rules(mask)]


def pieces(*tests: Test, of: int | None = None) -> list[list[tuple[str, Any]]]:
    """The rules of each piece of what the tests unite to, or of the whole domain."""
    domain = values_of(*tests)
    return [rules(domain, piece) for piece in domain.pieces(domain.full if of is None else of)]


def united(*tests: Test) -> list[list[tuple[str, Any]]]:
    domain = values_of(*tests)
    return pieces(*tests, of=union([domain.mask(test) for test in tests]))


def met(*tests: Test) -> list[list[tuple[str, Any]]]:
    domain = values_of(*tests)
    mask = domain.full
    for test in tests:
        mask &= domain.mask(test)
    return pieces(*tests, of=mask) if mask else []


# ── any tests ──────────────────────────────────────────────────────────────────────────────────────────────────────


@given(tests=TESTS)
def test_tests_of_one_value_are_opposites_or_disjoint(tests: list[Test]) -> None:
    opposites = [({"<": ">", ">": "<"}[operator], value) for operator, value in tests if operator in ("<", ">")]
    domain = values_of(*tests, *opposites)
    for operator, value in tests:
        if operator in ("==", "!="):
            assert domain.mask(("==", value)) ^ domain.mask(("!=", value)) == domain.full
            assert domain.mask(("==", value))
        elif operator in ("<", ">"):
            assert not domain.mask(("<", value)) & domain.mask((">", value))
            assert domain.mask((operator, value))


@given(tests=TESTS)
@example(tests=[("contains", "a"), ("contains", "b"), ("==", "ab"), ("<", "a")])
def test_pieces_cover_the_set_and_nothing_else_and_each_can_be_said(tests: list[Test]) -> None:
    domain = values_of(*tests)
    for mask in reachable(domain, tests):
        found = domain.pieces(mask)
        assert union(found) == mask, (tests, mask)
        for piece in found:
            assert said(domain, domain.rules(piece)) == piece, (tests, mask, piece)


@given(tests=TESTS)
def test_no_piece_is_covered_by_the_others(tests: list[Test]) -> None:
    domain = values_of(*tests)
    for mask in reachable(domain, tests):
        found = domain.pieces(mask)
        for piece in found:
            others = union([other for other in found if other != piece])
            assert not inside(piece, others), (tests, mask, piece)


@given(tests=TESTS)
def test_maximal_sets_lie_inside_can_be_said_and_in_no_other(tests: list[Test]) -> None:
    domain = values_of(*tests)
    for mask in reachable(domain, tests):
        found = domain.maximal(mask)
        assert union(found) == mask
        for one in found:
            assert inside(one, mask)
            assert said(domain, domain.rules(one)) == one, (tests, mask, one)
            assert not any(inside(one, other) for other in found if other != one), (tests, mask, one)


@given(tests=TESTS)
def test_the_meaning_of_two_rules_lies_in_a_maximal_set(tests: list[Test]) -> None:
    domain = values_of(*tests)
    written = list(map(domain.mask, tests))
    sayable = [one & other for one in written for other in written if one & other]
    for mask in reachable(domain, tests):
        largest = domain.maximal(mask)
        for one in sayable:
            if inside(one, mask):
                assert any(inside(one, other) for other in largest), (tests, mask, one)


# ── numbers ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("tests", "expected"),
    [
        ([(">", 1), ("<", 2)], [[("gt", 1), ("lt", 2)]]),
        ([("<", 2), (">", 1)], [[("gt", 1), ("lt", 2)]]),
        ([(">", 1), ("!=", 2)], [[("gt", 1), ("neq", 2)]]),
        ([("!=", 2), (">", 1)], [[("gt", 1), ("neq", 2)]]),
        ([(">", 1), ("!=", 1)], [[("gt", 1)]]),
        ([("==", 1), ("<", 2)], [[("eq", 1)]]),
        ([(">", 1), (">", 2)], [[("gt", 2)]]),
        ([(">", 1), ("<", 5), ("!=", 2), ("!=", 3)], [[("gt", 1), ("lt", 5), ("neq", 2), ("neq", 3)]]),
        ([(">", 1), ("!=", 3), ("<", 5), ("!=", 2)], [[("gt", 1), ("lt", 5), ("neq", 3), ("neq", 2)]]),
        ([("<", 1), (">", 1)], []),
    ],
)
def test_conjunctions_about_numbers(tests: list[tuple[str, int]], expected: list[list[tuple[str, int]]]) -> None:
    assert met(*tests) == expected


@pytest.mark.parametrize(
    ("tests", "expected"),
    [
        ([(">", 1), ("==", 1)], [[("eq", 1)], [("gt", 1)]]),
        ([("<", 1), ("==", 1)], [[("lt", 1)], [("eq", 1)]]),
        ([("<", 2), (">", 1)], [[("lt", 2)], [("gt", 1)]]),
        ([("<", 1), (">", 1)], [[("lt", 1)], [("gt", 1)]]),
        ([("<", 1), ("==", 1), (">", 1)], [[("lt", 1)], [("gt", 1)], [("eq", 1)]]),
        ([("<", 1), (">", 2)], [[("lt", 1)], [("gt", 2)]]),
        ([("<", 1), ("==", 2), (">", 5)], [[("lt", 1)], [("eq", 2)], [("gt", 5)]]),
        ([("<", 2), (">", 2), ("==", 1)], [[("lt", 2)], [("gt", 2)]]),
        ([("==", 1), (">", 2), ("<", 2), ("==", 2)], [[("lt", 2)], [("gt", 1)]]),
    ],
)
def test_alternatives_about_numbers(tests: list[tuple[str, int]], expected: list[list[tuple[str, int]]]) -> None:
    assert united(*tests) == expected


def test_numbers_that_lack_some_constants_are_what_lies_below_the_least_and_the_rest() -> None:
    domain = values_of(("<", 1), (">", 1), ("<", 2), (">", 2), (">", 3))
    lacking = domain.mask(("<", 1)) | domain.mask((">", 1)) & (domain.mask(("<", 2)) | domain.mask((">", 2)))
    assert [rules(domain, piece) for piece in domain.pieces(lacking)] == [[("lt", 1)], [("gt", 1), ("neq", 2)]]


def test_every_number_is_two_half_lines_as_written_if_they_were() -> None:
    assert united(("<", 5), (">", 5), ("==", 5), (">", 1)) == [[("lt", 5)], [("gt", 1)]]
    assert united((">", 1), ("<", 2), ("<", 5)) == [[("lt", 2)], [("gt", 1)]]


# ── everything ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("tests", "expected"),
    [
        ([("==", "a"), ("!=", "a")], [[("neq", "a")], [("eq", "a")]]),
        ([("!=", "a"), ("!=", "b")], [[("neq", "a")], [("neq", "b")]]),
        ([("!=", 1), ("==", 1)], [[("neq", 1)], [("eq", 1)]]),
        ([("!=", 1), (">", 0)], [[("neq", 1)], [("gt", 0)]]),
        ([("!=", True), ("==", True)], [[("neq", True)], [("eq", True)]]),
    ],
)
def test_any_value_at_all_is_two_tests_that_together_hold_for_all(
    tests: list[tuple[str, str | int | bool]], expected: list[list[tuple[str, str | int | bool]]]
) -> None:
    assert united(*tests) == expected


def test_any_value_at_all_where_no_test_is_wide() -> None:
    assert pieces(("==", "a")) == [[("neq", "a")], [("eq", "a")]]
    assert pieces(("==", 5)) == [[("neq", 5)], [("eq", 5)]]


# ── strings, booleans and the rest ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("tests", "expected"),
    [
        ([("!=", "a"), ("!=", 1), ("!=", True)], [[("neq", "a"), ("neq", 1), ("neq", True)]]),
        ([("!=", True), ("!=", "a")], [[("neq", True), ("neq", "a")]]),
        ([("contains", "a"), ("!=", "ab")], [[("contains", "a"), ("neq", "ab")]]),
        ([("!=", "ab"), ("contains", "a")], [[("neq", "ab"), ("contains", "a")]]),
        ([("contains", "a"), ("!=", "x")], [[("contains", "a")]]),
        ([("contains", "a"), ("contains", "ab")], [[("contains", "ab")]]),
        ([("contains", "b"), ("contains", "a")], [[("contains", "b"), ("contains", "a")]]),
        ([("contains", "a"), ("==", "ab")], [[("eq", "ab")]]),
        ([("contains", "a"), ("==", "x")], []),
        ([("contains", "a"), (">", 5)], []),
        ([("<", "m"), (">", "m")], []),
        ([("<", "m"), ("==", "m")], []),
        ([("<", "m"), ("!=", "m")], [[("lt", "m")]]),
        ([("<", "m"), (">", "a")], [[("gt", "a"), ("lt", "m")]]),
        ([(">", "a"), ("==", "b")], [[("gt", "a"), ("eq", "b")]]),
        ([("<", "m"), ("contains", "b"), ("!=", "abc")], [[("lt", "m"), ("contains", "b"), ("neq", "abc")]]),
        ([("!=", True), ("==", False)], [[("eq", False)]]),
        ([("==", 1), ("==", True)], []),
        ([("==", "1"), ("==", 1)], []),
    ],
)
def test_conjunctions_about_values(
    tests: list[tuple[str, str | int | bool]], expected: list[list[tuple[str, str | int | bool]]]
) -> None:
    assert met(*tests) == expected


@pytest.mark.parametrize(
    ("tests", "expected"),
    [
        ([("==", "a"), ("==", "b")], [[("eq", "a")], [("eq", "b")]]),
        ([("==", True), ("==", False), ("==", 1)], [[("eq", 1)], [("eq", True)], [("eq", False)]]),
        ([("contains", "a"), ("==", "ab")], [[("contains", "a")]]),
        ([("contains", "a"), ("==", "x")], [[("contains", "a")], [("eq", "x")]]),
        ([("contains", "a"), ("contains", "ab")], [[("contains", "a")]]),
        ([("contains", "a"), ("contains", "b")], [[("contains", "a")], [("contains", "b")]]),
        ([("<", "m"), (">", "m")], [[("lt", "m")], [("gt", "m")]]),
        ([("<", "m"), ("==", "m")], [[("lt", "m")], [("eq", "m")]]),
        ([("<", "m"), ("==", "a")], [[("lt", "m")], [("eq", "a")]]),
        ([("==", 1), ("contains", "a")], [[("eq", 1)], [("contains", "a")]]),
        ([("!=", "a"), ("==", "b")], [[("neq", "a")]]),
    ],
)
def test_alternatives_about_values(
    tests: list[tuple[str, str | bool | int]], expected: list[list[tuple[str, str | int | bool]]]
) -> None:
    assert united(*tests) == expected


def test_a_class_that_others_cover_is_left_out() -> None:
    domain = values_of(("contains", "m"), ("!=", "mn"), ("contains", "n"), (">", "a"))
    some = domain.mask(("contains", "m")) & domain.mask(("!=", "mn")) | domain.mask(("contains", "n")) & domain.mask(
        (">", "a")
    )
    assert [rules(domain, piece) for piece in domain.pieces(some)] == [
        [("contains", "m"), ("neq", "mn")],
        [("gt", "a"), ("contains", "n")],
    ]
    assert len(domain.maximal(some)) == 3  # and not: greater than a, containing m


def test_a_constant_with_marks_is_kept_apart_where_only_some_carry_them() -> None:
    domain = values_of((">", "a"), ("==", "b"))
    part = domain.mask((">", "a")) & domain.mask(("==", "b"))
    assert domain.pieces(part) == domain.maximal(part) == [part]
    assert domain.pieces(domain.mask(("==", "b"))) == [domain.mask(("==", "b"))]


def test_equal_numbers_are_one_constant_and_booleans_are_not_numbers() -> None:
    domain = values_of(("==", 1), ("==", 1.0), ("==", True))
    assert domain.mask(("==", 1)) == domain.mask(("==", 1.0)) != domain.mask(("==", True))
    assert domain.numbers == [1]
    assert domain.rules(domain.mask(("==", True))) == [PropertyRule("plan", "eq", True)]


# ── how many classes of strings ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("tests", "cells"),
    [
        ([("==", "a"), (">", 1)], 1),
        ([("contains", "a")], 2),
        ([("contains", "a"), ("contains", "a"), ("contains", "b")], 4),
        ([("<", "a")], 3 * 2),  # the bound itself is a constant, and so may carry the other marks
        ([("<", "a"), (">", "a")], 3 * 2),
        ([("<", "a"), (">", "b")], 9 * 3),
        ([("contains", "a"), ("<", "a")], 6 * 2),
        ([("contains", str(number)) for number in range(41)], 1 << 41),
        ([("contains", str(number)) for number in range(3)] + [("<", "a"), (">", "b")], 72 * 6),
    ],
)
def test_the_classes_of_strings_are_counted_not_made(
    tests: list[tuple[str, str | int]], cells: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(properties, "MAX_STRING_CELLS", cells)
    assert fits_in_cells(tests)
    monkeypatch.setattr(properties, "MAX_STRING_CELLS", cells - 1)
    assert not fits_in_cells(tests)


@given(tests=TESTS)
def test_there_are_no_more_cells_of_strings_than_were_counted(tests: list[Test]) -> None:
    domain = values_of(*tests)
    strings = domain.cells - 4 - 2 * len(domain.numbers)  # but numbers, both booleans, everything else
    constants = len({value for _, value in tests if isinstance(value, str)})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(properties, "MAX_STRING_CELLS", strings - constants - 1)
        assert not fits_in_cells(tests)


@pytest.mark.parametrize(
    ("test", "textual"),
    [
        (("==", "a"), False),
        (("!=", "b"), False),
        (("<", 1), False),
        (("contains", "a"), True),
        (("<", "a"), True),
        ((">", "a"), True),
    ],
)
def test_whether_more_than_equality_distinguishes_strings(test: tuple[str, str | int], textual: bool) -> None:
    assert is_textual(test) is textual
