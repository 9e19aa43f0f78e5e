"""User records as JSON: one object on each line (jsonlines.org), or the items of one array.

Both are read in bounded memory; reading goes on after a record that is not JSON.
"""

import codecs
import re
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

import msgspec

from segdsl.catalogue import Field
from segdsl.cli.users.records import ID, PARTS, Asked, Entry, Input, Malformed, Notice, Record, UnreadableError
from segdsl.diagnostics.cells import visible
from segdsl.limits import MAX_RECORD_BYTES
from segdsl.semantics.names import nearest
from segdsl.syntax.literals import shortened

_decode = msgspec.json.Decoder().decode


def read_lines(source: Input, asked: Asked) -> Iterator[Entry]:
    """A record for each line that is not blank."""
    return _checked(_from_lines(source.stream), asked)


def read_array(source: Input, asked: Asked) -> Iterator[Entry]:
    """A record for each item. Raises `UnreadableError` where the array itself is broken."""
    return _checked(_from_array(source.stream), asked)


def _record(number: int, raw: bytes, line: bytes | None) -> Record | Malformed:
    try:
        return Record(number, _decode(raw), line)
    except RecursionError:
        return Malformed(number, "its lists and objects are nested too deeply")
    except msgspec.ValidationError:
        return Malformed(number, "it holds a number that is too large")
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        return Malformed(number, f"not JSON: {error}")


# ── lines ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _from_lines(stream: BinaryIO) -> Iterator[Record | Malformed]:
    for number, line in enumerate(_lines(stream), start=1):
        if line is None:
            yield Malformed(number, f"longer than {MAX_RECORD_BYTES} bytes")
            continue
        raw = line.removeprefix(codecs.BOM_UTF8) if number == 1 else line
        if not raw.isspace() and raw:
            yield _record(number, raw, raw)


def _lines(stream: BinaryIO) -> Iterator[bytes | None]:
    """The lines of a stream; None for a line over the limit."""
    while line := stream.readline(MAX_RECORD_BYTES + 1):
        if len(line) > MAX_RECORD_BYTES and not line.endswith(b"\n"):
            while line and not line.endswith(b"\n"):
                line = stream.readline(MAX_RECORD_BYTES)
            yield None
        else:
            yield line


# ── an array ─────────────────────────────────────────────────────────────────────────────────────────────────────────

_CHUNK = 1 << 18
_BLANKS = re.compile(rb"[ \t\r\n]*+")
_STRING = rb'"(?:[^"\\]++|\\[\s\S])*+"'
_OUTSIDE_BRACKETS = rb'[^"\[\]{}]++|' + _STRING
_FLAT = re.compile(rb"(?:%b)*+" % _OUTSIDE_BRACKETS)
_SCALAR = re.compile(rb'%b|[^"\[\]{},\s]++' % _STRING)


def _brackets(levels: int) -> bytes:
    inner = _OUTSIDE_BRACKETS if levels == 1 else rb"%b|%b" % (_OUTSIDE_BRACKETS, _brackets(levels - 1))
    return rb"[\[{](?:%b)*+[\]}]" % inner


_USUAL = re.compile(_brackets(4))
"""An item of up to four levels of brackets. Most are, and one match is faster than a step for each bracket."""
_BRACKETS: Mapping[bytes, int] = {b"[": 1, b"{": 1, b"]": -1, b"}": -1}


def _from_array(stream: BinaryIO) -> Iterator[Record | Malformed]:
    window = _Window(stream)
    window.take(b"[")
    number = 0
    while number == 0 or window.peek() == b",":
        if number == 0 and window.peek() == b"]":
            break
        if number:
            window.take(b",")
        number += 1
        yield _record(number, window.item(number), None)
    window.take(b"]")
    if window.peek():
        raise UnreadableError("something stands after the end of the array")


