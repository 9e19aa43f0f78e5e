"""Where the parts of an expression stand in its text."""

import pytest

import segdsl
from segdsl.source import Span
from segdsl.syntax.fold import leaves
from segdsl.syntax.nodes import And, BareName, Comparison, Expression, Or
from segdsl.syntax.positions import Positions


def found(text, span):
    return text[span.start : span.end]


def leaf(text, number=0):
    expression = segdsl.parse(text)
    return Positions(expression), leaves(expression.condition)[number]


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
def test_the_parts_of_a_comparison(text, number, name, operator, values):
    positions, node = leaf(text, number)
    assert found(text, positions.name(node)) == name
    assert found(text, positions.operator(node)) == operator
    assert [found(text, positions.value(node, index)) for index in range(len(values))] == values


def test_a_value_that_a_parameter_stands_for_is_the_whole_comparison():
    text = "plan in $plans"
    positions, node = leaf(text)
    assert found(text, positions.value(node, 0)) == "$plans"
    assert found(text, positions.value(node, 1)) == text


@pytest.mark.parametrize(
    ("text", "path", "whole"),
    [
        ("a and b", (), "a and b"),
        (" ( a and b ) ", (), "a and b"),
        ("(a or b) and c", (), "(a or b) and c"),
        ("c and (a or b)", (), "c and (a or b)"),
        ("((a) or b) and (c)", (), "((a) or b) and (c)"),
        ("(a or (b and c)) and d", (0,), "a or (b and c)"),
        ("not (a or b) and c", (), "not (a or b) and c"),
        ("not (a or b)", (), "not (a or b)"),
        ("not not (a and (b or c))", (), "not not (a and (b or c))"),
        ("! (a) and b", (), "! (a) and b"),
        ("a and not (b or c)", (1,), "not (b or c)"),
        ("a and (b or not (c and d in (1, 2)))", (1,), "b or not (c and d in (1, 2))"),
        ("(a # (\n or b) and c", (), "(a # (\n or b) and c"),
        ("a or b == ')' and c", (1,), "b == ')' and c"),
    ],
)
def test_the_whole_of_a_node_with_its_parentheses_in_pairs(text, path, whole):
    expression = segdsl.parse(text)
    node = expression.condition
    for index in path:
        node = node.operands[index]
    assert found(text, Positions(expression).node(node)) == whole


@pytest.mark.parametrize(
    ("text", "part", "around"),
    [
        ("not a", "a", "not a"),
        ("! ! a", "a", "! ! a"),
        ("not (a)", "a", "a"),
        ("x and not b", "b", "not b"),
        ("(a or b) and c", "a or b) and c", "(a or b) and c"),
        ("not (a or b) and c", "a or b) and c", "not (a or b) and c"),
        ("c and (a or b)", "c and (a or b", "c and (a or b)"),
        ("a and b", "a", "a"),
    ],
)
def test_a_span_with_what_belongs_to_it(text, part, around):
    start = text.index(part)
    positions = Positions(segdsl.parse(text))
    assert found(text, positions.around(Span(start, start + len(part)))) == around


def test_scope_clauses():
    text = 'a for product "182bd5e5-6e1a-4fe4-a799-aa6d9a6ab26e", during 7d from 2026-01-01'
    positions = Positions(segdsl.parse(text))
    assert found(text, positions.clause("products")) == 'for product "182bd5e5-6e1a-4fe4-a799-aa6d9a6ab26e"'
    assert found(text, positions.clause("during")) == "during 7d"
    assert found(text, positions.clause("from_")) == "from 2026-01-01"
    assert found(text, positions.clause("to")) == text


def test_an_expression_that_was_built_stands_in_its_canonical_text():
    seats = Comparison("seats", ">", 10)
    expression = Expression(And((Or((BareName("a"), BareName("b"))), seats)), during="7d")
    positions = Positions(expression)
    assert positions.text == "(a or b) and seats > 10 during 7d"
    for part in (positions.node, positions.name, positions.operator, positions.value):
        assert found(positions.text, part(seats)) == "seats > 10"
    assert positions.around(Span(1, 3)) == Span(1, 3)
    assert positions.clause("during") == Span(0, len(positions.text))
    assert positions.node(BareName("elsewhere")) == Span(0, len(positions.text))


def test_of_what_stands_twice_in_a_built_expression_the_first_is_found():
    twice = Comparison("sentiment", ">", "x")
    positions = Positions(Expression(And((twice, BareName("a"), twice))))
    assert positions.text == 'sentiment > "x" and a and sentiment > "x"'
    assert positions.node(twice) == Span(0, len('sentiment > "x"'))
