"""Fields, with operators and methods that make comparisons."""

import re
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from msgspec import Struct

from segdsl.builder.values import fit, listed, refuse
from segdsl.semantics import parameters
from segdsl.syntax import literals
from segdsl.syntax.literals import LiteralError
from segdsl.syntax.names import KEYWORDS, name_problem, spelling
from segdsl.syntax.nodes import NO_TRUTH, BareName, Between, Comparison, Expression, Parameter, Value
from segdsl.syntax.tables import TERMINALS

Scalar = str | bool | int | float | Parameter
Length = str | timedelta | Parameter

_BRACKETED = re.compile(rf"(user|conversation)\[({TERMINALS['STRING']})\]")
_KEY = re.compile(r"[A-Za-z0-9._-]+")


class ComparableField(Struct, frozen=True, eq=False):
    """A fact about a user, to be compared; made by `field`, `user` and `conversation`.

    `name` is its canonical spelling. In `&`, `|` and `~` a field means that it is true.
    """

    name: str
    __hash__ = None  # type: ignore[assignment]  # what looks a field up would compare it with others

    def __eq__(self, value: Scalar) -> Expression:  # type: ignore[override]  # it builds a comparison
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
        """`name in [values]`: a non-empty list, tuple, set or other iterable."""
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
        """`name within length`: at most that long ago; `"7d"`, or a `timedelta` of whole minutes."""
        return self._recency("within", length)

    def before(self, length: Length) -> Expression:
        """`name before length`: longer ago than that."""
        return self._recency("before", length)

    def is_true(self) -> Expression:
        """The name alone: the flag is set, the property is `true`."""
        if self.name.lower() in KEYWORDS:  # a word of the language is a name before an operator only
            return self._compared("==", True)
        return Expression(BareName(self.name))

    def is_false(self) -> Expression:
        """`name == false`."""
        return self._compared("==", False)

    def __and__(self, other: "ComparableField | Expression") -> Expression:
        return self.is_true() & as_condition(other)

    def __rand__(self, other: "ComparableField | Expression") -> Expression:
        return as_condition(other) & self.is_true()

    def __or__(self, other: "ComparableField | Expression") -> Expression:
        return self.is_true() | as_condition(other)

    def __ror__(self, other: "ComparableField | Expression") -> Expression:
        return as_condition(other) | self.is_true()

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
        items = listed(values)
        if items is None:
            refuse("wrong-type", "this takes a list of values", before, values)
        if not items:
            refuse("empty-list", "a list needs at least one value", before, "[]")
        return Expression(Comparison(self.name, operator, tuple([_scalar(item, f"{before}[") for item in items])))

    def _recency(self, operator: str, length: Any) -> Expression:
        before = f"{self.name} {operator} "
        value = length if isinstance(length, Parameter) else fit(parameters.duration, length, "bad-duration", before)
        return Expression(Comparison(self.name, operator, value))


class Namespace(Struct, frozen=True):
    """The properties of `user` or `conversation` by key: `user["2fa"]` or `user("2fa")`."""

    word: str

    def __getitem__(self, key: str) -> ComparableField:
        if not isinstance(key, str):
            raise TypeError(f"a key is a str, not {type(key).__name__}")
        if not _KEY.fullmatch(key):
            message = "a key must not be empty" if not key else "a key holds only letters, digits, `.`, `-` and `_`"
            refuse("bad-name", message, f"{self.word}[", literals.quote(key), "]")
        return ComparableField(spelling(self.word, str.__str__(key)))

    def __call__(self, key: str) -> ComparableField:
        return self[key]


user = Namespace("user")
"""User properties by key: `user["2fa"]`."""
conversation = Namespace("conversation")
"""Conversation properties by key: `conversation["channel"]`."""


def field(name: str) -> ComparableField:
    """The field that a name means in the language: `field("sentiment")`, `field("plan")`, `field("user.plan")`.

    Raises `ParseError` for a text that is not a name. `user[key]` takes any key.
    """
    if not isinstance(name, str):
        raise TypeError(f"a name is a str, not {type(name).__name__}")
    if bracketed := _BRACKETED.fullmatch(name):
        return Namespace(bracketed[1])[_unquoted(bracketed[2], name)]
    if not re.fullmatch(TERMINALS["NAME"], name):
        help_ = 'a name is letters, digits, `_` and `-`, its parts joined by dots; write other keys as `user["…"]`'
        refuse("bad-name", "this is not a name", "", name, help_=(help_,))
    if found := name_problem(name):
        refuse("bad-name", found[0], "", name, help_=found[1])
    return ComparableField(str.__str__(name))


def _unquoted(key: str, name: str) -> str:
    try:
        return literals.unquote(key)
    except LiteralError as error:
        refuse("bad-name", error.message, "", name, help_=error.help)


def as_condition(given: Any) -> Expression:
    """An operand of `and`, `or` or `not`: an expression, or a field that must be true."""
    if isinstance(given, Expression):
        return given
    if isinstance(given, ComparableField):
        return given.is_true()
    hint = "put each comparison in parentheses: `(a >= 0.6) & (b == 1)`"
    raise TypeError(f"a condition compares a field; {type(given).__name__} is not one; {hint}")


def _scalar(value: Any, before: str) -> Value:
    if isinstance(value, Parameter):
        return value
    if isinstance(value, ComparableField):
        help_ = ("compare the field with a string, a number or a boolean",)
        refuse("bad-comparison", "a comparison has one name and one literal", before, value.name, help_=help_)
    if value is None:
        help_ = ("a condition on a field that a user lacks never holds, so there is nothing to compare with",)
        refuse("wrong-type", "there is no null", before, value, help_=help_)
    return fit(parameters.scalar, value, "wrong-type", before)
