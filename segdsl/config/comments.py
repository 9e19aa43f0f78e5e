"""Comments of expressions that go on to a later line of the file, and so hide what its author wrote there.

YAML's folded and quoted scalars join lines, and so does a backslash at the end of a line in TOML.
"""

import re
from collections.abc import Iterator

from segdsl.config.document import LocatedText
from segdsl.diagnostics import Diagnostic, Note
from segdsl.source import Span
from segdsl.syntax.formatting import comments_of

_BREAK = re.compile(r"[\r\n]+[ \t\r\n]*")
_WAYS_OUT = {
    "toml": "leave out the backslash at the end of the line",
    "yaml": "write the expression below `|`, which keeps its lines: `where: |`",
}


def hiding_comments(text: LocatedText, context: str) -> Iterator[Diagnostic]:
    """An error for each comment of an expression that goes on to a later line of the file."""
    way_out = _WAYS_OUT.get(text.document.format.name)
    if way_out is None or "#" not in text.value or not _BREAK.search(text.document.literal(text.path)):
        return
    source = text.document.source
    for comment in comments_of(text.value):
        span = text.in_file(Span(comment.start, comment.start + len(comment.text)))
        line_end = _BREAK.search(source.text, span.start, span.end)
        if line_end is not None:
            yield Diagnostic(
                "hiding-comment",
                "this comment goes on to the next line, since the lines of this string are joined",
                Span(span.start, len(source.text[: line_end.start()].rstrip(" \t\\"))),
                source,
                (way_out,),
                (Note("this is part of the comment", Span(line_end.end(), span.end), source),),
                context,
            )
