"""Expressions in words, for people who do not know the language."""

from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from segdsl.catalogue import KIND_WORDS, MIRRORED, OPERATORS, OPPOSITES, Field, Kind, scale_of
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


class _Both(Struct, frozen=True):
    """A part in words, and its negation. `several` is true if it asks for conversations: a user may have several."""

    says: Sentence
    negated: Sentence
    several: bool


def sentence(
    condition: Condition, params: Parameters | None = None, of_conversations: Container[str] = frozenset()
) -> Sentence:
    """The condition in words; parameters with the values that `params` gives them.

    A `not` over a property of conversations asks for a conversation that is otherwise, not for the lack of one, so that
    it is said of each comparison. `of_conversations` are the names of the definitions that ask for such a property.
    """
    given = params or {}
    return fold(condition, lambda leaf: _leaf(leaf, given, of_conversations), _joined).says


def _leaf(node: Any, params: Parameters, of_conversations: Container[str]) -> _Both:
    opposite = Not(node)
    if isinstance(node, Reference):
        several = node.name in of_conversations
        says = f"what @{node.name} says"
        negated = f"the opposite of each condition of @{node.name}" if several else f"not so: {says}"
    elif several := field_of(node.name).kind is Kind.CONVERSATION_PROPERTY:
        says, negated = _in_some(node, params, negated=False), _in_some(node, params, negated=True)
    else:
        says = _LEAVES[type(node)](node, params)
        negated = f"not so: {says}"
    return _Both(Sentence(says, unparse(node)), Sentence(negated, unparse(opposite)), several)


def _joined(node: Any, parts: list[_Both]) -> _Both:
    if isinstance(node, Not):
        return _negated(node, parts[0])
    every, several = isinstance(node, And), any(part.several for part in parts)
    says, negated = tuple([part.says for part in parts]), tuple([part.negated for part in parts])
    if several:
        opposite = Sentence(_SOME if every else _ALL, parts=negated)
    else:
        opposite = Sentence("not all of these:" if every else "none of these:", parts=says)
    return _Both(Sentence(_ALL if every else _SOME, parts=says), opposite, several)


_ALL, _SOME = "all of these:", "at least one of these:"


def _negated(node: Not, part: _Both) -> _Both:
    if part.several or isinstance(node.operand, And | Or):
        says = part.negated
    elif part.says.text is None:  # `not` of a `not` with its own parts
        says = Sentence("not so:", parts=(part.says,))
    else:
        says = Sentence(f"not so: {part.says.says}", unparse(node))
    return _Both(says, part.says, part.several)


def _in_some(node: Any, params: Parameters, *, negated: bool) -> str:
    """A comparison of a property of conversations, which any conversation of a user may meet."""
    if isinstance(node, BareName):
        return f"in some conversation, {node.name} is {'not ' * negated}true"
    if isinstance(node, Chain | Between):
        return _range_in_some(node, params, negated=negated)
    operator = OPPOSITES[node.operator] if negated else node.operator
    if operator == "not in" and not (type(node.value) is tuple and len(node.value) == 1):
        return f"for each of {_values(node, params, 'and')}, some conversation has another {node.name}"
    return f"in some conversation, {_comparison(replace(node, operator=operator), params)}"


def _range_in_some(node: Chain | Between, params: Parameters, *, negated: bool) -> str:
    """Both bounds of a range: different conversations may meet them."""
    signs = (MIRRORED[node.low_operator], node.high_operator) if isinstance(node, Chain) else (">=", "<=")
    above, below = [OPPOSITES[sign] if negated else sign for sign in signs]
    low, high = Comparison(node.name, above, node.low), Comparison(node.name, below, node.high)
    joined = "or" if negated else "and"
    return f"in some conversation, {_comparison(low, params)}, {joined} in some, {_comparison(high, params)}"


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


def _values(node: Comparison, params: Parameters, last: str = "or") -> str:
    value = node.value
    if isinstance(value, Parameter):
        return _parameter(value, params, last)
    if isinstance(value, tuple):
        return _listed([_value(item, params) for item in value], last)
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


def _parameter(parameter: Parameter, params: Parameters, last: str = "or") -> str:
    """The parameter's value with its name; only the name if it has no valid value."""
    bound = params.get(parameter.name)
    if isinstance(bound, list | tuple) and bound and all(isinstance(item, _PLAIN) for item in bound):
        return f"{_listed([literal(item) for item in bound], last)} (${parameter.name})"
    return f"{literal(bound)} (${parameter.name})" if isinstance(bound, _PLAIN) else f"${parameter.name}"


_PLAIN = (str, bool, int, float)


_MOST_LISTED = 12


def _listed(values: list[str], last: str = "or") -> str:
    """`"a", "b" or "c"`; only the first ones of many."""
    *others, final = values
    if len(values) > _MOST_LISTED:
        others, final = values[:_MOST_LISTED], f"{len(values) - _MOST_LISTED:,} others"
    return f"{', '.join(others)} {last} {final}" if others else final


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
        said.append(f"with product {_listed([_value(product, given) for product in expression.products])}")
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
    allowed = _TYPES[declared] if isinstance(declared, str) else f"one of {_listed([quote(one) for one in declared])}"
    return f"{KIND_WORDS[field.kind].sentence}, declared as {allowed}"


def _undeclared(field: Field) -> str:
    return " (not a built-in name)" if field.kind is Kind.PROPERTY else ""
