"""A plan as text for people: one line for each segment, and its details under it."""

from collections.abc import Iterator
from typing import TextIO

from segdsl.cli import console
from segdsl.diagnostics.cells import visible
from segdsl.planning.plan import Plan

_INDENT = " " * 13
_CHANGES = {"-": "red", "+": "green", " ": "dim"}
_SIGNS = {
    "create": ("+", "green"),
    "unchanged": ("=", "dim"),
    "differs": ("~", "yellow"),
    "unmanaged": ("?", "dim"),
    "duplicate": ("!", "yellow"),
}
_WORDS = {"create": "to create", "duplicates": "there twice", "differs": "differing"}


def plan_lines(plan: Plan, stream: TextIO, *, everything: bool) -> Iterator[str]:
    """The lines of a plan for people who look at `stream`, the last with the numbers.

    Segments that need no attention are listed only if `everything` is true.
    """
    lines = _Lines(stream)
    for create in plan.create:
        yield lines.headed("create", create.name)
        yield lines.indented("dim", create.where)
    if everything:
        for same in plan.unchanged:
            yield lines.headed("unchanged", same.name, f" (there: {same.remote_name})" if same.remote_name else "")
    for differs in plan.differs:
        yield lines.headed("differs", differs.name, f" ({_ids(*differs.ids)}); the API cannot update a segment")
        for difference in differs.differences:
            prefix = "" if difference.key == "where" else f"{difference.key}: "
            for sign, line in difference.lines:
                yield lines.indented(_CHANGES[sign], f"{sign} {prefix}{line}")
    for duplicate in plan.duplicates:
        yield lines.headed("duplicate", duplicate.name, f" ({_ids(*duplicate.ids)}); they are equal, one is enough")
    if everything:
        for stranger in plan.unmanaged:
            note = f"; {stranger.note}" if stranger.note else ""
            yield lines.headed("unmanaged", stranger.name, f" ({_ids(stranger.id)}){note}")
    yield plan_summary(plan)


def plan_summary(plan: Plan) -> str:
    """The numbers of a plan: `2 to create, 1 unchanged`."""
    parts = [f"{number} {_WORDS.get(key, key)}" for key, number in plan.counts.items() if number]
    return ", ".join(parts) or "nothing in the config, nothing in the account"


class _Lines:
    """Lines in the colours of one stream; names and expressions are made visible, as a server may send anything."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def headed(self, action: str, name: str, rest: str = "") -> str:
        sign, style = _SIGNS[action]
        return f"{console.paint(f'{sign} {action:<10}', style, self._stream)} {visible(name)}{visible(rest)}"

    def indented(self, style: str, text: str) -> str:
        return _INDENT + console.paint(visible(text), style, self._stream)


def _ids(*ids: str) -> str:
    return f"id{'s' * (len(ids) > 1)} {', '.join(ids)}"
