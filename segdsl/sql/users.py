"""Users in files of many formats, as rows for DuckDB: the columns are looked up in the file, not guessed.

Parquet files and tables have typed columns with the fields' names in expressions, or objects of fields as in the
records of `evaluate` (`analysis`, `flags`, `properties`, `conversationProperties`). JSON files hold such records. In
CSV every cell is text, and `read_cells` says what it means.
"""

import os
from collections.abc import Callable, Collection, Iterable, Sequence
from collections.abc import Mapping as Table
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from segdsl.errors import ConfigError
from segdsl.limits import MAX_RECORD_BYTES
from segdsl.sql.dialects.dialect import Dynamic, case
from segdsl.sql.dialects.duckdb import DuckDB
from segdsl.sql.duckdb import CountError, Database
from segdsl.sql.expression import BUILT_INS, Field, Kind, field_named, literals, name_of, nearest
from segdsl.sql.mapping import (
    BOOLEAN,
    CONVERSATION_MOMENTS,
    DATE,
    EPOCH,
    EPOCH_MS,
    INTEGER,
    JSON,
    NUMBER,
    OF_CONVERSATIONS,
    RFC3339,
    STRING,
    STRUCT,
    TEXT,
    TIMESTAMP,
    TIMESTAMPTZ,
    Column,
    Mapping,
    Object,
)

FORMS = {
    ".parquet": "parquet", ".csv": "csv", ".csv.gz": "csv", ".jsonl": "lines", ".jsonl.gz": "lines", ".ndjson": "lines",
    ".json": "array", ".json.gz": "array", ".duckdb": "database",
}  # fmt: skip
"""The extensions of files of users, and the format of each."""

_SEEN = BUILT_INS["lastSeen"]

PARTS = {
    "analysis": Kind.METRIC,
    "flags": Kind.FLAG,
    "properties": Kind.PROPERTY,
    "conversationProperties": Kind.CONVERSATION_PROPERTY,
}
"""The objects of a record, and the kind of field that each holds."""


class Users(Struct, frozen=True):
    """Rows to query: `relation` goes after FROM; `no_user` is SQL that is TRUE for a row that is not a record at all.

    `conversations` is their relation, if the mapping has conversations. `reads_once`: reading a row costs more than
    evaluating it, so one pass does all. `source` is the part of `relation` that reads the rows, if it is not all.
    """

    name: str
    relation: str
    mapping: Mapping
    dialect: DuckDB
    no_user: str = ""
    conversations: str = ""
    reads_once: bool = False
    source: str = ""

    @property
    def is_json(self) -> bool:
        """Whether a row is a record in JSON."""
        return bool(self.no_user)

    @property
    def rows(self) -> str:
        """The relation for the rows as they are read."""
        return self.source or self.relation

    def in_table(self, name: str) -> "Users":
        """The users whose rows, as they are read, are in a table."""
        return replace(self, relation=self.relation.replace(self.rows, name), source=name, reads_once=False)


class CsvLayout(Struct, frozen=True):
    """The layout of a CSV file: its delimiter, and the number of lines before the header."""

    delimiter: str
    skipped: int = 0


class Wanted(Struct, frozen=True):
    """What the expressions need of the users: their fields, the declared type of each, and the layout of a CSV."""

    fields: tuple[Field, ...]
    declared: Callable[[Field], Any] = lambda _field: None
    layout: Callable[[str], CsvLayout] = lambda _file: CsvLayout(",")


