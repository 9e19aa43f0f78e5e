"""The expression at a position, also one that is being written: in a file that cannot be read, or in an open string."""

import re
from collections.abc import Mapping

from msgspec import Struct

from segdsl.config.document import Document, Format, FormatName, LocatedText, Surroundings
from segdsl.diagnostics import Edit
from segdsl.lsp.expressions import expression_at
from segdsl.lsp.features import Request
from segdsl.source import Source, Span

_OPEN: Mapping[FormatName, re.Pattern[str]] = {
    "toml": re.compile(r"""[ \t]*where[ \t]*=[ \t]*(?P<literal>["'])"""),
    "yaml": re.compile(r"""[ \t]*(?:-[ \t]+)?where[ \t]*:[ \t]+(?P<literal>["']?)"""),
    "json": re.compile(r'.*"where"\s*:\s*(?P<literal>")'),
}
"""A line up to the string of an expression. A line with a string of several lines does not count."""
_MARKS = ('"', "'", "|", ">")
"""How a string begins that is more than its value."""
_LINE = re.compile(r"[^\r\n]*\Z")


class Cursor(Struct, frozen=True):
    """An expression and the offset `at` in its value.

    One that `is_open` ends at the cursor. It stands in a document of its own, from which `shift` leads into the file.
    Between its end and the cursor may be `blanks`, which a scalar without quotes does not hold.
    """

    text: LocatedText
    at: int
    is_open: bool = False
    shift: int = 0
    blanks: str = ""

    @property
    def written(self) -> str:
        """The expression with the blanks after it."""
        return self.text.value + self.blanks

    @property
    def definition(self) -> str | None:
        """The name of the definition whose body this is, None for a condition of a segment."""
        return str(self.text.path[-1]) if self.text.path[0] == "define" else None

    @property
    def offset(self) -> int:
        """The offset of the cursor in `written`."""
        return self.at + len(self.blanks)

    def in_file(self, span: Span) -> Span:
        """Where the file spells the characters `span` of the expression."""
        found = self.text.in_file(span)
        return Span(found.start + self.shift, found.end + self.shift)

    def edits(self, edit: Edit) -> tuple[Edit, ...]:
        """An edit of what is `written` as edits of the file; none if the file cannot hold the result.

        In an open string, none if it would need other quotes: an editor replaces a word, and not all of the line.
        """
        end = len(self.text.value)
        if self.blanks and edit.span.start >= end:
            before = self.blanks[: edit.span.start - end]
            made = self.text.edits_in_file((Edit(Span(end, end), before + edit.text),))
            made = tuple(Edit(Span(one.span.start, one.span.end + len(self.blanks)), one.text) for one in made)
        else:
            made = self.text.edits_in_file((edit,))
        if self.is_open and any(one.span.start == self.text.span.start and one.text.startswith(_MARKS) for one in made):
            return ()
        return tuple(Edit(Span(one.span.start + self.shift, one.span.end + self.shift), one.text) for one in made)


def cursor_at(request: Request, offset: int) -> Cursor | None:
    """The expression at an offset of the document; None where there is none."""
    found = expression_at(request.config, offset) if request.config else None
    if found is not None:
        return Cursor(*found)
    return _open_at(request.document.text[:offset], request.documents.format(request.document))


def _open_at(before: str, form: Format) -> Cursor | None:
    """The expression of a key `where` whose value begins on the line that `before` ends with, up to the offset."""
    line = _LINE.search(before)
    begins = _OPEN[form.name].match(line[0]) if line else None
    if line is None or begins is None:
        return None
    quote, start = begins["literal"], line.start() + begins.start("literal")
    literal = before[start:] + quote
    blanks = "" if quote else literal[len(literal.rstrip(" \t")) :]
    literal = literal.removesuffix(blanks)
    if quote and literal[1:].startswith(quote * 2):
        return None
    surroundings = Surroundings(indent=0, flow=False, alone=True, newline="\n")
    source = Source(form.enclose(literal, surroundings))
    parsed = form.read(source)
    value = parsed.values.get("k") if isinstance(parsed.values, dict) else None
    if parsed.values != {"k": value} or not isinstance(value, str):
        return None
    text = LocatedText(value, ("k",), Document(source, form, parsed))
    return Cursor(text, len(value), True, start - text.span.start, blanks)
