"""The differences between a segment of the config and the remote segment of its name, as values and as a diff."""

import unicodedata
from collections.abc import Hashable, Iterator

from msgspec import structs

from segdsl.limits import MAX_TEXT_LENGTH
from segdsl.planning.plan import Difference
from segdsl.remote.meaning import Meaning
from segdsl.remote.models import SegmentDetail
from segdsl.remote.replies import compact_json
from segdsl.syntax.literals import minutes
from segdsl.syntax.nodes import And, BareName, Chain, Comparison, Condition, Date, Duration, Expression, Not
from segdsl.syntax.printer import unparse
from segdsl.wire.segment import Segment
from segdsl.wire.validation import instant


def decoration_differences(segment: Segment, remote: SegmentDetail) -> tuple[Difference, ...]:
    """The differences in description and icon; a key that the config does not set may have any value."""
    pairs = {"description": (segment.description, remote.description), "icon": (segment.icon, remote.icon)}
    return tuple(
        text_difference(key, local, other or "")
        for key, (local, other) in pairs.items()
        if local is not None and not same_text(local, other)
    )


def filters_difference(segment: Segment, local: Meaning, remote: SegmentDetail, meant: Meaning) -> Difference:
    """The difference in filters. `local` and `meant` are what the segment and the remote segment mean.

    Both sides are canonical expressions, or JSON if one of them has no expression or one that is too long to be read.
    """
    if local.expression is not None and meant.expression is not None:
        wheres = unparse(local.expression), unparse(meant.expression)
        if max(map(len, wheres)) <= MAX_TEXT_LENGTH:
            return Difference("where", *wheres, tuple(_changed_conditions(local.expression, meant.expression)))
    return text_difference("filters", segment.filters.to_json().decode(), compact_json(remote.filters))


def text_difference(key: str, local: str, remote: str) -> Difference:
    """A difference whose diff is all remote lines, then all local lines."""
    gone = tuple(("-", line) for line in remote.splitlines())
    return Difference(key, local, remote, (*gone, *(("+", line) for line in local.splitlines())))


def same_text(left: str, right: str | None) -> bool:
    """Whether a description or icon is the same. None equals an empty text, and a server may tidy texts."""
    return _tidy(left) == _tidy(right or "")


def _tidy(text: str) -> str:
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n")).strip()


# ── the diff of two conjunctions ───────────────────────────────────────────────────────────────────────────────────


def _changed_conditions(local: Expression, remote: Expression) -> Iterator[tuple[str, str]]:
    """The diff, condition by condition, in the order of the config.

    Order means nothing in a conjunction. A condition that only the remote side has stands before the condition on the
    same name that replaces it, or at the end.
    """
    ours, theirs = _parts(local), _parts(remote)
    gone = [key for key in theirs if key not in ours]
    for key, (name, text) in ours.items():
        if key in theirs:
            yield " ", text
            continue
        replaced = [other for other in gone if theirs[other][0] == name]
        yield from (("-", theirs[other][1]) for other in replaced)
        gone = [other for other in gone if other not in replaced]
        yield "+", text
    yield from (("-", theirs[other][1]) for other in gone)


def _parts(expression: Expression) -> dict[Hashable, tuple[str, str]]:
    """The conditions of a conjunction, then its scope: name and text by a key that is equal for equal parts."""
    condition = expression.condition
    conditions = condition.operands if isinstance(condition, And) else (condition,)
    parts: dict[Hashable, tuple[str, str]] = {_with_minutes(one): (_name(one), unparse(one)) for one in conditions}
    scope = unparse(expression).removeprefix(unparse(condition)).strip()
    if scope:
        dates = (_moment(expression.from_), _moment(expression.to))
        parts[expression.during, *dates, frozenset(map(str.lower, map(str, expression.products)))] = ("", scope)
    return parts


def _with_minutes(condition: Condition) -> Condition:
    """The condition with its duration in minutes: `7d` and `168h` are the same length of time."""
    if isinstance(condition, Comparison) and isinstance(condition.value, Duration):
        return structs.replace(condition, value=Duration(f"{minutes(condition.value.text)}m"))
    return condition


def _name(condition: Condition) -> str:
    """The name that a condition of a decompiled conjunction is about."""
    if isinstance(condition, Not):
        condition = condition.operand
    return condition.name if isinstance(condition, Comparison | Chain | BareName) else ""


def _moment(date: object) -> Hashable:
    return instant(date.text) or date.text if isinstance(date, Date) else None
