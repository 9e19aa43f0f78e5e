"""The contents and the metadata of the distributions."""

import tarfile
import zipfile
from collections.abc import Iterator
from email.message import Message
from email.parser import Parser
from importlib.metadata import version
from pathlib import Path

import pytest

import segdsl

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def in_wheel(wheel: Path) -> Iterator[zipfile.ZipFile]:
    with zipfile.ZipFile(wheel) as archive:
        yield archive


@pytest.fixture(scope="module")
def in_sdist(sdist: Path) -> Iterator[set[str]]:
    with tarfile.open(sdist) as archive:
        yield {name.partition("/")[2] for name in archive.getnames()}


@pytest.fixture(scope="module")
def metadata(in_wheel: zipfile.ZipFile) -> Message:
    name = f"segdsl-{segdsl.__version__}.dist-info/METADATA"
    return Parser().parsestr(in_wheel.read(name).decode())


EDITORS = {"editors/neovim.lua", "editors/vscode/package-lock.json", "editors/vscode/src/extension.ts"}
PAGE = {f"segdsl/studio/page/{name}" for name in ("index.html", "page.js", "page.css", "icon.svg", "licenses.txt")}
WEB = {"web/package-lock.json", "web/build.mjs", "web/src/page.ts"}


def modules(folder: Path) -> set[str]:
    return {path.relative_to(ROOT).as_posix() for path in folder.rglob("*.py")}


def test_the_wheel_holds_the_package_its_types_marker_and_the_grammar_and_nothing_else(
    in_wheel: zipfile.ZipFile,
) -> None:
    shipped = {name for name in in_wheel.namelist() if ".dist-info/" not in name}
    assert shipped == modules(ROOT / "segdsl") | {"segdsl/py.typed", "segdsl/grammar/segdsl.lark"} | PAGE


def test_the_grammar_of_the_wheel_is_that_of_the_checkout_byte_for_byte(in_wheel: zipfile.ZipFile) -> None:
    assert in_wheel.read("segdsl/grammar/segdsl.lark") == (ROOT / "grammar" / "segdsl.lark").read_bytes()


def test_the_sdist_holds_the_files_of_its_tests(in_sdist: set[str]) -> None:
    needed = {"grammar/segdsl.lark", "Makefile", "mkdocs.yml", "pyproject.toml", "LICENSE", ".pre-commit-hooks.yaml"}
    needed |= {path.relative_to(ROOT).as_posix() for folder in (ROOT, ROOT / "docs") for path in folder.glob("*.md")}
    needed |= {path.relative_to(ROOT).as_posix() for path in (ROOT / "docs" / "images").rglob("*.svg")}
    needed |= modules(ROOT / "segdsl") | modules(ROOT / "tests") | modules(ROOT / "docs")
    needed |= modules(ROOT / "benchmarks") | modules(ROOT / "examples") | EDITORS | PAGE | WEB
    needed |= {f"examples/form/page/{name}" for name in ("index.html", "form.css", "form.js")}
    assert needed - in_sdist == set()


def test_the_sdist_holds_nothing_that_was_only_lying_about(in_sdist: set[str]) -> None:
    clutter = ("__pycache__", "node_modules", ".venv", ".git/", ".hypothesis", ".mypy_cache")
    assert [name for name in in_sdist if any(part in name for part in clutter)] == []


def test_the_version_is_the_same_everywhere(metadata: Message) -> None:
    assert metadata["Version"] == segdsl.__version__ == version("segdsl")


def test_the_metadata_tells_the_licence_the_readme_and_the_oldest_python(metadata: Message) -> None:
    assert metadata["License-Expression"] == "Apache-2.0"
    assert metadata["Requires-Python"] == ">=3.11"
    assert str(metadata.get_payload()).strip() == (ROOT / "README.md").read_text(encoding="utf-8").strip()


def test_the_licence_is_shipped(in_wheel: zipfile.ZipFile) -> None:
    shipped = in_wheel.read(f"segdsl-{segdsl.__version__}.dist-info/licenses/LICENSE")
    assert shipped == (ROOT / "LICENSE").read_bytes()
