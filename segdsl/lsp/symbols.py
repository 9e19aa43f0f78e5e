"""The outline of a config: its definitions and segments."""

from lsprotocol.types import TEXT_DOCUMENT_DOCUMENT_SYMBOL, DocumentSymbol, SymbolKind

from segdsl.config.document import Path
from segdsl.config.model import Config
from segdsl.lsp.features import Feature, Request
from segdsl.source import Span
from segdsl.syntax.literals import shortened


def symbols(request: Request) -> list[DocumentSymbol]:
    """The definitions and segments of the file, in its order."""
    config = request.config
    if config is None:
        return []
    document, located = request.document, config.document
    found = [
        (f"@{name}", text.value, SymbolKind.Constant, text.path, located.location(text.path).key)
        for name, text in config.definitions.items()
        if text.document is located
    ]
    found += [
        (one.name or one.label, one.where.value, SymbolKind.Object, one.path, one.span("name"))
        for one in config.segments
    ]
    extents, made = _extents(config), []
    for name, expression, kind, path, place in sorted(found, key=lambda symbol: symbol[-1]):
        whole = extents.get(path, place)
        selected = Span(max(whole.start, place.start), min(whole.end, place.end))
        ranges = document.range(whole), document.range(selected)
        made.append(DocumentSymbol(name, kind, *ranges, detail=shortened(expression)))
    return made


def _extents(config: Config) -> dict[Path, Span]:
    """From the start of its key to the end of its last value, for each definition and segment."""
    extents: dict[Path, Span] = {}
    for path, location in config.document.locations.items():
        if len(path) > 1:
            known = extents.get(path[:2], location.key)
            start = min(known.start, location.key.start, location.value.start)
            extents[path[:2]] = Span(start, max(known.end, location.value.end))
    return extents


FEATURE = Feature(TEXT_DOCUMENT_DOCUMENT_SYMBOL, symbols)
