"""What filters mean for a user: their rules as a conjunction in three-valued logic.

A rule whose field the user lacks is unknown, for every operator. Values of different types are never equal and have no
order, and `contains` applies to strings only. The evaluator of expressions follows the same rules; this one is written
without it, from the API's side, so that tests can compare the two.
"""

import datetime
import math
import operator
import reprlib
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, NamedTuple

from segdsl.errors import UserError
from segdsl.wire.filters import Filters
from segdsl.wire.rules import (
    AnalysisFlagRule,
    AnalysisRule,
    ConversationCountRule,
    ConversationPropertyRule,
    LastSeenRule,
    PropertyRule,
    Rule,
)
from segdsl.wire.validation import instant

Verdict = bool | None
"""True: a member. False: not a member. None: unknown, and so not a member."""

User = Mapping[str, Any]

Read = Callable[[Mapping[str, Any]], Any]
"""Maps a user record to the value of one field; None when the user lacks it. Raises `UserError`."""

Test = Callable[[Any], Verdict]
"""Tells whether one rule holds for a present value."""


def evaluate_filters(filters: Filters, user: User, now: datetime.datetime) -> Verdict:
    """Whether `user` is a member at the moment `now`, an aware datetime.

    `dateRange` and `productIds` say which conversations the server counts; they are not evaluated. Raises `UserError`
    when a field in the rules has an impossible value; other fields are ignored.
    """
    return filters_matcher(filters, now)(user)


def filters_matcher(filters: Filters, now: datetime.datetime) -> Callable[[User], Verdict]:
    """`evaluate_filters` as a function of the user alone, for many users: the rules are prepared once."""
    offset = now.utcoffset()
    if offset is None:
        raise ValueError("now must be an aware datetime")
    # Python subtracts datetimes that share a tzinfo as wall-clock times; in UTC, a moment near an end of the calendar
    # may have no date.
    now = now.replace(tzinfo=datetime.timezone(offset))
    tests: dict[tuple[str, str], list[Test]] = {}
    readers: dict[tuple[str, str], Read] = {}
    for rule in filters.rules:
        place = _PLACES[type(rule)]
        name = getattr(rule, place.named_by) if place.named_by else ""
        readers[place.part, name] = _reader(place, name)
        tests.setdefault((place.part, name), []).append(_TESTS[type(rule)](rule, now))
    # Every field is read, in a fixed order, even if the verdict is known: an error must not depend on the order of
    # the rules, which has no meaning.
    fields = [(readers[field], tests[field]) for field in sorted(tests)]

    def matches(user: User) -> Verdict:
        if type(user) is not dict and not isinstance(user, Mapping):
            raise UserError(f"a user must be an object, not {_described(user)}")
        verdict: Verdict = True
        for read, tests_of_field in fields:
            value = read(user)
            for test in tests_of_field:
                holds = None if value is None else test(value)
                if holds is not True and verdict is not False:
                    verdict = holds
        return verdict

    return matches


# ── where a user record holds a rule's value, and which values it allows ──────────────────────────────────────────────


class _Place(NamedTuple):
    """The member of `part` of the user record that the rule's attribute `named_by` names, or `part` itself without one.

    `accepted` returns the value to test, or None if it is not `wanted`.
    """

    part: str
    named_by: str
    accepted: Callable[[Any], Any]
    wanted: str


def _finite_number(value: Any) -> int | float | None:
    """The number as JavaScript holds it: beyond 2^53 an integer is the nearest double."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if isinstance(value, int) and abs(value) > _LARGEST_EXACT:
        try:
            value = float(value)
        except OverflowError:
            return None
    return value if isinstance(value, int) or math.isfinite(value) else None


_LARGEST_EXACT = 2**53


def _boolean(value: Any) -> bool | None:
    return value if isinstance(value, bool) else None


def _count(value: Any) -> int | None:
    number = _finite_number(value)
    return int(number) if number is not None and number >= 0 and number == int(number) else None


def _moment(value: Any) -> datetime.datetime | None:
    if isinstance(value, datetime.datetime):
        return value if value.utcoffset() is not None else None
    return instant(value) if isinstance(value, str) else None


def _anything(value: Any) -> Any:
    """Any JSON value; Python's dates become ISO text, and date-times with an offset are in UTC."""
    if not isinstance(value, datetime.date):
        return value
    if isinstance(value, datetime.datetime) and value.utcoffset() is not None:
        with suppress(OverflowError):  # at an end of the calendar
            value = value.astimezone(datetime.UTC)
    return value.isoformat().replace("+00:00", "Z")


