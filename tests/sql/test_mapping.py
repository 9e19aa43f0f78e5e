"""The table `[source]`: what it may say, what it means, and every mistake with its place."""

import datetime
import subprocess
import sys
from typing import Any

import pytest

import segdsl
import segdsl.sql
from segdsl.sql import Mapping
from segdsl.sql.mapping import read_mapping


def verdict(text: str, table: dict[str, Any] | None = None, dialect: str = "duckdb", **options: Any) -> str:
    mapping = None if table is None else Mapping.from_dict(table)
    return segdsl.sql.compile(text, mapping, dialect, **options).verdict


@pytest.mark.parametrize(
    ("table", "place", "message"),
    [
        ([], (), "a source must be a table, and this is a list"),
        ({"tabel": "x"}, ("tabel",), "there is no key `tabel`"),
        ({"table": 5}, ("table",), "`table` must be a string, and this is a number"),
        ({"id": " "}, ("id",), "`id` must not be blank, nor hold U+0000"),
        ({"table": "a", "file": "b"}, ("file",), "users are in a `table` or in a `file`, not in both"),
        ({"properties": {"type": "json"}}, ("properties",), "`properties` needs `column`, the name of its column"),
        (
            {"properties": {"column": "p", "type": "bson"}},
            ("properties", "type"),
            "the type of `properties` must be one of json, text, struct",
        ),
        ({"columns": "x"}, ("columns",), "`columns` must be a table of fields and their columns, and this is a string"),
        ({"columns": {"se ats": "x"}}, ("columns", "se ats"), "`se ats` is not the name of a field"),
        ({"columns": {"a == 1 or b": "x"}}, ("columns", "a == 1 or b"), "`a == 1 or b` is not the name of a field"),
        ({"columns": {"5": "x"}}, ("columns", "5"), "`5` is not the name of a field"),
        (
            {"columns": {"plan": "a", "user.plan": "b"}},
            ("columns", "user.plan"),
            "`user.plan` and `plan` are the same field",
        ),
        ({"columns": {"plan": None}}, ("columns", "plan"), "`plan` must be a string, and this is null"),
        (
            {"columns": {"plan": {"column": "a\0"}}},
            ("columns", "plan", "column"),
            "`column` must not be blank, nor hold U+0000",
        ),
        ({"columns": {"plan": {"column": "a", "typ": "string"}}}, ("columns", "plan", "typ"), "there is no key `typ`"),
        (
            {"columns": {"sentiment": {"column": "s", "type": "string"}}},
            ("columns", "sentiment", "type"),
            "the type of `sentiment` must be one of number, integer, json",
        ),
    ],
)
def test_a_mistake_and_its_place(table: Any, place: tuple[str, ...], message: str) -> None:
    _, problems = read_mapping(table)
    assert [(problem.path, problem.message) for problem in problems] == [(place, message)]
    with pytest.raises(segdsl.ConfigError, match="source|" + ".".join(place)):
        Mapping.from_dict(table)


def test_near_misses_are_named() -> None:
    _, problems = read_mapping({"tabel": "x", "columns": {"seats": {"column": "n", "type": "interger"}}})
    assert [problem.help for problem in problems] == [("did you mean `table`?",), ("did you mean `integer`?",)]


def test_a_field_is_found_in_columns_then_in_its_object() -> None:
    table = {"properties": "props", "columns": {"plan": "the plan"}}
    assert verdict('plan == "pro"', table) == '"the plan" COLLATE "C" = \'pro\''
    assert '"props"' in verdict('team == "pro"', table)
    with pytest.raises(segdsl.CompileError, match="unmapped-field"):
        verdict("sentiment > 0.5", table)


def test_without_columns_a_field_stands_in_the_column_of_its_name() -> None:
    assert verdict("sentiment > 0.5") == 'CAST("sentiment" AS DOUBLE) > 0.5e0'
    assert verdict("sentiment > 0.5", {"table": "users"}) == 'CAST("sentiment" AS DOUBLE) > 0.5e0'
    assert verdict("conversation.channel == 'web'") == '"conversation.channel" COLLATE "C" = \'web\''
    assert verdict('user["-x"]') == '"user[""-x""]" = TRUE'


def test_a_declared_property_has_its_type() -> None:
    schema = segdsl.Schema(properties={"seats": "integer", "plan": ["free", "pro"], "x": "number"})
    assert verdict("seats > 5", schema=schema) == '"seats" > 5'
    assert verdict('plan == "pro"', schema=schema) == '"plan" COLLATE "C" = \'pro\''
    assert verdict("x > 5", schema=schema) == 'CASE WHEN isfinite(CAST("x" AS DOUBLE)) THEN CAST("x" AS DOUBLE) > 5 END'


def test_parameters_and_definitions_are_bound_and_never_pasted() -> None:
    found = verdict("plan == $plan and @old", params={"plan": "' OR 1=1 --"}, definitions={"old": "seats < 3"})
    assert "''' OR 1=1 --'" in found
    assert '"seats"' in found


def test_errors_of_the_expression_are_those_of_compile() -> None:
    with pytest.raises(segdsl.ParseError):
        verdict("plan ==")
    with pytest.raises(segdsl.CompileError, match="near-miss"):
        verdict("sentimant > 0.5")


def test_scope_clauses_are_warned_about() -> None:
    condition = segdsl.sql.compile("sentiment > 0.5 during 30d")
    assert [warning.code for warning in condition.warnings] == ["scope-not-applied"]
    assert condition.verdict == segdsl.sql.compile("sentiment > 0.5").verdict


def test_misuse() -> None:
    with pytest.raises(ValueError, match="there is no dialect 'oracle'"):
        verdict("seats > 5", dialect="oracle")
    with pytest.raises(ValueError, match="now must be an aware datetime"):
        verdict("lastSeen within 7d", now=datetime.datetime(2026, 1, 1))


@pytest.mark.parametrize(
    ("use", "not_loaded"),
    [
        ("import segdsl; segdsl.compile('rating > 3')", "segdsl.sql"),
        ("import segdsl.sql as s; s.compile('a == 1')", "duckdb"),
    ],
)
def test_unneeded_modules_are_not_loaded(use: str, not_loaded: str) -> None:
    program = f"{use}\nimport sys; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    assert "segdsl.syntax.nodes" in loaded
    assert not_loaded not in loaded
