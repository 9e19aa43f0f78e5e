"""The law of this room: SQL says of a row what `evaluate` says of the user, on every engine that runs here."""

from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import segdsl
import segdsl.sql
from segdsl.sql import Mapping, SqlCondition

from .sql_cases import NOW, Table, expected, expression, flat_table, json_table, without_nul
from .sql_engines import Engine

MANY = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=settings().max_examples // 3)
SEEDS = st.integers(0, 2**32)
ROWS, EXPRESSIONS = 25, 12


def sql_of(text: str, mapping: Mapping, dialect: str) -> SqlCondition | None:
    """The SQL; None where it is refused because the engine would round a number."""
    try:
        return segdsl.sql.compile(text, mapping, dialect, now=NOW)
    except segdsl.CompileError as error:
        if {one.code for one in error.diagnostics} == {"number-out-of-range"}:
            return None
        raise


def assert_same(engine: Engine, table: Table, texts: list[str]) -> None:
    compiled = {text: condition for text in texts if (condition := sql_of(text, table.mapping, engine.dialect))}
    if not compiled:
        return
    answers = engine.ask(table.columns, table.rows, list(compiled.values()))
    for (text, condition), said in zip(compiled.items(), answers, strict=True):
        found = [(None if malformed else verdict, malformed) for verdict, malformed in said]
        for user, one, wanted in zip(table.users, found, expected(text, table.users), strict=True):
            assert one == wanted, f"{text}\n{user}\n{condition.verdict}\n{condition.malformed}"


@MANY
@given(SEEDS)
def test_users_in_columns(engine: Engine, seed: int) -> None:
    random = Random(seed)
    table = flat_table(random, odd=engine.has_nan, rows=ROWS)
    table = table if "string" in engine.nul else without_nul(table)
    assert_same(engine, table, [expression(random) for _ in range(EXPRESSIONS)])


@MANY
@given(SEEDS)
def test_users_in_json(engine: Engine, seed: int) -> None:
    random = Random(seed)
    table = json_table(random, rows=ROWS)
    table = table if "json" in engine.nul else without_nul(table)
    assert_same(engine, table, [expression(random) for _ in range(EXPRESSIONS)])
