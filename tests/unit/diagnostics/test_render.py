"""Diagnostics as text: the shape, and the carets under the right cells."""

import re
import unicodedata
from collections.abc import Iterator

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from segdsl.diagnostics import Diagnostic, Note
from segdsl.diagnostics.cells import visible, width
from segdsl.diagnostics.render import render, render_all
from segdsl.limits import MAX_SNIPPET
from segdsl.source import Source, Span

GUTTER = "   | "


def diagnostic(text: str, start: int, end: int, notes: tuple[Note, ...] = ()) -> Diagnostic:
    return Diagnostic("wrong-type", "wrong", Span(start, end), Source(text), notes=notes)


def at(text: str, piece: str, notes: tuple[Note, ...] = ()) -> Diagnostic:
    """A diagnostic about the first occurrence of `piece` in `text`."""
    start = text.index(piece)
    return diagnostic(text, start, start + len(piece), notes)


def snippet(found: Diagnostic) -> tuple[str, str]:
    """The source line and the line of carets, without the gutter."""
    _, _, _, line, carets = render(found).splitlines()[:5]
    return line[len(GUTTER) :], carets[len(GUTTER) :]


def cell_of(shown: str, piece: str) -> int:
    """The cell in which `piece` begins, by counting, independently of the renderer's own table."""
    before = shown[: shown.index(piece)]
    wide = sum(unicodedata.east_asian_width(character) in "WF" for character in before)
    return len(before) + wide - sum(unicodedata.category(character) == "Mn" for character in before)


# ── the shape ─────────────────────────────────────────────────────────────────────────────────────────────────────────

CONFIG = "\n" * 13 + "where = 'plan == \"pro\" and seats >= 10'\nsplit = false\n"


def split_needed() -> Diagnostic:
    start = CONFIG.index("seats")
    return Diagnostic(
        "needs-split",
        "the API has no `>=` for user properties; this needs 2 segments",
        Span(start, start + len("seats >= 10")),
        Source(CONFIG, "segments.toml"),
        (
            'if seats is always a whole number, declare `seats = "integer"` under [properties] and it becomes '
            "`seats > 9`",
            "or allow 2 segments with `split = true`",
        ),
        context='segment "Big teams"',
    )


def test_the_shape_of_the_language_page() -> None:
    assert render(split_needed()) == (
        """\
error[needs-split]: the API has no `>=` for user properties; this needs 2 segments
  --> segments.toml:14:28 (segment "Big teams")
   |
14 | where = 'plan == "pro" and seats >= 10'
   |                            ^^^^^^^^^^^
   = help: if seats is always a whole number, declare `seats = "integer"` under [properties] and it becomes `seats > 9`
   = help: or allow 2 segments with `split = true`"""
    )


def test_str_is_the_rendering() -> None:
    assert str(split_needed()) == render(split_needed())


def test_a_warning() -> None:
    text = "sentiment > 60"
    found = Diagnostic("out-of-scale", "`sentiment` runs from 0 to 1", Span(12, 14), Source(text))
    assert render(found) == (
        """\
warning[out-of-scale]: `sentiment` runs from 0 to 1
  --> expression:1:13
   |
 1 | sentiment > 60
   |             ^^"""
    )


def test_notes_have_snippets_of_their_own() -> None:
    definition, use = Source("seats > 'many'", "@big"), Source("\n" * 122 + "plan == 'a' and @big", "segments.toml")
    start = use.text.index("@big")
    found = Diagnostic(
        "wrong-type",
        "`>` compares numbers",
        Span(8, 14),
        definition,
        ("write a number",),
        (Note("used here", Span(start, start + 4), use), Note("declared here", Span(0, 5), definition)),
    )
    assert render(found) == (
        """\
error[wrong-type]: `>` compares numbers
   --> @big:1:9
    |
  1 | seats > 'many'
    |         ^^^^^^
    = help: write a number
note: used here
   --> segments.toml:123:17
    |
123 | plan == 'a' and @big
    |                 ----
note: declared here
   --> @big:1:1
    |
  1 | seats > 'many'
    | -----"""
    )


