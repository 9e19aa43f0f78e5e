"""The fixes of diagnostics as quick fixes."""

from collections.abc import Iterable, Iterator

from lsprotocol.types import (
    TEXT_DOCUMENT_CODE_ACTION,
    CodeAction,
    CodeActionKind,
    CodeActionOptions,
    CodeActionParams,
    TextEdit,
    WorkspaceEdit,
)

from segdsl.diagnostics import Edit
from segdsl.lsp.diagnostics import diagnostic
from segdsl.lsp.documents import OpenDocument
from segdsl.lsp.features import Feature, Request
from segdsl.source import Span


def code_actions(request: Request) -> list[CodeAction]:
    """A quick fix for each fix of each problem that the range touches, in the order of the document."""
    params: CodeActionParams = request.params
    if params.context.only is not None and not any(map(_includes_quick_fixes, params.context.only)):
        return []
    return [*_quick_fixes(request, request.document.span(params.range))]


def _includes_quick_fixes(kind: str) -> bool:
    return kind in ("", CodeActionKind.QuickFix)


def _quick_fixes(request: Request, asked: Span) -> Iterator[CodeAction]:
    document = request.document
    for problem in request.problems:
        if problem.source_name != document.name or not _touch(problem.span, asked):
            continue
        for number, fix in enumerate(problem.fixes):
            yield CodeAction(
                title=fix.title,
                kind=CodeActionKind.QuickFix,
                diagnostics=[diagnostic(problem, document, request.documents, request.config)],
                is_preferred=fix.safe and number == 0,
                edit=WorkspaceEdit(changes={document.uri: text_edits(document, fix.edits)}),
            )


def text_edits(document: OpenDocument, edits: Iterable[Edit]) -> list[TextEdit]:
    """Edits of the document's text, as edits of the protocol."""
    return [TextEdit(document.range(edit.span), edit.text) for edit in edits]


def _touch(one: Span, other: Span) -> bool:
    return one.start <= other.end and other.start <= one.end


FEATURE = Feature(
    TEXT_DOCUMENT_CODE_ACTION, code_actions, CodeActionOptions(code_action_kinds=[CodeActionKind.QuickFix])
)
