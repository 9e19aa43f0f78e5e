"""The first users of a file as records for `evaluate`: the people on the page, each with the reasons."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from msgspec import Struct

from segdsl.sql.dialects.duckdb import DuckDB
from segdsl.sql.duckdb import Database
from segdsl.sql.expression import Kind
from segdsl.sql.mapping import DATE, EPOCH, EPOCH_MS, NUMBER, STRUCT, TEXT, TIMESTAMP, TIMESTAMPTZ
from segdsl.sql.users import PARTS, Records, Users

_PART_OF = {kind: part for part, kind in PARTS.items()}
_ID = "id"


def first_records(db: Database, users: Users, most: int) -> tuple[Any, ...]:
    """The first `most` users of the file; each with the fields that an expression can name, and its `id`."""
    if isinstance(users.dialect, Records):
        rows = db.rows(f"SELECT json::VARCHAR FROM {users.relation} LIMIT {most}")
        return tuple(_of_json(text, users) for (text,) in rows)
    columns = db.columns(users.relation)
    cells = [one for one in _cells(users) if one.column in columns]
    shown = ", ".join(["NULL", *(f"to_json({one.sql})::VARCHAR" for one in cells)])
    rows = db.rows(f"SELECT {shown} FROM (SELECT * FROM {users.relation} LIMIT {most})")
    return tuple(_of_cells(cells, values) for _, *values in rows)


# ── typed columns, and the cells of CSV ────────────────────────────────────────────────────────────────────────────


class _Cell(Struct, frozen=True):
    """A piece of a record: where it belongs, the column that it is read from, and the SQL of its value.

    Without `key` it is a whole part of the record, or a top-level value. `is_text`: it is JSON, written as text.
    """

    part: str
    key: str | None
    column: str
    sql: str
    is_text: bool = False


def _cells(users: Users) -> Iterator[_Cell]:
    d, mapping = users.dialect, users.mapping
    yield _Cell(_ID, None, mapping.id or _ID, d.identifier(mapping.id or _ID))
    for kind, holder in mapping.objects.items():
        column = d.identifier(holder.name)
        if holder.type != STRUCT:
            yield _Cell(_PART_OF[kind], None, holder.name, column, holder.type == TEXT)
        for key, type_ in mapping.members.get(kind, {}).items():
            yield _Cell(_PART_OF[kind], key, holder.name, _read(d, d.field(column, key), type_, kind))
    for field, place in (mapping.columns or {}).items():
        part = _PART_OF.get(field.kind)
        sql = _read(d, d.identifier(place.name), place.type, field.kind)
        yield _Cell(part or field.key, field.key if part else None, place.name, sql)


def _read(d: DuckDB, sql: str, type_: str | None, kind: Kind) -> str:
    """A value in the form of a record: moments as RFC 3339, dates of properties as ISO text."""
    if type_ in _UNITS:
        sql, type_ = f"TRY(make_timestamp(CAST({sql} * {_UNITS[type_]} AS BIGINT)))", TIMESTAMP
    if kind is Kind.LAST_SEEN and type_ in (TIMESTAMP, TIMESTAMPTZ):
        return f"strftime({sql}, '%Y-%m-%dT%H:%M:%S.%fZ')"
    if type_ == NUMBER:
        return d.double(sql)
    if type_ == DATE:
        return d.date_text(sql)
    return d.timestamp_text(sql) if type_ == TIMESTAMP else sql


_UNITS = {EPOCH: 1_000_000, EPOCH_MS: 1_000}
"""Microseconds."""


def _of_cells(cells: Sequence[_Cell], values: Sequence[str | None]) -> dict[str, Any]:
    record: dict[str, Any] = {}
    for cell, text in zip(cells, values, strict=True):
        value = None if text is None else _loaded(text)
        if cell.is_text and isinstance(value, str):
            value = _loaded(value)
        if value is None:
            continue
        if cell.key is None:
            record[cell.part] = value
        else:
            record.setdefault(cell.part, {})[cell.key] = value
    return record


# ── records in JSON ────────────────────────────────────────────────────────────────────────────────────────────────


def _of_json(text: str, users: Users) -> Any:
    """The record; if its fields have other places, it is built by the mapping."""
    raw, mapping = _loaded(text), users.mapping
    if not isinstance(raw, dict):
        return raw
    record: dict[str, Any] = {_ID: raw.get(mapping.id or _ID)}
    record |= {_PART_OF[kind]: raw.get(holder.name) for kind, holder in mapping.objects.items()}
    for field, place in (mapping.columns or {}).items():
        part = _PART_OF.get(field.kind)
        if part is None:
            record[field.key] = raw.get(place.name)
            continue
        known = record.get(part)
        record[part] = {**(known if isinstance(known, dict) else {}), field.key: raw.get(place.name)}
    return {key: value for key, value in record.items() if value is not None}


def _loaded(text: str) -> Any:
    """The value of a JSON text; the text itself if Python refuses to read it, such as a number of 5,000 digits."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text