def test_the_first_error_that_a_person_meets() -> None:
    assert render(Diagnostic("empty-expression", "there is no condition", Span(0, 0), Source(""))) == (
        """\
error[empty-expression]: there is no condition
  --> expression:1:1
   |
 1 |
   | ^"""
    )


@pytest.mark.parametrize(
    ("codes", "line"),
    [
        ([], "no problems"),
        (["wrong-type"], "1 error"),
        (["redundant"], "1 warning"),
        (["redundant", "wrong-type", "wrong-type"], "2 errors, 1 warning"),
        (["redundant", "redundant", "wrong-type"], "1 error, 2 warnings"),
    ],
)
def test_all_together_end_with_their_number(codes: list[str], line: str) -> None:
    found = [Diagnostic(code, "odd", Span(0, 4), Source("plan")) for code in codes]
    assert render_all(found) == "\n\n".join([*map(render, found), line])


def test_colour_only_adds_colour() -> None:
    found = [split_needed(), at("a\tb", "b", notes=(Note("here", Span(0, 1), Source("a")),)), at("60", "60")]
    coloured = render_all(found, colour=True)
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == render_all(found)
    assert "\x1b[1;31merror[needs-split]\x1b[0m" in coloured
    assert "\x1b[1;31m^^^^^^^^^^^\x1b[0m" in coloured
    assert "\x1b" not in render_all(found)


# ── the caret under the right cell ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("before", "shown"),
    [
        ("plan == 'a' and ", "plan == 'a' and "),
        ("city == '日本' and ", "city == '日本' and "),
        ("city == 'ｶﾅＡ' and ", "city == 'ｶﾅＡ' and "),
        ("name == 'e\u0301\u0323' and ", "name == 'e\u0301\u0323' and "),
        ("mood == '😀' and ", "mood == '😀' and "),
        ("mood == '👩\u200d🔬' and ", r"mood == '👩\u200d🔬' and "),
        ("a\u200bb == 1 and ", r"a\u200bb == 1 and "),
        ("\tplan\t== 'a' and\t", "    plan    == 'a' and    "),
        ("plan == '\u202epro\u202c' and ", r"plan == '\u202epro\u202c' and "),
        ("plan == '\x00\x1b[2J\x9b' and ", r"plan == '\u0000\u001b[2J\u009b' and "),
        ("plan == '\ud800' and ", r"plan == '\ud800' and "),
        ("plan == 'a\rb' and ", r"plan == 'a\rb' and "),
        ("a == 1 and\u2028", r"a == 1 and\u2028"),
    ],
)
def test_after(before: str, shown: str) -> None:
    found = at(before + "bad > 'x'", "bad")
    line, carets = snippet(found)
    assert line == shown + "bad > 'x'"
    assert carets == " " * cell_of(line, "bad") + "^^^"
    assert found.column == len(before) + 1


@pytest.mark.parametrize(
    ("piece", "carets"),
    [
        ("日本", "^^^^"),
        ("e\u0301", "^"),
        ("\u202e", "^^^^^^"),
        ("\t", "^^^^"),
        ("\x00", "^^^^^^"),
        ("\ud800", "^^^^^^"),
        ("😀", "^^"),
        ("a\u0301b\u0301", "^^"),
    ],
)
def test_on(piece: str, carets: str) -> None:
    assert snippet(at(f"x {piece} y", piece))[1] == "  " + carets


def test_a_combining_mark_is_underlined_where_it_is_seen() -> None:
    assert snippet(at("ab\u0301\u0323c", "\u0323"))[1] == " ^"
    assert snippet(at("日\u0323c", "\u0323"))[1] == "^^"
    assert snippet(at("\u0323cd", "\u0323"))[1] == "^"


def test_the_end_of_the_input_has_one_caret() -> None:
    assert snippet(diagnostic("plan ==", 7, 7)) == ("plan ==", "       ^")
    assert snippet(diagnostic("日 ==", 4, 4)) == ("日 ==", "     ^")


