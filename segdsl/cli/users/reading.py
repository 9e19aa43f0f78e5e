"""One record after the other out of a stream, in whichever form the stream has them."""

import codecs
from collections.abc import Callable, Iterator
from typing import Any

from msgspec import Struct

from segdsl.cli.users import csv_table, json_array, json_lines
from segdsl.cli.users.opened import Input
from segdsl.cli.users.record import Malformed, Record, UnreadableError
from segdsl.semantics.schema import UNCHECKED, Schema

_BOM = codecs.BOM_UTF8


class Form(Struct, frozen=True):
    """A form of file: how to read it, and what it calls the place of a record."""

    place: str
    read: Callable[[Any, Schema], Iterator[Record | Malformed]]


LINES = Form("line", json_lines.read)
ARRAY = Form("record", json_array.read)
CSV = Form("line", csv_table.read)


def form_of(source: Input, *, csv: bool = False) -> Form:
    """CSV by its name, or when the caller says so; an array when the text begins like one; else lines."""
    if csv or source.name.lower().removesuffix(".gz").endswith(".csv"):
        return CSV
    start = source.stream.peek(64).removeprefix(_BOM).lstrip()
    return ARRAY if start.startswith(b"[") else LINES


def read_records(source: Input, form: Form, schema: Schema | None = None) -> Iterator[Record | Malformed]:
    """The records of the stream, in order. Raises `UnreadableError` where nothing further can be read."""
    try:
        yield from form.read(source.stream, schema or UNCHECKED)
    except UnreadableError as error:
        raise UnreadableError(f"{source.name}: {error}") from error
    except UnicodeDecodeError as error:
        raise UnreadableError(f"{source.name}: not UTF-8: {error.reason}") from error
