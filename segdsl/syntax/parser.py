"""Text → Expression, or diagnostics."""

from collections.abc import Mapping

from msgspec import Struct

from segdsl.diagnostics import Diagnostic
from segdsl.errors import ParseError
from segdsl.limits import MAX_NESTING, MAX_TEXT_LENGTH
from segdsl.source import Source, Span
from segdsl.syntax.actions import ParseContext
from segdsl.syntax.driver import run
from segdsl.syntax.lexer import tokens
from segdsl.syntax.nesting import first_too_deep
from segdsl.syntax.nodes import Expression


class Parsed(Struct, frozen=True):
    """A text that was read.

    If there are `problems`, the expression is the one nearest to the text, with `Unreadable` leaves for
    conditions that could not be read, or None if too much is wrong. It is used only to find errors of meaning, too.
    """

    expression: Expression | None
    problems: tuple[Diagnostic, ...] = ()
    guesses: tuple[Span, ...] = ()
    """Places where a repair only lets the parse go on: the meaning there, and of the whole, is unknown."""


def parse(text: str, *, name: str = "expression") -> Expression:
    """The expression in `text`, which diagnostics call `name`.

    Raises `ParseError` with every syntax error of the text, and `TypeError` for anything except a `str`.
    """
    parsed = parse_repaired(text, name)
    if parsed.expression is None or parsed.problems:
        raise ParseError(parsed.problems)
    return parsed.expression


def parse_or_none(text: str) -> Expression | None:
    """The expression, or None for a text that is not one, without looking for the errors."""
    if len(text) > MAX_TEXT_LENGTH or (len(text) > MAX_NESTING and first_too_deep(text)):
        return None
    return _parse(text)


def parse_repaired(
    text: str, name: str = "expression", declared: Mapping[str, str | tuple[str, ...]] | None = None
) -> Parsed:
    """The expression; for a text with errors, the errors and the nearest expression, if any.

    `declared` are the declared properties with their types, if any: they decide whether a word without quotes is text
    or a name.
    """
    if not isinstance(text, str):
        raise TypeError(f"an expression is a str, not {type(text).__name__}")
    if len(text) > MAX_TEXT_LENGTH:
        return Parsed(None, (_too_long(text, name),))
    if len(text) > MAX_NESTING and (deep := first_too_deep(text)):
        return Parsed(None, (_too_deep(text, name, deep),))
    if (expression := _parse(text)) is not None:
        return Parsed(expression)
    from segdsl.syntax.errors.recovery import repaired  # noqa: PLC0415  only wrong texts need it

    return Parsed(*repaired(Source(text, name), declared))


def _parse(text: str) -> Expression | None:
    context = ParseContext(text, tokens(text))
    result = run(context)
    return result if type(result) is Expression and not context.problems else None


def _too_long(text: str, name: str) -> Diagnostic:
    message = f"the expression has {len(text)} characters; the limit is {MAX_TEXT_LENGTH}"
    span = Span(MAX_TEXT_LENGTH, len(text))
    return Diagnostic(
        "too-long", message, span, Source(text, name), ("say it in several segments, or with definitions",)
    )


def _too_deep(text: str, name: str, span: Span) -> Diagnostic:
    message = f"nested deeper than {MAX_NESTING} levels of parentheses and `not`"
    return Diagnostic("too-deep", message, span, Source(text, name))
