"""Straight from the tree to rules, for conjunctions whose parts speak of different fields: most segments are.

What the stages make of one comparison depends on its name, its operator and the type of its literal only, and on the
schema; so it is found once by asking them, and remembered. Whatever is not that simple goes through the stages, which
give the same for what is.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache, partial
from itertools import product
from math import prod
from typing import Any

from segdsl.lowering.atoms import SINGLE_ATOMS, single_atom
from segdsl.lowering.negation import OPPOSITES
from segdsl.lowering.plain import ALTERNATIVES
from segdsl.semantics.catalogue import Field, Kind
from segdsl.semantics.fitting import misfit, undeclared, wire_value
from segdsl.semantics.schema import UNCHECKED, Schema
from segdsl.semantics.signatures import signature
from segdsl.semantics.typed import Predicate
from segdsl.syntax.memoize import MAX_NAME, MAX_NAMES
from segdsl.syntax.nodes import MIRRORED, And, BareName, Between, Chain, Comparison, Duration, Expression, Not, Or
from segdsl.wire.emit import COMPARING, rule_of
from segdsl.wire.filters import Filters
from segdsl.wire.rules import Rule

Said = tuple[Field | None, Callable[[Any], Rule] | None, Callable[[Any], bool] | None]
"""What a comparison says: its field, what makes its rule of the literal, and whether a literal fits; None for what
takes more than one rule, and where every literal of its type fits. No field when it cannot be said."""

_SAMPLES: dict[type, Any] = {str: "", int: 0, float: 0.5, bool: True, Duration: Duration("1d")}
_LISTED = {"in": "==", "not in": "!="}


def straight_filters(expression: Expression, limit: int, schema: Schema | None = None) -> tuple[Filters, ...] | None:
    """The filters of an expression without scope, at most `limit`; None where it takes the stages to tell."""
    if expression.during or expression.from_ or expression.to or expression.products:
        return None
    known = _UNDECLARED if schema is None else _known(schema)
    condition = expression.condition
    operands = condition.operands if type(condition) is And else (condition,)
    rules: dict[Field | None, Rule] = {}
    for node in operands:
        if type(node) is not Comparison:
            return _filters_of(operands, limit, known)
        value: Any = node.value
        literal: Any = type(value)
        field, make, fits = known[node.name, node.operator, literal]
        if make is None or (fits is not None and not fits(value)):
            return _filters_of(operands, limit, known)
        rules[field] = make(wire_value(value) if literal is float and value.is_integer() else value)
    return (Filters(tuple(rules.values())),) if len(rules) == len(operands) else None


def _filters_of(operands: Sequence[Any], limit: int, known: "_Known") -> tuple[Filters, ...] | None:
    """The filters of parts of any kind that must all hold; the first choice changes last."""
    found: dict[Field, Sequence[Sequence[Rule]]] = {}
    waiting = list(reversed(operands))
    while waiting:
        node = waiting.pop()
        read = _READERS.get(type(node))
        if read:
            part = read(node, known)
            if part is None or part[0] in found:
                return None
            found[part[0]] = part[1]
        elif type(node) is Not:
            inside = node.operand
            waiting += [_opposite(one) for one in (reversed(inside.operands) if type(inside) is Or else (inside,))]
        else:
            return None
    slots = [slot for part in found.values() for slot in part]
    return tuple([Filters(rules) for rules in product(*slots)]) if prod(map(len, slots)) <= limit else None


# ── parts ──────────────────────────────────────────────────────────────────────────────────────────────────────────

_Part = tuple[Field, Sequence[Sequence[Rule]]]
"""A field, and what is said about it: rules that hold together, for each of them those of which it is one."""


def _opposite(operand: Any) -> Any:
    """What holds where the operand does not; None when it is not simply that."""
    kind = type(operand)
    if kind is Comparison:
        opposite = OPPOSITES.get(operand.operator)
        return Comparison(operand.name, opposite, operand.value) if opposite else None
    if kind is BareName:
        return Comparison(operand.name, "!=", True)
    return operand.operand if kind is Not else None


def _comparison(node: Comparison, known: "_Known") -> _Part | None:
    value: Any = node.value
    if type(value) is tuple:
        return _membership(node, value, known)
    field, make, fits = known[node.name, node.operator, type(value)]
    if field is None or (fits is not None and not fits(value)):
        return None
    if make is not None:
        return field, [[make(wire_value(value))]]
    words = ALTERNATIVES.get((field.kind, node.operator))
    return (field, [[COMPARING[field.kind](field.key, word, wire_value(value)) for word in words]]) if words else None


def _membership(node: Comparison, values: tuple[Any, ...], known: "_Known") -> _Part | None:
    literal: Any = type(values[0])
    field, make, fits = known[node.name, node.operator, literal]
    if field is None or make is None:
        return None
    if len(set(map(type, values))) > 1 or not (fits is None or all(map(fits, values))):
        return None
    rules = [make(value) for value in dict.fromkeys(values if literal is str else map(wire_value, values))]
    return field, [[rule] for rule in rules] if node.operator == "not in" else [rules]


def _chain(node: Chain, known: "_Known") -> _Part | None:
    low = _single(node.name, MIRRORED[node.low_operator], node.low, known)
    return _range(low, _single(node.name, node.high_operator, node.high, known))


def _between(node: Between, known: "_Known") -> _Part | None:
    return _range(_single(node.name, ">=", node.low, known), _single(node.name, "<=", node.high, known))


def _range(low: tuple[Field, Any] | None, high: tuple[Field, Any] | None) -> _Part | None:
    """Two bounds, numbers, that leave room for more than a point."""
    if low is None or high is None or low[0].kind is Kind.CONVERSATION_PROPERTY:
        return None
    first, last = low[1].value, high[1].value
    return None if type(first) is str or type(last) is str or first >= last else (low[0], ((low[1],), (high[1],)))


def _bare_name(node: BareName, known: "_Known") -> _Part | None:
    single = _single(node.name, "==", True, known)
    return single and (single[0], ((single[1],),))


def _single(name: str, operator: str, value: Any, known: "_Known") -> tuple[Field, Any] | None:
    """The field of a comparison and its rule, when one rule says it."""
    field, make, fits = known[name, operator, type(value)]
    if field is None or make is None or (fits is not None and not fits(value)):
        return None
    return field, make(wire_value(value))


_READERS: dict[type, Callable[..., _Part | None]] = {
    Comparison: _comparison,
    Chain: _chain,
    Between: _between,
    BareName: _bare_name,
}


# ── what the stages say ────────────────────────────────────────────────────────────────────────────────────────────


class _Known(dict[tuple[str, str, type], Said]):
    """What a name, an operator and a type of literal say under a schema: asked once, then looked up."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema

    def __missing__(self, key: tuple[str, str, type]) -> Said:
        said = _said(self._schema, *key)
        if len(key[0]) <= MAX_NAME:
            if len(self) >= MAX_NAMES:
                self.clear()
            self[key] = said
        return said


