"""Conditions without `not`: `and` and `or` over predicates, or over whatever a stage makes of them."""

from collections.abc import Callable
from typing import Any, TypeVar

from msgspec import Struct

Result = TypeVar("Result")


class Joint(Struct, frozen=True, eq=False):
    """`and` (`every`) or `or` over parts; `node` is what was written."""

    every: bool
    parts: tuple[Any, ...]
    node: Any


def fold_joints(root: Any, leaf: Callable[[Any], Result], join: Callable[[Joint, list[Result]], Result]) -> Result:
    """The value of a tree of `Joint`s from the leaves up, leaves in the order of the text; without recursion."""
    done: list[Result] = []
    waiting: list[tuple[Any, int]] = [(root, -1)]
    while waiting:
        node, count = waiting.pop()
        if count >= 0:
            parts = done[len(done) - count :]
            del done[len(done) - count :]
            done.append(join(node, parts))
        elif type(node) is Joint:
            waiting.append((node, len(node.parts)))
            waiting.extend((part, -1) for part in reversed(node.parts))
        else:
            done.append(leaf(node))
    return done[0]


def leaves(root: Any) -> list[Any]:
    """The leaves of a tree of `Joint`s, in the order of the text."""
    found: list[Any] = []
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if type(node) is Joint:
            waiting.extend(reversed(node.parts))
        else:
            found.append(node)
    return found
