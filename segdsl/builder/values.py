"""Values as the tree holds them; values that no text could hold are refused."""

from collections.abc import Callable, Iterable, Mapping, Set
from datetime import timedelta
from typing import Any, NoReturn, TypeVar

from segdsl.diagnostics import Diagnostic
from segdsl.errors import ParseError
from segdsl.semantics.parameters import UnfitParameterError
from segdsl.source import Source, Span
from segdsl.syntax import literals

_Result = TypeVar("_Result")


def fit(read: Callable[[Any], _Result], value: Any, code: str, before: str) -> _Result:
    """The value as the tree holds it; `before` is the text before it in a diagnostic."""
    try:
        return read(value)
    except UnfitParameterError as error:
        if code == "wrong-type" and isinstance(value, int | float):
            code = "number-out-of-range"
        refuse(code, f"this is {error}", before, value)


def listed(values: Any) -> tuple[Any, ...] | None:
    """The items of a list, tuple, set or other iterable, those of a set in a fixed order; None for anything else."""
    if isinstance(values, str | bytes | Mapping) or not isinstance(values, Iterable):
        return None
    return tuple(sorted(values, key=repr) if isinstance(values, Set) else values)


def refuse(code: str, message: str, before: str, value: Any, after: str = "", help_: tuple[str, ...] = ()) -> NoReturn:
    """Raises the error about a value, shown in the text that would hold it."""
    shown = literals.shortened(value if isinstance(value, str) else _shown(value))
    span = Span(len(before), len(before) + len(shown))
    raise ParseError([Diagnostic(code, message, span, Source(before + shown + after), help_)]) from None


def _shown(value: Any) -> str:
    if isinstance(value, timedelta):
        return str(value)
    return repr(value) if isinstance(value, float) or value is None else f"<{type(value).__name__}>"
