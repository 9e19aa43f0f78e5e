"""The playground of the docs: its page, Python for the browser, and the wheels that it needs, in one folder.

A hook of mkdocs: `make docs` puts the folder into the site as `playground/`. The versions of Pyodide and of the wheels
are those of web/package.json; the wheels' platform is the one that this Pyodide names.
"""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from filelock import FileLock
from mkdocs.structure.files import File, Files

ROOT = Path(__file__).parents[2]
WEB = ROOT / "web"
PYODIDE = WEB / "node_modules" / "pyodide"
RUNTIME = ["pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip", "pyodide-lock.json"]
DOWNLOADS = WEB / "build" / "wheels"


def assemble(folder: Path) -> None:
    """Puts the playground into an empty folder; needs the packages of `make web`."""
    if not PYODIDE.is_dir():
        raise FileNotFoundError("the playground needs the packages of web/: run `make web`")
    with TemporaryDirectory() as unused:
        build_pages(Path(unused), folder)
    (folder / "pyodide").mkdir()
    for name in RUNTIME:
        shutil.copyfile(PYODIDE / name, folder / "pyodide" / name)
    for wheel in _wheels_for_pyodide():
        shutil.copyfile(wheel, folder / wheel.name)
    _python("hatchling", "build", "--target", "wheel", "--directory", folder)
    wheels = sorted(wheel.name for wheel in folder.glob("*.whl"))
    (folder / "wheels.json").write_text(json.dumps(wheels), encoding="utf-8")


def build_pages(studio: Path, playground: Path) -> None:
    """Bundles the page of the studio and that of the playground, each into a folder."""
    node = shutil.which("node")
    if node is None:
        raise FileNotFoundError("node, which builds the pages of web/, is not installed")
    subprocess.run([node, "build.mjs", str(studio), str(playground)], cwd=WEB, check=True)


def _wheels_for_pyodide() -> list[Path]:
    """The wheels of other libraries, downloaded once."""
    info = json.loads((PYODIDE / "pyodide-lock.json").read_text(encoding="utf-8"))["info"]
    requirements = json.loads((WEB / "package.json").read_text(encoding="utf-8"))["wheels"]
    python, platform = info["python"].rpartition(".")[0], f"pyemscripten_{info['abi_version']}_wasm32"
    home = DOWNLOADS / "-".join([*requirements, python, platform])
    DOWNLOADS.mkdir(parents=True, exist_ok=True)
    with FileLock(DOWNLOADS / ".lock"):  # tests build the site in parallel
        if len(list(home.glob("*.whl"))) < len(requirements):
            options = ["--platform", platform, "--python-version", python, "--only-binary", ":all:", "--no-deps"]
            _python("pip", "download", "--disable-pip-version-check", *options, "--dest", home, *requirements)
    return list(home.glob("*.whl"))


def _python(*command: str | Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", *map(str, command)], cwd=ROOT, check=False, capture_output=True, text=True
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(map(str, command))} failed: {done.stdout}{done.stderr}")


# ── the hook ───────────────────────────────────────────────────────────────────────────────────────────────────────

_folders: list[TemporaryDirectory[str]] = []


def on_files(files: Files, config: Any) -> Files:
    """Adds the files of the playground to those of the site."""
    _folders.append(TemporaryDirectory())
    home = Path(_folders[-1].name)
    assemble(home)
    for path in sorted(home.rglob("*")):
        if path.is_file():
            uri = f"playground/{path.relative_to(home).as_posix()}"
            files.append(File.generated(config, uri, abs_src_path=str(path)))
    return files


def on_post_build(config: Any) -> None:
    """The site has copies."""
    while _folders:
        _folders.pop().cleanup()
