"""Visitor, Transformer, and the functions built on them."""

from typing import Any

import pytest
from msgspec.structs import replace

import segdsl
from segdsl import Transformer, Visitor, definitions_in, names_in, parse, unparse
from segdsl.limits import MAX_NESTING
from segdsl.syntax.nodes import And, BareName, Comparison, Condition, Expression, Not, Or, Reference

EVERYTHING = (
    'a == $p and (0 < b < 1 or not c between $q and 2) and d in ["x", $p] and @e and f '
    'and user["-x"] and lastSeen within $r during $s from $t for products $u'
)


class Shapes(Visitor):
    """The names of the methods called, in their order."""

    def __init__(self) -> None:
        self.seen: list[str] = []

    def __getattribute__(self, name: str) -> Any:
        if name.startswith("visit_"):
            self.seen.append(name.removeprefix("visit_"))
        return super().__getattribute__(name)


def test_nodes_are_visited_from_left_to_right_each_before_its_operands() -> None:
    shapes = Shapes()
    shapes.visit(parse("a > 1 and not (b or 0 < c < 1) and d between 1 and 2 and @e"))
    assert shapes.seen == "expression and comparison not or bare_name chain between reference".split()


def test_a_condition_alone_is_visited_too() -> None:
    shapes = Shapes()
    shapes.visit(parse("not a").condition)
    assert shapes.seen == ["not", "bare_name"]


def test_the_methods_of_the_base_class_do_nothing() -> None:
    Visitor().visit(parse(EVERYTHING))


# ── transforming ───────────────────────────────────────────────────────────────────────────────────────────────────


class Rename(Transformer):
    """`seats` becomes `licences`, in every kind of leaf."""

    def renamed(self, node: Any) -> Condition:
        renamed: Condition = replace(node, name="licences") if node.name == "seats" else node
        return renamed

    transform_comparison = transform_chain = transform_between = transform_bare_name = renamed


@pytest.mark.parametrize(
    ("text", "renamed"),
    [
        ("seats > 10", "licences > 10"),
        ("not (seats > 10 or 0 < seats < 5) and seats between 1 and 2", None),
        ("seats and plan == $seats during 7d", "licences and plan == $seats during 7d"),
    ],
)
def test_a_property_is_renamed(text: str, renamed: str | None) -> None:
    assert unparse(Rename().transform(parse(text))) == (renamed or text.replace("seats", "licences"))


def test_an_unchanged_tree_is_the_same_object() -> None:
    expression = parse("a > 1 and (b or not c)")
    assert Rename().transform(expression) is expression
    half = parse("seats > 1 and (b or not c)").condition
    renamed = Rename().transform(half)
    assert isinstance(half, And)
    assert isinstance(renamed, And)
    assert renamed.operands[1] is half.operands[1]


def test_a_changed_expression_is_no_longer_the_text_it_was_read_from() -> None:
    expression = parse("seats > 1 # ten\n and comercialIntent > 0.5 during 7d")
    changed = Rename().transform(expression)
    assert changed.text is None
    with pytest.raises(segdsl.CompileError) as caught:
        segdsl.compile(changed)
    assert caught.value.diagnostics[0].source.text == "licences > 1 and comercialIntent > 0.5 during 7d"


class Lately(Transformer):
    """Changes a scope clause, and no condition."""

    def transform_expression(self, node: Expression) -> Expression:
        return replace(node, during="30d")


def test_an_expression_whose_scope_was_changed_is_not_that_text_either() -> None:
    changed = Lately().transform(parse("seats > 1 during 7d"))
    assert (changed.text, unparse(changed)) == (None, "seats > 1 during 30d")


class Expand(Transformer):
    """A definition becomes a condition of several parts, which flatten into the surrounding one."""

    def transform_reference(self, node: Reference) -> Condition:
        return parse("x > 1 and y").condition if node.name == "e" else node


