"""TOML's four kinds of string, from value to spelling and back."""

import re

from segdsl.config.characters import Characters, scan
from segdsl.config.document import Surroundings

_BASIC = re.compile(
    r"(?P<nothing>\\[ \t]*\r?\n[ \t\r\n]*)"  # a continued line: the value has neither its break nor the indentation
    r"|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8}|\\x[0-9A-Fa-f]{2}|\\[^uUx]"
    r"|\r\n|[^\\]"
)
_LITERAL = re.compile(r"\r\n|[\s\S]")
_FIRST_BREAK = re.compile(r"\r?\n")
_UNSPEAKABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_ESCAPES = {"\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r", '"': '\\"', "\\": "\\\\"}
_QUOTES_TO_ESCAPE = re.compile(r'"(?="|\Z)')


def characters(literal: str, value: str) -> Characters:
    """The characters of `value` as offsets into its literal."""
    quotes = 3 if literal.startswith(('"""', "'''")) else 1
    start, end = quotes, len(literal) - quotes
    trimmed = _FIRST_BREAK.match(literal, start) if quotes == 3 else None
    if trimmed:
        start = trimmed.end()
    if literal[start:end] == value:
        return Characters.verbatim(start, end)
    return scan(literal, start, end, _BASIC if literal.startswith('"') else _LITERAL)


def spell(value: str, literal: str, surroundings: Surroundings) -> str:
    """`value` as a TOML string in the style of `literal`: its quotes stay unless they cannot hold the value, and a
    value with line breaks gets a string of several lines."""
    newline = surroundings.newline
    breaks = "\n" in value
    multiline = breaks or literal.startswith(('"""', "'''"))
    quote = literal[0] * (3 if multiline else 1)
    if quote[0] == "'" and not _fits_literal(value, quote):
        quote = '"' * len(quote)
    if not multiline:
        return quote + (value if quote == "'" else _escaped(value, '"\\')) + quote
    opening = newline if (breaks and not literal.startswith(quote)) or _opens_with_break(literal) else ""
    if value.startswith("\n"):
        opening = newline
    body = value if quote == "'''" else _QUOTES_TO_ESCAPE.sub('\\\\"', _escaped(value, "\\", keep="\n\t"))
    return quote + opening + body.replace("\n", newline) + quote


def _fits_literal(value: str, quote: str) -> bool:
    return not _UNSPEAKABLE.search(value) and quote not in value and not value.endswith("'")


def _opens_with_break(literal: str) -> bool:
    return literal.startswith(('"""', "'''")) and _FIRST_BREAK.match(literal, 3) is not None


def _escaped(value: str, marks: str, keep: str = "\t") -> str:
    return "".join(
        _ESCAPES.get(character) or f"\\u{ord(character):04x}"
        if character in marks or (character not in keep and (_UNSPEAKABLE.match(character) or character == "\n"))
        else character
        for character in value
    )
