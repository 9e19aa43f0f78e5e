"""`segdsl explain`: what people read; what scripts read."""

import json
from pathlib import Path

import pytest

import segdsl

from .command_line import run


def test_for_people() -> None:
    result = run(
        "explain", 'plan == "pro" and not (seats < 5 or lastSeen before 1w) and 0.3 <= sentiment < 0.7 during 30d'
    )
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == (
        "The expression\n"
        '  plan == "pro"\n'
        "  and not (seats < 5 or lastSeen before 1w)\n"
        "  and 0.3 <= sentiment < 0.7\n"
        "  during 30d\n"
        "\n"
        "In words\n"
        "  A user is in the segment when this holds:\n"
        "    - all of these:\n"
        '      - plan is "pro"\n'
        "      - none of these:\n"
        "        - seats is less than 5\n"
        "        - lastSeen is more than 1 week ago\n"
        "      - sentiment is at least 0.3 and less than 0.7\n"
        "  Of their conversations these count: those of the last 30 days.\n"
        "\n"
        "The names in it\n"
        "  plan       a user property (not a built-in name)\n"
        "  seats      a user property (not a built-in name)\n"
        "  lastSeen   when the user was last seen\n"
        "  sentiment  a metric, from 0 to 1\n"
        "\n"
        "The API's rules: 2 segments\n"
        "  seats < 5: `not … <` means `>=`, which the API does not have for user\n"
        "  properties; this needs 2 segments. A user in any of them matches.\n"
        "\n"
        "  1/2\n"
        '  plan == "pro" and seats > 5 and lastSeen within 7d and 0.3 <= sentiment < 0.7\n'
        '    property   plan       eq      "pro"\n'
        "    property   seats      gt      5\n"
        '    last_seen             within  "7d"\n'
        "    analysis   sentiment  gte     0.3\n"
        "    analysis   sentiment  lt      0.7\n"
        "  Excludes users without `plan`, `seats`, `lastSeen` or `sentiment`.\n"
        "\n"
        "  2/2\n"
        '  plan == "pro" and seats == 5 and lastSeen within 7d and 0.3 <= sentiment < 0.7\n'
        '    property   plan       eq      "pro"\n'
        "    property   seats      eq      5\n"
        '    last_seen             within  "7d"\n'
        "    analysis   sentiment  gte     0.3\n"
        "    analysis   sentiment  lt      0.7\n"
        "  Excludes users without `plan`, `seats`, `lastSeen` or `sentiment`.\n"
    )


@pytest.fixture
def schema(tmp_path: Path) -> Path:
    file = tmp_path / "s.toml"
    file.write_text(
        '[properties]\nplan = ["pro", "team"]\nseats = "integer"\n\n'
        '[define]\nbig = "seats >= 10"\nbigger = "@big and jailbreakDetected"\nunused = "seats > 1"\n'
    )
    return file


def test_definitions_and_declarations(schema: Path) -> None:
    shown = run("explain", '@bigger and plan == "pro"', "--schema", schema).stdout
    assert "    - all of these:\n      - what @bigger says\n" in shown
    assert "\n@bigger\n  - all of these:\n    - what @big says\n    - jailbreakDetected is true\n" in shown
    assert "\n@big\n  - seats is at least 10\n" in shown
    assert "unused" not in shown
    assert "  seats              a user property, declared as a whole number\n" in shown
    assert '  plan               a user property, declared as one of "pro" or "team"\n' in shown
    assert "\nThe API's rules\n" in shown


def test_warnings_belong_to_the_result() -> None:
    result = run("explain", "rating > 1 and rating > 2")
    assert (result.exit_code, result.stderr) == (0, "")
    assert "\n\nwarning[redundant]: " in result.stdout
    assert result.stdout.endswith("\n\n1 warning\n")


def test_errors_go_to_stderr_after_the_explanation() -> None:
    result = run("explain", "plan == $p")
    assert result.exit_code == 1
    assert "  - plan is $p\n" in result.stdout
    assert "The names in it" not in result.stdout
    assert result.stderr.startswith("error[unbound-parameter]: ")


def test_a_text_that_does_not_parse_is_not_explained() -> None:
    result = run("explain", "plan == ")
    assert (result.exit_code, result.stdout) == (1, "")


