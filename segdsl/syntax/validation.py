"""Checks that a text can hold a tree that was built in Python."""

from collections.abc import Callable
from math import isfinite
from typing import Any, NoReturn

from segdsl.limits import MAX_SAFE_INTEGER
from segdsl.syntax import literals
from segdsl.syntax.literals import LiteralError, shortened
from segdsl.syntax.names import NO_NAMES_ALONE, is_canonical, is_word
from segdsl.syntax.nodes import (
    And,
    BareName,
    Between,
    Chain,
    Comparison,
    Date,
    Duration,
    Expression,
    Not,
    Or,
    Parameter,
    Reference,
)

_SCALAR_OPERATORS = frozenset("== != < <= > >= contains within before".split()) | {"not contains"}
_LIST_OPERATORS = frozenset(["in", "not in"])
_BOUNDS = ("<", "<=")


class _InvalidError(Exception):
    """An error in a part."""


def validate(expression: Expression) -> None:
    """Raises `ValueError` for a tree that no text can hold, `TypeError` for a condition that is not a tree."""
    root: Any = expression.condition
    if isinstance(root, str):
        raise TypeError("an Expression is made of a tree; to read a text, use `segdsl.parse`")
    if type(root) not in _OPERANDS:
        raise TypeError(f"the condition of an Expression is a tree, not {type(root).__name__}")
    try:
        _scope(expression)
    except _InvalidError as error:
        raise ValueError(f"no text can say this scope: {error}") from None
    waiting = [root]
    while waiting:
        node = waiting.pop()
        try:
            waiting.extend(_OPERANDS.get(type(node), _not_a_condition)(node))
        except _InvalidError as error:
            raise ValueError(f"no text can say `{shortened(repr(node), 100)}`: {error}") from None


def _not_a_condition(_: Any) -> NoReturn:
    raise _InvalidError("this is not a condition")


# ── leaves ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _comparison(node: Comparison) -> None:
    _name(node.name)
    operator: Any = node.operator if type(node.operator) is str else ""
    if operator in _SCALAR_OPERATORS or (operator in _LIST_OPERATORS and type(node.value) is Parameter):
        _value(node.value)
    elif operator in _LIST_OPERATORS:
        _list(operator, node.value)
    else:
        raise _InvalidError(f"{shortened(repr(node.operator))} is not an operator")


def _list(operator: str, values: Any) -> None:
    if type(values) is not tuple:
        raise _InvalidError(f"`{operator}` takes a tuple of literals, or a parameter")
    if not values:
        raise _InvalidError("a list needs at least one value")
    for value in values:
        _value(value)


def _chain(node: Chain) -> None:
    _name(node.name)
    if not (node.low_operator in _BOUNDS and node.high_operator in _BOUNDS):
        raise _InvalidError("the operators of a chain are `<` and `<=`")
    _value(node.low)
    _value(node.high)


def _between(node: Between) -> None:
    _name(node.name)
    _value(node.low)
    _value(node.high)


def _bare_name(node: BareName) -> None:
    _name(node.name)
    if node.name.lower() in NO_NAMES_ALONE:
        raise _InvalidError(f"`{node.name}` is a word of the language; the property is `user.{node.name}`")


def _reference(node: Reference) -> None:
    _word(node.name, "definition")


def _operands(node: And | Or) -> tuple[Any, ...]:
    if type(node.operands) is not tuple:
        raise _InvalidError("operands are a tuple")
    return node.operands


def _leaf(check: Callable[[Any], None]) -> Callable[[Any], tuple[()]]:
    def operands(node: Any) -> tuple[()]:
        check(node)
        return ()

    return operands


_OPERANDS: dict[Any, Callable[[Any], tuple[Any, ...]]] = {
    And: _operands,
    Or: _operands,
    Not: lambda node: (node.operand,),
    Comparison: _leaf(_comparison),
    Chain: _leaf(_chain),
    Between: _leaf(_between),
    BareName: _leaf(_bare_name),
    Reference: _leaf(_reference),
}
"""Checks a node and returns its operands."""


def _name(name: Any) -> None:
    if type(name) is not str or not is_canonical(name):
        raise _InvalidError(f"{shortened(repr(name))} is not a name in its canonical spelling")


def _word(name: Any, kind: str) -> None:
    if type(name) is not str or not is_word(name):
        raise _InvalidError(f"{shortened(repr(name))} is not the name of a {kind}")


# ── literals ───────────────────────────────────────────────────────────────────────────────────────────────────────


def _value(value: Any) -> None:
    check = _VALUES.get(type(value))
    if check is None:
        raise _InvalidError(f"{shortened(repr(value))} is not a literal")
    check(value)


def _string(value: str) -> None:
    try:
        value.encode()
    except UnicodeEncodeError:
        raise _InvalidError("the string holds half a surrogate pair") from None


def _integer(value: int) -> None:
    if not -MAX_SAFE_INTEGER <= value <= MAX_SAFE_INTEGER:
        raise _InvalidError(f"the integer is beyond ±{MAX_SAFE_INTEGER}")


def _float(value: float) -> None:
    if not isfinite(value):
        raise _InvalidError("the number is not finite")


def _spelled(read: Callable[[str], Any], text: Any) -> None:
    """Checks a literal that is kept as its text."""
    if type(text) is not str:
        raise _InvalidError(f"{shortened(repr(text))} is not a text")
    try:
        read(text)
    except LiteralError as error:
        raise _InvalidError(error.message) from None


_VALUES: dict[Any, Callable[[Any], None]] = {
    str: _string,
    bool: lambda _: None,
    int: _integer,
    float: _float,
    Duration: lambda value: _spelled(literals.duration, value.text),
    Date: lambda value: _spelled(literals.date, value.text),
    Parameter: lambda value: _word(value.name, "parameter"),
}


# ── scope clauses ──────────────────────────────────────────────────────────────────────────────────────────────────


def _scope(expression: Expression) -> None:
    if (expression.during, expression.from_, expression.to, expression.products) == (None, None, None, ()):
        return
    _clause(expression.during, _preset)
    _clause(expression.from_, _moment)
    _clause(expression.to, _moment)
    if type(expression.products) is not tuple:
        raise _InvalidError("products are a tuple")
    for product in expression.products:
        _product(product)
    _order(expression.from_, expression.to)


def _clause(value: Any, check: Callable[[Any], None]) -> None:
    if type(value) is Parameter:
        _value(value)
    elif value is not None:
        check(value)


def _preset(value: Any) -> None:
    if type(value) is not str or value not in literals.PRESETS:
        raise _InvalidError(f"{shortened(repr(value))} is not a preset of `during`: 7d, 30d, 90d or all")


def _moment(value: Any) -> None:
    if type(value) is not Date:
        raise _InvalidError(f"{shortened(repr(value))} is not a Date")
    _value(value)


def _product(value: Any) -> None:
    if type(value) is Parameter:
        _value(value)
    else:
        _spelled(literals.product, value)


def _order(start: Any, end: Any) -> None:
    if type(start) is Date and type(end) is Date and literals.is_after(start.text, end.text):
        raise _InvalidError("`from` is after `to`")
