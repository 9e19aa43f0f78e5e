"""A parser of each dialect (sqlglot) accepts its SQL for every expression."""

from contextlib import suppress
from datetime import datetime
from random import Random

import pytest
import sqlglot
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlglot import expressions as nodes

import segdsl
import segdsl.sql
from segdsl.sql import DIALECTS, Mapping, SqlCondition

from .sql_cases import COUNT, NOW, SEEN, SEEN_TYPES, expression, flat_table

MANY = settings(max_examples=settings().max_examples // 8)


def mappings(random: Random) -> Mapping:
    if random.random() < 0.5:
        return flat_table(random, odd=True, rows=0).mapping
    form = random.choice(["json", "text", "struct"])
    objects = {
        name: {"column": name, "type": form} for name in ("analysis", "flags", "properties", "conversation_properties")
    }
    return Mapping.from_dict(
        objects | {"columns": {SEEN: {"column": "seen", "type": random.choice(SEEN_TYPES)}, COUNT: "n"}}
    )


@pytest.mark.parametrize("dialect", DIALECTS)
@MANY
@given(st.integers(0, 2**32), st.sampled_from([NOW, None]))
def test_a_parser_of_the_dialect_takes_it(dialect: str, seed: int, now: datetime) -> None:
    random = Random(seed)
    mapping, text = mappings(random), expression(random)
    with suppress(segdsl.CompileError):  # checked in tests/snapshots
        condition = segdsl.sql.compile(text, mapping, dialect, now)
        assert_sql(condition, dialect)


def assert_sql(condition: SqlCondition, dialect: str) -> None:
    (tree,) = sqlglot.parse(f"SELECT {condition.verdict}, {condition.malformed} FROM users", read=dialect)
    assert isinstance(tree, nodes.Select)
    assert len(tree.expressions) == 2
    assert not list(tree.find_all(nodes.Command))
