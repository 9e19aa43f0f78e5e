"""Comments of expressions that go on to a later line of the file, and so hide the text there.

YAML's folded and quoted scalars join lines, and so does a backslash at the end of a line in TOML.
"""

import re
from collections.abc import Iterator

from msgspec.structs import replace

from segdsl.config.document import LocatedText
from segdsl.diagnostics import Diagnostic, Edit, Fix, Note
from segdsl.source import Span
from segdsl.syntax.formatting import comments_of

_BREAK = re.compile(r"[\r\n]+[ \t\r\n]*")
_BACKSLASH = re.compile(r"\\[ \t]*(?=\r?\n)")
_WITHOUT_BACKSLASH = "leave out the backslash at the end of the line"
_BELOW_A_BAR = "write the expression below `|`, which keeps its lines: `where: |`"


def hiding_comments(text: LocatedText, context: str) -> Iterator[Diagnostic]:
    """An error for each comment of an expression that goes on to a later line of the file."""
    if "#" not in text.value or not _BREAK.search(text.document.literal(text.path)):
        return
    source = text.document.source
    for comment in comments_of(text.value):
        span = text.in_file(Span(comment.start, comment.start + len(comment.text)))
        line_end = _BREAK.search(source.text, span.start, span.end)
        if line_end is not None:
            problem = Diagnostic.of(
                "hiding-comment",
                "this comment goes on to the next line, since the lines of this string are joined",
                Span(span.start, len(source.text[: line_end.start()].rstrip(" \t\\"))),
                source,
                _way_out(text, span),
                notes=(Note("this is part of the comment", Span(line_end.end(), span.end), source),),
            )
            yield replace(problem, context=context)


def _way_out(text: LocatedText, comment: Span) -> Fix | str:
    """How to keep the lines. It is an edit only in TOML: in YAML the whole scalar takes another style."""
    if text.document.format.name != "toml":
        return _BELOW_A_BAR
    backslash = _BACKSLASH.search(text.document.source.text, comment.start, comment.end)
    if backslash is None:
        return _WITHOUT_BACKSLASH
    return Fix(_WITHOUT_BACKSLASH, (Edit(Span(*backslash.span()), ""),), safe=True)
