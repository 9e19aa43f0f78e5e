"""One thing that is wrong, or odd: a code, a place, a sentence, and what to do about it."""

from typing import Any, Literal

import msgspec

from segdsl.diagnostics.codes import CODES
from segdsl.source import Source, Span


class Note(msgspec.Struct, frozen=True):
    """Another place that a diagnostic speaks of, such as where a definition is used."""

    message: str
    span: Span
    source: Source


class Diagnostic(msgspec.Struct, frozen=True):
    """A finding with its place.

    `span` holds character offsets into `source`, the text it points into; `help` holds the ways out, one sentence
    each; `context` names what the text belongs to (`segment "Big teams"`), for a reader of a file that holds many.
    """

    code: str
    message: str
    span: Span
    source: Source
    help: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()
    context: str = ""

    @property
    def severity(self) -> Literal["error", "warning"]:
        """How bad it is; fixed for each code."""
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

    def to_dict(self) -> dict[str, Any]:
        """The diagnostic as plain data, the shape of `--format json`."""
        end_line, end_column = self.source.position(self.span.end)
        return {
            "code": self.code,
            "severity": self.severity,
            "message": self.message,
            "source": self.source_name,
            "context": self.context or None,
            "start": self.span.start,
            "end": self.span.end,
            "line": self.line,
            "column": self.column,
            "endLine": end_line,
            "endColumn": end_column,
            "help": list(self.help),
            "notes": [
                {"message": note.message, "source": note.source.name, "start": note.span.start, "end": note.span.end}
                for note in self.notes
            ],
        }
