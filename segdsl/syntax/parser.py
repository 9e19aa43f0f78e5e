"""Text → Expression, or diagnostics that say what is wrong with it."""

from segdsl.diagnostics import Diagnostic
from segdsl.errors import ParseError
from segdsl.limits import MAX_DIAGNOSTICS, MAX_NESTING, MAX_TEXT_LENGTH
from segdsl.source import Source, Span
from segdsl.syntax.actions import ParseContext, Problem
from segdsl.syntax.driver import UnexpectedToken, run
from segdsl.syntax.lexer import PlainTokens, tokens
from segdsl.syntax.nesting import first_too_deep
from segdsl.syntax.nodes import Expression


def parse(text: str, *, name: str = "expression") -> Expression:
    """The expression that `text` says. `name` is what diagnostics call the text.

    Raises `ParseError` with every problem found, and `TypeError` for anything but a `str`.
    """
    expression, problems = read(text, name)
    if expression is None:
        raise ParseError(problems)
    return expression


def read(text: str, name: str = "expression") -> tuple[Expression | None, tuple[Diagnostic, ...]]:
    """The expression, or None and what is wrong with the text."""
    if not isinstance(text, str):
        raise TypeError(f"an expression is a str, not {type(text).__name__}")
    if len(text) > MAX_TEXT_LENGTH:
        return None, (_too_long(text, name),)
    if len(text) > MAX_NESTING and (deep := first_too_deep(text)):
        return None, (_too_deep(text, name, deep),)
    context = ParseContext(text, tokens(text))
    result = run(context)
    if type(result) is Expression and not context.problems:
        return result, ()
    return None, _explain(text, name)


def _explain(text: str, name: str) -> tuple[Diagnostic, ...]:
    """The diagnostics of a text that cannot be parsed; it is parsed again, token by token, to find them."""
    from segdsl.syntax.errors.unexpected import explain_failure  # noqa: PLC0415  only wrong texts need it

    plain = PlainTokens(text)
    context = ParseContext(text, plain.rows)
    result = run(context)
    source = Source(text, name)
    found = [_diagnostic(problem, plain, source) for problem in context.problems]
    if type(result) is UnexpectedToken:
        found.append(explain_failure(result, context, plain, source))
    return tuple(sorted(found, key=lambda diagnostic: diagnostic.span)[:MAX_DIAGNOSTICS])


def _diagnostic(problem: Problem, plain: PlainTokens, source: Source) -> Diagnostic:
    whole = plain.span(problem.first, problem.last)
    if problem.end is not None:
        whole = Span(whole.start + problem.start, whole.start + problem.end)
    return Diagnostic(problem.code, problem.message, whole, source, problem.help)


def _too_long(text: str, name: str) -> Diagnostic:
    message = f"the expression has {len(text)} characters; the limit is {MAX_TEXT_LENGTH}"
    span = Span(MAX_TEXT_LENGTH, len(text))
    return Diagnostic(
        "too-long", message, span, Source(text, name), ("say it in several segments, or with definitions",)
    )


def _too_deep(text: str, name: str, span: Span) -> Diagnostic:
    message = f"nested deeper than {MAX_NESTING} levels of parentheses and `not`"
    return Diagnostic("too-deep", message, span, Source(text, name))
