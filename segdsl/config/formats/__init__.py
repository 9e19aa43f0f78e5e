"""The three formats of a config file. Each is one module: how to read it, and how to spell a string in it."""

from pathlib import PurePath
from typing import Final

from segdsl.config.document import Format, FormatName
from segdsl.config.formats import json, toml, yaml

FORMATS: Final[dict[FormatName, Format]] = {
    "toml": Format("toml", "a table", toml.read, toml.characters, toml.spell, toml.enclose),
    "yaml": Format("yaml", "a mapping", yaml.read, yaml.characters, yaml.spell, yaml.enclose),
    "json": Format("json", "an object", json.read, json.characters, json.spell, json.enclose),
}

EXTENSIONS: Final[dict[str, FormatName]] = {".toml": "toml", ".yaml": "yaml", ".yml": "yaml", ".json": "json"}


def format_of(path: str) -> Format | None:
    """The format that the file's extension names, or None."""
    name = EXTENSIONS.get(PurePath(path).suffix.lower())
    return FORMATS[name] if name else None
