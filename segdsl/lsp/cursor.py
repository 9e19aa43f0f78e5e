"""The expression at a position, also one that is being written: in a file that cannot be read, or in an open string."""

from bisect import bisect_left

from msgspec import Struct

from segdsl.config.document import Format, LocatedText
from segdsl.diagnostics import Edit
from segdsl.lsp.expressions import expression_at
from segdsl.lsp.features import Request
from segdsl.lsp.literals import Literal, alone, literals
from segdsl.source import Span

_QUOTES = ("'", '"')
_BLOCKS = ("|", ">")


class Cursor(Struct, frozen=True):
    """An expression and the offset `at` in its value. It is the body of a `definition`, or a segment's if that is None.

    One that `is_open` ends at the cursor. `shift` leads from the document of the text into the file, if they are two.
    Between its end and the cursor may be `blanks`, which a scalar without quotes does not hold.
    """

    text: LocatedText
    at: int
    definition: str | None
    is_open: bool = False
    shift: int = 0
    blanks: str = ""

    @property
    def written(self) -> str:
        """The expression with the blanks after it."""
        return self.text.value + self.blanks

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
        if self.is_open and any(self._requotes(one) for one in made):
            return ()
        return tuple(Edit(Span(one.span.start + self.shift, one.span.end + self.shift), one.text) for one in made)

    def _requotes(self, edit: Edit) -> bool:
        return edit.span.start == self.text.span.start and edit.text.startswith((*_QUOTES, *_BLOCKS))


def cursor_at(request: Request, offset: int) -> Cursor | None:
    """The expression at an offset of the document; None where there is none."""
    found = expression_at(request.config, offset) if request.config else None
    if found is not None:
        text, at = found
        return Cursor(text, at, str(text.path[-1]) if text.path[0] == "define" else None)
    document, form = request.document, request.documents.format(request.document)
    for literal in literals(document.text, form.name):
        if literal.span.start <= offset <= _end(document.text, literal):
            return _in_literal(document.text, literal, offset, form)
    return None


def _end(text: str, literal: Literal) -> int:
    """The last offset in a string or behind it on its line."""
    if literal.closed and text[literal.span.start] in _QUOTES:
        return literal.span.end
    rest = text[literal.span.end :]
    return literal.span.end + len(rest) - len(rest.lstrip(" \t"))


def _in_literal(text: str, literal: Literal, offset: int, form: Format) -> Cursor | None:
    """The expression in a string that is read by itself."""
    start, end = literal.span.start, max(literal.span.end, offset)
    mark = text[start : min(start + 1, offset)]
    is_open = not literal.closed or mark not in (*_QUOTES, *_BLOCKS)
    written, blanks = text[start : offset if is_open else end], ""
    if is_open and mark in _QUOTES:
        written += _quotes(written)
    elif is_open:
        blanks = written[len(written.rstrip(" \t")) :]
        written = written.removesuffix(blanks)
    read = alone(written, start, literal.column, form)
    if read is None:
        return None
    starts = read.text.document.characters(read.text.path, read.text.value).starts
    at = len(read.text.value) if is_open else bisect_left(starts, offset - start)
    if not is_open and not starts[0] <= offset - start <= starts[-1]:
        return None
    return Cursor(read.text, at, literal.definition, is_open, read.shift, blanks)


def _quotes(literal: str) -> str:
    """The quotes that end a string which is open."""
    return literal[:3] if literal[:3] in ("'''", '"""') else literal[0]
