"""Texts with their names, and positions in them."""

from bisect import bisect_right
from functools import cached_property

import msgspec


class Span(msgspec.Struct, frozen=True, order=True):
    """A piece of a text: character offsets, with `start` and without `end`."""

    start: int
    end: int


class Source:
    """A text with its name for people: a file, `@definition`, or "expression".

    Lines end at LF only (CRLF keeps its CR in the line), as editors and Lark count them;
    `str.splitlines` would split on ten characters.
    """

    def __init__(self, text: str, name: str = "expression") -> None:
        self.text = text
        self.name = name

    def __repr__(self) -> str:
        return f"Source({self.name!r}, {len(self.text)} characters)"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Source) and (self.text, self.name) == (other.text, other.name)

    def __hash__(self) -> int:
        return hash((self.text, self.name))

    @cached_property
    def _line_starts(self) -> list[int]:
        starts = [0]
        found = self.text.find("\n")
        while found >= 0:
            starts.append(found + 1)
            found = self.text.find("\n", found + 1)
        return starts

    def position(self, offset: int) -> tuple[int, int]:
        """The 1-based line and column of `offset`; columns count characters."""
        line = bisect_right(self._line_starts, offset)
        return line, offset - self._line_starts[line - 1] + 1

    def line(self, number: int) -> str:
        """The text of the 1-based line `number`, without its line break."""
        start = self._line_starts[number - 1]
        end = self._line_starts[number] - 1 if number < len(self._line_starts) else len(self.text)
        return self.text[start:end].removesuffix("\r")

    def line_start(self, number: int) -> int:
        """The offset at which the 1-based line `number` begins."""
        return self._line_starts[number - 1]


# ── offsets as JavaScript counts them ────────────────────────────────────────────────────────────────────────────────


def to_utf16(text: str, offset: int) -> int:
    """Converts an offset in characters to UTF-16 code units, which JavaScript and most editors count."""
    before = text[:offset]
    return offset - len(before) + len(before.encode("utf-16-le", "surrogatepass")) // 2


def from_utf16(text: str, units: int) -> int:
    """Converts an offset in UTF-16 code units to characters; an offset inside a character becomes that of its start."""
    if text.isascii():
        return min(max(units, 0), len(text))
    count = 0
    for offset, character in enumerate(text):
        count += 1 + (character > "\uffff")
        if count > units:
            return offset
    return len(text)
