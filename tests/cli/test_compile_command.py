"""`segdsl compile`."""

import json
from pathlib import Path
from typing import Any

import pytest

from .command_line import run

REFERENCE = {
    "rules": [
        {"type": "analysis", "field": "commercialIntent", "operator": "gte", "value": 0.6},
        {"type": "property", "key": "plan", "operator": "eq", "value": "enterprise"},
    ]
}


def result_of(*arguments: str | Path, **options: str) -> Any:
    result = run("compile", *arguments, **options)
    assert (result.exit_code, result.stderr) == (0, "")
    return json.loads(result.stdout)


def test_the_filters_are_printed_readably_in_the_order_of_the_wire() -> None:
    result = run("compile", 'commercialIntent >= 0.6 and plan == "enterprise"')
    assert result.stdout == json.dumps(REFERENCE, indent=2) + "\n"


@pytest.mark.parametrize("text", ["rating > 3", "rating > 3\n", "\ufeffrating > 3 # good\n"])
def test_a_dash_reads_stdin(text: str) -> None:
    assert result_of("-", stdin=text) == result_of("rating > 3")


@pytest.mark.parametrize("expression", ["-5 < seats", "-.5 < seats", "-5<seats and not (hot or plan == '-h')"])
def test_an_expression_may_begin_with_a_number_below_zero(expression: str) -> None:
    before = run("compile", expression, "--name", "A")
    assert (before.exit_code, before.stderr) == (0, "")
    assert (
        run("compile", "--name", "A", expression).stdout
        == before.stdout
        == run("compile", "--name=A", "--", expression).stdout
    )


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--spilt", "a or b"], "--split"),
        (["a or b", "--spilt"], "--split"),
        (["--nam=A", "a"], "--name"),
        (["-s", "a or b"], "No such option"),
        (["a", "b"], "Got unexpected extra argument (b)"),
        ([], "Missing argument 'EXPR'."),
        (["a", "--param", "p"], "'p' is neither NAME=TEXT nor NAME:=JSON"),
        (["a", "--param", "2p=x"], "'2p=x' is neither NAME=TEXT nor NAME:=JSON"),
        (["a", "--param", "p:=x"], "what follows p:= is not JSON; for a text write p=x"),
        (["a", "--param", "p:=" + "[" * 100_000], "what follows p:= is not JSON"),
        (["a", "--param", "p=1", "--param", "p:=2"], "p is given twice"),
        (["a", "--max-segments", "0", "--split"], "0 is not in the range x>=1"),
    ],
)
def test_misuse(arguments: list[str], told: str) -> None:
    result = run("compile", *arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert told in " ".join(result.stderr.split())


def test_errors_are_diagnostics_on_stderr_with_advice_for_the_command_line() -> None:
    result = run("compile", 'plan == "pro" and seats >= 10')
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("error[needs-split]: ")
    assert "`--split`" in result.stderr
    assert "--schema" in result.stderr
    assert result.stderr.endswith("\n\n1 error\n")


def test_warnings_go_to_stderr_and_change_nothing_else() -> None:
    result = run("compile", "rating > 1 and rating > 2")
    assert result.exit_code == 0
    assert json.loads(result.stdout)["rules"][0]["value"] == 2
    assert result.stderr.startswith("warning[redundant]: ")
    assert result.stderr.endswith("\n\n1 warning\n")


def test_split_prints_an_array_even_of_one() -> None:
    assert result_of("plan in ['a', 'b']", "--split") == [result_of("plan == 'a'"), result_of("plan == 'b'")]
    assert result_of("plan == 'a'", "--split") == [result_of("plan == 'a'")]


def test_split_has_a_limit_that_can_be_raised() -> None:
    expression = " or ".join(f"p{number} == 1" for number in range(20))
    refused = run("compile", expression, "--split")
    assert refused.exit_code == 1
    assert refused.stderr.startswith("error[too-many-segments]: this needs 20 segments; the limit is 16\n")
    assert len(result_of(expression, "--split", "--max-segments", "20")) == 20


def test_a_name_makes_the_whole_body() -> None:
    body = result_of("rating > 3", "--name", "Häppy", "--description", "They rate well", "--icon", "Star")
    assert body == {
        "filters": result_of("rating > 3"),
        "name": "Häppy",
        "description": "They rate well",
        "icon": "Star",
    }
    assert list(result_of("rating > 3", "--icon", "Star")) == ["filters", "icon"]


def test_the_parts_of_a_split_are_numbered() -> None:
    bodies = result_of("a or b", "--split", "--name", "Big", "--icon", "Star")
    assert [(body["name"], body["icon"]) for body in bodies] == [("Big (1/2)", "Star"), ("Big (2/2)", "Star")]
    assert [body["name"] for body in result_of("a", "--split", "--name", "Big")] == ["Big"]
    assert [list(body) for body in result_of("a or b", "--split", "--icon", "X")] == [["filters", "icon"]] * 2


def test_a_name_beyond_the_limit_is_refused() -> None:
    result = run("compile", "rating > 3", "--name", "x" * 256)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("Error: name: must be at most 255 UTF-16 code units")


def test_parameters_are_values() -> None:
    assert result_of("plan == $p", "--param", 'p=" or true')["rules"][0]["value"] == '" or true'
    assert result_of("seats > $n", "--param", "n:=12")["rules"][0]["value"] == 12
    assert result_of("plan == $p", "--param", "p=a=b")["rules"][0]["value"] == "a=b"
    assert len(result_of("plan in $all", "--split", "--param", 'all:=["a", "b"]')) == 2


def test_a_parameter_without_a_value_is_a_diagnostic() -> None:
    assert run("compile", "plan == $p").stderr.startswith("error[unbound-parameter]: ")
    assert run("compile", "plan == $p", "--param", "p:=null").stderr.startswith("error[bad-parameter]: ")


@pytest.fixture
def schema(tmp_path: Path) -> Path:
    file = tmp_path / "schema.toml"
    file.write_text('[properties]\nseats = "integer"\n\n[define]\nbig = "seats >= 10"\nodd = "nope == 1"\n')
    return file


def test_a_schema_file_declares_and_defines(schema: Path) -> None:
    assert result_of("@big", "--schema", schema)["rules"] == [
        {"type": "property", "key": "seats", "operator": "gt", "value": 9}
    ]


def test_an_error_in_a_definition_stands_in_its_file(schema: Path) -> None:
    result = run("compile", "@big and @odd", "--schema", schema)
    assert result.exit_code == 1
    assert f"--> {schema}:6:8 (definition @odd)\n" in result.stderr
    assert "`@odd` is used here\n  --> expression:1:10\n" in result.stderr


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("a.toml", "[properties]\nseats = 'whole'\n", "error[wrong-value]: "),
        ("a.toml", "[properties\n", "error[unreadable-config]: "),
        ("a.txt", "", "error[unreadable-config]: "),
    ],
)
def test_a_bad_schema_file_is_refused(tmp_path: Path, name: str, text: str, told: str) -> None:
    file = tmp_path / name
    file.write_text(text)
    result = run("compile", "seats > 1", "--schema", file)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith(told)


