"""CSV with a header: a column has the name of its field in expressions, and `id` is the record's id.

    id,plan,seats,sentiment,conversation.channel,lastSeen
    ada,pro,12,0.8,slack,2026-05-01

An empty cell means that the user lacks the field. A cell that is a JSON number, `true` or `false` has that value; a
cell with JSON's own double quotes around it is a string; any other cell is a string. Flags and properties declared
as boolean also take `yes`, `no`, `1`, `0` and the like; in a property declared as a string every cell is a string.
"""

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, BinaryIO

import msgspec

from segdsl.catalogue import Field, Kind
from segdsl.cli.users.records import ID, PARTS, Asked, Entry, Malformed, Notice, Record, UnreadableError, opened
from segdsl.diagnostics.cells import visible
from segdsl.limits import MAX_RECORD_BYTES
from segdsl.semantics.names import field_of, nearest
from segdsl.semantics.schema import DeclaredType
from segdsl.syntax.literals import moment_in_cell, shortened
from segdsl.syntax.nodes import BareName
from segdsl.syntax.parser import parse_or_none
from segdsl.wire.validation import KEY

_DELIMITERS = ",;\t|"
_QUOTED = re.compile(r'"(?:[^"]|"")*+"')
_STATED_DELIMITER = re.compile(r"sep=(.)\r?\n?", re.IGNORECASE)  # the first line of some files that Excel writes
_MOST_NAMED = 10
"""Columns that a message names."""

_BOOLEANS: Mapping[str, bool] = {
    **dict.fromkeys(("true", "t", "yes", "y", "on", "1"), True),
    **dict.fromkeys(("false", "f", "no", "n", "off", "0"), False),
}

Put = Callable[[dict[str, Any], str], None]
"""Writes a cell that is not empty into a record. Raises `_CellError`."""


class _CellError(Exception):
    """A cell that is not of the declared type of its column."""


def read(stream: BinaryIO, asked: Asked, delimiter: str | None = None) -> Iterator[Entry]:
    """A record for each row below the header. Without a delimiter, the header shows which one it is.

    Raises `UnreadableError` for a header without a wanted column, for a record longer than
    `MAX_RECORD_BYTES` characters, and for a quote that is never closed.
    """
    text = io.TextIOWrapper(stream, "utf-8-sig", newline="")
    try:
        with _cells_of_any_size():
            yield from _Table(text, delimiter).records(asked)
    finally:
        text.detach()  # the caller closes the stream


@contextmanager
def _cells_of_any_size() -> Iterator[None]:
    """Raises the limit of Python's csv module, which is 128 KB for a cell and the same for the whole process."""
    before = csv.field_size_limit(MAX_RECORD_BYTES)
    try:
        yield
    finally:
        csv.field_size_limit(before)


class _Table:
    """The rows of a CSV text. Counts its lines, and bounds the length of a row."""

    def __init__(self, text: io.TextIOWrapper, delimiter: str | None) -> None:
        self._text = text
        self._length = 0
        self._line = self._row_start = 0
        first = self._next_line()
        stated = _STATED_DELIMITER.fullmatch(first)
        if stated:
            first = self._next_line()
        delimiter = delimiter or (stated[1] if stated else _delimiter_of(first))
        self._rows = csv.reader(self._lines(first), delimiter=delimiter, strict=True)

    def records(self, asked: Asked) -> Iterator[Entry]:
        """A record for each row, after the notices about the header."""
        try:
            header = next(self._rows, [])
        except csv.Error as error:
            raise UnreadableError(f"the header is not CSV: {error}") from error
        if not header:
            raise UnreadableError("the first line is empty, and a CSV needs a header")
        names = [name.strip() for name in header]
        columns = _columns(names, asked)
        left_out = [name for name, put in zip(names, columns, strict=True) if name and put is None]
        if left_out:
            yield Notice(f"left out, because no expression can name these columns: {_listed(left_out)}")
        puts = [put or _leave_out for put in columns]
        while True:
            self._length, self._row_start = 0, self._line + 1
            try:
                row = next(self._rows, None)
            except csv.Error as error:
                yield self._malformed(error)
                continue
            if row is None:
                return
            if row:
                yield self._record(row, puts)

    def _record(self, row: list[str], puts: Sequence[Put]) -> Entry:
        if len(row) != len(puts):
            cells = f"{len(row)} cell{'s' * (len(row) != 1)}"
            return Malformed(self._row_start, f"{cells} under a header of {len(puts)}")
        user: dict[str, Any] = {}
        try:
            for put, cell in zip(puts, row, strict=True):
                if cell:
                    put(user, cell)
        except _CellError as error:
            return Malformed(self._row_start, str(error))
        return Record(self._row_start, user)

    def _malformed(self, error: csv.Error) -> Malformed:
        if "unexpected end of data" in str(error):
            raise UnreadableError(f"line {self._row_start}: a quote opens here and is never closed")
        return Malformed(self._row_start, f"not CSV: {error}")

    def _lines(self, first: str) -> Iterator[str]:
        line = first
        while line:
            yield line
            line = self._next_line()

    def _next_line(self) -> str:
        line = self._text.readline(MAX_RECORD_BYTES + 1 - self._length)
        self._length += len(line)
        if self._length > MAX_RECORD_BYTES:
            raise UnreadableError(
                f"line {self._row_start}: longer than {MAX_RECORD_BYTES} characters; is a quote open?"
            )
        self._line += 1
        return line


