"""What an expression says of one user, found by walking its tree: the plain form of `segdsl.semantics.matcher`."""

from datetime import datetime, timezone
from typing import Any

from segdsl.semantics.catalogue import Field, field_of
from segdsl.semantics.terms import JOINTS, Leaf, Verdict, leaf_test
from segdsl.semantics.users import User, reader, reading_order, require_record
from segdsl.syntax.fold import fold
from segdsl.syntax.nodes import Condition, Expression


def evaluate(expression: Expression | Condition, user: User, now: datetime) -> Verdict:
    """Whether the user is in the segment at the moment `now`, an aware datetime; None when that is unknown.

    The expression must have been checked and bound (`segdsl.semantics.binding`). Scope clauses say which conversations
    are counted, and are not evaluated. Raises `UserError` when a field that the expression mentions, wherever it does,
    holds what it cannot hold; no other field is looked at.
    """
    moment = fixed(now)
    condition = condition_of(expression)
    values = field_values(condition, user)
    return fold(
        condition,
        lambda leaf: verdict_of(leaf, values[field_of(leaf.name)], moment),
        lambda node, verdicts: JOINTS[type(node)](verdicts),
    )


def verdict_of(leaf: Leaf, value: Any, now: datetime) -> Verdict:
    """What one leaf says of its field's value; unknown when the user lacks it."""
    return None if value is None else leaf_test(leaf, now)(value)


def field_values(condition: Condition, user: User) -> dict[Field, Any]:
    """The user's values of all fields that the condition mentions, None for one that is lacking.

    All are read before anything is decided, so that an unusable value is an error whatever the others are.
    """
    require_record(user)
    return {field: reader(field)(user) for field in sorted(_fields(condition), key=reading_order)}


def _fields(condition: Condition) -> set[Field]:
    found: set[Field] = set()
    fold(condition, lambda leaf: found.add(field_of(leaf.name)), lambda _node, _operands: None)
    return found


def condition_of(expression: Expression | Condition) -> Condition:
    """The condition, without scope clauses."""
    return expression.condition if isinstance(expression, Expression) else expression


def fixed(now: datetime) -> datetime:
    """The moment at a fixed offset, for two moments in one zone would be subtracted by the clocks on its walls.

    Not in UTC, where a moment near an end of the calendar may have no date.
    """
    offset = now.utcoffset()
    if offset is None:
        raise ValueError("now must be an aware datetime")
    return now.replace(tzinfo=timezone(offset))
