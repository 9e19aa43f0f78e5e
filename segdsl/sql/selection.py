"""The rows of users that an expression selects, in the order of the file."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from segdsl.errors import ConfigError
from segdsl.sql.dialects.dialect import case
from segdsl.sql.duckdb import Database
from segdsl.sql.emitter import Emitter
from segdsl.sql.expression import Schema, TypedExpression
from segdsl.sql.users import Users

_ID = "id"
"""The column that identifies a user if the mapping does not name one."""


class Selection:
    """The rows for which an expression is true, and those that are malformed for it; rows are numbered from 1.

    Raises `CompileError` for an expression that the columns cannot express, `ConfigError` if the mapping's `id` is not
    a column.
    """

    def __init__(
        self, db: Database, users: Users, expression: TypedExpression, now: datetime, schema: Schema | None = None
    ) -> None:
        emitter = Emitter(users.mapping, users.dialect, now, schema)
        condition = emitter.asked(expression)
        self._db = db
        self._malformed = condition.malformed(users.dialect)
        named = zip(condition.tests, map(users.dialect.string, condition.fields), strict=True)
        self._faulty = case(*named) if condition.tests else "NULL"
        self._holds = condition.guarded(users.dialect)
        self._rows = (
            "(SELECT segdsl_rows.*, segdsl_rows AS segdsl_record, row_number() OVER () AS segdsl_row"
            f" FROM {users.relation} AS segdsl_rows)"
        )
        columns, name = db.columns(users.relation), users.mapping.id
        if name is not None and name not in columns:
            raise ConfigError(f"{users.name} has no column `{name}`, which should identify a user")
        self._id = users.dialect.identifier(name or _ID) if (name or _ID) in columns else "NULL"

    def members(self, *, records: bool = False) -> Iterator[tuple[int, Any]]:
        """The row of each member, and its id (None if it has none) or its record as JSON."""
        shown = "to_json(segdsl_record)" if records else self._id
        return self._db.stream(f"SELECT segdsl_row, {shown} FROM {self._rows} WHERE {self._holds}")

    def malformed(self, most: int) -> list[tuple[int, str]]:
        """The first malformed rows, each with the name of a malformed field."""
        shown = f"segdsl_row, {self._faulty}"
        return self._db.rows(f"SELECT {shown} FROM {self._rows} WHERE {self._malformed} ORDER BY 1 LIMIT {most}")
