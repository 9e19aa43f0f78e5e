"""The users of files, queried while somebody types: their first records, estimates from a sample, exact counts.

Many users are sampled once, in the background, into a table of the database in memory. An estimate then takes
milliseconds, and an exact count one pass over the columns that it needs.
"""

import os
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from msgspec import Struct

from segdsl.environment import Environment
from segdsl.errors import CompileError, ConfigError, ParseError, SegdslError
from segdsl.limits import MAX_SHOWN_USERS
from segdsl.semantics.schema import UNCHECKED, Schema
from segdsl.sql.compiler import scope_warnings
from segdsl.sql.counting import Counter
from segdsl.sql.duckdb import CountError, Database, database
from segdsl.sql.expression import Field, TypedExpression, predicates
from segdsl.sql.mapping import Mapping as Columns
from segdsl.sql.records import first_records
from segdsl.sql.sample import SAMPLE, Sample, draw_sample
from segdsl.sql.users import CsvLayout, Users, Wanted, users_in
from segdsl.studio.runs import OutdatedCountError, Run, Runs
from segdsl.studio.session import NamedText, People

Stamp = tuple[tuple[int, int], ...]
"""The modification time and the size of each file: other ones mean other users."""

Key = tuple[str, Stamp]
"""The rows from which a sample was drawn: their relation, and the stamp of the files."""

Segments = list[tuple[str, TypedExpression]]
"""Segments by name."""


class Asked(Struct, frozen=True):
    """The declarations for texts, and the segments whose overlap is counted."""

    environment: Environment
    mapping: Columns | None
    segments: tuple[NamedText, ...]

    def typed(self) -> Segments:
        """The segments without errors."""
        found = []
        for one in self.segments:
            try:
                found.append((one.name, self.environment.typed(one.text)))
            except (CompileError, ParseError):
                continue
        return found


@contextmanager
def live_users(files: Sequence[str], layout: Callable[[str], CsvLayout]) -> Iterator["LiveUsers"]:
    """The users of files while the block runs. Raises `CountError` without DuckDB."""
    with database() as db:
        users = LiveUsers(db, files, layout)
        try:
            yield users
        finally:
            users.close()


class LiveUsers:
    """Users of files, counted in any number of threads."""

    def __init__(self, db: Database, files: Sequence[str], layout: Callable[[str], CsvLayout]) -> None:
        self.name = files[0] if len(files) == 1 else f"{len(files)} files"
        self._db, self._files, self._layout = db, files, layout
        self._runs = Runs()
        self._sample: tuple[Key, Sample] | None = None
        self._sampling: tuple[Key, Run, threading.Thread] | None = None
        self._askable: tuple[Asked, Stamp, Segments] | None = None
        self._lock = threading.Lock()

    def close(self) -> None:
        """Ends the sampling; counts must have ended."""
        with self._lock:
            sampling = self._sampling
        if sampling is not None:
            sampling[1].cancel()
            sampling[2].join()

    @property
    def state(self) -> object:
        """Changes when the users change, or when more is known about them."""
        return self._stamp(), self._sample

    def people(self, schema: Schema | None, mapping: Columns | None) -> People:
        """The first users; none, and the reason why, if they cannot be read."""
        try:
            with self._db.another() as db:
                named = self._users(db, (), schema, mapping)
                users = self._users(db, tuple(named.mapping.columns or ()), schema, mapping)
                records = first_records(db, users, MAX_SHOWN_USERS)
        except SegdslError as error:
            return People(self.name, None, (), str(error))
        sample = self._sample_of(users)
        return People(self.name, sample.rows if sample else None, records)

    def count(self, asked: Asked, run: Run, text: str, *, exact: bool, page: str) -> dict[str, Any]:
        """The answer of `Session.count`, which documents the errors."""
        self._runs.enter(page, run)
        try:
            return self._count(asked, asked.environment.typed(text), run, exact=exact)
        except (CompileError, ParseError) as error:
            raise ValueError("; ".join(one.message for one in error.diagnostics)) from error
        except SegdslError as error:
            raise ValueError(str(error)) from error
        finally:
            self._runs.leave(page, run)

    def _count(self, asked: Asked, typed: TypedExpression, run: Run, *, exact: bool) -> dict[str, Any]:
        now, schema = datetime.now(UTC), asked.environment.schema
        with self._db.another() as db:
            others = self._others(db, asked, now)
            fields = _fields(typed, *(other for _, other in others))
            users = self._users(db, fields, schema, asked.mapping)
            sample = self._sample_of(users)
            estimated = not exact and sample is not None and bool(sample.drawn)
            if estimated:
                users = users.in_table(SAMPLE)
            found = Counter(users, [("", typed), *others], now, schema).first(db, run.check)
        share = sample.rows / sample.drawn if estimated and sample and sample.drawn else 1
        conversations = asked.mapping.conversations if asked.mapping else None
        overlap = zip((name for name, _ in others), found.both, strict=True)
        return {
            "members": round(found.members * share),
            "unknown": round(found.unknown * share),
            "malformed": round(found.malformed * share),
            "total": round(found.users * share),
            "estimate": estimated,
            "drawn": sample.drawn if estimated and sample else None,
            "overlap": [{"segment": name, "both": round(both * share)} for name, both in overlap],
            "diagnostics": [one.to_dict(utf16=True) for one in scope_warnings(typed, conversations)],
        }

    def _others(self, db: Database, asked: Asked, now: datetime) -> Segments:
        """The segments that these users can be asked about; found out once for each content of the files."""
        stamp = self._stamp()
        known = self._askable
        if known is not None and known[0] is asked and known[1] == stamp:
            return known[2]
        schema = asked.environment.schema
        found = []
        for name, typed in asked.typed():
            try:
                users = self._users(db, _fields(typed), schema, asked.mapping)
                Counter(users, [(name, typed)], now, schema)
            except (CompileError, ConfigError):
                continue
            found.append((name, typed))
        self._askable = (asked, stamp, found)
        return found

    def _users(self, db: Database, fields: Iterable[Field], schema: Schema | None, mapping: Columns | None) -> Users:
        wanted = Wanted(tuple(dict.fromkeys(fields)), (schema or UNCHECKED).type_of, self._layout)
        return users_in(db, self._files, wanted, mapping)

    # ── the sample ─────────────────────────────────────────────────────────────────────────────────────────────────

    def _stamp(self) -> Stamp:
        try:
            return tuple((status.st_mtime_ns, status.st_size) for status in map(os.stat, self._files))
        except OSError:
            return ()

    def _sample_of(self, users: Users) -> Sample | None:
        """The sample of these users; None while it is being drawn, which this starts."""
        key = (users.rows, self._stamp())
        with self._lock:
            if self._sample is not None and self._sample[0] == key:
                return self._sample[1]
            if self._sampling is None or self._sampling[0] != key:
                if self._sampling is not None:
                    self._sampling[1].cancel()
                run, before = Run(), self._sampling[2] if self._sampling else None
                thread = threading.Thread(target=self._draw, args=(key, run, before), name="segdsl-sample")
                self._sampling = (key, run, thread)
                thread.start()
        return None

    def _draw(self, key: Key, run: Run, before: threading.Thread | None) -> None:
        if before is not None:
            before.join()
        try:
            with self._db.another() as db:
                sample = draw_sample(db, key[0], run.check)
        except (CountError, OutdatedCountError):
            return  # a count of such rows says why
        with self._lock:
            self._sample = (key, sample)


def _fields(*expressions: TypedExpression) -> Iterator[Field]:
    """The fields in the expressions."""
    return (one.field for expression in expressions for one in predicates(expression.condition))
