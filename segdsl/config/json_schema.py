"""The JSON Schema of a config (draft 2020-12), for editors that complete and check while one types."""

from collections.abc import Sequence
from typing import Any

from segdsl.catalogue import FLAGS, METRICS
from segdsl.config.reader import DEFINITION_NAME, EXPECTED
from segdsl.limits import MAX_ICON_LENGTH, MAX_NAME_LENGTH
from segdsl.semantics.schema import TYPES
from segdsl.wire.validation import KEY

Json = dict[str, Any]


def config_schema() -> Json:
    """The schema of `segments.toml`, or of YAML or JSON of the same shape.

    It says what an editor can know of the shape; what an expression means only `segdsl check` knows.
    """
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "segdsl segments",
        "description": "User segments as code: who is in each segment, said in one expression.",
        **_table(
            {
                "include": {
                    "description": "Files whose properties, definitions and source (never segments) this config uses.",
                    "type": "array",
                    "items": {"type": "string", "pattern": r"\S", "examples": ["common.toml"]},
                },
                "properties": _declarations("User properties that exist. Leave it out to allow any."),
                "conversation_properties": _declarations(
                    "Conversation properties that exist. Leave it out to allow any."
                ),
                "define": {
                    "description": "Reusable conditions; an expression says `@name` for one.",
                    "type": "object",
                    "propertyNames": {"pattern": _whole(DEFINITION_NAME.pattern)},
                    "additionalProperties": _expression("A condition, without scope clauses."),
                },
                "source": {"description": "Where the users are, for SQL and counts.", "$ref": "#/$defs/source"},
                "segment": {
                    "description": "The segments, each created once.",
                    "type": "array",
                    "items": {"$ref": "#/$defs/segment"},
                },
            }
        ),
        "$defs": {
            "source": _source(),
            "conversations": _conversations(),
            "segment": _segment(),
            "expect": _expect(),
            "example": _example(),
            "user": _user(),
            "declaration": _declaration(),
        },
    }


def _segment() -> Json:
    return _described(
        "One segment.",
        _table(
            {
                "name": {
                    "description": "The name; no two segments have the same.",
                    "type": "string",
                    "pattern": r"\S",
                    "maxLength": MAX_NAME_LENGTH,
                },
                "description": {"description": "What the segment is for.", "type": "string"},
                "icon": {"description": "The name of its icon.", "type": "string", "maxLength": MAX_ICON_LENGTH},
                "where": _expression("Who is in the segment."),
                "split": {
                    "description": "Allow several segments, `Name (1/3)` and so on, when one cannot say it.",
                    "type": "boolean",
                    "default": False,
                },
                "expect": {"description": "What `segdsl test --users` must count.", "$ref": "#/$defs/expect"},
                "example": {
                    "description": "People whom the segment must hold, or must not: its tests.",
                    "type": "array",
                    "items": {"$ref": "#/$defs/example"},
                },
            },
            required=["name", "where"],
        ),
    )


def _expect() -> Json:
    members = _described(
        "A sign and a whole number.",
        {"type": "string", "pattern": _whole(EXPECTED.pattern), "examples": [">= 100", "< 5_000"]},
    )
    return _described(
        "A guard: how many users of a file a segment must have.", _table({"members": members}, required=["members"])
    )


def _source() -> Json:
    from segdsl.sql.mapping import OBJECT_TYPES, OBJECTS  # noqa: PLC0415  the schema only
    from segdsl.sql.mapping import TYPES as COLUMN_TYPES  # noqa: PLC0415

    names = {
        "table": "The name of the table of users, in the engine or in a `.duckdb` file.",
        "file": "A file of users, relative to this config.",
        "id": "The column that identifies a user.",
    }
    held = {
        "analysis": "metrics",
        "flags": "flags",
        "properties": "user properties",
        "conversation_properties": "conversation properties",
    }
    return _described(
        "Where the users are, and which column holds which field. Without `columns` a column has the name of its field;"
        " with it, each field needs an entry, or the object of its kind.",
        _table(
            {
                **{name: _described(text, _name()) for name, text in names.items()},
                **{
                    name: _described(f"One column (JSON or a struct) of all {held[name]}.", _column(OBJECT_TYPES))
                    for name in OBJECTS
                },
                "columns": {
                    "description": "The column of each field, by the field's name in an expression.",
                    "type": "object",
                    "additionalProperties": _column(COLUMN_TYPES),
                },
                "conversations": {
                    "description": "Where conversations are, so that counts apply scope clauses.",
                    "$ref": "#/$defs/conversations",
                },
            }
        ),
    )


