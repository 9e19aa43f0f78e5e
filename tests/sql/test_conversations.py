"""Counts with a table of conversations, and the statements of each dialect, have the members of a model that tries the
compiled rules one by one."""

from pathlib import Path
from random import Random
from typing import Any

import duckdb
import pytest
import sqlglot
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlglot import expressions as nodes

import segdsl
from segdsl.sql import DIALECTS
from segdsl.sql.counting import Counter, Counts
from segdsl.sql.dialects import dialect_named
from segdsl.sql.duckdb import CountError, database
from segdsl.sql.expression import predicates, typed
from segdsl.sql.mapping import Mapping
from segdsl.sql.statements import Statements
from segdsl.sql.users import Wanted, users_in

from .conversation_cases import (
    NOW,
    PRODUCTS,
    Conversation,
    conversations,
    fill,
    mapping_of,
    members_by_rules,
    members_by_sql,
    sayable,
)
from .sql_cases import all_counts
from .sql_engines import Engine

MAPPING: dict[str, Any] = {
    "id": "id",
    "columns": {"plan": "plan"},
    "conversations": {
        "file": "conversations.parquet",
        "user": "owner",
        "at": "started",
        "product": "product",
        "columns": {"sentiment": "mood", "jailbreakDetected": "jb", "conversation.channel": "channel",
                    "conversation.length": "length"},
    },
}  # fmt: skip


def write(folder: Path, plans: list[str | None], held: list[Conversation], at: str = "TIMESTAMPTZ") -> None:
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute("CREATE TABLE users (id INTEGER, plan VARCHAR)")
        connection.executemany("INSERT INTO users VALUES (?, ?)", list(enumerate(plans)))
        connection.execute(
            f"CREATE TABLE conversations (owner INTEGER, started {at}, product VARCHAR, mood DOUBLE, jb BOOLEAN,"
            " channel VARCHAR, length BIGINT)"
        )
        if held:
            stored = [
                (one[0], one[1] if at == "TIMESTAMPTZ" else one[1].replace(tzinfo=None), *one[2:]) for one in held
            ]
            connection.executemany("INSERT INTO conversations VALUES (?, ?, ?, ?, ?, ?, ?)", stored)
        for table in ("users", "conversations"):
            connection.execute(f"COPY {table} TO '{folder / table}.parquet' (FORMAT parquet)")


def counted(folder: Path, texts: list[str], mapping: dict[str, Any] = MAPPING) -> Counts:
    expressions = [(text, typed(text)) for text in texts]
    fields = tuple(dict.fromkeys(one.field for _, whole in expressions for one in predicates(whole.condition)))
    with database() as db:
        found = Mapping.from_dict(mapping).relative_to(str(folder))
        users = users_in(db, [str(folder / "users.parquet")], Wanted(fields), found)
        return all_counts(Counter(users, expressions, NOW), db)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=settings().max_examples // 4)
@given(st.integers(0, 2**32), st.sampled_from(["TIMESTAMPTZ", "TIMESTAMP"]))
def test_members_are_those_of_the_rules(tmp_path_factory: pytest.TempPathFactory, seed: int, at: str) -> None:
    random = Random(seed)
    folder = tmp_path_factory.mktemp("users")
    plans, held = [random.choice([None, "pro", "free"]) for _ in range(12)], conversations(random)
    write(folder, plans, held, at)
    texts = sayable(random, 6)
    counts = counted(folder, texts)
    members = members_by_rules(texts, plans, held)
    assert counts.users == len(plans)
    assert {one.name: one.members for one in counts.segments} == dict(zip(texts, map(len, members), strict=True))
    assert counts.overlap == tuple(tuple(len(one & other) for other in members) for one in members)


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=max(settings().max_examples // 25, 2)
)
@given(st.integers(0, 2**32))
def test_statements_of_a_dialect_have_the_same_members(engine: Engine, seed: int) -> None:
    random = Random(seed)
    at = random.choice(["timestamptz", "timestamp", "epoch", "epoch_ms"])
    plans, held = [random.choice([None, "pro", "free"]) for _ in range(12)], conversations(random)
    texts = sayable(random, 6)
    fill(engine, at, plans, held)
    picked, counts = members_by_sql(engine, at, texts)
    wanted = members_by_rules(texts, plans, held)
    assert picked == wanted
    assert counts == list(map(len, wanted))


@pytest.mark.parametrize(
    "dialect", [dialect for dialect in DIALECTS if dialect not in ("duckdb", "sqlite", "postgres")]
)
def test_a_parser_of_the_dialect_takes_the_statements(dialect: str) -> None:
    texts = [f'sentiment < 0.4 and jailbreakDetected during 30d for product "{PRODUCTS[0]}"', "lastSeen within 7d",
             'conversation.channel != "a" or conversation.length > 5 from 2026-02-01 to 2026-03-01']  # fmt: skip
    segments = [(text, typed(text)) for text in texts]
    statements = Statements(segments, mapping_of("timestamp"), dialect_named(dialect), NOW)
    for sql in (*(f"SELECT * FROM users WHERE {one}" for one in statements.where()), statements.count()):
        (tree,) = sqlglot.parse(sql, read=dialect)
        assert isinstance(tree, nodes.Select | nodes.Union)
    (view,) = sqlglot.parse(statements.view("segments"), read=dialect)
    assert isinstance(view, nodes.Create)


