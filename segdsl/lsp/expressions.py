"""The expressions of a config and their words, at their places in the file. A word is found in a broken text, too."""

from bisect import bisect_left
from collections.abc import Iterator

from msgspec import Struct

from segdsl.config.document import LocatedText
from segdsl.config.model import Config
from segdsl.diagnostics import Edit
from segdsl.source import Source, Span
from segdsl.syntax.lexer import PlainTokens, terminal


class Word(Struct, frozen=True):
    """A token of an expression: what the grammar calls it, its characters, and their span in the expression."""

    kind: str
    text: str
    span: Span


class Use(Struct, frozen=True):
    """An `@name` in an expression. `span` is that of the name alone, in the expression."""

    name: str
    text: LocatedText
    span: Span

    @property
    def source(self) -> Source:
        """The file that it stands in."""
        return self.text.document.source

    @property
    def in_file(self) -> Span:
        """The span in that file."""
        return self.text.in_file(self.span)

    def renamed(self, name: str) -> tuple[Edit, ...]:
        """The edits of the file that write another name; none if the file cannot hold it."""
        return self.text.edits_in_file((Edit(self.span, name),))


def expressions(config: Config) -> list[LocatedText]:
    """The definitions and conditions of a config, with the definitions of its includes."""
    return [*config.definitions.values(), *(segment.where for segment in config.segments)]


def own_expressions(config: Config) -> list[LocatedText]:
    """The definitions and conditions in the file itself, in its order."""
    own = (text for text in expressions(config) if text.document is config.document)
    return sorted(own, key=lambda text: text.span)


def words(expression: str) -> Iterator[Word]:
    """The tokens of an expression, as far as there are any."""
    tokens = PlainTokens(expression)
    for span, row in zip(tokens.spans(), tokens.rows, strict=False):  # the end of the text has a row, and no span
        kind = terminal(row)
        if kind:
            yield Word(kind, expression[span.start : span.end], span)


def uses(text: LocatedText) -> Iterator[Use]:
    """The definitions that an expression names."""
    if "@" in text.value:
        for word in words(text.value):
            if word.kind == "DEFINITION":
                yield Use(word.text[1:], text, Span(word.span.start + 1, word.span.end))


def expression_at(config: Config, offset: int) -> tuple[LocatedText, int] | None:
    """The expression around an offset of the file, and the offset in its value; None outside of all."""
    for text in own_expressions(config):
        if text.span.start <= offset <= text.span.end:
            at = offset_in_value(text, offset - text.span.start)
            return None if at is None else (text, at)
    return None


def offset_in_value(text: LocatedText, inside: int) -> int | None:
    """The offset in the value for an offset in its literal; None in quotes, and in indentation, which spell nothing."""
    spelled = text.document.characters(text.path, text.value)
    at = bisect_left(spelled.starts, inside)
    is_between = at < len(spelled.starts) and spelled.starts[at] == inside
    return at if is_between or (0 < at <= len(spelled) and inside < spelled.ends[at - 1]) else None
