"""Installing a distribution as a new user does: fresh environment, package index, all extras, each interpreter."""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[1]
VERSIONS = ("3.11", "3.12", "3.13", "3.14")
USERS = '{"id": "ada", "properties": {"plan": "pro", "seats": 10}}\n{"id": "bob", "properties": {"plan": "free"}}\n'

WITH_NO_EXTRA = (
    ("--version",),
    ("compile", 'plan == "pro" and seats > 9'),
    ("check", "segments.toml"),
    ("match", "seats > 9", "users.jsonl"),
    ("sql", "seats > 9", "--dialect", "postgres"),
)
WITH_ALL_EXTRAS = (
    ("count", "seats > 9", "--users", "users.jsonl"),
    ("lsp", "--help"),
    ("studio", "--help"),
    ("sandbox", "--help"),
)
SEGMENTS = "[[segment]]\nname = \"Big\"\nwhere = 'seats > 9'\n"


class Environment:
    """A fresh virtual environment with one distribution in it, and a folder to work in."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._python = folder / "venv" / "bin" / "python"
        (folder / "users.jsonl").write_text(USERS, encoding="utf-8")
        (folder / "segments.toml").write_text(SEGMENTS, encoding="utf-8")

    def install(self, *what: str) -> None:
        """Installs from the index, as users do."""
        command = [str(self._python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *what]
        subprocess.run(command, check=True)

    def try_commands(self, commands: tuple[tuple[str, ...], ...]) -> None:
        """Runs the commands; raises `CalledProcessError` for an exit code other than 0."""
        for command in commands:
            script = [str(self._python.with_name("segdsl")), *command]
            subprocess.run(script, check=True, cwd=self._folder, env=_outside(), stdout=subprocess.DEVNULL)

    def import_times(self, *modules: str, repeats: int = 15) -> list[float]:
        """The median seconds of importing each module, without the start of the interpreter."""
        start = self._median("pass", repeats)
        return [self._median(f"import {module}", repeats) - start for module in modules]

    def _median(self, code: str, repeats: int) -> float:
        return statistics.median(self._seconds(code) for _ in range(repeats))

    def _seconds(self, code: str) -> float:
        before = time.perf_counter()
        subprocess.run([self._python, "-c", code], check=True, cwd=self._folder, env=_outside())
        return time.perf_counter() - before


def interpreters() -> dict[str, str]:
    """The interpreters on this machine, by version."""
    found = {}
    for version in VERSIONS:
        names = [f"python{version}", *map(str, Path.home().glob(f".pyenv/versions/{version}.*/bin/python"))]
        if "{}.{}".format(*sys.version_info) == version:
            names.insert(0, sys.executable)
        if python := next(filter(None, (_that_runs(name, version) for name in names)), None):
            found[version] = python
    return found


@contextmanager
def fresh_environment(python: str) -> Iterator[Environment]:
    """An environment of this interpreter, removed at the end of the block."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([python, "-m", "venv", Path(folder) / "venv"], check=True)
        yield Environment(Path(folder))


def extras() -> str:
    """All extras in pip's syntax: `[lsp,sql,yaml]`."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return f"[{','.join(sorted(project['optional-dependencies']))}]"


def _that_runs(name: str, version: str) -> str | None:
    """The full path of an interpreter, if it exists and has this version."""
    path = shutil.which(name)
    if path is None:
        return None
    code = "import sys; print('{}.{}'.format(*sys.version_info))"
    ran = subprocess.run([path, "-c", code], capture_output=True, text=True, check=False)
    return path if ran.stdout.strip() == version else None


def _outside() -> dict[str, str]:
    """The environment variables of the process, except those of Python."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
