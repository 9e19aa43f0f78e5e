"""One predicate as SQL, TRUE, FALSE or NULL like `evaluate`: a rule for each operator and type of operand.

The column determines the type of the operand (`Static`), or only the row knows it (`Dynamic`), or it is a moment.
Values of different types are never equal and have no order; a predicate on a missing value is NULL.
"""

import math
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct

from segdsl.sql.dialects.dialect import Dialect, Dynamic, case, epoch
from segdsl.sql.mapping import BOOLEAN, INTEGER, NUMBER, STRING


class Static(Struct, frozen=True):
    """SQL for a value of one type: string, number (a double), integer or boolean.

    `guarded` says that a number may be NaN or infinite, which have no order.
    """

    sql: str
    type: str
    guarded: bool = False


class Moment(Struct, frozen=True):
    """SQL for a moment, and the form in which it is compared: `instant`, `naive`, or a number of `epoch` units."""

    sql: str
    clock: str
    units: int = 1
    """For an epoch: units in a second."""


def static_test(d: Dialect, operator: str, value: Any, x: Static) -> str:
    """The operator on a value of a known type."""
    return _STATIC[operator](d, operator, value, x)


def dynamic_test(d: Dialect, operator: str, value: Any, x: Dynamic) -> str:
    """The operator on a value whose type only the row knows."""
    return _DYNAMIC[operator](d, operator, value, x)


def moment_test(d: Dialect, operator: str, minutes: int, x: Moment, now: datetime | None) -> str:
    """Whether the moment is at most `minutes` ago (`within`), or longer (`before`); `now` None: the engine's clock."""
    return f"{x.sql} {'>=' if operator == 'within' else '<'} {_bound(d, minutes * 60, x, now)}"


def moment_bound(d: Dialect, moment: datetime, x: Moment) -> str:
    """The moment in the form for comparisons with a column."""
    return _bound(d, 0, x, moment)


# ── values of a known type ─────────────────────────────────────────────────────────────────────────────────────────


def _equality(d: Dialect, operator: str, value: Any, x: Static) -> str:
    equal = operator in ("==", "in")
    fitting = [one for one in listed(value) if _can_equal(d, one, x.type)]
    if not fitting:
        return case((f"{x.sql} IS NOT NULL", d.boolean(not equal)))
    return _is_one(d, fitting, d.text(x.sql) if x.type == STRING else x.sql, equal=equal)


def _order(d: Dialect, operator: str, value: Any, x: Static) -> str:
    if type_of(value) != _LITERAL_OF[x.type] or x.type == BOOLEAN:
        return d.unknown
    test = _ordered(d, operator, value, d.text(x.sql) if x.type == STRING else x.sql, whole=x.type == INTEGER)
    finite = d.is_finite(x.sql) if x.guarded else ""
    return case((finite, test)) if finite else test


def _contains(d: Dialect, operator: str, value: Any, x: Static) -> str:
    if x.type != STRING:
        return d.unknown
    holds = _holds(d, value, x.sql, negated=operator == "not contains")
    return holds or case((f"{x.sql} IS NOT NULL", d.boolean((operator == "contains") is (value == ""))))


_STATIC: dict[str, Callable[[Dialect, str, Any, Static], str]] = {
    **dict.fromkeys(("==", "!=", "in", "not in"), _equality),
    **dict.fromkeys(("<", "<=", ">", ">="), _order),
    **dict.fromkeys(("contains", "not contains"), _contains),
}


# ── values of a type that the row knows ────────────────────────────────────────────────────────────────────────────


def _dynamic_equality(d: Dialect, operator: str, value: Any, x: Dynamic) -> str:
    equal = operator in ("==", "in")
    readings = {
        STRING: (x.is_text, d.text(x.text)),
        NUMBER: (x.is_number, x.number),
        BOOLEAN: (x.is_boolean, x.boolean),
    }
    branches = []
    for type_, (is_type, reading) in readings.items():
        fitting = [one for one in listed(value) if type_of(one) == type_ and _can_equal(d, one, type_)]
        if fitting:
            branches.append((is_type, _is_one(d, fitting, reading, equal=equal)))
    return case(*branches, (x.present, d.boolean(not equal)))


