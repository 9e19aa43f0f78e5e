"""What is not the same between a segment of the config and the remote one that bears its name."""

import json
from collections.abc import Iterator

from segdsl.limits import MAX_TEXT_LENGTH
from segdsl.planning.actions import Difference
from segdsl.planning.equality import normal_form_of, same_text
from segdsl.remote.models import SegmentDetail
from segdsl.syntax.nodes import And
from segdsl.syntax.parser import parse
from segdsl.syntax.printer import unparse
from segdsl.wire.decompile import decompile
from segdsl.wire.filters import Filters
from segdsl.wire.segment import Segment


def expression_of(filters: Filters) -> str:
    """The canonical expression of filters in normal form."""
    return unparse(decompile(filters))


def decoration_differences(segment: Segment, remote: SegmentDetail) -> tuple[Difference, ...]:
    """How description and icon differ; what the config does not set may be anything."""
    pairs = {"description": (segment.description, remote.description), "icon": (segment.icon, remote.icon)}
    return tuple(
        Difference(key, local, other or "")
        for key, (local, other) in pairs.items()
        if local is not None and not same_text(local, other)
    )


def filters_difference(segment: Segment, remote: SegmentDetail) -> Difference:
    """Both sides as canonical expressions; as JSON when one of them is none, or too long to be read as one."""
    normal = normal_form_of(remote.filters)
    if normal is not None:
        difference = Difference("where", expression_of(segment.filters), expression_of(normal))
        if len(difference.local) <= MAX_TEXT_LENGTH and len(difference.remote) <= MAX_TEXT_LENGTH:
            return difference
    return Difference("filters", segment.filters.to_json().decode(), json_text(remote.filters))


def json_text(plain: object) -> str:
    """Plain JSON data as one line of ASCII: a server may hold what no file or terminal can, such as lone surrogates."""
    return json.dumps(plain)


def changed_lines(difference: Difference) -> Iterator[tuple[str, str]]:
    """The lines of a diff: `-` for what only the remote has, `+` for what only the config has, else a blank; the text.

    Expressions go condition by condition. Order means nothing in a conjunction, so it is that of the config; what only
    the remote has stands before the condition on the same name that replaces it, or at the end.
    """
    if difference.key != "where":
        yield from (("-", line) for line in difference.remote.splitlines())
        yield from (("+", line) for line in difference.local.splitlines())
        return
    local, remote = _conditions(difference.local), _conditions(difference.remote)
    gone = [line for line in remote if line not in local]
    for line in local:
        if line in remote:
            yield " ", line
            continue
        replaced = [other for other in gone if _name(other) == _name(line)]
        yield from (("-", other) for other in replaced)
        gone = [other for other in gone if other not in replaced]
        yield "+", line
    yield from (("-", other) for other in gone)


def _conditions(text: str) -> list[str]:
    """The parts of a canonical conjunction, its scope clauses last and together."""
    expression = parse(text)
    condition = expression.condition
    parts = condition.operands if isinstance(condition, And) else (condition,)
    scope = unparse(expression).removeprefix(unparse(condition)).strip()
    return [*map(unparse, parts), *[scope] * bool(scope)]


def _name(condition: str) -> str:
    """The name that a condition is about, or a word that is the same for conditions of its form."""
    return condition.removeprefix("not ").partition(" ")[0]
