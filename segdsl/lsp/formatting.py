"""Formatting, as `segdsl fmt` does: an edit for each expression that changes, and nothing else."""

from lsprotocol.types import TEXT_DOCUMENT_FORMATTING, TextEdit

from segdsl.config.rewrite import formatting_edits
from segdsl.errors import ConfigError
from segdsl.lsp.code_actions import text_edits
from segdsl.lsp.features import Feature, Request


def formatting(request: Request) -> list[TextEdit]:
    """The edits; none if an expression does not parse, which a diagnostic says."""
    if request.config is None:
        return []
    try:
        edits = formatting_edits(request.config)
    except ConfigError:
        return []
    return text_edits(request.document, edits)


FEATURE = Feature(TEXT_DOCUMENT_FORMATTING, formatting)
