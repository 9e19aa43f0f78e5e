"""The validity of `filters` data as one table: for each kind of rule its keys, and for each key a check."""

import datetime
import math
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, get_args

from segdsl.catalogue import FLAGS, METRICS
from segdsl.limits import MAX_SAFE_INTEGER
from segdsl.wire import rules

KEY = re.compile(r"[A-Za-z0-9._-]+")
DURATION = re.compile(r"[1-9][0-9]*[mhd]")
UUID = re.compile(r"[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
DATE_TIME = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?([Zz]|[+-][0-9]{2}:[0-5][0-9])"
)
PRESETS = ("7d", "30d", "90d", "all")
_A_MOMENT = "a real date (2026-01-31), or a date-time with its offset (2026-01-31T14:30:00Z)"

Check = Callable[[Any], str | None]
"""Returns None when the value is fine, else what it should have been."""


def json_number(value: int | float) -> int | float:
    """The number in its canonical form: `5.0` is `5`, `-0.0` is `0`, and a valid one beyond ±(2^53−1) is a float."""
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) <= MAX_SAFE_INTEGER else value
    return float(value) if abs(value) > MAX_SAFE_INTEGER and _is_written_double(value) else value


def plain(value: Any) -> Any:
    """A valid value as msgspec takes it: not a subclass of `str`, and numbers in their canonical form."""
    if isinstance(value, str):
        return str.__str__(value)
    return json_number(value)


def instant(text: str) -> datetime.datetime | None:
    """The moment that a date (its midnight, UTC) or an RFC 3339 date-time names; None when it is not a real one."""
    try:
        if DATE.fullmatch(text):
            return datetime.datetime.fromisoformat(text).replace(tzinfo=datetime.UTC)
        if DATE_TIME.fullmatch(text):
            return _date_time(text)
    except (ValueError, OverflowError):  # the second at the leap second that ends the year 9999
        pass
    return None


def _date_time(text: str) -> datetime.datetime:
    """RFC 3339 allows second 60 (a leap second) and any number of decimals; `datetime` knows neither."""
    seconds = text[17:19]
    moment = datetime.datetime.fromisoformat(text[:17] + ("59" if seconds == "60" else seconds) + _offset(text))
    fraction = re.match(r"\.[0-9]{1,6}", text[19:])
    micros = int(fraction[0][1:].ljust(6, "0")) if fraction else 0
    return moment.replace(microsecond=micros) + datetime.timedelta(seconds=seconds == "60")


def _offset(text: str) -> str:
    return "+00:00" if text[-1] in "Zz" else text[-len("+00:00") :]


def _one_of(*allowed: str) -> Check:
    words = ", ".join(allowed)
    return lambda value: None if isinstance(value, str) and value in allowed else f"one of {words}"


def _matching(pattern: re.Pattern[str], words: str) -> Check:
    return lambda value: None if isinstance(value, str) and pattern.fullmatch(value) else words


def _number(value: Any) -> str | None:
    if type(value) is int:
        return None if abs(value) <= MAX_SAFE_INTEGER or _is_written_double(value) else "an integer within ±(2^53−1)"
    return None if type(value) is float and math.isfinite(value) else "a finite number"


def _is_written_double(value: int) -> bool:
    """Whether `value` is what JavaScript writes for a double: its shortest digits, with an exponent from 1e21 only."""
    return abs(value) < 10**21 and Decimal(repr(float(value))) == value


def _integer(value: Any) -> str | None:
    whole = int(value) if type(value) is float and value.is_integer() else value
    return None if type(whole) is int and abs(whole) <= MAX_SAFE_INTEGER else "an integer within ±(2^53−1)"


def _boolean(value: Any) -> str | None:
    return None if type(value) is bool else "true or false"


def _scalar(value: Any) -> str | None:
    if isinstance(value, str):
        return None if value.isascii() or not _has_surrogate(value) else "a string without lone surrogates"
    if isinstance(value, int | float):
        return None if type(value) is bool else _number(value)
    return "a string, a number or a boolean"


