"""The expression at a position, also one that is being written: in a file that cannot be read, or in an open string."""

from msgspec import Struct

from segdsl.config.document import Format
from segdsl.diagnostics import Edit
from segdsl.lsp.expressions import expression_at, offset_in_value
from segdsl.lsp.features import Request
from segdsl.lsp.literals import Alone, Literal, alone, literals, quotes_of
from segdsl.source import Span

_QUOTES = ("'", '"')
_MARKS = (*_QUOTES, "|", ">")
"""How a string begins that is more than its value."""


class Cursor(Struct, frozen=True):
    """An expression and the offset `at` in its value. It is the body of a `definition`, or a segment's if that is None.

    One that `is_open` ends at the cursor. Between its end and the cursor may be `blanks`, which a scalar without quotes
    does not hold.
    """

    string: Alone
    at: int
    definition: str | None
    is_open: bool = False
    blanks: str = ""

    @property
    def written(self) -> str:
        """The expression with the blanks after it."""
        return self.string.text.value + self.blanks

    @property
    def offset(self) -> int:
        """The offset of the cursor in `written`."""
        return self.at + len(self.blanks)

    def edits(self, edit: Edit) -> tuple[Edit, ...]:
        """An edit of what is `written` as edits of the file; none if the file cannot hold the result.

        In an open string, none if it would need other quotes: an editor replaces a word, and not all of the line.
        """
        text = self.string.text
        end = len(text.value)
        if self.blanks and edit.span.start >= end:
            before = self.blanks[: edit.span.start - end]
            made = text.edits_in_file((Edit(Span(end, end), before + edit.text),))
            made = tuple(Edit(Span(one.span.start, one.span.end + len(self.blanks)), one.text) for one in made)
        else:
            made = text.edits_in_file((edit,))
        if self.is_open and any(one.span.start == text.span.start and one.text.startswith(_MARKS) for one in made):
            return ()
        return tuple(map(self.string.edit, made))


def cursor_at(request: Request, offset: int) -> Cursor | None:
    """The expression at an offset of the document; None where there is none."""
    found = expression_at(request.config, offset) if request.config else None
    if found is not None:
        text, at = found
        return Cursor(Alone(text), at, str(text.path[-1]) if text.path[0] == "define" else None)
    document, form = request.document, request.documents.format(request.document)
    for literal in literals(document.text, form.name):
        if literal.span.start <= offset <= _end(document.text, literal):
            mark = document.text[literal.span.start : min(literal.span.start + 1, offset)]
            is_whole = literal.closed and mark in _MARKS
            return (_in_whole if is_whole else _in_open)(document.text, literal, offset, form)
    return None


def _end(text: str, literal: Literal) -> int:
    """The last offset in a string, or in the blanks after one without quotes."""
    if literal.closed and text[literal.span.start] in _QUOTES:
        return literal.span.end
    rest = text[literal.span.end :]
    return literal.span.end + len(rest) - len(rest.lstrip(" \t"))


def _in_whole(text: str, literal: Literal, offset: int, form: Format) -> Cursor | None:
    """The cursor in a string whose end is known."""
    start = literal.span.start
    read = alone(text[start : max(literal.span.end, offset)], start, literal.column, form)
    at = None if read is None else offset_in_value(read.text, offset - start)
    return None if read is None or at is None else Cursor(read, at, literal.definition)


def _in_open(text: str, literal: Literal, offset: int, form: Format) -> Cursor | None:
    """The cursor at the end of a string that is read up to there."""
    written = text[literal.span.start : offset]
    if written.startswith(_QUOTES):
        blanks = ""
        written += quotes_of(written) if form.name == "toml" else written[0]  # only TOML has quotes of three
    else:
        blanks = written[len(written.rstrip(" \t")) :]
        written = written.removesuffix(blanks)
    read = alone(written, literal.span.start, literal.column, form)
    if read is None:
        return None
    return Cursor(read, len(read.text.value), literal.definition, is_open=True, blanks=blanks)
