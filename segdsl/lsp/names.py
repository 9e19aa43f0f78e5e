"""The `@names` of definitions: where each is defined, where it is used, and another name for it."""

from collections.abc import Iterator

from lsprotocol.types import (
    TEXT_DOCUMENT_DEFINITION,
    TEXT_DOCUMENT_PREPARE_RENAME,
    TEXT_DOCUMENT_REFERENCES,
    TEXT_DOCUMENT_RENAME,
    Location,
    LSPErrorCodes,
    Position,
    Range,
    RenameOptions,
    TextEdit,
    WorkspaceEdit,
)
from msgspec import Struct
from pygls.exceptions import JsonRpcException

from segdsl.config.document import LocatedText
from segdsl.config.model import Config
from segdsl.config.reader import DEFINITION_NAME
from segdsl.diagnostics import Edit
from segdsl.lsp.expressions import Use, expression_at, expressions, uses
from segdsl.lsp.features import Feature, Request
from segdsl.source import Source, Span


class Named(Struct, frozen=True):
    """The name at a position: its place there, and the definition; None if no definition has the name."""

    name: str
    place: Span
    definition: LocatedText | None


def definition(request: Request) -> Location | None:
    """The place where the name at a position is defined."""
    named = _named(request)
    if named is None or named.definition is None:
        return None
    return request.documents.location(named.definition.document.source, _key(named.definition))


def references(request: Request) -> list[Location]:
    """The uses of the name at a position in all open configs that share the definition, and the definition if asked."""
    named = _named(request)
    if named is None or named.definition is None:
        return []
    places = [(use.source, use.in_file) for use in _uses(request, named.definition)]
    if request.params.context.include_declaration:
        places.insert(0, (named.definition.document.source, _key(named.definition)))
    found = (request.documents.location(source, span) for source, span in places)
    return [location for location in found if location is not None]


def prepare_rename(request: Request) -> Range | None:
    """The place of the name at a position; None where nothing can be renamed."""
    named = _named(request)
    return request.document.range(named.place) if named and named.definition else None


def rename(request: Request) -> WorkspaceEdit | None:
    """The edits of all open configs that give the definition at a position another name.

    Raises `JsonRpcException` for a name that cannot be used.
    """
    named, new = _named(request), request.params.new_name.removeprefix("@")
    if named is None or named.definition is None:
        return None
    if not DEFINITION_NAME.fullmatch(new):
        raise _failed(f"`{new}` cannot be the name of a definition: no expression could say `@{new}`")
    if any(new in config.definitions for config in _sharing(request, named.definition)):
        raise _failed(f"there is a definition `@{new}` already")
    changes: dict[str, list[TextEdit]] = {}
    edits: list[tuple[Source, tuple[Edit, ...]]]
    edits = [(named.definition.document.source, (Edit(_key(named.definition), _spelled_key(named.definition, new)),))]
    edits += [(use.source, use.renamed(new)) for use in _uses(request, named.definition)]
    for source, made in edits:
        for edit in made:
            location = request.documents.location(source, edit.span)
            if location is not None:
                changes.setdefault(location.uri, []).append(TextEdit(location.range, edit.text))
    return WorkspaceEdit(changes=changes)


def _failed(message: str) -> JsonRpcException:
    return JsonRpcException(message, code=int(LSPErrorCodes.RequestFailed))


def _named(request: Request) -> Named | None:
    config = request.config
    if config is None:
        return None
    position: Position = request.params.position
    offset = request.document.span(Range(position, position)).start
    for text in config.definitions.values():
        if text.document is config.document and _key(text).start <= offset <= _key(text).end:
            return Named(str(text.path[-1]), _key(text), text)
    found = expression_at(config, offset)
    if found is None:
        return None
    text, at = found
    here = (use for use in uses(text) if use.span.start - 1 <= at <= use.span.end)
    return next((Named(use.name, use.in_file, config.definitions.get(use.name)) for use in here), None)


def _key(text: LocatedText) -> Span:
    """Where the name of a definition stands in its file, with its quotes if it has some."""
    return text.document.location(text.path).key


def _spelled_key(text: LocatedText, new: str) -> str:
    """Another name as the key of a definition, in the style of the old one."""
    document, key = text.document, _key(text)
    old = document.source.text[key.start : key.end]
    if old[0] in "\"'":
        return old[0] + new + old[0]
    if document.format.name == "toml":
        return new
    return document.format.spell(new, old, document.surroundings(text.path))


def _sharing(request: Request, shared: LocatedText) -> Iterator[Config]:
    """The open configs with this definition, of their own or by an include."""
    for config in request.documents.configs():
        own = config.definitions.get(str(shared.path[-1]))
        if own is not None and own.document.source.name == shared.document.source.name:
            yield config


def _uses(request: Request, shared: LocatedText) -> list[Use]:
    """The uses of a definition, each once, also if several configs include the file that it stands in."""
    name = str(shared.path[-1])
    found: dict[object, Use] = {}
    for config in _sharing(request, shared):
        for text in expressions(config):
            for use in uses(text):
                if use.name == name:
                    found.setdefault((use.source.name, text.path, use.span), use)
    return [*found.values()]


FEATURES = (
    Feature(TEXT_DOCUMENT_DEFINITION, definition),
    Feature(TEXT_DOCUMENT_REFERENCES, references),
    Feature(TEXT_DOCUMENT_PREPARE_RENAME, prepare_rename),
    Feature(TEXT_DOCUMENT_RENAME, rename, RenameOptions(prepare_provider=True)),
)