def users_in(db: Database, files: Sequence[str], wanted: Wanted, mapping: Mapping | None = None) -> Users:
    """The users in files of one format.

    Raises `CountError` for files that cannot be read, `ConfigError` for missing columns of the mapping.
    """
    for file in files:
        if not os.path.isfile(file):
            raise CountError(f"{file}: {'this is a folder' if os.path.isdir(file) else 'there is no such file'}")
    forms = {_form_of(file) for file in files}
    if len(forms) > 1:
        raise CountError(
            f"the files are of several forms ({', '.join(sorted(forms))}): count those of one form at a time"
        )
    name = files[0] if len(files) == 1 else f"{len(files)} files"
    form = forms.pop()
    try:
        users = _READERS[form](db, name, files, wanted, mapping or Mapping())
    except CountError as error:
        raise CountError(f"{name}: {error}") from error
    if users.mapping.conversations is None:
        return users
    if form not in _TYPED:
        raise CountError(f"{name}: only users in Parquet or a database can be joined with conversations")
    return _with_conversations(db, users)


def _form_of(file: str) -> str:
    for extension, form in FORMS.items():
        if file.lower().endswith(extension):
            return form
    raise CountError(f"{file}: the form of this file is unknown: its name should end in {', '.join(FORMS)}")


def _listed(files: Sequence[str]) -> str:
    return f"[{', '.join(map(DuckDB().string, files))}]"


# ── typed columns ──────────────────────────────────────────────────────────────────────────────────────────────────


def _parquet(db: Database, name: str, files: Sequence[str], wanted: Wanted, mapping: Mapping) -> Users:
    return _table(db, name, f"read_parquet({_listed(files)}, union_by_name = true)", wanted, mapping)


def _database(db: Database, name: str, files: Sequence[str], wanted: Wanted, mapping: Mapping) -> Users:
    if len(files) > 1:
        raise CountError("count the users of one database at a time")
    tables = db.attach(files[0], _CATALOG)
    if mapping.table is None and len(tables) != 1:
        raise CountError(
            f"say which table holds the users, as `table` under [source]; it holds {', '.join(tables) or 'none'}"
        )
    path = mapping.table.split(".") if mapping.table else tables
    return _table(db, name, ".".join(map(DuckDB().identifier, [_CATALOG, *path])), wanted, mapping)


def _table(db: Database, name: str, relation: str, wanted: Wanted, mapping: Mapping) -> Users:
    d, columns, source = DuckDB(), db.columns(relation), relation
    to_text = [column for column, type_ in columns.items() if type_.id in ("enum", "uuid")]
    if to_text:
        shown = ", ".join(f"{d.as_text(d.identifier(column))} AS {d.identifier(column)}" for column in to_text)
        relation = f"(SELECT * REPLACE ({shown}) FROM {relation})"
    return Users(name, relation, described(mapping, columns, wanted.fields, name), d, source=source)


_CATALOG = "segdsl_users"
_TYPED = ("parquet", "database")
"""The file formats whose columns have types."""


def _with_conversations(db: Database, users: Users) -> Users:
    """The users and the place of their conversations, with the types of the columns."""
    said = users.mapping.conversations
    assert said is not None  # noqa: S101  as above
    if said.file is not None:
        if _form_of(said.file) != "parquet":
            raise CountError(f"{said.file}: conversations are read from Parquet, or a table of the users' database")
        name, relation = said.file, f"read_parquet({DuckDB().string(said.file)})"
    else:
        name = said.table or "conversations"
        relation = ".".join(map(DuckDB().identifier, [_CATALOG, *name.split(".")]))
    columns = db.columns(relation)
    needed = {"user": said.user, "at": said.at.name} | ({"product": said.product} if said.product else {})
    missing = [f"{name} has no column `{column}`, which is its `{key}`" for key, column in needed.items()
               if column not in columns]  # fmt: skip
    if missing:
        raise ConfigError("; ".join(missing))
    if users.mapping.id is None or users.mapping.id not in db.columns(users.relation):
        raise ConfigError(f"{users.name} has no column `{users.mapping.id or ''}`, which should identify a user")
    moment = Column(said.at.name, _type_of(columns[said.at.name], _SEEN, said.at.type))
    if moment.type not in CONVERSATION_MOMENTS:
        raise ConfigError(f"{name}: `at` is a moment, and the column `{said.at.name}` holds {columns[said.at.name]}")
    typed = described(Mapping(columns=said.columns), columns, said.columns, name).columns or {}
    for field, column in typed.items():
        if column.type not in OF_CONVERSATIONS[field.kind]:
            fitting = " or ".join(OF_CONVERSATIONS[field.kind])
            held = f"the column `{column.name}` holds {column.type}"
            raise ConfigError(f"{name}: `{name_of(field)}` stands in a column of {fitting}, and {held}")
    conversations = replace(said, at=moment, columns=typed)
    return replace(users, mapping=replace(users.mapping, conversations=conversations), conversations=relation)


