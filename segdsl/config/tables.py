"""Reading tables of a config: what a table may hold, as data, and a report of everything that is wrong, in place."""

import datetime
import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from segdsl.config.document import Document, Path
from segdsl.diagnostics import Diagnostic, Edit, Fix, Note
from segdsl.diagnostics.cells import named
from segdsl.semantics.names import distance, nearest
from segdsl.source import Span
from segdsl.syntax.literals import MISLEADING
from segdsl.syntax.names import folded
from segdsl.wire.segment import utf16_length

# ── the shape of a table ───────────────────────────────────────────────────────────────────────────────────────────


class Key(Struct, frozen=True):
    """The values of one key: a value of exactly one of `types`.

    `wanted` is what a message calls a good value, `help` what it adds for a value of another type. `limit` of a string
    counts UTF-16 code units.
    """

    types: tuple[type, ...]
    wanted: str
    help: tuple[str, ...] = ()
    required: bool = False
    limit: int | None = None
    blank: bool = True


class Shape(Struct, frozen=True):
    """A table: what messages call it, and its keys."""

    owner: str
    keys: Mapping[str, Key]


def read_table(table: Mapping[str, Any], path: Path, shape: Shape, report: "Report") -> dict[str, Any]:
    """The usable entries of `table`; everything wrong with the others goes into the report."""
    usable = {}
    for name, value in table.items():
        key = shape.keys.get(name)
        if key is None:
            report.unknown_key((*path, name), table, shape.keys, shape.owner)
        elif type(value) not in key.types:
            report.wrong_type((*path, name), key.wanted, value, *key.help)
        elif type(value) is not str or _is_good_text(value, key, (*path, name), report):
            usable[name] = value
    for name, key in shape.keys.items():
        if key.required and name not in table:
            report.add("missing-key", path, f"{shape.owner} needs the key `{name}`")
    return usable


def read_items(items: list[Any], path: Path, report: "Report") -> list[tuple[Path, dict[str, Any]]]:
    """The tables of a list with their paths; other items go into the report."""
    tables = []
    for index, item in enumerate(items):
        if type(item) is dict:
            tables.append(((*path, index), item))
        else:
            report.wrong_type((*path, index), report.document.format.table, item)
    return tables


def _is_good_text(text: str, key: Key, path: Path, report: "Report") -> bool:
    problem = _text_problem(text, key)
    if problem:
        report.add("wrong-value", path, f"`{path[-1]}` {problem}")
    return problem is None


def _text_problem(text: str, key: Key) -> str | None:
    if not key.blank and not text.strip():
        return "must not be blank"
    if not text.isascii() and any("\ud800" <= character <= "\udfff" for character in text):
        return "must not hold half a surrogate pair"
    if key.limit is not None and utf16_length(text) > key.limit:
        return f"must be at most {key.limit} UTF-16 code units long, and this has {utf16_length(text)}"
    return None


# ── the report ─────────────────────────────────────────────────────────────────────────────────────────────────────

_TYPES: Mapping[type, str] = {
    str: "a string",
    bool: "a boolean",
    int: "a whole number",
    float: "a number",
    list: "a list",
    datetime.datetime: "a date-time",
    datetime.date: "a date",
    datetime.time: "a time of day",
    type(None): "null",
}

_PLAIN_VALUE = re.compile(r"(?i:true|false)|[-+]?(?:0|[1-9][0-9]*)?(?:\.[0-9]*)?(?:[eE][-+]?[0-9]+)?")
"""The spellings of booleans and numbers that mean the same to YAML and to people."""

_MOST_QUOTED = 40
"""Characters of a value that a message quotes."""


