"""The items of one JSON array, read one by one, so that the array may be larger than the memory."""

import codecs
import json
from collections.abc import Iterator
from typing import Any, BinaryIO, NoReturn

from segdsl.cli.users.record import Malformed, Record, UnreadableError
from segdsl.limits import MAX_RECORD_BYTES
from segdsl.semantics.schema import Schema

_CHUNK = 1 << 18
_BLANKS = " \t\r\n"
_OF_NUMBERS = "0123456789.eE+-"
"""What may follow the piece of a number that has been read so far."""


def read(stream: BinaryIO, _schema: Schema) -> Iterator[Record | Malformed]:
    """The items. Behind one that is no JSON nothing can be found again: that raises `UnreadableError`."""
    window = _Window(stream)
    window.take("[")
    number = 0
    while number == 0 or window.peek() == ",":
        if number == 0 and window.peek() == "]":
            break
        if number:
            window.take(",")
        number += 1
        yield Record(number, window.value(number))
    window.take("]")
    if window.peek():
        raise UnreadableError("something stands behind the array's end")


class _Window:
    """The part of the text that is looked at."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._decode = codecs.getincrementaldecoder("utf-8-sig")().decode
        self._scan = json.JSONDecoder(parse_constant=_refuse).raw_decode
        self._text = ""
        self._at = 0
        self._ended = False

    def peek(self) -> str:
        """The next character that is not blank; empty at the end."""
        while True:
            while self._at < len(self._text) and self._text[self._at] in _BLANKS:
                self._at += 1
            if self._at < len(self._text) or self._ended:
                return self._text[self._at : self._at + 1]
            self._grow()

    def take(self, sign: str) -> None:
        """Goes past `sign`, which must be next."""
        found = self.peek()
        if found != sign:
            place = f"{found!r} stands" if found else "the file ends"
            raise UnreadableError(f"not JSON: {place} where {sign!r} was expected")
        self._at += 1

    def value(self, number: int) -> Any:
        """The value that is next, and goes past it."""
        self.peek()
        while True:
            try:
                value, end = self._scan(self._text, self._at)
            except (ValueError, RecursionError) as error:
                if self._ended or len(self._text) - self._at > MAX_RECORD_BYTES:
                    raise UnreadableError(f"record {number}: not JSON: {error}") from error
            else:
                if self._ended or (end < len(self._text) and self._text[end] not in _OF_NUMBERS):
                    self._at = end
                    return value
            self._grow()

    def _grow(self) -> None:
        """Reads on; as much again as is waiting, so that a long item is not looked at too often."""
        waiting = self._text[self._at :]
        data = self._stream.read(max(_CHUNK, len(waiting)))
        self._ended = not data
        self._text, self._at = waiting + self._decode(data, self._ended), 0


def _refuse(word: str) -> NoReturn:
    raise ValueError(f"{word} is not JSON")