_TYPES: dict[str, str] = {
    **dict.fromkeys(("varchar", "enum", "uuid"), STRING),
    **dict.fromkeys(("tinyint", "smallint", "integer", "bigint", "hugeint"), INTEGER),
    **dict.fromkeys(("utinyint", "usmallint", "uinteger", "ubigint", "uhugeint"), INTEGER),
    **dict.fromkeys(("float", "double", "decimal"), NUMBER),
    **dict.fromkeys(("timestamp", "timestamp_s", "timestamp_ms", "timestamp_ns"), TIMESTAMP),
    "boolean": BOOLEAN, "timestamp with time zone": TIMESTAMPTZ, "date": DATE,
}  # fmt: skip
"""The mapping's type for each type of DuckDB; a column of another type keeps its own, which fits no field."""

_READ_AS = {
    (NUMBER, EPOCH),
    (INTEGER, EPOCH),
    (NUMBER, EPOCH_MS),
    (INTEGER, EPOCH_MS),
    (STRING, RFC3339),
    (INTEGER, NUMBER),
}
"""The type of a column, and the types that a mapping may give it."""


def described(mapping: Mapping, columns: Table[str, Any], fields: Collection[Field], name: str) -> Mapping:
    """The mapping with the types of the columns. Raises `ConfigError` for missing columns of the mapping."""
    mapped = {
        field: place.name for field in fields if isinstance(place := mapping.place(field), Column) and mapping.columns
    }
    missing = [
        f"{name} has no column `{column}`, to which `{name_of(field)}` is mapped"
        + (f"; is it `{meant}`?" if (meant := nearest(column, columns)) else "")
        for field, column in mapped.items()
        if column not in columns
    ]
    objects = dict(mapping.objects)
    missing += [
        f"{name} has no column `{one.name}`, which should hold objects"
        for one in objects.values()
        if one.name not in columns
    ]
    if missing:
        raise ConfigError("; ".join(missing))
    found: dict[Field, Column] = {}
    if mapping.columns is None:
        named = {column: field for column in columns if (field := field_named(column)) is not None}
        found = {field: Column(column, _type_of(columns[column], field, None)) for column, field in named.items()}
        objects = {kind: Object(part) for part, kind in PARTS.items() if _can_be_object(columns.get(part))} | objects
    for field, column in (mapping.columns or {}).items():
        if column.name in columns:
            found[field] = Column(column.name, _type_of(columns[column.name], field, column.type))
    typed = {kind: replace(one, type=_object_type(columns[one.name])) for kind, one in objects.items()}
    members = {
        kind: {key: _type_of(type_, Field(kind, key), None) for key, type_ in columns[one.name].children}
        for kind, one in typed.items()
        if one.type == STRUCT
    }
    whole = replace(mapping, columns=found, objects=typed, members=members)
    used = {mapping.id, *[column.name for column in (mapping.columns or {}).values()]}
    used |= {place.name for field in fields if isinstance(place := whole.place(field), Column)}
    used |= {one.name for one in typed.values()}
    return replace(whole, unused=tuple(column for column in columns if column not in used))


def _type_of(type_: Any, field: Field, said: str | None) -> str:
    """The type of a field's column: the column's own, or the one that the mapping gives it."""
    holds = JSON if str(type_) == "JSON" else _TYPES.get(type_.id, str(type_))
    if said is not None and (holds, said) in _READ_AS:
        return said
    if said is None and field.kind is Kind.LAST_SEEN and holds == STRING:
        return RFC3339
    return holds


