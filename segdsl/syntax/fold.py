"""Walking trees without recursion, so that depth costs memory and never the interpreter's stack."""

from collections.abc import Callable
from typing import Any, TypeVar

from segdsl.syntax.nodes import And, Not, Or

Result = TypeVar("Result")


def fold(root: Any, leaf: Callable[[Any], Result], join: Callable[[Any, list[Result]], Result]) -> Result:
    """The value of a tree of `And`, `Or`, `Not` and leaves, from the leaves up.

    `leaf` gives the value of a leaf; `join` that of a node, given the node and the values of its operands in order.
    """
    done: list[Result] = []
    waiting: list[tuple[Any, int]] = [(root, -1)]
    while waiting:
        node, count = waiting.pop()
        if count >= 0:
            parts = done[len(done) - count :]
            del done[len(done) - count :]
            done.append(join(node, parts))
        elif isinstance(node, And | Or):
            waiting.append((node, len(node.operands)))
            waiting.extend((operand, -1) for operand in reversed(node.operands))
        elif isinstance(node, Not):
            waiting.append((node, 1))
            waiting.append((node.operand, -1))
        else:
            done.append(leaf(node))
    return done[0]