def _has_surrogate(text: str) -> bool:
    return any("\ud800" <= character <= "\udfff" for character in text)


_METRIC = {"field": _one_of(*METRICS), "operator": _one_of(*get_args(rules.MetricOperator))}
_PROPERTY = {
    "key": _matching(KEY, "letters, digits, `.`, `-` and `_`"),
    "operator": _one_of(*get_args(rules.PropertyOperator)),
    "value": _scalar,
}
RULE_KEYS: dict[str, dict[str, Check]] = {
    "analysis": {**_METRIC, "value": _number},
    "analysis_flag": {"field": _one_of(*FLAGS), "value": _boolean},
    "property": _PROPERTY,
    "conversation_property": _PROPERTY,
    "conversation_count": {"operator": _one_of(*get_args(rules.CountOperator)), "value": _integer},
    "last_seen": {
        "operator": _one_of(*get_args(rules.LastSeenOperator)),
        "value": _matching(DURATION, "a duration such as 7d, 24h or 30m"),
    },
}


def filters_problems(data: Any) -> list[str]:
    """Everything that keeps `data` from being valid `filters`; each problem begins with its path."""
    if not isinstance(data, Mapping):
        return ["filters: must be an object"]
    problems = [f"filters: unknown key {key!r}" for key in data if key not in ("rules", "dateRange", "productIds")]
    listed = data.get("rules")
    if not isinstance(listed, list | tuple) or not listed:
        problems.append("rules: must be a list of at least one rule")
    else:
        problems += [
            problem for index, rule in enumerate(listed) for problem in _rule_problems(rule, f"rules[{index}]")
        ]
    return problems + _date_range_problems(data.get("dateRange")) + _product_problems(data.get("productIds"))


def _rule_problems(rule: Any, path: str) -> list[str]:
    if not isinstance(rule, Mapping):
        return [f"{path}: must be an object"]
    kind = rule.get("type")
    checks = RULE_KEYS.get(kind) if isinstance(kind, str) else None
    if checks is None:
        return [f"{path}.type: must be one of {', '.join(RULE_KEYS)}"]
    problems = [f"{path}: unknown key {key!r}" for key in rule if key != "type" and key not in checks]
    for key, check in checks.items():
        wanted = check(rule[key]) if key in rule else "present"
        if wanted:
            problems.append(f"{path}.{key}: must be {wanted}")
    return problems or _pairing_problems(rule, path)


def _pairing_problems(rule: Mapping[str, Any], path: str) -> list[str]:
    """Operators of properties that take only some types of value."""
    operator, value = rule.get("operator"), rule["value"]
    if operator == "contains" and not isinstance(value, str):
        return [f"{path}.value: must be a string for contains"]
    if operator in ("gt", "lt") and isinstance(value, bool):
        return [f"{path}.value: must be a number or a string for {operator}"]
    return []


def _date_range_problems(data: Any) -> list[str]:
    if data is None:
        return []
    if not isinstance(data, Mapping):
        return ["dateRange: must be an object"]
    problems = [f"dateRange: unknown key {key!r}" for key in data if key not in ("preset", "from", "to")]
    if data.get("preset") is not None and data["preset"] not in PRESETS:
        problems.append(f"dateRange.preset: must be one of {', '.join(PRESETS)}")
    moments = {key: data[key] for key in ("from", "to") if data.get(key) is not None}
    read = {key: instant(text) if isinstance(text, str) else None for key, text in moments.items()}
    problems += [f"dateRange.{key}: must be {_A_MOMENT}" for key, at in read.items() if at is None]
    start, end = read.get("from"), read.get("to")
    if start and end and start > end:
        problems.append("dateRange: from is after to")
    return problems


def _product_problems(data: Any) -> list[str]:
    if data is None:
        return []
    if not isinstance(data, list | tuple):
        return ["productIds: must be a list"]
    return [
        f"productIds[{index}]: must be a UUID"
        for index, item in enumerate(data)
        if not (isinstance(item, str) and UUID.fullmatch(item))
    ]
