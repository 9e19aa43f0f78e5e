"""Dates of a property that is declared as a date: ISO text, compared by the day, or by the second for date-times in
UTC.

Such a property holds `2026-03-01`, or a date-time in UTC with or without decimals (`2026-03-01T09:30:00.000Z`). In the
order of code points all texts of one day are neighbours, and so are those of one second. A *cut* is the first text of a
day (`2026-03-01`) or of a second (`2026-03-01T09:30:00`): each comparison is a bound at a cut, or two.
"""

import re
from datetime import UTC, date, datetime, timedelta

from segdsl.syntax.literals import instant

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NO_OFFSET = re.compile(r"(?:[Zz]|[+-]00:00)$")
_END_OF_TIME = "9999-12-31T24"
"""The cut after the last day, because its year would have five digits."""
_START_OF_TIME = "0000-12-31T24"
"""The cut before the first day, in a year that Python does not have."""

COMPARED: dict[str, tuple[tuple[str, int], ...]] = {
    "<": (("<", 0),),
    "<=": (("<", 1),),
    ">": ((">=", 1),),
    ">=": ((">=", 0),),
    "==": ((">=", 0), ("<", 1)),
    "!=": (("<", 0), (">=", 1)),
}
"""Each operator as bounds: before or from a cut, 0 for the literal's and 1 for the next one.

All must hold; for `!=` any.
"""


def date_problem(text: str) -> str | None:
    """Why a text is not a date of a property; None if it is one."""
    moment = instant(text)
    if moment is None:
        return "is not a date"
    if _DAY.fullmatch(text):
        return None
    if not _NO_OFFSET.search(text):
        return "is not in UTC"
    return "is not a whole second" if moment.microsecond else None


def in_utc(text: str) -> str:
    """A date, or the second of a date-time in UTC, as the language writes it: `…T…Z`."""
    moment = instant(text)
    return text if moment is None or _DAY.fullmatch(text) else f"{_second(moment)}Z"


def cuts(text: str) -> tuple[str, str]:
    """The cuts before and after the day or second that a literal names."""
    if _DAY.fullmatch(text):
        return text, _shifted(text, 1) or _END_OF_TIME
    moment = instant(text)
    assert moment is not None  # noqa: S101  `date_problem` found none
    second = moment.astimezone(UTC)
    try:
        return _cut(second), _cut(second + timedelta(seconds=1))
    except OverflowError:
        return _cut(second), _END_OF_TIME


def last_before(cut: str) -> str:
    """A text after all dates before the cut, and before all others, with which `gt` means "from the cut".
    `2026-02-28T24` is after all moments of that day.

    A second ends with its `Z`, which comes after all decimals.
    """
    if _DAY.fullmatch(cut):
        before = _shifted(cut, -1)
        return f"{before}T24" if before else _START_OF_TIME
    if cut == _END_OF_TIME:
        return cut
    return f"{_second(datetime.fromisoformat(f'{cut}Z') - timedelta(seconds=1))}Z"


def comparison_of(sign: str, text: str) -> tuple[str, str] | None:
    """The operator and literal of a date that a bound `<` or `>` with the text means; None if there are none."""
    if sign not in ("<", ">"):
        return None
    if text == _END_OF_TIME:
        return ("<=" if sign == "<" else ">"), _END_OF_TIME[:10]
    if sign == ">" and text.endswith("T24") and _DAY.fullmatch(text[:-3]):
        day = _shifted(text[:-3], 1) if text != _START_OF_TIME else "0001-01-01"
        return (">=", day) if day else None
    for literal in (text, f"{text}Z"):
        if date_problem(literal) is None and literal == in_utc(literal):
            first, beyond = cuts(literal)
            if text == (first if sign == "<" else last_before(beyond)):
                return sign, literal
    return None


def iso_text(value: date) -> str:
    """Python's own date or date-time as a property holds it, in UTC if it has an offset."""
    if not isinstance(value, datetime) or value.utcoffset() is None:
        return value.isoformat()
    try:
        return f"{value.astimezone(UTC).replace(tzinfo=None).isoformat()}Z"
    except OverflowError:  # at an end of the calendar
        return value.isoformat()


def _shifted(day: str, days: int) -> str | None:
    try:
        return (date.fromisoformat(day) + timedelta(days=days)).isoformat()
    except (OverflowError, ValueError):
        return None


def _second(moment: datetime) -> str:
    return moment.astimezone(UTC).replace(tzinfo=None, microsecond=0).isoformat()


def _cut(moment: datetime) -> str:
    text = _second(moment)
    return text.removesuffix("T00:00:00")
