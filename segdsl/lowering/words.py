"""The API's words: the rule of one test of a metric or property."""

from collections.abc import Callable
from typing import Any

from msgspec import Struct

from segdsl.catalogue import OPERATORS, Field, Kind
from segdsl.semantics.dates import last_before
from segdsl.wire.rules import (
    AnalysisFlagRule,
    AnalysisRule,
    ConversationCountRule,
    ConversationPropertyRule,
    LastSeenRule,
    PropertyRule,
    Rule,
)

COMPARING: dict[Kind, Callable[..., Rule]] = {
    Kind.METRIC: AnalysisRule,
    Kind.PROPERTY: PropertyRule,
    Kind.CONVERSATION_PROPERTY: ConversationPropertyRule,
}


class Cut(Struct, frozen=True, order=True):
    """The beginning of a day or second, in a test on a property that is declared as a date; see `dates`."""

    text: str


def wire_words(field: Field, operator: str) -> tuple[str, ...]:
    """The API's words for an operator on a metric or property; any of them may hold. None on fields of other kinds."""
    row = OPERATORS[operator]
    return row.metric if field.kind is Kind.METRIC else row.property if field.kind in COMPARING else ()


def test_rule(field: Field, test: tuple[str, Any]) -> Rule:
    """The rule of a test of a metric or property that needs only one rule."""
    operator, value = test
    if type(value) is Cut:
        operator, value = ("<", value.text) if operator == "<" else (">", last_before(value.text))
    (word,) = wire_words(field, operator)
    return COMPARING[field.kind](field.key, word, value)


def wire_duration(text: str) -> str:
    """A duration as the API takes it: weeks become days."""
    return f"{int(text[:-1]) * 7}d" if text.endswith("w") else text


_ORDER = {"gt": 0, "gte": 0, "before": 0, "lt": 1, "lte": 1, "within": 1}


def rule_order(rule: Rule) -> int:
    """Sorts the rules on one field: lower bounds, upper bounds, the rest."""
    return _ORDER.get(getattr(rule, "operator", ""), 2)


_KINDS: dict[type, Kind] = {
    AnalysisRule: Kind.METRIC,
    AnalysisFlagRule: Kind.FLAG,
    ConversationCountRule: Kind.COUNT,
    LastSeenRule: Kind.LAST_SEEN,
    PropertyRule: Kind.PROPERTY,
    ConversationPropertyRule: Kind.CONVERSATION_PROPERTY,
}
_ONLY = {Kind.COUNT: "conversationCount", Kind.LAST_SEEN: "lastSeen"}


def field_of_rule(rule: Rule) -> Field:
    """The field that a rule is about."""
    kind = _KINDS[type(rule)]
    key: str = _ONLY.get(kind) or getattr(rule, "key", None) or rule.field  # type: ignore[union-attr]
    return Field(kind, key)
