"""SQL engines that the tests ask: each makes a table of rows and says of each row what conditions say of it."""

import json
import os
import pwd
import shutil
import socket
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any, ClassVar

from segdsl.sql import SqlCondition

Answer = tuple[bool | None, bool]
"""The result of a verdict and a malformed condition for one row."""


class Engine:
    """`types` gives the type in DDL for each type of column; `dialect` is what it takes conditions in."""

    dialect: ClassVar[str]
    types: ClassVar[dict[str, str]]
    has_nan: ClassVar[bool] = True
    """Whether its doubles can be NaN or infinite."""
    nul: ClassVar[tuple[str, ...]] = ("string", "json")
    """The types of column whose text can hold U+0000."""

    def ask(
        self, columns: Sequence[tuple[str, str]], rows: Sequence[Sequence[Any]], conditions: Sequence[SqlCondition]
    ) -> list[list[Answer]]:
        """For each condition the answers of the rows; a column is a name and a type."""
        numbered = [(number, *row) for number, row in enumerate(rows)]
        self.fill("users", [("row", "integer"), *columns], numbered)
        selected = ", ".join(f"{one.verdict}, {one.malformed}" for one in conditions)
        answers = [row[1:] for row in self.query(f"SELECT {self.quoted('row')}, {selected} FROM users ORDER BY 1")]
        return [[(boolean(row[2 * at]), bool(row[2 * at + 1])) for row in answers] for at in range(len(conditions))]

    def fill(self, table: str, columns: Sequence[tuple[str, str]], rows: Sequence[Sequence[Any]]) -> None:
        """Makes a table of such columns and rows."""
        names = ", ".join(f"{self.quoted(name)} {self.types[type_]}" for name, type_ in columns)
        self.execute(f"DROP TABLE IF EXISTS {table}")
        self.execute(f"CREATE TABLE {table} ({names})")
        if rows:
            marks = ", ".join(self.mark(type_) for _, type_ in columns)
            stored = [self.value(value, type_) for row in rows for value, (_, type_) in zip(row, columns, strict=True)]
            self.insert(f"INSERT INTO {table} VALUES {', '.join([f'({marks})'] * len(rows))}", stored)

    def mark(self, type_: str) -> str:
        """Where a value of such a column goes in an INSERT."""
        return "?"

    def quoted(self, name: str) -> str:
        return '"' + name.replace('"', '""') + '"'

    def value(self, value: Any, type_: str) -> Any:
        """A value as the driver takes it."""
        if type_ == "json":
            return None if value is NOTHING else json.dumps(value)
        return value

    def execute(self, sql: str) -> None:
        raise NotImplementedError

    def insert(self, sql: str, values: Sequence[Any]) -> None:
        raise NotImplementedError

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        raise NotImplementedError


class _Nothing:
    def __repr__(self) -> str:
        return "NOTHING"


NOTHING = _Nothing()
"""A JSON column's NULL, which is another thing than the JSON value null."""


def boolean(value: Any) -> bool | None:
    assert value is None or value in (0, 1)
    return None if value is None else bool(value)


class DuckDB(Engine):
    dialect = "duckdb"
    types: ClassVar = {
        "string": "VARCHAR", "nocase": "VARCHAR COLLATE NOCASE", "number": "DOUBLE", "integer": "BIGINT",
        "boolean": "BOOLEAN", "json": "JSON",
        "float": "FLOAT", "decimal": "DECIMAL(18, 3)", "timestamptz": "TIMESTAMPTZ", "timestamp": "TIMESTAMP",
        "date": "DATE", "rfc3339": "VARCHAR",
        "epoch": "DOUBLE", "epoch_ms": "BIGINT",
    }  # fmt: skip

    def __init__(self, zone: str = "Europe/Berlin") -> None:
        import duckdb

        self._connection = duckdb.connect()
        self._connection.execute("SET threads = 1")
        self._connection.execute(f"SET TimeZone = '{zone}'")

    def execute(self, sql: str) -> None:
        self._connection.execute(sql)

    def insert(self, sql: str, values: Sequence[Any]) -> None:
        self._connection.execute(sql, values)

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        return self._connection.execute(sql).fetchall()


