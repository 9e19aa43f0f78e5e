"""Laying out pieces: groups that fit stay on their line, the others break at every break of their own."""

import pytest

from segdsl.syntax.layout import BLANK, DEDENT, END, GROUP, INDENT, NOTHING, Piece, on_one_line, within_width
from tests.counted import lines_run

CALL: list[Piece] = [GROUP, "f(", INDENT, NOTHING, "one,", BLANK, "two", DEDENT, NOTHING, ")", END]


def test_on_one_line_there_are_no_breaks() -> None:
    assert on_one_line(CALL) == "f(one, two)"


@pytest.mark.parametrize(("width", "text"), [(11, "f(one, two)"), (10, "f(\n    one,\n    two\n)")])
def test_a_group_breaks_when_it_is_longer_than_the_width(width: int, text: str) -> None:
    assert within_width(CALL, width) == text


def test_the_text_up_to_the_next_break_must_fit_too() -> None:
    assert within_width([*CALL, ";", BLANK, "x"], 12) == "f(one, two);\nx"
    assert within_width([*CALL, ";", BLANK, "x"], 11) == "f(\n    one,\n    two\n);\nx"


def test_a_group_inside_a_broken_one_gets_its_own_chance() -> None:
    outer: list[Piece] = [GROUP, "g(", INDENT, NOTHING, *CALL, ",", BLANK, "three", DEDENT, NOTHING, ")", END]
    assert within_width(outer, 16) == "g(\n    f(one, two),\n    three\n)"


def test_indentation_is_at_most_half_of_the_width() -> None:
    nested = CALL
    for _ in range(5):
        nested = [GROUP, "(", INDENT, NOTHING, *nested, DEDENT, NOTHING, ")", END]
    assert max(len(line) - len(line.lstrip()) for line in within_width(nested, 10).split("\n")) == 5


@pytest.mark.parametrize("width", [0, -3])
def test_no_width_at_all_breaks_everything(width: int) -> None:
    assert within_width(CALL, width) == "f(\none,\ntwo\n)"


def test_nesting_costs_no_more_than_length() -> None:
    def work(levels: int) -> int:
        opening: list[Piece] = [GROUP, "(", INDENT, NOTHING]
        closing: list[Piece] = [DEDENT, NOTHING, ")", END]
        pieces = [*opening * levels, "x", *closing * levels]
        return lines_run(lambda: within_width(pieces, 40))

    assert work(2_000) < 2.1 * work(1_000)
