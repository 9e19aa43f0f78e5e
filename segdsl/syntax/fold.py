"""Walking trees without recursion, so that depth costs memory and not the interpreter's stack."""

from collections.abc import Callable
from typing import Any, TypeVar

from segdsl.syntax.nodes import And, Not, Or

Result = TypeVar("Result")
_INNER = frozenset([And, Or, Not])


def fold(root: Any, leaf: Callable[[Any], Result], join: Callable[[Any, list[Result]], Result]) -> Result:
    """The value of a tree of `And`, `Or`, `Not` and leaves, from the leaves up.

    `leaf` returns the value of a leaf; `join` that of a node, from the node and the values of its operands in order.
    """
    if isinstance(root, And | Or) and _INNER.isdisjoint(map(type, root.operands)):
        return join(root, [leaf(operand) for operand in root.operands])
    done: list[Result] = []
    waiting: list[tuple[Any, int]] = [(root, -1)]
    while waiting:
        node, count = waiting.pop()
        kind = type(node)
        if count >= 0:
            parts = done[len(done) - count :]
            del done[len(done) - count :]
            done.append(join(node, parts))
        elif kind not in _INNER:
            done.append(leaf(node))
        else:
            operands = (node.operand,) if kind is Not else node.operands
            waiting.append((node, len(operands)))
            waiting.extend([(operand, -1) for operand in reversed(operands)])
    return done[0]


def leaves(root: Any) -> list[Any]:
    """The leaves of a tree, in the order of the text."""
    found: list[Any] = []
    fold(root, found.append, lambda _, __: None)
    return found