class _Window:
    """The part of the text that is in memory. Only brackets and strings are needed to find the end of an item."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._data = b""
        self._at = 0
        self._ended = False
        while len(self._data) < len(codecs.BOM_UTF8) and not self._ended:
            self._grow()
        self._data = self._data.removeprefix(codecs.BOM_UTF8)

    def peek(self) -> bytes:
        """The next byte that is not blank; empty at the end."""
        while True:
            self._at = _end(_BLANKS.match(self._data, self._at))
            if self._at < len(self._data) or self._ended:
                return self._data[self._at : self._at + 1]
            self._grow()

    def take(self, sign: bytes) -> None:
        """Skips `sign`, which must be next."""
        found = self.peek()
        if found != sign:
            place = f"{_shown(found)} stands" if found else "the file ends"
            raise UnreadableError(f"not JSON: {place} where {_shown(sign)} is expected")
        self._at += 1

    def item(self, number: int) -> bytes:
        """Returns the text of the next item, and skips it."""
        end = self._end_of_scalar if self.peek() not in (b"[", b"{") else self._end_of_brackets
        usual = _USUAL.match(self._data, self._at)
        if usual:
            self._at = usual.end()
            return usual[0]
        at, depth = self._at, 0
        while True:
            at, depth = end(at, depth)
            if depth == 0 and at > self._at:
                item = self._data[self._at : at]
                self._at = at
                return item
            if self._ended:
                raise UnreadableError(f"record {number}: not JSON: the file ends in it")
            if len(self._data) - self._at > MAX_RECORD_BYTES:
                raise UnreadableError(f"record {number}: longer than {MAX_RECORD_BYTES} bytes; is a bracket open?")
            at -= self._grow()

    def _end_of_scalar(self, at: int, _depth: int) -> tuple[int, int]:
        """The end of a string, a number or a word; `at` itself if it is not in the data yet."""
        found = _SCALAR.match(self._data, at)
        if found is None:
            return (at + 1 if self._data[at : at + 1] not in (b"", b'"') else at), 0
        return (found.end() if found.end() < len(self._data) or self._ended else at), 0

    def _end_of_brackets(self, at: int, depth: int) -> tuple[int, int]:
        """The end of the item, or of the data, and the number of brackets that are open there."""
        while True:
            at = _end(_FLAT.match(self._data, at))
            step = _BRACKETS.get(self._data[at : at + 1])
            if step is None:  # the end of the data, or a string that continues after it
                return at, depth
            at, depth = at + 1, depth + step
            if depth == 0:
                return at, 0

    def _grow(self) -> int:
        """Reads as many bytes as are in memory, so that a long item costs linear time; returns how far offsets move."""
        moved = self._at
        waiting = self._data[moved:]
        more = self._stream.read(max(_CHUNK, len(waiting)))
        self._ended = not more
        self._data, self._at = waiting + more, 0
        return moved


def _end(match: "re.Match[bytes] | None") -> int:
    assert match is not None  # noqa: S101  for the type checker: the pattern takes nothing, too
    return match.end()


def _shown(sign: bytes) -> str:
    return repr(sign.decode("ascii", "backslashreplace"))


# ── the shape of a record ────────────────────────────────────────────────────────────────────────────────────────────

_KEYS = frozenset((ID, *PARTS.values(), "conversationCount", "lastSeen"))
_MOST_NAMED = 10
"""Keys that a notice names."""
_MOST_SEARCHED = 100
"""The number of records that are searched for a key close to a wanted one."""


def _checked(records: Iterator[Record | Malformed], asked: Asked) -> Iterator[Entry]:
    """The records, except those with fields at the top level instead of in their parts; at the end, notices.

    They name unknown keys, and wanted fields that no record has.
    """
    seen = _Seen(asked)
    for entry in records:
        problem = seen.problem(entry.user) if isinstance(entry, Record) and type(entry.user) is dict else None
        yield entry if problem is None else Malformed(entry.number, problem)
    yield from seen.notices()


class _Seen:
    """The keys that the records have had so far."""

    def __init__(self, asked: Asked) -> None:
        self._asked = asked
        self._missing = dict(asked.fields)
        self._near: dict[str, str] = {}
        self._unknown: dict[str, None] = {}
        self._users = 0

    def problem(self, user: dict[str, Any]) -> str | None:
        """The problem with the shape of a record; None if it is right."""
        if not user.keys() <= _KEYS:
            unknown = [key for key in user if key not in _KEYS]
            problem = self._misplaced(user, unknown)
            if problem:
                return problem
            if len(self._unknown) <= _MOST_NAMED:
                self._unknown.update(dict.fromkeys(unknown[: _MOST_NAMED + 1]))
        self._users += 1
        if self._missing:
            self._look_for_missing(user, names=self._users <= _MOST_SEARCHED)
        return None

    def notices(self) -> Iterator[Notice]:
        """The notices after all records."""
        for name in self._missing if self._users else ():
            near = self._near.get(name)
            yield Notice(f"no record has {name}" + (f"; is it {visible(shortened(near))}?" if near else ""))
        if self._unknown:
            names = [visible(shortened(key)) for key in self._unknown]
            more = " and others" if len(names) > _MOST_NAMED else ""
            yield Notice(f"left out, because a user has no such keys: {', '.join(names[:_MOST_NAMED])}{more}")

    def _misplaced(self, user: dict[str, Any], unknown: list[str]) -> str | None:
        for name, field in self._asked.fields.items():
            part = PARTS.get(field.kind)
            if part is None or _has(user, field):
                continue
            near = next((key for key in (name, field.key) if key in unknown), None)
            if near is None and user.keys() <= {ID, *unknown}:  # a flat record
                near = nearest(field.key, unknown)
            if near is not None:
                place = f'{{"{part}": {{"{field.key}": ...}}}}'
                return f"{visible(shortened(near))} stands at the top of the record and belongs in {place}"
        return None

    def _look_for_missing(self, user: dict[str, Any], *, names: bool) -> None:
        for name, field in list(self._missing.items()):
            if _has(user, field):
                del self._missing[name]
            elif names and name not in self._near:
                holder = user.get(PARTS.get(field.kind, ""), user)
                near = nearest(field.key, holder) if isinstance(holder, dict) else None
                if near is not None and near not in _KEYS:
                    self._near[name] = near


def _has(user: dict[str, Any], field: Field) -> bool:
    part = PARTS.get(field.kind)
    holder = user if part is None else user.get(part)
    return isinstance(holder, dict) and field.key in holder
