"""From a place in an expression's text to the place in the file where it is written."""

from collections.abc import Mapping

import msgspec

from segdsl.config.model import LocatedText, definition_label
from segdsl.diagnostics import Diagnostic, Note
from segdsl.source import Source, Span


def relocate(
    diagnostic: Diagnostic,
    text: LocatedText,
    source: Source,
    context: str,
    definitions: Mapping[str, LocatedText] | None = None,
) -> Diagnostic:
    """`diagnostic`, whose span points into the value of `text`, as one that points into the file `source`.

    What points into `@name` goes to that one of `definitions`, and is about the definition rather than `context`.
    """
    place = _Place(text, definitions or {})
    name = diagnostic.source.name
    return msgspec.structs.replace(
        diagnostic,
        span=place.in_file(diagnostic.source, diagnostic.span),
        source=source,
        notes=tuple(Note(note.message, place.in_file(note.source, note.span), source) for note in diagnostic.notes),
        context=definition_label(name[1:]) if name.startswith("@") else context,
    )


class _Place(msgspec.Struct, frozen=True):
    text: LocatedText
    definitions: Mapping[str, LocatedText]

    def in_file(self, text: Source, span: Span) -> Span:
        return self.definitions.get(text.name.removeprefix("@"), self.text).in_file(span)
