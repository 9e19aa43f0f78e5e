"""The extension for VS Code: its manifest, and the built extension in a stand-in for the editor, with a real server."""

import json
import re
import shlex
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

import segdsl
from segdsl.config.formats import FORMATS
from tests.lsp.client import COMMAND
from tests.lsp.configs import CONFIGS
from tests.lsp.test_recognition import OTHERS

ROOT = Path(__file__).parents[2]
VSCODE = ROOT / "editors" / "vscode"
ESBUILD = VSCODE / "node_modules" / ".bin" / "esbuild"
Json = dict[str, Any]


def read(path: Path) -> Json:
    value: Json = json.loads(path.read_text(encoding="utf-8"))
    return value


PACKAGE = read(VSCODE / "package.json")
SOURCES = {path.name: path.read_text(encoding="utf-8") for path in (VSCODE / "src").glob("*.ts")}

# ── the manifest ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_extension_has_the_version_of_segdsl() -> None:
    assert PACKAGE["version"] == segdsl.__version__


def test_the_lock_file_is_that_of_the_manifest() -> None:
    lock = read(VSCODE / "package-lock.json")
    own = lock["packages"][""]
    for part in ("name", "version", "license", "dependencies", "devDependencies", "engines"):
        assert own[part] == PACKAGE[part], "run `npm install`"
    assert [name for name, one in lock["packages"].items() if name and not one.get("integrity")] == []


def test_the_types_are_those_of_the_oldest_editor() -> None:
    assert PACKAGE["engines"]["vscode"] == f"^{PACKAGE['devDependencies']['@types/vscode']}"


def test_packages_that_are_built_with_the_same_tools_have_the_same_versions_of_them() -> None:
    tools: dict[str, set[str]] = {}
    for manifest in ROOT.glob("*/package.json"), ROOT.glob("*/*/package.json"):
        for path in manifest:
            if "node_modules" not in path.parts:
                for name, version in read(path).get("devDependencies", {}).items():
                    tools.setdefault(name, set()).add(version)
    assert {name: versions for name, versions in tools.items() if len(versions) > 1} == {}
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for versions in tools.values() for version in versions)


def test_the_extension_wakes_up_for_each_language_of_a_config_and_completes_in_its_strings() -> None:
    assert PACKAGE["activationEvents"] == [f"onLanguage:{name}" for name in FORMATS]
    defaults = PACKAGE["contributes"]["configurationDefaults"]
    assert defaults == {f"[{name}]": {"editor.quickSuggestions": {"strings": "on"}} for name in FORMATS}
    assert json.dumps([*FORMATS]) in SOURCES["extension.ts"]


def test_the_settings_and_commands_of_the_manifest_are_those_of_the_code() -> None:
    contributed = PACKAGE["contributes"]
    settings = contributed["configuration"]["properties"]
    names = {*settings, *(one["command"] for one in contributed["commands"])}
    used = {name for text in SOURCES.values() for name in re.findall(r"[\"`](segdsl\.\w+)[\"`]", text)}
    assert used | {"segdsl.trace.server"} == names  # the language client reads this one by the client's name
    assert settings["segdsl.command"]["default"] == ["segdsl", "lsp"]
    assert PACKAGE["capabilities"]["untrustedWorkspaces"]["supported"] is False  # a workspace could name any command


# ── the built extension ──────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The extension, built from its sources. `make editors` installs the tools, and checks the types."""
    if not shutil.which("node") or not ESBUILD.is_file():
        pytest.skip("the tools that build the extension are not installed: `make editors`")
    build = shlex.split(PACKAGE["scripts"]["build"])
    extension = tmp_path_factory.mktemp("built") / "extension.js"
    options = [part for part in build[1:] if not part.startswith("--outfile=")]
    subprocess.run([ESBUILD, *options, "--log-level=error", f"--outfile={extension}"], cwd=VSCODE, check=True)
    return extension


def session(built: Path, folder: Path, **asked: Any) -> Json:
    """The content of the fake editor in a session."""
    done = subprocess.run(
        ["node", Path(__file__).with_name("vscode_host.cjs"), built],
        check=False,
        input=json.dumps({"folder": str(folder), "command": COMMAND, **asked}),
        capture_output=True,
        encoding="utf-8",
        timeout=100,
    )
    assert done.returncode == 0, done.stderr
    seen: Json = json.loads(done.stdout)
    assert seen["failed"] == []
    return seen


def document(name: str, text: str, **more: Any) -> Json:
    language = "yaml" if name.endswith((".yaml", ".yml")) else name.rpartition(".")[2]
    return {"name": name, "language": language, "text": text, **more}


BROKEN = "[[segment]]\nname = 'A'\nwhere = 'ratng > 0.3'\n"