def test_for_scripts(schema: Path) -> None:
    result = run("explain", "@big or rating > 60", "--json", "--schema", schema)
    assert (result.exit_code, result.stderr) == (0, "")
    document = json.loads(result.stdout)
    assert document | {"segments": [], "diagnostics": []} == {
        "version": 1,
        "expression": "@big or rating > 60",
        "says": {
            "says": "at least one of these:",
            "parts": [
                {"says": "what @big says", "expression": "@big"},
                {"says": "rating is more than 60", "expression": "rating > 60"},
            ],
        },
        "scope": [],
        "definitions": [
            {
                "name": "big",
                "expression": "seats >= 10",
                "says": {"says": "seats is at least 10", "expression": "seats >= 10"},
            }
        ],
        "names": [
            {"name": "rating", "means": "a metric"},
            {"name": "seats", "means": "a user property, declared as a whole number"},
        ],
        "segments": [],
        "split": "the API has no `or`; this needs 2 segments",
        "diagnostics": [],
    }
    filters = [segdsl.compile(text).to_dict() for text in ("seats > 9", "rating > 60")]
    assert document["segments"] == [
        {"expression": "seats > 9", "filters": filters[0], "needs": ["seats"]},
        {"expression": "rating > 60", "filters": filters[1], "needs": ["rating"]},
    ]


def test_json_of_errors_is_on_stdout() -> None:
    result = run("explain", "plan == $p", "--json")
    assert (result.exit_code, result.stderr) == (1, "")
    document = json.loads(result.stdout)
    assert [one["code"] for one in document["diagnostics"]] == ["unbound-parameter"]
    assert document["segments"] == document["names"] == []


@pytest.mark.parametrize(
    "expression", ["not " * 200 + "a", "(" * 200 + "a" + ")" * 200, "not (a or not (b and " * 50 + "c" + "))" * 50]
)
@pytest.mark.parametrize("options", [[], ["--json"]])
def test_deep_ones_are_explained_too(expression: str, options: list[str]) -> None:
    result = run("explain", expression, *options)
    assert result.exception is None or isinstance(result.exception, SystemExit)
    assert result.stdout


def test_an_expression_from_stdin() -> None:
    assert run("explain", "-", stdin="rating > 3\n").stdout == run("explain", "rating > 3").stdout


@pytest.mark.parametrize(
    "text",
    [
        "frustration > 70%", "frustration is high", "plan is pro and not enterprise", "plan = free and seats > ten",
        "comercialIntent > 0.5 and rating >", "sentiment > true", "plan == 'a",
    ],
)  # fmt: skip
def test_all_commands_say_the_same_of_a_text(text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The errors of `compile` for an expression, and those of `check` for a config."""
    monkeypatch.chdir(tmp_path)
    schema = '[properties]\nplan = ["free", "pro"]\nseats = "integer"\n'
    Path("schema.toml").write_text(schema)
    Path("users.jsonl").write_text("{}\n")
    users = ("--users", "users.jsonl")
    wanted = _errors(run("compile", text, "--schema", "schema.toml").stderr.partition("\ncorrected: ")[0])
    assert wanted
    assert _errors(run("explain", text, "--schema", "schema.toml").stderr) == wanted
    assert _errors(run("sql", text, "--schema", "schema.toml").stderr) == wanted
    assert _errors(run("count", text, *users, "--schema", "schema.toml").stderr) == wanted
    assert _errors(run("match", text, "users.jsonl", "--schema", "schema.toml").stderr) == wanted
    Path("segments.toml").write_text(f'{schema}[[segment]]\nname = "A"\nwhere = """{text}\n"""\n')
    checked = run("check", "segments.toml")
    wanted = _errors(checked.stdout + checked.stderr)
    assert wanted
    assert _errors(run("sql", "segments.toml").stderr) == wanted
    assert _errors(run("count", "segments.toml", *users).stderr) == wanted


def _errors(report: str) -> list[str]:
    """Codes, messages, places and help; a command may add its own line at the end."""
    return [line for line in report.splitlines() if line.startswith(("error[", "  -->", "   = help"))]
