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
    lowered = _lowered(typed, max_segments)
    if 0 < len(lowered.conjunctions) <= max_segments:
        return _filters(typed, lowered), ()
    return (), in_order(_errors(typed, lowered, max_segments, advice))


def analysed(
    typed: TypedExpression, max_segments: int, advice: Advice
) -> tuple[tuple[Filters, ...], tuple[Diagnostic, ...]]:
    """`compiled`, with the warnings among the diagnostics, in the order of the text."""
    lowered = _lowered(typed, max_segments)
    has_errors = not 0 < len(lowered.conjunctions) <= max_segments
    errors = _errors(typed, lowered, max_segments, advice) if has_errors else ()
    warnings = lints(typed, has_conjunctions=bool(lowered.conjunctions))
    return () if has_errors else _filters(typed, lowered), in_order([*errors, *warnings])


def lints(typed: TypedExpression, *, has_conjunctions: bool = True) -> tuple[Diagnostic, ...]:
    """The warnings of a checked expression; those about its whole condition only if it can be compiled."""
    from segdsl.semantics.lints import comment_lints, value_lints  # noqa: PLC0415  compiling needs no warnings

    found = [*value_lints(leaves_of(typed.condition)), *comment_lints(typed.origin)]
    if has_conjunctions:
        from segdsl.lowering.lints import condition_lints  # noqa: PLC0415

        found += condition_lints(typed)
    return in_order(found)


def _filters(typed: TypedExpression, lowered: Lowered) -> tuple[Filters, ...]:
    return tuple([to_filters(rules, typed) for rules in lowered.conjunctions])


def _lowered(typed: TypedExpression, max_segments: int) -> Lowered:
    """The conjunctions, up to the usual limit even where only one is allowed, because the error lists the segments."""
    return lower(typed.condition, max(max_segments, MAX_SEGMENTS))


def _errors(typed: TypedExpression, lowered: Lowered, max_segments: int, advice: Advice) -> tuple[Diagnostic, ...]:
    from segdsl.lowering.split_errors import split_errors  # noqa: PLC0415  most expressions compile

    return split_errors(typed, lowered, advice, max_segments)
