"""The errors of segdsl, one tree.

SegdslError
 ├─ ParseError              the text is not an expression            .diagnostics
 ├─ CompileError            the expression cannot be compiled        .diagnostics
 ├─ ConfigError             a config file, a key or a setting is bad .diagnostics (may be empty)
 ├─ InvalidSegmentError     a segment over its limits, invalid filters data
 ├─ NestingError            a tree is nested deeper than the limit   (also a ValueError)
 ├─ UserError               a user record that cannot be evaluated
 └─ ApiError                the server refused, or was not reached   .status .code .request_id
     ├─ AuthenticationError     401: the key is not accepted
     ├─ QuotaExceededError      403 on a create: the plan allows no more segments
     ├─ RateLimitError          429, and the wait asked for is over the budget   .retry_after
     └─ AmbiguousCreateError    the segment may or may not have been created     .name .filters .ids
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from segdsl.diagnostics import Diagnostic


class SegdslError(Exception):
    """The base of all errors that segdsl raises on purpose."""


class _DiagnosedError(SegdslError):
    """An error made of diagnostics; `str()` renders all of them."""

    def __init__(self, diagnostics: Sequence[Diagnostic]) -> None:
        super().__init__(tuple(diagnostics))
        self.diagnostics: tuple[Diagnostic, ...] = tuple(diagnostics)

    def __str__(self) -> str:
        return "\n\n".join(str(diagnostic) for diagnostic in self.diagnostics)


class ParseError(_DiagnosedError):
    """The text is not an expression of the language; `.diagnostics` says where and why."""


class CompileError(_DiagnosedError):
    """The expression cannot be compiled; `.diagnostics` holds every reason found."""


class ConfigError(SegdslError):
    """A config file, an API key or another setting is unusable."""

    def __init__(self, message: str = "", diagnostics: Sequence[Diagnostic] = ()) -> None:
        super().__init__(message, tuple(diagnostics))
        self.message = message
        self.diagnostics: tuple[Diagnostic, ...] = tuple(diagnostics)

    def __str__(self) -> str:
        return "\n\n".join([self.message] * bool(self.message) + [str(diagnostic) for diagnostic in self.diagnostics])


@contextmanager
def needing_extra(extra: str, user: str) -> Iterator[None]:
    """Turns the import of a library that is not installed into a `ConfigError`: `user` needs it, `extra` brings it."""
    try:
        yield
    except ModuleNotFoundError as missing:
        library = (missing.name or "").partition(".")[0]
        if library == "segdsl":
            raise
        message = f"{user} needs {library}, which is not installed: pip install 'segdsl[{extra}]'"
        raise ConfigError(message) from missing


class InvalidSegmentError(SegdslError):
    """Data that the API would refuse: a `Segment` over its limits, or invalid `filters`. Holds every problem found."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__(tuple(problems))
        self.problems: tuple[str, ...] = tuple(problems)

    def __str__(self) -> str:
        return "; ".join(self.problems)


class NestingError(SegdslError, ValueError):
    """A tree is nested deeper than the limit of texts and trees, `limits.MAX_NESTING`."""


class UserError(SegdslError):
    """A user record holds a value that its field cannot have, such as a metric that is not a number."""


class ApiError(SegdslError):
    """The server refused a request, answered nonsense, or was not reached (`status` is None)."""

    def __init__(
        self, message: str, *, status: int | None = None, code: str | None = None, request_id: str | None = None
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.request_id = request_id

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild, (type(self), self.args[0], self.__dict__.copy())


class AuthenticationError(ApiError):
    """401: the server does not accept the API key."""


class QuotaExceededError(ApiError):
    """403 answering a create: the plan's `maxCustomSegments` is reached, or the plan has no such feature."""


class RateLimitError(ApiError):
    """429 with a wait longer than the retry budget; `retry_after` is the wait that the server asked for, in seconds."""

    retry_after: float | None = None


class AmbiguousCreateError(ApiError):
    """A create whose outcome is unknown: the segment may or may not exist.

    `name` and `filters` (wire shape) are what was sent; `ids` are segments on the server that look like it, if several.
    """

    name: str | None = None
    filters: Mapping[str, Any] | None = None
    ids: tuple[str, ...] = ()


def _rebuild(kind: type[ApiError], message: str, state: dict[str, Any]) -> ApiError:
    error = kind(message)
    error.__dict__.update(state)
    return error
