"""Words for a small or large number: `sentiment negative`, `very low cqi`."""

from segdsl.syntax.actions import UNREADABLE
from segdsl.syntax.errors.expected import CONNECTIVES
from segdsl.syntax.errors.failure import Failure, Repair, TokenEdit, shown
from segdsl.syntax.names import DEGREES, bound_of

_FILLERS = frozenset("is be a an very quite too really so rather pretty extremely fairly".split())
_ENDS = CONNECTIVES | {"COMMA", "RPAR", "$END", "DURING", "FROM", "TO", "FOR"}
_LONGEST = 6
"""Words."""


def degree(failure: Failure) -> Repair | None:
    """`sentiment negative`, `cqi is not very good`, `low frustration`: a number described by a word."""
    first, end = failure.begin, failure.end_of_run(failure.begin, _ENDS, _LONGEST)
    words = [failure.word(number) for number in range(first, end)]
    said = [word for word in words if word in DEGREES]
    is_compared = failure.kind_of(end - 2 - (failure.kind_of(end - 2) == "NOT")) == "IS"  # with a text
    is_end = failure.kind_of(end) in _ENDS or failure.word(end) == ";"
    if len(said) != 1 or not is_end or failure.at > end or is_compared:
        return None
    noun = "".join(word for word in words if word not in _FILLERS and word not in (*said, "not"))
    name = failure.field_called(noun) or ""
    type_ = failure.type_of(name)
    help_ = bound_of(name, said[0], type_ if isinstance(type_, str) else "", negated="not" in words)
    if help_ is None:
        return None
    span, edits = failure.between(first, end - 1), [TokenEdit(first, end, UNREADABLE)]
    message = f"`{shown(failure.written(first, end - 1))}` is not a comparison: `{shown(name)}` is a number"
    return failure.repair("unexpected-token", message, edits, None, help_, span=span)
