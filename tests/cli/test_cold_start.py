"""Commands import only what they need."""

import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = (
    "httpx", "asyncio", "lark", "tree_sitter", "yaml", "starlette",
    "segdsl.config", "segdsl.remote", "segdsl.sandbox", "segdsl.planning", "segdsl.evaluation",
)  # fmt: skip


def loaded(*arguments: str) -> set[str]:
    """Those of the heavy modules that the command line with these arguments has imported in the end."""
    program = (
        "import sys; from segdsl.cli.main import main\n"
        f"try: main({list(arguments)!r})\n"
        f"except SystemExit: print(*[name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=100, check=False)
    return set(done.stderr.splitlines()[-1].split())


@pytest.mark.parametrize(
    "arguments",
    [
        ["--help"],
        ["compile", 'commercialIntent >= 0.6 and plan == "enterprise"'],
        ["compile", "not a or b", "--split"],
        ["compile", "a > > 3"],
        ["explain", "rating > 3"],
        ["explain-code", "needs-split"],
    ],
)
def test_an_expression_alone_needs_none_of_them(arguments: list[str]) -> None:
    assert loaded(*arguments) == set()


def test_checking_a_toml_file_needs_neither_the_network_nor_yaml(tmp_path: Path) -> None:
    file = tmp_path / "segments.toml"
    file.write_text('[[segment]]\nname = "A"\nwhere = "rating > 3"\n')
    assert loaded("check", str(file)) <= {"segdsl.config", "tree_sitter"}
