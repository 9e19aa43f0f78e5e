"""The rows of users that an expression selects, in the order of the file."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from msgspec import Struct

from segdsl.errors import ConfigError
from segdsl.sql.dialects.dialect import case
from segdsl.sql.duckdb import Database
from segdsl.sql.emitter import Emitter
from segdsl.sql.expression import Field, Schema, TypedExpression, field_named
from segdsl.sql.mapping import JSON, STRUCT, TEXT, Column
from segdsl.sql.users import Users

_ID = "id"
"""The column that identifies a user if the mapping does not name one."""


class MalformedRow(Struct, frozen=True):
    """A row that cannot be evaluated: its number from 1, and the field with an impossible value.

    `field` is None if the row is no record at all; `value` is None if its object of fields is not an object.
    """

    row: int
    field: Field | None
    value: str | None


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
        self._faulty = [(test, field_named(name)) for test, name in zip(condition.tests, condition.fields, strict=True)]
        self._faulty[:0] = [(users.no_user, None)] * bool(users.no_user)
        self._users = users
        self._holds = condition.guarded(users.dialect)
        self._rows = (
            "(SELECT segdsl_rows.*, segdsl_rows AS segdsl_record, row_number() OVER () AS segdsl_row"
            f" FROM {emitter.rows(users.relation)} AS segdsl_rows)"
        )
        columns, name = db.columns(users.relation), users.mapping.id
        if name is not None and name not in columns:
            raise ConfigError(f"{users.name} has no column `{name}`, which should identify a user")
        self._id = users.dialect.identifier(name or _ID) if (name or _ID) in columns else "NULL"

    def members(self, *, records: bool = False) -> Iterator[tuple[int, Any]]:
        """The row of each member, and its id (None if it has none) or its record as JSON."""
        shown = "to_json(segdsl_record)" if records else self._id
        return self._db.stream(f"SELECT segdsl_row, {shown} FROM {self._rows} WHERE {self._holds}")

    def malformed(self, most: int) -> list[MalformedRow]:
        """The first malformed rows."""
        if not self._faulty:
            return []
        d = self._users.dialect
        number = case(*((test, str(at)) for at, (test, _) in enumerate(self._faulty)))
        values = ((test, self._value(field)) for test, field in self._faulty)
        malformed = " OR ".join(f"({test})" for test, _ in self._faulty)
        found = self._db.rows(
            f"SELECT segdsl_row, {number}, {case(*values)} FROM {self._rows}"
            f" WHERE COALESCE({malformed}, {d.false}) ORDER BY 1 LIMIT {most}"
        )
        return [MalformedRow(row, self._faulty[at][1], value) for row, at, value in found]

    def _value(self, field: Field | None) -> str:
        """The value of a field as text."""
        d, place = self._users.dialect, None if field is None else self._users.mapping.place(field)
        if place is None:
            return "NULL"
        if isinstance(place, Column):
            column = d.identifier(place.name)
            return d.shown(d.value(column)) if place.type == JSON else f"CAST({column} AS VARCHAR)"
        column = d.identifier(place.object.name)
        if place.object.type == STRUCT:
            return f"CAST({d.field(column, place.key)} AS VARCHAR)"
        return d.shown(d.member(d.parsed_json(column) if place.object.type == TEXT else column, place.key))