def _said(schema: Schema, name: str, operator: str, literal: type) -> Said:
    declared = schema.properties is not None and name in schema.properties
    if literal not in _SAMPLES:
        return None, None, None
    field, objection = signature(name, operator, literal, declared)
    if objection or undeclared(schema, field):
        return None, None, None
    type_ = schema.type_of(field)
    fits = None
    if type_ is not None or field.kind is Kind.COUNT:
        fits = lambda value: misfit(schema, field, name, operator, value) is None  # noqa: E731
    return field, _maker(field, operator, literal, whole=type_ == "integer" and literal in (int, float)), fits


def _maker(field: Field, operator: str, literal: type, *, whole: bool) -> Callable[[Any], Rule] | None:
    """What makes the rule of a literal; None when it takes several."""
    single = _LISTED.get(operator, operator)
    word = SINGLE_ATOMS.get((field.kind, single))
    if word:
        return partial(COMPARING[field.kind], field.key, word)

    def atom(value: Any) -> Any:
        return single_atom(Predicate(field, operator, wire_value(value), None, _NO_ORIGIN, whole))

    return (lambda value: rule_of(atom(value))) if atom(_SAMPLES[literal]) else None


_NO_ORIGIN: Any = None
"""Atoms do not depend on where a predicate stands."""


@lru_cache(maxsize=16)
def _known(schema: Schema) -> _Known:
    return _Known(schema)


_UNDECLARED = _known(UNCHECKED)
