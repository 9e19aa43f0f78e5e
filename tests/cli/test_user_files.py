"""User records from files: CSV dialects, columns and cells, arrays in pieces, records that are too long or broken."""

import csv
import io
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segdsl import evaluate
from segdsl.cli.users import Asked, Entry, Input, Malformed, Notice, Record, UnreadableError, csv_records, json_records
from segdsl.errors import UserError
from segdsl.semantics.names import field_of
from segdsl.semantics.schema import UNCHECKED, Schema


def stream(text: str) -> io.BufferedReader:
    return io.BufferedReader(io.BytesIO(text.encode()))


def asked(*names: str, schema: Schema = UNCHECKED) -> Asked:
    return Asked({name: field_of(name) for name in names}, schema)


def rows(text: str, *names: str, schema: Schema = UNCHECKED, delimiter: str | None = None) -> list[Entry]:
    return list(csv_records.read(stream(text), asked(*names, schema=schema), delimiter))


def users(text: str, *names: str, schema: Schema = UNCHECKED, delimiter: str | None = None) -> list[Any]:
    entries = rows(text, *names, schema=schema, delimiter=delimiter)
    assert all(isinstance(entry, Record) for entry in entries), entries
    return [entry.user for entry in entries if isinstance(entry, Record)]


# ── CSV: dialects ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_the_delimiter_is_found_in_the_header(delimiter: str, newline: str) -> None:
    lines = ["id,plan,seats", 'ada,"pro, team",5', "bob,free,7"]
    written = [next(csv.reader([line])) for line in lines]
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator=newline).writerows(written)
    assert [user["properties"] for user in users(out.getvalue())] == [
        {"plan": "pro, team", "seats": 5},
        {"plan": "free", "seats": 7},
    ]


def test_quoted_delimiters_do_not_count() -> None:
    header = '"user[""a,b,c""]";plan\n'
    (notice, record) = rows(header + "x;pro\n")
    assert isinstance(notice, Notice)
    assert isinstance(record, Record)
    assert record.user == {"properties": {"plan": "pro"}}


def test_a_delimiter_can_be_named() -> None:
    assert users("plan:seats\npro,x:5\n", delimiter=":") == [{"properties": {"plan": "pro,x", "seats": 5}}]


def test_the_first_line_of_excel_names_the_delimiter() -> None:
    assert rows("sep=;\r\nplan;a\r\npro;1\r\n") == [Record(3, {"properties": {"plan": "pro", "a": 1}})]


def test_one_column_needs_no_delimiter() -> None:
    assert users("plan\npro\n") == [{"properties": {"plan": "pro"}}]


