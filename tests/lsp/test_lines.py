"""Positions count lines at LF, CRLF and CR alone, and characters in the units that were agreed on."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lsprotocol.types import Position

from segdsl.lsp.lines import LineTable
from segdsl.source import Span

CODECS = {"utf-8": ("utf-8", 1), "utf-16": ("utf-16-le", 2), "utf-32": ("utf-32-le", 4)}
TEXTS = st.text(st.sampled_from("ab é😀\u2028\u0085\x0c\r\n"), max_size=20)


def lines_of(text: str) -> list[str]:
    """The lines with their breaks."""
    return re.findall(r"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+\Z|(?<![^\r\n])\Z", text)


@given(TEXTS, st.sampled_from([*CODECS]))
def test_a_position_is_the_number_of_breaks_and_of_units_before_it(text: str, encoding: str) -> None:
    codec, size = CODECS[encoding]
    table, start = LineTable(text, encoding), 0
    for number, line in enumerate(lines_of(text)):
        inner = line.rstrip("\r\n")
        for index in range(len(inner) + 1):
            position = Position(number, len(inner[:index].encode(codec)) // size)
            assert table.position(start + index) == position
            assert table.offset(position) == start + index
        start += len(line)


@given(TEXTS, st.sampled_from([*CODECS]), st.integers(0, 30), st.integers(0, 60))
def test_any_position_is_an_offset_of_its_line(text: str, encoding: str, line: int, character: int) -> None:
    offset = LineTable(text, encoding).offset(Position(line, character))
    lines = lines_of(text)
    if line >= len(lines):
        assert offset == len(text)
    else:
        start = len("".join(lines[:line]))
        assert start <= offset <= start + len(lines[line].rstrip("\r\n"))


@pytest.mark.parametrize(("encoding", "middle"), [("utf-8", 2), ("utf-16", 1)])
def test_a_position_inside_a_character_is_before_it(encoding: str, middle: int) -> None:
    assert LineTable("a😀b", encoding).offset(Position(0, 1 + middle)) == 1


def test_a_range_is_two_positions() -> None:
    table = LineTable("a\r\nb😀c", "utf-16")
    place = table.range(Span(1, 5))
    assert (place.start, place.end) == (Position(0, 1), Position(1, 3))
    assert table.span(place) == Span(1, 5)
    assert table.position(2) == Position(0, 1)
