"""Whether a user matches: an expression, its text, or filters, asked of one user or of many."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from segdsl.errors import CompileError
from segdsl.semantics import evaluator
from segdsl.semantics import explanation as explaining
from segdsl.semantics import matcher as matching
from segdsl.semantics.binding import bind
from segdsl.semantics.checker import Definitions, check
from segdsl.semantics.explanation import Explanation
from segdsl.semantics.schema import Schema
from segdsl.syntax.nodes import Expression
from segdsl.syntax.parser import parse
from segdsl.wire.filters import Filters
from segdsl.wire.filters_evaluator import evaluate_filters, filters_matcher

User = Mapping[str, Any]


def evaluate(
    expression: Expression | str | Filters,
    user: User,
    now: datetime | None = None,
    schema: Schema | None = None,
    params: Mapping[str, Any] | None = None,
    definitions: Definitions | None = None,
) -> bool | None:
    """Whether the user matches: True, False, or None where it is unknown because the user lacks something.

    `user` is a record as described in the interface guide; `now` an aware datetime, by default the present. Scope
    clauses say which conversations are counted, and are not evaluated. Raises `UserError` for a record that cannot be
    evaluated, and whatever `compile` raises for an expression that means nothing.
    """
    if isinstance(expression, Filters):
        return evaluate_filters(expression, user, _moment(now))
    return evaluator.evaluate(_closed(expression, schema, params, definitions), user, _moment(now))


def matcher(
    expression: Expression | str | Filters,
    now: datetime | None = None,
    schema: Schema | None = None,
    params: Mapping[str, Any] | None = None,
    definitions: Definitions | None = None,
) -> Callable[[User], bool | None]:
    """`evaluate` as a function of the user alone, prepared once and fast. `now` is fixed when it is prepared."""
    if isinstance(expression, Filters):
        return filters_matcher(expression, _moment(now))
    return matching.matcher(_closed(expression, schema, params, definitions), _moment(now))


def explain_evaluation(
    expression: Expression | str,
    user: User,
    now: datetime | None = None,
    schema: Schema | None = None,
    params: Mapping[str, Any] | None = None,
    definitions: Definitions | None = None,
) -> Explanation:
    """What `evaluate` finds, with the finding for each term and which of them decided."""
    return explaining.explain_evaluation(_closed(expression, schema, params, definitions), user, _moment(now))


def _closed(
    expression: Expression | str,
    schema: Schema | None,
    params: Mapping[str, Any] | None,
    definitions: Definitions | None,
) -> Expression:
    """The expression, checked, without parameters and references."""
    if not isinstance(expression, Expression):
        expression = parse(expression)
    typed, problems = check(expression, "expression", schema, params, definitions)
    if typed is None:
        raise CompileError(problems)
    return bind(expression, params, definitions)


def _moment(now: datetime | None) -> datetime:
    if now is None:
        return datetime.now(UTC)
    if now.tzinfo is None:
        raise ValueError("now must be an aware datetime: give it a tzinfo")
    return now
