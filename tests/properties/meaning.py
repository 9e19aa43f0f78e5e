"""The meaning of a tree, written from the language's description alone: Kleene's logic over one comparison after
another.

`segdsl` is not imported here: this is the third opinion beside its two evaluators.
"""

from collections.abc import Iterable
from typing import Any

from .strategies import duration_minutes
from .trees import FLIPPED, And, Bare, Between, Chain, Comparison, Contains, Field, In, Is, Literal, Not, Or, Seen, Tree

Truth = bool | None


def meaning(tree: Tree, values: dict[Field, Any]) -> Truth:
    """True, False, or None for unknown. A value is None when it is lacking; an instant is its age in minutes."""
    match tree:
        case Not(operand):
            return negation(meaning(operand, values))
        case And(operands):
            return conjunction(meaning(operand, values) for operand in operands)
        case Or(operands):
            return disjunction(meaning(operand, values) for operand in operands)
        case _:
            value = values[tree.field]
            return None if value is None else _predicate(tree, value)


def negation(truth: Truth) -> Truth:
    return None if truth is None else not truth


def conjunction(truths: Iterable[Truth]) -> Truth:
    seen = list(truths)
    return False if False in seen else None if None in seen else True


def disjunction(truths: Iterable[Truth]) -> Truth:
    return negation(conjunction(negation(truth) for truth in truths))


def compared(value: Any, operator: str, literal: Literal) -> Truth:
    """`value operator literal`: other types are unequal and not ordered, `contains` is about strings only."""
    alike = _type(value) == _type(literal)
    match operator:
        case "==":
            return alike and value == literal
        case "!=":
            return not (alike and value == literal)
        case "contains":
            return str(literal) in value if isinstance(value, str) else None
        case "<=" | ">=":
            return disjunction([compared(value, operator[0], literal), compared(value, "==", literal)])
    if not alike or isinstance(value, bool):
        return None
    return bool(value < literal if operator == "<" else value > literal)


def _type(value: Any) -> str:
    names = {bool: "boolean", int: "number", float: "number", str: "string"}
    return names.get(type(value), "other")


def _predicate(predicate: Tree, value: Any) -> Truth:  # noqa: PLR0911  one for each kind of predicate
    match predicate:
        case Comparison(_, operator, literal):
            return compared(value, operator, literal)
        case Chain(low, left, _, right, high):
            return conjunction([compared(value, FLIPPED[left], low), compared(value, right, high)])
        case Between(_, low, high):
            return conjunction([compared(value, ">=", low), compared(value, "<=", high)])
        case In(_, listed, negated):
            found = disjunction(compared(value, "==", literal) for literal in listed)
            return negation(found) if negated else found
        case Contains(_, part):
            return compared(value, "contains", part)
        case Is(_, literal, negated):
            return compared(value, "!=" if negated else "==", literal)
        case Bare():
            return compared(value, "==", True)
        case Seen(_, operator, duration):
            within = value <= duration_minutes(duration)
            return within if operator == "within" else not within
    raise AssertionError(predicate)
