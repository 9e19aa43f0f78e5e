"""Conditions on one field that are bounds, unequal values or one equal value: these need no cells.

The tightest bounds imply all others. Conditions that need several conjunctions, or none, are left to the cells.
"""

from collections.abc import Iterable
from typing import Any

from segdsl.catalogue import Field, Kind
from segdsl.lowering.domains.cells import Test
from segdsl.lowering.domains.lines import SIDES
from segdsl.lowering.words import test_rule
from segdsl.wire.rules import Rule


def tightest(field: Field, tests: Iterable[Test]) -> list[Rule] | None:
    """The one conjunction of rules for tests on a metric or property that must all hold; None if cells are needed."""
    low: Test | None = None
    high: Test | None = None
    equal: list[Any] = []
    unequal: dict[tuple[bool, Any], Any] = {}
    for test in tests:
        operator, value = test
        if operator == "!=":
            unequal[type(value) is bool, value] = value
        elif operator == "==":
            equal.append(value)
        elif type(value) is str or operator not in _BOUNDS:
            return None
        elif operator[0] == ">":
            if low is None or value > low[1] or (value == low[1] and operator == ">"):
                low = test
        elif high is None or value < high[1] or (value == high[1] and operator == "<"):
            high = test
    if equal:
        return _one_value(field, equal, unequal, low, high)
    if low is not None and high is not None and low[1] >= high[1]:
        return None
    if low is not None or high is not None:
        unequal = {key: value for key, value in unequal.items() if _is_between(value, low, high)}
    if field.kind is Kind.METRIC and unequal:
        return None
    bounds = [test_rule(field, bound) for bound in (low, high) if bound is not None]
    return [*bounds, *[test_rule(field, ("!=", value)) for value in unequal.values()]]


_BOUNDS = frozenset("< <= > >=".split())


def _one_value(
    field: Field, equal: list[Any], unequal: dict[tuple[bool, Any], Any], low: Test | None, high: Test | None
) -> list[Rule] | None:
    """One value that passes all tests; None if it does not, or the equal values differ."""
    value = equal[0]
    kind = type(value) is bool
    if any(other != value or (type(other) is bool) is not kind for other in equal) or (kind, value) in unequal:
        return None
    if (low or high) and not _is_between(value, low, high):
        return None
    return [test_rule(field, ("==", value))]


def _is_between(value: Any, low: Test | None, high: Test | None) -> bool:
    """Whether a value is a number that passes both bounds."""
    if type(value) is bool or type(value) is str:
        return False
    for bound in (low, high):
        if bound is None:
            continue
        below, equal, above = SIDES[bound[0]]
        if value == bound[1]:
            if not equal:
                return False
        elif not (above if value > bound[1] else below):
            return False
    return True
