"""One error or warning: a code, a place, a message, and ways to fix it."""

from collections.abc import Iterable
from itertools import pairwise
from typing import Any, Literal, Self

import msgspec

from segdsl.diagnostics.codes import CODES
from segdsl.source import Source, Span, to_utf16


class Note(msgspec.Struct, frozen=True):
    """Another place that belongs to a diagnostic, such as a use of a definition."""

    message: str
    span: Span
    source: Source


class Edit(msgspec.Struct, frozen=True):
    """Replaces a piece of the diagnostic's source, which may be empty, by `text`."""

    span: Span
    text: str


class Fix(msgspec.Struct, frozen=True):
    """Edits that together fix what a diagnostic reports; they do not overlap.

    `title` says in one sentence what they do. A fix is `safe` if the author certainly meant its result.
    """

    title: str
    edits: tuple[Edit, ...]
    safe: bool = False

    def applied_to(self, text: str) -> str:
        """The text with the edits made."""
        return with_edits(text, self.edits)


def with_edits(text: str, edits: Iterable[Edit]) -> str:
    """The text with the edits made; they must not overlap."""
    pieces, copied = [], 0
    for edit in sorted(edits, key=lambda edit: edit.span):
        pieces += [text[copied : edit.span.start], edit.text]
        copied = edit.span.end
    return "".join([*pieces, text[copied:]])


def overlap(one: Edit, other: Edit) -> bool:
    """Whether two edits overlap or touch."""
    return one.span.start <= other.span.end and other.span.start <= one.span.end


class Diagnostic(msgspec.Struct, frozen=True):
    """A finding with its place.

    `span` holds character offsets into `source`, the text it points into; `help` holds the possible fixes, one sentence
    each; `fixes` holds those with edits of the text, the preferred one first (`help` holds their titles, too).
    `context` names the owner of the text (`segment "Big teams"`), for a reader of a file that holds many.
    """

    code: str
    message: str
    span: Span
    source: Source
    help: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()
    context: str = ""
    fixes: tuple[Fix, ...] = ()

    @classmethod
    def of(
        cls, code: str, message: str, span: Span, source: Source, *ways_out: Fix | str, notes: tuple[Note, ...] = ()
    ) -> Self:
        """A diagnostic with help made of fixes, and of sentences where no edit helps."""
        help_ = tuple([way if isinstance(way, str) else way.title for way in ways_out])
        fixes = tuple([way for way in ways_out if isinstance(way, Fix)])
        return cls(code, message, span, source, help_, notes, fixes=fixes)

    @property
    def severity(self) -> Literal["error", "warning"]:
        """The severity, which the code determines."""
        return CODES[self.code].severity

    @property
    def source_name(self) -> str:
        """The name of the text that the span points into: a file, a definition, the expression."""
        return self.source.name

    @property
    def line(self) -> int:
        """1-based line of the start of the span."""
        return self.source.position(self.span.start)[0]

    @property
    def column(self) -> int:
        """1-based column, in characters, of the start of the span."""
        return self.source.position(self.span.start)[1]

    def __str__(self) -> str:
        from segdsl.diagnostics.render import render  # noqa: PLC0415  rendering is needed only when something is wrong

        return render(self)

    def to_dict(self, utf16: bool = False) -> dict[str, Any]:
        """The diagnostic as plain data, the shape of `--format json`.

        Offsets and columns count characters; with `utf16` UTF-16 code units, as JavaScript and editors do.
        """

        def at(source: Source, offset: int) -> int:
            return to_utf16(source.text, offset) if utf16 else offset

        def place(source: Source, span: Span) -> dict[str, int]:
            return {"start": at(source, span.start), "end": at(source, span.end)}

        def column(offset: int) -> int:
            line, characters = self.source.position(offset)
            start = self.source.line_start(line)
            return at(self.source, start + characters - 1) - at(self.source, start) + 1

        return {
            "code": self.code,
            "severity": self.severity,
            "message": self.message,
            "source": self.source_name,
            "context": self.context or None,
            **place(self.source, self.span),
            "line": self.line,
            "column": column(self.span.start),
            "endLine": self.source.position(self.span.end)[0],
            "endColumn": column(self.span.end),
            "help": list(self.help),
            "notes": [
                {"message": note.message, "source": note.source.name, **place(note.source, note.span)}
                for note in self.notes
            ],
            "fixes": [
                {
                    "title": fix.title,
                    "safe": fix.safe,
                    "edits": [{**place(self.source, edit.span), "text": edit.text} for edit in fix.edits],
                }
                for fix in self.fixes
            ],
        }


def corrected(text: str, problems: Iterable[Diagnostic]) -> str | None:
    """The text with the preferred fix of every error; None where an error has none, or where fixes overlap."""
    edits: dict[Edit, None] = {}
    for problem in problems:
        if problem.severity == "error":
            if not problem.fixes or problem.source.text != text:
                return None
            edits |= dict.fromkeys(problem.fixes[0].edits)
    ordered = sorted(edits, key=lambda edit: edit.span)
    if any(overlap(one, other) and not _are_side_by_side(one, other) for one, other in pairwise(ordered)):
        return None
    return with_edits(text, ordered) if ordered else None


def _are_side_by_side(one: Edit, other: Edit) -> bool:
    """Whether two replacements only touch; where an insertion touches another edit, their order would matter."""
    return one.span.start < one.span.end == other.span.start < other.span.end
