"""A plan for people: as text, one line for each segment and its details under it, and as Markdown."""

import re
from collections.abc import Collection, Iterator, Mapping
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
    "unreadable": ("!", "red"),
    "unmanaged": ("?", "dim"),
    "duplicate": ("!", "yellow"),
}
_WORDS = {"create": "to create", "unreadable": "not compared", "duplicates": "there twice", "differs": "differing"}


Sentences = Mapping[str, str]
"""The numbers of users in words, by the names of the segments."""


def plan_lines(plan: Plan, stream: TextIO, counts: Sentences | None = None, *, everything: bool) -> Iterator[str]:
    """The lines of a plan for people who look at `stream`, the last with the numbers.

    Segments that need no attention are listed only if `everything` is true.
    """
    lines = _Lines(stream, counts or {})
    for create in plan.create:
        yield lines.headed("create", create.name)
        yield lines.indented("dim", create.where)
        if create.excludes:
            names = " or ".join(f"`{name}`" for name in create.excludes)
            yield lines.indented("dim", f"excludes users without {names}")
        yield from lines.counted(create.part or create.name)
    for same in plan.unchanged:
        if everything or same.note:
            there = f" (there: {same.remote_name})" if same.remote_name else ""
            note = f" (id {same.id}); {same.note}" if same.note else ""
            yield lines.headed("unchanged", same.name, there + note)
            yield from lines.counted(same.name)
    for differs in plan.differs:
        yield lines.headed("differs", differs.name, f" ({_ids(*differs.ids)}); the API cannot update a segment")
        for difference in differs.differences:
            prefix = "" if difference.key == "where" else f"{difference.key}: "
            for sign, line in difference.lines:
                yield lines.indented(_CHANGES[sign], f"{sign} {prefix}{line}")
        yield from lines.counted(differs.part or differs.name)
    for unreadable in plan.unreadable:
        yield lines.headed("unreadable", unreadable.name, f" ({_ids(*unreadable.ids)}); not compared, so not created")
        yield lines.indented("dim", unreadable.reason)
    for duplicate in plan.duplicates:
        yield lines.headed("duplicate", duplicate.name, f" ({_ids(*duplicate.ids)}); they are equal, one is enough")
    if everything:
        for stranger in plan.unmanaged:
            note = f"; {stranger.note}" if stranger.note else ""
            yield lines.headed("unmanaged", stranger.name, f" ({_ids(stranger.id)}){note}")
    yield plan_summary(plan)


MAX_MARKDOWN = 60_000
"""Characters of a plan as Markdown; a comment on GitHub has at most 65,536."""

_MAX_BLOCK = 4_000
"""Characters of one expression or diff in the Markdown."""


def plan_markdown(plan: Plan, counts: Sentences) -> str:
    """The plan as Markdown, for a comment on a pull request. A long one ends with the number of entries left out."""
    parts, size, left_out = [f"### Segments: {plan_summary(plan)}"], 0, 0
    for block in _markdown_blocks(plan, counts):
        size += len(block) + 2
        if size > MAX_MARKDOWN:
            left_out += 1
        else:
            parts.append(block)
    if left_out:
        parts.append(f"{left_out} more entries are not shown here; `segdsl plan` shows all.")
    return "\n\n".join(parts)


def _markdown_blocks(plan: Plan, counts: Sentences) -> Iterator[str]:
    def named(name: str, part: str = "") -> str:
        count = counts.get(part or name)
        return f"{_code(name)}: {count}" if count else _code(name)

    for create in plan.create:
        yield f"**create** {named(create.name, create.part)}\n\n{_fenced(visible(create.where))}"
    for differs in plan.differs:
        lines = [
            f"{sign} {'' if difference.key == 'where' else f'{difference.key}: '}{visible(line)}"
            for difference in differs.differences
            for sign, line in difference.lines
        ]
        head = f"**differs** {named(differs.name, differs.part)} ({_code_ids(differs.ids)})"
        yield f"{head}; the API cannot update a segment\n\n{_fenced(chr(10).join(lines), 'diff')}"
    for unreadable in plan.unreadable:
        head = f"**unreadable** {_code(unreadable.name)} ({_code_ids(unreadable.ids)}); not compared, so not created"
        yield f"{head}\n\n{_fenced(visible(unreadable.reason))}"
    for duplicate in plan.duplicates:
        yield f"**duplicate** {_code(duplicate.name)} ({_code_ids(duplicate.ids)}); they are equal, one is enough"
    for title, actions in (("unchanged", plan.unchanged), ("unmanaged", plan.unmanaged)):
        if actions:
            yield "\n".join([f"**{title}**\n", *(_item(named(action.name), action.note) for action in actions)])


def _item(name: str, note: object) -> str:
    return f"- {name}" + (f": {_code(note)}" if isinstance(note, str) else "")


def _code_ids(ids: Collection[str]) -> str:
    return f"id{'s' * (len(ids) > 1)} {', '.join(map(_code, ids))}"


def _code(text: str) -> str:
    """A code span, which shows any text as it is."""
    shown = visible(text)
    ticks = "`" * (1 + max(map(len, re.findall("`+", shown)), default=0))
    padding = " " * (shown[:1] in "` " or shown[-1:] in "` ")
    return f"{ticks}{padding}{shown}{padding}{ticks}"


def _fenced(text: str, language: str = "") -> str:
    """A block of code, cut where it gets too long."""
    shown = text if len(text) <= _MAX_BLOCK else f"{text[:_MAX_BLOCK]}…"
    fence = "`" * max(3, 1 + max(map(len, re.findall("`+", shown)), default=0))
    return f"{fence}{language}\n{shown}\n{fence}"


def plan_summary(plan: Plan) -> str:
    """The numbers of a plan: `2 to create, 1 unchanged`."""
    parts = [f"{number} {_WORDS.get(key, key)}" for key, number in plan.counts.items() if number]
    return ", ".join(parts) or "nothing in the config, nothing in the account"


class _Lines:
    """Lines in the colours of one stream; names and expressions are escaped, because a server may send anything."""

    def __init__(self, stream: TextIO, counts: Sentences) -> None:
        self._stream, self._counts = stream, counts

    def counted(self, name: str) -> Iterator[str]:
        """A line with the count of the segment, if there is one."""
        if name in self._counts:
            yield self.indented("cyan", self._counts[name])

    def headed(self, action: str, name: str, rest: str = "") -> str:
        sign, style = _SIGNS[action]
        return f"{console.paint(f'{sign} {action:<10}', style, self._stream)} {visible(name)}{visible(rest)}"

    def indented(self, style: str, text: str) -> str:
        return _INDENT + console.paint(visible(text), style, self._stream)


def _ids(*ids: str) -> str:
    return f"id{'s' * (len(ids) > 1)} {', '.join(ids)}"
