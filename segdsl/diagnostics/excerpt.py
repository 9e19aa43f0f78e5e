"""The piece of a source line that a diagnostic shows, and the cells to underline in it."""

from msgspec import Struct

from segdsl.diagnostics.cells import visible, width
from segdsl.limits import MAX_SNIPPET
from segdsl.source import Source, Span

_TAB = " " * 4
_CUT = "…"


class Excerpt(Struct, frozen=True):
    """One line of a source as it is shown, with `marks` underlined cells after `indent` others.

    `line` and `column` are 1-based and count characters of the source; `last_line` is the line on which the span
    ends, which is not shown when it is another. `text` holds no tab and nothing that a terminal would act upon.
    """

    line: int
    column: int
    last_line: int
    text: str
    indent: int
    marks: int


def excerpt(source: Source, span: Span) -> Excerpt:
    """What to show for `span`: its first line, or a window of `MAX_SNIPPET` characters where the line is longer.

    An empty span, such as the end of the input, has one mark; a span beyond the text counts as its end.
    """
    start = min(span.start, len(source.text))
    end = max(start, min(span.end, len(source.text)))
    line, column = source.position(start)
    text = source.line(line)
    first = min(column - 1, len(text))
    last = min(first + end - start, len(text))
    left, right = _window(len(text), first, last)
    while left < first < len(text) and not width(_shown(text[first])):
        first -= 1  # a mark that combines is underlined where it is seen: under the character before it
    before = _CUT * (left > 0) + _shown(text[left:first])
    marked = _shown(text[first : min(last, right)]) + _CUT * (last > right)
    after = _shown(text[max(first, min(last, right)) : right]) + _CUT * (last <= right < len(text))
    return Excerpt(
        line=line,
        column=column,
        last_line=source.position(max(start, end - 1))[0],
        text=before + marked + after,
        indent=width(before),
        marks=max(1, width(marked)),
    )


def _shown(text: str) -> str:
    if text.isascii() and text.isprintable():
        return text
    return _TAB.join(map(visible, text.split("\t")))


def _window(length: int, first: int, last: int) -> tuple[int, int]:
    """Where the shown part of a line of `length` characters begins and ends, with `first` to `last` well inside."""
    if length <= MAX_SNIPPET:
        return 0, length
    span = min(last - first, MAX_SNIPPET * 3 // 4)  # of a longer one the beginning, and what stands before it
    left = max(0, min(first - (MAX_SNIPPET - span) // 2, length - MAX_SNIPPET))
    return left, left + MAX_SNIPPET
