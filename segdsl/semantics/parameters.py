"""The values that a host binds to parameters: which values are allowed where, and their form in the tree."""

import math
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from segdsl.limits import MAX_SAFE_INTEGER
from segdsl.semantics.dates import iso_text
from segdsl.syntax import literals
from segdsl.syntax.literals import LiteralError
from segdsl.syntax.nodes import Date, Duration

Parameters = Mapping[str, Any]


class UnfitParameterError(ValueError):
    """A bound value that does not fit the place of its parameter; the message says what would fit."""


def scalar(value: Any) -> str | bool | int | float | Date:
    """A value for a comparison: a string, a boolean, a finite number, or a date of Python's (in UTC)."""
    if isinstance(value, bool):
        return value
    if isinstance(value, str):
        if any("\ud800" <= character <= "\udfff" for character in value):
            raise UnfitParameterError("a string with half a surrogate pair, which no JSON can carry")
        return str.__str__(value)  # the value of an enum's member; `str()` would give its name
    if isinstance(value, int) and abs(value) <= MAX_SAFE_INTEGER:
        return int(value)
    if isinstance(value, float) and math.isfinite(value):
        return float(value) or 0.0
    if isinstance(value, int | float):
        raise UnfitParameterError("a number that is not finite, or beyond ±(2^53−1)")
    if isinstance(value, date):
        if isinstance(value, datetime) and value.tzinfo is None:
            raise UnfitParameterError("a datetime without a time zone")
        return Date(iso_text(value))
    raise UnfitParameterError(f"{_a(value)}, where a string, a number or a boolean can stand")


def many(value: Any) -> tuple[str | bool | int | float | Date, ...]:
    """Values for `in`: a list, tuple or set of scalars, not empty."""
    listed = _listed(value)
    if listed is None:
        raise UnfitParameterError(f"{_a(value)}, where a list can stand")
    return tuple(scalar(item) for item in listed)


def duration(value: Any) -> Duration:
    """A duration as the language writes it, `"7d"`, or a `timedelta` of whole minutes."""
    text = _length(value) if isinstance(value, timedelta) else value
    return Duration(_text(literals.duration, text, 'a duration such as "7d"'))


def preset(value: Any) -> str:
    """A preset of `during`: `"7d"`, `"30d"`, `"90d"` or `"all"`."""
    return _text(literals.preset, value, 'one of "7d", "30d", "90d" and "all"')


def moment(value: Any) -> Date:
    """A date or date-time, as text or as Python's own."""
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise UnfitParameterError("a datetime without a time zone")
        value = value.isoformat()
    elif isinstance(value, date):
        value = value.isoformat()
    return Date(_text(literals.date, value, 'a date such as "2026-01-31"'))


def products(value: Any) -> tuple[str, ...]:
    """One product id, text or a `UUID`, or a list, tuple or set of them."""
    listed = _listed(value)
    ids = [str(item) if isinstance(item, UUID) else item for item in ([value] if listed is None else listed)]
    return tuple(_text(literals.product, item, "a product id (a UUID)") for item in ids)


def _listed(value: Any) -> list[Any] | tuple[Any, ...] | None:
    """The items of a list, tuple or set, those of a set in a fixed order; None for anything else."""
    if isinstance(value, set | frozenset):
        value = sorted(value, key=repr)
    if not isinstance(value, list | tuple):
        return None
    if not value:
        raise UnfitParameterError("an empty list")
    return value


def _length(length: timedelta) -> str:
    """The duration in the largest whole unit; one that no unit can express stays as it is, and is refused."""
    minutes, rest = divmod(length, timedelta(minutes=1))
    for unit in "dhm":
        if minutes > 0 and not rest and minutes % literals.MINUTES[unit] == 0:
            return f"{minutes // literals.MINUTES[unit]}{unit}"
    return str(length)


def _text(read: Callable[[str], str], value: Any, wanted: str) -> str:
    if not isinstance(value, str):
        raise UnfitParameterError(f"{_a(value)}, where {wanted} can stand")
    try:
        return read(str.__str__(value))
    except LiteralError as error:
        raise UnfitParameterError(f"{literals.quote(literals.shortened(value))}, where {wanted} can stand") from error


def _a(value: Any) -> str:
    names = {str: "a string", bool: "a boolean", int: "a number", float: "a number", list: "a list", dict: "an object"}
    return "nothing" if value is None else names.get(type(value), f"of Python's type `{type(value).__name__}`")
