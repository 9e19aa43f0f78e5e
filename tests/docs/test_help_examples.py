"""The examples in the help of every command, which the command reference repeats, work."""

import gzip
import re
from collections.abc import Iterator
from inspect import cleandoc
from pathlib import Path

import duckdb
import pytest
from docsgen.commands_page import command_of

from segdsl.cli.main import COMMANDS

from .terminal_session import KEY, terminal_session

CONFIG = """\
[properties]
plan = "string"
seats = "integer"

[define]
engaged = "conversationCount >= 5"

[[segment]]
name = "Big Teams"
where = 'plan == "pro" and @engaged'

[[segment.example]]
user = { properties = { plan = "pro" }, conversationCount = 7 }
matches = true
"""
USERS = '{"id": "ada", "properties": {"plan": "pro"}, "lastSeen": "2026-05-30"}\n'
FILTERS = '{"rules": [{"type": "property", "key": "plan", "operator": "eq", "value": "pro"}]}'

FOR_PEOPLE = {
    "segdsl push segments.toml": "asks on a terminal",
    "segdsl lsp": "is started by an editor",
    "segdsl sandbox --fault drop-after-commit=0.2 --fault slow=1:0.5": "serves until Ctrl-C",
    "segdsl studio": "serves until Ctrl-C",
    "segdsl studio segments.toml --open": "serves until Ctrl-C",
    "segdsl studio segments.toml --users users.parquet": "serves until Ctrl-C",
}
EXIT_CODES = {"plan": 2}
"""Where success is not 0: something is to be created."""


def examples() -> Iterator[pytest.ParameterSet]:
    """Each line of a help text that can be typed as it stands; those for a shell's start-up file are the shell's."""
    for name in COMMANDS:
        for line in cleandoc(command_of(name).help or "").splitlines():
            is_command = re.match(r"  (?:\w[^|]*\| )?segdsl ", line)
            if is_command and not line.endswith("config.fish") and line.strip() not in FOR_PEOPLE:
                yield pytest.param(name, line.strip(), id=line.strip())


EXAMPLES = list(examples())


@pytest.mark.parametrize(("name", "line"), EXAMPLES)
def test_an_example_succeeds(name: str, line: str, tmp_path: Path) -> None:
    if name != "pull":  # which does not write over a file
        (tmp_path / "segments.toml").write_text(CONFIG)
    (tmp_path / "segments").mkdir()
    (tmp_path / "segments" / "teams.toml").write_text(CONFIG)
    (tmp_path / "users.jsonl").write_text(USERS)
    (tmp_path / "users.jsonl.gz").write_bytes(gzip.compress(USERS.encode()))
    (tmp_path / "users.csv").write_text("id,seats\nada,12\n")
    (tmp_path / "filters.json").write_text(FILTERS)
    (tmp_path / "users").mkdir()
    for file in ("users.parquet", "users/1.parquet", "users/2.parquet"):
        duckdb.execute(f"COPY (SELECT 'pro' AS plan, 12 AS seats, 7 AS \"conversationCount\") TO '{tmp_path / file}'")
    with terminal_session(tmp_path) as terminal:
        terminal.run("export GREENFLASH_BASE_URL=http://127.0.0.1:8765/api/v1")
        terminal.run(f"export GREENFLASH_API_KEY={KEY}")
        output = terminal.run(line)
    assert terminal.status == EXIT_CODES.get(name, 0), output


def test_every_command_but_those_for_people_has_an_example_that_is_tried() -> None:
    assert set(COMMANDS) - {example.values[0] for example in EXAMPLES} == {"lsp", "sandbox", "studio", "completion"}
