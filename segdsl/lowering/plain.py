"""The short way for most expressions: a conjunction of parts about different fields, or about both ends of one.

There is nothing to simplify in it: each part is one rule, or the few that its table says, and the normal form is their
product. Whatever is not of this form goes the long way (see `plan` and `normal_form`), which gives the same.
"""

from collections.abc import Sequence
from itertools import product
from typing import Any

from segdsl.lowering.atoms import Atom, single_atom
from segdsl.lowering.negation import OPPOSITES
from segdsl.semantics.catalogue import Field, Kind
from segdsl.semantics.typed import Predicate
from segdsl.syntax.literals import minutes
from segdsl.syntax.nodes import And, Not, Or

Alternatives = Sequence[tuple[Atom, ...]]

_PREDICATE = frozenset([Predicate])
_LOWER = frozenset(["gt", "gte", "before"])
_UPPER = frozenset(["lt", "lte", "within"])
ALTERNATIVES = {
    (Kind.METRIC, "!="): ("lt", "gt"),
    (Kind.PROPERTY, ">="): ("gt", "eq"),
    (Kind.PROPERTY, "<="): ("lt", "eq"),
    (Kind.CONVERSATION_PROPERTY, ">="): ("gt", "eq"),
    (Kind.CONVERSATION_PROPERTY, "<="): ("lt", "eq"),
}
"""(kind, operator) → the operators of the rules of which any may hold, where more than one rule says it."""


def plain_conjunctions(condition: Any, limit: int) -> list[tuple[Atom, ...]] | None:
    """The normal form of a plain condition; None when it is not plain, or takes more than `limit` conjunctions."""
    predicates = required_predicates(condition)
    if predicates is None:
        return None
    fields: dict[Field, Alternatives] = {}
    count = 1
    for predicate in predicates:
        field, atom = predicate.field, single_atom(predicate)
        alternatives: Alternatives | None = [(atom,)] if atom else _alternatives(predicate)
        if field in fields:
            alternatives = _between(fields[field], alternatives)
        if alternatives is None:
            return None
        fields[field] = alternatives
        count *= len(alternatives)
    if count > limit:
        return None
    choices = fields.values()
    if count == 1:
        return [tuple([atom for (rules,) in choices for atom in rules])]
    return [tuple([atom for rules in choice for atom in rules]) for choice in product(*choices)]


def required_predicates(condition: Any) -> Sequence[Predicate] | None:
    """The predicates that must all hold, `not` pushed down to them; None when there is an `or` among them."""
    if type(condition) is Predicate:
        return [condition]
    if type(condition) is And and _PREDICATE.issuperset(map(type, condition.operands)):
        predicates: tuple[Any, ...] = condition.operands
        return predicates
    found: list[Predicate] = []
    waiting = [(condition, False)]
    while waiting:
        node, negated = waiting.pop()
        kind = type(node)
        if kind is Predicate:
            if negated:
                opposite = OPPOSITES.get(node.operator)
                if opposite is None:
                    return None
                node = Predicate(node.field, opposite, node.value, node.node, node.origin, node.whole)
            found.append(node)
        elif kind is Not:
            waiting.append((node.operand, not negated))
        elif kind is (Or if negated else And):
            waiting.extend([(operand, negated) for operand in reversed(node.operands)])
        else:
            return None
    return found


def splits(predicate: Predicate) -> bool:
    """Whether there is more than one alternative to what a predicate of a plain condition says."""
    return single_atom(predicate) is None and len(_alternatives(predicate) or ()) > 1


def _alternatives(predicate: Predicate) -> Alternatives | None:
    """What a predicate takes more than one rule for; None when that is not just a list of alternatives."""
    field, value = predicate.field, predicate.value
    if predicate.operator == "in" and field.kind is not Kind.COUNT:
        return [(Atom(field, "eq", one),) for one in dict.fromkeys(value)] if _one_type(value) else None
    if predicate.operator == "not in" and field.kind in (Kind.PROPERTY, Kind.CONVERSATION_PROPERTY):
        return [tuple([Atom(field, "neq", one) for one in dict.fromkeys(value)])] if _one_type(value) else None
    words = ALTERNATIVES.get((field.kind, predicate.operator))
    return [(Atom(field, word, value),) for word in words] if words else None


def _one_type(values: tuple[Any, ...]) -> bool:
    """Whether no two of the values could be equal and yet differ, as `True` and 1 do."""
    return bool not in map(type, values)


def _between(one: Alternatives, other: Alternatives | None) -> Alternatives | None:
    """A lower and an upper bound of one field that leave room for more than a point, the lower one first."""
    if other is None or len(one) > 1 or len(other) > 1 or len(one[0]) > 1:
        return None
    low, high = one[0][0], other[0][0]
    if low.operator in _UPPER:
        low, high = high, low
    if low.operator not in _LOWER or high.operator not in _UPPER or low.field.kind is Kind.CONVERSATION_PROPERTY:
        return None
    if low.field.kind is Kind.LAST_SEEN:
        return [(low, high)] if minutes(low.value) < minutes(high.value) else None
    numbers = not isinstance(low.value, str) and not isinstance(high.value, str)
    return [(low, high)] if numbers and low.value < high.value else None