def test_too_much_on_stdin_is_refused_before_it_is_read() -> None:
    result = run("compile", "-", stdin="a " * 200_000)
    assert (result.exit_code, result.stderr) == (
        1,
        "Error: stdin: larger than an expression can be (262144 bytes)\n",
    )


def test_stdin_that_is_not_utf8_is_refused() -> None:
    result = run("compile", "-", stdin=b'plan == "\xff"')
    assert (result.exit_code, result.stderr) == (1, "Error: stdin: not UTF-8: byte 0xff at offset 9\n")


# ── the corrected text ─────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "corrected"),
    [
        ("sentimnt < 0.3", "corrected: sentiment < 0.3"),
        ("CQI > 50 and lastSeen < '7d'", "corrected: cqi > 50 and lastSeen within 7d"),
        ("CQI > 50\n  and seats > 5 # many", "corrected:\ncqi > 50\n  and seats > 5 # many"),
    ],
)
def test_the_last_lines_are_the_whole_corrected_text(text: str, corrected: str) -> None:
    refused = run("compile", text)
    assert refused.stderr.endswith(f" error{'s' * (refused.stderr.count('error[') > 1)}\n{corrected}\n")
    assert run("compile", corrected.removeprefix("corrected:").strip()).exit_code == 0


@pytest.mark.parametrize(
    "text",
    [
        "CQI > 50 and null == 3",  # one error has no fix
        'CQI > 50 or plan == "pro"',  # the corrected text would need two segments
        "toxicity is true",  # several are near
    ],
)
def test_a_text_that_fixes_do_not_make_right_is_not_shown(text: str) -> None:
    refused = run("compile", text)
    assert refused.exit_code == 1
    assert "corrected:" not in refused.stderr


def test_the_corrected_text_is_right_under_the_schema(tmp_path: Path) -> None:
    schema = tmp_path / "a.toml"
    schema.write_text('[properties]\nplan = ["free", "pro"]\n[define]\nbusy = "sentimnt > 0.5"\n')
    refused = run("compile", 'plan == "Pro"', "--schema", str(schema))
    assert refused.stderr.endswith('corrected: plan == "pro"\n')
    in_definition = run("compile", 'plan == "Pro" and @busy', "--schema", str(schema))
    assert "corrected:" not in in_definition.stderr
