"""SQL against `evaluate` on engines that are too large for every test run: `make oracles`.

Random users and expressions of the property tests run on MariaDB (a server of Debian's package, started on the loopback
address), ClickHouse (chdb, in this process), GoogleSQL (ZetaSQL's evaluator as WebAssembly: the language of BigQuery,
not the service) and Spark (in local mode; needs Java). Each answer is compared with that of `evaluate`; the figures go
to benchmarks/ORACLES.md.
"""

import argparse
import json
import math
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, ClassVar

import segdsl
import segdsl.sql
from benchmarks.report import table as markdown
from segdsl.sql import SqlCondition
from tests.sql.conversation_cases import conversations, fill, members_by_rules, members_by_sql, sayable
from tests.sql.sql_cases import NOW, Table, expected, expression, flat_table, json_table, without_nul
from tests.sql.sql_engines import NOTHING, DuckDB, Engine, Postgres, SQLite, postgres_programs, postgres_server

FILE = Path(__file__).with_name("ORACLES.md")
ROWS, EXPRESSIONS = 25, 12
SHOWN = 3
"""Wrong answers that are printed for each engine."""

_PAGE = """# SQL beside `evaluate`

Random expressions on random users, in typed columns and in JSON: each answer of an engine is compared with that of
`segdsl.evaluate` (true, false, unknown, malformed). "With conversations": users have conversations in a table of their
own, and segments have scope clauses; members are compared with those of the compiled rules. `make oracles` measures
this again.

{table}

segdsl refuses expressions that it cannot write for the dialect: moments in text for MySQL and ClickHouse, and whole
numbers beyond 2^53 beside integers. An expression has failed if the engine does not take it. MariaDB is tried in the
dialect `mysql`, without NaN and without moments before 1970, which its columns cannot hold. GoogleSQL is tried in the
dialect `bigquery`: ZetaSQL's own evaluator, which PyPI's `zetasql` has as WebAssembly (not made by Google). BigQuery
itself has not been tried. Of other packages, PyPI's `googlesql` holds no engine, `bqemulator` runs on DuckDB, and npm's
`@fivetrandevelopers/zetasql` holds a server for x86 and ARM of 110 MB. Databricks, Snowflake, Trino and MySQL itself
have not been tried: a parser checks their SQL.
"""


class MariaDB(Engine):
    """MariaDB, asked in the dialect `mysql`."""

    dialect = "mysql"
    has_nan = False
    types: ClassVar = {
        "string": "TEXT CHARACTER SET utf8mb4", "nocase": "TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci",
        "number": "DOUBLE", "integer": "BIGINT",
        "boolean": "BOOLEAN", "json": "JSON", "float": "FLOAT", "decimal": "DECIMAL(18, 3)",
        "timestamptz": "TIMESTAMP(6) NULL", "timestamp": "DATETIME(6)", "date": "DATE",
        "rfc3339": "TEXT CHARACTER SET utf8mb4",
        "epoch": "DOUBLE", "epoch_ms": "BIGINT",
    }  # fmt: skip

    def __init__(self, port: int) -> None:
        import pymysql

        self._connection = pymysql.connect(
            host="127.0.0.1", port=port, user="root", charset="utf8mb4", database="test", autocommit=True,
            init_command="SET time_zone = '+02:00'",
        )  # fmt: skip

    @property
    def version(self) -> str:
        return f"MariaDB {self.query('SELECT VERSION()')[0][0].partition('-')[0]}"

    def mark(self, type_: str) -> str:
        return "%s"

    def quoted(self, name: str) -> str:
        return "`" + name.replace("`", "``") + "`"

    def value(self, value: Any, type_: str) -> Any:
        if type_ == "timestamptz" and value is not None:
            return value.astimezone(UTC) + timedelta(hours=2)
        return super().value(value, type_)

    def execute(self, sql: str) -> None:
        with self._connection.cursor() as cursor:
            cursor.execute(sql)

    def insert(self, sql: str, values: Sequence[Any]) -> None:
        with self._connection.cursor() as cursor:
            cursor.execute(sql, values)

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        with self._connection.cursor() as cursor:
            cursor.execute(sql)
            return list(cursor.fetchall())

    def close(self) -> None:
        self._connection.close()