def test_a_span_beyond_the_text_is_its_end() -> None:
    assert snippet(diagnostic("plan", 9, 12)) == ("plan", "    ^")
    assert snippet(diagnostic("plan", 2, 12)) == ("plan", "  ^^")


def test_blanks_at_the_end_of_a_line_are_not_printed_and_can_be_marked() -> None:
    text = "plan ==   \nseats"
    assert snippet(diagnostic(text, 10, 10)) == ("plan ==", "          ^")
    assert all(line == line.rstrip() for line in render(diagnostic(text, 7, 10)).splitlines())


# ── lines ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_span_of_several_lines_shows_the_first_and_says_that_it_goes_on(newline: str) -> None:
    text = newline.join(["a == 1", "and (b == 2", "  or c == 3)", "and d"])
    start, end = text.index("(b"), text.index(")") + 1
    found = diagnostic(text, start, end)
    assert snippet(found) == ("and (b == 2", "    ^^^^^^^ goes on to line 3")
    assert (found.line, found.column) == (2, 5)


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_span_that_ends_with_the_line_break_does_not_go_on(newline: str) -> None:
    text = f"plan == 'a{newline}b"
    assert snippet(diagnostic(text, 8, 10 + len(newline))) == ("plan == 'a", "        ^^")
    assert snippet(diagnostic(text, 10, 10 + len(newline))) == ("plan == 'a", "          ^")
    assert snippet(diagnostic(text, 8, 11 + len(newline)))[1] == "        ^^ goes on to line 2"


def test_crlf_leaves_no_trace() -> None:
    text = "a == 1\r\nand bad\r\nand c"
    assert snippet(at(text, "bad")) == ("and bad", "    ^^^")
    assert "\r" not in render(at(text, "bad"))


def test_only_line_feeds_end_lines() -> None:
    text = "a\x0b\x0c\x1c\x85\u2028b == 1\nbad"
    assert "--> expression:2:1\n" in render(at(text, "bad"))


# ── long lines ────────────────────────────────────────────────────────────────────────────────────────────────────────

LONG = "".join(f"k{number} " for number in range(10_000, 20_000))


@pytest.mark.parametrize("piece", ["k10000 ", "k10020 ", "k15000 ", "k19970 ", "k19999 "])
def test_a_long_line_is_shown_around_the_span(piece: str) -> None:
    line, carets = snippet(at(LONG, piece))
    begins, ends = LONG.startswith(line.strip("…")), LONG.rstrip().endswith(line.strip("…"))
    assert len(line) <= MAX_SNIPPET
    assert line.strip("…") in LONG
    assert (line.startswith("…"), line.endswith("…")) == (not begins, not ends)
    assert carets == " " * line.index(piece.strip()) + "^" * len(piece)


def test_a_line_of_the_greatest_length_is_shown_whole() -> None:
    text = "x" * (MAX_SNIPPET - 1) + "y"
    assert snippet(at(text, "y"))[0] == text
    assert snippet(at(text + "z", "z"))[0] == "…" + (text + "z")[3:]
    assert snippet(at(text + "z", "x"))[0] == text[:-2] + "…"


def test_a_span_longer_than_the_window_shows_its_beginning_and_the_text_before() -> None:
    text = "a" * 500 + "b" * 500 + "c"
    line, carets = snippet(at(text, "b" * 500))
    assert re.fullmatch("…a{10,}b{100,}…", line)
    assert carets == " " * line.index("b") + "^" * (len(line) - line.index("b"))


def test_the_span_stands_in_the_middle_of_the_window() -> None:
    line, carets = snippet(at("a" * 500 + "bbbb" + "c" * 500, "bbbb"))
    assert (line.count("a"), line.count("c")) == (77, 77)
    assert carets == " " * 78 + "^^^^"


def test_a_long_span_leaves_room_for_the_text_before() -> None:
    line, carets = snippet(at("a" * 500 + "b" * 140 + "c" * 500, "b" * 140))
    assert line == "…" + "a" * 20 + "b" * 138 + "…"
    assert carets == " " * 21 + "^" * 139


