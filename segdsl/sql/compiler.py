"""An expression as SQL with the same meaning: the public entry."""

from datetime import datetime
from typing import Any

from msgspec import Struct

from segdsl.diagnostics import Diagnostic
from segdsl.sql.dialects import dialect_named
from segdsl.sql.emitter import Emitter
from segdsl.sql.expression import (
    Definitions,
    Expression,
    Schema,
    Table,
    TypedExpression,
    about_scope,
    name_of,
    predicates,
    typed,
)
from segdsl.sql.mapping import OF_CONVERSATIONS, Conversations, Mapping


class SqlCondition(Struct, frozen=True):
    """Conditions on a row of the mapped table.

    `verdict` is TRUE, FALSE or NULL where `evaluate` returns True, False or None. `malformed` is TRUE where `evaluate`
    raises `UserError` (the verdict then means nothing), else FALSE. `warnings` says what the SQL leaves out.
    """

    verdict: str
    malformed: str
    dialect: str
    warnings: tuple[Diagnostic, ...] = ()


def compile(  # noqa: A001, PLR0913, PLR0917  as `segdsl.compile`, and what SQL needs
    expression: TypedExpression | Expression | str,
    mapping: Mapping | None = None,
    dialect: str = "duckdb",
    now: datetime | None = None,
    schema: Schema | None = None,
    params: Table[str, Any] | None = None,
    definitions: Definitions | None = None,
) -> SqlCondition:
    """The SQL with the result of `segdsl.evaluate` for the user in a row.

    `mapping` None: each field is in the column of its name. `now` is an aware datetime; None means the engine's clock
    when the SQL runs. Raises `ParseError` and `CompileError` like `segdsl.compile`, the latter also for a field without
    a column, a column of a wrong type, and a condition that the dialect cannot express; `ValueError` for an unknown
    dialect, and for a `now` without a time zone.
    """
    if now is not None and now.utcoffset() is None:
        raise ValueError("now must be an aware datetime: give it a tzinfo")
    checked = typed(expression, schema, params, definitions)
    emitter = Emitter(mapping or Mapping(), dialect_named(dialect), now, schema)
    condition = emitter.asked(checked)
    return SqlCondition(condition.verdict, condition.malformed(emitter.dialect), dialect, scope_warnings(checked))


def scope_warnings(expression: TypedExpression, conversations: Conversations | None = None) -> tuple[Diagnostic, ...]:
    """The warning that scope clauses, if there are any, are not applied to fields outside of conversations."""
    if not (expression.preset or expression.start or expression.end or expression.products):
        return ()
    help_ = "the API asks only the conversations in scope, so the segment may have other members"
    if conversations is None:
        message = "scope clauses are not applied: this table has one row for each user, and no conversations"
        return (about_scope(expression, "scope-not-applied", message, help_),)
    fields = {one.field for one in predicates(expression.condition) if one.field.kind in OF_CONVERSATIONS}
    outside = sorted(name_of(field) for field in fields if field not in conversations.columns)
    if not outside:
        return ()
    message = f"scope clauses are not applied to fields of users: {', '.join(outside)}"
    return (about_scope(expression, "scope-not-applied", message, help_),)
