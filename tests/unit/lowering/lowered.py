"""Texts on their way through the lowering."""

from typing import Any

import segdsl
from segdsl.lowering.lower import Lowered, lower
from segdsl.lowering.space import Space, space_of
from segdsl.lowering.words import field_of_rule
from segdsl.semantics.checker import check
from segdsl.semantics.definitions import Definitions
from segdsl.semantics.resolution import resolver_of
from segdsl.semantics.schema import UNCHECKED
from segdsl.semantics.typed import Predicate, TypedExpression
from segdsl.wire.rules import Rule

Brief = tuple[str, str, Any]
"""A rule as its field's key, its operator (`is` for a flag) and its value."""


def typed(text: str, schema: segdsl.Schema | None = None, **definitions: str) -> TypedExpression:
    resolver = resolver_of(schema or UNCHECKED)
    found, problems = check(segdsl.parse(text), resolver=resolver, definitions=Definitions(definitions))
    assert found is not None, problems
    return found


def predicate_of(text: str, schema: segdsl.Schema | None = None) -> Predicate:
    condition = typed(text, schema).condition
    assert isinstance(condition, Predicate)
    return condition


def text_space(text: str, schema: segdsl.Schema | None = None, **definitions: str) -> Space:
    return space_of(typed(text, schema, **definitions).condition)


def lowered(text: str, limit: int = 16, schema: segdsl.Schema | None = None) -> Lowered:
    return lower(typed(text, schema).condition, limit)


def brief(rule: Rule) -> Brief:
    return field_of_rule(rule).key, getattr(rule, "operator", "is"), rule.value


def rules_of(text: str, limit: int = 16, schema: segdsl.Schema | None = None) -> list[list[Brief]]:
    """The rules of each conjunction; at most the limit."""
    found = lowered(text, limit, schema)
    assert found.count == len(found.conjunctions), found
    return [list(map(brief, conjunction)) for conjunction in found.conjunctions]
