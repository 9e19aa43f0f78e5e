"""Every format by its name."""

import pytest

from segdsl.diagnostics import Diagnostic
from segdsl.diagnostics.formats import FORMATS
from segdsl.source import Source, Span


def test_the_names_of_the_command_line() -> None:
    assert list(FORMATS) == ["text", "json", "github", "sarif"]


@pytest.mark.parametrize("name", FORMATS)
def test_a_format_says_code_message_and_file_and_ends_without_a_line_break(name: str) -> None:
    report = FORMATS[name]([Diagnostic("wrong-type", "it is wrong", Span(0, 4), Source("plan", "segments.toml"))])
    assert all(part in report for part in ("wrong-type", "it is wrong", "segments.toml", "error"))
    assert report == report.rstrip()