def test_the_end_of_a_long_text() -> None:
    line, carets = snippet(diagnostic(LONG, len(LONG), len(LONG)))
    assert line.endswith("k19999")
    assert len(carets) == len(line) + 2  # the blank that ends the line, and the caret after it


# ── any text ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_messages_help_context_and_names_are_escaped() -> None:
    note = Note("no\x1b[2Jte", Span(0, 0), Source("\u2067", "no\rte"))
    source = Source("plan", "dir\u202e/a\nb.toml")
    found = Diagnostic("wrong-type", "mes\nsage\u202e", Span(0, 4), source, ("he\tlp\ud800",), (note,), "seg\x00ment")
    lines = render(found).splitlines()
    assert lines[0] == r"error[wrong-type]: mes\nsage\u202e"
    assert lines[1] == r"  --> dir\u202e/a\nb.toml:1:1 (seg\u0000ment)"
    assert lines[5] == r"   = help: he\tlp\ud800"
    assert lines[6] == r"note: no\u001b[2Jte"
    assert lines[7] == r"  --> no\rte:1:1"
    assert lines[9] == r" 1 | \u2067"


TEXTS = st.text(st.sampled_from("ab \t\n\r\x00\u0301\u202e日😀\u200b\ud800") | st.characters(), max_size=400)


@given(TEXTS, st.integers(0, 400), st.integers(0, 400))
@example("a" * 200 + "\t" * 200, 199, 200)
def test_any_span_of_any_text_can_be_rendered(text: str, start: int, length: int) -> None:
    found = diagnostic(text, start, start + length)
    rendered = render(found)
    assert rendered.encode().decode() == rendered
    assert rendered.replace("\n", "").replace("\u3000", " ").isprintable()
    assert len(rendered.splitlines()) == 5
    assert re.fullmatch(r" *\^+( goes on to line [0-9]+)?", snippet(found)[1])


PRINTABLE = st.text(st.sampled_from("ab\u0301日😀 é"), max_size=30)


@given(PRINTABLE, st.text(st.sampled_from("xyz日\u202e"), min_size=1, max_size=9), PRINTABLE)
def test_the_carets_are_as_wide_as_what_they_mark(before: str, piece: str, after: str) -> None:
    line, carets = snippet(diagnostic(before + piece + after, len(before), len(before) + len(piece)))
    indent = len(carets) - len(carets.lstrip())
    assert indent == width(before)
    assert len(carets) - indent == width(visible(piece))
    assert line == (before + visible(piece) + after).rstrip()


@given(TEXTS, st.integers(0, 400), st.integers(0, 400), st.integers(0, 200))
@example("日" * 100, 60, 3, 40)
@example("\u202e" * 100, 60, 3, 40)
@example("a" * 17 + "b", 18, 0, 23)
def test_an_excerpt_fits_the_terminal_and_shows_the_start_of_the_span(
    text: str, start: int, length: int, columns: int
) -> None:
    found = diagnostic(text, start, start + length)
    rendered = render(found, width=columns).splitlines()
    line, carets = rendered[3], rendered[4]
    room = max(columns, 25)
    assert width(line) <= room
    assert width(carets) <= room
    of_source = found.source.line(found.line)
    at = found.column - 1
    while 0 < at < len(of_source) and not width(visible(of_source[at])):
        at -= 1  # to the character that a combining mark stands on
    if at < len(of_source) and of_source[at:].strip():
        shown = of_source[at].replace("\t", " " * 4)
        expected = shown if shown.startswith(" ") else visible(shown)
        indent = carets.index("^")
        marked = "".join(character for character, cell in cells(line) if cell >= indent)
        assert marked.startswith(expected)


def cells(shown: str) -> Iterator[tuple[str, int]]:
    """The characters of a shown line with the cells they begin in."""
    cell = 0
    for character in shown:
        yield character, cell
        cell += width(character)
