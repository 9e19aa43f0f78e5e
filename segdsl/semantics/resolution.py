"""The meaning of a name, an operator and the type of a literal under a schema: found once, then looked up.

Names recur, and a search for near misses costs as much as ten whole comparisons, so the checker asks a `Resolver`.
"""

from collections.abc import Callable
from functools import lru_cache, partial
from typing import Any

from msgspec import Struct

from segdsl.catalogue import OPPOSITES, Field, Kind
from segdsl.semantics.names import field_of
from segdsl.semantics.objections import (
    Objection,
    misfit,
    name_objection,
    not_a_condition,
    synonym_misfit,
    synonym_with_scale,
    undeclared,
    unfit,
)
from segdsl.semantics.schema import UNCHECKED, Schema
from segdsl.syntax.memoize import MAX_NAME, MAX_NAMES

Misfit = Callable[[Any], Objection | None]


class Resolution(Struct, eq=False):
    """A comparison without its literal. It is compared by identity, so that tables keyed by it are fast.

    `objection` says why it is wrong for every literal of the type; `misfit` returns the error of one literal, and is
    None if every literal of the type fits. `whole` says that the field is declared as an integer, `date` that it is
    declared as a date: then the checker turns the comparison into bounds at `dates.cuts`. `declared` says that it is
    declared at all, and `allowed` holds the declared values if there are any.
    """

    field: Field
    operator: str
    objection: Objection | None = None
    misfit: Misfit | None = None
    whole: bool = False
    date: bool = False
    declared: bool = False
    allowed: tuple[str, ...] = ()
    _opposite: "Resolution | None" = None

    @property
    def opposite(self) -> "Resolution":
        """The comparison that holds exactly where this one does not; both are unknown if the field is missing."""
        if self._opposite is None:
            self._opposite = Resolution(
                self.field,
                OPPOSITES[self.operator],
                whole=self.whole,
                date=self.date,
                declared=self.declared,
                allowed=self.allowed,
                _opposite=self,
            )
        return self._opposite


class Resolver(dict[tuple[str, str, type], Resolution]):
    """Resolutions by name, operator and type of literal, under one schema. Bounded, and safe to share between threads.

    The operator "" means a name alone, which is `== true`.
    """

    def __init__(self, schema: Schema) -> None:
        self.schema = schema

    def __missing__(self, key: tuple[str, str, type]) -> Resolution:
        found = self._resolve(*key)
        if len(key[0]) <= MAX_NAME:
            if len(self) >= MAX_NAMES:
                self.clear()
            self[key] = found
        return found

    def _resolve(self, name: str, operator: str, literal: type) -> Resolution:
        field, schema = field_of(name), self.schema
        declared = schema.type_of(field)
        sign = operator or "=="
        objection = None if declared is not None else name_objection(name, sign, literal, schema)
        if objection is None and not operator:
            objection = not_a_condition(field, name, schema)
        objection = objection or undeclared(schema, field, literal) or unfit(field, name, sign, literal, declared)
        return Resolution(
            field,
            sign,
            objection,
            self._misfit(field, name, sign, literal),
            declared == "integer" and literal in (int, float),
            declared == "date",
            declared is not None,
            declared if isinstance(declared, tuple) else (),
        )

    def _misfit(self, field: Field, name: str, operator: str, literal: type) -> Misfit | None:
        declared = self.schema.type_of(field)
        if declared is not None or field.kind is Kind.COUNT:
            return partial(misfit, declared, field, name, operator)
        metric = synonym_with_scale(name, operator, literal)
        return partial(synonym_misfit, name, metric, self.schema) if metric else None


@lru_cache(maxsize=16)
def resolver_of(schema: Schema) -> Resolver:
    """The resolver of a schema, shared by all callers."""
    return Resolver(schema)


UNCHECKED_RESOLVER = resolver_of(UNCHECKED)
"""The resolver without declarations."""
