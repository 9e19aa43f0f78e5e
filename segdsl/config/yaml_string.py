"""Spelling a string in YAML."""

import json
import re

from segdsl.config.document import Surroundings
from segdsl.config.yaml_document import read
from segdsl.source import Source

_PROPERTIES_AND_MARK = re.compile(r"((?:[!&]\S*\s+)*)(.?)", re.DOTALL)
_BLOCK = re.compile(r"[|>]([-+0-9]*)([^\r\n]*)(?:\r\n|\r|\n|\Z)")
_UNPRINTABLE = re.compile("[^\t\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")


def spell(value: str, literal: str, around: Surroundings) -> str:
    """`value` as a YAML scalar in the style of `literal`.

    Plain and quoted scalars stay so if they can hold the value; a value with line breaks gets a literal block, where
    one can stand. A block keeps its indentation, the comment on its first line and the empty lines behind it.
    """
    found = _PROPERTIES_AND_MARK.match(literal)
    properties, mark = (found[1], found[2]) if found else ("", "")
    if mark in "|>" and mark:
        block = literal[len(properties) :]
        return properties + (_block(value, block, around) or _double(value) + _tail(block))
    if "\n" in value and around.alone and not around.flow:
        return properties + (_block(value, "|", around) or _double(value))
    if _UNPRINTABLE.search(value) or "\n" in value or mark == '"':
        return properties + _double(value)
    if mark != "'" and _reads_plain(value, flow=around.flow):
        return properties + value
    return properties + "'" + value.replace("'", "''") + "'"


def _double(value: str) -> str:
    quoted = json.dumps(value, ensure_ascii=False)
    return _UNPRINTABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", quoted)


def _reads_plain(value: str, *, flow: bool) -> bool:
    return bool(read(Source(f"{{k: {value}}}" if flow else f"k: {value}\n")).values == {"k": value})


def _block(value: str, literal: str, around: Surroundings) -> str | None:
    """`value` as a block in place of the block `literal`, or None when no block can hold it."""
    body = value.rstrip("\n")
    breaks = len(value) - len(body)
    header = _BLOCK.match(literal)
    if header is None or not body.strip() or _UNPRINTABLE.search(value) or body.lstrip("\n").startswith("\t"):
        return None
    signs, comment, old = header[1], header[2], literal[header.end() :]
    column, newline = _content_column(old, signs, around.indent), around.newline
    sign = str(column - around.indent) if body.lstrip("\n").startswith(" ") else ""
    chomping = ("-", "", "+")[min(breaks, 2)]
    mark = "|" if "\n" in body else literal[0]
    lines = (" " * column + line if line else "" for line in body.split("\n"))
    tail = newline * breaks if breaks > 1 else _tail(old)
    if not tail and (breaks or literal.endswith(("\r", "\n"))):
        tail = newline
    return f"{mark}{sign}{chomping}{comment}{newline}{newline.join(lines)}{tail}"


def _tail(old: str) -> str:
    """The line break and the empty lines that end a block, less their blanks: those could become part of a value."""
    return re.sub(r"[ \t]", "", old[len(old.rstrip(" \t\r\n")) :])


def _content_column(old: str, signs: str, indent: int) -> int:
    """The column at which the lines of a block begin."""
    stated = signs.strip("+-")
    if stated:
        return indent + int(stated)
    line = next((line for line in old.split("\n") if line.strip()), "")
    return len(line) - len(line.lstrip(" ")) or indent + 2
