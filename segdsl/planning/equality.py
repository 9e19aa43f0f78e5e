"""Do a config's filters and a remote segment's say the same? Decided on their normal forms."""

import json
import unicodedata
from collections.abc import Hashable, Mapping
from typing import Any

from msgspec import UNSET, structs

from segdsl.compiler.decompile import decompile
from segdsl.environment import DEFAULT
from segdsl.errors import CompileError, InvalidSegmentError
from segdsl.syntax.literals import minutes
from segdsl.wire.filters import Filters
from segdsl.wire.rules import LastSeenRule, Rule
from segdsl.wire.validation import instant

_LONGEST_DURATION = 100
"""Characters of a duration that is read as a number; the wire takes any, and Python none of thousands of digits."""


def normal_form_of(filters: Filters | Mapping[str, Any] | None) -> Filters | None:
    """What the compiler makes of filters that say the same, given as such or as the wire's JSON.

    None when they have no normal form: they are not valid, the language cannot say them, or they can never match.
    """
    if filters is None:
        return None
    try:
        return DEFAULT.compile(decompile(filters))
    except (InvalidSegmentError, CompileError):
        return None


def meaning_of(filters: Filters | Mapping[str, Any] | None) -> Hashable:
    """A stand-in for the normal form that is equal for equal meanings.

    Rules and product ids count in any order and once, numbers as numbers, durations by length, dates as moments, UUIDs
    without case. Filters without a normal form go by their rules as they are, and invalid ones by their JSON.
    """
    said = normal_form_of(filters) or _valid(filters)
    if said is None:
        return json.dumps(filters, sort_keys=True)
    dates = () if said.date_range is UNSET else structs.astuple(said.date_range)
    return (
        frozenset(map(_by_length, said.rules)),
        tuple(text if text is UNSET else instant(text) or text for text in dates),
        frozenset() if said.product_ids is UNSET else frozenset(map(str.lower, said.product_ids)),
    )


def same_text(left: str, right: str | None) -> bool:
    """Whether a description or icon is the same; none is as good as an empty one, and a server may tidy it up."""
    return _tidy(left) == _tidy(right or "")


def _tidy(text: str) -> str:
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n")).strip()


def _valid(filters: Filters | Mapping[str, Any] | None) -> Filters | None:
    if filters is None or isinstance(filters, Filters):
        return filters
    try:
        return Filters.from_dict(filters)
    except InvalidSegmentError:
        return None


def _by_length(rule: Rule) -> Rule:
    """The rule with a duration in minutes: `24h` and `1d` are one length of time. An endless numeral stays as it is."""
    if isinstance(rule, LastSeenRule) and len(rule.value) <= _LONGEST_DURATION:
        return structs.replace(rule, value=f"{minutes(rule.value)}m")
    return rule
