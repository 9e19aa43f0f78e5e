"""Values that a host binds to parameters."""

import datetime
import uuid
from collections import UserString
from enum import IntEnum, StrEnum
from typing import Any

import pytest

from segdsl.semantics.parameters import UnfitParameterError, duration, many, moment, preset, products, scalar
from segdsl.syntax.nodes import Date, Duration

UUID = "182bd5e5-6e1a-4fe4-a799-aa6d9a6ab26e"


class Plan(StrEnum):
    PRO = "pro"


class Seats(IntEnum):
    TEN = 10


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("pro", "pro"),
        ("", ""),
        (True, True),
        (5, 5),
        (-(2**53 - 1), -(2**53 - 1)),
        (0.5, 0.5),
        (-0.0, 0.0),
        (Plan.PRO, "pro"),
        (Seats.TEN, 10),
    ],
)
def test_a_scalar_becomes_one_of_python_s_own(value: Any, expected: str | bool | float) -> None:
    found = scalar(value)
    assert found == expected
    assert type(found) in (str, bool, int, float)
    assert str(found) == str(expected)


def test_a_day_is_a_date() -> None:
    assert scalar(datetime.date(2026, 1, 31)) == Date("2026-01-31")


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (None, "nothing, where a string, a number or a boolean can stand"),
        ([1], "a list, where a string, a number or a boolean can stand"),
        ({}, "an object, where a string, a number or a boolean can stand"),
        (UserString("x"), "of Python's type `UserString`, where a string, a number or a boolean can stand"),
        (2**53, "a number that is not finite, or beyond ±(2^53−1)"),
        (float("inf"), "a number that is not finite, or beyond ±(2^53−1)"),
        (float("nan"), "a number that is not finite, or beyond ±(2^53−1)"),
        ("a\ud800", "a string with half a surrogate pair, which no JSON can carry"),
        ("\udfffa", "a string with half a surrogate pair, which no JSON can carry"),
        (datetime.datetime(2026, 1, 1), "a datetime without a time zone"),
    ],
)
def test_values_that_are_no_scalar(value: Any, message: str) -> None:
    with pytest.raises(UnfitParameterError) as caught:
        scalar(value)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (["a", 1], ("a", 1)),
        (("a",), ("a",)),
        ({"b", "a", "c"}, ("a", "b", "c")),
        (frozenset([2, 1]), (1, 2)),
        (frozenset([2, 10]), (10, 2)),
        ({"b", 1, 0.5}, ("b", 0.5, 1)),
    ],
)
def test_a_list_of_values_sets_in_a_stable_order(value: Any, expected: tuple[str | float, ...]) -> None:
    assert many(value) == expected


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("pro", "a string, where a list can stand"),
        (True, "a boolean, where a list can stand"),
        ([], "an empty list"),
        (set(), "an empty list"),
        ([None], "nothing, where a string, a number or a boolean can stand"),
    ],
)
def test_values_that_are_no_list(value: Any, message: str) -> None:
    with pytest.raises(UnfitParameterError) as caught:
        many(value)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"weeks": 1}, "7d"),
        ({"hours": 48}, "2d"),
        ({"hours": 36}, "36h"),
        ({"minutes": 90}, "90m"),
        ({"seconds": 60}, "1m"),
        ({"days": 36500}, "36500d"),
    ],
)
def test_a_timedelta_is_a_duration_in_its_largest_whole_unit(value: dict[str, int], text: str) -> None:
    assert duration(datetime.timedelta(**value)) == Duration(text)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ({"seconds": 90}, "0:01:30"),
        ({}, "0:00:00"),
        ({"days": -1}, "-1 day, 0:00:00"),
        ({"days": 36501}, "36501d"),
        ({"days": 7, "microseconds": 1}, "7 days, 0:00:00.000001"),
    ],
)
def test_a_timedelta_that_no_duration_says(value: dict[str, int], shown: str) -> None:
    with pytest.raises(UnfitParameterError) as caught:
        duration(datetime.timedelta(**value))
    assert str(caught.value) == f'"{shown}", where a duration such as "7d" can stand'


def test_durations_and_presets() -> None:
    assert duration("7d") == Duration("7d")
    assert preset("ALL") == "all"
    for read, value in ((duration, "7 days"), (duration, 7), (preset, "5d"), (preset, None)):
        with pytest.raises(UnfitParameterError, match="can stand"):
            read(value)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2026-01-31", "2026-01-31"),
        (datetime.date(2026, 1, 31), "2026-01-31"),
        (datetime.datetime(2026, 1, 31, 14, 30, tzinfo=datetime.UTC), "2026-01-31T14:30:00+00:00"),
    ],
)
def test_moments(value: str | datetime.date | datetime.datetime, expected: str) -> None:
    assert moment(value) == Date(expected)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (datetime.datetime(2026, 1, 31), "a datetime without a time zone"),
        ("2026-02-30", '"2026-02-30", where a date such as "2026-01-31" can stand'),
        (5, 'a number, where a date such as "2026-01-31" can stand'),
    ],
)
def test_values_that_are_no_moment(value: str | int | datetime.datetime, message: str) -> None:
    with pytest.raises(UnfitParameterError) as caught:
        moment(value)
    assert str(caught.value) == message


def test_products_are_one_or_several() -> None:
    assert products(UUID) == products([UUID]) == (UUID,)
    assert products((UUID, UUID)) == (UUID, UUID)
    assert products(uuid.UUID(UUID)) == products({uuid.UUID(UUID)}) == products(frozenset([UUID])) == (UUID,)
    other = UUID.replace("1", "2")
    assert products({UUID, other}) == (UUID, other)
    wrong: tuple[Any, ...] = ([], set(), "shoes", [5], None, {UUID: 1})
    for value in wrong:
        with pytest.raises(UnfitParameterError):
            products(value)
