"""Whole statements about a table of users, in any dialect: conditions, a count, a view."""

from collections.abc import Sequence
from datetime import datetime

from segdsl.sql.dialects.dialect import Dialect, case
from segdsl.sql.emitter import HOISTED_FROM, Condition, Emitter
from segdsl.sql.expression import Schema, TypedExpression
from segdsl.sql.mapping import Mapping

Segments = Sequence[tuple[str, TypedExpression]]
"""Segments by their names."""

DEFAULT_TABLE = "users"


class Statements:
    """What can be said of segments. Raises `CompileError` for what mapping or dialect do not allow.

    `now` None means the engine's clock, whenever the statement is run.
    """

    def __init__(
        self, segments: Segments, mapping: Mapping, dialect: Dialect, now: datetime | None, schema: Schema | None = None
    ) -> None:
        self._dialect, self._mapping = dialect, mapping
        self._plain = Emitter(mapping, dialect, now, schema)
        self._once = Emitter(mapping, dialect, now, schema, hoists=len(segments) >= HOISTED_FROM)
        self._segments = segments
        self._table = ".".join(map(dialect.identifier, (mapping.table or DEFAULT_TABLE).split(".")))

    def where(self) -> list[str]:
        """For each segment a condition that is TRUE for its members, and for nobody else."""
        found = [self._plain.condition(typed.condition) for _, typed in self._segments]
        return [
            f"({one.verdict}) AND NOT ({self._plain.malformed(one)})" if one.tests else one.verdict for one in found
        ]

    def count(self) -> str:
        """A query with a row for each segment: its name, its users, members, unknown and malformed ones."""
        d, conditions = self._dialect, self._conditions()
        verdicts, figures, rows = [], [], []
        for at, (condition, (name, _)) in enumerate(zip(conditions, self._segments, strict=True), start=1):
            verdicts += [f"{self._verdict(condition)} AS v{at}", f"{self._once.malformed(condition)} AS m{at}"]
            figures += [
                f"{d.count_if(f'v{at}')} AS members{at}",
                f"COUNT(v{at}) AS known{at}",
                f"{d.count_if(f'm{at}')} AS malformed{at}",
            ]
            users = f"total - malformed{at}"
            rows.append(
                f"SELECT {d.string(name)} AS segment, {users} AS users, members{at} AS members,"
                f" {users} - known{at} AS unknown, malformed{at} AS malformed FROM counts"
            )
        return (
            f"WITH verdicts AS (\n{_lines('SELECT', verdicts)}\n  FROM {self._rows()}\n),\n"
            f"counts AS (\n{_lines('SELECT', ['COUNT(*) AS total', *figures])}\n  FROM verdicts\n)\n"
            + "\nUNION ALL\n".join(rows)
        )

    def view(self, name: str) -> str:
        """A view with a row for each user, and for each segment a column that is TRUE, FALSE or NULL."""
        d, conditions = self._dialect, self._conditions()
        shown = [d.identifier(self._mapping.id) if self._mapping.id else "*"]
        shown += [
            f"{self._verdict(condition)} AS {d.identifier(segment)}"
            for condition, (segment, _) in zip(conditions, self._segments, strict=True)
        ]
        return f"CREATE VIEW {d.identifier(name)} AS\n{_lines('SELECT', shown)}\n  FROM {self._rows()}"

    def _conditions(self) -> list[Condition]:
        return [self._once.condition(typed.condition) for _, typed in self._segments]

    def _verdict(self, condition: Condition) -> str:
        """The verdict; NULL where the row is malformed."""
        if not condition.tests:
            return condition.verdict
        return case((f"NOT ({self._once.malformed(condition)})", condition.verdict))

    def _rows(self) -> str:
        hoisted = [f"{sql} AS {column}" for sql, column in self._once.hoisted.items()]
        return f"(\n{_lines('SELECT', ['*', *hoisted])}\n  FROM {self._table}\n) AS fields" if hoisted else self._table


def _lines(word: str, items: Sequence[str]) -> str:
    return f"  {word}\n" + ",\n".join(f"    {item}" for item in items)
