"""Counts the users of several segments, in one pass over the rows.

For every segment: its members (true), the unknown users, the malformed rows, and the users in this segment only. A row
that is malformed for all segments is not a user, and counts in no other figure.
"""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from segdsl.sql.conversations import writer_of
from segdsl.sql.dialects.dialect import case
from segdsl.sql.duckdb import Database, Progress
from segdsl.sql.emitter import HOISTED_FROM, Condition
from segdsl.sql.expression import Schema, TypedExpression
from segdsl.sql.users import Users

_ONE = 1 << 16
"""The summand of a membership in the sum that counts a row's segments; the remainder is the segment's number."""

_BITS = 62
"""Segments in one integer of a bit mask."""


class Part(Struct, frozen=True):
    """One part of a split segment, which is the segment number `of`. It is malformed for the rows of the segment."""

    of: int
    name: str
    typed: TypedExpression


class SegmentCount(Struct, frozen=True):
    """The counts of one segment: rows for which it is true (`members`), false (`others`) and unknown."""

    name: str
    members: int
    others: int
    unknown: int
    malformed: int
    only_here: int


class Counts(Struct, frozen=True):
    """`users` are the rows that are not malformed for all segments; `overlap[i][j]` are members of both i and j."""

    users: int
    segments: tuple[SegmentCount, ...]
    in_none: int
    overlap: tuple[tuple[int, ...], ...] | None = None


class Membership(Struct, frozen=True):
    """The counts of one expression.

    `users` are the rows that are not malformed for it, `both` the members who are also in each of some other segments.
    """

    users: int
    members: int
    unknown: int
    malformed: int
    both: tuple[int, ...]


def _guarded(condition: Condition) -> str:
    """The verdict; NULL if the row is malformed."""
    if not condition.tests:
        return condition.verdict
    return case((f"NOT coalesce({' OR '.join(condition.tests)}, FALSE)", condition.verdict))


