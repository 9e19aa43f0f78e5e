"""What an expression says of many users: the tree prepared once, as a list of questions and of joints over answers.

Every question is asked, in an order that is not the expression's: an unusable value is an error whatever the others
are. There is no recursion, however deep the expression.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from segdsl.semantics.catalogue import field_of
from segdsl.semantics.evaluator import condition_of, fixed
from segdsl.semantics.terms import JOINTS, Leaf, Verdict, leaf_test
from segdsl.semantics.users import User, reader, reading_order, require_record
from segdsl.syntax.fold import fold
from segdsl.syntax.nodes import Condition, Expression

Question = Callable[[User], Verdict]
Joint = Callable[[Sequence[Verdict]], Verdict]


def matcher(expression: Expression | Condition, now: datetime) -> Question:
    """`evaluate` as a function of the user alone, for many users at one moment."""
    leaves, joints = _listed(condition_of(expression))
    order = sorted(range(len(leaves)), key=lambda number: reading_order(field_of(leaves[number].name)))
    moment = fixed(now)
    questions = [_question(leaves[number], moment) for number in order]
    if not joints:
        return _one(questions[0])
    if len(joints) == 1:
        return _joined(questions, joints[0][0])
    places = {number: place for place, number in enumerate(order)}
    places |= {-1 - number: len(order) + number for number in range(len(joints))}
    return _program(questions, [(joint, [places[number] for number in operands]) for joint, operands in joints])


def _listed(condition: Condition) -> tuple[list[Leaf], list[tuple[Joint, list[int]]]]:
    """The leaves, and the joints with the numbers of their operands: leaves count from 0 up, joints from -1 down."""
    leaves: list[Leaf] = []
    joints: list[tuple[Joint, list[int]]] = []

    def leaf(node: Leaf) -> int:
        leaves.append(node)
        return len(leaves) - 1

    def join(node: Any, operands: list[int]) -> int:
        joints.append((JOINTS[type(node)], operands))
        return -len(joints)

    fold(condition, leaf, join)
    return leaves, joints


def _question(leaf: Leaf, now: datetime) -> Question:
    read, test = reader(field_of(leaf.name)), leaf_test(leaf, now)

    def ask(user: User) -> Verdict:
        value = read(user)
        return None if value is None else test(value)

    return ask


def _one(ask: Question) -> Question:
    def matches(user: User) -> Verdict:
        require_record(user)
        return ask(user)

    return matches


def _joined(questions: list[Question], joint: Joint) -> Question:
    """A single `and`, `or` or `not` over leaves, whose order has no meaning."""

    def matches(user: User) -> Verdict:
        require_record(user)
        return joint([ask(user) for ask in questions])

    return matches


def _program(questions: list[Question], joints: list[tuple[Joint, list[int]]]) -> Question:
    """Joints in an order in which each comes after its operands; the last one is the whole."""

    def matches(user: User) -> Verdict:
        require_record(user)
        verdicts = [ask(user) for ask in questions]
        for joint, operands in joints:
            verdicts.append(joint([verdicts[place] for place in operands]))
        return verdicts[-1]

    return matches
