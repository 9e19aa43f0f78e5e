"""DuckDB, as far as counting needs it: the only module that imports it.

Nothing is fetched, no extension is loaded, memory is bounded, and temporary files end with the connection.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

from segdsl.errors import SegdslError
from segdsl.limits import MAX_COUNT_MEMORY
from segdsl.sql.dialects.duckdb import DuckDB

Progress = Callable[[float], None]
"""Takes the progress of a query, from 0 to 100."""

Result = TypeVar("Result")

_BATCH = 10_000
"""The rows in memory at once, for a query whose rows are read one by one."""

_POLL = 0.05
"""Seconds between two looks at a running query."""


class CountError(SegdslError):
    """Users cannot be counted: a file or table is missing, a file is broken, or DuckDB is not installed."""


class Database:
    """A connection to a DuckDB in memory. One thread at a time may use it; others take their own connection."""

    def __init__(self, connection: Any, error: type[Exception]) -> None:
        self._connection, self._error = connection, error
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute("SET enable_progress_bar = true")
        connection.execute("SET enable_progress_bar_print = false")

    @contextmanager
    def another(self) -> Iterator["Database"]:
        """Another connection to the same data, for another thread."""
        opened = Database(self._connection.cursor(), self._error)
        try:
            yield opened
        finally:
            opened.close()

    def close(self) -> None:
        """Ends the connection; the last one frees everything."""
        self._connection.close()

    def execute(self, sql: str, progress: Progress | None = None) -> None:
        """Executes a statement."""
        self._done(lambda: self._connection.execute(sql), progress)

    def columns(self, relation: str) -> dict[str, Any]:
        """The columns of a relation, each with its type: `.id` is the kind, `str()` the whole type."""
        with self._told():
            found = self._connection.sql(f"SELECT * FROM {relation} LIMIT 0")
            return dict(zip(found.columns, found.types, strict=True))

    def attach(self, file: str, name: str) -> list[str]:
        """Opens a database file, read-only; returns the names of its tables and views."""
        d = DuckDB()
        with self._told():
            self._connection.execute(f"ATTACH IF NOT EXISTS {d.string(file)} AS {d.identifier(name)} (READ_ONLY)")
            sql = "SELECT table_name FROM information_schema.tables WHERE table_catalog = ? ORDER BY 1"
            return [table for (table,) in self._connection.execute(sql, [name]).fetchall()]

    def rows(self, sql: str, progress: Progress | None = None) -> list[tuple[Any, ...]]:
        """The rows of a query."""
        return self._done(lambda: self._connection.execute(sql).fetchall(), progress)

    def stream(self, sql: str) -> Iterator[tuple[Any, ...]]:
        """The rows of a query one by one, in flat memory; no other query may run meanwhile."""
        self._done(lambda: self._connection.execute(sql))
        while batch := self._done(lambda: self._connection.fetchmany(_BATCH)):
            yield from batch

    def _done(self, work: Callable[[], Result], progress: Progress | None = None) -> Result:
        """The result of the work. It runs in its own thread, so that Ctrl-C ends it at once."""
        answer: list[Result] = []
        failed: list[BaseException] = []

        def run() -> None:
            try:
                answer.append(work())
            except self._error as error:
                failed.append(error)

        worker = threading.Thread(target=run)
        worker.start()
        try:
            while worker.is_alive():
                worker.join(_POLL)
                if progress is not None:
                    progress(max(0.0, self._connection.query_progress()))
        except BaseException:
            while worker.is_alive():  # an interrupt is lost if the query has not begun
                self._connection.interrupt()
                worker.join(_POLL)
            raise
        finally:
            worker.join()
        with self._told():
            for error in failed:
                raise error
        return answer[0]

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Turns the engine's errors into one of ours, with the first line of its message."""
        try:
            yield
        except self._error as error:
            raise CountError(str(error).strip().partition("\n")[0]) from error


@contextmanager
def database() -> Iterator[Database]:
    """A database whose temporary files are removed when it is closed."""
    try:
        import duckdb  # noqa: PLC0415  an extra
    except ImportError as error:
        raise CountError("this needs DuckDB: pip install 'segdsl[sql]'") from error
    with TemporaryDirectory(prefix="segdsl-") as folder:
        config: dict[str, str | bool | int | float | list[str]] = {
            "memory_limit": f"{MAX_COUNT_MEMORY}B",
            "temp_directory": folder,
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
        }
        opened = Database(duckdb.connect(config=config), duckdb.Error)
        try:
            yield opened
        finally:
            opened.close()
