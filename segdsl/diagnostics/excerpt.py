"""The piece of a source line that a diagnostic shows, and the cells to underline in it."""

from collections.abc import Iterable

from msgspec import Struct

from segdsl.diagnostics.cells import visible, width
from segdsl.limits import MAX_SNIPPET
from segdsl.source import Source, Span

_TAB = " " * 4
_CUT = "…"
_GOES_ON = " goes on to line {}"
_MOST_MARKS = 4
"""Characters shown in each cell, counting marks that combine."""


class Excerpt(Struct, frozen=True):
    """A line of a source as shown: `marks` underlined cells after `indent` others.

    `line` and `column` are 1-based and count characters of the source. `text` holds no tabs and no terminal controls;
    neither it nor the marks are wider than the room. `goes_on` follows the marks if the span ends on a later line.
    """

    line: int
    column: int
    text: str
    indent: int
    marks: int
    goes_on: str


def excerpt(source: Source, span: Span, room: int = MAX_SNIPPET) -> Excerpt:
    """The excerpt for `span` in `room` cells: its first line, or a window around the span if the line is wider.

    An empty span, such as the end of the input, has one mark; a span beyond the text counts as its end.
    """
    start = min(span.start, len(source.text))
    end = max(start, min(span.end, len(source.text)))
    line, column = source.position(start)
    last_line = source.position(max(start, end - 1))[0]
    goes_on = _GOES_ON.format(last_line) if last_line != line else ""
    text = source.line(line)
    first = min(column - 1, len(text))
    last = min(first + end - start, len(text))
    left, right = _window(text, first, last, max(1, room - len(goes_on)))
    while left < first < len(text) and not _cells(text[first]):
        first -= 1  # a combining mark is underlined at the character before it
    before = _CUT * (left > 0) + _shown(text[left:first])
    marked = _shown(text[first : min(last, right)]) + _CUT * (last > right)
    after = _shown(text[max(first, min(last, right)) : right]) + _CUT * (last <= right < len(text))
    return Excerpt(line, column, before + marked + after, width(before), max(1, width(marked)), goes_on)


def _shown(text: str) -> str:
    if text.isascii() and text.isprintable():
        return text
    return _TAB.join(map(visible, text.split("\t")))


def _cells(character: str) -> int:
    return width(_shown(character))


def _window(text: str, first: int, last: int, room: int) -> tuple[int, int]:
    """Where the shown part of a line begins and ends.

    The characters from `first` to `last`, or the beginning of a long span, are well inside.
    """
    need = room - (first == len(text))  # the mark at the end of a line takes a cell of its own
    if _reach(text, range(len(text)), need) == len(text):
        return 0, len(text)
    room = max(1, need - 2 * width(_CUT))
    marked = first + _reach(text, range(first, last), room * 3 // 4 if last - first > 1 else room)
    rest = room - width(_shown(text[first:marked]))
    left = first - _reach(text, range(first - 1, -1, -1), rest // 2)
    right = marked + _reach(text, range(marked, len(text)), rest - width(_shown(text[left:first])))
    if right == len(text):
        left = first - _reach(text, range(first - 1, -1, -1), room - width(_shown(text[first:right])))
    while left < first and not _cells(text[left]):
        left += 1  # a combining mark whose base character is cut off
    return left, right


def _reach(text: str, indices: Iterable[int], room: int) -> int:
    """How many of the characters fit in `room` cells. Marks that combine take none, so their number is bounded too."""
    used = number = 0
    for index in indices:
        used += _cells(text[index])
        if used > room or number > _MOST_MARKS * room:
            break
        number += 1
    return number
