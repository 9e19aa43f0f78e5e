"""Any text in any format gives a config or problems that point into it, and never an exception."""

import json
import tomllib
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segdsl.config.check import check_config
from segdsl.config.document import FormatName, Path
from segdsl.config.formats import FORMATS
from segdsl.config.load import loads
from segdsl.source import Source, Span

from .test_load import JSON, TOML, YAML

TRICKY_TOML = """
[[segment]] # in several ways
"name" = 'é' # é
'where' = \"\"\"
a \\
  b \\  \t

 c\"\" \"\"\"
[[segment.'example']]
user . "prop\\u0065rties" . x = [ 1, # one
  { y = 2026-06-01T00:00:00Z, z = [ ] }, {}, [ [ +1_0, 0xf, 1e5, -inf ] ] ]
[segment.other."é 😀"]
a.b.c = 07:32:00
a.b.d = '''
'''
"""
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
        assert 0 <= problem.span.start <= problem.span.end <= len(problem.source.text)
        assert all(0 <= note.span.start <= note.span.end <= len(note.source.text) for note in problem.notes)
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


@given(st.data())
def test_every_value_of_toml_has_its_place(data: st.DataObject) -> None:
    text = TOML + TRICKY_TOML
    changed = data.draw(mutated(text))
    check_places("toml", text if FORMATS["toml"].read(Source(changed)).problems else changed)


@given(st.data())
def test_every_value_of_json_has_its_place(data: st.DataObject) -> None:
    changed = data.draw(mutated(JSON))
    check_places("json", JSON if FORMATS["json"].read(Source(changed)).problems else changed)


def check_places(form: FormatName, text: str) -> None:
    """The text at every place reads as the value by itself."""
    parsed = FORMATS[form].read(Source(text))
    locations = parsed.locate()
    for path, value in leaves(parsed.values):
        span = locations[path].value if path else Span(0, len(text))
        literal = text[span.start : span.end]
        again = tomllib.loads(f"x = {literal}")["x"] if form == "toml" else json.loads(literal)
        assert repr(again) == repr(value)


def leaves(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Every value that is not a table or list, with its path."""
    if not isinstance(value, dict | list):
        yield path, value
        return
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
        yield from leaves(inner, (*path, key))
