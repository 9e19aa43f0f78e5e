"""Parameters and definitions in place: values as values, definitions as trees."""

from datetime import UTC, date, datetime
from graphlib import CycleError

import pytest
from segdsl.semantics.binding import bind

from segdsl.errors import ParseError
from segdsl.semantics.parameters import UnfitParameterError
from segdsl.syntax.nodes import Date, Duration
from segdsl.syntax.parser import parse
from segdsl.syntax.printer import unparse

PRODUCT = "182bd5e5-6e1a-4fe4-a799-aa6d9a6ab26e"


@pytest.mark.parametrize(
    ("text", "value", "bound"),
    [
        ("plan == $p", "pro", 'plan == "pro"'),
        ("plan == $p", '" or true', r'plan == "\" or true"'),
        ("plan == $p", "@engaged", 'plan == "@engaged"'),
        ("plan == $p", "7d", 'plan == "7d"'),
        ("isAdmin == $p", True, "isAdmin == true"),
        ("seats > $p", 5.0, "seats > 5.0"),
        ("$p < seats", -1, "seats > -1"),
        ("$p <= seats < 9", 3, "3 <= seats < 9"),
        ("1 <= seats < $p", 3, "1 <= seats < 3"),
        ("seats between $p and $p", 3, "seats between 3 and 3"),
        ("plan in $p", ["a", 1, True], 'plan in ["a", 1, true]'),
        ("plan not in $p", ("a",), 'plan not in ["a"]'),
        ("plan in ['x', $p]", "a", 'plan in ["x", "a"]'),
        ("plan contains $p", "a", 'plan contains "a"'),
        ("lastSeen within $p", "7d", "lastSeen within 7d"),
        ("not lastSeen before $p", "2w", "not lastSeen before 2w"),
        ("isAdmin during $p", "7D", "isAdmin during 7d"),
        ("isAdmin from $p", "2026-01-01", "isAdmin from 2026-01-01"),
        ("isAdmin to $p", date(2026, 1, 1), "isAdmin to 2026-01-01"),
        ("isAdmin to $p", datetime(2026, 1, 1, tzinfo=UTC), "isAdmin to 2026-01-01T00:00:00+00:00"),
        ("isAdmin for product $p", PRODUCT, f'isAdmin for product "{PRODUCT}"'),
        (
            "isAdmin for product $p",
            [PRODUCT, PRODUCT.upper()],
            f'isAdmin for products "{PRODUCT}", "{PRODUCT.upper()}"',
        ),
    ],
)
def test_a_value_takes_the_place_of_its_parameter(text, value, bound):
    assert unparse(bind(parse(text), {"p": value})) == bound


def test_durations_and_dates_become_literals_of_their_own_type():
    bound = bind(parse("lastSeen within $d to $t"), {"d": "7d", "t": "2026-01-01"})
    assert bound.condition.value == Duration("7d")
    assert bound.to == Date("2026-01-01")


def test_definitions_are_expanded_in_place_as_trees():
    definitions = {
        "engaged": "conversationCount >= $n or isAdmin",
        "both": parse("@engaged and @active"),
        "active": "a == 1",
    }
    bound = bind(parse("not @both and @engaged and b"), {"n": 5}, definitions)
    assert unparse(bound) == (
        "not ((conversationCount >= 5 or isAdmin) and a == 1) and (conversationCount >= 5 or isAdmin) and b"
    )


def test_what_stands_no_parameter_for_stays():
    expression = parse(f'not a or plan in ["x", 1] and 1 < b < 2 during 7d from 2026-01-01 for product "{PRODUCT}"')
    assert bind(expression) == expression


def test_a_long_line_of_definitions_costs_no_recursion():
    definitions = {f"d{number}": f"not @d{number + 1}" for number in range(5_000)} | {"d5000": "a"}
    assert unparse(bind(parse("@d0"), definitions=definitions)) == "not " * 5_000 + "a"


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("plan == $absent", KeyError),
        ("@absent", KeyError),
        ("@circle", CycleError),
        ("plan == $list", UnfitParameterError),
        ("plan in $scalar", UnfitParameterError),
        ("lastSeen within $scalar", UnfitParameterError),
    ],
)
def test_what_the_checker_would_have_reported_is_raised_as_it_comes(text, error):
    with pytest.raises(error):
        bind(parse(text), {"list": [1], "scalar": 1}, {"circle": "a and @round", "round": "not @circle"})


def test_a_definition_that_cannot_be_read_is_called_by_its_name():
    with pytest.raises(ParseError) as caught:
        bind(parse("@engaged"), definitions={"engaged": "a =="})
    assert [found.source_name for found in caught.value.diagnostics] == ["@engaged"]
