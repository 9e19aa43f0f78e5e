"""The spans of an expression's parts in its text."""

import pytest

import segdsl
from segdsl import field
from segdsl.source import Span
from segdsl.syntax.nodes import And, BareName, Comparison, Expression, Not, Or
from segdsl.syntax.spans import Spans

PRODUCT = "182bd5e5-6e1a-4fe4-a799-aa6d9a6ab26e"


def found(text: str, span: Span) -> str:
    return text[span.start : span.end]


@pytest.mark.parametrize(
    ("text", "number", "name", "operator", "values"),
    [
        ("seats > 10", 0, "seats", ">", ["10"]),
        ("rating > 1 and  seats  >=  10 ", 1, "seats", ">=", ["10"]),
        ("10 < seats", 0, "seats", "<", ["10"]),
        ("'a' == plan", 0, "plan", "==", ["'a'"]),
        ("user.x != true", 0, "user.x", "!=", ["true"]),
        ('user [ "2fa" ] == TRUE', 0, 'user [ "2fa" ]', "==", ["TRUE"]),
        ('conversation["x"] in ["a", $b, 5]', 0, 'conversation["x"]', "in", ['"a"', "$b", "5"]),
        ("1 <= seats < 5", 0, "seats", "<=", ["1", "5"]),
        ("5 > seats >= 1", 0, "seats", ">", ["1", "5"]),
        ("seats between 1 and 5", 0, "seats", "between", ["1", "5"]),
        ("seats not in (1, 5,)", 0, "seats", "not in", ["1", "5"]),
        ("plan NOT  contains 'x'", 0, "plan", "NOT  contains", ["'x'"]),
        ("plan contains # why\n 'x'", 0, "plan", "contains", ["'x'"]),
        ("plan is not false", 0, "plan", "is not", ["false"]),
        ("true == plan", 0, "plan", "==", ["true"]),
        ("False != plan", 0, "plan", "!=", ["False"]),
        ("plan is true", 0, "plan", "is", ["true"]),
        ("lastSeen within $d", 0, "lastSeen", "within", ["$d"]),
        ("user.contains == 5", 0, "user.contains", "==", ["5"]),
        ("contains == 5", 0, "contains", "==", ["5"]),
        ("plan in ['a', 'b'] and seats in [7, 8]", 1, "seats", "in", ["7", "8"]),
    ],
)
def test_the_parts_of_a_comparison(text: str, number: int, name: str, operator: str, values: list[str]) -> None:
    spans = Spans(segdsl.parse(text))
    assert found(text, spans.name(number)) == name
    assert found(text, spans.operator(number)) == operator
    assert [found(text, spans.value(number, index)) for index in range(len(values))] == values


def test_a_parameter_is_the_place_of_each_value_that_it_stands_for() -> None:
    text = "plan in $plans"
    spans = Spans(segdsl.parse(text))
    assert [found(text, spans.value(0, index)) for index in range(3)] == ["$plans"] * 3


@pytest.mark.parametrize(
    ("text", "bounds"),
    [
        ("1 <= seats < 5", ["1 <=", "< 5"]),
        ("5 > seats >= 1", [">= 1", "5 >"]),
        ("'a' < # x\n user['b'] <= $c", ["'a' <", "<= $c"]),
        ("seats between 1 and 5", ["1", "5"]),
    ],
)
def test_a_bound_is_a_literal_with_its_sign(text: str, bounds: list[str]) -> None:
    spans = Spans(segdsl.parse(text))
    assert [found(text, spans.bound(0, index)) for index in range(2)] == bounds


@pytest.mark.parametrize(("text", "name"), [("not isAdmin", "isAdmin"), ("(@engaged)", "@engaged")])
def test_a_leaf_without_operator_and_value_is_its_name(text: str, name: str) -> None:
    spans = Spans(segdsl.parse(text))
    assert {found(text, part(0)) for part in (spans.leaf, spans.name, spans.operator, spans.value)} == {name}


