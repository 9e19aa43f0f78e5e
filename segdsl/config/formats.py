"""The three formats of a config file, and which one a file is in."""

from pathlib import PurePath
from typing import Final

from segdsl.config import (
    json_document,
    json_string,
    toml_document,
    toml_string,
    yaml_document,
    yaml_scalar,
    yaml_string,
)
from segdsl.config.document import Format, FormatName

FORMATS: Final[dict[FormatName, Format]] = {
    "toml": Format("toml", "a table", toml_document.read, toml_string.characters, toml_string.spell),
    "yaml": Format("yaml", "a mapping", yaml_document.read, yaml_scalar.characters, yaml_string.spell),
    "json": Format("json", "an object", json_document.read, json_string.characters, json_string.spell),
}

EXTENSIONS: Final[dict[str, FormatName]] = {".toml": "toml", ".yaml": "yaml", ".yml": "yaml", ".json": "json"}


def format_of(path: str) -> Format | None:
    """The format that the file's extension tells, or None."""
    name = EXTENSIONS.get(PurePath(path).suffix.lower())
    return FORMATS[name] if name else None
