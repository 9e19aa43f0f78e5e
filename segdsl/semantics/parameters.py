"""The values that a host binds to parameters: what may stand where, and what the tree holds in its place."""

import math
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from segdsl.limits import MAX_SAFE_INTEGER
from segdsl.syntax import literals
from segdsl.syntax.literals import LiteralError
from segdsl.syntax.nodes import Date, Duration

Parameters = Mapping[str, Any]


class UnfitParameterError(ValueError):
    """A bound value that cannot stand where its parameter stands; the message says what could."""


def scalar(value: Any) -> str | bool | int | float:
    """A value for a comparison: a string, a boolean or a finite number."""
    if isinstance(value, bool):
        return value
    if isinstance(value, str):
        if any("\ud800" <= character <= "\udfff" for character in value):
            raise UnfitParameterError("a string with half a surrogate pair, which no JSON can carry")
        return str.__str__(value)  # of an enum's member its value; `str()` would give its name
    if isinstance(value, int) and abs(value) <= MAX_SAFE_INTEGER:
        return int(value)
    if isinstance(value, float) and math.isfinite(value):
        return float(value) or 0.0
    if isinstance(value, int | float):
        raise UnfitParameterError("a number that is not finite, or beyond ±(2^53−1)")
    raise UnfitParameterError(f"{_a(value)}, where a string, a number or a boolean can stand")


def many(value: Any) -> tuple[str | bool | int | float, ...]:
    """Values for `in`: a list, tuple or set of scalars, not empty."""
    if isinstance(value, set | frozenset):
        value = sorted(value, key=repr)
    if not isinstance(value, list | tuple):
        raise UnfitParameterError(f"{_a(value)}, where a list can stand")
    if not value:
        raise UnfitParameterError("an empty list")
    return tuple(scalar(item) for item in value)


def duration(value: Any) -> Duration:
    """A duration as the language writes it, `"7d"`."""
    return Duration(_text(literals.duration, value, 'a duration such as "7d"'))


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
    """One product id, or a list of them."""
    listed = value if isinstance(value, list | tuple) else [value]
    if not listed:
        raise UnfitParameterError("an empty list")
    return tuple(_text(literals.product, item, "a product id (a UUID)") for item in listed)


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
