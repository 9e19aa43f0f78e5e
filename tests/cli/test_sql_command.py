"""`segdsl sql`: conditions, counts and views, which a database runs."""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest
import sqlglot
from _duckdb import DuckDBPyConnection

from segdsl.sql import DIALECTS

from .command_line import run

CONFIG = """
[properties]
plan = ["free", "pro"]
seats = "integer"

[define]
big = "seats >= 10"

[source]
table = "main.crm"
id = "account"
properties = "props"
[source.columns]
seats = "n_seats"
sentiment = { column = "mood", type = "number" }

[[segment]]
name = "Big -- teams"
where = "@big"

[[segment]]
name = "It's \\"pro\\""
where = 'plan == "pro" and sentiment > 0.5'

[[segment]]
name = "Free"
where = 'not plan == "pro"'
"""
ROWS = [
    ("a", '{"plan": "pro"}', 12, 0.9),
    ("b", '{"plan": "free"}', None, 0.1),
    ("c", "5", 10, 0.2),
    ("d", "{}", 1, None),
]


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "segments.toml").write_text(CONFIG)
    return "segments.toml"


def sqlite() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE crm (account TEXT, props TEXT, n_seats INTEGER, mood REAL)")
    connection.executemany("INSERT INTO crm VALUES (?, ?, ?, ?)", ROWS)
    return connection


def duck() -> DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute("CREATE TABLE crm (account VARCHAR, props JSON, n_seats BIGINT, mood DOUBLE)")
    connection.executemany("INSERT INTO crm VALUES (?, ?, ?, ?)", ROWS)
    return connection


ENGINES: dict[str, Callable[[], Any]] = {"sqlite": sqlite, "duckdb": duck}


def test_a_condition() -> None:
    result = run("sql", 'plan == "pro" and not isAdmin', "--dialect", "sqlite")
    assert (result.exit_code, result.stdout) == (0, "`plan` COLLATE BINARY = 'pro' AND `isAdmin` <> TRUE\n")


@pytest.mark.parametrize("dialect", ENGINES)
def test_the_conditions_of_a_config_hold_for_the_members(config: str, dialect: str) -> None:
    printed = run("sql", config, "--dialect", dialect).stdout.splitlines()
    assert printed[::2] == ['-- "Big -- teams"', '-- "It\'s \\"pro\\""', '-- "Free"']
    with ENGINES[dialect]() as connection:
        members = [
            [account for (account,) in connection.execute(f"SELECT account FROM crm WHERE {one} ORDER BY 1").fetchall()]
            for one in printed[1::2]
        ]
    assert members == [["a", "c"], ["a"], ["b"]]


@pytest.mark.parametrize("dialect", ENGINES)
def test_a_count(config: str, dialect: str) -> None:
    statement = run("sql", config, "--dialect", dialect, "--count").stdout
    with ENGINES[dialect]() as connection:
        assert sorted(connection.execute(statement).fetchall()) == [
            ("Big -- teams", 4, 2, 1, 0), ("Free", 3, 1, 1, 1), ('It\'s "pro"', 3, 1, 1, 1),
        ]  # fmt: skip


@pytest.mark.parametrize("dialect", ENGINES)
def test_a_view_tells_false_and_unknown_apart(config: str, dialect: str) -> None:
    statement = run("sql", config, "--dialect", dialect, "--view").stdout
    with ENGINES[dialect]() as connection:
        connection.execute(statement)
        assert connection.execute("SELECT * FROM segments ORDER BY account").fetchall() == [
            ("a", True, True, False), ("b", None, False, True), ("c", True, None, None), ("d", False, None, None),
        ]  # fmt: skip


@pytest.mark.parametrize("form", ["--where", "--count", "--view"])
@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_form_is_sql_of_its_dialect(config: str, dialect: str, form: str) -> None:
    printed = run("sql", config, "--dialect", dialect, form, "--now", "2026-06-01").stdout
    for statement in printed.splitlines()[1::2] if form == "--where" else [printed]:
        tree = sqlglot.parse_one(f"SELECT {statement}" if form == "--where" else statement, read=dialect)
        assert not isinstance(tree, sqlglot.expressions.Command)


def test_statements_join_the_conversations(tmp_path: Path) -> None:
    file = tmp_path / "segments.toml"
    file.write_text("""
[source]
id = "id"
[source.columns]
[source.conversations]
table = "talks"
user = "owner"
at = "started"
[source.conversations.columns]
sentiment = "mood"
[[segment]]
name = "Happy"
where = "sentiment > 0.8 during 30d"
""")
    with duckdb.connect() as connection:
        connection.execute("CREATE TABLE users AS SELECT unnest(['ada', 'bob']) AS id")
        connection.execute(
            "CREATE TABLE talks AS FROM (VALUES ('ada', TIMESTAMPTZ '2026-05-20 00:00+00', 0.9),"
            " ('ada', TIMESTAMPTZ '2026-01-01 00:00+00', 0.1), ('bob', TIMESTAMPTZ '2026-01-01 00:00+00', 0.9))"
            " t(owner, started, mood)"
        )
        where = run("sql", str(file), "--now", "2026-06-01")
        assert (where.exit_code, where.stderr) == (0, "")
        assert connection.execute(f"SELECT id FROM users WHERE {where.stdout}").fetchall() == [("ada",)]
        count = run("sql", str(file), "--count", "--now", "2026-06-01").stdout
        assert connection.execute(count).fetchall() == [("Happy", 2, 1, 1, 0)]


def test_the_table_is_named_by_the_source_or_an_option(config: str) -> None:
    assert '"main"."crm"' in run("sql", config, "--count").stdout
    assert '"a""b"."c"' in run("sql", config, "--count", "--table", 'a"b.c').stdout
    assert '"users"' in run("sql", "seats > 5", "--view").stdout


def test_errors_stand_in_the_file(config: str) -> None:
    result = run("sql", config, "--dialect", "oracle")
    assert result.exit_code == 2
    with open(config, "a", encoding="utf-8") as file:
        file.write('[[segment]]\nname = "Lately"\nwhere = "rating > 3 and lastSeen within 7d"\n')
    result = run("sql", config)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "error[unmapped-field]: no column is mapped to `rating`" in result.stderr
    assert "no column is mapped to `lastSeen`" in result.stderr
    assert '(segment "Lately")' in result.stderr