def _conversations() -> Json:
    from segdsl.sql.mapping import CONVERSATION_MOMENTS, VALUE_TYPES  # noqa: PLC0415  the schema only

    return _described(
        "A table with a row for each conversation. The `id` of `[source]` is what `user` refers to.",
        _table(
            {
                "table": _described("The name of the table, in the `.duckdb` file that holds the users.", _name()),
                "file": _described("A Parquet file, relative to this config.", _name()),
                "user": _described("The column of the user's id.", _name()),
                "at": _described("The column of its moment.", _column(CONVERSATION_MOMENTS)),
                "product": _described("The column of the product's id, for `for product`.", _name()),
                "columns": {
                    "description": "The column of each metric, flag and conversation property.",
                    "type": "object",
                    "additionalProperties": _column(VALUE_TYPES),
                },
            },
            required=["user", "at"],
        ),
    )


def _name() -> Json:
    return {"type": "string", "pattern": r"\S"}


def _column(types: Sequence[str]) -> Json:
    said = _table({"column": _name(), "type": {"type": "string", "enum": list(types)}}, required=["column"])
    return {"anyOf": [_name(), said]}


def _example() -> Json:
    return _described(
        "A person, and whether the segment holds them.",
        _table(
            {
                "now": {
                    "description": "The present, so that `lastSeen` does not rot: a date-time with its offset.",
                    "type": "string",
                    "format": "date-time",
                },
                "user": {"$ref": "#/$defs/user"},
                "matches": {"description": "Whether the person is a member.", "type": "boolean"},
            },
            required=["user", "matches"],
        ),
    )


def _user() -> Json:
    metrics = {name: {"type": ["number", "null"], **_scale(name)} for name in METRICS}
    flags = {name: {"type": ["boolean", "null"]} for name in FLAGS}
    anything: Json = {"type": ["object", "null"]}
    return _described(
        "What is known about a person; a field that is absent or null is missing.",
        _table(
            {
                "id": {"type": ["string", "integer", "null"]},
                "analysis": _described("The metrics.", _table(metrics, nullable=True)),
                "flags": _described("The flags.", _table(flags, nullable=True)),
                "properties": _described("User properties.", anything),
                "conversationProperties": _described("Conversation properties.", anything),
                "conversationCount": {"type": ["integer", "null"], "minimum": 0},
                "lastSeen": {
                    "description": "When the person was last seen: a date, or a date-time with its offset.",
                    "type": ["string", "null"],
                    "anyOf": [{"format": "date-time"}, {"format": "date"}],
                },
            }
        ),
    )


def _declarations(description: str) -> Json:
    return {
        "description": description,
        "type": "object",
        "propertyNames": {"pattern": _whole(KEY.pattern)},
        "additionalProperties": {"$ref": "#/$defs/declaration"},
    }


def _declaration() -> Json:
    allowed = {"type": "array", "items": {"type": "string"}, "minItems": 1}
    return {
        "description": "The type of a property, or the strings that it may be.",
        "anyOf": [{"type": "string", "enum": list(TYPES)}, allowed],
    }


def _expression(description: str) -> Json:
    examples = ['commercialIntent >= 0.6 and plan == "enterprise"']
    return {"description": description, "type": "string", "pattern": r"\S", "examples": examples}


def _scale(metric: str) -> Json:
    scale = METRICS[metric]
    return {"description": f"From {scale[0]} to {scale[1]}."} if scale else {}


def _table(properties: Json, required: list[str] | None = None, *, nullable: bool = False) -> Json:
    return {
        "type": ["object", "null"] if nullable else "object",
        "properties": properties,
        "additionalProperties": False,
        **({"required": required} if required else {}),
    }


def _described(description: str, schema: Json) -> Json:
    return {"description": description, **schema}


def _whole(pattern: str) -> str:
    return f"^{pattern}$"
