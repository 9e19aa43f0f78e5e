"""Where users are: which column holds which field. The `[source]` table of a config, and `Mapping.from_dict`.

    table = "analytics.users"              # or file = "users.parquet"
    id = "user_id"
    properties = "props"                   # a JSON object that holds all user properties
    [columns]                              # keys are names as an expression writes them
    commercialIntent = "commercial_intent"
    lastSeen = { column = "seen_at", type = "timestamp" }

A field is found in `columns`, else in the object of its kind, else, without `columns`, in the column of its own name. A
missing field is an error, never NULL. `[conversations]` says where conversations are, for scope clauses.
"""

import os
from collections.abc import Iterator
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from segdsl.errors import ConfigError
from segdsl.sql.expression import Field, Kind, Table, field_named, name_of, nearest

STRING, NUMBER, INTEGER, BOOLEAN, JSON = "string", "number", "integer", "boolean", "json"
TIMESTAMPTZ, TIMESTAMP, DATE, RFC3339 = "timestamptz", "timestamp", "date", "rfc3339"
EPOCH, EPOCH_MS = "epoch", "epoch_ms"

VALUE_TYPES = (STRING, NUMBER, INTEGER, BOOLEAN, DATE, TIMESTAMP, JSON)
MOMENT_TYPES = (TIMESTAMPTZ, TIMESTAMP, DATE, RFC3339, EPOCH, EPOCH_MS, JSON)
TYPES = tuple(dict.fromkeys((*VALUE_TYPES, *MOMENT_TYPES)))
"""The types of a column: `number` is any number, as a double; `timestamp` has no zone and is UTC; `epoch` counts
seconds and `epoch_ms` milliseconds since 1970; `json` is a value whose type only the row knows."""

STRUCT, TEXT = "struct", "text"
OBJECT_TYPES = (JSON, TEXT, STRUCT)
"""The types of a column of many fields: the engine's JSON type (or VARIANT), JSON as text, or a STRUCT."""

FITTING: dict[Kind, tuple[str, ...]] = {
    Kind.METRIC: (NUMBER, INTEGER, JSON),
    Kind.COUNT: (INTEGER, NUMBER, JSON),
    Kind.FLAG: (BOOLEAN, JSON),
    Kind.LAST_SEEN: MOMENT_TYPES,
    Kind.PROPERTY: VALUE_TYPES,
    Kind.CONVERSATION_PROPERTY: VALUE_TYPES,
}
"""The column types of each kind of field; for a built-in the first one is the default."""

OBJECTS = {
    "analysis": Kind.METRIC,
    "flags": Kind.FLAG,
    "properties": Kind.PROPERTY,
    "conversation_properties": Kind.CONVERSATION_PROPERTY,
}
"""The columns of many fields, each with its kind of field."""


class Column(Struct, frozen=True):
    """One column for one field; `type` is one of `TYPES`, None if unknown."""

    name: str
    type: str | None = None


class Object(Struct, frozen=True):
    """One column for all fields of a kind; `type` is one of `OBJECT_TYPES`."""

    name: str
    type: str = JSON


class Member(Struct, frozen=True):
    """One field in such a column. `type` is that of a STRUCT's field, None if unknown."""

    object: Object
    key: str
    type: str | None = None


class Conversations(Struct, frozen=True):
    """A table of conversations: `user` is the column of the user's id, `at` that of the moment, `product` of its id.

    `columns` are the fields of a conversation: metrics, flags and conversation properties.
    """

    user: str
    at: Column
    table: str | None = None
    file: str | None = None
    product: str | None = None
    columns: Table[Field, Column] = {}


class Problem(Struct, frozen=True):
    """An error in a mapping's table: a diagnostic's code, and the value (or its key) at `path`."""

    path: tuple[str, ...]
    message: str
    help: tuple[str, ...] = ()
    code: str = "wrong-value"
    at_key: bool = False


