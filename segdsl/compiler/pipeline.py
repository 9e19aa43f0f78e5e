"""The stages in one go: a checked expression → filters or errors, and its warnings."""

from segdsl.compiler.emit import to_filters
from segdsl.diagnostics import Diagnostic
from segdsl.limits import MAX_SEGMENTS
from segdsl.lowering.lower import Lowered, lower
from segdsl.semantics.advice import Advice
from segdsl.semantics.checker import in_order
from segdsl.semantics.typed import TypedExpression, leaves_of
from segdsl.wire.filters import Filters


def compiled(
    typed: TypedExpression, max_segments: int, advice: Advice
) -> tuple[tuple[Filters, ...], tuple[Diagnostic, ...]]:
    """The filters of a checked expression; or (), and why it does not become at most `max_segments` segments."""
    _, filters, errors = _outcome(typed, max_segments, advice)
    return filters, in_order(errors) if errors else ()


def analysed(
    typed: TypedExpression, max_segments: int, advice: Advice
) -> tuple[tuple[Filters, ...], tuple[Diagnostic, ...]]:
    """`compiled`, with the warnings among the diagnostics, in the order of the text."""
    lowered, filters, errors = _outcome(typed, max_segments, advice)
    warnings = lints(typed, has_conjunctions=bool(lowered.conjunctions))
    return filters, in_order([*errors, *warnings])


def lints(typed: TypedExpression, *, has_conjunctions: bool = True) -> tuple[Diagnostic, ...]:
    """The warnings of a checked expression; those about its whole condition only if it can be compiled."""
    from segdsl.semantics.lints import comment_lints, value_lints  # noqa: PLC0415  compiling needs no warnings
    from segdsl.semantics.scope_lints import scope_lints  # noqa: PLC0415  likewise

    found = [*value_lints(leaves_of(typed.condition)), *scope_lints(typed), *comment_lints(typed.origin)]
    if has_conjunctions:
        from segdsl.lowering.lints import condition_lints  # noqa: PLC0415

        found += condition_lints(typed)
    return in_order(found)


def _outcome(
    typed: TypedExpression, max_segments: int, advice: Advice
) -> tuple[Lowered, tuple[Filters, ...], tuple[Diagnostic, ...]]:
    """The conjunctions, and their filters or the errors.

    The conjunctions go up to the usual limit even where only one is allowed, because the error lists the segments.
    """
    lowered = lower(typed.condition, max(max_segments, MAX_SEGMENTS))
    if 0 < len(lowered.conjunctions) <= max_segments:
        return lowered, tuple([to_filters(rules, typed) for rules in lowered.conjunctions]), ()
    from segdsl.lowering.split_errors import split_errors  # noqa: PLC0415  most expressions compile

    return lowered, (), split_errors(typed, lowered, advice, max_segments)