class ClickHouse(Engine):
    """ClickHouse, inside this process."""

    dialect = "clickhouse"
    types: ClassVar = {
        name: f"Nullable({type_})"
        for name, type_ in {
            "string": "String", "nocase": "String", "number": "Float64", "integer": "Int64", "boolean": "Bool",
            "json": "String", "float": "Float32", "decimal": "Decimal(18, 3)", "timestamptz": "DateTime64(6, 'UTC')",
            "timestamp": "DateTime64(6, 'UTC')", "date": "Date32", "rfc3339": "String", "epoch": "Float64",
            "epoch_ms": "Int64",
        }.items()
    }  # fmt: skip

    def __init__(self) -> None:
        from chdb import session

        self._session = session.Session()
        self._session.query("CREATE DATABASE segdsl ENGINE = Atomic")
        self._session.query("USE segdsl")

    @property
    def version(self) -> str:
        return f"ClickHouse {self.query('SELECT version()')[0][0]}"

    def quoted(self, name: str) -> str:
        return "`" + name.replace("\\", "\\\\").replace("`", "\\`") + "`"

    def execute(self, sql: str) -> None:
        self._session.query(f"{sql} ENGINE = Memory" if sql.startswith("CREATE TABLE") else sql)

    def insert(self, sql: str, values: Sequence[Any]) -> None:
        pieces = sql.split("?")
        self._session.query(
            "".join(piece + _literal(value) for piece, value in zip(pieces, values, strict=False)) + pieces[-1]
        )

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        answer = json.loads(self._session.query(sql, "JSONCompact").bytes())
        return [tuple(row) for row in answer["data"]]

    def close(self) -> None:
        self._session.close()


def _literal(value: Any) -> str:
    """A value as ClickHouse reads it."""
    match value:
        case None | bool():
            return "NULL" if value is None else str(value).lower()
        case float() if not math.isfinite(value):
            return "nan" if math.isnan(value) else "inf" if value > 0 else "-inf"
        case int() | float():
            return repr(value)
        case datetime():
            moment = value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo else value
            return f"'{moment.isoformat(sep=' ', timespec='microseconds')}'"
        case date():
            return f"'{value.isoformat()}'"
        case _:
            return "'" + str(value).replace("\\", "\\\\").replace("'", "\\'").replace("\0", "\\0") + "'"


class GoogleSQL(Engine):
    """The evaluator of ZetaSQL, as WebAssembly in this process: what Google tests its engines against."""

    dialect = "bigquery"
    types: ClassVar = {
        "string": "STRING", "nocase": "STRING", "number": "FLOAT64", "integer": "INT64", "boolean": "BOOL",
        "json": "JSON", "float": "FLOAT64", "decimal": "NUMERIC", "timestamptz": "TIMESTAMP", "timestamp": "DATETIME",
        "date": "DATE", "rfc3339": "STRING", "epoch": "FLOAT64", "epoch_ms": "INT64",
    }  # fmt: skip

    def __init__(self) -> None:
        from zetasql.api import CatalogBuilder, PreparedQuery
        from zetasql.types import AnalyzerOptions, LanguageFeature, LanguageOptions, ZetaSQLBuiltinFunctionOptions

        language = LanguageOptions.maximum_features()
        collations = [LanguageFeature.FEATURE_ANNOTATION_FRAMEWORK, LanguageFeature.FEATURE_COLLATION_SUPPORT]
        language.enabled_language_features = [*language.enabled_language_features, *collations]
        functions = ZetaSQLBuiltinFunctionOptions(language_options=language)
        self._catalog = CatalogBuilder("segdsl").with_builtin_functions(functions).build()
        self._options = AnalyzerOptions(language_options=language, default_timezone="Europe/Berlin")
        self._builder = PreparedQuery.builder
        self._tables: dict[str, str] = {}

    @property
    def version(self) -> str:
        from importlib.metadata import version

        return f"GoogleSQL (zetasql {version('zetasql')})"

    def quoted(self, name: str) -> str:
        return "`" + name.replace("\\", "\\\\").replace("`", "\\`") + "`"

    def fill(self, table: str, columns: Sequence[tuple[str, str]], rows: Sequence[Sequence[Any]]) -> None:
        fields = ", ".join(f"`{name}` {self.types[type_]}" for name, type_ in columns)
        shown = ", ".join(
            f"COLLATE(`{name}`, 'und:ci') AS `{name}`" if type_ == "nocase" else f"`{name}`" for name, type_ in columns
        )
        types = [type_ for _, type_ in columns]
        values = ", ".join(f"({', '.join(map(_google_literal, row, types))})" for row in rows)
        self._tables[table] = f"SELECT {shown} FROM UNNEST(ARRAY<STRUCT<{fields}>>[{values}])"

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        tables = ", ".join(f"{name} AS ({rows})" for name, rows in self._tables.items())
        made = self._builder().set_sql(f"WITH {tables} SELECT * FROM ({sql})")
        with made.set_analyzer_options(self._options).set_catalog(self._catalog).prepare() as prepared:
            table = prepared.execute().content.table_data
        return [tuple(map(_google_value, row.cell)) for row in (table.row if table else ())]