@given(st.lists(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0")), min_size=2, max_size=2)))
def test_any_table_that_python_writes_is_read(table: list[list[str]]) -> None:
    out = io.StringIO()
    csv.writer(out).writerows([["user.a", "user.b"], *table])
    found = users(out.getvalue(), schema=Schema(properties={"a": "string", "b": "string"}))
    properties = [user.get("properties", {}) for user in found]
    assert properties == [{key: cell for key, cell in zip("ab", row, strict=True) if cell} for row in table]


# ── CSV: sizes ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_cell_of_any_size_is_one_cell() -> None:
    long = "x,\n" * 60_000
    before = csv.field_size_limit()
    found = users(f'id,note\nada,"{long}"\nbob,\n')
    assert [user["id"] for user in found] == ["ada", "bob"]
    assert found[0]["properties"]["note"] == long
    assert csv.field_size_limit() == before


class Counted(io.RawIOBase):
    """An endless stream that counts the bytes it gives."""

    def __init__(self, start: bytes, rest: bytes) -> None:
        self._start, self._rest, self.given = start, rest, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._start or self._rest * (len(buffer) // len(self._rest))
        self._start = data[len(buffer) :] if self._start else b""
        buffer[: len(data)] = data[: len(buffer)]
        self.given += min(len(data), len(buffer))
        return min(len(data), len(buffer))


@pytest.mark.parametrize(
    ("start", "rest"), [(b"plan\nfree\nx", b"x"), (b'plan\nfree\n"x', b"x"), (b'plan\nfree\n"x', b"x\ny")]
)
def test_a_row_without_an_end_is_given_up(monkeypatch: pytest.MonkeyPatch, start: bytes, rest: bytes) -> None:
    monkeypatch.setattr(csv_records, "MAX_RECORD_BYTES", 1_000_000)
    endless = Counted(start, rest)
    entries = csv_records.read(io.BufferedReader(endless), Asked())
    assert next(entries) == Record(2, {"properties": {"plan": "free"}})
    with pytest.raises(UnreadableError, match="line 3: longer than 1000000 characters; is a quote open"):
        next(entries)
    assert endless.given < 2_000_000


def test_a_quote_that_is_never_closed_is_an_error() -> None:
    with pytest.raises(UnreadableError, match="line 3: a quote opens here and is never closed"):
        rows('a,b\n1,2\n1,"x\n1,2\n')


def test_rows_are_numbered_by_their_first_line() -> None:
    found = rows('a,b\n"x\ny",1\n\nz,2\n1\n')
    assert [entry.number for entry in found if not isinstance(entry, Notice)] == [2, 5, 6]


# ── CSV: columns ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_columns_are_called_as_in_an_expression() -> None:
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


def test_columns_that_no_expression_can_name_are_left_out_and_said() -> None:
    notice, record = rows("Company Name,,plan,\u202eE-Mail !,\nX,y,pro,z,\n")
    assert notice == Notice("left out, because no expression can name these columns: Company Name, \\u202eE-Mail !")
    assert record == Record(2, {"properties": {"plan": "pro"}})


def test_many_columns_that_are_left_out_are_counted() -> None:
    notice, _ = rows(",".join(f"x {number}" for number in range(15)) + "\n" + "," * 14 + "\n")
    assert isinstance(notice, Notice)
    assert notice.text.endswith(", x 9 and 5 more")


@pytest.mark.parametrize(
    ("header", "names", "told"),
    [
        ("", (), "the first line is empty"),
        ("\nplan\n", (), "the first line is empty"),
        ("plan,plan\n", (), "the header names plan twice"),
        ("plan, plan\n", (), "the header names plan twice"),
        ("plan,user.plan\n", (), "one field twice: plan and user.plan"),
        ('"pl"an\n', (), "the header is not CSV"),
        ("id,Plan\n", ("plan",), "no column plan, which the expression asks for: is it Plan\\? Then rename it"),
        ("commercial_intent\n", ("commercialIntent",), "is it commercial_intent"),
        ("ada,pro,12\n", ("plan",), "the first line must name the columns, and it holds ada, pro, 12"),
        ("id:plan\n", ("plan",), "it holds id:plan"),
        ("plan\n", ("plan", "seats"), "no column seats"),
        ("plan\n", ("conversation.plan",), "no column conversation.plan"),
    ],
)
def test_a_header_that_cannot_be_right(header: str, names: tuple[str, ...], told: str) -> None:
    with pytest.raises(UnreadableError, match=told):
        rows(header and f"{header}x\n", *names)


@pytest.mark.parametrize("name", ["id", "ID", "Id"])
def test_the_id_in_any_case(name: str) -> None:
    assert users(f"{name},plan\nada,pro\n") == [{"id": "ada", "properties": {"plan": "pro"}}]


def test_id_itself_before_id_in_another_case() -> None:
    assert users("ID,id\nx,ada\n") == [{"id": "ada", "properties": {"ID": "x"}}]


def test_an_id_that_is_asked_for_is_a_property_too() -> None:
    assert users("ID\n7\n", "ID") == [{"id": "7", "properties": {"ID": 7}}]


def test_a_column_that_looks_like_a_built_in_is_a_property_unless_that_is_asked_for() -> None:
    assert users("ratings,plan\n5,pro\n", "plan") == [{"properties": {"ratings": 5, "plan": "pro"}}]


# ── CSV: cells ───────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("12", 12),
        ("-1.5e3", -1500.0),
        ("true", True),
        ("False", False),
        ("yes", "yes"),
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
        ("1" * 5_000, "1" * 5_000),
    ],
)
def test_cells(cell: str, value: Any) -> None:
    (user,) = users(f"plan,b\n{cell},x\n")
    assert user["properties"]["plan"] == value
    assert type(user["properties"]["plan"]) is type(value)


def test_an_empty_cell_is_lacking() -> None:
    assert users("sentiment,plan,id\n,,\n,pro,\n") == [{}, {"properties": {"plan": "pro"}}]


def test_declared_strings_stay_strings() -> None:
    schema = Schema(properties={"zip": "string", "level": ["1", "2"], "seats": "integer"})
    (user,) = users("zip,level,seats\n12345,1,3\n", schema=schema)
    assert user["properties"] == {"zip": "12345", "level": "1", "seats": 3}


@pytest.mark.parametrize("cell", ["yes", "Y", "1", "t", "TRUE", " on "])
@pytest.mark.parametrize("opposite", [False, True])
def test_declared_booleans_and_flags_take_the_usual_words(cell: str, opposite: bool) -> None:
    negated = {"yes": "No", "Y": "n", "1": "0", "t": "F", "TRUE": "false", " on ": "off"}
    schema = Schema(properties={"admin": "boolean"})
    (user,) = users(
        f"admin,jailbreakDetected\n{(negated[cell] if opposite else cell)},{cell}\n", "admin", schema=schema
    )
    assert user == {"properties": {"admin": not opposite}, "flags": {"jailbreakDetected": True}}


@pytest.mark.parametrize(
    ("declared", "cell", "told"),
    [
        ("boolean", "perhaps", "must be true or false, and this is perhaps"),
        ("number", "n/a", "must be a number, and this is n/a"),
        ("integer", "true", "must be a number, and this is true"),
    ],
)
def test_a_cell_that_its_column_cannot_hold_is_malformed_where_it_is_asked_for(
    declared: str, cell: str, told: str
) -> None:
    schema = Schema(properties={"a": declared})
    assert rows(f"a\n{cell}\n", "a", schema=schema) == [Malformed(2, f"a {told}")]
    assert len(users(f"a\n{cell}\n", schema=schema)) == 1


def test_the_evaluator_reports_a_cell_that_a_metric_cannot_hold() -> None:
    (user,) = users("sentiment\nhigh\n")
    with pytest.raises(UserError, match=r"analysis\.sentiment: must be a finite number"):
        evaluate("sentiment > 0.5", user)


def test_rows_of_another_length_are_malformed() -> None:
    assert rows("a,b\n1\n1,2,3\n\n1,2\n") == [
        Malformed(2, "1 cell under a header of 2"),
        Malformed(3, "3 cells under a header of 2"),
        Record(5, {"properties": {"a": 1, "b": 2}}),
    ]


def test_bad_quoting_is_malformed() -> None:
    broken, good = rows('a,b\n"x"y,2\n1,2\n')
    assert isinstance(broken, Malformed)
    assert broken.number == 2
    assert isinstance(good, Record)


# ── arrays ───────────────────────────────────────────────────────────────────────────────────────────────────────────


class Dripping(io.RawIOBase):
    """Gives a text byte by byte, as a slow pipe would."""

    def __init__(self, text: str) -> None:
        self._bytes = io.BytesIO(text.encode())

    def readable(self) -> bool:
        return True

    def read(self, _size: int = -1) -> bytes:
        return self._bytes.read(1)


def entries_of(read: Any, source: Any, *names: str) -> list[Entry]:
    found: Iterator[Entry] = read(Input("users", source, None, source), asked(*names))
    return list(found)


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.text(st.characters(codec="utf-8")),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(st.characters(codec="utf-8")), inner, max_size=3)
    ),
)


