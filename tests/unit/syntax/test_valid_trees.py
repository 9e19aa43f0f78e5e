"""An expression that is built in Python holds only what some text can say."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from msgspec.structs import replace

import segdsl
from segdsl import NestingError, unparse
from segdsl.limits import MAX_NESTING, MAX_SAFE_INTEGER
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
    Not,
    Or,
    Parameter,
    Reference,
)
from segdsl.syntax.parser import parse
from tests.misuse import unchecked

A = BareName("a")
PRODUCT = "182bd5e5-6e1a-4fe4-a799-aa6d9a6ab26e"


class Text(str):
    """A str, but not exactly: its methods may be anything."""


VALUES = [
    *(float("nan"), float("inf"), -float("inf"), MAX_SAFE_INTEGER + 1, -MAX_SAFE_INTEGER - 1, 10**400),
    *("\ud800", "a\udfff", Text("a"), None, b"a", ["a"], (), ("a",), {"a"}, date(2026, 1, 1), 1j, BareName("a")),
    *(
        Duration("0d"),
        Duration("7y"),
        Duration("99999d"),
        Duration(unchecked(7)),
        Duration(""),
        Date("2026-02-30"),
        Date(unchecked(1)),
    ),
    *(Date("today"), Parameter(""), Parameter("a.b"), Parameter("$a"), Parameter(unchecked(1)), Reference("a")),
]
NAMES = [
    *("", "not", "TRUE", "user", "conversation", "USER.x", "a b", "2fa", "a.", "a..b", ".a", "é", "a\n", 5, None),
    *('user["plan"]', 'user["a b"]', 'user["é"]', 'user[""]', 'users["-x"]', "user.-x", Text("a"), "a" * 9 + "."),
]


@pytest.mark.parametrize("value", VALUES, ids=repr)
@pytest.mark.parametrize(
    "leaf",
    [
        lambda value: Comparison("a", "==", value),
        lambda value: Comparison("a", "in", (1, value)),
        lambda value: Chain(value, "<", "a", "<", 2),
        lambda value: Chain(1, "<", "a", "<", value),
        lambda value: Between("a", value, 2),
        lambda value: Between("a", 1, value),
    ],
)
def test_values(value: Any, leaf: Callable[[Any], Condition]) -> None:
    with pytest.raises(ValueError, match="no text can say"):
        Expression(leaf(value))


@pytest.mark.parametrize("name", NAMES, ids=repr)
@pytest.mark.parametrize(
    "leaf",
    [
        BareName,
        lambda name: Comparison(name, "==", 1),
        lambda name: Chain(1, "<", name, "<", 2),
        lambda name: Between(name, 1, 2),
    ],
)
def test_names(name: Any, leaf: Callable[[Any], Condition]) -> None:
    with pytest.raises(ValueError, match="not a name in its canonical spelling"):
        Expression(Not(leaf(name)))


@pytest.mark.parametrize("name", ["from", "AND", "product"])
def test_keywords_are_names_before_an_operator_only(name: str) -> None:
    assert parse(unparse(Expression(Comparison(name, "==", 1)))) == Expression(Comparison(name, "==", 1))
    with pytest.raises(ValueError, match=f"`{name}` is a word of the language; the property is `user.{name}`"):
        Expression(BareName(name))


@pytest.mark.parametrize(
    "leaf",
    [
        Comparison("a", "=", 1),
        Comparison("a", "=<", 1),
        Comparison("a", "IN", (1,)),
        Comparison("a", "is", True),
        Comparison("a", unchecked(["=="]), 1),
        Comparison("a", "in", 1),
        Comparison("a", "in", ()),
        Comparison("a", "not in", unchecked([1])),
        Comparison("a", "not in", unchecked(((1,),))),
        Comparison("a", "==", (1,)),
        Comparison("a", "contains", ("x",)),
        Chain(1, "==", "a", "<", 2),
        Chain(1, "<", "a", ">", 2),
        Chain(2, ">", "a", ">", 1),
        Chain(1, "<", "a", unchecked(["<"]), 2),
        Reference("a.b"),
        Reference("@a"),
        Reference(unchecked(None)),
    ],
    ids=repr,
)
def test_operators_and_shapes(leaf: Condition) -> None:
    with pytest.raises(ValueError, match="no text can say"):
        Expression(And((A, Or((A, leaf)))))


@pytest.mark.parametrize(
    ("connective", "operands"),
    [(And, (A, "b")), (Not, 5), (Or, (A, None)), (And, [A, A]), (Not, Expression(A)), (And, (A, (A, A)))],
    ids=repr,
)
def test_operands(connective: Callable[[Any], Condition], operands: Any) -> None:
    with pytest.raises(ValueError, match="no text can say"):
        Expression(connective(operands))


@pytest.mark.parametrize(
    "scope",
    [
        {"during": "8d"},
        {"during": "7D"},
        {"during": 7},
        {"during": Duration("7d")},
        {"during": ""},
        {"during": Parameter("a.b")},
        {"from_": "2026-01-01"},
        {"to": Date("2026-13-01")},
        {"from_": date(2026, 1, 1)},
        {"from_": Date("2026-01-02"), "to": Date("2026-01-01")},
        {"products": PRODUCT},
        {"products": [PRODUCT]},
        {"products": ("shoes",)},
        {"products": (None,)},
        {"products": (PRODUCT, Parameter(""))},
    ],
    ids=repr,
)
def test_scope(scope: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="no text can say"):
        Expression(A, **scope)
    with pytest.raises(ValueError, match="no text can say"):
        replace(parse("a"), **scope)


def test_a_text_is_no_tree() -> None:
    with pytest.raises(TypeError, match=r"use `segdsl\.parse`"):
        Expression(unchecked("a == 1"))
    for other in (None, 5, parse("a"), segdsl.field("a")):
        with pytest.raises(TypeError, match="is a tree, not"):
            Expression(unchecked(other))


def test_the_message_says_which_part() -> None:
    with pytest.raises(ValueError, match=r"no text can say `Comparison\(name='b', operator='==', value=nan\)`"):
        Expression(And((A, Comparison("b", "==", float("nan")))))


@pytest.mark.parametrize("other", [None, "a", 5, segdsl.compile("rating > 3")], ids=repr)
def test_only_trees_are_unparsed(other: Any) -> None:
    with pytest.raises(TypeError, match="is unparsed, not"):
        unparse(other)


def test_joining_valid_expressions_looks_at_nothing_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    built = segdsl.field("a") == 1
    monkeypatch.setattr("segdsl.syntax.validation.validate", None)  # calling it would fail
    joined = built
    for _ in range(1_000):
        joined = joined & built | ~joined
        assert isinstance(joined.condition, Or)
        if joined.condition.nesting > MAX_NESTING - 2:
            joined = built
    assert joined.text is None


def test_a_nesting_error_is_a_value_error_and_a_segdsl_error() -> None:
    assert issubclass(NestingError, ValueError)
    assert issubclass(NestingError, segdsl.SegdslError)
