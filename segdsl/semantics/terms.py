"""What one comparison says of a value: true, false, or unknown.

Values of different types are never equal and not ordered, and `contains` asks about strings only. A value that is
lacking never gets here: whatever is said of it is unknown.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from segdsl.semantics.catalogue import Field, Kind, field_of
from segdsl.semantics.users import finite_number
from segdsl.syntax import literals
from segdsl.syntax.nodes import MIRRORED, And, BareName, Between, Chain, Comparison, Duration, Not, Or

Verdict = bool | None
"""True, false, or None for unknown."""

Test = Callable[[Any], Verdict]
"""What a comparison says of a value that is there."""

Leaf = Comparison | Chain | Between | BareName


def leaf_test(leaf: Leaf, now: datetime) -> Test:
    """What the leaf says of its field's value, as `segdsl.semantics.users` reads it, at the moment `now` (UTC)."""
    return _LEAVES[type(leaf)](leaf, field_of(leaf.name), now)


def _comparison(leaf: Comparison, field: Field, now: datetime) -> Test:
    value: Any = leaf.value
    if leaf.operator in _ORDERED:
        return _ordered(field, leaf.operator, value)
    return _RECENCY[leaf.operator](value, now) if leaf.operator in _RECENCY else _TESTS[leaf.operator](value)


def _chain(leaf: Chain, field: Field, _now: datetime) -> Test:
    return _both(_ordered(field, MIRRORED[leaf.low_operator], leaf.low), _ordered(field, leaf.high_operator, leaf.high))


def _between(leaf: Between, field: Field, _now: datetime) -> Test:
    return _both(_ordered(field, ">=", leaf.low), _ordered(field, "<=", leaf.high))


_LEAVES: dict[type, Callable[[Any, Field, datetime], Test]] = {
    Comparison: _comparison,
    Chain: _chain,
    Between: _between,
    BareName: lambda _leaf, _field, _now: _equal(True),
}


# ── equality ───────────────────────────────────────────────────────────────────────────────────────────────────────


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


# ── order ──────────────────────────────────────────────────────────────────────────────────────────────────────────

_ORDERED: dict[str, Callable[[Any], Callable[[Any], bool]]] = {
    "<": lambda bound: lambda value: value < bound,
    "<=": lambda bound: lambda value: value <= bound,
    ">": lambda bound: lambda value: value > bound,
    ">=": lambda bound: lambda value: value >= bound,
}
"""For values of the bound's own type; strings are ordered by Unicode code points."""


def _ordered(field: Field, operator: str, bound: Any) -> Test:
    compare = _ORDERED[operator](bound)
    if field.kind in (Kind.METRIC, Kind.COUNT):
        return compare  # the reader lets nothing but numbers through
    if isinstance(bound, str):
        return lambda value: compare(value) if isinstance(value, str) else None

    def compare_numbers(value: Any) -> Verdict:
        number = finite_number(value)
        return None if number is None else compare(number)

    return compare_numbers


def _both(one: Test, other: Test) -> Test:
    def both(value: Any) -> Verdict:
        return conjunction((one(value), other(value)))

    return both


# ── recency ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _within(duration: Duration, now: datetime) -> Test:
    longest = timedelta(minutes=literals.minutes(duration.text))
    return lambda moment: now - moment <= longest


def _before(duration: Duration, now: datetime) -> Test:
    longest = timedelta(minutes=literals.minutes(duration.text))
    return lambda moment: now - moment > longest


_RECENCY = {"within": _within, "before": _before}


# ── Kleene's logic ─────────────────────────────────────────────────────────────────────────────────────────────────


def conjunction(verdicts: Sequence[Verdict]) -> Verdict:
    """Kleene's `and`: false if one is false, else unknown if one is unknown, else true."""
    return False if False in verdicts else None if None in verdicts else True


def disjunction(verdicts: Sequence[Verdict]) -> Verdict:
    """Kleene's `or`: true if one is true, else unknown if one is unknown, else false."""
    return True if True in verdicts else None if None in verdicts else False


def negation(verdicts: Sequence[Verdict]) -> Verdict:
    """Kleene's `not` of the one verdict: unknown stays unknown."""
    (verdict,) = verdicts
    return None if verdict is None else not verdict


JOINTS: dict[type, Callable[[Sequence[Verdict]], Verdict]] = {And: conjunction, Or: disjunction, Not: negation}
"""What a node makes of the verdicts of its operands."""
