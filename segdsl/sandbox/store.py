"""The account's segments in SQLite: in memory, or in a file that survives a restart."""

import os
import sqlite3
import threading
import uuid
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Literal

import msgspec

from segdsl.errors import ConfigError
from segdsl.wire import Segment

# ── a segment ──────────────────────────────────────────────────────────────────────────────────────────────────────


class StoredSegment(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A segment of the account; times are ISO 8601 in UTC, `filters` is the wire's JSON. Field order is key order."""

    id: str
    name: str
    type: Literal["system", "custom"]
    preset_id: str | None = None
    member_count: int = 0
    is_favorited: bool = False
    description: str | None = None
    icon: str | None = None
    filters: dict[str, Any]
    created_by: str | None = None
    created_at: str
    updated_at: str

    def detail(self) -> dict[str, Any]:
        """Everything: the answer of `GET /segments/{id}`."""
        plain: dict[str, Any] = msgspec.to_builtins(self)
        return plain

    def summary(self) -> dict[str, Any]:
        """An item of the answer of `GET /segments`."""
        return _only(self.detail(), "id", "name", "type", "presetId", "memberCount", "isFavorited")

    def created(self) -> dict[str, Any]:
        """The answer of `POST /segments`."""
        return _only(self.detail(), "id", "name", "type", "description", "icon", "filters", "createdAt", "updatedAt")


def _only(plain: dict[str, Any], *keys: str) -> dict[str, Any]:
    return {key: plain[key] for key in keys}


_SINCE = "2026-01-01T00:00:00.000Z"


def _system(number: int, preset_id: str, name: str, icon: str, description: str, *conditions: Any) -> StoredSegment:
    keys = ("field", "operator", "value")
    return StoredSegment(
        id=f"00000000-0000-4000-8000-{number:012}",
        name=name,
        type="system",
        preset_id=preset_id,
        description=description,
        icon=icon,
        filters={
            "operator": "AND",
            "conditions": [dict(zip(keys, condition, strict=True)) for condition in conditions],
        },
        created_at=_SINCE,
        updated_at=_SINCE,
    )


SYSTEM_SEGMENTS = (
    _system(
        1, "all-users", "All Users", "Users", "Everyone who has had a conversation", ("conversationCount", "gte", 1)
    ),
    _system(2, "power-users", "Power Users", "Zap", "Many conversations", ("conversationCount", "gte", 20)),
    _system(3, "frustrated-users", "Frustrated Users", "Frown", "High frustration", ("frustration", "gte", 0.7)),
    _system(
        4,
        "at-risk-users",
        "At-Risk Users",
        "TriangleAlert",
        "Unhappy, and not seen for two weeks",
        ("sentiment", "lte", 0.3),
        ("lastSeen", "before", "14d"),
    ),
)
"""The system segments of every account, in the order of the listing, before all custom segments.

Their `filters` have a shape of their own (page get-segment of the API reference).
"""


# ── the store ──────────────────────────────────────────────────────────────────────────────────────────────────────

_APPLICATION_ID: Final = 0x73656764
"""In the file's header ("segd"), so that no other program's database is used as a sandbox's."""

_SCHEMA: Final = f"""
    CREATE TABLE segment (
        position INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        name TEXT NOT NULL,
        description TEXT,
        icon TEXT,
        filters TEXT NOT NULL,
        created_at TEXT NOT NULL
    );
    PRAGMA application_id = {_APPLICATION_ID};
"""
_BEGIN: Final = "BEGIN IMMEDIATE"
"""Begins a transaction in which nobody else writes between a read and a write; `with database` ends it."""

_COLUMNS: Final = "id, name, description, icon, filters, created_at"


class QuotaReachedError(Exception):
    """The plan allows no more custom segments."""


class Store:
    """The segments of one account: the system ones, then the custom ones in the order of their creation.

    May be used from several threads, and one file from several processes. `clock` returns an aware datetime, `new_id` a
    new id. Opening raises `ConfigError` if `path` cannot be used; only its owner can read a new file.
    """

    def __init__(
        self,
        path: Path | None = None,
        *,
        system: Sequence[StoredSegment] = SYSTEM_SEGMENTS,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        new_id: Callable[[], str] = lambda: str(uuid.uuid4()),
    ) -> None:
        self._system = tuple(system)
        self._clock = clock
        self._new_id = new_id
        self._lock = threading.Lock()
        self._database = _open(path)

    def close(self) -> None:
        """Closes the file."""
        with self._lock:
            self._database.close()

    def create(self, segment: Segment, *, limit: int | None = None) -> StoredSegment:
        """Stores a new custom segment, on disk when this returns; a nameless one gets a name.

        Raises `QuotaReachedError`, and stores nothing, if `limit` custom segments exist already.
        """
        new_id = self._new_id()
        row = (
            new_id,
            segment.name if segment.name is not None else f"Segment {new_id[:8]}",
            segment.description,
            segment.icon,
            segment.filters.to_json().decode(),
            _timestamp(self._clock()),
        )
        with self._lock, self._database as database:
            database.execute(_BEGIN)
            if limit is not None and _count(database) >= limit:
                raise QuotaReachedError
            database.execute(f"INSERT INTO segment ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?)", row)  # noqa: S608  constant
        return _record(row)

    def custom(self, offset: int = 0, limit: int | None = None) -> list[StoredSegment]:
        """The custom segments from `offset` on, at most `limit` of them."""
        query = f"SELECT {_COLUMNS} FROM segment ORDER BY position LIMIT ? OFFSET ?"  # noqa: S608  constant
        return [_record(row) for row in self._rows(query, -1 if limit is None else limit, offset)]

    def listing(self, offset: int, limit: int) -> list[StoredSegment]:
        """All segments from `offset` on, at most `limit` of them."""
        page = list(self._system[offset : offset + limit])
        return page + self.custom(max(0, offset - len(self._system)), limit - len(page))

    def count(self) -> int:
        """The number of all segments."""
        return len(self._system) + int(self._rows("SELECT count(*) FROM segment")[0][0])

    def find(self, key: str) -> StoredSegment | None:
        """The segment with this id, or the system segment with this preset id."""
        for segment in self._system:
            if key in (segment.id, segment.preset_id):
                return segment
        rows = self._rows(f"SELECT {_COLUMNS} FROM segment WHERE id = ?", key)  # noqa: S608  constant
        return _record(rows[0]) if rows else None

    def _rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        with self._lock:
            return self._database.execute(query, values).fetchall()


def _open(path: Path | None) -> sqlite3.Connection:
    """A connection to a database with the schema, which is created if missing."""
    try:
        if path is not None:
            # SQLite would create the file with the umask's permissions; its journal gets those of the file.
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        database = sqlite3.connect(path or ":memory:", isolation_level=None, check_same_thread=False)
    except (OSError, sqlite3.Error) as error:
        raise ConfigError(f"cannot open {path}: {_reason(error)}") from error
    try:
        _prepare(database, path)
    except sqlite3.Error as error:
        database.close()
        raise ConfigError(f"cannot use {path} as a sandbox's data: {error}") from error
    except ConfigError:
        database.close()
        raise
    return database


def _reason(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error)


def _prepare(database: sqlite3.Connection, path: Path | None) -> None:
    with database:
        database.execute(_BEGIN)
        owner = database.execute("PRAGMA application_id").fetchone()[0]
        tables = database.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        if owner == _APPLICATION_ID:
            return
        if owner or tables:
            raise ConfigError(f"{path} is a database of another program; it was not changed")
        for statement in _SCHEMA.split(";"):  # executescript would end the transaction
            database.execute(statement)


def _count(database: sqlite3.Connection) -> int:
    return int(database.execute("SELECT count(*) FROM segment").fetchone()[0])


def _record(row: tuple[Any, ...]) -> StoredSegment:
    segment_id, name, description, icon, filters, created_at = row
    return StoredSegment(
        id=segment_id,
        name=name,
        type="custom",
        description=description,
        icon=icon,
        filters=msgspec.json.decode(filters),
        created_at=created_at,
        updated_at=created_at,
    )


def _timestamp(moment: datetime) -> str:
    """As JavaScript writes it: UTC, milliseconds, Z."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
