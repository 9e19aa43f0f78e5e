"""Hover: the explanation of the word under the pointer."""

from lsprotocol.types import TEXT_DOCUMENT_HOVER, Hover, MarkupContent, MarkupKind, Range

from segdsl.environment import DEFAULT
from segdsl.lsp.cursor import cursor_at
from segdsl.lsp.features import Feature, Request
from segdsl.source import Span


def hover(request: Request) -> Hover | None:
    """The explanation of the word at a position; None where there is nothing to say."""
    position = request.params.position
    cursor = cursor_at(request, request.document.span(Range(position, position)).start)
    if cursor is None:
        return None
    found = (request.environment or DEFAULT).hover(cursor.string.text.value, cursor.at)
    if found is None:
        return None
    contents = MarkupContent(MarkupKind.Markdown, found.text.replace("\n", "\n\n"))
    return Hover(contents, request.document.range(cursor.string.in_file(Span(found.start, found.end))))


FEATURE = Feature(TEXT_DOCUMENT_HOVER, hover)