@pytest.mark.parametrize("text", ["[]", ' [ {"a": "é😀\\"]"} , 12, [1, {}], "x,]", null, 3.25e2 ] \n', "\ufeff[1,2]"])
def test_an_array_in_any_pieces(text: str) -> None:
    expected = json.loads(text.removeprefix("\ufeff"))
    for source in (stream(text), Dripping(text)):
        records = [entry for entry in entries_of(json_records.read_array, source) if isinstance(entry, Record)]
        assert [record.user for record in records] == expected
        assert [record.number for record in records] == list(range(1, len(expected) + 1))


@given(st.lists(JSON_VALUES), st.booleans(), st.sampled_from([None, 1]))
def test_any_array_that_python_writes_is_read(values: list[Any], escaped: bool, indent: int | None) -> None:
    text = json.dumps(values, ensure_ascii=escaped, indent=indent)
    for source in (stream(text), Dripping(text)):
        found = entries_of(json_records.read_array, source)
        assert [entry.user for entry in found if isinstance(entry, Record)] == values


BROKEN_RECORDS = [
    ('{"a": ' + "1" * 5_000 + "}", "it holds a number that is too large"),
    ('{"a": 1e999}', "it holds a number that is too large"),
    ('{"a": ' + "[" * 5_000 + "]" * 5_000 + "}", "its lists and objects are nested too deeply"),
    ('{"a": NaN}', "not JSON: "),
    ('{"a": 1,}', "not JSON: "),
    ('{"a": "\\ud800"}', "not JSON: "),
    ("nope", "not JSON: "),
]


