"""The problems of `segdsl check` as diagnostics of an editor."""

import os
from collections.abc import Iterator

from lsprotocol.types import (
    Diagnostic,
    DiagnosticRelatedInformation,
    DiagnosticSeverity,
    DiagnosticTag,
    Location,
)

from segdsl.config.include import real_path
from segdsl.config.model import Config
from segdsl.diagnostics import Diagnostic as Problem
from segdsl.lsp.documents import OpenDocument, OpenDocuments
from segdsl.source import Span

_SEVERITIES = {"error": DiagnosticSeverity.Error, "warning": DiagnosticSeverity.Warning}
_UNNECESSARY = frozenset(("redundant",))
"""The codes of parts that can be left out; an editor shows them faded."""


def diagnostics(document: OpenDocument, documents: OpenDocuments) -> list[Diagnostic]:
    """The diagnostics of a document; none unless it is a config of segments."""
    checked = documents.checked(document)
    return [diagnostic(problem, document, documents, checked.config) for problem in checked.problems]


def diagnostic(problem: Problem, document: OpenDocument, documents: OpenDocuments, config: Config | None) -> Diagnostic:
    """A problem as a diagnostic. One of an included file stands at the include, and leads to its place."""
    here = problem.source_name == document.name
    return Diagnostic(
        range=document.range(problem.span if here else _include(config, problem.source_name)),
        message="\n".join([problem.message, *(f"help: {sentence}" for sentence in problem.help)]),
        severity=_SEVERITIES[problem.severity],
        code=problem.code,
        source="segdsl",
        tags=[DiagnosticTag.Unnecessary] if problem.code in _UNNECESSARY else None,
        related_information=[*_related(problem, documents, here=here)] or None,
    )


def _include(config: Config | None, name: str) -> Span:
    """The include of a config that names another file; the first one if another include leads there."""
    if config is None or not config.include:
        return Span(0, 0)
    folder, real = os.path.dirname(config.name), real_path(name)
    naming = (one.span for one in config.include if real_path(os.path.join(folder, one.value)) == real)
    return next(naming, config.include[0].span)


def _related(problem: Problem, documents: OpenDocuments, *, here: bool) -> Iterator[DiagnosticRelatedInformation]:
    places = [] if here else [("it stands here", problem.source, problem.span)]
    places += [(note.message, note.source, note.span) for note in problem.notes]
    for message, source, span in places:
        location: Location | None = documents.location(source, span)
        if location is not None:
            yield DiagnosticRelatedInformation(location, message)