class Counter:
    """Counts segments, given by name and typed expression, among users.

    `parts` are counted like segments, after them. Raises `CompileError` for an expression that the columns cannot
    express.
    """

    def __init__(
        self,
        users: Users,
        segments: Sequence[tuple[str, TypedExpression]],
        now: datetime,
        schema: Schema | None = None,
        parts: Sequence[Part] = (),
    ) -> None:
        self._names = [*(name for name, _ in segments), *(part.name for part in parts)]
        writer = writer_of(
            users.mapping,
            users.dialect,
            now,
            schema,
            conversations=users.conversations,
            hoists=len(self._names) >= HOISTED_FROM,
        )
        self._conditions = [writer.asked(typed) for _, typed in segments]
        self._conditions += [
            replace(self._conditions[part.of], verdict=writer.asked(part.typed).verdict) for part in parts
        ]
        if users.no_user:
            self._conditions = [replace(one, tests=(users.no_user, *one.tests)) for one in self._conditions]
        self._rows = writer.rows(users.relation)
        self._reads_once = users.reads_once

    def count(self, db: Database, *, overlap: bool = False, progress: Progress | None = None) -> Counts:
        """All figures. Raises `CountError` if the rows cannot be read."""
        failing = self._failing_tests(db, progress)
        faults = [[failing[test] for test in one.tests if test in failing] for one in self._conditions]
        verdicts = self._verdicts(faults, failing)
        total, no_users, in_none, segments = self._figures(db, verdicts, faults, progress)
        counts = [
            SegmentCount(name, members, known - members, total - known - malformed, malformed, only_here)
            for name, (members, known, malformed, only_here) in zip(self._names, segments, strict=True)
        ]
        pairs = self._overlap(db, verdicts, progress) if overlap else None
        return Counts(total - no_users, tuple(counts), in_none - no_users, pairs)

    def first(self, db: Database, progress: Progress | None = None) -> Membership:
        """The figures of the first segment, in one pass over the rows; only its members are tested for the others."""
        first, *others = self._conditions
        malformed = f"coalesce({' OR '.join(first.tests)}, FALSE)" if first.tests else "FALSE"
        rows = f"(SELECT *, {malformed} AS _m FROM {self._rows})"
        verdict = case(("NOT _m", first.verdict)) if first.tests else first.verdict
        shared = [f"count_if({case(('_v', _guarded(one)))})" for one in others]
        ((total, known, members, faults, *both),) = db.rows(
            f"SELECT {', '.join(['count(*)', 'count(_v)', 'count_if(_v)', 'count_if(_m)', *shared])}"
            f" FROM (SELECT *, {verdict} AS _v FROM {rows})",
            progress,
        )
        members, faults = members or 0, faults or 0  # count_if of what is NULL everywhere is NULL
        users = total - faults
        return Membership(users, members, users - known, faults, tuple(count or 0 for count in both))

    def _failing_tests(self, db: Database, progress: Progress | None) -> dict[str, str]:
        """The tests of malformed rows that may hold for some row, each with the name of its column.

        Most hold for none. If a second pass is cheap, they run separately, and most verdicts need no guard. They are a
        filter, too, because DuckDB tests a filter on one column while it reads, once for each value of a dictionary.
        """
        tests = list(dict.fromkeys(test for one in self._conditions for test in one.tests))
        if tests and not self._reads_once:
            asked = ", ".join(f"count_if({test})" for test in tests)
            ((*found,),) = db.rows(f"SELECT {asked} FROM {self._rows} WHERE {' OR '.join(tests)}", progress)
            tests = [test for test, count in zip(tests, found, strict=True) if count]
        return {test: f"_m{at}" for at, test in enumerate(tests)}

    def _verdicts(self, faults: Sequence[Sequence[str]], failing: dict[str, str]) -> str:
        """Rows of verdicts `_v0`, `_v1` …, NULL if the row is malformed for the segment, and the tests that fail."""
        rows = self._rows
        if failing:
            shown = ", ".join(f"coalesce({test}, FALSE) AS {column}" for test, column in failing.items())
            rows = f"(SELECT *, {shown} FROM {rows})"
        verdicts = [
            case((f"NOT ({' OR '.join(columns)})", one.verdict)) if columns else one.verdict
            for one, columns in zip(self._conditions, faults, strict=True)
        ]
        shown = ", ".join([*(f"{sql} AS _v{at}" for at, sql in enumerate(verdicts)), *failing.values()])
        return f"(SELECT {shown} FROM {rows})"

    def _figures(
        self, db: Database, verdicts: str, faults: Sequence[Sequence[str]], progress: Progress | None
    ) -> tuple[int, int, int, list[tuple[int, int, int, int]]]:
        """All rows, rows malformed for every segment, and rows in no segment; of each segment its members, the rows
        with a verdict, the malformed ones, and those in no other segment."""
        if len(faults) == 1:  # nothing is to be added up, which takes a quarter of the time
            rows, in_none, alone = verdicts, "count_if(_v0 IS NOT TRUE)", ["count_if(_v0)"]
        else:
            memberships = " + ".join(
                f"CASE WHEN _v{at} THEN {_ONE + at}::INTEGER ELSE 0::INTEGER END" for at in range(len(faults))
            )
            rows = f"(SELECT *, {memberships} AS _memberships FROM {verdicts})"
            in_none = "count_if(_memberships = 0)"
            alone = [f"count_if(_memberships = {_ONE + at})" for at in range(len(faults))]
        figures = []
        for at, columns in enumerate(faults):
            malformed = f"count_if({' OR '.join(columns)})" if columns else "0"
            figures += [f"count_if(_v{at})", f"count(_v{at})", malformed, alone[at]]
        no_user = " AND ".join(f"({' OR '.join(columns)})" for columns in faults) if all(faults) else "FALSE"
        ((total, *found),) = db.rows(
            f"SELECT count(*), count_if({no_user}), {in_none}, {', '.join(figures)} FROM {rows}", progress
        )
        no_users, none, *each = (count or 0 for count in found)  # count_if of what is NULL everywhere is NULL
        return total, no_users, none, list(zip(each[::4], each[1::4], each[2::4], each[3::4], strict=True))

    def _overlap(self, db: Database, verdicts: str, progress: Progress | None) -> tuple[tuple[int, ...], ...]:
        """For each pair of segments their common members: rows are grouped by their segments."""
        size = len(self._conditions)
        starts = range(0, size, _BITS)
        masks = [
            " | ".join(
                f"CASE WHEN _v{at} THEN {1 << (at - start)}::BIGINT ELSE 0::BIGINT END"
                for at in range(start, min(start + _BITS, size))
            )
            for start in starts
        ]
        shown = ", ".join(f"{mask} AS _b{start}" for mask, start in zip(masks, starts, strict=True))
        groups = f"SELECT {shown}, count(*) AS n FROM {verdicts} GROUP BY ALL"
        bit = case(*[(f"k < {start + _BITS}", f"(_b{start} >> (k - {start})) & 1") for start in starts])
        members = f"list_filter(range({size}), lambda k: {bit} = 1)"
        pairs = f"SELECT unnest(segments) AS i, segments, n FROM (SELECT {members} AS segments, n FROM ({groups}))"
        common = [[0] * size for _ in range(size)]
        for i, j, count in db.rows(
            f"SELECT i, j, sum(n) FROM (SELECT i, unnest(segments) AS j, n FROM ({pairs})) GROUP BY i, j", progress
        ):
            common[i][j] = int(count)
        return tuple(map(tuple, common))
