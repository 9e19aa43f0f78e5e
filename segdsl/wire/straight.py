"""Straight from comparisons to rules, for conjunctions of plain comparisons of different fields: most segments are.

The stages' answer for one comparison depends on its name, its operator and the type of its literal only, so it is
found once by asking them. Whatever is not that simple goes through the stages, which give the same for what is.
"""

from functools import lru_cache
from typing import Any

from segdsl.lowering.atoms import SINGLE_ATOMS
from segdsl.semantics.catalogue import Field
from segdsl.semantics.fitting import wire_value
from segdsl.semantics.signatures import signature
from segdsl.syntax.nodes import And, Comparison, Expression
from segdsl.syntax.remembering import MAX_NAME, MAX_NAMES
from segdsl.wire.emit import COMPARING
from segdsl.wire.filters import Filters


def straight_filters(expression: Expression) -> Filters | None:
    """The filters of an expression without scope, parameters and schema; None where it takes the stages to tell."""
    if expression.during or expression.from_ or expression.to or expression.products:
        return None
    condition = expression.condition
    rules = []
    fields = set()
    for node in condition.operands if type(condition) is And else (condition,):
        if type(node) is not Comparison or len(node.name) > MAX_NAME:
            return None
        value: Any = node.value
        literal: Any = type(value)
        made = _rule(node.name, node.operator, literal)
        if made is None:
            return None
        kind, key, word, field = made
        rules.append(kind(key, word, wire_value(value) if literal is float else value))
        fields.add(field)
    return Filters(tuple(rules)) if len(fields) == len(rules) else None


@lru_cache(maxsize=MAX_NAMES)
def _rule(name: str, operator: str, literal: type) -> tuple[Any, str, str, Field] | None:
    """Of a comparison that one rule says as it stands: the kind of rule, its key and operator, and the field."""
    field, objection = signature(name, operator, literal, False)
    kind, word = COMPARING.get(field.kind), SINGLE_ATOMS.get((field.kind, operator))
    return (kind, field.key, word, field) if kind and word and objection is None else None
