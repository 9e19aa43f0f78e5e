"""Joining and scoping conditions; parameters and definitions, whose values are given later."""

import re
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any
from uuid import UUID

from segdsl.builder.fields import ComparableField, as_condition
from segdsl.builder.values import fit, listed, refuse
from segdsl.semantics import parameters
from segdsl.syntax import literals
from segdsl.syntax.nodes import And, Date, Expression, Or, Parameter, Reference, joined
from segdsl.syntax.tables import TERMINALS

Moment = str | date | Parameter
"""A date as text, a `date`, or an aware `datetime`."""


def all_of(*conditions: ComparableField | Expression) -> Expression:
    """The conditions, one or more, joined by `and`."""
    return _joined(And, conditions)


def any_of(*conditions: ComparableField | Expression) -> Expression:
    """The conditions, one or more, joined by `or`."""
    return _joined(Or, conditions)


def definition(name: str) -> Expression:
    """`@name`: a definition, given when the expression is compiled."""
    return Expression(Reference(_word("DEFINITION", "@", name)))


def param(name: str) -> Parameter:
    """`$name`: a value, given when the expression is compiled."""
    return Parameter(_word("PARAMETER", "$", name))


def scoped(
    condition: ComparableField | Expression,
    *,
    during: str | Parameter | None = None,
    from_: Moment | None = None,
    to: Moment | None = None,
    products: str | UUID | Parameter | Iterable[str | UUID | Parameter] = (),
) -> Expression:
    """The condition with scope clauses, which say which conversations count.

    `during` is 7d, 30d, 90d or all; `from_` and `to` are dates; `products` is one product id, or several. Raises
    `ParseError` for a clause that the expression already has, and for a `from_` after `to`.
    """
    expression = as_condition(condition)
    given: dict[str, Any] = {
        "during": _optional(parameters.preset, during, "bad-duration", "during "),
        "from_": _optional(parameters.moment, from_, "bad-date", "from "),
        "to": _optional(parameters.moment, to, "bad-date", "to "),
        "products": _products(products),
    }
    clauses = {name: getattr(expression, name) for name in given}
    for name, value in given.items():
        if value and clauses[name]:
            word = name.rstrip("_").replace("products", "for product")
            refuse("repeated-clause", f"`{word}` stands twice", "", word, help_=("keep one of them",))
        clauses[name] = value or clauses[name]
    _check_order(clauses["from_"], clauses["to"])
    return Expression(expression.condition, **clauses)


def _joined(kind: type[And | Or], conditions: tuple[Any, ...]) -> Expression:
    expressions = [as_condition(condition) for condition in conditions]
    return expressions[0] if len(expressions) == 1 else joined(kind, expressions)


def _optional(read: Callable[[Any], Any], value: Any, code: str, before: str) -> Any:
    return value if value is None or isinstance(value, Parameter) else fit(read, value, code, before)


def _products(given: Any) -> tuple[str | Parameter, ...]:
    items = listed(given)
    read: list[str | Parameter] = []
    for product in (given,) if items is None else items:
        if isinstance(product, Parameter):
            read.append(product)
        else:
            read += fit(parameters.products, product, "bad-product", "for product ")
    return tuple(read)


def _check_order(start: Any, end: Any) -> None:
    if isinstance(start, Date) and isinstance(end, Date):
        first, last = literals.instant(start.text), literals.instant(end.text)
        if first and last and first > last:
            refuse("empty-date-range", "`from` is after `to`", f"from {start.text} ", f"to {end.text}")


def _word(terminal: str, sign: str, name: Any) -> str:
    if not isinstance(name, str):
        raise TypeError(f"a name is a str, not {type(name).__name__}")
    if not re.fullmatch(TERMINALS[terminal], sign + name):
        help_ = (f"write `{sign}name`: letters, digits, `_` and `-`, without dots",)
        refuse("bad-name", f"this is not a {terminal.lower()}", sign, name, help_=help_)
    return str.__str__(name)