@pytest.mark.parametrize(
    ("text", "first", "last", "part"),
    [
        ("a and b", 0, 1, "a and b"),
        ("a and b", 0, 0, "a"),
        ("(a or b) and c", 0, 2, "(a or b) and c"),
        ("c and (a or b)", 0, 2, "c and (a or b)"),
        ("c and (a or b)", 1, 2, "a or b"),
        ("((a) or b) and (c)", 0, 2, "((a) or b) and (c)"),
        ("((a) or b) and c", 1, 2, "((a) or b) and c"),
        ("(a or (b and c)) and d", 0, 2, "a or (b and c)"),
        ("not (a or b) and c", 0, 2, "not (a or b) and c"),
        ("not a", 0, 0, "not a"),
        ("! ! a", 0, 0, "! ! a"),
        ("NOT not a and b", 0, 0, "NOT not a"),
        ("not (a)", 0, 0, "a"),
        ("x and not b", 1, 1, "not b"),
        ("a and (b or not (c and d in (1, 2)))", 1, 3, "b or not (c and d in (1, 2))"),
        ("a not in (1, 2) and b", 0, 1, "a not in (1, 2) and b"),
        ("(a # (\n or b) and c", 0, 2, "(a # (\n or b) and c"),
        ("a or b == ')' and c", 1, 2, "b == ')' and c"),
    ],
)
def test_a_part_has_the_parentheses_and_nots_that_belong_to_it(text: str, first: int, last: int, part: str) -> None:
    assert found(text, Spans(segdsl.parse(text)).part(first, last)) == part


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        (" ( a and b ) # c", "a and b"),
        ("(a)", "a"),
        ("(not (a)) during 7d", "not (a)"),
        ("not not (a and (b or c))", "not not (a and (b or c))"),
        ("((a) or b) and (c)", "((a) or b) and (c)"),
        (f"a for product '{PRODUCT}', during 7d", "a"),
    ],
)
def test_the_whole_condition(text: str, condition: str) -> None:
    assert found(text, Spans(segdsl.parse(text)).condition()) == condition


def test_scope_clauses() -> None:
    text = f'a for product "{PRODUCT}", during 7d from 2026-01-01'
    spans = Spans(segdsl.parse(text))
    assert found(text, spans.clause("products")) == f'for product "{PRODUCT}"'
    assert found(text, spans.clause("during")) == "during 7d"
    assert found(text, spans.clause("from_")) == "from 2026-01-01"
    with pytest.raises(KeyError):
        spans.clause("to")


# ── trees that were built ──────────────────────────────────────────────────────────────────────────────────────────


def test_an_expression_that_was_built_stands_in_its_canonical_text() -> None:
    expression = Expression(And((Or((BareName("a"), BareName("b"))), Comparison("seats", ">", 10))), during="7d")
    spans = Spans(expression)
    assert spans.text == "(a or b) and seats > 10 during 7d"
    assert [found(spans.text, part(2)) for part in (spans.leaf, spans.name, spans.operator, spans.value)] == [
        "seats > 10",
        "seats",
        ">",
        "10",
    ]
    assert found(spans.text, spans.part(0, 2)) == "(a or b) and seats > 10"
    assert found(spans.text, spans.clause("during")) == "during 7d"


def test_a_leaf_that_stands_twice_has_two_places() -> None:
    twice = Comparison("sentiment", ">", 1)
    spans = Spans(Expression(And((twice, BareName("a"), twice))))
    assert [spans.leaf(0).start, spans.leaf(2).start] == [0, len("sentiment > 1 and a and ")]


def test_a_built_expression_may_be_longer_than_a_text() -> None:
    many = Expression(And(tuple(Comparison(f"p{number}", "==", "x" * 100) for number in range(1_000))))
    spans = Spans(many)
    assert found(spans.text, spans.name(999)) == "p999"


def test_the_caret_stands_in_the_leaf_that_is_wrong() -> None:
    built = (segdsl.user("sentiment") == "a") & (field("sentiment") == "a")
    with pytest.raises(segdsl.CompileError) as caught:
        segdsl.compile(built)
    (wrong,) = caught.value.diagnostics
    text = wrong.source.text
    assert text == 'user.sentiment == "a" and sentiment == "a"'
    assert wrong.span.start == text.rindex('"a"')


def test_a_changed_copy_stands_in_its_own_text() -> None:
    expression = segdsl.parse("a  and  (b)")
    changed = Expression(Not(expression.condition))
    assert Spans(changed).text == "not (a and b)"
