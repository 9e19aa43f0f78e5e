"""`segdsl decompile`."""

import json
from pathlib import Path
from typing import Any

import pytest

import segdsl

from .command_line import run

FILTERS = segdsl.compile('0.3 <= sentiment < 0.7 and conversationCount == 5 and plan == "pro"').to_dict()
TEXT = '0.3 <= sentiment < 0.7 and conversationCount == 5 and plan == "pro"\n'
SYSTEM = {"operator": "AND", "conditions": [{"field": "sentiment", "operator": "gt", "value": 0.7}]}


@pytest.mark.parametrize(
    "data", [FILTERS, {"id": "1", "name": "A", "type": "custom", "filters": FILTERS}], ids=["filters", "segment"]
)
def test_filters_and_segments_become_text(tmp_path: Path, data: dict[str, Any]) -> None:
    file = tmp_path / "a.json"
    file.write_text(json.dumps(data))
    result = run("decompile", file)
    assert (result.exit_code, result.stdout, result.stderr) == (0, TEXT, "")
    assert run("decompile", "-", stdin=json.dumps(data)).stdout == TEXT


def test_the_output_of_compile_is_read() -> None:
    body = run("compile", TEXT, "--name", "A", "--icon", "Star").stdout
    assert run("decompile", "-", stdin=body).stdout == TEXT


def test_a_width_breaks_lines() -> None:
    result = run("decompile", "-", "--width", "40", stdin=json.dumps(FILTERS))
    assert result.stdout == '0.3 <= sentiment < 0.7\nand conversationCount == 5\nand plan == "pro"\n'


def test_a_list_comes_with_the_names_as_comments() -> None:
    data = [{"name": "A", "filters": FILTERS}, {"name": "S\nB", "filters": SYSTEM}, FILTERS]
    result = run("decompile", "-", stdin=json.dumps(data))
    assert result.stdout == f"# A\n{TEXT}\n# S\\nB\nsentiment > 0.7\n\n{TEXT}"
    assert run("decompile", "-", stdin="[]").stdout == ""


def test_inexpressible_filters_are_reported_and_the_rest_of_a_list_is_printed() -> None:
    data = [{"name": "Bad", "filters": {"rules": []}}, FILTERS, "x"]
    result = run("decompile", "-", stdin=json.dumps(data))
    assert result.exit_code == 1
    assert result.stdout.endswith(TEXT)
    assert result.stderr.splitlines() == [
        'stdin: item 0 ("Bad") has no expression: rules: must be a list of at least one rule',
        "stdin: item 2 has no expression: filters: must be an object",
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('{"rules": []}', "Error: rules: must be a list of at least one rule\n"),
        ("[1, 2", "Error: stdin: not JSON: "),
        ("", "Error: stdin: not JSON: "),
        ("[" * 100_000, "Error: stdin: not JSON: "),
        (json.dumps({"operator": "AND", "conditions": [{"field": "x", "operator": "eq", "value": 1}]}), "Error: "),
    ],
)
def test_anything_but_a_segment_is_an_error(text: str, told: str) -> None:
    result = run("decompile", "-", stdin=text)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith(told)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    result = run("decompile", tmp_path / "no.json")
    assert (result.exit_code, result.stderr) == (1, f"Error: {tmp_path}/no.json: No such file or directory\n")
