"""Diagnostics as GitHub's workflow commands, read back by the rules of its runner."""

import re
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from segdsl.diagnostics import Diagnostic
from segdsl.diagnostics.github import to_github
from segdsl.source import Source, Span

TEXT = Source("a == 1\nand bad > 'x'\nand c", "segments.toml")


def commands(text: str) -> list[tuple[str, dict[str, str], str]]:
    """Each line as (name, properties, message), unescaped as the runner of GitHub Actions does it."""
    return [command(line) for line in text.split("\n")] if text else []


def command(line: str) -> tuple[str, dict[str, str], str]:
    found = re.fullmatch(r"::([a-z]+) ([^:]*)::(.*)", line, re.DOTALL)
    assert found
    name, properties, message = found.groups()
    pairs = dict(pair.split("=", 1) for pair in properties.split(","))
    return name, {key: unescaped(value, "%3A%2C") for key, value in pairs.items()}, unescaped(message, "")


def unescaped(text: str, also: str) -> str:
    codes = {"%0D": "\r", "%0A": "\n", **({"%3A": ":", "%2C": ","} if also else {}), "%25": "%"}
    for code, character in codes.items():
        text = text.replace(code, character)
    return text


def found(code: str = "wrong-type", message: str = "wrong", end: int = 14, **fields: Any) -> Diagnostic:
    return Diagnostic(code, message, Span(11, end), TEXT, **fields)


def test_an_annotation() -> None:
    (line,) = to_github([found(help=("write a number", "or 100%"), context='segment "A, B: C"')]).split("\n")
    assert line == (
        '::error file=segments.toml,line=2,endLine=2,col=5,endColumn=8,title=wrong-type (segment "A%2C B%3A C")'
        "::wrong%0Ahelp: write a number%0Ahelp: or 100%25"
    )


def test_a_warning() -> None:
    assert to_github([found("redundant")]).startswith("::warning file=segments.toml,line=2,")


def test_columns_are_left_out_of_several_lines() -> None:
    ((_, properties, _),) = commands(to_github([found(end=22)]))
    assert properties == {"file": "segments.toml", "line": "2", "endLine": "3", "title": "wrong-type"}


def test_nothing_found() -> None:
    assert to_github([]) == ""


def test_ten_are_shown_whole() -> None:
    several = [found(message=str(number)) for number in range(10)]
    assert [message for _, _, message in commands(to_github(several))] == [str(number) for number in range(10)]


def test_the_worst_come_first_and_the_rest_are_counted() -> None:
    warnings = [found("redundant", f"warning {number}") for number in range(8)]
    errors = [found("wrong-type", f"error {number}") for number in range(4)]
    several = commands(to_github(warnings + errors))
    assert [message for _, _, message in several[:-1]] == [
        *(f"error {number}" for number in range(4)),
        *(f"warning {number}" for number in range(6)),
    ]
    assert several[-1] == (
        "notice",
        {"title": "segdsl"},
        "2 more not shown here (2 warnings); 4 errors, 8 warnings in all",
    )


@given(st.text(), st.text(), st.text(), st.text())
def test_no_text_can_break_out_of_its_command(message: str, help_: str, context: str, name: str) -> None:
    (read,) = commands(
        to_github([Diagnostic("wrong-type", message, Span(0, 0), Source("", name), (help_,), context=context)])
    )
    kind, properties, shown = read
    assert kind == "error"
    assert list(properties) == ["file", "line", "endLine", "col", "endColumn", "title"]
    assert shown.count("\n") == 1
    assert all(value.replace("\u3000", " ").isprintable() for value in properties.values())


def test_a_command_inside_a_message_stays_text() -> None:
    text = to_github([found(message="x\n::set-env name=PATH::/tmp", help=("\r::stop-commands::",))])
    assert text.count("\n") == text.count("\r") == 0
