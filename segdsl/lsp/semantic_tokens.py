"""The words of expressions by their kind, for colours inside the strings of a config."""

from collections.abc import Iterator

from lsprotocol.types import (
    TEXT_DOCUMENT_SEMANTIC_TOKENS_FULL,
    SemanticTokens,
    SemanticTokensLegend,
    SemanticTokenTypes,
)

from segdsl.catalogue import BUILT_INS
from segdsl.lsp.expressions import own_expressions, words
from segdsl.lsp.features import Feature, Request
from segdsl.source import Span
from segdsl.syntax.formatting import comments_of
from segdsl.syntax.lexer import WORDS

_TYPES = {
    "STRING": SemanticTokenTypes.String,
    **dict.fromkeys(("NUMBER", "DURATION", "DATE"), SemanticTokenTypes.Number),
    **dict.fromkeys(("COMPARE", "AMPERSANDS", "BARS", "BANG"), SemanticTokenTypes.Operator),
    **dict.fromkeys(WORDS.values(), SemanticTokenTypes.Keyword),
    "PARAMETER": SemanticTokenTypes.Parameter,
    "DEFINITION": SemanticTokenTypes.Macro,
    "built-in": SemanticTokenTypes.Variable,
    "NAME": SemanticTokenTypes.Property,
    "comment": SemanticTokenTypes.Comment,
}
_LEGEND = list(dict.fromkeys(_TYPES.values()))


def semantic_tokens(request: Request) -> SemanticTokens:
    """The words of all expressions of the file. One that goes over a line is left out: editors take no such token."""
    data: list[int] = []
    line = character = 0
    for text in own_expressions(request.config) if request.config else ():
        for kind, span in sorted(_kinds(text.value), key=lambda found: found[1]):
            place = request.document.range(text.in_file(span))
            start, end = place.start, place.end
            if start.line == end.line and start.character < end.character:
                moved = start.character - (character if start.line == line else 0)
                number = _LEGEND.index(_TYPES[kind])
                data += [start.line - line, moved, end.character - start.character, number, 0]
                line, character = start.line, start.character
    return SemanticTokens(data)


def _kinds(expression: str) -> Iterator[tuple[str, Span]]:
    for word in words(expression):
        kind = "built-in" if word.kind == "NAME" and word.text in BUILT_INS else word.kind
        if kind in _TYPES:
            yield kind, word.span
    if "#" in expression:
        for comment in comments_of(expression):
            yield "comment", Span(comment.start, comment.start + len(comment.text))


FEATURE = Feature(
    TEXT_DOCUMENT_SEMANTIC_TOKENS_FULL, semantic_tokens, SemanticTokensLegend([*_LEGEND], token_modifiers=[])
)
