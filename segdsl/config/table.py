"""What a table of a config may hold, as data, and reading one by it."""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from segdsl.config.document import Path
from segdsl.config.findings import Findings
from segdsl.wire.segment import utf16_length


class Key(Struct, frozen=True):
    """What may stand under one key: a value of exactly one of `types`. `limit` of a string counts UTF-16 code units;
    `wanted` is what a message calls a good value, and `help` what it adds for a value of another type."""

    types: tuple[type, ...]
    wanted: str
    help: tuple[str, ...] = ()
    required: bool = False
    limit: int | None = None
    blank: bool = True


class Shape(Struct, frozen=True):
    """A table: what messages call it, and its keys."""

    owner: str
    keys: Mapping[str, Key]


def read_table(table: Mapping[str, Any], path: Path, shape: Shape, findings: Findings) -> dict[str, Any]:
    """The usable entries of `table`; everything that is wrong with the others is added to `findings`."""
    usable = {}
    for name, value in table.items():
        key = shape.keys.get(name)
        if key is None:
            findings.unknown_key((*path, name), shape.keys, shape.owner)
        elif type(value) not in key.types:
            findings.wrong_type((*path, name), key.wanted, value, *key.help)
        elif type(value) is not str or _is_good_text(value, key, (*path, name), findings):
            usable[name] = value
    for name, key in shape.keys.items():
        if key.required and name not in table:
            findings.add("missing-key", path, f"{shape.owner} needs the key `{name}`")
    return usable


def read_items(items: list[Any], path: Path, findings: Findings) -> list[tuple[Path, dict[str, Any]]]:
    """The tables of a list with their paths; items that are no tables are added to `findings`."""
    tables = []
    for index, item in enumerate(items):
        if type(item) is dict:
            tables.append(((*path, index), item))
        else:
            findings.wrong_type((*path, index), findings.document.format.table, item)
    return tables


def _is_good_text(text: str, key: Key, path: Path, findings: Findings) -> bool:
    """Whether `text` is within its limits; if not, that is added to `findings`."""
    problem = _text_problem(text, key)
    if problem:
        findings.add("wrong-value", path, f"`{path[-1]}` {problem}")
    return problem is None


def _text_problem(text: str, key: Key) -> str | None:
    if not key.blank and not text.strip():
        return "must not be blank"
    if not text.isascii() and any("\ud800" <= character <= "\udfff" for character in text):
        return "must not hold half a surrogate pair"
    if key.limit is not None and utf16_length(text) > key.limit:
        return f"must be at most {key.limit} UTF-16 code units long, and this has {utf16_length(text)}"
    return None
