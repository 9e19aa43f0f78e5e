"""A metric or flag that the API gains is one line of `segdsl/catalogue.py`: the whole compiler knows it then.

The package is copied, the line is added, and a process that imports the copy uses the name in every way.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
LINES = {
    '    "rating": None,\n': '    "patience": (0, 10),\n',
    '    "missingCapabilityDetected",\n': '    "sarcasmDetected",\n',
}
"""For each line of the catalogue the one that is put after it."""

USED = """
import json, sys
import segdsl
from segdsl.cli.main import main
from segdsl.config.json_schema import config_schema
from segdsl.config.load import loads
from segdsl.guide import authoring_guide
from segdsl.compiler.decompile_segment import decompile_segment
from segdsl.wire.filters import Filters
from click.testing import CliRunner

TEXT = "2 <= patience < 8 and not sarcasmDetected"
USER = {"analysis": {"patience": 3}, "flags": {"sarcasmDetected": False}}
filters = segdsl.compile(TEXT)

def codes(text):
    return [one.code for one in segdsl.check(text, max_segments=1)]

config, problems = loads('''
[[segment]]
name = "Patient"
where = "patience > 7"
[[segment.example]]
user = { analysis = { patience = 8 } }
matches = true
''', "segments.toml", "toml")
schema = config_schema()["$defs"]["user"]["properties"]
print(json.dumps({
    "file": segdsl.__file__,
    "rules": filters.to_dict()["rules"],
    "valid": Filters.from_dict(filters.to_dict()) == filters,
    "decompiled": segdsl.unparse(segdsl.decompile(filters)),
    "system segment": segdsl.unparse(decompile_segment(
        {"operator": "AND", "conditions": [{"field": "patience", "operator": "gt", "value": 3}]})),
    "unequal": [one.to_dict()["rules"] for one in segdsl.compile_all("patience != 3")],
    "codes": {text: codes(text) for text in (
        TEXT, "patience > 11", "patience > 'x'", "patience", "pacience > 1", "sarcasm_detected", "sarcasmDetected > 1",
        "patience > 5 and patience < 3", "patience contains 'x'", "user.patience contains 'x'")},
    "says": segdsl.explain(TEXT).names[0].means,
    "needs": segdsl.explain(TEXT).segments[0].needs,
    "matches": [segdsl.evaluate(what, user) for what in (TEXT, filters) for user in (USER, {}, {"analysis": {}})],
    "why": str(segdsl.explain_evaluation("patience > 8", USER)),
    "sql": segdsl.Environment().sql("patience > 3").verdict,
    "builder": segdsl.unparse((segdsl.field("patience") > 3) & segdsl.field("sarcasmDetected")),
    "config": [str(one) for one in problems],
    "guide": [name in authoring_guide() for name in ("patience", "sarcasmDetected", "from 0 to 10")],
    "schema": [schema["analysis"]["properties"]["patience"], "sarcasmDetected" in schema["flags"]["properties"]],
    "command": CliRunner().invoke(main, ["compile", "patience > 3"]).exit_code,
}))
"""


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What a process says that imports the copy with the new names."""
    folder = tmp_path_factory.mktemp("copy")
    for name in ("segdsl", "grammar"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    catalogue = folder / "segdsl" / "catalogue.py"
    text = catalogue.read_text("utf-8")
    for line, added in LINES.items():
        assert text.count(line) == 1
        text = text.replace(line, line + added)
    catalogue.write_text(text, "utf-8")
    ran = subprocess.run(
        [sys.executable, "-c", USED],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    found: dict[str, Any] = json.loads(ran.stdout)
    assert Path(found["file"]).is_relative_to(folder)
    return found


RULES = [
    {"type": "analysis", "field": "patience", "operator": "gte", "value": 2},
    {"type": "analysis", "field": "patience", "operator": "lt", "value": 8},
    {"type": "analysis_flag", "field": "sarcasmDetected", "value": False},
]


def test_it_compiles_to_rules_that_are_valid_and_decompile(answers: dict[str, Any]) -> None:
    assert answers["rules"] == RULES
    assert answers["valid"]
    assert answers["decompiled"] == "2 <= patience < 8 and not sarcasmDetected"
    assert answers["system segment"] == "patience > 3"
    assert [rule["operator"] for (rule,) in answers["unequal"]] == ["lt", "gt"]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("2 <= patience < 8 and not sarcasmDetected", []),
        ("patience > 11", ["out-of-scale"]),
        ("patience > 'x'", ["wrong-type"]),
        ("patience", ["not-a-condition"]),
        ("pacience > 1", ["near-miss"]),
        ("sarcasm_detected", ["near-miss"]),
        ("sarcasmDetected > 1", ["wrong-operator"]),
        ("patience > 5 and patience < 3", ["never-matches"]),
        ("patience contains 'x'", ["wrong-operator"]),
        ("user.patience contains 'x'", []),
    ],
)
def test_it_is_checked(text: str, codes: list[str], answers: dict[str, Any]) -> None:
    assert answers["codes"][text] == codes


def test_it_matches_and_is_explained(answers: dict[str, Any]) -> None:
    assert answers["matches"] == [True, None, None] * 2
    assert answers["why"] == "False, because patience > 8 is false: patience is 3"
    assert answers["says"].startswith("a metric")
    assert answers["needs"] == ["patience", "sarcasmDetected"]


def test_other_languages_and_hosts_know_it(answers: dict[str, Any]) -> None:
    assert "patience" in answers["sql"]
    assert answers["builder"] == "patience > 3 and sarcasmDetected"
    assert answers["config"] == []
    assert answers["guide"] == [True, True, True]
    assert answers["schema"] == [{"type": ["number", "null"], "description": "From 0 to 10."}, True]
    assert answers["command"] == 0
