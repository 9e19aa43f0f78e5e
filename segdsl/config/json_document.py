"""Reading JSON: `json.loads` says what is valid and what it means, a small scanner of its tokens where it stands."""

import json
import re
from typing import Any, NamedTuple

from msgspec import Struct

from segdsl.config.document import Path, Place, Reading
from segdsl.diagnostics import Diagnostic, Note
from segdsl.source import Source, Span

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*+"|[{}\[\],:]|[^\s{}\[\],:"]+')
_DIGITS_OF_A_DOUBLE = 400
_QUOTE_TROUBLE = ("Expecting ',' delimiter", "Expecting ':' delimiter")
_NOT_JSON = ("NaN", "Infinity", "-Infinity")


class _Duplicate(NamedTuple):
    key: str
    again: Span
    first: Span


class _Scan(NamedTuple):
    places: dict[Path, Place]
    duplicates: list[_Duplicate]
    not_numbers: list[Span]


def read(source: Source) -> Reading:
    """The values of a JSON text; a number that overflows is inf. A key that stands twice and NaN are refused."""
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
        help_ = ('a double quote inside a string is written `\\"`',) if error.msg in _QUOTE_TROUBLE else ()
        return Reading(problems=(Diagnostic("unreadable-config", message, span, source, help_),))
    except RecursionError:
        message = "lists or objects are nested too deeply"
        return Reading(problems=(Diagnostic("unreadable-config", message, Span(0, 0), source),))
    if oddities:
        return Reading(problems=_odd(source))
    return Reading(values, places=lambda: _scan(source.text).places)


def _object(pairs: list[tuple[str, Any]], oddities: list[str]) -> dict[str, Any]:
    built = dict(pairs)
    if len(built) < len(pairs):
        oddities.append("a key that stands twice")
    return built


def _integer(digits: str) -> int | float:
    """Python reads no whole number of more than some thousand digits; one beyond any double is infinite here."""
    return int(digits) if len(digits) < _DIGITS_OF_A_DOUBLE else float(digits)


def _odd(source: Source) -> tuple[Diagnostic, ...]:
    found = _scan(source.text)
    twice = [
        Diagnostic(
            "unreadable-config",
            f"`{key}` stands twice",
            again,
            source,
            notes=(Note("it stands here first", first, source),),
        )
        for key, again, first in found.duplicates
    ]
    constants = [
        Diagnostic("unreadable-config", f"JSON has no `{source.text[span.start : span.end]}`", span, source)
        for span in found.not_numbers
    ]
    return tuple(sorted((*twice, *constants), key=lambda problem: problem.span))


class _Container(Struct):
    """An object or a list that the scanner is in, and how far it has come in it."""

    path: Path
    start: int
    keys: dict[str, Span] | None
    key: str | None = None
    index: int = 0

    def step(self) -> Path:
        """The path of the entry that comes next."""
        return (*self.path, self.index if self.key is None else self.key)


def _scan(text: str) -> _Scan:
    """Walks over the tokens of a text that `json.loads` can read, so it need not doubt their order."""
    result = _Scan({}, [], [])
    inside: list[_Container] = []
    for token in _TOKEN.finditer(text):
        word, span = token[0], Span(*token.span())
        here = inside[-1] if inside else None
        if word in "{[":
            inside.append(_Container(here.step() if here else (), span.start, {} if word == "{" else None))
        elif word in "}]":
            closed = inside.pop()
            _place_value(result, inside, Span(closed.start, span.end))
        elif word == "," and here:
            here.index, here.key = here.index + 1, None
        elif here and here.keys is not None and here.key is None:
            _enter_key(result, here, json.loads(word), span)
        elif word != ":":
            _place_value(result, inside, span)
            if word in _NOT_JSON:
                result.not_numbers.append(span)
    return result


def _enter_key(result: _Scan, here: _Container, key: str, span: Span) -> None:
    assert here.keys is not None  # noqa: S101  for the type checker: only objects have keys
    if key in here.keys:
        result.duplicates.append(_Duplicate(key, span, here.keys[key]))
    here.keys[key] = span
    here.key = key


def _place_value(result: _Scan, inside: list[_Container], value: Span) -> None:
    if inside:
        here = inside[-1]
        key = here.keys[here.key] if here.keys is not None and here.key is not None else value
        result.places[here.step()] = Place(key, value)
