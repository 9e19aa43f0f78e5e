"""The six kinds of rule, key for key (page create-segment of the API reference)."""

from typing import Literal

from msgspec import Struct

MetricOperator = Literal["gt", "lt", "eq", "gte", "lte"]
PropertyOperator = Literal["eq", "neq", "contains", "gt", "lt"]
CountOperator = Literal["gte", "lte"]
LastSeenOperator = Literal["within", "before"]


class AnalysisRule(Struct, frozen=True, gc=False, tag_field="type", tag="analysis"):
    """A metric compared with a number."""

    field: str
    operator: MetricOperator
    value: int | float


class AnalysisFlagRule(Struct, frozen=True, gc=False, tag_field="type", tag="analysis_flag"):
    """A flag that is set, or is not."""

    field: str
    value: bool


class _KeyedRule(Struct, frozen=True):
    """A property compared with a string, a number or a boolean; `True` and `1`, equal in Python, are two values."""

    key: str
    operator: PropertyOperator
    value: str | int | float | bool

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, _KeyedRule):
            return NotImplemented
        return type(self) is type(other) and self._meaning() == other._meaning()

    def __hash__(self) -> int:
        return hash(self._meaning())

    def _meaning(self) -> tuple[object, ...]:
        return self.key, self.operator, isinstance(self.value, bool), self.value


class PropertyRule(_KeyedRule, frozen=True, tag_field="type", tag="property"):
    """A user property compared with a string, a number or a boolean."""


class ConversationPropertyRule(_KeyedRule, frozen=True, tag_field="type", tag="conversation_property"):
    """A conversation property compared with a string, a number or a boolean."""


class ConversationCountRule(Struct, frozen=True, gc=False, tag_field="type", tag="conversation_count"):
    """The number of a user's conversations, bounded from below or above."""

    operator: CountOperator
    value: int


class LastSeenRule(Struct, frozen=True, gc=False, tag_field="type", tag="last_seen"):
    """How long ago a user was last seen: at most (`within`) or more than (`before`) a duration such as `7d`."""

    operator: LastSeenOperator
    value: str


Rule = AnalysisRule | AnalysisFlagRule | PropertyRule | ConversationPropertyRule | ConversationCountRule | LastSeenRule
