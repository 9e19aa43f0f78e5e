"""Everything in the README is true: its commands and Python are run, its expressions compiled, its links followed."""

import doctest
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

import segdsl
from segdsl import sandbox
from segdsl.cli.main import COMMANDS
from tests.docs.fenced_blocks import Block

from . import fenced_blocks

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
(CONFIG,) = fenced_blocks.blocks(README, "toml")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder with the README's config, and a server of its own: what one command creates, the next one finds."""
    where = tmp_path_factory.mktemp("readme")
    (where / "segments.toml").write_text(CONFIG.text, encoding="utf-8")
    (where / "examples").symlink_to(ROOT / "examples")
    with sandbox.running() as server, pytest.MonkeyPatch.context() as patch:
        patch.setenv("GREENFLASH_BASE_URL", server.base_url)
        patch.setenv("GREENFLASH_API_KEY", server.api_key)
        patch.setenv("PATH", os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]))
        patch.setenv("PYTHONUTF8", "1")
        yield where


@pytest.mark.parametrize("block", fenced_blocks.blocks(README, "console"), ids=str)
def test_a_command_prints_the_output_that_is_shown(folder: Path, block: Block) -> None:
    for command in fenced_blocks.commands(block):
        ran = subprocess.run(
            command.line, shell=True, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
        )
        output = ran.stdout.decode()
        assert fenced_blocks.is_shown(output, command.output), f"$ {command.line}\n{output}"


@pytest.mark.parametrize("block", fenced_blocks.blocks(README, "pycon"), ids=str)
def test_python_gives_the_answer_that_is_shown(folder: Path, block: Block) -> None:
    test = doctest.DocTestParser().get_doctest(block.text, {}, str(block), str(README), block.line)
    report: list[str] = []
    outcome = doctest.DocTestRunner().run(test, out=report.append)
    assert outcome.attempted
    assert not outcome.failed, "".join(report)


@pytest.mark.parametrize(
    "text",
    [line for block in fenced_blocks.blocks(README, "segdsl") for line in block.text.splitlines()],
    ids=lambda line: line.partition("#")[0].strip(),
)
def test_an_expression_compiles_without_a_warning(text: str) -> None:
    definitions = tomllib.loads(CONFIG.text)["define"]
    assert segdsl.check(text, params={"plan": "pro"}, definitions=definitions) == ()


def test_every_block_is_of_a_kind_that_is_tested_or_installs() -> None:
    assert {block.language for block in fenced_blocks.blocks(README)} <= {"console", "pycon", "segdsl", "sh", "toml"}
    lines = [line for block in fenced_blocks.blocks(README, "sh") for line in block.text.splitlines()]
    assert all(line.startswith(("python -m pip install ", "python -m build")) for line in lines)


def test_every_command_is_named() -> None:
    named = set(re.findall(r"`(?:segdsl )?([a-z-]+)[ `]", README.read_text("utf-8")))
    assert set(COMMANDS) - named == {"completion"}


@pytest.mark.parametrize("document", sorted(ROOT.glob("*.md")), ids=lambda path: path.name)
def test_links_lead_to_files_that_are_there(document: Path) -> None:
    targets = [target.partition("#")[0] for target in fenced_blocks.links(document) if "://" not in target]
    assert [target for target in targets if target and not (document.parent / target).exists()] == []


@pytest.mark.parametrize("document", sorted(ROOT.glob("*.md")), ids=lambda path: path.name)
def test_every_make_target_that_is_named_is_one(document: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    named = set(re.findall(r"`make ([a-z-]+)", document.read_text("utf-8")))
    assert named - targets == set()
