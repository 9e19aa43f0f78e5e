"""`segdsl schema`, `explain-code` and `completion`."""

import json

import jsonschema
import pytest
from click.shell_completion import ShellComplete

from segdsl.cli.main import COMMANDS, main
from segdsl.diagnostics import CODES

from .command_line import run


def test_the_schema_is_one_and_knows_a_config() -> None:
    schema = json.loads(run("schema").stdout)
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate({"segment": [{"name": "A", "where": "rating > 3"}]}, schema)


@pytest.mark.parametrize("code", CODES)
def test_every_code_is_explained_within_80_columns(code: str) -> None:
    result = run("explain-code", code)
    assert (result.exit_code, result.stderr) == (0, "")
    title, meaning, *_ = result.stdout.splitlines()
    assert title == f"{CODES[code].severity}[{code}]"
    assert CODES[code].meaning.startswith(meaning)
    prose = [line for line in result.stdout.splitlines() if not line.startswith("    ")]
    assert max(map(len, prose)) <= 80
    assert "\u202e" not in result.stdout


def test_a_code_is_found_as_diagnostics_print_it() -> None:
    assert run("explain-code", "[needs-split]").stdout == run("explain-code", "needs-split").stdout


def test_an_example_its_diagnostic_and_its_fix() -> None:
    assert run("explain-code", "bad-number").stdout.endswith("""

For example:

    seats > 007

segdsl reports:

    error[bad-number]: `007` is not a number
      --> expression:1:9
       |
     1 | seats > 007
       |         ^^^
       = help: write it without leading zeros
       = help: if it is an identifier, write it as text: `"007"`

    1 error

Instead:

    seats > 7
""")


def test_the_values_of_parameters_are_shown() -> None:
    shown = run("explain-code", "bad-parameter").stdout
    assert "\nFor example, with $recent bound to 7:\n" in shown
    assert '\nInstead, with $recent bound to "7d":\n' in shown


def test_advice_where_no_example_is_short_enough() -> None:
    assert run("explain-code", "too-deep").stdout.endswith(
        "\n\nWhat to do:\n\n    Remove unneeded parentheses and `not`s.\n"
    )


def test_without_a_code_all_are_listed() -> None:
    shown = run("explain-code").stdout
    assert [line.split()[0] for line in shown.splitlines() if not line.startswith(" ")] == [*CODES]
    assert max(map(len, shown.splitlines())) <= 80


def test_an_unknown_code_gets_the_nearest() -> None:
    result = run("explain-code", "need-split")
    assert result.exit_code == 2
    assert "did you mean needs-split?" in result.stderr
    assert "lists them all" in run("explain-code", "xyz").stderr


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_completion_script_calls_segdsl(shell: str) -> None:
    result = run("completion", shell)
    assert result.exit_code == 0
    assert f"_SEGDSL_COMPLETE={shell}_complete" in result.stdout
    assert run("completion", "tcsh").exit_code == 2


@pytest.mark.parametrize(
    ("words", "incomplete", "completions"),
    [
        ([], "", [*COMMANDS]),
        ([], "expl", ["explain", "explain-code"]),
        (["compile"], "--s", ["--split", "--schema"]),
        (["match", "seats > 10", "users.jsonl"], "--c", ["--count", "--csv"]),
        (["completion"], "", ["bash", "zsh", "fish"]),
    ],
)
def test_commands_and_options_are_completed(words: list[str], incomplete: str, completions: list[str]) -> None:
    complete = ShellComplete(main, {}, "segdsl", "_SEGDSL_COMPLETE")
    assert [item.value for item in complete.get_completions(words, incomplete)] == completions
