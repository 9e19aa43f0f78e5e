"""User records: where each field stands in a record, and which values it may have.

    {"analysis": {"sentiment": 0.4}, "flags": {"jailbreakDetected": false}, "properties": {"plan": "pro"},
     "conversationProperties": {"channel": "web"}, "conversationCount": 7, "lastSeen": "2026-03-25T14:30:00Z"}

Every part, and every member of a part, may be absent or null: then the user lacks the field.
"""

import reprlib
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from segdsl.catalogue import Field, Kind
from segdsl.errors import UserError
from segdsl.limits import MAX_SAFE_INTEGER
from segdsl.semantics.dates import iso_text
from segdsl.syntax import literals

User = Mapping[str, Any]

Read = Callable[[User], Any]
"""The value of a field, None when the user lacks it. Raises `UserError` for a value that the field cannot have."""


def reader(field: Field) -> Read:
    """How to read the field from a record, which must be a mapping."""
    place = _PLACES[field.kind]
    if not place.holds_members:
        return _member_reader(place.part, place.part, place)
    return _part_reader(place.part, _member_reader(field.key, f"{place.part}.{field.key}", place))


def reading_order(field: Field) -> tuple[str, str]:
    """Sorts fields, so that the same one of several unusable values is always reported."""
    return _PLACES[field.kind].part, field.key


def require_record(user: object) -> None:
    """Raises `UserError` unless the user is a mapping."""
    if type(user) is not dict and not isinstance(user, Mapping):
        raise UserError(f"a user must be an object, not {_shown(user)}")


def finite_number(value: Any) -> int | float | None:
    """The value as JavaScript holds it when it is a finite number, else None; a boolean is not a number."""
    kind = type(value)
    if kind is int or kind is float:
        number: int | float = value
    elif kind is bool or not isinstance(value, int | float):
        return None
    else:
        number = int(value) if isinstance(value, int) else float(value)  # of a derived type, such as NumPy's
    if -MAX_SAFE_INTEGER <= number <= MAX_SAFE_INTEGER:
        return number
    try:
        double = float(number)
    except OverflowError:
        return None
    return double if double - double == 0 else None


def _boolean(value: Any) -> bool | None:
    return value if type(value) is bool else None


def _count(value: Any) -> int | None:
    number = finite_number(value)
    return int(number) if number is not None and number >= 0 and number == int(number) else None


def _moment(value: Any) -> datetime | None:
    if isinstance(value, datetime):
        return None if value.utcoffset() is None else value
    return literals.instant(value) if isinstance(value, str) else None


def _property(value: Any) -> Any:
    """The value of a property; Python's dates as the text that JSON would hold."""
    return iso_text(value) if isinstance(value, date) else value


class _Place(NamedTuple):
    """A top-level key of the record, and whether it holds an object with a member for each field."""

    part: str
    holds_members: bool
    accept: Callable[[Any], Any] | None
    wanted: str = ""


_PLACES = {
    Kind.METRIC: _Place("analysis", True, finite_number, "a finite number"),
    Kind.FLAG: _Place("flags", True, _boolean, "true or false"),
    Kind.PROPERTY: _Place("properties", True, None),
    Kind.CONVERSATION_PROPERTY: _Place("conversationProperties", True, None),
    Kind.COUNT: _Place("conversationCount", False, _count, "a whole number, 0 or more"),
    Kind.LAST_SEEN: _Place("lastSeen", False, _moment, "a date, or a date-time with its offset (2026-01-31T14:30:00Z)"),
}


def wanted_of(kind: Kind) -> str:
    """The values that a built-in of this kind can have, in words; "" for a property, which can have any."""
    return _PLACES[kind].wanted


def _part_reader(part: str, read_member: Read) -> Read:
    def read(user: User) -> Any:
        members = user.get(part)
        if members is None:
            return None
        if type(members) is not dict and not isinstance(members, Mapping):
            raise UserError(f"{part}: must be an object, not {_shown(members)}")
        return read_member(members)

    return read


def _member_reader(key: str, path: str, place: _Place) -> Read:
    accept, wanted = place.accept, place.wanted
    if accept is None:
        return lambda members: _property(members.get(key))

    def read(members: User) -> Any:
        value = members.get(key)
        if value is None:
            return None
        accepted = accept(value)
        if accepted is None:
            raise UserError(f"{path}: must be {wanted}, not {_shown(value)}")
        return accepted

    return read


def _shown(value: object) -> str:
    """The value for a message: bounded in length, without control characters."""
    try:
        return literals.shortened(reprlib.repr(value), 80)
    except ValueError:
        return "an integer of thousands of digits"  # which Python refuses to write in decimal