def _can_be_object(type_: Any) -> bool:
    return type_ is not None and (type_.id == "struct" or str(type_) == "JSON")


def _object_type(type_: Any) -> str:
    if str(type_) == "JSON":
        return JSON
    return {"struct": STRUCT, "varchar": TEXT}.get(type_.id, str(type_))


# ── JSON ───────────────────────────────────────────────────────────────────────────────────────────────────────────


class Records(DuckDB):
    """DuckDB for whole records in JSON.

    A name is a JSON pointer (RFC 6901) into the record. Parsing a record costs more than everything else, so each is
    parsed once for all conditions; the types of its objects are looked up only if a value is missing.
    """

    def __init__(self) -> None:
        self._values: dict[str, int] = {}
        self._objects: dict[str, int] = {}

    def identifier(self, name: str) -> str:
        return "/" + name.replace("~", "~0").replace("/", "~1")

    def member(self, x: str, key: str) -> tuple[str, ...]:
        return self.value(f"{x}/{key}")

    def value(self, x: str) -> tuple[str, ...]:
        at = self._values.setdefault(x, len(self._values) + 1)
        return f"_value{at}", f"_text{at}", f"_number{at}"

    def dynamic(self, parts: Sequence[str]) -> Dynamic:
        value, text, number = parts
        return Dynamic(
            present=f"{value} <> 'null'",
            is_text=f"{text} IS NOT NULL",
            text=text,
            is_number=f"isfinite({number})",
            number=number,
            is_boolean=f"{value} IN ('true', 'false')",
            boolean=f"({value} = 'true')",
        )

    def shown(self, parts: Sequence[str]) -> str:
        return parts[0]

    def is_no_object(self, x: str) -> str:
        at = self._objects.setdefault(x, len(self._objects) + 1)
        return f"_types[{at}] NOT IN ('OBJECT', 'NULL')"

    def rows(self, relation: str) -> str:
        read = []
        for at in self._values.values():
            value = f"_values[{at}]"
            text = case((f"""starts_with({value}, '"')""", f"json_extract_string({value}, '$')"))
            read += [f"{value} AS _value{at}", f"{text} AS _text{at}", f"TRY_CAST({value} AS DOUBLE) AS _number{at}"]
        if self._objects:
            is_missing = " OR ".join(f"_values[{at}] IS NULL" for at in self._values.values())
            read.append(f"{case((is_missing, f'json_type(json, {self._list(self._objects)})'))} AS _types")
        values = f"json_extract(json, {self._list(self._values)})::VARCHAR[] AS _values"
        return (
            f"(SELECT starts_with(json::VARCHAR, '{{') AS _is_object, {', '.join(read)}"
            f" FROM (SELECT json, {values} FROM {relation}))"
        )

    def _list(self, pointers: Iterable[str]) -> str:
        return f"[{', '.join(map(self.string, pointers))}]"


def _lines(db: Database, name: str, files: Sequence[str], wanted: Wanted, mapping: Mapping) -> Users:
    return _json(name, files, mapping, "format = 'newline_delimited', ignore_errors = true")


def _array(db: Database, name: str, files: Sequence[str], wanted: Wanted, mapping: Mapping) -> Users:
    return _json(name, files, mapping, "format = 'array'")


def _json(name: str, files: Sequence[str], mapping: Mapping, options: str) -> Users:
    relation = f"read_json_objects({_listed(files)}, {options}, maximum_object_size = {MAX_RECORD_BYTES})"
    return Users(name, relation, _in_records(mapping), Records(), "_is_object IS NOT TRUE", reads_once=True)


