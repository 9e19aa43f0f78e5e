"""The configuration reference: the keys of a config, from its JSON Schema."""

from collections.abc import Iterator
from typing import Any

from segdsl.config.json_schema import Json, config_schema

_TITLES = {
    "source": "[source]",
    "conversations": "[source.conversations]",
    "segment": "[[segment]]",
    "expect": "expect",
    "example": "[[segment.example]]",
    "user": "user",
}


def body() -> str:
    """A table of keys for the file, and for each kind of table in it."""
    schema = config_schema()
    return "\n".join([*_table("The file", schema), *_tables(schema)])


def _tables(schema: Json) -> Iterator[str]:
    for name, title in _TITLES.items():
        yield from _table(f"`{title}`", schema["$defs"][name])
    declaration = schema["$defs"]["declaration"]
    yield "## A declaration\n"
    yield f"{declaration['description']} It is {_type(declaration)}.\n"


def _table(title: str, schema: Json) -> Iterator[str]:
    yield f"## {title}\n"
    if "description" in schema:
        yield f"{schema['description']}\n"
    yield "| key | value | |"
    yield "|---|---|---|"
    required = schema.get("required", ())
    for key, value in schema["properties"].items():
        yield f"| `{key}` | {_type(value)} | {_meaning(value, required=key in required)} |"
    yield ""
    for key, value in schema["properties"].items():
        yield from _inner(f"{title.strip('`')}.{key}", value)


def _inner(title: str, schema: Json) -> Iterator[str]:
    """The table of a key whose value is a table with its own keys."""
    if "properties" in schema:
        yield from _table(f"`{title}`", schema)


def _meaning(schema: Json, *, required: bool) -> str:
    words = ["Required."] if required else []
    words += [schema["description"]] if "description" in schema else []
    words += [f"Default: `{str(schema['default']).lower()}`."] if "default" in schema else []
    return " ".join(words)


def _type(schema: Json) -> str:
    """The allowed values, in words."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return (
            f"a table, see [`{_TITLES[name]}`](#{_anchor(_TITLES[name])})"
            if name in _TITLES
            else f"a [{name}](#a-{name})"
        )
    if "anyOf" in schema and "type" not in schema:
        return " or ".join(_type(option) for option in schema["anyOf"])
    if "enum" in schema:
        return ", ".join(f"`{value}`" for value in schema["enum"])
    kinds = schema.get("type", "anything")
    kind = " or ".join(_KINDS[one](schema) for one in ([kinds] if isinstance(kinds, str) else kinds) if one != "null")
    return kind + _limits(schema)


def _limits(schema: Json) -> str:
    if "minimum" in schema and "maximum" in schema:
        return f", {schema['minimum']} to {schema['maximum']}"
    if "minimum" in schema:
        return f", at least {schema['minimum']}"
    return f", at most {schema['maxLength']} characters" if "maxLength" in schema else ""


def _object(schema: Json) -> str:
    inner = schema.get("additionalProperties")
    return f"a table: for each name {_type(inner)}" if isinstance(inner, dict) else "a table"


def _anchor(title: str) -> str:
    return title.strip("[]").replace(".", "")


_KINDS: dict[str, Any] = {
    "object": _object,
    "array": lambda schema: f"a list, each {_type(schema['items'])}",
    "string": lambda schema: f"a string ({schema['format']})" if "format" in schema else "a string",
    "boolean": lambda schema: "true or false",
    "number": lambda schema: "a number",
    "integer": lambda schema: "a whole number",
}
