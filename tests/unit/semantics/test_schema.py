"""Declared properties."""

import os
import pickle
import subprocess
import sys
from typing import Any

import pytest

from segdsl import ConfigError, Schema
from segdsl.catalogue import Field, Kind
from segdsl.semantics.schema import UNCHECKED, declaration_problem, declaration_problems

PLAN = Field(Kind.PROPERTY, "plan")
CHANNEL = Field(Kind.CONVERSATION_PROPERTY, "channel")
RATING = Field(Kind.METRIC, "rating")
SCHEMA = Schema(properties={"plan": ["free", "pro"], "seats": "integer"}, conversation_properties={"channel": "string"})
TYPES = "must be one of string, number, integer, boolean, date, or a list of strings"


def test_what_is_declared() -> None:
    assert SCHEMA.is_declared(PLAN)
    assert SCHEMA.is_declared(CHANNEL)
    assert not SCHEMA.is_declared(Field(Kind.PROPERTY, "channel"))
    assert not SCHEMA.is_declared(Field(Kind.CONVERSATION_PROPERTY, "plan"))
    assert SCHEMA.is_declared(RATING)


def test_what_it_is_declared_as() -> None:
    assert SCHEMA.type_of(PLAN) == ("free", "pro")
    assert SCHEMA.type_of(Field(Kind.PROPERTY, "seats")) == "integer"
    assert SCHEMA.type_of(CHANNEL) == "string"
    assert SCHEMA.type_of(Field(Kind.PROPERTY, "other")) is None
    assert SCHEMA.type_of(RATING) is None


def test_the_keys_of_a_kind() -> None:
    assert list(SCHEMA.keys(Kind.PROPERTY)) == ["plan", "seats"]
    assert list(SCHEMA.keys(Kind.CONVERSATION_PROPERTY)) == ["channel"]
    assert list(SCHEMA.keys(Kind.METRIC)) == list(UNCHECKED.keys(Kind.PROPERTY)) == []


def test_nothing_declared_is_not_the_same_as_no_declarations() -> None:
    nothing = Schema(properties={}, conversation_properties={})
    assert not nothing.is_declared(PLAN)
    assert not nothing.is_declared(CHANNEL)
    assert UNCHECKED.is_declared(PLAN)
    assert nothing != UNCHECKED


def test_schemas_compare_by_what_they_declare() -> None:
    same = Schema(
        properties={"plan": ("free", "pro"), "seats": "integer"}, conversation_properties={"channel": "string"}
    )
    assert same == SCHEMA
    assert hash(same) == hash(SCHEMA)
    assert Schema(properties={"plan": ["free", "pro"], "seats": "integer"}) != SCHEMA
    assert SCHEMA != "schema"
    assert "seats" in repr(SCHEMA)
    assert "channel" in repr(SCHEMA)


def test_the_given_mapping_may_change_later() -> None:
    plans = ["free"]
    declared: dict[str, Any] = {"plan": plans}
    schema = Schema(properties=declared)
    plans.append("pro")
    declared["seats"] = "integer"
    assert schema == Schema(properties={"plan": ["free"]})


@pytest.mark.parametrize(
    ("key", "declared", "problem"),
    [
        ("plan", "string", None),
        ("a.b-c_1", "boolean", None),
        ("plan", ["free"], None),
        ("plan", ("free",), None),
        ("plan", "text", TYPES),
        ("plan", ["free", 1], TYPES),
        ("plan", 5, TYPES),
        ("plan", None, TYPES),
        ("plan", {"a": 1}, TYPES),
        ("plan", [], "a list of allowed values needs at least one"),
        ("", "string", "a key holds only letters, digits, `.`, `-` and `_`"),
        ("a b", "string", "a key holds only letters, digits, `.`, `-` and `_`"),
        ("größe", "string", "a key holds only letters, digits, `.`, `-` and `_`"),
        (5, "string", "a key holds only letters, digits, `.`, `-` and `_`"),
    ],
)
def test_one_declaration(key: str | int, declared: Any, problem: str | None) -> None:
    assert declaration_problem(key, declared) == problem


def test_a_table_of_declarations() -> None:
    assert declaration_problems("properties", None) == []
    assert declaration_problems("properties", {"a": "string"}) == []
    assert declaration_problems("properties", ["a"]) == ["properties: must be a table of keys and types"]
    assert declaration_problems("properties", {"a": "text", "b": []}) == [
        f"properties.a: {TYPES}",
        "properties.b: a list of allowed values needs at least one",
    ]


def test_all_problems_are_reported_together() -> None:
    with pytest.raises(ConfigError) as caught:
        Schema(properties={"a": "text"}, conversation_properties={"b c": "string"})
    assert str(caught.value) == (
        f"properties.a: {TYPES}; conversation_properties.b c: a key holds only letters, digits, `.`, `-` and `_`"
    )


@pytest.mark.parametrize("seed", ["0", "1", "4711"])
def test_a_schema_that_was_pickled_elsewhere_is_equal_and_has_the_same_hash(seed: str) -> None:
    """Strings have another hash in each process."""
    made = "Schema({'plan': ['free', 'pro'], 'seats': 'integer'}, {'channel': 'string'})"
    code = (
        f"import pickle, sys; from segdsl import Schema; s = {made}; hash(s); sys.stdout.buffer.write(pickle.dumps(s))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, env={**os.environ, "PYTHONHASHSEED": seed}
    )
    found = pickle.loads(ran.stdout)
    here = Schema({"plan": ["free", "pro"], "seats": "integer"}, {"channel": "string"})
    assert (found, hash(found)) == (here, hash(here))
    assert {here: "found"}[found] == "found"
    assert pickle.loads(pickle.dumps(found)) == found
