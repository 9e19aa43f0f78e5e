"""Text of an expression, and names of columns, get into SQL as what they are: on the engines, and in every dialect."""

import json

import pytest
import sqlglot
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlglot import expressions as nodes

import segdsl.sql
from segdsl.sql import DIALECTS, Mapping
from segdsl.sql.dialects import dialect_named
from tests.sql.sql_engines import Engine

from .sql_cases import TEXTS

MANY = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=settings().max_examples // 6)
PIECES = (
    "'",
    "''",
    "\\",
    "\\'",
    '"',
    "`",
    "--",
    "/*",
    "*/",
    ";",
    "\n",
    "$$",
    "\\u0027",
    " OR 1=1",
    "x",
    "#",
    "{",
    "?",
    ":a",
    "%s",
    "é",
    "😀",
    "\x85",
)
hostile = st.lists(st.sampled_from(PIECES) | st.text(st.characters(codec="utf-8"), max_size=3), max_size=6).map("".join)


@MANY
@given(st.lists(hostile, min_size=1, max_size=8))
@example(list(TEXTS))
def test_a_literal_is_the_text_that_it_was(engine: Engine, texts: list[str]) -> None:
    texts = texts if engine.nul else [text.replace("\0", "") for text in texts]
    mapping = Mapping.from_dict({"columns": {"plan": {"column": "c", "type": "string"}}})
    written = [f"plan == {json.dumps(text)}" for text in texts]
    written += [f"plan contains {json.dumps(text)}" for text in texts]
    conditions = [segdsl.sql.compile(text, mapping, engine.dialect) for text in written]
    answers = engine.ask([("c", "string")], [[text] for text in texts], conditions)
    found = [[verdict for verdict, _ in one] for one in answers]
    assert found == [[one == text for one in texts] for text in texts] + [
        [text in one for one in texts] for text in texts
    ]


@MANY
@given(hostile.filter(lambda name: name.strip() and "\0" not in name and len(name.encode()) < 60))
def test_a_column_is_the_one_of_that_name(engine: Engine, name: str) -> None:
    mapping = Mapping.from_dict({"columns": {"plan": {"column": name, "type": "string"}}})
    condition = segdsl.sql.compile('plan == "pro"', mapping, engine.dialect)
    assert engine.ask([(name, "string")], [["pro"], ["free"]], [condition]) == [[(True, False), (False, False)]]


class _Shape:
    """A tree of SQL without its literals."""

    def __init__(self, sql: str, dialect: str) -> None:
        tree = sqlglot.parse(f"SELECT {sql}", read=dialect)
        assert len(tree) == 1, "several statements"
        assert tree[0] is not None
        self.kinds = [type(node) for node in tree[0].walk() if not isinstance(node, (nodes.Literal, nodes.HexString))]


@pytest.mark.parametrize("dialect", DIALECTS)
@MANY
@given(hostile)
@example("\\")
@example("\\' OR 1=1 -- ")
def test_no_literal_changes_what_the_sql_says(dialect: str, text: str) -> None:
    """For any text, a parser of the dialect reads one string (or one way to spell bytes)."""
    mapping = Mapping.from_dict({"properties": "props"})

    def sql_of(part: str) -> str:
        written = (
            f"plan == {json.dumps(part)} and not (plan contains {json.dumps(part)} or plan in [{json.dumps(part)}, 1])"
        )
        return segdsl.sql.compile(written, mapping, dialect).verdict

    plain = text.replace("\0", "")
    if not plain:
        return
    # a text with a quote or backslash may be spelled as bytes: it is compared with another that is
    alike = "x" if dialect_named(dialect).string(plain).startswith("'") else "\\"
    assert _Shape(sql_of(plain), dialect).kinds == _Shape(sql_of(alike), dialect).kinds


@pytest.mark.parametrize("dialect", DIALECTS)
@MANY
@given(hostile.filter(lambda name: name.strip() and "\0" not in name))
def test_no_name_of_a_column_changes_what_the_sql_says(dialect: str, name: str) -> None:
    if dialect == "bigquery" and "." in name:
        return  # no column there has a dot in its name, and a parser reads a path

    def sql_of(column: str) -> str:
        return segdsl.sql.compile("seats > 5", Mapping.from_dict({"columns": {"seats": column}}), dialect).verdict

    assert _Shape(sql_of(name), dialect).kinds == _Shape(sql_of("x"), dialect).kinds
