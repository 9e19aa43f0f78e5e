"""Conjunctions of rules in their scope → filters."""

from msgspec import UNSET, UnsetType

from segdsl.semantics.typed import TypedExpression
from segdsl.wire.filters import DateRange, Filters
from segdsl.wire.rules import Rule


def to_filters(rules: tuple[Rule, ...], typed: TypedExpression) -> Filters:
    """The filters of a conjunction, in the scope of its expression."""
    dates: DateRange | UnsetType = UNSET
    if typed.preset or typed.start or typed.end:
        dates = DateRange(typed.preset or UNSET, typed.start or UNSET, typed.end or UNSET)
    return Filters(rules, dates, typed.products or UNSET)
