"""Whole statements about a table of users, in any dialect: conditions, a count, a view."""

from collections.abc import Sequence
from datetime import datetime

from segdsl.sql.conversations import WithConversations, writer_of
from segdsl.sql.dialects.dialect import Dialect, indented, select
from segdsl.sql.emitter import HOISTED_FROM, Emitter
from segdsl.sql.expression import Schema, TypedExpression
from segdsl.sql.mapping import Mapping

Segments = Sequence[tuple[str, TypedExpression]]
"""Segments by their names."""

DEFAULT_TABLE, DEFAULT_CONVERSATIONS = "users", "conversations"


class Statements:
    """Statements about segments. Raises `CompileError` if the mapping or dialect does not allow one.

    `now` None means the engine's clock when the statement runs.
    """

    def __init__(
        self, segments: Segments, mapping: Mapping, dialect: Dialect, now: datetime | None, schema: Schema | None = None
    ) -> None:
        self._dialect, self._mapping, self._now, self._schema = dialect, mapping, now, schema
        self._segments = segments
        self._table = self._named(mapping.table or DEFAULT_TABLE)

    def where(self) -> list[str]:
        """For each segment a condition that is TRUE exactly for its members."""
        return [self._where(typed) for _, typed in self._segments]

    def count(self) -> str:
        """A query with a row for each segment: its name, its users, members, unknown and malformed ones."""
        d, writer = self._dialect, self._writer(len(self._segments))
        verdicts, figures, rows = [], [], []
        for at, (name, typed) in enumerate(self._segments, start=1):
            condition = writer.asked(typed)
            verdicts += [f"{condition.guarded(d)} AS v{at}", f"{condition.malformed(d)} AS m{at}"]
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
            f"WITH verdicts AS (\n{indented(select(verdicts, writer.rows(self._table)))}\n),\n"
            f"counts AS (\n{indented(select(['COUNT(*) AS total', *figures], 'verdicts'))}\n)\n"
            + "\nUNION ALL\n".join(rows)
        )

    def view(self, name: str) -> str:
        """A view with a row for each user, and for each segment a column that is TRUE, FALSE or NULL."""
        d, writer = self._dialect, self._writer(len(self._segments))
        shown = [d.identifier(self._mapping.id) if self._mapping.id else "*"]
        shown += [f"{writer.asked(typed).guarded(d)} AS {d.identifier(segment)}" for segment, typed in self._segments]
        return f"CREATE VIEW {d.identifier(name)} AS\n{select(shown, writer.rows(self._table))}"

    def _where(self, typed: TypedExpression) -> str:
        d, writer = self._dialect, self._writer(1)
        holds = writer.asked(typed).holds(d)
        rows = writer.rows(self._table)
        if rows == self._table:
            return holds
        # aggregates of conversations are in no row of the users
        user = d.identifier(self._mapping.id or "")
        return f"{user} IN (\n{indented(select([user], rows))}\n  WHERE {holds}\n)"

    def _writer(self, segments: int) -> Emitter | WithConversations:
        conversations = self._mapping.conversations
        return writer_of(
            self._mapping,
            self._dialect,
            self._now,
            self._schema,
            conversations=self._named((conversations and conversations.table) or DEFAULT_CONVERSATIONS),
            hoists=segments >= HOISTED_FROM,
        )

    def _named(self, table: str) -> str:
        return ".".join(map(self._dialect.identifier, table.split(".")))