_PLACES: dict[type[Rule], _Place] = {
    AnalysisRule: _Place("analysis", "field", _finite_number, "a finite number"),
    AnalysisFlagRule: _Place("flags", "field", _boolean, "true or false"),
    PropertyRule: _Place("properties", "key", _anything, "anything"),
    ConversationPropertyRule: _Place("conversationProperties", "key", _anything, "anything"),
    ConversationCountRule: _Place("conversationCount", "", _count, "a whole number, 0 or more"),
    LastSeenRule: _Place("lastSeen", "", _moment, "a date, or a date-time with its offset (2026-01-31T14:30:00Z)"),
}


def _reader(place: _Place, name: str) -> Read:
    part = place.part
    if not place.named_by:
        return _member_reader(part, part, place)
    read_member = _member_reader(name, f"{part}.{name}", place)

    def read(user: Mapping[str, Any]) -> Any:
        members = user.get(part)
        if members is None:
            return None
        if type(members) is not dict and not isinstance(members, Mapping):
            raise UserError(f"{part}: must be an object, not {_described(members)}")
        return read_member(members)

    return read


def _member_reader(name: str, path: str, place: _Place) -> Read:
    accepted, wanted = place.accepted, place.wanted

    def read(members: Mapping[str, Any]) -> Any:
        value = members.get(name)
        if value is None:
            return None
        good = accepted(value)
        if good is None:
            raise UserError(f"{path}: must be {wanted}, not {_described(value)}")
        return good

    return read


def _described(value: Any) -> str:
    try:
        return reprlib.repr(value)  # bounded, and without characters that a terminal would act upon
    except ValueError:
        return "an integer of thousands of digits"  # Python refuses to write one in decimal


# ── whether a rule holds for a value ──────────────────────────────────────────────────────────────────────────────────

_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "eq": operator.eq,
    "gt": operator.gt,
    "gte": operator.ge,
    "lt": operator.lt,
    "lte": operator.le,
}


def _comparison_test(rule: AnalysisRule | ConversationCountRule, _now: datetime.datetime) -> Test:
    compare, threshold = _COMPARISONS[rule.operator], rule.value
    return lambda value: compare(value, threshold)


def _flag_test(rule: AnalysisFlagRule, _now: datetime.datetime) -> Test:
    wanted = rule.value
    return lambda value: value is wanted


def _property_test(rule: PropertyRule | ConversationPropertyRule, _now: datetime.datetime) -> Test:
    return _PROPERTY_TESTS[rule.operator](rule.value)


def _last_seen_test(rule: LastSeenRule, now: datetime.datetime) -> Test:
    longest = _duration(rule.value)
    if rule.operator == "within":
        return lambda moment: now - moment <= longest
    return lambda moment: now - moment > longest


_TESTS: dict[type[Rule], Callable[[Any, datetime.datetime], Test]] = {
    AnalysisRule: _comparison_test,
    AnalysisFlagRule: _flag_test,
    PropertyRule: _property_test,
    ConversationPropertyRule: _property_test,
    ConversationCountRule: _comparison_test,
    LastSeenRule: _last_seen_test,
}


def _equal_test(wanted: Any) -> Test:
    of_type = _of_type(wanted)
    return lambda value: bool(of_type(value) == wanted)


def _unequal_test(wanted: Any) -> Test:
    of_type = _of_type(wanted)
    return lambda value: bool(of_type(value) != wanted)


def _contains_test(wanted: str) -> Test:
    return lambda value: wanted in value if isinstance(value, str) else None


def _greater_test(threshold: Any) -> Test:
    of_type = _of_type(threshold)
    return lambda value: None if (comparable := of_type(value)) is None else bool(comparable > threshold)


def _less_test(threshold: Any) -> Test:
    of_type = _of_type(threshold)
    return lambda value: None if (comparable := of_type(value)) is None else bool(comparable < threshold)


_PROPERTY_TESTS: dict[str, Callable[[Any], Test]] = {
    "eq": _equal_test,
    "neq": _unequal_test,
    "contains": _contains_test,
    "gt": _greater_test,
    "lt": _less_test,
}


def _of_type(wanted: str | int | float | bool) -> Callable[[Any], Any]:
    """Returns the value if it has the same JSON type, else None:

    all numbers are one type, a boolean is not a number.
    """
    if isinstance(wanted, bool):
        return lambda value: value if isinstance(value, bool) else None
    if isinstance(wanted, str):
        return lambda value: value if isinstance(value, str) else None
    return _finite_number


_MINUTES = {"m": 1, "h": 60, "d": 24 * 60}
_FOREVER = 10**10
"""More minutes than lie between any two dates; the wire takes durations of any length."""


def _duration(text: str) -> datetime.timedelta:
    digits, unit = text[:-1], text[-1]
    minutes = int(digits[:11]) * _MINUTES[unit]  # the first 11 digits already exceed it
    return datetime.timedelta(minutes=min(minutes, _FOREVER))
