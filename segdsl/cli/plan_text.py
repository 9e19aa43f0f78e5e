"""A plan as text for people: one line for each segment, and under it what there is to read."""

from collections.abc import Iterator
from typing import TextIO

from segdsl.cli import console
from segdsl.diagnostics.cells import visible
from segdsl.planning.actions import Plan
from segdsl.planning.differences import changed_lines

_INDENT = " " * 13
_CHANGES = {"-": "red", "+": "green", " ": "dim"}
_SIGNS = {
    "create": ("+", "green"),
    "unchanged": ("=", "dim"),
    "differs": ("~", "yellow"),
    "unmanaged": ("?", "dim"),
    "duplicate": ("!", "yellow"),
}


def plan_lines(plan: Plan, stream: TextIO, *, everything: bool) -> Iterator[str]:
    """The lines of a plan for those who look at `stream`, the last with the numbers.

    What needs no attention is listed only when `everything` is wanted.
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
            for sign, line in changed_lines(difference):
                yield lines.indented(_CHANGES[sign], f"{sign} {prefix}{line}")
    for duplicate in plan.duplicates:
        yield lines.headed("duplicate", duplicate.name, f" ({_ids(*duplicate.ids)}); they say the same, one would do")
    if everything:
        for stranger in plan.unmanaged:
            note = f"; {stranger.note}" if stranger.note else ""
            yield lines.headed("unmanaged", stranger.name, f" ({_ids(stranger.id)}){note}")
    yield _summary(plan)


class _Lines:
    """Lines in the colours of one stream; names and expressions made visible, for a server may send anything."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def headed(self, action: str, name: str, rest: str = "") -> str:
        sign, style = _SIGNS[action]
        return f"{console.paint(f'{sign} {action:<10}', style, self._stream)} {visible(name)}{visible(rest)}"

    def indented(self, style: str, text: str) -> str:
        return _INDENT + console.paint(visible(text), style, self._stream)


def _ids(*ids: str) -> str:
    return f"id{'s' * (len(ids) > 1)} {', '.join(ids)}"


def _summary(plan: Plan) -> str:
    words = {"create": "to create", "duplicates": "there twice", "differs": "differing"}
    told = [f"{number} {words.get(key, key)}" for key, number in plan.counts.items() if number]
    return ", ".join(told) or "nothing in the config, nothing in the account"
