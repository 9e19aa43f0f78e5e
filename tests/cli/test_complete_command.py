"""`segdsl complete`: the library's answer, as lines and as JSON."""

import json
from pathlib import Path

import pytest

import segdsl

from .command_line import run

CONFIG = """
[properties]
plan = ["free", "pro"]
seats = "integer"

[define]
engaged = "conversationCount >= 5"
"""


@pytest.fixture
def schema(tmp_path: Path) -> str:
    path = tmp_path / "segments.toml"
    path.write_text(CONFIG, encoding="utf-8")
    return str(path)


@pytest.mark.parametrize(
    "text", ["", "pl", "plan == ", 'plan in ["pro", ', "@", "seats > $", "é # (", 'plan == "😀" and s']
)
def test_the_json_is_the_library_s_answer(text: str, schema: str) -> None:
    done = run("complete", text, "--json", "--schema", schema, "--param", "least:=3")
    found = segdsl.complete(
        text,
        len(text),
        segdsl.Schema({"plan": ["free", "pro"], "seats": "integer"}),
        {"least": 3},
        {"engaged": "conversationCount >= 5"},
    )
    assert done.exit_code == 0
    assert json.loads(done.stdout) == found.to_dict()


def test_offsets_count_characters_or_utf_16() -> None:
    text = 'a == "😀" and sentim'
    plain = json.loads(run("complete", text, "--json", "--offset", "17").stdout)
    utf16 = json.loads(run("complete", text, "--json", "--offset", "18", "--utf16").stdout)
    end = json.loads(run("complete", text, "--json", "--utf16").stdout)
    assert (plain["start"], utf16["start"], end["start"]) == (13, 14, 14)
    assert (plain["end"], utf16["end"], end["end"]) == (19, 20, 20)


def test_people_read_lines_and_the_expected_words(schema: str) -> None:
    done = run("complete", "plan == ", "--schema", schema)
    assert done.stdout == '"free"  a declared value\n"pro"   a declared value\n'
    done = run("complete", "rating > ")
    assert (done.stdout, done.stderr) == ("", "expected: a number\n")
