"""The tree: compared by meaning, immutable, of bounded depth."""

import copy
import pickle
from typing import Any

import pytest
from msgspec.structs import replace

import segdsl
from segdsl.syntax.nodes import And, BareName, Comparison, Duration, Expression, Node, Not, Or, Parameter

EVERYTHING = (
    'a == $p and (0 < b < 1 or not c between $q and 2) and d in ["x"] and e in [1, true, 1.0] and @f and g '
    'and lastSeen within 7d during $s from 2026-01-01 to $t for products "182bd5e5-6e1a-4fe4-a799-aa6d9a6ab26e", $u'
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Comparison("a", "==", True), Comparison("a", "==", 1)),
        (Comparison("a", "==", 1), Comparison("a", "==", 1.0)),
        (Comparison("a", "==", "1"), Comparison("a", "==", 1)),
        (Comparison("a", "within", Duration("7d")), Comparison("a", "within", "7d")),
        (Comparison("a", "==", Parameter("x")), Comparison("a", "==", "x")),
        (Comparison("a", "in", (1, 2)), Comparison("a", "in", (2, 1))),
        (And((BareName("a"), BareName("b"))), Or((BareName("a"), BareName("b")))),
        (And((BareName("a"), BareName("b"))), And((BareName("b"), BareName("a")))),
        (BareName("a"), Not(BareName("a"))),
        (Expression(BareName("a")), Expression(BareName("a"), during="7d")),
        (BareName("a"), "a"),
    ],
)
def test_trees_with_other_meanings_are_not_equal(one: Node, other: str | Node) -> None:
    assert (one != other, one == other) == (True, False)


def test_positions_of_nodes_do_not_count() -> None:
    one, other = segdsl.parse(EVERYTHING), segdsl.parse(f"# again\n {EVERYTHING.replace(' and ', '  AND ')}")
    assert hash(one) == hash(other)
    assert (one != other, one == other) == (False, True)
    assert len({one, other}) == 1


def test_nested_joints_of_one_kind_are_one() -> None:
    a, b, c = BareName("a"), BareName("b"), BareName("c")
    assert And((a, And((b, c)))) == And((And((a, b)), c)) == And((a, b, c))
    assert Or((a, Or((b, c)))).operands == (a, b, c)
    assert len(And((a, Or((b, c)))).operands) == 2
    assert And((And((a, b)),)) == And((a, b))


@pytest.mark.parametrize("kind", [And, Or])
@pytest.mark.parametrize("operands", [(), (BareName("a"),)])
def test_a_joint_joins_at_least_two(kind: type[Any], operands: tuple[BareName, ...]) -> None:
    with pytest.raises(ValueError, match="at least two"):
        kind(operands)


def test_nodes_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        BareName("a").name = "b"  # type: ignore[misc]
    assert replace(BareName("a"), name="b") == BareName("b")


def test_copies_are_the_node_itself_and_pickles_an_equal_one() -> None:
    expression_without_scope = segdsl.parse("a")
    expression = segdsl.parse(EVERYTHING)
    assert copy.copy(expression) is copy.deepcopy(expression) is expression
    again = pickle.loads(pickle.dumps(expression))
    assert again == expression
    assert repr(again) == repr(expression)
    assert again.text == expression.text
    assert segdsl.unparse(pickle.loads(pickle.dumps(~expression_without_scope))) == "not a"


def test_a_repr_is_the_tree_as_code() -> None:
    names = {name: getattr(segdsl.syntax.nodes, name) for name in dir(segdsl.syntax.nodes) if name[0].isupper()}
    expression = segdsl.parse(EVERYTHING)
    assert eval(repr(expression), names) == expression
    assert repr(Comparison("a", "in", (1,))) == "Comparison(name='a', operator='in', value=(1,))"


def test_hidden_parts_are_not_part_of_a_node() -> None:
    node = Not(Or((BareName("a"), BareName("b"))))
    assert node.nesting == 2
    assert "nesting" not in repr(node)
    match node:
        case Not(Or((first, _))):
            assert first == BareName("a")
    match segdsl.parse("a during 7d"):
        case Expression(condition, during, None, None, ()):
            assert (condition, during) == (BareName("a"), "7d")


def test_a_copy_with_other_operands_has_a_nesting_of_its_own() -> None:
    deep = And((Or((BareName("a"), BareName("b"))), BareName("c")))
    assert (deep.nesting, replace(deep, operands=(BareName("a"), BareName("b"))).nesting) == (1, 0)


def test_a_changed_copy_is_not_the_text_that_was_read() -> None:
    expression = segdsl.parse("a  during 7d")
    assert replace(expression, during="30d").text is None
    assert Expression(BareName("a"), text="b").text is None


def test_a_repr_keeps_tuples_of_one_apart_from_the_item() -> None:
    assert repr(Comparison("a", "in", ("x",))) == "Comparison(name='a', operator='in', value=('x',))"
    assert repr(Comparison("a", "in", ("x", 1))) == "Comparison(name='a', operator='in', value=('x', 1))"


def test_different_nodes_hash_apart() -> None:
    nodes = [Comparison("a", "==", value) for value in (True, 1, 1.0, "1")] + [BareName("a"), Not(BareName("a"))]
    assert len({hash(node) for node in nodes}) == len(nodes)


@pytest.mark.parametrize("operator", ["__and__", "__or__"])
def test_expressions_are_joined_with_expressions_only(operator: str) -> None:
    one, other = segdsl.parse("a"), segdsl.parse("b")
    joined = getattr(one, operator)(other)
    assert segdsl.unparse(joined) == {"__and__": "a and b", "__or__": "a or b"}[operator]
    assert getattr(one, operator)("b") is NotImplemented