def test_a_config_gets_problems_and_completion_and_the_server_restarts_and_ends(built: Path, tmp_path: Path) -> None:
    seen = session(
        built,
        tmp_path,
        documents=[document("Cargo.toml", OTHERS["Cargo.toml"]), document("segments.toml", BROKEN, waits=True)],
        run=["segdsl.restart"],
        complete={"name": "segments.toml", "line": 2, "character": len("where = '")},
    )
    assert seen["diagnostics"] == {"segments.toml": ["near-miss"]}
    assert "commercialIntent" in seen["labels"]
    assert seen["started"] == [COMMAND, COMMAND]
    assert seen["errors"] == []


def test_a_command_that_is_missing_is_reported_once_and_leads_to_the_setting(built: Path, tmp_path: Path) -> None:
    documents = [document("segments.toml", BROKEN, fails=True), document("segments.json", "{}")]
    seen = session(built, tmp_path, command=["no-such-segdsl", "lsp"], documents=documents, choose="Open Settings")
    assert seen["errors"] == [
        "segdsl: `no-such-segdsl` is not found. Install it (`pip install 'segdsl[lsp]'`), or name the command in the "
        "setting `segdsl.command`."
    ]
    assert seen["executed"] == [["workbench.action.openSettings", "segdsl.command"]]


def test_the_last_words_of_a_command_that_ends_at_once_are_reported(built: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-c", "import sys; sys.exit('no pygls')"]
    seen = session(built, tmp_path, command=command, documents=[document("segments.toml", BROKEN, fails=True)])
    assert seen["errors"] == [f"segdsl: `{' '.join(command)}` ended (exit code 1). no pygls"]
    assert seen["started"] == [command]


CONFIG_TEXTS = {
    **{f"people.{name}": text for name, text in CONFIGS.items()},
    "spaced.toml": " [[ 'segment' ]]\n",
    "inline.toml": "segment = [{name = 'A'}]\n",
    "flow.yaml": "{segment: [{name: A}]}\n",
    "quoted.yaml": '"segment" :\n- name: A\n',
    "segments.yaml": "",
    "eu.segments.json": "",
}
"""Documents that the server accepts as configs, so that it must be started."""

FOREIGN = {
    "pyproject.toml": OTHERS["pyproject.toml"],
    "settings.json": '{"segments": [1], "segment-size": 2, "other_segment": 3}',
    "ci.yaml": "steps:\n- run: segment the users\n",
    "Cargo.lock.toml": '[[package]]\nname = "segment"\nversion = "1"\n',
}


RECOGNISE = """
const { mayBeConfig } = require(process.argv[1]);
const documents = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
console.log(JSON.stringify(Object.keys(documents).filter((name) => mayBeConfig(`/project/${name}`, documents[name]))));
"""


@pytest.mark.usefixtures("built")
def test_the_server_starts_for_all_that_it_takes_for_configs_and_not_for_files_of_other_tools(tmp_path: Path) -> None:
    bundle = tmp_path / "recognition.js"
    arguments = ["--platform=node", "--format=cjs", "--log-level=error", f"--outfile={bundle}"]
    subprocess.run([ESBUILD, VSCODE / "src" / "recognition.ts", *arguments], check=True)
    documents = json.dumps({**CONFIG_TEXTS, **FOREIGN})
    command = ["node", "-e", RECOGNISE, str(bundle)]
    found = subprocess.run(command, input=documents, check=True, capture_output=True, encoding="utf-8")
    started = set(json.loads(found.stdout))
    assert started == {*CONFIG_TEXTS}


def test_the_package_holds_the_extension_and_the_licences_of_all_that_it_bundles(built: Path) -> None:
    done = subprocess.run([sys.executable, VSCODE / "pack.py", built], capture_output=True, text=True, check=True)
    with zipfile.ZipFile(done.stdout.strip()) as package:
        assert package.read("extension/dist/extension.js") == built.read_bytes()
        assert json.loads(package.read("extension/package.json")) == PACKAGE
        manifest = ElementTree.fromstring(package.read("extension.vsixmanifest"))
        types = ElementTree.fromstring(package.read("[Content_Types].xml"))
        notices = package.read("extension/THIRD-PARTY.txt").decode()
        assert {one.get("Extension") for one in types} == {Path(name).suffix for name in package.namelist()} - {".xml"}
        for asset in manifest.iterfind(".//{*}Asset"):
            assert package.getinfo(asset.get("Path", ""))
    identity = next(manifest.iterfind(".//{*}Identity"))
    assert (identity.get("Id"), identity.get("Version")) == (PACKAGE["name"], PACKAGE["version"])
    for name in PACKAGE["dependencies"]:
        assert name in notices
