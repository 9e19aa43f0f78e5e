"""`segdsl guide`."""

from pathlib import Path

from segdsl.guide import authoring_guide

from .command_line import run

CONFIG = """
[properties]
plan = ["free", "pro"]

[define]
engaged = "conversationCount >= 5"
"""


def test_the_guide_is_printed() -> None:
    result = run("guide")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == authoring_guide() + "\n"


def test_it_is_written_for_the_declarations_of_a_config(tmp_path: Path) -> None:
    config = tmp_path / "segments.toml"
    config.write_text(CONFIG)
    printed = run("guide", "--schema", str(config)).stdout
    assert "\n| `plan` | a user property | `==` " in printed
    assert ' | one of `"free"`, `"pro"` |\n' in printed
    assert "- `@engaged`: `conversationCount >= 5`" in printed


def test_an_unusable_config_is_an_error(tmp_path: Path) -> None:
    config = tmp_path / "segments.toml"
    config.write_text("[properties]\nplan = 3\n")
    result = run("guide", "--schema", str(config))
    assert (result.exit_code, result.stdout) == (1, "")
    assert "error[wrong-value]" in result.stderr
