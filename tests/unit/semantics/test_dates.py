"""Days and seconds as texts: where they begin, the text before them, and texts that are not dates."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import segdsl
from segdsl.semantics.dates import comparison_of, cuts, date_problem, in_utc, iso_text, last_before

DAYS = st.dates().map(date.isoformat)
SECONDS = st.datetimes().map(lambda moment: f"{moment.replace(microsecond=0).isoformat()}Z")
LITERALS = st.one_of(DAYS, SECONDS)


@pytest.mark.parametrize(
    ("literal", "first", "beyond"),
    [
        ("2026-03-01", "2026-03-01", "2026-03-02"),
        ("2024-02-28", "2024-02-28", "2024-02-29"),
        ("9999-12-31", "9999-12-31", "9999-12-31T24"),
        ("2026-03-01T00:00:00Z", "2026-03-01", "2026-03-01T00:00:01"),
        ("2026-03-01T23:59:59Z", "2026-03-01T23:59:59", "2026-03-02"),
        ("2026-03-01t09:30:00+00:00", "2026-03-01T09:30:00", "2026-03-01T09:30:01"),
        ("9999-12-31T23:59:59Z", "9999-12-31T23:59:59", "9999-12-31T24"),
    ],
)
def test_the_cuts_before_and_after_a_literal(literal: str, first: str, beyond: str) -> None:
    assert cuts(literal) == (first, beyond)


@pytest.mark.parametrize(
    ("cut", "before"),
    [
        ("2026-03-01", "2026-02-28T24"),
        ("0001-01-01", "0000-12-31T24"),
        ("2026-03-01T09:30:00", "2026-03-01T09:29:59Z"),
        ("9999-12-31T24", "9999-12-31T24"),
    ],
)
def test_the_last_text_before_a_cut(cut: str, before: str) -> None:
    assert last_before(cut) == before


def stored(moment: datetime) -> list[str]:
    """The texts that systems hold for one moment."""
    plain = moment.replace(tzinfo=None)
    texts = [f"{plain.isoformat()}Z", f"{plain.isoformat(timespec='milliseconds')}Z", f"{plain.isoformat()}+00:00"]
    return [*texts, plain.date().isoformat()] if plain.time() == datetime.min.time() else texts


@given(st.datetimes(), LITERALS)
def test_a_cut_parts_the_texts_of_all_moments(moment: datetime, literal: str) -> None:
    day = len(literal) == len("2026-01-01")
    key = moment.date().isoformat() if day else f"{moment.replace(microsecond=0).isoformat()}Z"
    first, beyond = cuts(literal)
    for text in stored(moment):
        assert (text < first) is (key < literal)
        assert (text > last_before(first)) is (key >= literal)
        assert (text < beyond) is (key <= literal)
        assert (text > last_before(beyond)) is (key > literal)


@given(LITERALS, st.sampled_from(["<", "<=", ">", ">="]))
def test_rules_say_the_comparison_they_come_from(literal: str, sign: str) -> None:
    cut = cuts(literal)[sign in ("<=", ">")]
    rule = ("<", cut) if sign[0] == "<" else (">", last_before(cut))
    found = comparison_of(*rule)
    assert found is not None
    again = cuts(found[1])[found[0] in ("<=", ">")]
    assert found[0][0] == sign[0]
    assert ((">", last_before(again)) if sign[0] == ">" else ("<", again)) == rule


DECLARED = segdsl.Schema(properties={"renewal": "date"})


@given(LITERALS, st.sampled_from(["<", "<=", ">", ">=", "=="]))
@example("0001-01-01", ">=")
@example("9999-12-31", ">")
@example("9999-12-31", "<=")
def test_bounds_that_are_decompiled_without_the_declaration_are_read_with_it(literal: str, sign: str) -> None:
    """`pull` knows no declaration, and a config may have one."""
    filters = segdsl.compile(f"renewal {sign} {literal}", DECLARED)
    assert segdsl.compile(segdsl.decompile(filters), DECLARED) == filters


@pytest.mark.parametrize(
    "text",
    ['renewal <= "2026-02-28T24"', 'renewal < "2026-02-28T24"', 'renewal > "2026-03-01T09:30:00"',
     'renewal == "2026-03-01T09:30:00"', 'renewal in ["2026-02-28T24"]'],
)  # fmt: skip
def test_no_other_use_of_such_a_text_is_a_date(text: str) -> None:
    assert [one.code for one in segdsl.check(text, DECLARED)] == ["wrong-type"]


@pytest.mark.parametrize("text", ["", "today", "2026-03-01T10", "2026-02-30T24", "m", "2026-03-01T10:00:00+02:00"])
def test_a_rule_of_another_text_is_no_comparison_with_a_date(text: str) -> None:
    assert comparison_of(">", text) is None


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("2026-03-01", None),
        ("2026-03-01T10:00:00Z", None),
        ("2026-03-01T10:00:00.000Z", None),
        ("2026-03-01T10:00:00-00:00", None),
        ("2026-03-01T10:00:00+02:00", "is not in UTC"),
        ("2026-03-01T10:00:00.5Z", "is not a whole second"),
        ("2026-02-30", "is not a date"),
        ("2026-3-1", "is not a date"),
        ("today", "is not a date"),
        ("", "is not a date"),
    ],
)
def test_valid_dates(text: str, problem: str | None) -> None:
    assert date_problem(text) == problem


def test_a_moment_is_written_in_utc() -> None:
    assert in_utc("2026-03-01T10:00:00+02:00") == "2026-03-01T08:00:00Z"
    assert in_utc("2026-03-01") == "2026-03-01"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (date(2026, 3, 1), "2026-03-01"),
        (datetime(2026, 3, 1, 10, tzinfo=UTC), "2026-03-01T10:00:00Z"),
        (datetime(2026, 3, 1, 10, 0, 0, 500_000, timezone(timedelta(hours=2))), "2026-03-01T08:00:00.500000Z"),
        (datetime(2026, 3, 1, 10), "2026-03-01T10:00:00"),
        (datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=2))), "0001-01-01T00:00:00+02:00"),
    ],
)
def test_dates_of_python_as_text(value: date | datetime, text: str) -> None:
    assert iso_text(value) == text


@pytest.mark.parametrize("written", ["2026-01-31T12:00:00+02:00", '"2026-01-31T12:00:00+02:00"'])
def test_a_moment_in_another_zone_is_surely_the_one_in_utc(written: str) -> None:
    text = f"opened >= {written}"
    (found,) = segdsl.check(text, segdsl.Schema(properties={"opened": "date"}))
    assert [(fix.applied_to(text), fix.safe) for fix in found.fixes] == [("opened >= 2026-01-31T10:00:00Z", True)]
