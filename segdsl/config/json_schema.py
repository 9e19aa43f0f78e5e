"""The JSON Schema of a config (draft 2020-12), for editors that complete and check while one types."""

from typing import Any

from segdsl.catalogue import FLAGS, METRICS
from segdsl.config.reader import DEFINITION_NAME
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
                    "description": "Files whose properties and definitions (never segments) this config uses.",
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
                "segment": {
                    "description": "The segments, each created once.",
                    "type": "array",
                    "items": {"$ref": "#/$defs/segment"},
                },
            }
        ),
        "$defs": {"segment": _segment(), "example": _example(), "user": _user(), "declaration": _declaration()},
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
                "example": {
                    "description": "People whom the segment must hold, or must not: its tests.",
                    "type": "array",
                    "items": {"$ref": "#/$defs/example"},
                },
            },
            required=["name", "where"],
        ),
    )


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
        "What is known of a person; what is absent or null is lacking.",
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
