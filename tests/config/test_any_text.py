"""Any text in any format gives a config or problems that point into it, and never an exception."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_load import JSON, TOML, YAML

from segdsl.config.check import check_config
from segdsl.config.document import FormatName
from segdsl.config.load import loads

GOOD: dict[FormatName, str] = {"toml": TOML, "yaml": YAML, "json": JSON}
FRAGMENTS = [
    *(
        '"',
        "'",
        '"""',
        "'''",
        "\\",
        "\\u12",
        "\n",
        "\r\n",
        "[",
        "]",
        "{",
        "}",
        ":",
        ",",
        "=",
        "#",
        "- ",
        "|",
        ">",
        "@",
        "$",
    ),
    *("&a ", "*a", "!x ", "<<: ", "nan", "on", "1e999", "é", "😀", "\ufeff", "\x00", "\x85", "\u2028", "  ", "\t"),
]


@st.composite
def mutated(draw: st.DrawFn, text: str) -> str:
    """`text` with pieces put in, left out or doubled at a few places."""
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        end = draw(st.integers(start, min(start + 20, len(text))))
        text = text[:start] + draw(st.sampled_from([*FRAGMENTS, text[start:end] * 2, ""])) + text[end:]
    return text


def check_total(text: str, form: FormatName) -> None:
    config, problems = loads(text, "file", form)
    assert config is not None or problems
    if config is not None:
        problems = (*problems, *check_config(config))
    for problem in problems:
        assert 0 <= problem.span.start <= problem.span.end <= len(problem.text.text)
        assert all(0 <= note.span.start <= note.span.end <= len(note.text.text) for note in problem.notes)
        assert problem.message
        assert str(problem)


@pytest.mark.parametrize("form", list(GOOD))
@given(text=st.text())
def test_any_text(form: FormatName, text: str) -> None:
    check_total(text, form)


@pytest.mark.parametrize("form", list(GOOD))
@given(data=st.data())
def test_a_text_nearly_good(form: FormatName, data: st.DataObject) -> None:
    check_total(data.draw(mutated(GOOD[form])), form)
