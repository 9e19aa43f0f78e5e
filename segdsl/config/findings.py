"""Collecting what is wrong with the data of a config file, each thing at its place."""

import datetime
from collections.abc import Iterable, Mapping
from typing import Any

from segdsl.config.document import Document, Path
from segdsl.diagnostics import Diagnostic, Note
from segdsl.semantics.names import nearest
from segdsl.source import Span

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

_MOST_QUOTED = 40
"""Characters of a value that a message quotes."""


class Findings:
    """The diagnostics of one document. `context` names the part of the file they are about."""

    def __init__(self, document: Document, context: str = "", found: list[Diagnostic] | None = None) -> None:
        self.document = document
        self.context = context
        self.found: list[Diagnostic] = [] if found is None else found

    def within(self, context: str) -> "Findings":
        """The same collection, for findings about another part of the file."""
        return Findings(self.document, context, self.found)

    def in_order(self) -> tuple[Diagnostic, ...]:
        """Everything found, in the order of the file."""
        return tuple(sorted(self.found, key=lambda problem: problem.span))

    def add(self, code: str, path: Path, message: str, *help_: str, key: bool = False, first: Path = ()) -> None:
        """A finding at the value of `path`, or at its `key`; `first` is where the same thing stood before."""
        source = self.document.source
        place = self.document.place(path)
        span = self._on_one_line(place.key if key else place.value)
        notes = (self.document.place(first).value,) if first else ()
        already = tuple(Note("it stands here first", self._on_one_line(note), source) for note in notes)
        self.found.append(Diagnostic(code, message, span, source, help_, already, self.context))

    def wrong_type(self, path: Path, wanted: str, value: Any, *help_: str) -> None:
        """A value that is not of the type its key wants."""
        message = f"{_called(path)} must be {wanted}, and this is {self.describe(value)}"
        self.add("wrong-value", path, message, *self._quoting(path, wanted, value), *help_)

    def wrong_value(self, path: Path, wanted: str) -> None:
        """A value that its key does not take, quoted as the file spells it."""
        span = self._on_one_line(self.document.place(path).value)
        spelled = self.document.source.text[span.start : span.end]
        shown = spelled if len(spelled) <= _MOST_QUOTED else f"{spelled[: _MOST_QUOTED - 1]}…"
        self.add("wrong-value", path, f"{_called(path)} must be {wanted}, and this is `{shown}`")

    def unknown_key(self, path: Path, known: Iterable[str], owner: str) -> None:
        """A key that `owner` ("a segment") does not have."""
        known = tuple(known)
        near = nearest(str(path[-1]), known)
        help_ = f"did you mean `{near}`?" if near else f"the keys of {owner} are {listing(known)}"
        self.add("unknown-key", path, f"{owner} has no key `{path[-1]}`", help_, key=True)

    def describe(self, value: Any) -> str:
        """What kind of value this is, in the words of the file's format."""
        return self.document.format.table if isinstance(value, dict) else _TYPES[type(value)]

    def _quoting(self, path: Path, wanted: str, value: Any) -> tuple[str, ...]:
        """YAML takes much that is meant as a string for something else."""
        if self.document.format.name != "yaml" or "string" not in wanted or isinstance(value, dict | list):
            return ()
        span = self.document.place(path).value
        spelled = self.document.source.text[span.start : span.end]
        if not spelled:
            return ()
        return (f"YAML reads `{spelled}` as {self.describe(value)}; in quotes it is a string: `'{spelled}'`",)

    def _on_one_line(self, span: Span) -> Span:
        """Of a place that goes over several lines only what stands on the first."""
        end = self.document.source.text.find("\n", span.start, span.end)
        return span if end < 0 else Span(span.start, max(end, span.start))


def listing(names: Iterable[str], joint: str = "and") -> str:
    """`a`, `b` and `c`."""
    *others, last = (f"`{name}`" for name in names)
    return f"{', '.join(others)} {joint} {last}" if others else last


def _called(path: Path) -> str:
    """How a message names the value at `path`."""
    if isinstance(path[-1], str):
        return f"`{path[-1]}`"
    return f"each item of `{next(part for part in reversed(path) if isinstance(part, str))}`"
