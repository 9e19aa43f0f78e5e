"""For programs that read or rewrite expressions: a method for each kind of node, called in the order of the text.

    class RenameSeats(Transformer):
        def transform_comparison(self, node: Comparison) -> Condition:
            return replace(node, name="licences") if node.name == "seats" else node

    RenameSeats().transform(segdsl.parse("seats > 10"))     # licences > 10

Neither class recurses, so depth is no problem.
"""

from operator import is_
from typing import overload

from msgspec.structs import replace

from segdsl.syntax.fold import fold
from segdsl.syntax.nodes import (
    And,
    BareName,
    Between,
    Chain,
    Comparison,
    Condition,
    Expression,
    Node,
    Not,
    Or,
    Parameter,
    Reference,
    Value,
)

_METHODS: dict[type[Node], str] = {
    Expression: "expression",
    And: "and",
    Or: "or",
    Not: "not",
    Comparison: "comparison",
    Chain: "chain",
    Between: "between",
    BareName: "bare_name",
    Reference: "reference",
}
"""The suffix of the method's name for each kind of node."""


class Visitor:
    """Calls `visit_comparison` for each `Comparison`, and so on: each node before its operands, from left to right."""

    def visit(self, root: Expression | Condition) -> None:
        """Visits the whole tree."""
        waiting: list[Node] = [root]
        while waiting:
            node = waiting.pop()
            getattr(self, f"visit_{_METHODS[type(node)]}")(node)
            if isinstance(node, And | Or):
                waiting.extend(reversed(node.operands))
            elif isinstance(node, Expression):
                waiting.append(node.condition)
            elif isinstance(node, Not):
                waiting.append(node.operand)

    def visit_expression(self, node: Expression) -> None:
        """An expression, with its scope clauses."""

    def visit_and(self, node: And) -> None:
        """An `and`."""

    def visit_or(self, node: Or) -> None:
        """An `or`."""

    def visit_not(self, node: Not) -> None:
        """A `not`."""

    def visit_comparison(self, node: Comparison) -> None:
        """A name, an operator and a value or list of values."""

    def visit_chain(self, node: Chain) -> None:
        """`low <= name < high`."""

    def visit_between(self, node: Between) -> None:
        """`name between low and high`."""

    def visit_bare_name(self, node: BareName) -> None:
        """A name alone."""

    def visit_reference(self, node: Reference) -> None:
        """A definition."""


class Transformer:
    """Replaces each node by the result of its method, from the leaves up; by default by the node itself.

    A method gets the original node, and for `and`, `or` and `not` its transformed operands; it returns any condition.
    `transform_expression` gets the expression with its new condition, and returns one. Names must be in their canonical
    spelling, which `segdsl.field(name).name` gives. An unchanged part stays the same object. A changed expression is
    checked like a built one: `ValueError` if no text can hold it.
    """

    @overload
    def transform(self, root: Expression) -> Expression: ...
    @overload
    def transform(self, root: Condition) -> Condition: ...
    def transform(self, root: Expression | Condition) -> Expression | Condition:
        """The tree with every node transformed; spans of a changed expression are those of its canonical text."""
        if not isinstance(root, Expression):
            return fold(root, self._transformed, self._joined)
        condition = fold(root.condition, self._transformed, self._joined)
        if condition is not root.condition:
            root = replace(root, condition=condition)
        return self.transform_expression(root)

    def _transformed(self, node: Condition) -> Condition:
        changed: Condition = getattr(self, f"transform_{_METHODS[type(node)]}")(node)
        return changed

    def _joined(self, node: And | Or | Not, operands: list[Condition]) -> Condition:
        if isinstance(node, Not):
            return self.transform_not(node, operands[0])
        if isinstance(node, And):
            return self.transform_and(node, tuple(operands))
        return self.transform_or(node, tuple(operands))

    def transform_expression(self, node: Expression) -> Expression:
        """An expression, with its scope clauses."""
        return node

    def transform_and(self, node: And, operands: tuple[Condition, ...]) -> Condition:
        """An `and`, and its transformed operands."""
        return node if _same(node.operands, operands) else And(operands)

    def transform_or(self, node: Or, operands: tuple[Condition, ...]) -> Condition:
        """An `or`, and its transformed operands."""
        return node if _same(node.operands, operands) else Or(operands)

    def transform_not(self, node: Not, operand: Condition) -> Condition:
        """A `not`, and its transformed operand."""
        return node if operand is node.operand else Not(operand)

    def transform_comparison(self, node: Comparison) -> Condition:
        """A name, an operator and a value or list of values."""
        return node

    def transform_chain(self, node: Chain) -> Condition:
        """`low <= name < high`."""
        return node

    def transform_between(self, node: Between) -> Condition:
        """`name between low and high`."""
        return node

    def transform_bare_name(self, node: BareName) -> Condition:
        """A name alone."""
        return node

    def transform_reference(self, node: Reference) -> Condition:
        """A definition."""
        return node


def _same(before: tuple[Condition, ...], after: tuple[Condition, ...]) -> bool:
    return all(map(is_, before, after))


# ── what an expression uses ────────────────────────────────────────────────────────────────────────────────────────


def names_in(root: Expression | Condition) -> tuple[str, ...]:
    """The names of fields, in their canonical spelling, each once, in the order of the canonical text."""
    return tuple(_used(root).names)


def params_in(root: Expression | Condition) -> tuple[str, ...]:
    """The names of parameters, likewise."""
    return tuple(_used(root).params)


def definitions_in(root: Expression | Condition) -> tuple[str, ...]:
    """The names of definitions, likewise, without those inside definitions."""
    return tuple(_used(root).definitions)


def _used(root: Expression | Condition) -> "_Uses":
    uses = _Uses()
    uses.visit(root)
    if isinstance(root, Expression):  # the scope is at the end
        uses.values(root.during, root.from_, root.to, *root.products)
    return uses


class _Uses(Visitor):
    """The names found, as keys, because keys keep their order."""

    def __init__(self) -> None:
        self.names: dict[str, None] = {}
        self.params: dict[str, None] = {}
        self.definitions: dict[str, None] = {}

    def values(self, *values: Value | None) -> None:
        self.params.update((value.name, None) for value in values if isinstance(value, Parameter))

    def visit_comparison(self, node: Comparison) -> None:
        self.names[node.name] = None
        self.values(*node.value if isinstance(node.value, tuple) else (node.value,))

    def visit_chain(self, node: Chain | Between) -> None:
        self.names[node.name] = None
        self.values(node.low, node.high)

    visit_between = visit_chain

    def visit_bare_name(self, node: BareName) -> None:
        self.names[node.name] = None

    def visit_reference(self, node: Reference) -> None:
        self.definitions[node.name] = None
