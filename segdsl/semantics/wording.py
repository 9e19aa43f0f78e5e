"""Expressions in words, for people who do not know the language."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from msgspec import Struct

from segdsl.catalogue import KIND_WORDS, MIRRORED, OPERATORS, Field, Kind, scale_of
from segdsl.semantics.names import field_of
from segdsl.semantics.schema import UNCHECKED, Schema
from segdsl.syntax.fold import fold
from segdsl.syntax.literals import PRESETS, quote
from segdsl.syntax.nodes import (
    And,
    BareName,
    Between,
    Chain,
    Comparison,
    Condition,
    Date,
    Duration,
    Expression,
    Literal,
    Not,
    Or,
    Parameter,
    Reference,
)
from segdsl.syntax.printer import literal, unparse

Parameters = Mapping[str, Any]


class Sentence(Struct, frozen=True):
    """One part of an expression in words. `text` is its expression, if it has no `parts`."""

    says: str
    text: str | None = None
    parts: tuple["Sentence", ...] = ()

    def outline(self) -> Iterator[tuple[str, int]]:
        """Its words and those of its parts, each with its depth; without recursion, because expressions can be deep."""
        waiting = [(self, 0)]
        while waiting:
            one, depth = waiting.pop()
            yield one.says, depth
            waiting += [(part, depth + 1) for part in reversed(one.parts)]


# ── conditions ─────────────────────────────────────────────────────────────────────────────────────────────────────


def sentence(condition: Condition, params: Parameters | None = None) -> Sentence:
    """The condition in words; parameters with the values that `params` gives them."""
    given = params or {}
    return fold(condition, lambda leaf: Sentence(_LEAVES[type(leaf)](leaf, given), unparse(leaf)), _joined)


def _joined(node: Any, parts: list[Sentence]) -> Sentence:
    if isinstance(node, Not):
        return _negated(node, parts[0])
    return Sentence("all of these:" if isinstance(node, And) else "at least one of these:", parts=tuple(parts))


def _negated(node: Not, part: Sentence) -> Sentence:
    if isinstance(node.operand, Or):
        return Sentence("none of these:", parts=part.parts)
    if isinstance(node.operand, And):
        return Sentence("not all of these:", parts=part.parts)
    if part.text is None:  # `not` of a `not` with its own parts
        return Sentence("not so:", parts=(part,))
    return Sentence(f"not so: {part.says}", unparse(node))


_VERBS_OF_DATES = {
    "==": "is on",
    "!=": "is not on",
    "<": "is before",
    "<=": "is on or before",
    ">": "is after",
    ">=": "is on or after",
}


def _comparison(node: Comparison, params: Parameters) -> str:
    verb = OPERATORS[node.operator].verb
    if isinstance(node.value, Date):
        verb = _VERBS_OF_DATES[node.operator]
    return f"{node.name} {verb} {_values(node, params)}"


def _values(node: Comparison, params: Parameters) -> str:
    value = node.value
    if isinstance(value, Parameter):
        return _parameter(value, params)
    if isinstance(value, tuple):
        return _alternatives([_value(item, params) for item in value])
    if isinstance(value, Duration):
        return f"{_duration(value.text)} ago"
    return _value(value, params)


def _chain(node: Chain, params: Parameters) -> str:
    low, high = _value(node.low, params), _value(node.high, params)
    above, below = OPERATORS[MIRRORED[node.low_operator]].verb, OPERATORS[node.high_operator].verb
    if isinstance(node.low, Date):
        above, below = _VERBS_OF_DATES[MIRRORED[node.low_operator]], _VERBS_OF_DATES[node.high_operator]
    return f"{node.name} {above} {low} and {below.removeprefix('is ')} {high}"


def _between(node: Between, params: Parameters) -> str:
    return f"{node.name} is from {_value(node.low, params)} to {_value(node.high, params)}, both included"


_LEAVES: dict[type, Callable[[Any, Parameters], str]] = {
    Comparison: _comparison,
    Chain: _chain,
    Between: _between,
    BareName: lambda node, _params: f"{node.name} is true",
    Reference: lambda node, _params: f"what @{node.name} says",
}


# ── values ─────────────────────────────────────────────────────────────────────────────────────────────────────────

_UNITS = {"m": "minute", "h": "hour", "d": "day", "w": "week"}


def _value(value: Any, params: Parameters) -> str:
    if isinstance(value, Parameter):
        return _parameter(value, params)
    return literal(value)


def _parameter(parameter: Parameter, params: Parameters) -> str:
    """The parameter's value with its name; only the name if it has no valid value."""
    bound = params.get(parameter.name)
    if isinstance(bound, list | tuple) and bound and all(isinstance(item, _PLAIN) for item in bound):
        return f"{_alternatives([literal(item) for item in bound])} (${parameter.name})"
    return f"{literal(bound)} (${parameter.name})" if isinstance(bound, _PLAIN) else f"${parameter.name}"


_PLAIN = (str, bool, int, float)


_MOST_ALTERNATIVES = 12


def _alternatives(values: list[str]) -> str:
    """`"a", "b" or "c"`; only the first ones of many."""
    *others, last = values
    if len(values) > _MOST_ALTERNATIVES:
        others, last = values[:_MOST_ALTERNATIVES], f"{len(values) - _MOST_ALTERNATIVES:,} others"
    return f"{', '.join(others)} or {last}" if others else last


def _duration(text: str) -> str:
    number, unit = text[:-1], _UNITS[text[-1]]
    return f"{number} {unit}{'s' * (number != '1')}"


# ── scope ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def scope_sentences(expression: Expression, params: Parameters | None = None) -> tuple[str, ...]:
    """Which conversations count, in words; empty if the expression does not say."""
    given = params or {}
    said = []
    if expression.during is not None:
        said.append(_period(expression.during, given))
    said += [f"{word} {_moment(value, given)}" for word, value in _dates(expression) if value is not None]
    if expression.products:
        said.append(f"with product {_alternatives([_value(product, given) for product in expression.products])}")
    return tuple(said)


def _period(during: str | Parameter, params: Parameters) -> str:
    if isinstance(during, Parameter):
        bound: Any = params.get(during.name)
        fits = isinstance(bound, str) and bound.lower() in PRESETS
        return f"{_period(bound.lower(), params)} (${during.name})" if fits else f"those of the period ${during.name}"
    return "all of them, whenever they were" if during == "all" else f"those of the last {_duration(during)}"


def _dates(expression: Expression) -> Iterable[tuple[str, Any]]:
    return ("from", expression.from_), ("until", expression.to)


def _moment(value: Any, params: Parameters) -> str:
    return value.text if isinstance(value, Literal) else _parameter(value, params)


# ── names ──────────────────────────────────────────────────────────────────────────────────────────────────────────

_TYPES = {
    "string": "a text",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
    "date": "a date",
}


def name_sentence(name: str, schema: Schema | None = None) -> str:
    """The meaning of a name in its canonical spelling, in words."""
    field = field_of(name)
    scale = scale_of(field)
    declared = (schema or UNCHECKED).type_of(field)
    if scale:
        return f"{KIND_WORDS[field.kind].sentence}, from {scale[0]} to {scale[1]}"
    if declared is None:
        return KIND_WORDS[field.kind].sentence + _undeclared(field)
    allowed = (
        _TYPES[declared] if isinstance(declared, str) else f"one of {_alternatives([quote(one) for one in declared])}"
    )
    return f"{KIND_WORDS[field.kind].sentence}, declared as {allowed}"


def _undeclared(field: Field) -> str:
    return " (not a built-in name)" if field.kind is Kind.PROPERTY else ""
