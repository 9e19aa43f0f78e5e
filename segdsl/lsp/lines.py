"""Offsets in a text as positions of the protocol, and back.

Lines end at LF, CRLF and CR alone, as the protocol says. `str.splitlines` splits at seven more characters.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Mapping

from lsprotocol.types import Position, PositionEncodingKind, Range

from segdsl.source import Span

_BREAK = re.compile(r"\r\n|\n|\r")

_UNITS: Mapping[PositionEncodingKind | str, Callable[[str], int]] = {
    PositionEncodingKind.Utf8: lambda text: len(text.encode("utf-8", "surrogatepass")),
    PositionEncodingKind.Utf16: lambda text: len(text.encode("utf-16-le", "surrogatepass")) // 2,
    PositionEncodingKind.Utf32: len,
}


class LineTable:
    """Where the lines of a text begin. `encoding` says in which units a position counts the characters of a line."""

    def __init__(self, text: str, encoding: PositionEncodingKind | str) -> None:
        self.text = text
        self._units = len if text.isascii() else _UNITS[encoding]
        self._starts = [0, *(found.end() for found in _BREAK.finditer(text))]

    def position(self, offset: int) -> Position:
        """The position of an offset; inside a CRLF it is the end of the line."""
        line = bisect_right(self._starts, offset) - 1
        start = self._starts[line]
        return Position(line, self._units(self.text[start : min(offset, self._end(line))]))

    def offset(self, position: Position) -> int:
        """The offset of a position; one past the end of a line or of the text is moved there.

        One inside a character is moved before it.
        """
        if position.line >= len(self._starts):
            return len(self.text)
        start, end = self._starts[position.line], self._end(position.line)
        line = self.text[start:end]
        if self._units is len or line.isascii():
            return min(start + position.character, end)
        units = 0
        for index, character in enumerate(line):
            units += self._units(character)
            if units > position.character:
                return start + index
        return end

    def range(self, span: Span) -> Range:
        """The range of a span."""
        return Range(self.position(span.start), self.position(span.end))

    def span(self, found: Range) -> Span:
        """The span of a range."""
        return Span(self.offset(found.start), self.offset(found.end))

    def _end(self, line: int) -> int:
        """Where the line ends, before its break."""
        if line + 1 == len(self._starts):
            return len(self.text)
        after = self._starts[line + 1]
        return after - (2 if self.text.endswith("\r\n", 0, after) and after - 2 >= self._starts[line] else 1)
