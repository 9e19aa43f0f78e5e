"""Conjunctions of atoms → the API's rules and filters."""

from collections.abc import Callable, Iterable
from typing import Any

from msgspec import UNSET, UnsetType

from segdsl.lowering.atoms import Atom
from segdsl.semantics.catalogue import Kind
from segdsl.semantics.typed import TypedExpression
from segdsl.wire.filters import DateRange, Filters
from segdsl.wire.rules import (
    AnalysisFlagRule,
    AnalysisRule,
    ConversationCountRule,
    ConversationPropertyRule,
    LastSeenRule,
    PropertyRule,
    Rule,
)

COMPARING: dict[Kind, Any] = {
    Kind.METRIC: AnalysisRule,
    Kind.PROPERTY: PropertyRule,
    Kind.CONVERSATION_PROPERTY: ConversationPropertyRule,
}
_OTHERS: dict[Kind, Callable[[Atom], Rule]] = {
    Kind.FLAG: lambda atom: AnalysisFlagRule(atom.field.key, atom.value),  # type: ignore[arg-type]
    Kind.COUNT: lambda atom: ConversationCountRule(atom.operator, atom.value),  # type: ignore[arg-type]
    Kind.LAST_SEEN: lambda atom: LastSeenRule(atom.operator, atom.value),  # type: ignore[arg-type]
}


def to_filters(conjunction: Iterable[Atom], typed: TypedExpression) -> Filters:
    """The filters that a conjunction says, in the scope of its expression."""
    rules = tuple([rule_of(atom) for atom in conjunction])
    return Filters(rules, _date_range(typed), typed.products or UNSET)


def rule_of(atom: Atom) -> Rule:
    """The rule that an atom is."""
    field = atom.field
    comparing = COMPARING.get(field.kind)
    rule: Rule = comparing(field.key, atom.operator, atom.value) if comparing else _OTHERS[field.kind](atom)
    return rule


def _date_range(typed: TypedExpression) -> DateRange | UnsetType:
    if not (typed.preset or typed.start or typed.end):
        return UNSET
    return DateRange(typed.preset or UNSET, typed.start or UNSET, typed.end or UNSET)
