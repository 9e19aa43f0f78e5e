"""Segments as the API returns them → Expressions, for both shapes of `filters`.

A custom segment holds rules. A *system* segment holds `{"operator": "AND", "conditions": [{"field", "operator",
"value"}, …]}` (page get-segment of the API reference), whose fields and operators are not documented: it is decompiled
if all of them have a meaning in the language, else refused.
"""

from collections.abc import Callable, Mapping
from typing import Any

from segdsl.catalogue import BUILT_INS, Kind
from segdsl.compiler.decompile import decompile
from segdsl.errors import InvalidSegmentError
from segdsl.limits import MAX_SAFE_INTEGER
from segdsl.semantics.objections import unfit
from segdsl.syntax import literals
from segdsl.syntax.literals import LiteralError
from segdsl.syntax.nodes import And, BareName, Comparison, Condition, Duration, Expression, Not, Or


def decompile_segments(data: Any) -> tuple[Expression, ...]:
    """The expressions of a list of segments or filters, or of a single one.

    Raises `InvalidSegmentError` with all problems, each with its place in the list.
    """
    if not isinstance(data, list | tuple):
        return (decompile_segment(data),)
    expressions: list[Expression] = []
    problems: list[str] = []
    for index, item in enumerate(data):
        try:
            expressions.append(decompile_segment(item))
        except InvalidSegmentError as error:
            problems += [f"[{index}].{problem}" for problem in error.problems]
    if problems:
        raise InvalidSegmentError(problems)
    return tuple(expressions)


def decompile_segment(data: Any) -> Expression:
    """The expression of one segment as `GET /segments/{id}` returns it, or of its `filters` alone.

    Raises `InvalidSegmentError` with every problem if the data is neither, or the language cannot say it.
    """
    if not isinstance(data, Mapping):
        raise InvalidSegmentError(["filters: must be an object"])
    filters = data.get("filters", data)
    if isinstance(filters, Mapping) and "conditions" in filters:
        return Expression(_joined(filters))
    if "filters" not in data and "rules" not in data and "id" in data:
        raise InvalidSegmentError(["filters: missing, as in a listing; read the segment by its id to get them"])
    return decompile(filters)


# ── the shape of system segments ─────────────────────────────────────────────────────────────────────────────────────

_JOINTS: dict[str, Callable[[tuple[Condition, ...]], Condition]] = {"AND": And, "OR": Or}
_OPERATORS = {
    "eq": "==", "neq": "!=", "gt": ">", "gte": ">=", "lt": "<", "lte": "<=",
    **{word: word for word in ("==", "!=", ">", ">=", "<", "<=", "contains", "within", "before")},
}  # fmt: skip
_KEYS = ("field", "operator", "value")


def _joined(filters: Mapping[str, Any]) -> Condition:
    problems = [f"filters: unknown key {key!r}" for key in filters if key not in ("operator", "conditions")]
    joint = filters.get("operator", "AND")
    if not isinstance(joint, str) or joint not in _JOINTS:
        problems.append("filters.operator: must be AND or OR")
    listed = filters["conditions"]
    if not isinstance(listed, list | tuple) or not listed:
        problems.append("filters.conditions: must be a list of at least one condition")
        listed = ()
    conditions: list[Condition] = []
    for index, item in enumerate(listed):
        try:
            conditions.append(_condition(item))
        except _UnsayableError as error:
            problems.append(f"filters.conditions[{index}]: {error}")
    if problems:
        raise InvalidSegmentError(problems)
    return conditions[0] if len(conditions) == 1 else _JOINTS[joint](tuple(conditions))


class _UnsayableError(ValueError):
    """A condition that has no meaning in the language; the message says why."""


def _condition(data: Any) -> Condition:
    if not isinstance(data, Mapping) or set(data) != set(_KEYS):
        raise _UnsayableError("must be an object with field, operator and value")
    name, operator, value = (data[key] for key in _KEYS)
    field = BUILT_INS.get(name) if isinstance(name, str) else None
    sign = _OPERATORS.get(operator) if isinstance(operator, str) else None
    if field is None:
        raise _UnsayableError(f"the language has no field {_shown(name)}")
    if sign is None:
        raise _UnsayableError(f"the language has no operator {_shown(operator)}")
    literal = _literal(field.kind, value)
    objection = unfit(field, name, sign, type(literal))
    if objection is not None:
        raise _UnsayableError(objection.message)
    if field.kind is Kind.FLAG:
        return BareName(name) if literal is (sign == "==") else Not(BareName(name))
    return Comparison(name, sign, literal)


def _literal(kind: Kind, value: Any) -> Any:
    """The value as a literal that the kind of field can be compared with."""
    if kind is Kind.LAST_SEEN and isinstance(value, str):
        try:
            return Duration(literals.duration(value))
        except LiteralError as error:
            raise _UnsayableError(error.message) from error
    if isinstance(value, bool | str):
        return value
    if not isinstance(value, int | float) or not abs(value) <= MAX_SAFE_INTEGER:  # this excludes NaN, too
        raise _UnsayableError("the value is neither a string, a boolean, nor a finite number within ±(2^53−1)")
    if value == int(value):
        return int(value)
    if kind is Kind.COUNT:
        raise _UnsayableError("a count is compared with whole numbers")
    return value


def _shown(word: object) -> str:
    return literals.quote(literals.shortened(word)) if isinstance(word, str) else "that is not a string"
