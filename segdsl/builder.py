"""Expressions made in Python: the tree that a text would give, without a text.

    (field("commercialIntent") >= 0.6) & field("plan").in_(["pro", "enterprise"])
    scoped(~field("jailbreakDetected") & user["2fa"].is_true(), during="30d")

Values go into the tree and never into text, so nothing needs quoting. A name or value that no text could say is a
`ParseError` where it is given; what names mean is checked when the expression is compiled, as for a text.
"""

import re
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import Any, NoReturn, TypeVar
from uuid import UUID

from msgspec import Struct

from segdsl.diagnostics import Diagnostic
from segdsl.errors import ParseError
from segdsl.semantics import parameters
from segdsl.semantics.parameters import UnfitParameterError
from segdsl.source import Source, Span
from segdsl.syntax import literals
from segdsl.syntax.actions import KEYWORDS, name_problem, spelling
from segdsl.syntax.literals import LiteralError
from segdsl.syntax.nodes import (
    NO_TRUTH,
    And,
    Between,
    Comparison,
    Date,
    Expression,
    Or,
    Parameter,
    Reference,
    Truth,
    Value,
    joined,
)
from segdsl.syntax.tables import TERMINALS

Scalar = str | bool | int | float | Parameter
Length = str | timedelta | Parameter
Moment = str | date | Parameter
"""A date as text, a `date`, or an aware `datetime`."""

_Result = TypeVar("_Result")
_BRACKETED = re.compile(rf"(user|conversation)\[({TERMINALS['STRING']})\]")
_KEY = re.compile(r"[A-Za-z0-9._-]+")


# ── fields ─────────────────────────────────────────────────────────────────────────────────────────────────────────


class Field(Struct, frozen=True, eq=False):
    """Something that is known about a user, to be compared; made by `field`, `user` and `conversation`.

    `name` is its canonical spelling. In `&`, `|` and `~` the field stands for itself being true.
    """

    name: str
    __hash__ = None  # type: ignore[assignment]  # what looks a field up would compare it with others

    def __eq__(self, value: Scalar) -> Expression:  # type: ignore[override]  # it builds a comparison, and is none
        return self._compared("==", value)

    def __ne__(self, value: Scalar) -> Expression:  # type: ignore[override]  # likewise
        return self._compared("!=", value)

    def __lt__(self, value: Scalar) -> Expression:
        return self._compared("<", value)

    def __le__(self, value: Scalar) -> Expression:
        return self._compared("<=", value)

    def __gt__(self, value: Scalar) -> Expression:
        return self._compared(">", value)

    def __ge__(self, value: Scalar) -> Expression:
        return self._compared(">=", value)

    def in_(self, values: Iterable[Scalar] | Parameter) -> Expression:
        """`name in [values]`: a list, tuple or set, not empty."""
        return self._listed("in", values)

    def not_in(self, values: Iterable[Scalar] | Parameter) -> Expression:
        """`name not in [values]`."""
        return self._listed("not in", values)

    def contains(self, text: str | Parameter) -> Expression:
        """`name contains text`."""
        return self._compared("contains", text)

    def between(self, low: Scalar, high: Scalar) -> Expression:
        """`name between low and high`, both included."""
        bounds = [_scalar(bound, f"{self.name} between ") for bound in (low, high)]
        return Expression(Between(self.name, bounds[0], bounds[1]))

    def within(self, length: Length) -> Expression:
        """`name within length`: at most so long ago; `"7d"`, or a `timedelta` of whole minutes."""
        return self._recency("within", length)

    def before(self, length: Length) -> Expression:
        """`name before length`: longer ago."""
        return self._recency("before", length)

    def is_true(self) -> Expression:
        """The name alone: the flag is set, the property is `true`."""
        if self.name.lower() in KEYWORDS:  # a word of the language is a name before an operator only
            return self._compared("==", True)
        return Expression(Truth(self.name))

    def is_false(self) -> Expression:
        """`name == false`."""
        return self._compared("==", False)

    def __and__(self, other: "Field | Expression") -> Expression:
        return self.is_true() & _condition(other)

    def __rand__(self, other: "Field | Expression") -> Expression:
        return _condition(other) & self.is_true()

    def __or__(self, other: "Field | Expression") -> Expression:
        return self.is_true() | _condition(other)

    def __ror__(self, other: "Field | Expression") -> Expression:
        return _condition(other) | self.is_true()

    def __invert__(self) -> Expression:
        return ~self.is_true()

    def __bool__(self) -> bool:
        raise TypeError(NO_TRUTH)

    def _compared(self, operator: str, value: Any) -> Expression:
        return Expression(Comparison(self.name, operator, _scalar(value, f"{self.name} {operator} ")))

    def _listed(self, operator: str, values: Any) -> Expression:
        before = f"{self.name} {operator} "
        if isinstance(values, Parameter):
            return Expression(Comparison(self.name, operator, values))
        if isinstance(values, set | frozenset):
            values = sorted(values, key=repr)  # the same text in every run
        if not isinstance(values, list | tuple):
            _refuse("wrong-type", "this takes a list, tuple or set of values", before, values)
        if not values:
            _refuse("empty-list", "a list needs at least one value", before, "[]")
        return Expression(Comparison(self.name, operator, tuple(_scalar(value, f"{before}[") for value in values)))

    def _recency(self, operator: str, length: Any) -> Expression:
        if isinstance(length, timedelta):
            length = _length(length)
        before = f"{self.name} {operator} "
        value = length if isinstance(length, Parameter) else _fit(parameters.duration, length, "bad-duration", before)
        return Expression(Comparison(self.name, operator, value))