def test_a_leaf_may_become_a_tree() -> None:
    expanded = Expand().transform(parse("a and @e and not @e"))
    assert unparse(expanded) == "a and x > 1 and y and not (x > 1 and y)"
    assert isinstance(expanded.condition, And)
    assert [type(operand) for operand in expanded.condition.operands] == [BareName, Comparison, BareName, Not]


class WithoutDoubleNegation(Transformer):
    def transform_not(self, node: Not, operand: Condition) -> Condition:
        return operand.operand if isinstance(operand, Not) else super().transform_not(node, operand)


def test_inner_nodes_get_operands_that_are_transformed_already() -> None:
    assert unparse(WithoutDoubleNegation().transform(parse("not not not not a or not not not b"))) == "a or not b"


class Everywhere(Transformer):
    """Swaps `and` and `or`: a node's new operands are not flattened into it before it is swapped itself."""

    def transform_and(self, node: And, operands: tuple[Condition, ...]) -> Condition:
        return Or(operands)

    def transform_or(self, node: Or, operands: tuple[Condition, ...]) -> Condition:
        return And(operands)

    def transform_expression(self, node: Expression) -> Expression:
        return replace(node, during="30d")


def test_junctions_and_scope_clauses_are_transformed() -> None:
    changed = Everywhere().transform(parse("a or b and c during 7d"))
    assert unparse(changed) == "a and (b or c) during 30d"
    assert changed.text is None


def test_a_condition_alone_is_transformed_to_a_condition() -> None:
    assert Rename().transform(Comparison("seats", ">", 1)) == Comparison("licences", ">", 1)
    assert Expand().transform(Reference("e")) == parse("x > 1 and y").condition


# ── what is used ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_names_parameters_and_definitions_are_found_once_and_in_order() -> None:
    expression = parse(EVERYTHING)
    assert names_in(expression) == ("a", "b", "c", "d", "f", 'user["-x"]', "lastSeen")
    assert segdsl.params_in(expression) == ("p", "q", "r", "s", "t", "u")
    assert definitions_in(expression) == ("e",)


def test_a_condition_alone_has_names_too() -> None:
    assert names_in(parse("b and a and b").condition) == ("b", "a")


# ── depth ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_tree_of_the_greatest_depth_is_no_trouble() -> None:
    condition: Condition = BareName("seats")
    for _ in range(MAX_NESTING):
        condition = Not(condition)
    deep = Expression(condition)
    assert names_in(deep) == ("seats",)
    assert unparse(Rename().transform(deep)) == "not " * MAX_NESTING + "licences"


class Negate(Transformer):
    """Makes the tree deeper."""

    def transform_bare_name(self, node: BareName) -> Condition:
        return Not(node)


def test_a_result_that_is_too_deep_is_refused() -> None:
    with pytest.raises(segdsl.NestingError, match=f"deeper than {MAX_NESTING} levels"):
        Negate().transform(parse("not " * MAX_NESTING + "a"))


@pytest.mark.parametrize("value", [float("nan"), 2**53, "\ud800", (), None])
def test_a_result_that_no_text_can_hold_is_refused(value: Any) -> None:
    class Spoil(Transformer):
        def transform_comparison(self, node: Comparison) -> Condition:
            return replace(node, value=value)

    with pytest.raises(ValueError, match="no text can say"):
        Spoil().transform(parse("a == 1 and b"))


def test_the_transformer_itself_changes_nothing() -> None:
    expression = parse(EVERYTHING)
    assert Transformer().transform(expression) is expression
    assert Transformer().transform(expression.condition) is expression.condition


def test_parameters_are_found_in_every_position() -> None:
    conditions = "a == $a and b in [$b, 1] and c in $c and $d < d < $e and f between $f and $g"
    text = f"{conditions} during 7d from $h to $i for product $j"
    assert segdsl.params_in(parse(text)) == tuple("abcdefghij")
