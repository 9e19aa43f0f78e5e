"""Where messages lead: what people type, followed from fix to fix, and what the text in the end compiles to.

`habits.jsonl` holds what people type who are used to spreadsheets, databases, trackers and search boxes:

    name     of the line
    about    the habit
    typed    the text
    schema   the declared properties, where there are any
    meant    the right texts; null where refusing is right, because the API cannot say it or nobody can know
    told     patterns that the first run's messages must hold, in whatever case
    note     what else there is to know
"""

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from msgspec import Struct

import segdsl
from segdsl import Diagnostic, Edit

_MOST_SEGMENTS = 16
_RUNS = 3
_QUOTED = re.compile(r"`([^`]{2,})`")
_MINUTES = {"m": 1, "h": 60, "d": 1440, "w": 10080}


class Habit(Struct, frozen=True):
    """A line of `habits.jsonl`."""

    name: str
    about: str
    typed: str
    meant: tuple[str | None, ...]
    schema: segdsl.Schema | None
    told: tuple[str, ...]

    @property
    def kind(self) -> str:
        if None in self.meant:
            return "unsayable"
        return "right" if self.typed in self.meant else "sayable"

    def is_meant(self, text: str) -> bool:
        """Whether a text that compiles says one of the things that are meant."""
        return rules(text, self.schema) in {rules(one, self.schema) for one in self.meant if one is not None}


class Walk(Struct, frozen=True):
    """The texts on the way, from the typed one on; the first diagnostics; the end."""

    habit: Habit
    texts: tuple[str, ...]
    first: tuple[Diagnostic, ...]
    end: str
    """`right`; `refused`; `warned`, accepted, and the first run warned of it; `wrong`, has another meaning."""

    @property
    def untold(self) -> list[str]:
        """The patterns that the first run's messages do not hold. Quotations of the typed text do not count."""
        typed = self.habit.typed.lower()
        told = _QUOTED.sub(lambda piece: "" if piece[1].lower() in typed else piece[0], "\n".join(words(self.first)))
        return [pattern for pattern in self.habit.told if not re.search(pattern, told, re.IGNORECASE)]


def habits() -> list[Habit]:
    rows = map(json.loads, Path(__file__).with_name("habits.jsonl").read_text("utf-8").splitlines())
    return [
        Habit(
            row["name"],
            row["about"],
            row["typed"],
            tuple(row["meant"]),
            segdsl.Schema(**row["schema"]) if "schema" in row else None,
            tuple(row.get("told", ())),
        )
        for row in rows
    ]


def walk(habit: Habit) -> Walk:
    """Follow the first fix of every error, all at once, and again; at most three runs."""
    texts = [habit.typed]
    first: tuple[Diagnostic, ...] | None = None
    while True:
        found = checked(texts[-1], habit.schema)
        first = found if first is None else first
        errors = [one for one in found if one.severity == "error"]
        if not errors:
            return Walk(habit, tuple(texts), first, _end(habit, texts[-1], first, found))
        mended = with_first_fixes(texts[-1], errors)
        if mended == texts[-1] or len(texts) == _RUNS:
            return Walk(habit, tuple(texts), first, "refused")
        texts.append(mended)


def _end(habit: Habit, text: str, first: Iterable[Diagnostic], last: Iterable[Diagnostic]) -> str:
    if habit.is_meant(text):
        return "right"
    warned = {one.code for one in first if one.severity == "warning"} & {one.code for one in last}
    return "warned" if warned and None in habit.meant else "wrong"


def checked(text: str, schema: segdsl.Schema | None) -> tuple[Diagnostic, ...]:
    return segdsl.check(text, schema, max_segments=_MOST_SEGMENTS)


def with_first_fixes(text: str, errors: Iterable[Diagnostic]) -> str:
    """The text with the first fix of each error, except for fixes that overlap with an earlier one."""
    edits: list[Edit] = []
    for error in errors:
        own = error.fixes[0].edits if error.fixes else ()
        assert all(0 <= edit.span.start <= edit.span.end <= len(text) for edit in own), (text, own)
        new = [edit for edit in own if edit not in edits]
        if not any(_overlap(one, other) for one in new for other in edits):
            edits += new
    for edit in sorted(edits, key=lambda edit: edit.span, reverse=True):
        text = text[: edit.span.start] + edit.text + text[edit.span.end :]
    return text


def _overlap(one: Edit, other: Edit) -> bool:
    a, b = one.span, other.span
    return a == b or (a.start < b.end and b.start < a.end)


def words(problems: Iterable[Diagnostic]) -> list[str]:
    """All that a person reads."""
    return [
        line
        for one in problems
        for line in (one.message, *one.help, *(note.message for note in one.notes), *(fix.title for fix in one.fixes))
    ]


def rules(text: str, schema: segdsl.Schema | None) -> str:
    """The filters of a text, independent of order and of the units of durations."""
    segments = segdsl.compile_all(text, schema, max_segments=_MOST_SEGMENTS)
    return json.dumps(sorted(json.dumps(_normal(segment.to_dict()), sort_keys=True) for segment in segments))


def parts(text: str, schema: segdsl.Schema | None) -> set[str]:
    """The rules of a text's segments, one by one."""
    segments = segdsl.compile_all(text, schema, max_segments=_MOST_SEGMENTS)
    return {json.dumps(rule, sort_keys=True) for one in segments for rule in _normal(one.to_dict())["rules"]}


def _normal(filters: dict[str, Any]) -> dict[str, Any]:
    found = [dict(rule) for rule in filters["rules"]]
    for rule in found:
        if rule["type"] == "last_seen":
            rule["value"] = int(rule["value"][:-1]) * _MINUTES[rule["value"][-1]]
    return {**filters, "rules": sorted(found, key=lambda rule: json.dumps(rule, sort_keys=True))}
