"""One predicate applied to a value: true, false, or unknown.

Values of different types are never equal and have no order, and `contains` applies to strings only. A missing value
never gets here: every predicate on it is unknown.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from segdsl.catalogue import Kind
from segdsl.evaluation.records import finite_number
from segdsl.semantics.typed import Predicate
from segdsl.syntax import literals

Verdict = bool | None
"""True, false, or None for unknown."""

Test = Callable[[Any], Verdict]
"""A predicate applied to a present value."""


def predicate_test(predicate: Predicate, now: datetime) -> Test:
    """The predicate as a function of its field's value, read by `segdsl.evaluation.records`, at the moment `now`."""
    operator, value = predicate.operator, predicate.value
    if operator in _ORDERED:
        return _ordered(predicate.field.kind, operator, value)
    return _RECENCY[operator](value, now) if operator in _RECENCY else _TESTS[operator](value)


# ── equality ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _equal(literal: Any) -> Test:
    if isinstance(literal, bool):
        return lambda value: value is literal
    if isinstance(literal, str):
        return lambda value: isinstance(value, str) and value == literal
    return lambda value: finite_number(value) == literal


def _one_of(wanted: Iterable[Any]) -> Test:
    strings = frozenset(literal for literal in wanted if isinstance(literal, str))
    booleans = frozenset(literal for literal in wanted if isinstance(literal, bool))
    numbers = frozenset(literal for literal in wanted if not isinstance(literal, str | bool))

    def is_one(value: Any) -> bool:
        if isinstance(value, str):
            return value in strings
        return value in booleans if isinstance(value, bool) else finite_number(value) in numbers

    return is_one


def _contains(part: str) -> Test:
    return lambda value: part in value if isinstance(value, str) else None


def _negated(made: Callable[[Any], Test]) -> Callable[[Any], Test]:
    def make(literal: Any) -> Test:
        test = made(literal)

        def negated(value: Any) -> Verdict:
            verdict = test(value)
            return None if verdict is None else not verdict

        return negated

    return make


_TESTS: dict[str, Callable[[Any], Test]] = {
    "==": _equal,
    "!=": _negated(_equal),
    "in": _one_of,
    "not in": _negated(_one_of),
    "contains": _contains,
    "not contains": _negated(_contains),
}


# ── order ────────────────────────────────────────────────────────────────────────────────────────────────────────────

_ORDERED: dict[str, Callable[[Any], Callable[[Any], bool]]] = {
    "<": lambda bound: lambda value: value < bound,
    "<=": lambda bound: lambda value: value <= bound,
    ">": lambda bound: lambda value: value > bound,
    ">=": lambda bound: lambda value: value >= bound,
}
"""For values of the bound's own type; strings are ordered by Unicode code points."""


def _ordered(kind: Kind, operator: str, bound: Any) -> Test:
    compare = _ORDERED[operator](bound)
    if kind in (Kind.METRIC, Kind.COUNT):
        return compare  # the reader lets nothing but numbers through
    if isinstance(bound, str):
        return lambda value: compare(value) if isinstance(value, str) else None

    def compare_numbers(value: Any) -> Verdict:
        number = finite_number(value)
        return None if number is None else compare(number)

    return compare_numbers


# ── recency ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _within(duration: str, now: datetime) -> Test:
    longest = timedelta(minutes=literals.minutes(duration))
    return lambda moment: now - moment <= longest


def _before(duration: str, now: datetime) -> Test:
    longest = timedelta(minutes=literals.minutes(duration))
    return lambda moment: now - moment > longest


_RECENCY = {"within": _within, "before": _before}


# ── Kleene's logic ───────────────────────────────────────────────────────────────────────────────────────────────────


def conjunction(verdicts: Sequence[Verdict]) -> Verdict:
    """Kleene's `and`: false if one is false, else unknown if one is unknown, else true."""
    return False if False in verdicts else None if None in verdicts else True


def disjunction(verdicts: Sequence[Verdict]) -> Verdict:
    """Kleene's `or`: true if one is true, else unknown if one is unknown, else false."""
    return True if True in verdicts else None if None in verdicts else False


def connective(every: bool) -> Callable[[Sequence[Verdict]], Verdict]:
    """Kleene's `and` (`every`) or `or`."""
    return conjunction if every else disjunction