class Mapping(Struct, frozen=True):
    """Where the fields of users are found.

    `table` is the table's name in the engine, `file` the path of a file for DuckDB; conditions need neither.
    """

    table: str | None = None
    file: str | None = None
    id: str | None = None
    columns: Table[Field, Column] | None = None
    objects: Table[Kind, Object] = {}
    members: Table[Kind, Table[str, str]] = {}
    """The types of the fields of STRUCT columns, if known: then there are no other fields."""
    conversations: Conversations | None = None
    unused: tuple[str, ...] = ()
    """The columns of the users, if known, that hold none of the fields asked for; messages name them."""

    @classmethod
    def from_dict(cls, table: Table[str, Any]) -> "Mapping":
        """The mapping in a `[source]` table. Raises `ConfigError` with all its errors."""
        mapping, problems = read_mapping(table)
        if problems:
            raise ConfigError("; ".join(f"{'.'.join(('source', *one.path))}: {one.message}" for one in problems))
        return mapping

    def relative_to(self, folder: str) -> "Mapping":
        """The mapping, with its files relative to the folder."""
        conversations = self.conversations
        if conversations and conversations.file:
            conversations = replace(conversations, file=os.path.join(folder, conversations.file))
        file = os.path.join(folder, self.file) if self.file else None
        return replace(self, file=file, conversations=conversations)

    def place(self, field: Field) -> Column | Member | None:
        """The place of the field; None if it has none."""
        if self.columns and field in self.columns:
            return self.columns[field]
        holder = self.objects.get(field.kind)
        if holder is not None:
            members = self.members.get(field.kind)
            if members is None:
                return Member(holder, field.key)
            return Member(holder, field.key, members[field.key]) if field.key in members else None
        return Column(name_of(field)) if self.columns is None else None

    def near(self, field: Field) -> str | None:
        """The mapped field that an unmapped one most probably means, as an expression writes it."""
        members = [Field(kind, key) for kind, known in self.members.items() for key in known]
        return nearest(name_of(field), map(name_of, [*(self.columns or ()), *members]))


# ── reading ────────────────────────────────────────────────────────────────────────────────────────────────────────

_NAMES = ("table", "file", "id")
_KEYS = (*_NAMES, *OBJECTS, "columns", "conversations")
_CONVERSATION_NAMES = ("table", "file", "user", "product")
_CONVERSATION_KEYS = (*_CONVERSATION_NAMES, "at", "columns")
OF_CONVERSATIONS: dict[Kind, tuple[str, ...]] = {
    Kind.METRIC: (NUMBER, INTEGER), Kind.FLAG: (BOOLEAN,), Kind.CONVERSATION_PROPERTY: VALUE_TYPES,
}  # fmt: skip
"""The kinds of field of a conversation, and the column types of each."""
CONVERSATION_MOMENTS = (TIMESTAMPTZ, TIMESTAMP, DATE, EPOCH, EPOCH_MS)
_COLUMN_KEYS = ("column", "type")


def read_mapping(table: object) -> tuple[Mapping, tuple[Problem, ...]]:
    """The mapping in plain data, as far as it is usable, and all its errors."""
    reader = _Reader()
    return reader.mapping(table), tuple(reader.problems)


