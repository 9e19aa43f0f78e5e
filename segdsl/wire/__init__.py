"""The API's own terms:

rules, filters, segments, and what the rules mean for a user. It imports nothing of the language.
"""

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
from segdsl.wire.segment import Segment

__all__ = [
    "AnalysisFlagRule",
    "AnalysisRule",
    "ConversationCountRule",
    "ConversationPropertyRule",
    "DateRange",
    "Filters",
    "LastSeenRule",
    "PropertyRule",
    "Rule",
    "Segment",
]
