"""The person of an example: checked while the config is read, so that a slip in it cannot make a test pass."""

import datetime
import math
from collections.abc import Callable, Mapping
from typing import Any

from segdsl.config.document import Path
from segdsl.config.findings import Findings
from segdsl.semantics.catalogue import FLAGS, SCALES
from segdsl.wire.validation import DATE_TIME, instant, json_number

_MAX_DEPTH = 20
"""Levels of lists and tables in a property's value."""

Check = Callable[[Any], str | None]
"""None when the value is fine, else what it should have been."""


def moment(value: Any) -> datetime.datetime | None:
    """The moment that a value of a config names: a date-time with its offset, or an RFC 3339 string; else None."""
    if isinstance(value, str):
        return instant(value) if DATE_TIME.fullmatch(value) else None
    return value if isinstance(value, datetime.datetime) and value.tzinfo is not None else None


def read_user(user: dict[str, Any], path: Path, findings: Findings) -> Mapping[str, Any]:
    """`user` as `evaluate` takes it, dates as strings; what is wrong with it is added to `findings`.

    Every part is optional, and null, where the format has it, says that it is lacking.
    """
    return {
        key: _read_part(key, value, (*path, key), findings)
        for key, value in user.items()
        if _is_known(key, _PARTS, (*path, key), "a user", findings)
    }


def _is_known(key: str, known: Mapping[str, Any], path: Path, owner: str, findings: Findings) -> bool:
    if key not in known:
        findings.unknown_key(path, known, owner)
    return key in known


def _read_part(key: str, value: Any, path: Path, findings: Findings) -> Any:
    part = _PARTS[key]
    if value is None:
        return None
    if callable(part):
        return _checked(value, part, path, findings)
    if not isinstance(value, dict):
        findings.wrong_type(path, findings.document.format.table, value)
        return None
    owner = f"`{key}` of a user"
    return {
        name: _checked(inner, part.get(name, _any_value), (*path, name), findings)
        for name, inner in value.items()
        if not part or _is_known(name, part, (*path, name), owner, findings)
    }


def _checked(value: Any, check: Check, path: Path, findings: Findings) -> Any:
    wanted = None if value is None else check(value)
    if wanted:
        findings.wrong_value(path, wanted)
    return value.isoformat() if isinstance(value, datetime.date) else value


def _identity(value: Any) -> str | None:
    return None if type(value) in (str, int) else "a string or a whole number"


def _metric(value: Any) -> str | None:
    return None if type(value) in (int, float) and math.isfinite(value) else "a finite number"


def _flag(value: Any) -> str | None:
    return None if type(value) is bool else "true or false"


def _count(value: Any) -> str | None:
    number = json_number(value) if type(value) in (int, float) else None
    return None if type(number) is int and number >= 0 else "a whole number from 0"


def _last_seen(value: Any) -> str | None:
    a_date = type(value) is datetime.date or (isinstance(value, str) and instant(value))
    return None if a_date or moment(value) else "a date, or a date-time with its offset, such as 2026-03-25T14:30:00Z"


def _any_value(value: Any) -> str | None:
    """A property may hold what JSON can say; lists and objects are just of another type than any literal."""
    unseen = [(value, 0)]
    while unseen:
        inner, depth = unseen.pop()
        if depth > _MAX_DEPTH:
            return f"at most {_MAX_DEPTH} levels deep"
        if isinstance(inner, datetime.date | datetime.time):
            return "a string, a number or a boolean"
        if isinstance(inner, float) and not math.isfinite(inner):
            return "a finite number"
        if isinstance(inner, dict | list):
            unseen += [(item, depth + 1) for item in (inner.values() if isinstance(inner, dict) else inner)]
    return None


_PARTS: Mapping[str, Check | Mapping[str, Check]] = {
    "id": _identity,
    "analysis": dict.fromkeys(SCALES, _metric),
    "flags": dict.fromkeys(FLAGS, _flag),
    "properties": {},
    "conversationProperties": {},
    "conversationCount": _count,
    "lastSeen": _last_seen,
}
