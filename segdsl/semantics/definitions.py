"""The definitions of a host: each is parsed once, and checked once if it depends on no parameter."""

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

from segdsl.diagnostics import Diagnostic
from segdsl.semantics.typed import Condition, Origin
from segdsl.source import Span
from segdsl.syntax.nodes import Expression, Reference
from segdsl.syntax.parser import parse_repaired


class Definition(Struct, frozen=True):
    """A checked definition.

    `condition` is None if it has errors; `size` is its number of predicates, with those of used definitions;
    `has_parameters` says whether it, or a definition that it uses, depends on parameters.
    """

    condition: Condition | None
    size: int
    has_parameters: bool = False


BROKEN = Definition(None, 0)


class DefinitionText(Struct, frozen=True):
    """A definition as parsed.

    With `problems`, its `origin` is the expression nearest to the text, or None, and `guesses` are the places where a
    repair only lets the parse go on.
    """

    origin: Origin | None
    problems: tuple[Diagnostic, ...] = ()
    guesses: tuple[Span, ...] = ()


class Definitions:
    """Definitions by name. One that cannot be parsed is an error where it is used, not here.

    Threads may share it, because all of them find the same.
    """

    def __init__(self, given: Mapping[str, str | Expression] | None = None) -> None:
        if given is not None and not isinstance(given, Mapping):
            raise TypeError(f"definitions must be a mapping of names to expressions, not {type(given).__name__}")
        self._given = dict(given or {})
        self._parsed: dict[str, DefinitionText] = {}
        self.checked: dict[str, Definition] = {}
        """Checked definitions without errors and without parameters."""

    def __contains__(self, name: str) -> bool:
        return name in self._given

    def __iter__(self) -> Iterator[str]:
        return iter(self._given)

    def __len__(self) -> int:
        return len(self._given)

    def text(self, name: str) -> DefinitionText:
        """The definition as parsed, with the problems of its text."""
        if name not in self._parsed:
            given = self._given[name]
            if isinstance(given, Expression):
                self._parsed[name] = DefinitionText(Origin(given, f"@{name}"))
            else:
                parsed = parse_repaired(given, f"@{name}")
                origin = None if parsed.expression is None else Origin(parsed.expression, f"@{name}")
                self._parsed[name] = DefinitionText(origin, parsed.problems, parsed.guesses)
        return self._parsed[name]

    def origin(self, name: str) -> Origin | None:
        """The definition, None if its text has errors."""
        text = self.text(name)
        return None if text.problems else text.origin

    def users(self, name: str) -> set[str]:
        """The definition itself, and all that use it, also through others: in its body they would make a circle."""
        using: dict[str, list[str]] = {}
        for user in self:
            for leaf in self.leaves(user):
                if isinstance(leaf, Reference):
                    using.setdefault(leaf.name, []).append(user)
        found, waiting = {name}, [name]
        while waiting:
            new = set(using.get(waiting.pop(), ())) - found
            found |= new
            waiting += new
        return found

    def leaves(self, name: str) -> list[Any]:
        """The leaves of a definition without syntax errors."""
        origin = self.origin(name)
        return [] if origin is None else origin.leaves


NO_DEFINITIONS = Definitions()


def references(origin: Origin) -> Iterator[tuple[int, Reference]]:
    """The references to definitions in a text, each with the number of its leaf."""
    return ((number, leaf) for number, leaf in enumerate(origin.leaves) if isinstance(leaf, Reference))
