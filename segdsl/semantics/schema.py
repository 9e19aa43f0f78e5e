"""The declared properties of users and conversations."""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

from segdsl.catalogue import Field, Kind
from segdsl.errors import ConfigError

DeclaredType = str | tuple[str, ...]
"""One of "string", "number", "integer", "boolean", "date", or the allowed strings."""

TYPES = ("string", "number", "integer", "boolean", "date")
_KEY = re.compile(r"[A-Za-z0-9._-]+")


class Schema:
    """The properties that exist, by key: a type, or a list of the allowed strings.

    `properties` are the user's, `conversation_properties` a conversation's. None leaves them unchecked; an empty
    mapping allows none. Raises `ConfigError` with all invalid declarations.
    """

    def __init__(
        self,
        properties: Mapping[str, str | Sequence[str]] | None = None,
        conversation_properties: Mapping[str, str | Sequence[str]] | None = None,
    ) -> None:
        declared = {"properties": properties, "conversation_properties": conversation_properties}
        problems = [problem for place, table in declared.items() for problem in declaration_problems(place, table)]
        if problems:
            raise ConfigError("; ".join(problems))
        self.properties = _frozen(properties)
        self.conversation_properties = _frozen(conversation_properties)
        self._tables = {
            Kind.PROPERTY: self.properties,
            Kind.CONVERSATION_PROPERTY: self.conversation_properties,
        }

    def __repr__(self) -> str:
        return f"Schema(properties={self.properties!r}, conversation_properties={self.conversation_properties!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Schema) and self._tables == other._tables

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def _hash(self) -> int:
        return hash(tuple(None if table is None else frozenset(table.items()) for table in self._tables.values()))

    def __reduce__(self) -> tuple[Any, ...]:
        """Strings have different hashes in different processes, so the hash is not pickled."""
        return Schema, (self.properties, self.conversation_properties)

    def is_declared(self, field: Field) -> bool:
        """Whether the schema knows the field, or says nothing about fields of its kind."""
        table = self._tables.get(field.kind)
        return table is None or field.key in table

    def type_of(self, field: Field) -> DeclaredType | None:
        """The declared type of a property, or None."""
        return (self._tables.get(field.kind) or {}).get(field.key)

    def keys_of_type(self, kind: Kind, type_: str) -> list[str]:
        """The keys of a kind of property that are declared with a type."""
        return [key for key, declared in (self._tables.get(kind) or {}).items() if declared == type_]

    def declared(self, kind: Kind) -> Mapping[str, DeclaredType] | None:
        """The declared properties of a kind, with their types; None if any is allowed."""
        return self._tables.get(kind)

    def keys(self, kind: Kind) -> Iterable[str]:
        """The declared keys of a kind of property."""
        return self.declared(kind) or ()


def declaration_problems(place: str, table: object) -> list[str]:
    """The problems of a table of declarations; each begins with its place."""
    if table is None:
        return []
    if not isinstance(table, Mapping):
        return [f"{place}: must be a table of keys and types"]
    return [f"{place}.{key}: {problem}" for key, type_ in table.items() if (problem := declaration_problem(key, type_))]


def declaration_problem(key: object, declared: object) -> str | None:
    """The problem of one declaration; None if it is valid."""
    if not isinstance(key, str) or not _KEY.fullmatch(key):
        return "a key holds only letters, digits, `.`, `-` and `_`"
    if isinstance(declared, str):
        return None if declared in TYPES else f"must be one of {', '.join(TYPES)}, or a list of strings"
    if not isinstance(declared, Sequence) or not all(isinstance(value, str) for value in declared):
        return f"must be one of {', '.join(TYPES)}, or a list of strings"
    return None if declared else "a list of allowed values needs at least one"


def _frozen(table: Mapping[str, str | Sequence[str]] | None) -> dict[str, DeclaredType] | None:
    if table is None:
        return None
    return {key: declared if isinstance(declared, str) else tuple(declared) for key, declared in table.items()}


UNCHECKED = Schema()
"""The empty schema, which allows any property."""
