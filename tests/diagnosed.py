"""Questions about diagnostics: their codes, the errors among them, and the text they underline."""

from collections.abc import Callable, Iterable
from typing import Any

import segdsl
from segdsl.diagnostics import Diagnostic, Note


def refusal(asked: Callable[[], object]) -> tuple[Diagnostic, ...]:
    """The diagnostics with which something is refused, at least one; () when it is not."""
    try:
        asked()
    except (segdsl.ParseError, segdsl.CompileError) as refused:
        if not refused.diagnostics:
            raise AssertionError("a refusal without a reason") from refused
        return refused.diagnostics
    return ()


def errors_of(found: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Those that are errors, in their order."""
    return tuple(one for one in found if one.severity == "error")


def codes_of(found: Iterable[Diagnostic]) -> list[str]:
    """Their codes, in their order."""
    return [one.code for one in found]


def underlined(place: Diagnostic | Note) -> str:
    """The text that a diagnostic or a note points at."""
    return place.source.text[place.span.start : place.span.end]


def segments_of(text: str, **given: Any) -> tuple[segdsl.Filters, ...]:
    """The filters that a text compiles to; none for what never matches. Raises what else it is refused with."""
    try:
        return segdsl.compile_all(text, **given)
    except segdsl.CompileError as refused:
        if codes_of(refused.diagnostics) != ["never-matches"]:
            raise
        return ()
