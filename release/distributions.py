"""Building the wheel and the sdist, and checking their contents and metadata."""

import json
import re
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from collections import Counter
from collections.abc import Iterator
from email.message import Message
from email.parser import Parser
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).parents[1]

IN_WHEEL = re.compile(
    r"segdsl/(?:[a-z0-9_]+/)*[a-z0-9_]+\.py|segdsl/py\.typed|segdsl/grammar/segdsl\.lark|segdsl/studio/page/[\w.-]+"
    r"|segdsl-[^/]+\.dist-info/(?:METADATA|WHEEL|RECORD|entry_points\.txt|licenses/LICENSE)"
)
"""Patterns of all files that a wheel may hold."""

NEEDED_IN_WHEEL = ("segdsl/py.typed", "segdsl/grammar/segdsl.lark", "segdsl/studio/page/index.html")
NEEDED_IN_SDIST = ("LICENSE", "Makefile", "README.md", "pyproject.toml", "grammar/segdsl.lark", "tests/__init__.py")
CLUTTER = ("__pycache__", "node_modules", ".venv", ".git/", ".hypothesis", ".mypy_cache", "spikes")

NOTICES = "segdsl/studio/page/licenses.txt"
"""The licences of the npm packages in the page, each under its name."""


def build(folder: Path) -> tuple[Path, Path]:
    """Builds the sdist, and the wheel from it; `folder` holds nothing else."""
    for old in folder.glob("*"):
        old.unlink()
    subprocess.run([sys.executable, "-m", "build", "--outdir", folder, ROOT], check=True, stdout=subprocess.DEVNULL)
    subprocess.run(
        [sys.executable, "-m", "twine", "check", "--strict", *folder.iterdir()], check=True, stdout=subprocess.DEVNULL
    )
    (wheel,) = folder.glob("*.whl")
    (sdist,) = folder.glob("*.tar.gz")
    return wheel, sdist


def files_of_wheel(wheel: Path) -> dict[str, int]:
    """Each file of the wheel and its size in bytes."""
    with zipfile.ZipFile(wheel) as archive:
        return {entry.filename: entry.file_size for entry in archive.infolist() if not entry.is_dir()}


def files_of_sdist(sdist: Path) -> dict[str, int]:
    """Each file of the sdist, without the top folder, and its size in bytes."""
    with tarfile.open(sdist) as archive:
        return {entry.name.partition("/")[2]: entry.size for entry in archive if entry.isfile()}


def metadata_of(wheel: Path) -> Message:
    """The wheel's METADATA."""
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        return Parser().parsestr(archive.read(name).decode())


def sizes(files: dict[str, int], depth: int) -> list[tuple[str, int, int]]:
    """For each folder, `depth` names deep: the numbers of files and of bytes."""
    count: Counter[str] = Counter()
    size: Counter[str] = Counter()
    for name, length in files.items():
        folder = "/".join(PurePosixPath(name).parts[:-1][:depth]) or "."
        count[folder] += 1
        size[folder] += length
    return [(folder, count[folder], size[folder]) for folder in sorted(count)]


def problems(wheel: Path, sdist: Path) -> Iterator[str]:
    """All problems of the two, each as a sentence."""
    in_wheel, in_sdist = files_of_wheel(wheel), files_of_sdist(sdist)
    yield from (f"the wheel holds {name}" for name in in_wheel if not IN_WHEEL.fullmatch(name))
    yield from (f"the wheel lacks {name}" for name in NEEDED_IN_WHEEL if name not in in_wheel)
    yield from (f"the sdist lacks {name}" for name in NEEDED_IN_SDIST if name not in in_sdist)
    yield from (f"the sdist holds {name}" for name in in_sdist if any(part in name for part in CLUTTER))
    yield from _problems_of_metadata(metadata_of(wheel))
    yield from _problems_of_changelog(metadata_of(wheel)["Version"])
    yield from _problems_of_licences(wheel)


def _problems_of_metadata(metadata: Message) -> Iterator[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    for field, expected in (
        ("Name", project["name"]),
        ("Summary", project["description"]),
        ("License-Expression", project["license"]),
        ("Requires-Python", project["requires-python"]),
    ):
        if metadata[field] != expected:
            yield f"{field} is {metadata[field]!r} and not {expected!r}"
    if not metadata.get_all("Project-URL"):
        yield "the wheel names no URL"
    if missing := set(project["optional-dependencies"]) - set(metadata.get_all("Provides-Extra", [])):
        yield f"the wheel lacks the extras {', '.join(sorted(missing))}"


def _problems_of_changelog(version: str) -> Iterator[str]:
    changelog = (ROOT / "CHANGELOG.md").read_text("utf-8")
    if not re.search(rf"^## \[{re.escape(version)}\] - \d{{4}}-\d\d-\d\d$", changelog, re.MULTILINE):
        yield f"CHANGELOG.md has no section `## [{version}] - DATE`"
    unreleased = re.search(r"^## \[Unreleased\]\n(.*?)(?=^## |\Z)", changelog, re.MULTILINE | re.DOTALL)
    if unreleased and unreleased[1].strip():
        yield "CHANGELOG.md has changes under [Unreleased]: move them to a version"


def _problems_of_licences(wheel: Path) -> Iterator[str]:
    """The notices beside the studio's page must name each npm package that it imports."""
    with zipfile.ZipFile(wheel) as archive:
        notices = archive.read(NOTICES).decode() if NOTICES in archive.namelist() else None
    if notices is None:
        yield f"the wheel lacks {NOTICES}"
        return
    imported = json.loads((ROOT / "web" / "package.json").read_text("utf-8"))["dependencies"]
    yield from (f"{NOTICES} does not name {name}" for name in imported if name not in notices.splitlines())
