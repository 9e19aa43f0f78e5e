"""The terminal: colours, width, encodings; and writing files in one step."""

import io
import os
import stat
import sys

import pytest

from segdsl.cli import console
from segdsl.cli.files import write_file


class Terminal(io.StringIO):
    def isatty(self):
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
def test_colours_only_for_people_who_want_them(monkeypatch, stream, environment, coloured):
    for name in ("NO_COLOR", "TERM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert console.colours(stream) is coloured
    assert console.paint("x", "red", stream) == ("\x1b[31mx\x1b[0m" if coloured else "x")


@pytest.mark.parametrize(("columns", "width"), [("60", 60), ("100", 100), ("250", 100), ("nonsense", 80), (None, 80)])
def test_the_width_is_that_of_the_terminal_within_reason(monkeypatch, columns, width):
    monkeypatch.delenv("COLUMNS", raising=False)
    monkeypatch.setattr(os, "get_terminal_size", lambda _number: os.terminal_size((80, 24)))
    if columns is not None:
        monkeypatch.setenv("COLUMNS", columns)
    assert console.width() == width


def test_any_text_can_be_written_in_any_encoding(monkeypatch):
    written = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(written, encoding="latin-1"))
    console.prepare()
    console.out("é → 😀 \ud800 \udcff")
    sys.stdout.flush()
    assert written.getvalue() == b"\xe9 \\u2192 \\ud83d\\ude00 \\ud800 \\udcff\n"


def test_a_stream_that_is_no_file_is_left_alone(monkeypatch):
    monkeypatch.setattr(sys, "stdout", io.StringIO())
    console.prepare()
    console.out("é")
    assert sys.stdout.getvalue() == "é\n"


# ── files ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_new_file_has_the_usual_permissions(tmp_path):
    before = os.umask(0o027)
    try:
        write_file(str(tmp_path / "new"), b"x")
    finally:
        os.umask(before)
    assert (tmp_path / "new").read_bytes() == b"x"
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o640


def test_a_write_that_fails_leaves_the_file_and_no_other(tmp_path, monkeypatch):
    file = tmp_path / "a"
    file.write_bytes(b"before")

    def interrupt(_descriptor):
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_file(str(file), b"after")
    assert file.read_bytes() == b"before"
    assert os.listdir(tmp_path) == ["a"]