def _google_value(cell: Any) -> Any:
    found = (getattr(cell, name) for name in ("bool_value", "int64_value", "string_value"))
    return next((value for value in found if value is not None), None)


def _google_literal(value: Any, type_: str) -> str:
    """A value as GoogleSQL reads it."""
    if type_ == "json":
        if value is NOTHING:
            return "NULL"
        return f"PARSE_JSON({_google_text(json.dumps(value))}, wide_number_mode => 'round')"
    if isinstance(value, datetime):
        moment = value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo else value
        return (
            f"{'TIMESTAMP' if value.tzinfo else 'DATETIME'} '{moment.isoformat(sep=' ')}{'+00' * bool(value.tzinfo)}'"
        )
    if isinstance(value, float):
        return f"CAST('{value!r}' AS {'NUMERIC' if type_ == 'decimal' else 'FLOAT64'})"
    if isinstance(value, date):
        return f"DATE '{value.isoformat()}'"
    return _google_text(value) if isinstance(value, str) else "NULL" if value is None else str(value).upper()


def _google_text(text: str) -> str:
    return "'" + "".join(f"\\U{ord(character):08x}" for character in text) + "'"


class Spark(Engine):
    """Apache Spark in local mode."""

    dialect = "spark"
    types: ClassVar = {
        "string": "STRING", "nocase": "STRING COLLATE UTF8_LCASE", "number": "DOUBLE", "integer": "BIGINT",
        "boolean": "BOOLEAN", "json": "STRING", "float": "FLOAT", "decimal": "DECIMAL(18, 3)",
        "timestamptz": "TIMESTAMP", "timestamp": "TIMESTAMP_NTZ",
        "date": "DATE", "rfc3339": "STRING", "epoch": "DOUBLE", "epoch_ms": "BIGINT",
    }  # fmt: skip

    def __init__(self) -> None:
        from pyspark.sql import SparkSession

        settings = {"spark.ui.enabled": "false", "spark.sql.session.timeZone": "Europe/Berlin",
                    "spark.sql.shuffle.partitions": "1", "spark.driver.bindAddress": "127.0.0.1",
                    "spark.driver.host": "127.0.0.1"}  # fmt: skip
        builder = SparkSession.builder.master("local[1]")
        for name, value in settings.items():
            builder = builder.config(name, value)
        self._spark = builder.getOrCreate()
        self._spark.sparkContext.setLogLevel("OFF")

    @property
    def version(self) -> str:
        return f"Spark {self._spark.version}"

    def fill(self, table: str, columns: Sequence[tuple[str, str]], rows: Sequence[Sequence[Any]]) -> None:
        plain = {"nocase": "STRING"}
        schema = ", ".join(f"`{name}` {plain.get(type_, self.types[type_])}" for name, type_ in columns)
        stored = [
            tuple(self.value(value, type_) for value, (_, type_) in zip(row, columns, strict=True)) for row in rows
        ]
        frame = self._spark.createDataFrame(stored, schema).coalesce(1)
        casts = {"json": "parse_json(`{0}`)", "nocase": "CAST(`{0}` AS STRING COLLATE UTF8_LCASE)"}
        shown = [f"{casts.get(type_, '`{0}`').format(name)} AS `{name}`" for name, type_ in columns]
        frame.selectExpr(*shown).createOrReplaceTempView(table)

    def quoted(self, name: str) -> str:
        return "`" + name.replace("`", "``") + "`"

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in self._spark.sql(sql).collect()]

    def value(self, value: Any, type_: str) -> Any:
        if type_ == "decimal" and value is not None:
            from decimal import Decimal

            return Decimal(str(value)).quantize(Decimal("0.001"))
        return super().value(value, type_)

    def close(self) -> None:
        self._spark.stop()