class Report:
    """The diagnostics of one document. `context` names the part of the file that they are about."""

    def __init__(self, document: Document, context: str = "", found: list[Diagnostic] | None = None) -> None:
        self.document = document
        self.context = context
        self.found: list[Diagnostic] = [] if found is None else found

    def within(self, context: str) -> "Report":
        """The same report, for another part of the file."""
        return Report(self.document, context, self.found)

    def in_order(self) -> tuple[Diagnostic, ...]:
        """All diagnostics, in the order of the file."""
        return tuple(sorted(self.found, key=lambda problem: problem.span))

    def add(
        self, code: str, path: Path, message: str, *ways_out: Fix | str, key: bool = False, first: Path = ()
    ) -> None:
        """A diagnostic at the value of `path`, or at its `key`; `first` is where the same thing stands before."""
        source = self.document.source
        location = self.document.location(path)
        span = self._first_line(location.key if key else location.value)
        notes = (Note("it stands here first", self._first_line(self.document.location(first).value), source),)
        problem = Diagnostic.of(code, message, span, source, *ways_out, notes=notes if first else ())
        self.found.append(replace(problem, context=self.context))

    def wrong_type(self, path: Path, wanted: str, value: Any, *help_: str) -> None:
        """A value of another type than its key wants."""
        message = f"{_called(path)} must be {wanted}, and this is {self.describe(value)}"
        self.add("wrong-value", path, message, *self._quoting(path, wanted, value), *help_)

    def wrong_value(self, path: Path, wanted: str) -> None:
        """A value that its key does not take, quoted as the file spells it."""
        span = self._first_line(self.document.location(path).value)
        spelled = self.document.source.text[span.start : span.end]
        shown = spelled if len(spelled) <= _MOST_QUOTED else f"{spelled[: _MOST_QUOTED - 1]}…"
        self.add("wrong-value", path, f"{_called(path)} must be {wanted}, and this is `{shown}`")

    def misleading(self, path: Path, text: str) -> None:
        """A warning if the text at `path` holds characters that change the direction of text."""
        found = dict.fromkeys(re.findall(MISLEADING, text))
        if found:
            names = ", ".join(map(named, found))
            message = f"{_called(path)} holds invisible characters that change the direction of text: {names}"
            self.add("misleading-character", path, message)

    def ambiguous(self, path: Path, value: Any) -> None:
        """A warning if YAML reads a value as a boolean or number that few people would take it for."""
        if self.document.format.name != "yaml" or not isinstance(value, bool | int | float):
            return
        spelled = self.document.literal(path)
        if not _PLAIN_VALUE.fullmatch(spelled) and spelled[:1] not in ("'", '"', "!", "&"):
            read = json.dumps(value)
            message = f"`{spelled}` is {read} in YAML"
            self.add("ambiguous-value", path, message, f"write `{read}`, or `'{spelled}'` for a string")

    def unknown_key(self, path: Path, table: Mapping[str, Any], known: Iterable[str], owner: str) -> None:
        """A key of `table` that `owner` ("a segment") does not have."""
        known, name = tuple(known), str(path[-1])
        near = nearest(name, known)
        way_out: Fix | str = f"the keys of {owner} are {listing(known)}"
        if near is not None:
            way_out = f"did you mean `{near}`?"
            # the headers of a TOML table, and of the items of a list, may stand in many places
            if near not in table and not (self.document.format.name == "toml" and isinstance(table[name], dict | list)):
                way_out = self._replacing(path, near, key=True, safe=is_slip(name, near))
        self.add("unknown-key", path, f"{owner} has no key `{name}`", way_out, key=True)

    def near_text(self, path: Path, text: str, near: str) -> Fix:
        """The fix for the string `text` at `path` that is probably a typo of `near`."""
        return self._replacing(path, near, key=False, safe=is_slip(text, near))

    def _replacing(self, path: Path, word: str, *, key: bool, safe: bool) -> Fix:
        """The fix that writes a plain word in place of a key or a string, in the same quotes."""
        location = self.document.location(path)
        span = location.key if key else location.value
        quote = self.document.source.text[span.start : span.start + 1]
        quote = quote if quote in ("'", '"') else ""
        return Fix(f"write `{word}`", (Edit(span, f"{quote}{word}{quote}"),), safe)

    def describe(self, value: Any) -> str:
        """The type of a value in the words of the file's format."""
        return self.document.format.table if isinstance(value, dict) else _TYPES[type(value)]

    def _quoting(self, path: Path, wanted: str, value: Any) -> tuple[Fix, ...]:
        """The fix for YAML, which reads much that is meant as a string as something else."""
        if self.document.format.name != "yaml" or "string" not in wanted or isinstance(value, dict | list):
            return ()
        spelled = self.document.literal(path)
        if not spelled or spelled[0] in "!&":
            return ()
        title = f"write `'{spelled}'`: YAML reads `{spelled}` as {self.describe(value)}"
        return (Fix(title, (Edit(self.document.location(path).value, f"'{spelled}'"),), safe=True),)

    def _first_line(self, span: Span) -> Span:
        """The part of a span on its first line."""
        end = self.document.source.text.find("\n", span.start, span.end)
        return span if end < 0 else Span(span.start, max(end, span.start))


def is_slip(name: str, near: str) -> bool:
    """Whether a name is at most one edit away from another, so that nothing else is meant."""
    return distance(folded(name), folded(near), 1) <= 1


def listing(names: Iterable[str], conjunction: str = "and") -> str:
    """`a`, `b` and `c`."""
    *others, last = (f"`{name}`" for name in names)
    return f"{', '.join(others)} {conjunction} {last}" if others else last


def _called(path: Path) -> str:
    """How a message names the value at `path`."""
    if isinstance(path[-1], str):
        return f"`{path[-1]}`"
    return f"each item of `{next(part for part in reversed(path) if isinstance(part, str))}`"
