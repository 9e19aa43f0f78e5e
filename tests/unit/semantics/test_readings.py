"""What a text means where a number, a boolean, a duration or a date is wanted."""

import pytest

from segdsl.semantics.readings import boolean_in, day_in, duration_in, number_in
from segdsl.syntax.nodes import Duration

NUMBERS: dict[str, int | float] = {
    "5": 5, " -0.6 ": -0.6, "$300": 300, "50 €": 50, "ten": 10, "Zero": 0, "ninety": 90, "hundred": 100,
}  # fmt: skip
NO_NUMBERS = ["", "high", "5,000", "1e3", "5 apples", "9007199254740993", "007", "ten stars", "1.2.3", "twenty one"]


@pytest.mark.parametrize("text", NUMBERS)
def test_a_number(text: str) -> None:
    assert number_in(text, None) == NUMBERS[text]


@pytest.mark.parametrize("text", NO_NUMBERS)
def test_no_number(text: str) -> None:
    assert number_in(text, (0, 1)) is None


@pytest.mark.parametrize("written", ["70%", "70 %", "70 percent", "70 per cent", "70 Percent", "seventy percent"])
def test_a_percentage_is_one_of_a_scale(written: str) -> None:
    if written.startswith("70"):
        assert number_in(written, (0, 1)) == 0.7
        assert number_in(written, (0, 100)) == 70
    assert number_in(written, None) is None


@pytest.mark.parametrize(
    ("text", "value"), [("yes", True), ("Y", True), ("1", True), ("off", False), ("FALSE", False), ("maybe", None)]
)
def test_a_boolean(text: str, value: bool | None) -> None:
    assert boolean_in(text) is value


@pytest.mark.parametrize(
    ("text", "length"),
    [("7d", "7d"), ("2 Weeks", "2w"), ("30 mins", "30m"), ("1 hr", "1h"), ("5 M", None), ("3 months", None),
     ("0d", None), ("soon", None), ("9999999w", None)],
)  # fmt: skip
def test_a_duration(text: str, length: str | None) -> None:
    assert duration_in(text) == (None if length is None else Duration(length))


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("March 1, 2026", "2026-03-01"),
        ("1 Mar 2026", "2026-03-01"),
        ("1st March 2026", "2026-03-01"),
        ("Sept 2026", None),  # no day
        ("1 March 2 2026", None),  # two
        ("32 March 2026", None),
        ("1 Smarch 2026", None),
        ("2026/3/1", "2026-03-01"),
        ("31.01.2026", "2026-01-31"),
        ("01.02.2026", "2026-02-01"),
        ("31/01/2026", "2026-01-31"),
        ("01/31/2026", "2026-01-31"),
        ("02/02/2026", "2026-02-02"),
        ("01/02/2026", None),  # either could be the day
        ("01-02-26", None),
        ("31.02.2026", None),
        ("tomorrow", None),
    ],
)
def test_a_day(text: str, day: str | None) -> None:
    assert day_in(text) == day
