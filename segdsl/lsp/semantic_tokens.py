"""The words of expressions by their kind, for colours inside the strings of a config."""

from collections.abc import Callable, Iterable, Iterator

from lsprotocol.types import (
    TEXT_DOCUMENT_SEMANTIC_TOKENS_FULL,
    SemanticTokens,
    SemanticTokensLegend,
    SemanticTokenTypes,
)

from segdsl.catalogue import BUILT_INS
from segdsl.lsp.expressions import own_expressions, words
from segdsl.lsp.features import Feature, Request
from segdsl.lsp.literals import found_alone
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
    """The words of all expressions of the file that stand on one line: editors take no other token."""
    data: list[int] = []
    line = character = 0
    for kind, span in _words(request):
        place = request.document.range(span)
        start, end = place.start, place.end
        if start.line == end.line and start.character < end.character:
            moved = start.character - (character if start.line == line else 0)
            number = _LEGEND.index(_TYPES[kind])
            data += [start.line - line, moved, end.character - start.character, number, 0]
            line, character = start.line, start.character
    return SemanticTokens(data)


def _words(request: Request) -> Iterator[tuple[str, Span]]:
    """The kinds of all words, and their spans. In a file that cannot be read, the words of the strings that can be."""
    found: Iterable[tuple[str, Callable[[Span], Span]]]
    if request.config is not None:
        found = ((text.value, text.in_file) for text in own_expressions(request.config))
    else:
        alone = found_alone(request.document.text, request.documents.format(request.document))
        found = ((read.text.value, read.in_file) for _, read in alone)
    for expression, in_file in found:
        for kind, span in sorted(_kinds(expression), key=lambda one: one[1]):
            yield kind, in_file(span)


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
