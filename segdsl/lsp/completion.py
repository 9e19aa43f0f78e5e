"""Completion in expressions. A text is inserted as the string that it stands in needs it."""

from collections.abc import Iterator

from lsprotocol.types import (
    TEXT_DOCUMENT_COMPLETION,
    CompletionItem,
    CompletionItemKind,
    CompletionList,
    CompletionOptions,
    Range,
    TextEdit,
)

from segdsl.authoring.completion import Completions
from segdsl.diagnostics import Edit
from segdsl.environment import DEFAULT
from segdsl.lsp.cursor import Cursor, cursor_at
from segdsl.lsp.features import Feature, Request
from segdsl.source import Span

_KINDS = {
    "metric": CompletionItemKind.Field,
    "flag": CompletionItemKind.Field,
    "count": CompletionItemKind.Field,
    "last_seen": CompletionItemKind.Field,
    "property": CompletionItemKind.Property,
    "conversation_property": CompletionItemKind.Property,
    "namespace": CompletionItemKind.Module,
    "operator": CompletionItemKind.Operator,
    "value": CompletionItemKind.EnumMember,
    "keyword": CompletionItemKind.Keyword,
    "definition": CompletionItemKind.Constant,
    "parameter": CompletionItemKind.Variable,
    "punctuation": CompletionItemKind.Operator,
}


def completion(request: Request) -> CompletionList:
    """What can stand at a position, best first. Editors ask again at each letter: a part of a word matches, too."""
    position = request.params.position
    offset = request.document.span(Range(position, position)).start
    cursor = cursor_at(request, offset)
    if cursor is None:
        return CompletionList(is_incomplete=False, items=[])
    found = (request.environment or DEFAULT).complete(cursor.written, cursor.offset, definition=cursor.definition)
    return CompletionList(is_incomplete=True, items=[*_items(request, cursor, found, offset)])


def _items(request: Request, cursor: Cursor, found: Completions, offset: int) -> Iterator[CompletionItem]:
    for number, item in enumerate(found.items):
        made = cursor.edits(Edit(Span(found.start, found.end), item.insert))
        if not made or not made[0].span.start <= offset <= made[0].span.end:  # inside an escape
            continue
        place = request.document.range(made[0].span)
        if place.start.line != place.end.line:  # an editor takes no completion over several lines
            continue
        typed = request.document.text[made[0].span.start : offset]
        yield CompletionItem(
            item.label,
            kind=_KINDS[item.kind],
            detail=item.detail or None,
            documentation=item.help or None,
            sort_text=f"{number:04}",
            filter_text=item.label if item.label.startswith(typed) else typed + item.label,
            text_edit=TextEdit(place, made[0].text),
        )


FEATURE = Feature(TEXT_DOCUMENT_COMPLETION, completion, CompletionOptions(trigger_characters=[*" \"'@$.(=<>![,"]))
