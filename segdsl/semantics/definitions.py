"""The definitions of a host: each is parsed once, and checked once if it depends on no parameter."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from msgspec import Struct

from segdsl.catalogue import Kind
from segdsl.diagnostics import Diagnostic
from segdsl.semantics.names import field_of
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
        return _users({name}, {user: self.leaves(user) for user in self})

    def of_conversations(self, leaves: Iterable[Any]) -> set[str]:
        """The definitions used by the leaves, also through others, that ask for a property of conversations.

        A definition asks for what the ones ask for that it uses.
        """
        found: dict[str, list[Any]] = {}
        waiting = list(leaves)
        for leaf in waiting:
            if isinstance(leaf, Reference) and leaf.name in self and leaf.name not in found:
                found[leaf.name] = self.leaves(leaf.name)
                waiting += found[leaf.name]
        return _users({name for name, own in found.items() if any(map(_is_of_conversations, own))}, found)

    def leaves(self, name: str) -> list[Any]:
        """The leaves of a definition without syntax errors."""
        origin = self.origin(name)
        return [] if origin is None else origin.leaves


def _users(names: set[str], leaves: Mapping[str, list[Any]]) -> set[str]:
    """These definitions, and all that use them, also through others; `leaves` are those of all definitions."""
    using: dict[str, list[str]] = {}
    for user, own in leaves.items():
        for leaf in own:
            if isinstance(leaf, Reference):
                using.setdefault(leaf.name, []).append(user)
    found, waiting = set(names), [*names]
    while waiting:
        new = set(using.get(waiting.pop(), ())) - found
        found |= new
        waiting += new
    return found


def _is_of_conversations(leaf: Any) -> bool:
    return not isinstance(leaf, Reference) and field_of(leaf.name).kind is Kind.CONVERSATION_PROPERTY


NO_DEFINITIONS = Definitions()


def references(origin: Origin) -> Iterator[tuple[int, Reference]]:
    """The references to definitions in a text, each with the number of its leaf."""
    return ((number, leaf) for number, leaf in enumerate(origin.leaves) if isinstance(leaf, Reference))