class _Reader:
    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def mapping(self, table: object) -> Mapping:
        if not isinstance(table, Table):
            self._wrong_type((), "a table", table)
            return Mapping()
        self._unknown_keys((), table, _KEYS)
        names = {key: self._name((key,), table[key]) for key in _NAMES if key in table}
        if names.get("table") and names.get("file"):
            self._add(("file",), "users are in a `table` or in a `file`, not in both", at_key=True)
        objects = {kind: self._object((key,), table[key]) for key, kind in OBJECTS.items() if key in table}
        return Mapping(
            table=names.get("table"),
            file=names.get("file"),
            id=names.get("id"),
            columns=dict(self._columns(("columns",), table["columns"])) if "columns" in table else None,
            objects={kind: one for kind, one in objects.items() if one is not None},
            conversations=self._conversations(table) if "conversations" in table else None,
        )

    def _conversations(self, source: Table[Any, Any]) -> Conversations | None:
        path, table = ("conversations",), source["conversations"]
        if not isinstance(table, Table):
            self._wrong_type(path, "a table", table)
            return None
        self._unknown_keys(path, table, _CONVERSATION_KEYS)
        for key in ("user", "at"):
            if key not in table:
                self._add(path, f"`conversations` needs `{key}`, the name of its column", code="missing-key")
        if "id" not in source:
            self._add(path, "`source` needs `id`, the column in which users have what `user` refers to", at_key=True)
        names = {key: self._name((*path, key), table[key]) for key in _CONVERSATION_NAMES if key in table}
        at = self._column((*path, "at"), table["at"], CONVERSATION_MOMENTS) if "at" in table else None
        columns = dict(self._columns((*path, "columns"), table.get("columns", {})))
        for field in columns:
            if field.kind not in OF_CONVERSATIONS:
                self._add((*path, "columns", name_of(field)), f"`{name_of(field)}` is of a user", at_key=True)
        user = names.pop("user", None)
        return Conversations(user, at, columns=columns, **names) if user and at else None

    def _name(self, path: tuple[str, ...], value: object) -> str | None:
        if not isinstance(value, str):
            self._wrong_type(path, "a string", value)
        elif not value.strip() or "\0" in value:
            self._add(path, f"`{path[-1]}` must not be blank, nor hold U+0000")
        else:
            return value
        return None

    def _object(self, path: tuple[str, ...], value: object) -> Object | None:
        found = self._column(path, value, OBJECT_TYPES)
        return Object(found.name, found.type or JSON) if found else None

    def _columns(self, within: tuple[str, ...], table: object) -> Iterator[tuple[Field, Column]]:
        if not isinstance(table, Table):
            self._wrong_type(within, "a table of fields and their columns", table)
            return
        seen: dict[Field, str] = {}
        for name, value in table.items():
            path = (*within, str(name))
            field = field_named(name) if isinstance(name, str) else None
            if field is None:
                help_ = 'write it as an expression does: `seats`, `conversation.channel`, `user["2fa"]`'
                self._add(path, f"`{name}` is not the name of a field", help_, at_key=True)
            elif field in seen:
                self._add(path, f"`{name}` and `{seen[field]}` are the same field", at_key=True)
            elif column := self._column(path, value, FITTING[field.kind]):
                yield field, column
            if field is not None:
                seen[field] = str(name)

    def _column(self, path: tuple[str, ...], value: object, types: tuple[str, ...]) -> Column | None:
        if not isinstance(value, Table):
            name = self._name(path, value)
            return Column(name) if name else None
        self._unknown_keys(path, value, _COLUMN_KEYS)
        if "column" not in value:
            self._add(path, f"`{path[-1]}` needs `column`, the name of its column", code="missing-key")
            return None
        name = self._name((*path, "column"), value["column"])
        type_ = value.get("type")
        if type_ is not None and type_ not in types:
            meant = nearest(type_, types) if isinstance(type_, str) else None
            help_ = (f"did you mean `{meant}`?",) if meant else ()
            self._add((*path, "type"), f"the type of `{path[-1]}` must be one of {', '.join(types)}", *help_)
            return None
        return Column(name, type_) if name else None

    def _unknown_keys(self, path: tuple[str, ...], table: Table[Any, Any], known: tuple[str, ...]) -> None:
        for key in table:
            if key not in known:
                meant = nearest(key, known) if isinstance(key, str) else None
                help_ = f"did you mean `{meant}`?" if meant else f"the keys are {', '.join(known)}"
                self._add((*path, str(key)), f"there is no key `{key}`", help_, code="unknown-key", at_key=True)

    def _wrong_type(self, path: tuple[str, ...], wanted: str, value: object) -> None:
        name = f"`{path[-1]}`" if path else "a source"
        self._add(path, f"{name} must be {wanted}, and this is {_described(value)}")

    def _add(
        self, path: tuple[str, ...], message: str, *help_: str, code: str = "wrong-value", at_key: bool = False
    ) -> None:
        self.problems.append(Problem(path, message, help_, code, at_key))


_WORDS: dict[type, str] = {
    str: "a string", bool: "a boolean", int: "a number", float: "a number", list: "a list", dict: "a table",
}  # fmt: skip


def _described(value: object) -> str:
    return "null" if value is None else _WORDS.get(type(value), type(value).__name__)
