"""The definitions of a host: each is parsed once, and checked once where it depends on no parameter."""

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

from segdsl.diagnostics import Diagnostic
from segdsl.semantics.typed import Condition, Origin
from segdsl.syntax.nodes import Expression, Reference
from segdsl.syntax.parser import read


class Definition(Struct, frozen=True):
    """A checked definition.

    `condition` is None when it is broken; `size` is the number of predicates that it expands to; `has_parameters` says
    whether it, or a definition that it uses, depends on parameters.
    """

    condition: Condition | None
    size: int
    has_parameters: bool = False


BROKEN = Definition(None, 0)


class Definitions:
    """Definitions by name. One that cannot be parsed is an error where it is used, not here.

    Threads may share it: what two of them find out at once is the same.
    """

    def __init__(self, given: Mapping[str, str | Expression] | None = None) -> None:
        if given is not None and not isinstance(given, Mapping):
            raise TypeError(f"definitions must be a mapping of names to expressions, not {type(given).__name__}")
        self._given = dict(given or {})
        self._parsed: dict[str, tuple[Origin | None, tuple[Diagnostic, ...]]] = {}
        self.checked: dict[str, Definition] = {}
        """Definitions that the checker found right, and that hold no parameter."""

    def __contains__(self, name: str) -> bool:
        return name in self._given

    def __iter__(self) -> Iterator[str]:
        return iter(self._given)

    def origin(self, name: str) -> tuple[Origin | None, tuple[Diagnostic, ...]]:
        """The definition as parsed, or None and what is wrong with its text."""
        if name not in self._parsed:
            given = self._given[name]
            expression, problems = (given, ()) if isinstance(given, Expression) else read(given, f"@{name}")
            self._parsed[name] = (None if expression is None else Origin(expression, f"@{name}"), problems)
        return self._parsed[name]

    def leaves(self, name: str) -> list[Any]:
        """The leaves of a definition that parses."""
        origin, _ = self.origin(name)
        return [] if origin is None else origin.leaves


def references(origin: Origin) -> Iterator[tuple[int, Reference]]:
    """The references to definitions in a text, each with the number of its leaf."""
    return ((number, leaf) for number, leaf in enumerate(origin.leaves) if isinstance(leaf, Reference))
