"""A feature of the server: a method of the protocol, and the function that answers it for a document."""

from collections.abc import Callable
from typing import Any

from msgspec import Struct

from segdsl.config.model import Config
from segdsl.diagnostics import Diagnostic
from segdsl.lsp.analyses import RememberingEnvironment
from segdsl.lsp.documents import OpenDocument, OpenDocuments


class Request(Struct, frozen=True):
    """A request to a feature: the `params` of the method, about an open config.

    `config` is None if the document cannot be read; `environment` is then that of the last version that could be.
    """

    params: Any
    document: OpenDocument
    documents: OpenDocuments

    @property
    def config(self) -> Config | None:
        """The config, with its includes."""
        return self.documents.checked(self.document).config

    @property
    def environment(self) -> RememberingEnvironment | None:
        """The environment in which the expressions of the config are checked."""
        return self.documents.checked(self.document).environment

    @property
    def problems(self) -> tuple[Diagnostic, ...]:
        """The problems of `segdsl check`."""
        return self.documents.checked(self.document).problems


class Feature(Struct, frozen=True):
    """A method of the protocol. `answer` returns its result; `options` are what the server says of the feature."""

    method: str
    answer: Callable[[Request], Any]
    options: Any = None
