"""Conjunctions of atoms → the API's rules and filters."""

from collections.abc import Callable, Iterable

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

_RULES: dict[Kind, Callable[[Atom], Rule]] = {
    Kind.METRIC: lambda atom: AnalysisRule(atom.field.key, atom.operator, atom.value),  # type: ignore[arg-type]
    Kind.FLAG: lambda atom: AnalysisFlagRule(atom.field.key, atom.value),  # type: ignore[arg-type]
    Kind.PROPERTY: lambda atom: PropertyRule(atom.field.key, atom.operator, atom.value),  # type: ignore[arg-type]
    Kind.CONVERSATION_PROPERTY: lambda atom: ConversationPropertyRule(
        atom.field.key,
        atom.operator,  # type: ignore[arg-type]
        atom.value,
    ),
    Kind.COUNT: lambda atom: ConversationCountRule(atom.operator, atom.value),  # type: ignore[arg-type]
    Kind.LAST_SEEN: lambda atom: LastSeenRule(atom.operator, atom.value),  # type: ignore[arg-type]
}


def to_filters(conjunction: Iterable[Atom], typed: TypedExpression) -> Filters:
    """The filters that a conjunction says, in the scope of its expression."""
    rules = tuple([_RULES[atom.field.kind](atom) for atom in conjunction])
    return Filters(rules, _date_range(typed), typed.products or UNSET)


def _date_range(typed: TypedExpression) -> DateRange | UnsetType:
    if not (typed.preset or typed.start or typed.end):
        return UNSET
    return DateRange(typed.preset or UNSET, typed.start or UNSET, typed.end or UNSET)
