"""How a character is shown, and how many cells of a terminal it takes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segdsl.diagnostics.cells import visible, width

BIDI_CONTROLS = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


@pytest.mark.parametrize(
    ("character", "shown"),
    [
        ("\x00", r"\u0000"),
        ("\x1b", r"\u001b"),
        ("\x7f", r"\u007f"),
        ("\x9b", r"\u009b"),
        ("\t", r"\t"),
        ("\n", r"\n"),
        ("\r", r"\r"),
        ("\u2028", r"\u2028"),
        ("\u202e", r"\u202e"),
        ("\ud800", r"\ud800"),
        ("\udfff", r"\udfff"),
        ("\u00a0", r"\u00a0"),
        ("\u200b", r"\u200b"),
        ("\u200d", r"\u200d"),
        ("\ufeff", r"\ufeff"),
        ("\u3164", r"\u3164"),
        ("\ufe0f", r"\ufe0f"),
        ("\ue000", r"\ue000"),
        ("\uffff", r"\uffff"),
        ("\U000e0041", r"\U000e0041"),
        ("\U000e0100", r"\U000e0100"),
    ],
)
def test_invisible_characters_are_escaped(character: str, shown: str) -> None:
    assert visible(f"a{character}b") == f"a{shown}b"
    assert width(visible(character)) == len(shown)


@pytest.mark.parametrize("control", BIDI_CONTROLS)
def test_all_twelve_characters_that_change_direction_are_escaped(control: str) -> None:
    assert visible(control) == f"\\u{ord(control):04x}"


@pytest.mark.parametrize(
    "text", ["", "plan == 'a\\u0041'", "é", "日本", "Ωж", "e\u0301", "😀", "\u3000", "가", "שלום", "ไทย"]
)
def test_visible_characters_are_left_alone(text: str) -> None:
    assert visible(text) == text


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("", 0),
        ("plan", 4),
        ("é", 1),
        ("e\u0301", 1),
        ("日本", 4),
        ("\u3000", 2),
        ("ﾊﾟ", 2),  # half-width forms
        ("Ｆ", 2),  # and a full-width one
        ("か\u3099", 2),  # a mark that combines is wide by its table, and takes no cell
        ("\u1112\u1161\u11ab", 2),  # conjoining Hangul: one syllable
        ("\u1112\u11ff", 2),
        ("\u1112\ud7b0", 2),
        ("\u1112\ud7fb", 2),
        ("a\u20dd", 1),  # an enclosing mark
        ("😀", 2),
        ("Ω", 1),  # ambiguous width: one cell except in East Asian fonts
    ],
)
def test_cells(text: str, cells: int) -> None:
    assert width(text) == cells


@given(st.text(st.characters()))
def test_nothing_that_acts_on_a_terminal_is_printed(text: str) -> None:
    shown = visible(text)
    assert shown.replace("\u3000", " ").isprintable()
    assert shown.encode().decode() == shown
    assert visible(shown) == shown
