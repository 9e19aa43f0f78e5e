"""User records out of files: CSV columns and cells, arrays in pieces, lines that are too long."""

import io
import json

import pytest

from segdsl.cli.users import Malformed, Record, UnreadableError, csv_table, json_array, json_lines
from segdsl.errors import UserError
from segdsl.evaluation import evaluate
from segdsl.semantics.schema import UNCHECKED, Schema


def stream(text):
    return io.BufferedReader(io.BytesIO(text.encode()))


# ── CSV ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def users(text, schema=UNCHECKED):
    return [record.user if isinstance(record, Record) else record for record in csv_table.read(stream(text), schema)]


def test_columns_are_called_as_in_an_expression():
    properties = 'plan,user.age,"user[""2-fa""]",conversation.channel,2fa'
    header = f"id,sentiment,jailbreakDetected,conversationCount,lastSeen,{properties}"
    (user,) = users(f"{header}\nada,0.5,TRUE,7,2026-05-01,pro,33,x,slack,true\n")
    assert user == {
        "id": "ada",
        "analysis": {"sentiment": 0.5},
        "flags": {"jailbreakDetected": True},
        "conversationCount": 7,
        "lastSeen": "2026-05-01",
        "properties": {"plan": "pro", "age": 33, "2-fa": "x", "2fa": True},
        "conversationProperties": {"channel": "slack"},
    }
    assert evaluate('sentiment == 0.5 and plan == "pro" and conversation.channel == "slack"', user) is True


def test_a_column_that_no_expression_can_name_is_left_out():
    assert users("Company Name,,plan,\nX,y,pro,z\n") == [{"properties": {"plan": "pro"}}]


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("12", 12),
        ("-1.5e3", -1500.0),
        ("true", True),
        ("False", False),
        ("pro", "pro"),
        ("007", "007"),
        ("NaN", "NaN"),
        ('"""12"""', "12"),
        ('"""a, b"""', "a, b"),
        ("[1]", "[1]"),
        ("{}", "{}"),
        (" x ", " x "),
        ("null", "null"),
        ('"two\nlines"', "two\nlines"),
        ("[" * 100_000, "[" * 100_000),
    ],
)
def test_cells(cell, value):
    (user,) = users(f"plan,b\n{cell},x\n")
    assert user["properties"]["plan"] == value
    assert type(user["properties"]["plan"]) is type(value)


def test_an_empty_cell_is_lacking():
    assert users("sentiment,plan,id\n,,\n,pro,\n") == [{}, {"properties": {"plan": "pro"}}]


def test_declared_strings_stay_strings():
    schema = Schema(properties={"zip": "string", "level": ["1", "2"], "seats": "integer"})
    (user,) = users("zip,level,seats\n12345,1,3\n", schema)
    assert user["properties"] == {"zip": "12345", "level": "1", "seats": 3}


def test_a_cell_that_its_field_cannot_hold_is_told_by_the_evaluator():
    (user,) = users("sentiment\nhigh\n")
    with pytest.raises(UserError, match=r"analysis\.sentiment: must be a finite number"):
        evaluate("sentiment > 0.5", user)


def test_rows_of_another_length_are_malformed():
    rows = users("a,b\n1\n1,2,3\n\n1,2\n")
    assert rows[:2] == [Malformed(2, "1 cells under a header of 2"), Malformed(3, "3 cells under a header of 2")]
    assert rows[2:] == [{"properties": {"a": 1, "b": 2}}]


def test_bad_quoting_is_malformed():
    rows = users('a,b\n"x"y,2\n1,2\n')
    assert isinstance(rows[0], Malformed)
    assert rows[0].number == 2


@pytest.mark.parametrize(
    ("header", "told"),
    [
        ("", "needs a header"),
        ("plan,plan\n", "the header names plan twice"),
        ("plan, plan\n", "the header names plan twice"),
        ("commercial_intent\n", "is it commercialIntent, or user.commercial_intent?"),
    ],
)
def test_a_header_that_cannot_be_right(header, told):
    with pytest.raises(UnreadableError, match=told):
        users(header)


# ── arrays ─────────────────────────────────────────────────────────────────────────────────────────────────────────


class Dripping(io.RawIOBase):
    """Gives a text byte by byte, as a slow pipe would."""

    def __init__(self, text):
        self._bytes = io.BytesIO(text.encode())

    def readable(self):
        return True

    def read(self, _size=-1):
        return self._bytes.read(1)


@pytest.mark.parametrize("text", ["[]", ' [ {"a": "é😀\\"]"} , 12, [1, {}], "x", null, 3.25e2 ] \n', "\ufeff[1,2]"])
def test_an_array_in_any_pieces(text):
    expected = json.loads(text.removeprefix("\ufeff"))
    for source in (stream(text), Dripping(text)):
        records = list(json_array.read(source, UNCHECKED))
        assert [record.user for record in records] == expected
        assert [record.number for record in records] == list(range(1, len(expected) + 1))


def test_an_item_without_an_end_is_given_up(monkeypatch):
    monkeypatch.setattr(json_array, "MAX_RECORD_BYTES", 1_000_000)

    class Endless(io.RawIOBase):
        given = 0

        def read(self, size=-1):
            self.given += size
            return b'[{"a": "' if self.given == size else b"x" * size

    source = Endless()
    with pytest.raises(UnreadableError, match="record 1: not JSON"):
        list(json_array.read(source, UNCHECKED))
    assert source.given < 5_000_000


# ── lines ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_line_that_is_too_long_is_malformed_and_not_held(monkeypatch):
    monkeypatch.setattr(json_lines, "MAX_RECORD_BYTES", 100)
    text = '{"a": 1}\n' + "x" * 1_000 + '\n{"b": 2}\n' + " " * 99 + "\n" + "y" * 101
    records = list(json_lines.read(stream(text), UNCHECKED))
    assert [(record.number, type(record)) for record in records] == [
        (1, Record),
        (2, Malformed),
        (3, Record),
        (5, Malformed),
    ]
    assert records[1].problem == "longer than 100 bytes"


@pytest.mark.parametrize("line", ["nope", '{"a": NaN}', '{"a": 1', '{"a": 1} x', "[" * 100_000, '{"a": "\\ud800"}'])
def test_a_line_that_is_no_json_is_malformed(line):
    (record,) = json_lines.read(stream(line), UNCHECKED)
    assert isinstance(record, Malformed)
    assert record.problem.startswith("not JSON: ")


def test_a_line_in_another_encoding_is_malformed():
    (record, good) = json_lines.read(io.BufferedReader(io.BytesIO(b'{"a": "\xff"}\n{}\n')), UNCHECKED)
    assert isinstance(record, Malformed)
    assert isinstance(good, Record)
