"""User records from files: JSON lines, a JSON array or CSV, compressed or not, read one by one in bounded memory."""

import codecs
from collections.abc import Callable, Iterator

from msgspec import Struct

from segdsl.cli.users import csv_records, json_records
from segdsl.cli.users.records import Asked, Entry, Input, Malformed, Notice, Record, UnreadableError, opened

__all__ = [
    "ARRAY",
    "LINES",
    "Asked",
    "Entry",
    "Form",
    "Input",
    "Malformed",
    "Notice",
    "Record",
    "UnreadableError",
    "csv_form",
    "form_of",
    "opened",
    "read_records",
]


class Form(Struct, frozen=True):
    """A file format: how to read it, and the word of messages for a record's place."""

    place: str
    read: Callable[[Input, Asked], Iterator[Entry]]


LINES = Form("line", json_records.read_lines)
ARRAY = Form("record", json_records.read_array)


def csv_form(delimiter: str | None = None) -> Form:
    """CSV with this delimiter; None: the one that the header uses."""
    return Form("line", lambda source, asked: csv_records.read(source.stream, asked, delimiter))


def form_of(source: Input, *, csv: bool = False, delimiter: str | None = None) -> Form:
    """CSV if the caller or the file's name says so, an array if the text begins like one, else lines."""
    name = source.name.lower().removesuffix(".gz")
    if csv or delimiter or name.endswith((".csv", ".tsv")):
        return csv_form(delimiter or ("\t" if name.endswith(".tsv") else None))
    start = source.stream.peek(64).removeprefix(codecs.BOM_UTF8).lstrip()
    return ARRAY if start.startswith(b"[") else LINES


def read_records(source: Input, form: Form, asked: Asked) -> Iterator[Entry]:
    """The records of the file in order. Raises `UnreadableError` where the rest cannot be read."""
    try:
        yield from form.read(source, asked)
    except UnreadableError as error:
        raise UnreadableError(f"{source.name}: {error}") from error
    except UnicodeDecodeError as error:
        raise UnreadableError(f"{source.name}: not UTF-8: {error.reason}") from error