def test_a_view_shows_each_user_once(engine: Engine) -> None:
    held: list[Conversation] = [(0, NOW, None, 0.25, None, "slack", 1), (0, NOW, None, 0.25, None, "web", 9)]
    fill(engine, "timestamptz", ["pro", "pro"], held)
    segments = [("low", typed("sentiment < 0.5")), ("chatty", typed('conversation.channel == "web" during 7d'))]
    view = Statements(segments, mapping_of("timestamptz"), dialect_named(engine.dialect), NOW).view("segments")
    engine.execute(view)
    try:
        rows = sorted(map(tuple, engine.query("SELECT * FROM segments")))
    finally:
        engine.execute("DROP VIEW segments")
    assert rows == [(0, True, True), (1, None, None)]


def test_an_expression_about_users_alone_joins_nothing() -> None:
    statements = Statements([("", typed('plan == "pro"'))], mapping_of("timestamptz"), dialect_named("duckdb"), NOW)
    assert statements.where() == ['"plan" COLLATE "C" = \'pro\'']
    assert "JOIN" not in statements.count()


def test_two_rules_may_be_met_by_two_conversations(tmp_path: Path) -> None:
    held: list[Conversation] = [(0, NOW, None, None, None, "slack", 1), (0, NOW, None, None, None, "web", 9)]
    write(tmp_path, ["pro", "pro"], held)
    texts = [
        'conversation.channel == "slack" and conversation.length > 5',
        'conversation.channel not in ["slack", "web"]',
    ]
    assert [one.members for one in counted(tmp_path, texts).segments] == [1, 1]


def test_a_user_without_conversations_has_none(tmp_path: Path) -> None:
    write(tmp_path, ["pro"], [])
    counts = counted(tmp_path, ["conversationCount == 0 during 7d", "sentiment < 0.5", "lastSeen within 7d"])
    assert [(one.members, one.unknown) for one in counts.segments] == [(1, 0), (0, 1), (0, 1)]


def told(changes: dict[str, Any]) -> dict[str, Any]:
    table = MAPPING | {"conversations": MAPPING["conversations"] | changes}
    return {key: value for key, value in table.items() if value is not None}


@pytest.mark.parametrize(
    ("changes", "text", "error", "message"),
    [
        ({"user": "userid"}, "plan == 1", segdsl.ConfigError, "has no column `userid`, which is its `user`"),
        ({"at": "channel"}, "plan == 1", segdsl.ConfigError, "is a moment, and the column `channel` holds VARCHAR"),
        ({"columns": {"sentiment": "mod"}}, "plan == 1", segdsl.ConfigError, "is it `mood`"),
        ({"columns": {"sentiment": "channel"}}, "plan == 1", segdsl.ConfigError, "`sentiment` stands in a column"),
        ({"file": "nowhere.parquet"}, "plan == 1", CountError, "nowhere.parquet"),
        ({"file": "conversations.csv"}, "plan == 1", CountError, "conversations are read from Parquet"),
    ],
)  # fmt: skip
def test_mistakes_are_reported(
    tmp_path: Path, changes: dict[str, Any], text: str, error: type[Exception], message: str
) -> None:
    write(tmp_path, ["pro"], [])
    with pytest.raises(error, match=message):
        counted(tmp_path, [text], told(changes))


def test_a_product_needs_its_column(tmp_path: Path) -> None:
    write(tmp_path, ["pro"], [])
    without = {key: value for key, value in MAPPING["conversations"].items() if key != "product"}
    with pytest.raises(segdsl.CompileError, match="no column says the product of a conversation"):
        counted(tmp_path, [f'plan == "pro" for product "{PRODUCTS[0]}"'], MAPPING | {"conversations": without})


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ({"conversations": 5}, "`conversations` must be a table"),
        ({"id": "n", "conversations": {"at": "t"}}, "`conversations` needs `user`"),
        ({"id": "n", "conversations": {"user": "u"}}, "`conversations` needs `at`"),
        ({"conversations": {"user": "u", "at": "t"}}, "`source` needs `id`"),
        ({"id": "n", "conversations": {"user": "u", "at": "t", "columns": {"plan": "p"}}}, "`plan` is of a user"),
        ({"id": "n", "conversations": {"user": "u", "at": "t", "prodct": "p"}}, "there is no key `prodct`"),
    ],
)
def test_a_wrong_table_is_reported(table: dict[str, Any], message: str) -> None:
    with pytest.raises(segdsl.ConfigError, match=message):
        Mapping.from_dict(table)
