"""Compares two `filters` by value: a server may reorder, reformat, and write null for absent keys."""

import math
from collections.abc import Hashable, Mapping
from typing import Any

from segdsl.wire.validation import instant


def same_filters(left: Any, right: Any) -> bool:
    """Whether two filters, as plain JSON data, are equal by value.

    The order of rules, keys and product ids does not count, nor does a repeated rule; `5` equals `5.0` and `0.6` equals
    `0.60`, while `true`, `1` and `"1"` are three values; null, an empty `dateRange` and empty `productIds` equal an
    absent key; dates are compared as moments, UUIDs without case. Any data is allowed and nothing is raised: data that
    is not `filters` equals only the same JSON.
    """
    try:
        return _canonical_filters(left) == _canonical_filters(right)
    except RecursionError:  # JSON nested a thousand levels deep; segdsl never sends that
        return False


def _canonical_filters(data: Any) -> Hashable:
    if not isinstance(data, Mapping):
        return _canonical(data)
    parts = {key: _PARTS.get(key, _canonical)(value) for key, value in data.items() if value is not None}
    return frozenset((key, value) for key, value in parts.items() if value != _EMPTY)


def _rules(data: Any) -> Hashable:
    return frozenset(map(_canonical, data)) if isinstance(data, list | tuple) else _canonical(data)


def _date_range(data: Any) -> Hashable:
    if not isinstance(data, Mapping):
        return _canonical(data)
    return frozenset((key, _moment(value)) for key, value in data.items() if value is not None)


def _moment(value: Any) -> Hashable:
    moment = instant(value) if isinstance(value, str) else None
    return _canonical(value) if moment is None else ("moment", moment)


def _product_ids(data: Any) -> Hashable:
    if not isinstance(data, list | tuple):
        return _canonical(data)
    return frozenset(_canonical(item.lower() if isinstance(item, str) else item) for item in data)


_EMPTY: Hashable = frozenset()
_PARTS = {"rules": _rules, "dateRange": _date_range, "productIds": _product_ids}


def _canonical(value: Any) -> Hashable:
    """A hashable key that is equal for equal JSON values; it includes the kind, because `True == 1` in Python."""
    if isinstance(value, Mapping):
        return ("object", frozenset((key, _canonical(item)) for key, item in value.items() if item is not None))
    if isinstance(value, list | tuple):
        return ("array", tuple(map(_canonical, value)))
    if isinstance(value, int | float) and not isinstance(value, bool):
        return ("number", "NaN" if math.isnan(value) else value)
    return (type(value).__name__, value if isinstance(value, str | bool) else repr(value))
