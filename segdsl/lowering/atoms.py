"""Atoms: what one rule of the API can say, and which predicates are one."""

from typing import Any

from msgspec import Struct

from segdsl.semantics.catalogue import Field, Kind
from segdsl.semantics.typed import Predicate


class Atom(Struct, frozen=True, gc=False):
    """One rule: a field, the wire's operator, a value. A flag has the operator `is`."""

    field: Field
    operator: str
    value: Any


_METRIC = {"==": "eq", "<": "lt", "<=": "lte", ">": "gt", ">=": "gte"}
_PROPERTY = {"==": "eq", "!=": "neq", "<": "lt", ">": "gt", "contains": "contains"}
_SINGLE: dict[Kind, dict[str, str]] = {
    Kind.METRIC: _METRIC,
    Kind.PROPERTY: _PROPERTY,
    Kind.CONVERSATION_PROPERTY: _PROPERTY,
}
SINGLE_ATOMS = {(kind, operator): word for kind, table in _SINGLE.items() for operator, word in table.items()}
"""(kind, operator) → the wire's operator, where one rule says it and the value stays as it is."""

_COUNT = {">": ("gte", 1), ">=": ("gte", 0), "<": ("lte", -1), "<=": ("lte", 0)}
_WHOLE = {">=": ("gt", -1), "<=": ("lt", 1)}


def single_atom(predicate: Predicate) -> Atom | None:
    """The one rule that says the predicate; None when it takes several, or none can."""
    field, operator = predicate.field, predicate.operator
    word = SINGLE_ATOMS.get((field.kind, operator))
    if word:
        return Atom(field, word, predicate.value)
    if field.kind is Kind.LAST_SEEN:
        return Atom(field, operator, wire_duration(predicate.value))
    if field.kind is Kind.FLAG:
        return Atom(field, "is", predicate.value is (operator == "=="))
    shifted = _COUNT.get(operator) if field.kind is Kind.COUNT else _WHOLE.get(operator) if predicate.whole else None
    return Atom(field, shifted[0], predicate.value + shifted[1]) if shifted else None


def wire_duration(text: str) -> str:
    """A duration as the API takes it: weeks become days."""
    return f"{int(text[:-1]) * 7}d" if text.endswith("w") else text
