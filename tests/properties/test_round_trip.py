"""Law 1: `parse(unparse(e)) == e`, and `unparse` is canonical and idempotent, on one line or on many."""

from hypothesis import example, given
from hypothesis import strategies as st

from segdsl.limits import MAX_NESTING
from segdsl.syntax.nodes import And, BareName, Comparison, Condition, Expression, Not, Or
from segdsl.syntax.parser import parse
from segdsl.syntax.printer import unparse

from .syntax_trees import CONDITIONS, expressions

WIDTHS = st.one_of(st.integers(-1, 40), st.integers(40, 200))


@given(expressions())
def test_parsing_the_text_gives_the_tree_back(expression: Expression) -> None:
    assert parse(unparse(expression)) == expression


@given(expressions())
def test_printing_what_was_printed_changes_nothing(expression: Expression) -> None:
    text = unparse(expression)
    assert unparse(parse(text)) == text
    assert "\n" not in text


@given(expressions(), WIDTHS)
@example(Expression(Or((BareName("a"), And((Not(Or((BareName("b"), BareName("c")))), BareName("d")))))), 1)
def test_broken_lines_say_the_same_and_stay_as_they_are(expression: Expression, width: int) -> None:
    text = unparse(expression, width=width)
    assert parse(text) == expression
    assert unparse(parse(text), width=width) == text
    assert not any(line.endswith(" ") for line in text.split("\n"))


@given(expressions(), WIDTHS)
def test_a_text_that_fits_stays_on_one_line(expression: Expression, width: int) -> None:
    line = unparse(expression)
    assert (unparse(expression, width=width) == line) is (len(line) <= width or not _can_break(expression))


def _can_break(expression: Expression) -> bool:
    """Whether anything in the expression has a place for a line break."""
    return unparse(expression, width=0) != unparse(expression)


@given(CONDITIONS)
def test_a_condition_alone_prints_as_it_does_in_an_expression(condition: Condition) -> None:
    assert unparse(condition) == unparse(Expression(condition))


@given(CONDITIONS)
def test_no_parentheses_can_be_left_out(condition: Condition) -> None:
    """Those around `or` inside `and`, and around `and` or `or` under `not`: no other."""
    expected = sum(
        (type(parent) is And and type(child) is Or) or (type(parent) is Not and type(child) in (And, Or))
        for parent, child in _edges(condition)
    )
    assert _outside_strings(unparse(condition)).count("(") == expected


def _edges(condition: Condition) -> list[tuple[Condition, Condition]]:
    found = []
    waiting = [condition]
    while waiting:
        node = waiting.pop()
        operands = node.operands if isinstance(node, And | Or) else (node.operand,) if isinstance(node, Not) else ()
        found += [(node, operand) for operand in operands]
        waiting += operands
    return found


def _outside_strings(text: str) -> str:
    return "".join(text.replace(r"\\", "").replace(r"\"", "").split('"')[::2])


def _deep(levels: int) -> Condition:
    """As deep as can be written: each level is a `not` and a pair of parentheses around both kinds of junction."""
    condition: Condition = BareName("a")
    for _ in range(levels // 2):
        condition = Not(Or((BareName("b"), And((BareName("c"), condition)))))
    return condition


def test_trees_of_the_greatest_depth_are_printed_and_read_back() -> None:
    deep = _deep(MAX_NESTING)
    text = unparse(deep)
    assert text == "not (b or c and " * (MAX_NESTING // 2) + "a" + ")" * (MAX_NESTING // 2)
    for width in (None, 80, 1):
        assert unparse(parse(unparse(deep, width=width))) == text


def test_trees_beyond_any_depth_are_printed() -> None:
    condition: Condition = BareName("a")
    for _ in range(20_000):
        condition = Not(condition)
    assert unparse(condition) == "not " * 20_000 + "a"
    assert len(unparse(_deep(20_000), width=80)) < 2_000_000


def test_strings_are_never_broken() -> None:
    long = " and ".join(["word"] * 40)
    assert unparse(And((Comparison("a", "==", long), BareName("b"))), width=20) == f'a == "{long}"\nand b'