class SQLite(Engine):
    dialect = "sqlite"
    types: ClassVar = {
        "string": "TEXT", "nocase": "TEXT COLLATE NOCASE", "number": "REAL", "integer": "INTEGER",
        "boolean": "BOOLEAN", "json": "TEXT",
        "float": "REAL", "decimal": "NUMERIC", "timestamptz": "TEXT", "timestamp": "TEXT", "date": "TEXT",
        "rfc3339": "TEXT",
        "epoch": "REAL", "epoch_ms": "INTEGER",
    }  # fmt: skip
    has_nan = False
    nul = ("string",)

    def __init__(self) -> None:
        self._connection = sqlite3.connect(":memory:")

    def value(self, value: Any, type_: str) -> Any:
        if isinstance(value, datetime):
            return value.isoformat(sep=" ")
        return value.isoformat() if isinstance(value, date) else super().value(value, type_)

    def execute(self, sql: str) -> None:
        self._connection.execute(sql)

    def insert(self, sql: str, values: Sequence[Any]) -> None:
        self._connection.execute(sql, values)

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        return self._connection.execute(sql).fetchall()


class Postgres(Engine):
    dialect = "postgres"
    nul = ()
    types: ClassVar = {
        "string": 'TEXT COLLATE "en-x-icu"', "nocase": "TEXT COLLATE folding", "number": "DOUBLE PRECISION",
        "integer": "BIGINT",
        "boolean": "BOOLEAN", "json": "JSONB", "float": "REAL", "decimal": "NUMERIC",
        "timestamptz": "TIMESTAMPTZ",
        "timestamp": "TIMESTAMP", "date": "DATE", "rfc3339": "TEXT", "epoch": "DOUBLE PRECISION",
        "epoch_ms": "BIGINT",
    }  # fmt: skip

    def __init__(self, port: int, zone: str = "Europe/Berlin") -> None:
        import psycopg

        self._connection = psycopg.connect(f"host=127.0.0.1 port={port} user=postgres dbname=postgres", autocommit=True)
        self._connection.execute(f"SET TIME ZONE '{zone}'")
        self._connection.execute("SET client_min_messages = error")
        self._connection.execute(
            "CREATE COLLATION IF NOT EXISTS folding (provider = icu, locale = 'und-u-ks-level2', deterministic = false)"
        )

    def mark(self, type_: str) -> str:
        return f"CAST(%s AS {self.types[type_].partition(' COLLATE')[0]})"

    def execute(self, sql: str) -> None:
        self._connection.execute(sql)

    def insert(self, sql: str, values: Sequence[Any]) -> None:
        self._connection.execute(sql, values)

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        return self._connection.execute(sql).fetchall()

    def close(self) -> None:
        self._connection.close()


# ── a Postgres server for the tests ────────────────────────────────────────────────────────────────


def postgres_programs() -> Path | None:
    """The folder of `initdb` and `postgres` of the newest installed version, or None."""
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).parent
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    return found[-1].parent if found else None


@contextmanager
def postgres_server(programs: Path) -> Iterator[int]:
    """The port of a server on the loopback address, with an empty database in a temporary folder.

    Postgres refuses to run as root: a root user of the tests lends it to the account that Debian's package made.
    """
    account = pwd.getpwnam("postgres") if os.geteuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix="segdsl-postgres-"))
    as_account: dict[str, Any] = {}
    if account:
        os.chown(folder, account.pw_uid, account.pw_gid)
        as_account = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
    data = folder / "data"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    try:
        initdb: list[str | Path] = [
            programs / "initdb",
            "-D",
            data,
            "-U",
            "postgres",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C",
            "--no-sync",
        ]
        subprocess.run(initdb, check=True, capture_output=True, cwd=folder, **as_account)
        settings = ["fsync=off", "listen_addresses=127.0.0.1", f"unix_socket_directories={folder}"]
        options = " ".join(["-p", str(port), *(f"-c {setting}" for setting in settings)])
        control: list[str | Path] = [programs / "pg_ctl", "-D", data, "-l", folder / "log", "-w", "-t", "60"]
        subprocess.run([*control, "-o", options, "start"], check=True, capture_output=True, cwd=folder, **as_account)
        try:
            yield port
        finally:
            subprocess.run(
                [*control, "-m", "immediate", "stop"], check=True, capture_output=True, cwd=folder, **as_account
            )
    finally:
        shutil.rmtree(folder)
