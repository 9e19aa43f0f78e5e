"""What became of a push, as text for people."""

import sys
from collections.abc import Callable, Iterator
from typing import Any

from segdsl.cli import console
from segdsl.diagnostics.cells import visible
from segdsl.planning.actions import Duplicate
from segdsl.planning.push import InDoubt, Made, Outcome, PushReport, Refused


def outcome_line(outcome: Outcome) -> str:
    """What became of one segment."""
    return _LINES[type(outcome)](outcome)


def _made(made: Made) -> str:
    found = "; its answer was lost, and it was found in the list" * made.adopted
    return f"{_painted('created', 'green')} {visible(made.name)} (id {visible(made.id)}){found}"


def _refused(refused: Refused) -> str:
    return f"{_painted('not created', 'red')} {visible(refused.name)}: {visible(refused.reason)}"


def _in_doubt(doubt: InDoubt) -> str:
    return f"{_painted('may have been created', 'yellow')} {visible(doubt.name)}: {visible(doubt.reason)}"


_LINES: dict[type, Callable[[Any], str]] = {Made: _made, Refused: _refused, InDoubt: _in_doubt}


def twin_line(twin: Duplicate) -> str:
    """Somebody else has created the same segment."""
    own, *others = map(visible, twin.ids)
    words = f"{visible(twin.name)}: this push made id {own}, somebody else at the same time {', '.join(others)}"
    return f"{_painted('created twice', 'yellow')} {words}"


def closing_lines(report: PushReport) -> Iterator[str]:
    """What was left, and the numbers."""
    if report.not_tried:
        yield f"{_painted('not tried', 'yellow')} {', '.join(map(visible, report.not_tried))}"
    numbers = {
        "created": report.created,
        "may have been created": report.may_have_been_created,
        "refused": report.refused,
        "not tried": report.not_tried,
    }
    told = ", ".join(f"{len(some)} {word}" for word, some in numbers.items() if some)
    yield (told or "nothing to create") + _advice(report)


def _advice(report: PushReport) -> str:
    if report.is_complete:
        return ""
    if report.may_have_been_created:
        return "; what may have been created could still appear: wait a minute, then run it again"
    return "; run it again to create the rest"


def _painted(words: str, style: str) -> str:
    return console.paint(f"{words:<10}", style, sys.stdout)
