"""Texts read as a number, a boolean, a duration or a date: only if the meaning is beyond doubt."""

import re
from datetime import date

from segdsl.syntax import literals
from segdsl.syntax.literals import LiteralError
from segdsl.syntax.names import NUMBER_WORDS
from segdsl.syntax.nodes import Duration

_BOOLEANS = {
    **dict.fromkeys(("true", "yes", "y", "on", "1"), True),
    **dict.fromkeys(("false", "no", "n", "off", "0"), False),
}
_NUMBER = re.compile(r"[$€£]?\s?([+-]?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?)\s?(%|[Pp]er ?[Cc]ent|[$€£])?")
_DURATION = re.compile(r"([1-9][0-9]{0,6})\s?([A-Za-z]+)")
_UNITS = {
    **dict.fromkeys(("m", "min", "mins", "minute", "minutes"), "m"),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours"), "h"),
    **dict.fromkeys(("d", "day", "days"), "d"),
    **dict.fromkeys(("w", "wk", "wks", "week", "weeks"), "w"),
}
_MONTHS = {
    name[:length]: number
    for number, name in enumerate(
        "january february march april may june july august september october november december".split(), 1
    )
    for length in (3, len(name))
}
_NUMERIC_DAY = re.compile(r"([0-9]{1,4})([./-])([0-9]{1,2})\2([0-9]{1,4})")
_NAMED_DAY = re.compile(
    r"(?:([0-9]{1,2})(?:st|nd|rd|th)?\.? )?([A-Za-z]{3,9})\.? (?:([0-9]{1,2})(?:st|nd|rd|th)?,? )?([0-9]{4})"
)


def boolean_in(value: str | int | float) -> bool | None:
    """`yes`, `"true"`, `1` and their opposites; None for anything else."""
    return _BOOLEANS.get(str(value).strip().lower())


def number_in(text: str, scale: tuple[int, int] | None) -> int | float | None:
    """A number in a text, also with a currency sign or in words; a percentage only for a field with a scale."""
    words = text.strip().lower().partition(" ")
    if words[0] in NUMBER_WORDS:
        text = f"{NUMBER_WORDS[words[0]]} {words[2]}"
    found = _NUMBER.fullmatch(text.strip())
    if found is None:
        return None
    try:
        number = literals.number(found[1])
    except LiteralError:
        return None
    if not found[2] or found[2] in "$€£":
        return number
    return share(number, scale) if scale else None


def share(percent: int | float, scale: tuple[int, int]) -> int | float:
    """A percentage on a scale that begins at 0: 70 % is 0.7 on 0 to 1, and 70 on 0 to 100."""
    value = round(percent * scale[1] / 100, 12)
    return int(value) if value == int(value) else value


def duration_in(text: str) -> Duration | None:
    """`7d`, `7 days`, `2 Weeks`; None for other units, which are too short or have no fixed length."""
    found = _DURATION.fullmatch(text.strip())
    unit = _UNITS.get(found[2].lower()) if found else None
    if found is None or unit is None or found[2] == "M":
        return None
    try:
        return Duration(literals.duration(f"{found[1]}{unit}"))
    except LiteralError:
        return None


def day_in(text: str) -> str | None:
    """The day of a date in another notation, as ISO text; None if day and month could be swapped."""
    text = text.strip()
    if named := _NAMED_DAY.fullmatch(text):
        before, month, after, year = named.groups()
        number = _MONTHS.get(month.lower())
        return _day(year, number, before or after) if number and bool(before) is not bool(after) else None
    found = _NUMERIC_DAY.fullmatch(text)
    if found is None:
        return None
    first, sign, second, third = found.groups()
    if len(first) == 4:
        return _day(first, second, third)
    if len(third) != 4:
        return None
    if sign == "." or int(first) > 12 or first == second:
        return _day(third, second, first)
    return _day(third, first, second) if int(second) > 12 else None


def _day(year: str, month: str | int, day: str) -> str | None:
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return None