def layout_of(file: str) -> tuple[str, int]:
    """The delimiter of a CSV file, and how many lines stand before its header."""
    with opened(file) as source:
        text = io.TextIOWrapper(source.stream, "utf-8-sig", newline="")
        first = text.readline(MAX_RECORD_BYTES)
        stated = _STATED_DELIMITER.fullmatch(first)
        return (stated[1], 1) if stated else (_delimiter_of(first), 0)


def _delimiter_of(header: str) -> str:
    """The delimiter that stands most often in the header, outside quotes."""
    bare = _QUOTED.sub("", header)
    return max(_DELIMITERS, key=bare.count)


# ── columns ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _columns(names: list[str], asked: Asked) -> list[Put | None]:
    """How to write the cells of each column; None for a column that no expression can name."""
    fields = [_field(name) for name in names]
    at: dict[Field, str] = {}
    for name, field in zip(names, fields, strict=True):
        if field in at:
            raise UnreadableError(f"the header names {_both(at[field], name)}")
        if field is not None:
            at[field] = name
    _require(asked, at, names)
    puts = [None if field is None else _column(name, field, asked) for name, field in zip(names, fields, strict=True)]
    own_id = _id_column(names)
    if own_id is not None:
        asks_for_it = fields[own_id] in asked.fields.values()
        puts[own_id] = _put_both(_put_id, puts[own_id] or _leave_out) if asks_for_it else _put_id
    return puts


def _both(first: str, second: str) -> str:
    return f"{first} twice" if first == second else f"one field twice: {first} and {second}"


def _require(asked: Asked, at: Mapping[Field, str], names: list[str]) -> None:
    """Raises `UnreadableError` unless the header has a column for each wanted field."""
    missing = [name for name, field in asked.fields.items() if field not in at]
    if not missing:
        return
    near = nearest(missing[0], [name for name in names if name])
    if near:
        advice = f"is it {visible(near)}? Then rename it in the header"
    else:
        advice = f"the first line must name the columns, and it holds {_listed(names)}"
    raise UnreadableError(f"there is no column {missing[0]}, which the expression asks for: {advice}")


def _id_column(names: list[str]) -> int | None:
    """The index of the column `id`, or else of `ID` or `Id`."""
    found = [index for index, name in enumerate(names) if name.lower() == ID]
    return min(found, key=lambda index: names[index] != ID, default=None)


def _field(name: str) -> Field | None:
    """The field that a column's name means in an expression; None if no expression can name it."""
    expression = parse_or_none(name)
    if expression is not None and isinstance(expression.condition, BareName):
        return field_of(expression.condition.name)
    return Field(Kind.PROPERTY, name) if KEY.fullmatch(name) else None


def _column(name: str, field: Field, asked: Asked) -> Put:
    read_cell = _reader(name, field, asked)
    part = PARTS.get(field.kind)
    if part is None:
        return lambda user, cell: user.__setitem__(field.key, read_cell(cell))
    return lambda user, cell: user.setdefault(part, {}).__setitem__(field.key, read_cell(cell))


def _put_id(user: dict[str, Any], cell: str) -> None:
    user[ID] = cell


def _put_both(one: Put, other: Put) -> Put:
    def put(user: dict[str, Any], cell: str) -> None:
        one(user, cell)
        other(user, cell)

    return put


def _leave_out(_user: dict[str, Any], _cell: str) -> None:
    """A column that is left out."""


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(visible(shortened(name)) or "an empty name" for name in names[:_MOST_NAMED])
    more = len(names) - _MOST_NAMED
    return f"{shown} and {more} more" if more > 0 else shown


# ── cells ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _reader(name: str, field: Field, asked: Asked) -> Callable[[str], Any]:
    """How to read the cells of a column."""
    if field.kind is Kind.FLAG:
        return _boolean
    if field.kind is Kind.LAST_SEEN:
        return moment_in_cell
    declared = asked.schema.type_of(field)
    if isinstance(declared, tuple) or declared in ("string", "date"):
        return str
    read_cell = _boolean if declared == "boolean" else _value
    wanted = _WANTED.get(declared)
    return _strict(name, read_cell, wanted) if wanted and field in asked.fields.values() else read_cell


_WANTED: Mapping[DeclaredType | None, tuple[str, tuple[type, ...]]] = {
    "boolean": ("true or false", (bool,)),
    "number": ("a number", (int, float)),
    "integer": ("a number", (int, float)),
}
"""The valid values of a cell by its declared type, in words and as Python types."""


def _strict(name: str, read_cell: Callable[[str], Any], wanted: tuple[str, tuple[type, ...]]) -> Callable[[str], Any]:
    words, types = wanted

    def read_strictly(cell: str) -> Any:
        value = read_cell(cell)
        if type(value) not in types:
            raise _CellError(f"{name} must be {words}, and this is {shortened(cell)}")
        return value

    return read_strictly


def _boolean(cell: str) -> Any:
    """True or False; a cell with another text is read like other cells."""
    found = _BOOLEANS.get(cell.strip().lower())
    return _value(cell) if found is None else found


def _value(cell: str) -> Any:
    lowered = cell.lower()
    if lowered in ("true", "false"):
        return lowered == "true"
    try:
        value = msgspec.json.decode(cell)
    except (msgspec.DecodeError, RecursionError, UnicodeEncodeError):
        return cell
    return value if isinstance(value, str | int | float) else cell