def _in_records(mapping: Mapping) -> Mapping:
    """The mapping, or that of a record for `evaluate`; all fields in JSON are read as JSON."""
    if mapping.columns is None and not mapping.objects:
        counted, seen = Field(Kind.COUNT, "conversationCount"), Field(Kind.LAST_SEEN, "lastSeen")
        own = {field: Column(field.key, JSON) for field in (counted, seen)}
        return replace(mapping, columns=own, objects={kind: Object(part) for part, kind in PARTS.items()})
    unread = [name_of(field) for field, column in (mapping.columns or {}).items() if column.type in (EPOCH, EPOCH_MS)]
    if unread:
        raise ConfigError(f"{', '.join(unread)}: a moment in JSON is RFC 3339 text, and no number of seconds")
    columns = {field: replace(column, type=JSON) for field, column in (mapping.columns or {}).items()}
    return replace(mapping, columns=columns, objects={kind: Object(one.name) for kind, one in mapping.objects.items()})


# ── CSV ────────────────────────────────────────────────────────────────────────────────────────────────────────────

_NUMBER = r"[ \t\r\n]*-?(0|[1-9][0-9]*)([.][0-9]+)?([eE][-+]?[0-9]+)?[ \t\r\n]*"
_TRUE, _FALSE = ("true", "t", "yes", "y", "on", "1"), ("false", "f", "no", "n", "off", "0")


def _csv(db: Database, name: str, files: Sequence[str], wanted: Wanted, mapping: Mapping) -> Users:
    d = DuckDB()
    layouts = {wanted.layout(file) for file in files}
    if len(layouts) > 1:
        raise CountError("the files have different delimiters: count them one at a time")
    layout = layouts.pop()
    options = f"delim = {d.string(layout.delimiter)}, skip = {layout.skipped}, max_line_size = {MAX_RECORD_BYTES}"
    relation = (
        f"read_csv({_listed(files)}, {options}, all_varchar = true, header = true, quote = '\"', escape = '\"',"
        f" comment = '', nullstr = '', union_by_name = {str(len(files) > 1).lower()})"
    )
    columns = db.columns(relation)
    found = described(mapping, columns, wanted.fields, name)
    cells = {
        column.name: _cell(d.identifier(column.name), field, wanted.declared(field))
        for field, column in (found.columns or {}).items()
        if field in wanted.fields
    }
    shown = ", ".join(f"{sql} AS {d.identifier(column)}" for column, sql in cells.items())
    typed = {field: replace(column, type=JSON) for field, column in (found.columns or {}).items()}
    mapped = replace(found, columns=typed)
    return Users(name, f"(SELECT {shown} FROM {relation})", mapped, d, reads_once=True, source=relation)


def _cell(x: str, field: Field, declared: Any) -> str:
    """A cell as JSON, as `segdsl match` reads it; empty cells are NULL already."""
    if field.kind is Kind.LAST_SEEN:
        for pattern, replacement in literals.CELLS_OF_MOMENTS:
            x = f"regexp_replace({x}, '^(?:{pattern})$', '{replacement}')"
    text = f"to_json({x})"
    if field.kind is Kind.LAST_SEEN or isinstance(declared, tuple) or declared in (STRING, DATE):
        return text
    is_boolean = [(f"lower({x}) IN ('true', 'false')", f"CAST(lower({x}) AS JSON)")]
    if field.kind is Kind.FLAG or declared == BOOLEAN:
        d = DuckDB()
        words = {"true": _TRUE, "false": _FALSE}
        is_boolean = [
            (d.is_in(f"lower(trim({x}))", list(map(d.string, words[value]))), f"CAST('{value}' AS JSON)")
            for value in words
        ]
    is_number = f"regexp_full_match({x}, '{_NUMBER}') AND isfinite(TRY_CAST({x} AS DOUBLE))"
    is_string = f"""starts_with(ltrim({x}, ' '), '"') AND json_valid({x})"""
    return case(*is_boolean, (is_number, f"CAST({x} AS JSON)"), (is_string, f"CAST({x} AS JSON)"), ("TRUE", text))


_READERS: dict[str, Callable[[Database, str, Sequence[str], Wanted, Mapping], Users]] = {
    "parquet": _parquet, "database": _database, "lines": _lines, "array": _array, "csv": _csv,
}  # fmt: skip
