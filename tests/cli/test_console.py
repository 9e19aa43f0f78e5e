"""The terminal: colours, width, encodings."""

import io
import os
import sys

import pytest

import segdsl
from segdsl.cli import console
from segdsl.cli.failure import report


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("stream", "environment", "coloured"),
    [
        (Terminal(), {}, True),
        (Terminal(), {"TERM": "xterm-256color"}, True),
        (Terminal(), {"TERM": "dumb"}, False),
        (Terminal(), {"NO_COLOR": "1"}, False),
        (Terminal(), {"NO_COLOR": ""}, True),
        (io.StringIO(), {}, False),
    ],
)
def test_colours_only_for_people_who_want_them(
    monkeypatch: pytest.MonkeyPatch, stream: Terminal | io.StringIO, environment: dict[str, str], coloured: bool
) -> None:
    for name in ("NO_COLOR", "TERM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert console.colours(stream) is coloured
    assert console.paint("x", "red", stream) == ("\x1b[31mx\x1b[0m" if coloured else "x")


@pytest.mark.parametrize(("columns", "width"), [("60", 60), ("100", 100), ("250", 100), ("nonsense", 80), (None, 80)])
def test_the_width_is_that_of_the_terminal_within_reason(
    monkeypatch: pytest.MonkeyPatch, columns: str | None, width: int
) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    monkeypatch.setattr(os, "get_terminal_size", lambda _number: os.terminal_size((80, 24)))
    if columns is not None:
        monkeypatch.setenv("COLUMNS", columns)
    assert console.width() == width


@pytest.mark.parametrize("encoding", ["latin-1", "ascii", "utf-16", "cp1252"])
def test_piped_results_are_utf_8(monkeypatch: pytest.MonkeyPatch, encoding: str) -> None:
    written = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(written, encoding=encoding))
    console.prepare()
    console.out("é → 😀 \ud800")
    sys.stdout.flush()
    assert written.getvalue() == "é → 😀 \\ud800\n".encode()


def test_a_terminal_of_another_encoding_gets_escapes(monkeypatch: pytest.MonkeyPatch) -> None:
    written = io.BytesIO()
    terminal = io.TextIOWrapper(written, encoding="latin-1")
    monkeypatch.setattr(terminal, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(sys, "stdout", terminal)
    console.prepare()
    console.out("é → 😀 \ud800 \udcff")
    sys.stdout.flush()
    assert written.getvalue() == b"\xe9 \\u2192 \\ud83d\\ude00 \\ud800 \\udcff\n"


def test_a_stream_that_is_not_a_file_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    written = io.StringIO()
    monkeypatch.setattr(sys, "stdout", written)
    console.prepare()
    console.out("é")
    assert written.getvalue() == "é\n"


def test_the_columns_of_a_stream_are_those_of_its_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "43")
    monkeypatch.delenv("TERM", raising=False)
    assert console.columns(Terminal()) == 43
    assert console.columns(io.StringIO()) is None


def test_a_report_on_a_terminal_fits_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "43")
    monkeypatch.setenv("NO_COLOR", "1")
    problems = segdsl.check(f"{'x and ' * 50}sentiment > 'high'{' and y' * 50}")
    excerpt = [line for line in report(problems, Terminal()).splitlines() if " | " in line]
    assert [len(line) <= 43 for line in excerpt] == [True, True]
    assert "sentiment > 'high'" in excerpt[0]
    assert len(report(problems, io.StringIO()).splitlines()[3]) > 100
