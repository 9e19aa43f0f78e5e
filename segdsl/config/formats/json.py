"""JSON: `json.loads` decides what is valid and what the values are; a scanner of its tokens finds where they stand."""

import json
import re
from typing import Any, NamedTuple

from msgspec import Struct

from segdsl.config.document import TOO_DEEP, CharacterMap, Location, Parsed, Path, Surroundings, is_too_deep
from segdsl.diagnostics import Diagnostic, Note
from segdsl.limits import MAX_CONFIG_NESTING
from segdsl.source import Source, Span

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*+"|[{}\[\],:]|[^\s{}\[\],:"]+')
_DIGITS_OF_A_DOUBLE = 400
_QUOTE_ERRORS = ("Expecting ',' delimiter", "Expecting ':' delimiter")
_CONSTANTS = ("NaN", "Infinity", "-Infinity")


# ── reading ────────────────────────────────────────────────────────────────────────────────────────────────────────


class _Duplicate(NamedTuple):
    key: str
    again: Span
    first: Span


class _Scan(NamedTuple):
    locations: dict[Path, Location]
    duplicates: list[_Duplicate]
    constants: list[Span]


def read(source: Source) -> Parsed:
    """The values of a JSON text; a number that overflows is inf. Duplicate keys and NaN are refused."""
    oddities: list[str] = []
    try:
        values = json.loads(
            source.text,
            object_pairs_hook=lambda pairs: _object(pairs, oddities),
            parse_constant=oddities.append,
            parse_int=_integer,
        )
    except json.JSONDecodeError as error:
        span = Span(error.pos, min(error.pos + 1, len(source.text)))
        message = f"this is not JSON: {error.msg[:1].lower()}{error.msg[1:]}"
        help_ = ('a double quote inside a string is written `\\"`',) if error.msg in _QUOTE_ERRORS else ()
        return Parsed(problems=(Diagnostic("unreadable-config", message, span, source, help_),))
    except RecursionError:
        return Parsed(problems=(_too_deep(source),))
    if is_too_deep(values):
        return Parsed(problems=(_too_deep(source),))
    if oddities:
        return Parsed(problems=_odd(source))
    return Parsed(values, locate=lambda: _scan(source.text).locations)


def _object(pairs: list[tuple[str, Any]], oddities: list[str]) -> dict[str, Any]:
    built = dict(pairs)
    if len(built) < len(pairs):
        oddities.append("a duplicate key")
    return built


def _integer(digits: str) -> int | float:
    """Python refuses integers of more than 4,300 digits; one beyond any double is infinite here."""
    return int(digits) if len(digits) < _DIGITS_OF_A_DOUBLE else float(digits)


def _too_deep(source: Source) -> Diagnostic:
    depth, span = 0, Span(0, 0)
    for token in _TOKEN.finditer(source.text):
        depth += (token[0] in "[{") - (token[0] in "]}")
        if depth > MAX_CONFIG_NESTING:
            span = Span(*token.span())
            break
    return Diagnostic("unreadable-config", TOO_DEEP, span, source)


def _odd(source: Source) -> tuple[Diagnostic, ...]:
    scan = _scan(source.text)
    twice = [
        Diagnostic(
            "unreadable-config",
            f"`{key}` stands twice",
            again,
            source,
            notes=(Note("it stands here first", first, source),),
        )
        for key, again, first in scan.duplicates
    ]
    constants = [
        Diagnostic("unreadable-config", f"JSON has no `{source.text[span.start : span.end]}`", span, source)
        for span in scan.constants
    ]
    return tuple(sorted((*twice, *constants), key=lambda problem: problem.span))


class _Container(Struct):
    """An object or a list that the scanner is in, and its position in it."""

    path: Path
    start: int
    keys: dict[str, Span] | None
    key: str | None = None
    index: int = 0

    def step(self) -> Path:
        """The path of the next entry."""
        return (*self.path, self.index if self.key is None else self.key)


def _scan(text: str) -> _Scan:
    """Walks over the tokens of a text that `json.loads` accepts, so their order is right."""
    result = _Scan({}, [], [])
    inside: list[_Container] = []
    for token in _TOKEN.finditer(text):
        word, span = token[0], Span(*token.span())
        here = inside[-1] if inside else None
        if word in "{[":
            inside.append(_Container(here.step() if here else (), span.start, {} if word == "{" else None))
        elif word in "}]":
            closed = inside.pop()
            _enter_value(result, inside, Span(closed.start, span.end))
        elif word == "," and here:
            here.index, here.key = here.index + 1, None
        elif here and here.keys is not None and here.key is None:
            _enter_key(result, here, json.loads(word), span)
        elif word != ":":
            _enter_value(result, inside, span)
            if word in _CONSTANTS:
                result.constants.append(span)
    return result


def _enter_key(result: _Scan, here: _Container, key: str, span: Span) -> None:
    assert here.keys is not None  # noqa: S101  for the type checker: only objects have keys
    if key in here.keys:
        result.duplicates.append(_Duplicate(key, span, here.keys[key]))
    here.keys[key] = span
    here.key = key


def _enter_value(result: _Scan, inside: list[_Container], value: Span) -> None:
    if inside:
        here = inside[-1]
        key = here.keys[here.key] if here.keys is not None and here.key is not None else value
        result.locations[here.step()] = Location(key, value)


# ── strings ────────────────────────────────────────────────────────────────────────────────────────────────────────

_SPELLING = re.compile(
    r"\\u[dD][89abAB][0-9A-Fa-f]{2}\\u[dD][c-fC-F][0-9A-Fa-f]{2}"  # two escapes, one character
    r"|\\u[0-9A-Fa-f]{4}|\\[^u]|[^\\]"
)
_ESCAPED_LETTER = re.compile(r"(?<!\\)(?:\\\\)*\\u(?!00[01])")


def characters(literal: str, value: str) -> CharacterMap:
    """The characters of `value` as offsets into its literal."""
    end = len(literal) - 1
    return CharacterMap.verbatim(1, end) if literal[1:end] == value else CharacterMap.scan(literal, 1, end, _SPELLING)


def spell(value: str, literal: str, _: Surroundings) -> str:
    """`value` as a JSON string. Letters beyond ASCII are escaped if `literal` escapes some."""
    return json.dumps(value, ensure_ascii=bool(_ESCAPED_LETTER.search(literal)))


def enclose(literal: str, _: Surroundings) -> str:
    """A file that holds the literal under the key `k`."""
    return f'{{"k": {literal}}}'
