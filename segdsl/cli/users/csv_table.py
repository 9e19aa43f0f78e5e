"""CSV with a header: its columns are called as an expression calls the fields, and `id` is the record's id.

    id,plan,seats,sentiment,conversation.channel,lastSeen
    ada,pro,12,0.8,slack,2026-05-01

An empty cell is a lacking value. A cell that is a JSON number, true or false is that; in double quotes of its own it is
a string whatever it holds; any other is a string, as are all of a property that is declared as one. A column whose
name no expression could say is left out.
"""

import csv
import io
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO

import msgspec

from segdsl.cli.users.record import Malformed, Record, UnreadableError
from segdsl.semantics.catalogue import BUILT_INS, Field, Kind, field_of, is_bare
from segdsl.semantics.names import near_miss
from segdsl.semantics.schema import DeclaredType, Schema
from segdsl.syntax.nodes import BareName
from segdsl.syntax.parser import read as parse
from segdsl.wire.validation import KEY

_PARTS = {
    Kind.METRIC: "analysis",
    Kind.FLAG: "flags",
    Kind.PROPERTY: "properties",
    Kind.CONVERSATION_PROPERTY: "conversationProperties",
}
_ID = "id"

Put = Callable[[dict[str, Any], str], None]
"""Writes a cell that is not empty into a record."""


def read(stream: BinaryIO, schema: Schema) -> Iterator[Record | Malformed]:
    """A record for each row. Raises `UnreadableError` for a header that does not say what its columns are."""
    text = io.TextIOWrapper(stream, "utf-8-sig", newline="")
    try:
        yield from _records(csv.reader(text, strict=True), schema)
    finally:
        text.detach()  # the stream is not ours to close


def _records(rows: Any, schema: Schema) -> Iterator[Record | Malformed]:
    """`rows` is what `csv.reader` makes, a type that the library does not name."""
    header = next(rows, None)
    if header is None:
        raise UnreadableError("the file is empty, and a CSV needs a header")
    names = [name.strip() for name in header]
    repeated = [name for name, count in Counter(names).items() if name and count > 1]
    if repeated:
        raise UnreadableError(f"the header names {', '.join(repeated)} twice")
    columns = [_column(name, schema) for name in names]
    while True:
        try:
            row = next(rows, None)
        except csv.Error as error:
            yield Malformed(rows.line_num, f"not CSV: {error}")
            continue
        if row is None:
            return
        if len(row) not in (0, len(columns)):
            yield Malformed(rows.line_num, f"{len(row)} cells under a header of {len(columns)}")
        elif row:
            yield Record(rows.line_num, _user(columns, row))


def _user(columns: list[Put], row: list[str]) -> dict[str, Any]:
    user: dict[str, Any] = {}
    for put, cell in zip(columns, row, strict=True):
        if cell:
            put(user, cell)
    return user


def _column(name: str, schema: Schema) -> Put:
    if name == _ID:
        return lambda user, cell: user.__setitem__(_ID, cell)
    field = _field(name)
    if field is None:
        return lambda _user, _cell: None
    value = str if field.kind is Kind.LAST_SEEN or _is_text(schema.type_of(field)) else _value
    part = _PARTS.get(field.kind)
    if part is None:
        return lambda user, cell: user.__setitem__(field.key, value(cell))
    return lambda user, cell: user.setdefault(part, {}).__setitem__(field.key, value(cell))


def _is_text(declared: DeclaredType | None) -> bool:
    return declared == "string" or isinstance(declared, tuple)


def _field(name: str) -> Field | None:
    """The field that a column's name stands for, as it would in an expression; None when no expression can name it."""
    expression, _ = parse(name)
    if expression is None or not isinstance(expression.condition, BareName):
        return Field(Kind.PROPERTY, name) if KEY.fullmatch(name) else None
    name = expression.condition.name
    if name not in BUILT_INS and is_bare(name) and (meant := near_miss(name)):
        raise UnreadableError(f"the column {name} is not a built-in name: is it {meant}, or user.{name}?")
    return field_of(name)


def _value(cell: str) -> Any:
    lowered = cell.lower()
    if lowered in ("true", "false"):
        return lowered == "true"
    try:
        value = msgspec.json.decode(cell)
    except (msgspec.DecodeError, RecursionError, UnicodeEncodeError):
        return cell
    return value if isinstance(value, str | int | float) else cell
