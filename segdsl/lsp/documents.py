"""The documents that are open in the editor: their text, their config, and every problem of it."""

from collections.abc import Iterator
from urllib.parse import unquote

from lsprotocol.types import Location, PositionEncodingKind, Range
from msgspec import Struct
from msgspec.structs import replace
from pygls import uris

from segdsl.config.check import check_config, in_order
from segdsl.config.document import Format
from segdsl.config.load import loads
from segdsl.config.model import Config
from segdsl.diagnostics import Diagnostic
from segdsl.limits import MAX_CONFIG_BYTES
from segdsl.lsp.analyses import RememberingEnvironment
from segdsl.lsp.lines import LineTable
from segdsl.lsp.literals import literals, syntax_errors
from segdsl.lsp.recognition import format_of_document, holds_segments, is_named_as_config
from segdsl.source import Source, Span

_BOM = "\ufeff"


class Checked(Struct, frozen=True):
    """The analysis of a document: empty, unless it is a config of segments.

    `config` has its includes, and is None if the document cannot be read; `problems` are those of `segdsl check`.
    `environment` is that of the last version that could be read.
    """

    is_config: bool = False
    config: Config | None = None
    environment: RememberingEnvironment | None = None
    problems: tuple[Diagnostic, ...] = ()


class OpenDocument:
    """One version of an open document. Its offsets do not count a byte order mark, as those of a `Source` do not."""

    def __init__(self, uri: str, language: str, version: int, text: str, lines: LineTable) -> None:
        self.uri = uri
        self.language = language
        self.version = version
        self.name = uris.to_fs_path(uri) or unquote(uri)
        self.whole_text = text
        self.text = text.removeprefix(_BOM)
        self._lines = lines
        self._mark = len(text) - len(self.text)

    def range(self, span: Span) -> Range:
        """Where a span of the text stands."""
        return self._lines.range(Span(span.start + self._mark, span.end + self._mark))

    def span(self, place: Range) -> Span:
        """The text of a range."""
        span = self._lines.span(place)
        return Span(max(span.start - self._mark, 0), max(span.end - self._mark, 0))


class OpenDocuments:
    """The open documents, by URI. `encoding` says how the editor counts the characters of a line."""

    def __init__(self, encoding: PositionEncodingKind | str) -> None:
        self._encoding = encoding
        self._open: dict[str, OpenDocument] = {}
        self._checked: dict[str, Checked] = {}
        self._environments: dict[str, RememberingEnvironment] = {}

    def put(self, uri: str, language: str, version: int, text: str) -> None:
        """Opens a document, or replaces it by a new version."""
        self._open[unquote(uri)] = OpenDocument(uri, language, version, text, LineTable(text, self._encoding))
        self._forget(unquote(uri))

    def close(self, uri: str) -> None:
        """Closes a document."""
        self._open.pop(unquote(uri), None)
        self._environments.pop(unquote(uri), None)
        self._forget(unquote(uri))

    def changed_on_disk(self) -> None:
        """Forgets what depends on files that are not open: what the others include may be different now."""
        for document in self.including():
            self._checked.pop(unquote(document.uri), None)

    def get(self, uri: str) -> OpenDocument | None:
        """The newest version of a document; None if it is not open."""
        return self._open.get(unquote(uri))

    def checked(self, document: OpenDocument) -> Checked:
        """The analysis of the newest version of a document."""
        key = unquote(document.uri)
        if key not in self._checked:
            self._checked[key] = self._check(document, key)
        return self._checked[key]

    def format(self, document: OpenDocument) -> Format:
        """The format of a document that is a config."""
        form = format_of_document(document.name, document.language)
        assert form is not None  # noqa: S101  no config is of another format
        return form

    def configs(self) -> Iterator[Config]:
        """The configs of the open documents that can be read."""
        found = (self.checked(document).config for document in self._open.values())
        return (config for config in found if config is not None)

    def including(self) -> Iterator[OpenDocument]:
        """The open documents with includes, which another document or file may change."""
        return (one for one in self._open.values() if _INCLUDE in one.text)

    def location(self, source: Source, span: Span) -> Location | None:
        """Where a span of a source stands: in an open document, or in a file. None if it stands in neither."""
        for document in self._open.values():
            if document.name == source.name:
                return Location(document.uri, document.range(span))
        uri = uris.from_fs_path(source.name)
        return None if uri is None else Location(uri, LineTable(source.text, self._encoding).range(span))

    def _forget(self, key: str) -> None:
        """Forgets what is known of a document, and of the others that may include it."""
        for other in (key, *(unquote(document.uri) for document in self.including())):
            self._checked.pop(other, None)

    def _check(self, document: OpenDocument, key: str) -> Checked:
        form = format_of_document(document.name, document.language)
        named = is_named_as_config(document.name)
        if form is None or not (named or _SEGMENT in document.text) or len(document.text) > MAX_CONFIG_BYTES:
            return Checked()
        config, problems = loads(document.whole_text, document.name, form.name, self._others(document))
        values = config.document.values if config else None
        if not (named or holds_segments(document.text, form.name, values)):
            return Checked()
        if config is None:
            of_file = in_order(_with_syntax_errors(problems, form), (document.name,))
            return Checked(True, environment=self._environments.get(key), problems=of_file)
        known = self._environments.get(key)
        environment = known.renewed(config) if known else RememberingEnvironment(config)
        self._environments[key] = environment
        found = (*problems, *check_config(config, environment))
        return Checked(True, config, environment, in_order(found, (document.name,)))

    def _others(self, document: OpenDocument) -> dict[str, bytes]:
        """The texts of the other open documents, if this one may include them."""
        if _INCLUDE not in document.text:
            return {}
        others = (other for other in self._open.values() if other is not document)
        return {other.name: other.whole_text.encode("utf-8", "surrogatepass") for other in others}


_INCLUDE, _SEGMENT = "include", "segment"
_NOT_CHECKED = "until the file can be read, expressions are checked for their syntax only"


def _with_syntax_errors(problems: tuple[Diagnostic, ...], form: Format) -> Iterator[Diagnostic]:
    """The problems of a file that cannot be read, and the syntax errors of the expressions that are found in it."""
    source = problems[0].source
    has_expressions = next(literals(source.text, form.name), None) is not None
    for problem in problems:
        yield replace(problem, help=(*problem.help, _NOT_CHECKED)) if has_expressions else problem
    yield from syntax_errors(source, form)
