"""The staircase: who may import whom (contracts in pyproject.toml), and the one home of each library."""

import re
import subprocess
import sys
from pathlib import Path

import grimp
import pytest
from grimp.application.graph import ImportGraph

ROOT = Path(__file__).parents[1]
CONFIG = ROOT / "pyproject.toml"


def test_the_contracts_hold() -> None:
    # in a process of its own: it sets up logging, and would silence all loggers that there are
    code = (
        f"import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports({str(CONFIG)!r}, no_cache=True))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=100, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def imports() -> ImportGraph:
    return grimp.build_graph("segdsl", include_external_packages=True, cache_dir=None)


@pytest.mark.parametrize(
    ("library", "home"),
    [
        ("lark", "segdsl.syntax.grammar"),
        ("httpx", "segdsl.remote.transport"),
        ("filelock", "segdsl.remote.local_files"),
        ("platformdirs", "segdsl.remote.local_files"),
        ("tree_sitter", "segdsl.config.formats.toml"),
        ("tree_sitter_toml", "segdsl.config.formats.toml"),
        ("yaml", "segdsl.config.formats.yaml"),
        ("uvicorn", "segdsl.loopback.server"),
        ("pydantic", "segdsl.integrations.pydantic"),
        ("pydantic_core", "segdsl.integrations.pydantic"),
        ("pytest", "segdsl.pytest_plugin"),
        ("duckdb", "segdsl.sql.duckdb"),
    ],
)
def test_a_library_is_imported_in_one_module(imports: ImportGraph, library: str, home: str) -> None:
    assert imports.find_modules_that_directly_import(library) == {home}


@pytest.mark.parametrize(
    ("library", "home"),
    [
        ("click", "segdsl.cli."),
        ("starlette", ("segdsl.sandbox.", "segdsl.studio.")),
        ("pygls", "segdsl.lsp."),
        ("lsprotocol", "segdsl.lsp."),
    ],
)
def test_a_framework_stays_in_its_package(imports: ImportGraph, library: str, home: str | tuple[str, ...]) -> None:
    importers = imports.find_modules_that_directly_import(library)
    assert importers
    assert all(module.startswith(home) for module in importers)


def test_a_test_only_library_is_not_imported(imports: ImportGraph) -> None:
    assert not imports.modules & {"greenflash", "hypothesis"}


@pytest.mark.parametrize("settings", ["pyproject.toml", "Makefile"])
def test_paths_in_the_settings_exist(settings: str) -> None:
    text = (ROOT / settings).read_text(encoding="utf-8")
    named = set(re.findall(r"\b(?:tests|benchmarks|fuzz|mutation|docs|examples)/[\w./*-]*[\w*]", text))
    assert len(named) > 4
    assert [path for path in sorted(named) if not any(ROOT.glob(path))] == []
