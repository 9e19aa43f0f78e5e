"""The set-ups of editors: each names the command and the languages of the server."""

import json
import os
import re
import shutil
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest

import segdsl
from segdsl.cli.main import COMMANDS
from segdsl.config.formats import EXTENSIONS, FORMATS
from segdsl.lsp.recognition import is_named_as_config
from tests.lsp.client import COMMAND

EDITORS = Path(__file__).parents[2] / "editors"
SERVER = ["segdsl", "lsp"]


def toml(name: str) -> dict[str, Any]:
    return tomllib.loads((EDITORS / name).read_text(encoding="utf-8"))


def test_the_command_is_one_of_segdsl() -> None:
    assert SERVER[1] in COMMANDS


def test_helix_has_the_server_beside_the_usual_one_for_each_language() -> None:
    languages = toml("helix.toml")
    server = languages["language-server"]["segdsl"]
    assert [server["command"], *server["args"]] == SERVER
    assert {one["name"] for one in languages["language"]} == set(FORMATS)
    for one in languages["language"]:
        first, last = one["language-servers"]
        assert (first != "segdsl", last) == (True, "segdsl")


def test_zed_starts_the_server_for_each_language() -> None:
    manifest, package = toml("zed/extension.toml"), toml("zed/Cargo.toml")
    assert manifest["version"] == package["package"]["version"] == segdsl.__version__
    server = manifest["language_servers"]["segdsl"]
    assert server["language_ids"] == {name: name.lower() for name in server["languages"]}
    assert set(server["language_ids"].values()) == set(FORMATS)
    source = (EDITORS / "zed" / package["lib"]["path"]).read_text(encoding="utf-8")
    assert 'which("segdsl")' in source
    assert 'vec!["lsp".into()]' in source


def test_jetbrains_starts_the_server_for_each_ending() -> None:
    template = json.loads((EDITORS / "jetbrains" / "template.json").read_text(encoding="utf-8"))
    assert template["programArgs"]["default"].split() == SERVER
    mapped = {
        pattern.removeprefix("*"): mapping["languageId"]
        for mapping in template["fileTypeMappings"]
        for pattern in mapping["fileType"]["patterns"]
    }
    assert mapped == EXTENSIONS


def test_neovim_starts_the_server_for_each_language() -> None:
    source = (EDITORS / "neovim.lua").read_text(encoding="utf-8")
    assert '{ "segdsl", "lsp" }' in source
    pattern = re.search(r"pattern = \{(.*)\}", source)
    assert pattern
    assert set(re.findall(r'"(\w+)"', pattern[1])) == set(FORMATS)


def test_emacs_starts_the_server_in_files_that_are_named_as_configs() -> None:
    source = (EDITORS / "segdsl.el").read_text(encoding="utf-8")
    assert """'("segdsl" "lsp")""" in source
    endings = re.search(r"file-name-extension name\) '\((.*?)\)", source)
    begins = re.search(r'string-match-p "\\\\`(.*?)\\\\\|(.*?)" name', source)
    assert endings
    assert begins
    assert {f".{ending}" for ending in re.findall(r'"(\w+)"', endings[1])} == {*EXTENSIONS}
    pattern = rf"\A{begins[1]}|{begins[2]}".replace("\\\\", "\\")
    for name in (
        "segments.toml",
        "segments-eu.yml",
        "eu.segments.json",
        "a.segments.b.yaml",
        "Cargo.toml",
        "a-segments.toml",
    ):
        assert bool(re.search(pattern, name)) == is_named_as_config(name), name


EMACS = shutil.which("emacs")


def test_emacs_shows_problems_and_completion_and_formats(tmp_path: Path) -> None:
    tried = [EMACS or "", "-q", "--batch", "--eval", "(require 'eglot)"]
    if EMACS is None or subprocess.run(tried, check=False, capture_output=True).returncode != 0:
        pytest.skip("there is no Emacs with eglot on this machine")
    (tmp_path / "segments.toml").write_text(
        "[[segment]]\nname = 'A'\nwhere = 'plan == \"😀\"  and ratng > 0.3'\n", "utf-8"
    )
    command = " ".join(map(json.dumps, COMMAND))
    session = [
        f"(load {json.dumps(str(EDITORS / 'segdsl.el'))})",
        f"(setq segdsl-command '({command}) eglot-sync-connect 60)",
        '(find-file "segments.toml")',
        "(run-hooks 'post-command-hook)",  # eglot connects when the editor is idle
        "(while (null (flymake-diagnostics)) (accept-process-output nil 0.05))",
        '(dolist (one (flymake-diagnostics)) (message "problem %s" (flymake-diagnostic-text one)))',
        '(progn (goto-char (point-min)) (search-forward "plan") (backward-char 4))',
        '(message "offered %s" (all-completions "" (nth 2 (eglot-completion-at-point))))',
        "(eglot-format-buffer)",
        '(message "formatted %s" (buffer-string))',
        "(eglot-shutdown (eglot-current-server))",
    ]
    done = subprocess.run(
        [EMACS, "-q", "--batch", *(part for form in session for part in ("--eval", form))],
        check=False,
        cwd=tmp_path,
        env={**os.environ, "LC_ALL": "C.UTF-8"},
        capture_output=True,
        encoding="utf-8",
        timeout=100,
    )
    assert done.returncode == 0, done.stderr
    assert "[near-miss]: `ratng` is not a built-in name" in done.stderr
    assert re.search(r"offered \(.*commercialIntent.*\)", done.stderr)
    assert "where = 'plan == \"😀\" and ratng > 0.3'" in done.stderr