class Namespace(Struct, frozen=True):
    """`user` or `conversation`: properties by key, whatever the key looks like; `user["2fa"]` or `user("2fa")`."""

    word: str

    def __getitem__(self, key: str) -> Field:
        if not isinstance(key, str):
            raise TypeError(f"a key is a str, not {type(key).__name__}")
        if not _KEY.fullmatch(key):
            message = "a key must not be empty" if not key else "a key holds only letters, digits, `.`, `-` and `_`"
            _refuse("bad-name", message, f"{self.word}[", literals.quote(key), "]")
        return Field(spelling(self.word, str.__str__(key)))

    def __call__(self, key: str) -> Field:
        return self[key]


user = Namespace("user")
"""User properties by key: `user["2fa"]`."""
conversation = Namespace("conversation")
"""Conversation properties by key: `conversation["channel"]`."""


def field(name: str) -> Field:
    """The field that a name means in the language: `field("sentiment")`, `field("plan")`, `field("user.plan")`.

    Raises `ParseError` for what is no name. For keys from elsewhere use `user[key]`, which takes any.
    """
    if not isinstance(name, str):
        raise TypeError(f"a name is a str, not {type(name).__name__}")
    if bracketed := _BRACKETED.fullmatch(name):
        return Namespace(bracketed[1])[_unquoted(bracketed[2], name)]
    if not re.fullmatch(TERMINALS["NAME"], name):
        help_ = 'a name is letters, digits, `_` and `-`, its parts joined by dots; for other keys there is `user["…"]`'
        _refuse("bad-name", "this is not a name", "", name, help_=(help_,))
    if found := name_problem(name):
        _refuse("bad-name", found[0], "", name, help_=found[1])
    return Field(str.__str__(name))


def _unquoted(key: str, name: str) -> str:
    try:
        return literals.unquote(key)
    except LiteralError as error:
        _refuse("bad-name", error.message, "", name, help_=error.help)


# ── conditions ─────────────────────────────────────────────────────────────────────────────────────────────────────


def all_of(*conditions: Field | Expression) -> Expression:
    """The conditions joined by `and`, however many (one at least) there are."""
    return _joined(And, conditions)


def any_of(*conditions: Field | Expression) -> Expression:
    """The conditions joined by `or`, however many (one at least) there are."""
    return _joined(Or, conditions)


def definition(name: str) -> Expression:
    """`@name`: a definition, which is given when the expression is compiled."""
    return Expression(Reference(_word("DEFINITION", "@", name)))


def param(name: str) -> Parameter:
    """`$name`: a value that is given when the expression is compiled."""
    return Parameter(_word("PARAMETER", "$", name))


