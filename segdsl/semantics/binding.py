"""A checked expression with values in place of its parameters, and conditions in place of its definitions."""

from collections.abc import Callable, Mapping
from graphlib import TopologicalSorter
from typing import Any

from msgspec.structs import replace

from segdsl.semantics import parameters
from segdsl.semantics.parameters import Parameters
from segdsl.syntax.fold import fold
from segdsl.syntax.nodes import (
    UNBOUNDED,
    BareName,
    Between,
    Chain,
    Comparison,
    Condition,
    Date,
    Expression,
    Not,
    Parameter,
    Reference,
    Value,
    valid_expression,
)
from segdsl.syntax.parser import parse


def bind(
    expression: Expression,
    params: Parameters | None = None,
    definitions: Mapping[str, str | Expression] | None = None,
) -> Expression:
    """The expression as a tree of its own, without a parameter or reference.

    Values go into the tree, never into text. The expression must have been checked with the same parameters and
    definitions: what the checker reports is raised here as it comes, a `KeyError` or a `ValueError`.
    """
    given = params or {}
    conditions: dict[str, Condition] = {}
    for name, condition in _used_definitions(expression.condition, definitions or {}):
        conditions[name] = _bound(condition, given, conditions)
    return valid_expression(
        _bound(expression.condition, given, conditions),
        parameters.preset(given[expression.during.name])
        if isinstance(expression.during, Parameter)
        else expression.during,
        _moment(expression.from_, given),
        _moment(expression.to, given),
        tuple(product for listed in expression.products for product in _products(listed, given)),
    )


# ── definitions ────────────────────────────────────────────────────────────────────────────────────────────────────


def _used_definitions(condition: Condition, definitions: Mapping[str, str | Expression]) -> list[tuple[str, Condition]]:
    """The definitions that a condition uses, by way of others too, each after those that it uses itself."""
    used: dict[str, Condition] = {}
    uses: dict[str, set[str]] = {}
    waiting = sorted(_references(condition))
    while waiting:
        name = waiting.pop()
        if name not in used:
            given = definitions[name]
            used[name] = (parse(given, name=f"@{name}") if isinstance(given, str) else given).condition
            uses[name] = _references(used[name])
            waiting += uses[name]
    return [(name, used[name]) for name in TopologicalSorter(uses).static_order()]


def _references(condition: Condition) -> set[str]:
    found: set[str] = set()

    def leaf(node: Any) -> None:
        if isinstance(node, Reference):
            found.add(node.name)

    fold(condition, leaf, lambda _node, _operands: None)
    return found


# ── conditions ─────────────────────────────────────────────────────────────────────────────────────────────────────


def _bound(condition: Condition, given: Parameters, conditions: Mapping[str, Condition]) -> Condition:
    def leaf(node: Any) -> Condition:
        if isinstance(node, BareName):
            return node
        return conditions[node.name] if isinstance(node, Reference) else _bound_leaf(node, given)

    return fold(condition, leaf, _joined)


def _joined(node: Any, operands: list[Condition]) -> Condition:
    if isinstance(node, Not):
        return Not(operands[0], nesting=UNBOUNDED)
    joined: Condition = type(node)(tuple(operands), nesting=UNBOUNDED)
    return joined


def _bound_leaf(node: Comparison | Chain | Between, given: Parameters) -> Condition:
    if isinstance(node, Comparison):
        return replace(node, value=_comparison_value(node, given))
    return replace(node, low=_scalar(node.low, given), high=_scalar(node.high, given))


def _comparison_value(node: Comparison, given: Parameters) -> Value | tuple[Value, ...]:
    value = node.value
    if isinstance(value, tuple):
        return tuple(_scalar(item, given) for item in value)
    if not isinstance(value, Parameter):
        return value
    return _FITS.get(node.operator, parameters.scalar)(given[value.name])


_FITS: dict[str, Callable[[Any], Value | tuple[Value, ...]]] = {
    "in": parameters.many,
    "not in": parameters.many,
    "within": parameters.duration,
    "before": parameters.duration,
}


def _scalar(value: Value, given: Parameters) -> Value:
    return parameters.scalar(given[value.name]) if isinstance(value, Parameter) else value


# ── scope ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _moment(value: Date | Parameter | None, given: Parameters) -> Date | None:
    return parameters.moment(given[value.name]) if isinstance(value, Parameter) else value


def _products(value: str | Parameter, given: Parameters) -> tuple[str, ...]:
    return parameters.products(given[value.name]) if isinstance(value, Parameter) else (value,)
