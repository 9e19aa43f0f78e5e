"""The server: its features, and when it publishes diagnostics."""

import asyncio
import signal
import sys
from collections.abc import Callable
from functools import cached_property, partial
from typing import Any

from lsprotocol.types import (
    INITIALIZED,
    SHUTDOWN,
    TEXT_DOCUMENT_DID_CHANGE,
    TEXT_DOCUMENT_DID_CLOSE,
    TEXT_DOCUMENT_DID_OPEN,
    WORKSPACE_DID_CHANGE_WATCHED_FILES,
    DidChangeTextDocumentParams,
    DidChangeWatchedFilesRegistrationOptions,
    DidCloseTextDocumentParams,
    DidOpenTextDocumentParams,
    ErrorCodes,
    FileSystemWatcher,
    PositionEncodingKind,
    PublishDiagnosticsParams,
    Registration,
    RegistrationParams,
    TextDocumentContentChangePartial,
    TextDocumentSyncKind,
)
from pygls.exceptions import JsonRpcException
from pygls.lsp.server import LanguageServer

from segdsl import __version__
from segdsl.config.formats import EXTENSIONS
from segdsl.lsp import (
    code_actions,
    completion,
    formatting,
    hover,
    inlay_hints,
    names,
    semantic_tokens,
    symbols,
)
from segdsl.lsp.diagnostics import diagnostics
from segdsl.lsp.documents import OpenDocument, OpenDocuments
from segdsl.lsp.features import Feature, Request
from segdsl.lsp.protocol import Protocol

FEATURES: tuple[Feature, ...] = (
    completion.FEATURE,
    hover.FEATURE,
    code_actions.FEATURE,
    formatting.FEATURE,
    *names.FEATURES,
    symbols.FEATURE,
    inlay_hints.FEATURE,
    semantic_tokens.FEATURE,
)
"""The requests that the server answers. It publishes diagnostics unasked."""

_CONFIGS = f"**/*.{{{','.join(suffix.removeprefix('.') for suffix in EXTENSIONS)}}}"
"""The files that documents may include, as a pattern of the protocol."""

_PAUSE = 0.05
"""Seconds without another edit after which diagnostics are published."""


class Server(LanguageServer):
    """The language server of one editor."""

    protocol: Protocol

    def __init__(self) -> None:
        super().__init__("segdsl", __version__, TextDocumentSyncKind.Full, protocol_cls=Protocol)
        self.was_shut_down = False
        self._published: set[str] = set()
        self._waiting: dict[str, asyncio.TimerHandle] = {}
        handlers: dict[str, Callable[[Any], None]] = {
            TEXT_DOCUMENT_DID_OPEN: self._opened,
            TEXT_DOCUMENT_DID_CHANGE: self._changed,
            TEXT_DOCUMENT_DID_CLOSE: self._closed,
            INITIALIZED: self._initialized,
            WORKSPACE_DID_CHANGE_WATCHED_FILES: self._changed_on_disk,
            SHUTDOWN: self._shut_down,
        }
        for method, handler in handlers.items():
            self.feature(method)(partial(handler))  # pygls writes attributes, which a bound method cannot have
        for feature in FEATURES:
            self.feature(feature.method, feature.options)(self._answering(feature))

    @cached_property
    def documents(self) -> OpenDocuments:
        """The open documents; available once the server is initialized."""
        return OpenDocuments(self.workspace.position_encoding or PositionEncodingKind.Utf16)

    def report_server_error(self, error: Exception, source: Any) -> None:
        """Answers a message that is not JSON, and shows other errors in the editor."""
        if source is not JsonRpcException:
            super().report_server_error(error, source)
        elif isinstance(error, ValueError | RecursionError):
            self.protocol.send_error(None, ErrorCodes.ParseError, "this is not JSON")
        else:
            self.protocol.send_error(None, ErrorCodes.InvalidRequest, "this message cannot be served")

    def _answering(self, feature: Feature) -> Callable[[Any], Any]:
        def answer(params: Any) -> Any:
            document = self.documents.get(params.text_document.uri)
            if document is None or not self.documents.checked(document).is_config:
                return None
            return feature.answer(Request(params, document, self.documents))

        return answer

    # ── documents ──────────────────────────────────────────────────────────────────────────────────────────────────

    def _opened(self, params: DidOpenTextDocumentParams) -> None:
        item = params.text_document
        self.documents.put(item.uri, item.language_id, item.version, item.text)
        self._publish_changed(item.uri)

    def _changed(self, params: DidChangeTextDocumentParams) -> None:
        uri = params.text_document.uri
        document, change = self.documents.get(uri), params.content_changes[-1]
        if document is None or isinstance(change, TextDocumentContentChangePartial):
            raise ValueError("a change must hold the whole text of an open document")
        self.documents.put(uri, document.language, params.text_document.version, change.text)
        self._later(uri)

    def _closed(self, params: DidCloseTextDocumentParams) -> None:
        uri = params.text_document.uri
        self.documents.close(uri)
        if uri in self._published:
            self._published.remove(uri)
            self.text_document_publish_diagnostics(PublishDiagnosticsParams(uri, []))
        self._publish_changed(uri)

    def _initialized(self, _: Any) -> None:
        """Asks the editor to tell which files change, if it can: open documents may include them."""
        workspace = self.client_capabilities.workspace
        watched = workspace.did_change_watched_files if workspace else None
        if watched is not None and watched.dynamic_registration:
            options = DidChangeWatchedFilesRegistrationOptions([FileSystemWatcher(_CONFIGS)])
            wish = Registration("configs", WORKSPACE_DID_CHANGE_WATCHED_FILES, options)
            self.client_register_capability(RegistrationParams([wish]))

    def _changed_on_disk(self, _: Any) -> None:
        self.documents.changed_on_disk()
        for document in self.documents.including():
            self._publish(document)

    def _shut_down(self, _: Any) -> None:
        self.was_shut_down = True

    # ── diagnostics ────────────────────────────────────────────────────────────────────────────────────────────────

    def _later(self, uri: str) -> None:
        """Publishes after a pause in typing."""
        if uri in self._waiting:
            self._waiting[uri].cancel()
        self._waiting[uri] = asyncio.get_running_loop().call_later(_PAUSE, self._publish_changed, uri)

    def _publish_changed(self, uri: str) -> None:
        """Publishes the diagnostics of a document, and of other documents that may include it."""
        waiting = self._waiting.pop(uri, None)
        if waiting is not None:
            waiting.cancel()
        changed = self.documents.get(uri)
        others = [document for document in self.documents.including() if document is not changed]
        for document in ([changed] if changed else []) + others:
            self._publish(document)

    def _publish(self, document: OpenDocument) -> None:
        """Publishes the diagnostics of a document that is a config, or was one."""
        found = diagnostics(document, self.documents)
        if found or self.documents.checked(document).is_config or document.uri in self._published:
            self._published.add(document.uri)
            self.text_document_publish_diagnostics(PublishDiagnosticsParams(document.uri, found, document.version))


def serve() -> int:
    """Serves an editor on stdin and stdout until it says `exit`. Returns the exit code: 1 without a `shutdown` before.

    The server holds nothing that must be saved, so signals end it at once.
    """
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
    server = Server()
    stdout, sys.stdout = sys.stdout, sys.stderr  # only messages go to stdout
    server.start_io(sys.stdin.buffer, stdout.buffer)
    return 0 if server.was_shut_down else 1