@contextmanager
def mariadb_server() -> Iterator[int]:
    """The port of a server on the loopback address, with an empty database in a temporary folder."""
    folder = Path(tempfile.mkdtemp(prefix="segdsl-mariadb-"))
    user = ["--user=mysql"] if os.geteuid() == 0 else []
    if user:
        account = pwd.getpwnam("mysql")
        os.chown(folder, account.pw_uid, account.pw_gid)
    data = folder / "data"
    try:
        install = [
            "mariadb-install-db",
            "--no-defaults",
            *user,
            f"--datadir={data}",
            "--auth-root-authentication-method=normal",
        ]
        subprocess.run(install, check=True, capture_output=True)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        server = subprocess.Popen(
            ["mariadbd", "--no-defaults", *user, f"--datadir={data}", f"--port={port}", "--bind-address=127.0.0.1",
             f"--socket={folder / 'socket'}", f"--pid-file={folder / 'pid'}", "--skip-log-bin",
             "--innodb-flush-log-at-trx-commit=0"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            _wait_for(port, server)
            yield port
        finally:
            server.terminate()
            server.wait()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    import time

    for _ in range(300):
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        if server.poll() is not None:
            break
        time.sleep(0.1)
    raise RuntimeError("the server does not start")


# ── engines ────────────────────────────────────────────────────────────────────────────────────────────────────────


@contextmanager
def _closing(engine: Any) -> Iterator[Any]:
    try:
        yield engine
    finally:
        if hasattr(engine, "close"):
            engine.close()


@contextmanager
def _mariadb() -> Iterator[Any]:
    with mariadb_server() as port, _closing(MariaDB(port)) as engine:
        yield engine


@contextmanager
def _postgres() -> Iterator[Any]:
    programs = postgres_programs()
    if programs is None:
        raise RuntimeError("no Postgres server is installed (Debian: apt-get install postgresql)")
    with postgres_server(programs) as port, _closing(Postgres(port)) as engine:
        yield engine


ENGINES: dict[str, tuple[Callable[[], Any], float]] = {
    "duckdb": (lambda: _closing(DuckDB()), 1),
    "sqlite": (lambda: _closing(SQLite()), 1),
    "postgres": (_postgres, 1),
    "mariadb": (_mariadb, 1),
    "clickhouse": (lambda: _closing(ClickHouse()), 1),
    "googlesql": (lambda: _closing(GoogleSQL()), 1),
    "spark": (lambda: _closing(Spark()), 0.1),
}
"""Each engine: how to open it, and its share of the tables (Spark needs a second for each)."""


@dataclass
class Figures:
    """The figures of one engine: pairs of an expression and a user; expressions that segdsl or the engine refuses.

    `scoped` are pairs of a segment and a user with conversations.
    """

    version: str = ""
    pairs: int = 0
    wrong: int = 0
    refused: int = 0
    failed: int = 0
    expressions: int = 0
    scoped: int = 0
    scoped_wrong: int = 0
    examples: list[str] = field(default_factory=list)


def tried(engine: Any, tables: int, figures: Figures) -> None:
    """Tries a number of tables in columns, and as many in JSON."""
    random = Random(2026)
    for number in range(tables):
        of_columns, of_json = flat_table(random, odd=engine.has_nan, rows=ROWS), json_table(random, rows=ROWS)
        for type_, table in (("string", of_columns), ("json", of_json)):
            usable = table if type_ in engine.nul else without_nul(table)
            _ask(engine, _storable(engine, usable), [expression(random) for _ in range(EXPRESSIONS)], figures)
        if number % 50 == 0:
            print(
                f"{figures.version}: {figures.pairs:,} pairs, {figures.wrong} wrong, {figures.failed} failed",
                flush=True,
            )


def tried_with_conversations(engine: Any, rounds: int, figures: Figures) -> None:
    """Asks the engine as often for the members of segments with scope clauses."""
    random = Random(2026)
    for _ in range(rounds):
        at = random.choice(["timestamptz", "timestamp", "epoch", "epoch_ms"])
        plans, held = [random.choice([None, "pro", "free"]) for _ in range(12)], conversations(random)
        texts = sayable(random, 4)
        fill(engine, at, plans, held)
        picked, counts = members_by_sql(engine, at, texts)
        for text, wanted, found, count in zip(texts, members_by_rules(texts, plans, held), picked, counts, strict=True):
            figures.scoped += len(plans)
            if found != wanted or count != len(wanted):
                figures.scoped_wrong += len(found ^ wanted) or 1
                _note(figures, f"{text}\n  {held}\n  wanted {wanted}, found {found}, counted {count}")


def _storable(engine: Any, table: Table) -> Table:
    """Without the moments that MariaDB's TIMESTAMP cannot hold: those before 1970."""
    if not isinstance(engine, MariaDB):
        return table
    at = [number for number, (_, type_) in enumerate(table.columns) if type_ == "timestamptz"]
    kept = [
        number for number, row in enumerate(table.rows) if all(row[one] is None or row[one].year > 1970 for one in at)
    ]
    return replace(table, rows=tuple(table.rows[one] for one in kept), users=tuple(table.users[one] for one in kept))


def _ask(engine: Any, table: Table, texts: list[str], figures: Figures) -> None:
    compiled: dict[str, SqlCondition] = {}
    for text in texts:
        figures.expressions += 1
        try:
            compiled[text] = segdsl.sql.compile(text, table.mapping, engine.dialect, now=NOW)
        except segdsl.CompileError:
            figures.refused += 1
    if not compiled or not table.rows:
        return
    try:
        answers = engine.ask(table.columns, table.rows, list(compiled.values()))
    except Exception:  # an engine's own errors have no class in common
        answers = []
        for text, one in list(compiled.items()):
            try:
                answers += engine.ask(table.columns, table.rows, [one])
            except Exception as error:
                figures.failed += 1
                _note(figures, f"{text}\n  {one.verdict}\n  {str(error)[:600]}")
                del compiled[text]
    for (text, condition), said in zip(compiled.items(), answers, strict=True):
        for user, (verdict, malformed), wanted in zip(table.users, said, expected(text, table.users), strict=True):
            figures.pairs += 1
            found = (None if malformed or verdict is None else bool(verdict), malformed)
            if found != wanted:
                figures.wrong += 1
                _note(figures, f"{text}\n  {user}\n  wanted {wanted}, found {found}\n  {condition.verdict}")


def _version(name: str, engine: Any) -> str:
    asked = {
        "duckdb": ("DuckDB", "SELECT version()"),
        "sqlite": ("SQLite", "SELECT sqlite_version()"),
        "postgres": ("Postgres", "SHOW server_version"),
    }
    if name not in asked:
        return str(engine.version)
    title, sql = asked[name]
    return f"{title} {engine.query(sql)[0][0].removeprefix('v').partition(' ')[0]}"


def _note(figures: Figures, text: str) -> None:
    if len(figures.examples) < SHOWN:
        figures.examples.append(text)


def report(found: dict[str, Figures]) -> str:
    """The table of benchmarks/ORACLES.md."""
    rows = [
        [
            one.version,
            *(
                f"{number:,}"
                for number in (
                    one.expressions,
                    one.refused,
                    one.failed,
                    one.pairs,
                    one.wrong,
                    one.scoped,
                    one.scoped_wrong,
                )
            ),
        ]
        for one in found.values()
    ]
    return _PAGE.format(
        table=markdown(
            ["engine", "expressions", "refused", "failed", "pairs", "wrong", "with conversations", "wrong"], rows
        )
    )


def main() -> int:
    """Measures; the exit code is 1 if an answer is wrong or an engine fails."""
    parser = argparse.ArgumentParser()
    parser.add_argument("engines", nargs="*", default=list(ENGINES))
    parser.add_argument("--tables", type=int, default=150)
    options = parser.parse_args()
    found: dict[str, Figures] = {}
    for name in options.engines:
        opened, share = ENGINES[name]
        with opened() as engine:
            figures = found[name] = Figures(_version(name, engine))
            tables = max(1, round(options.tables * share))
            tried(engine, tables, figures)
            tried_with_conversations(engine, tables, figures)
        print("\n".join(figures.examples))
    text = report(found)
    print(text)
    if options.engines == list(ENGINES):
        FILE.write_text(text, "utf-8")
    return int(any(one.wrong or one.failed or one.scoped_wrong for one in found.values()))


if __name__ == "__main__":
    raise SystemExit(main())
