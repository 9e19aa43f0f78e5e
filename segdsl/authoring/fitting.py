"""All known names, and the comparisons that fit them, by the checker."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from segdsl.catalogue import BUILT_INS, NAMESPACE_OF, OPERATORS, Field
from segdsl.compiler.pipeline import compiled
from segdsl.limits import MAX_SEGMENTS
from segdsl.semantics.advice import PYTHON
from segdsl.semantics.checker import check
from segdsl.semantics.names import field_of, name_everywhere
from segdsl.semantics.resolution import Resolver, resolver_of
from segdsl.semantics.schema import Schema
from segdsl.syntax.nodes import Comparison, Date, Duration, Expression

ANY_STRING = "\0"
"""A string that no schema declares."""

_SAMPLES: tuple[Any, ...] = (ANY_STRING, 1, True, Duration("7d"), Date("2026-01-31"))
"""A literal of each type."""


# ── names ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def names_of(schema: Schema) -> Iterator[str]:
    """The built-in names, then the declared properties, each by its shortest name."""
    yield from BUILT_INS
    for kind in NAMESPACE_OF:
        for key in schema.keys(kind):
            yield name_everywhere(Field(kind, key))


# ── the checker's answers ──────────────────────────────────────────────────────────────────────────────────────────


def accepts(name: str, operator: str, value: Any, resolver: Resolver) -> bool:
    """Whether the checker takes the comparison of a name with a literal."""
    says = resolver[name, operator, type(value)]
    return says.objection is None and (says.misfit is None or says.misfit(value) is None)


def samples_for(name: str, resolver: Resolver) -> tuple[Any, ...]:
    """A literal of each type, and one that the schema allows."""
    declared = resolver.schema.type_of(field_of(name))
    return (*_SAMPLES, declared[0]) if isinstance(declared, tuple) else _SAMPLES


def operators_of(name: str, resolver: Resolver) -> tuple[str, ...]:
    """The operators that a name takes with some literal and a segment can express; `between` if ordered."""
    samples = samples_for(name, resolver)
    signs = [sign for sign in OPERATORS if sign != "not contains"]  # the API has no rule for it
    found = [sign for sign in signs if any(accepts(name, sign, one, resolver) for one in samples)]
    return (*found, "between") if "<" in found else tuple(found)


@lru_cache(maxsize=4096)
def segments_of(name: str, operator: str, schema: Schema) -> int:
    """How many segments a comparison with one literal becomes. A sample is compiled."""
    resolver = resolver_of(schema)
    for literal in samples_for(name, resolver):
        if accepts(name, operator, literal, resolver):
            typed, _ = check(Expression(Comparison(name, operator, literal)), resolver=resolver)
            return 1 if typed is None else max(1, len(compiled(typed, MAX_SEGMENTS, PYTHON)[0]))
    return 1
