"""The embedding example does what its functions say."""

import runpy
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import segdsl

EXAMPLE = Path(__file__).parents[2] / "examples" / "embed.py"


@pytest.fixture(scope="module")
def embed() -> dict[str, Any]:
    return runpy.run_path(str(EXAMPLE))


def test_marks_cover_the_words_that_are_wrong(embed: dict[str, Any]) -> None:
    text = 'comercialIntent >= 0.6 and plan == "entreprise"'
    assert [text[mark["from"] : mark["to"]] for mark in embed["marks"](text)] == ["comercialIntent", '"entreprise"']
    assert embed["marks"]("commercialIntent >= 0.6 and @engaged") == []


def test_what_cannot_be_sent_is_marked(embed: dict[str, Any]) -> None:
    text = 'plan == "pro" or seats >= 10'
    with pytest.raises(segdsl.CompileError) as refused:
        embed["request_body"]("Either", text)
    assert [mark["says"] for mark in embed["marks"](text)] == [one.message for one in refused.value.diagnostics]


def test_texts_are_kept_in_one_spelling(embed: dict[str, Any]) -> None:
    assert embed["tidy"]("(seats>10)  AND NOT plan=='free'") == 'seats > 10 and not plan == "free"'


def test_members_are_those_of_whom_it_is_known(embed: dict[str, Any]) -> None:
    assert embed["preview"]('plan != "free"', embed["USERS"]) == ["ada"]
    assert embed["preview"]("commercialIntent > 0.5", embed["USERS"]) == ["ada", "cleo"]


def test_the_body_is_that_of_the_api(embed: dict[str, Any]) -> None:
    assert embed["request_body"]("Pro", 'plan == "pro" and seats >= 10') == {
        "filters": {
            "rules": [
                {"type": "property", "key": "plan", "operator": "eq", "value": "pro"},
                {"type": "property", "key": "seats", "operator": "gt", "value": 9},
            ]
        },
        "name": "Pro",
    }


def test_it_runs_and_shows_an_error_and_the_two_segments_instead() -> None:
    ran = subprocess.run([sys.executable, "-X", "utf8", EXAMPLE], capture_output=True, check=True)
    shown = ran.stdout.decode()
    assert ran.stderr == b""
    assert "error[needs-split]: the API has no `or`; this needs 2 segments" in shown
    assert shown.splitlines()[-2:] == ['1. plan == "pro"', "2. seats > 9"]