@pytest.mark.parametrize(("broken", "told"), BROKEN_RECORDS, ids=lambda value: value[:20])
@pytest.mark.parametrize("form", ["lines", "array"])
def test_a_record_that_cannot_be_read_is_skipped_alone(broken: str, told: str, form: str) -> None:
    if form == "array":
        found = entries_of(json_records.read_array, stream(f'[{{"id": 1}}, {broken}, {{"id": 3}}]'))
    else:
        found = entries_of(json_records.read_lines, stream(f'{{"id": 1}}\n{broken}\n{{"id": 3}}\n'))
    first, second, third = found
    assert isinstance(second, Malformed)
    assert second.number == 2
    assert second.problem.startswith(told)
    assert [entry.user for entry in (first, third) if isinstance(entry, Record)] == [{"id": 1}, {"id": 3}]


@pytest.mark.parametrize("start", [b'[{"a": "', b"[[", b"[1"])
def test_an_item_without_an_end_is_given_up(monkeypatch: pytest.MonkeyPatch, start: bytes) -> None:
    monkeypatch.setattr(json_records, "MAX_RECORD_BYTES", 1_000_000)
    endless = Counted(start, b"1")
    with pytest.raises(UnreadableError, match="record 1: longer than 1000000 bytes"):
        entries_of(json_records.read_array, io.BufferedReader(endless))
    assert endless.given < 5_000_000


# ── lines ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_line_that_is_too_long_is_malformed_and_not_held(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_records, "MAX_RECORD_BYTES", 100)
    text = '{"id": 1}\n' + "x" * 1_000 + '\n{"id": 2}\n' + " " * 99 + "\n" + "y" * 101
    assert [
        (entry.number, type(entry))
        for entry in entries_of(json_records.read_lines, stream(text))
        if not isinstance(entry, Notice)
    ] == [(1, Record), (2, Malformed), (3, Record), (5, Malformed)]


def test_a_line_in_another_encoding_is_malformed() -> None:
    source = io.BufferedReader(io.BytesIO(b'{"id": "\xff"}\n{}\n'))
    broken, good = entries_of(json_records.read_lines, source)
    assert isinstance(broken, Malformed)
    assert isinstance(good, Record)


# ── the shape of JSON records ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("record", "names", "key", "place"),
    [
        ({"id": 1, "plan": "pro"}, ("plan",), "plan", '{"properties": {"plan": ...}}'),
        ({"id": 1, "Plan": "pro"}, ("plan",), "Plan", '{"properties": {"plan": ...}}'),
        ({"sentiment": 1}, ("sentiment",), "sentiment", '{"analysis": {"sentiment": ...}}'),
        ({"lastSeen": "2026-01-01", "plan": 1}, ("user.plan",), "plan", '{"properties": {"plan": ...}}'),
        ({"channel": 1}, ("conversation.channel",), "channel", '{"conversationProperties": {"channel": ...}}'),
    ],
)
def test_a_field_at_the_top_of_a_record_is_malformed(
    record: dict[str, Any], names: tuple[str, ...], key: str, place: str
) -> None:
    first, *_ = entries_of(json_records.read_lines, stream(json.dumps(record)), *names)
    assert first == Malformed(1, f"{key} stands at the top of the record and belongs in {place}")


def test_keys_that_mean_nothing_are_said_once() -> None:
    record = {"id": 1, "properties": {"plan": "pro"}, "plan": "other", "e\u202email": "x"}
    found = entries_of(json_records.read_lines, stream((json.dumps(record) + "\n") * 3), "plan")
    assert [type(entry) for entry in found] == [Record, Record, Record, Notice]
    assert found[-1] == Notice("left out, because a user has no such keys: plan, e\\u202email")


def test_many_keys_that_mean_nothing_are_not_all_said() -> None:
    text = json.dumps({f"key{number}": 1 for number in range(100)})
    *_, notice = entries_of(json_records.read_lines, stream(text))
    assert isinstance(notice, Notice)
    assert notice.text.endswith("key9 and others")


def test_a_field_that_no_record_has_is_reported_with_the_nearest_key() -> None:
    text = '{"properties": {"Plan": "pro"}}\n' * 3
    *_, notice = entries_of(json_records.read_lines, stream(text), "plan")
    assert notice == Notice("no record has plan; is it Plan?")
    *_, notice = entries_of(json_records.read_lines, stream("{}\n"), "lastSeen")
    assert notice == Notice("no record has lastSeen")


def test_a_field_that_one_record_has_is_not_said() -> None:
    text = '{}\n{"properties": {"plan": null}, "lastSeen": null}\n'
    found = entries_of(json_records.read_lines, stream(text), "plan", "lastSeen")
    assert [type(entry) for entry in found] == [Record, Record]
