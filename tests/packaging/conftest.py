"""The distributions, built once, and fresh environments to install them into, which borrow this one's dependencies."""

import os
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


class Environment:
    """A virtual environment in `folder`, and a folder beside it to work in, from which no checkout is in sight."""

    def __init__(self, folder: Path) -> None:
        venv.EnvBuilder(symlinks=os.name != "nt").create(folder / "venv")
        paths = sysconfig.get_paths("venv", {"base": str(folder / "venv")})
        self.scripts = Path(paths["scripts"])
        self.python = self.scripts / Path(sys.executable).name
        self.elsewhere = folder / "elsewhere"
        self.elsewhere.mkdir()
        # The folder in a .pth file comes after site-packages itself, and .pth files in there (an editable install of
        # segdsl, say) are not read: so dependencies are found in it, and segdsl is not.
        dependencies = sysconfig.get_path("purelib")
        Path(paths["purelib"], "dependencies.pth").write_text(dependencies, encoding="utf-8")

    def install(self, *what: str | Path) -> None:
        """Installs without asking any index, and without dependencies."""
        options = ["--quiet", "--no-deps", "--no-index", "--no-build-isolation", "--disable-pip-version-check"]
        subprocess.run([sys.executable, "-m", "pip", "--python", self.python, "install", *options, *what], check=True)

    def run(self, *command: str | Path, **variables: str) -> str:
        """The output of a command in the other folder, without the PYTHON… variables of this environment."""
        outside = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
        ran = subprocess.run(
            command,
            cwd=self.elsewhere,
            env={**outside, "PYTHONUTF8": "1", **variables},
            capture_output=True,
            check=False,
        )
        assert ran.returncode == 0, ran.stderr.decode()
        return ran.stdout.decode()


@pytest.fixture
def environment(tmp_path: Path) -> Environment:
    return Environment(tmp_path)


@pytest.fixture(scope="session")
def distributions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sdist, and the wheel that is built from what the sdist holds."""
    folder = tmp_path_factory.mktemp("dist")
    command: list[str | Path] = [sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, ROOT]
    subprocess.run(command, check=True, capture_output=True)
    return folder


@pytest.fixture(scope="session")
def wheel(distributions: Path) -> Path:
    (found,) = distributions.glob("segdsl-*.whl")
    return found


@pytest.fixture(scope="session")
def sdist(distributions: Path) -> Path:
    (found,) = distributions.glob("segdsl-*.tar.gz")
    return found