def scoped(
    condition: Field | Expression,
    *,
    during: str | Parameter | None = None,
    from_: Moment | None = None,
    to: Moment | None = None,
    products: str | UUID | Parameter | Iterable[str | UUID | Parameter] = (),
) -> Expression:
    """The condition with scope clauses, which say what conversations count.

    `during` is 7d, 30d, 90d or all; `from_` and `to` are dates; `products` is one product id, or several. Raises
    `ParseError` for a clause that the expression has already, and for a `from_` after `to`.
    """
    expression = _condition(condition)
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
            _refuse("repeated-clause", f"`{word}` stands twice", "", word, help_=("keep one of them",))
        clauses[name] = value or clauses[name]
    _check_order(clauses["from_"], clauses["to"])
    return Expression(expression.condition, **clauses)


def _condition(given: Any) -> Expression:
    if isinstance(given, Expression):
        return given
    if isinstance(given, Field):
        return given.is_true()
    hint = "put each comparison in parentheses: `(a >= 0.6) & (b == 1)`"
    raise TypeError(f"a condition is made by comparing a field, and {type(given).__name__} is none; {hint}")


def _joined(kind: type[And | Or], conditions: tuple[Any, ...]) -> Expression:
    expressions = [_condition(condition) for condition in conditions]
    return expressions[0] if len(expressions) == 1 else joined(kind, expressions)


# ── values ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _scalar(value: Any, before: str) -> Value:
    if isinstance(value, Parameter):
        return value
    if isinstance(value, Field):
        help_ = ("compare the field with a string, a number or a boolean",)
        _refuse("bad-comparison", "a comparison has one name and one literal", before, value.name, help_=help_)
    if value is None:
        help_ = ("a condition on a field that a user lacks never holds, so there is nothing to compare with",)
        _refuse("wrong-type", "there is no null", before, value, help_=help_)
    return _fit(parameters.scalar, value, "wrong-type", before)


def _fit(read: Callable[[Any], _Result], value: Any, code: str, before: str) -> _Result:
    """The value as the tree holds it; `before` is what stands before it in the text that a diagnostic shows."""
    try:
        return read(value)
    except UnfitParameterError as error:
        if code == "wrong-type" and isinstance(value, int | float):
            code = "number-out-of-range"
        _refuse(code, f"this is {error}", before, value)


def _optional(read: Callable[[Any], Any], value: Any, code: str, before: str) -> Any:
    return value if value is None or isinstance(value, Parameter) else _fit(read, value, code, before)


def _length(length: timedelta) -> str:
    """A `timedelta` in its largest whole unit; what no unit can say is left to be refused as it is."""
    minutes, rest = divmod(length, timedelta(minutes=1))
    for unit in "dhm":
        if minutes > 0 and not rest and minutes % literals.MINUTES[unit] == 0:
            return f"{minutes // literals.MINUTES[unit]}{unit}"
    return str(length)


def _products(given: Any) -> tuple[str | Parameter, ...]:
    listed = given if isinstance(given, list | tuple) else [given]
    read: list[str | Parameter] = []
    for product in listed:
        if isinstance(product, Parameter):
            read.append(product)
        else:
            text = str(product) if isinstance(product, UUID) else product
            read += _fit(parameters.products, text, "bad-product", "for product ")
    return tuple(read)


def _check_order(start: Any, end: Any) -> None:
    if isinstance(start, Date) and isinstance(end, Date):
        first, last = literals.instant(start.text), literals.instant(end.text)
        if first and last and first > last:
            _refuse("empty-date-range", "`from` is after `to`", f"from {start.text} ", f"to {end.text}")


def _word(terminal: str, sign: str, name: Any) -> str:
    if not isinstance(name, str):
        raise TypeError(f"a name is a str, not {type(name).__name__}")
    if not re.fullmatch(TERMINALS[terminal], sign + name):
        help_ = (f"write `{sign}name`: letters, digits, `_` and `-`, without dots",)
        _refuse("bad-name", f"this is not a {terminal.lower()}", sign, name, help_=help_)
    return str.__str__(name)


# ── refusing ───────────────────────────────────────────────────────────────────────────────────────────────────────


def _refuse(code: str, message: str, before: str, value: Any, after: str = "", help_: tuple[str, ...] = ()) -> NoReturn:
    """Raises the error about a value, shown where it would stand in a text."""
    shown = literals.shortened(value if isinstance(value, str) else _shown(value))
    span = Span(len(before), len(before) + len(shown))
    raise ParseError([Diagnostic(code, message, span, Source(before + shown + after), help_)]) from None


def _shown(value: Any) -> str:
    return repr(value) if isinstance(value, float) or value is None else f"<{type(value).__name__}>"