def _dynamic_order(d: Dialect, operator: str, value: Any, x: Dynamic) -> str:
    if type_of(value) == STRING:
        return case((x.is_text, _ordered(d, operator, value, d.text(x.text), whole=False)))
    return case((x.is_number, _ordered(d, operator, value, x.number, whole=False)))


def _dynamic_contains(d: Dialect, operator: str, value: Any, x: Dynamic) -> str:
    holds = _holds(d, value, x.text, negated=operator == "not contains")
    return case((x.is_text, holds or d.boolean((operator == "contains") is (value == ""))))


_DYNAMIC: dict[str, Callable[[Dialect, str, Any, Dynamic], str]] = {
    **dict.fromkeys(("==", "!=", "in", "not in"), _dynamic_equality),
    **dict.fromkeys(("<", "<=", ">", ">="), _dynamic_order),
    **dict.fromkeys(("contains", "not contains"), _dynamic_contains),
}


# ── shared by both ───────────────────────────────────────────────────────────────────────────────────────

_LITERAL_OF = {STRING: STRING, NUMBER: NUMBER, INTEGER: NUMBER, BOOLEAN: BOOLEAN}
_SQL = {"==": "=", "!=": "<>"}


def listed(value: Any) -> tuple[Any, ...]:
    """The literals of a predicate: those of a list, or the one."""
    return value if isinstance(value, tuple) else (value,)


def type_of(literal: Any) -> str:
    """The type of value that can equal the literal."""
    return BOOLEAN if isinstance(literal, bool) else STRING if isinstance(literal, str) else NUMBER


def _can_equal(d: Dialect, literal: Any, type_: str) -> bool:
    """Whether a value of the type can equal the literal: it has the same type, and the engine can hold it."""
    if type_of(literal) != _LITERAL_OF[type_]:
        return False
    if type_ == STRING:
        return d.holds_nul or "\0" not in literal
    return type_ != INTEGER or float(literal).is_integer()


def _literal(d: Dialect, value: Any) -> str:
    if isinstance(value, bool):
        return d.boolean(value)
    return d.text_literal(value) if isinstance(value, str) else d.number(value)


def _is_one(d: Dialect, values: list[Any], subject: str, *, equal: bool) -> str:
    literals = [_literal(d, value) for value in dict.fromkeys(values)]
    if len(literals) == 1:
        return f"{subject} {'=' if equal else '<>'} {literals[0]}"
    test = d.is_in(subject, literals)
    return test if equal else f"NOT ({test})"


def _ordered(d: Dialect, operator: str, bound: Any, subject: str, *, whole: bool) -> str:
    if isinstance(bound, str) and not d.holds_nul and "\0" in bound:
        # no text of this engine holds a NUL, so none lies between the part before it and the bound
        bound = bound.partition("\0")[0]
        operator = "<=" if operator[0] == "<" else ">"
    if whole and isinstance(bound, float):
        # beside integers engines would round the bound, or the integer
        bound, operator = (math.floor(bound), "<=") if operator[0] == "<" else (math.ceil(bound), ">=")
    return f"{subject} {operator} {_literal(d, bound)}"


def _holds(d: Dialect, part: str, text: str, *, negated: bool) -> str:
    """Whether text holds the part; empty if that is the same for all text."""
    if not part or ("\0" in part and not d.holds_nul):
        return ""
    test = d.contains(text, part)
    return f"NOT ({test})" if negated else test


def _bound(d: Dialect, seconds: int, x: Moment, now: datetime | None) -> str:
    if now is None:
        if x.clock == "epoch":
            return f"({d.epoch_ago(seconds)}) * {x.units}" if x.units > 1 else d.epoch_ago(seconds)
        return d.naive_ago(seconds) if x.clock == "naive" else d.instant_ago(seconds)
    try:
        moment = max(now - timedelta(seconds=seconds), d.earliest)
    except OverflowError:
        moment = d.earliest
    if x.clock == "epoch":
        return d.number(epoch(moment) * x.units / 1_000_000)
    return d.naive(moment) if x.clock == "naive" else d.instant(moment)
