"""The set-up for Neovim, tried in a Neovim without a screen."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from .client import COMMAND

ROOT = Path(__file__).parents[2]
NVIM = shutil.which("nvim")
TEXT = "[[segment]]\nname = 'A'\nwhere = 'plan == \"😀\"  and ratng > 0.3'\n"


@pytest.mark.skipif(NVIM is None, reason="there is no nvim on this machine; .ci/run installs it")
def test_neovim_shows_problems_and_completion_and_formats(tmp_path: Path) -> None:
    assert NVIM
    file, answer = tmp_path / "segments.toml", tmp_path / "answer.json"
    file.write_text(TEXT, encoding="utf-8")
    command = "{" + ", ".join(f"[==[{part}]==]" for part in COMMAND) + "}"
    arguments = [f"lua vim.g.segdsl_cmd = {command}", f"luafile {ROOT / 'editors' / 'neovim.lua'}"]
    arguments += ["edit segments.toml", "set filetype=toml", "call cursor(3, 10)"]
    arguments += [f"luafile {Path(__file__).with_name('neovim_session.lua')}"]
    subprocess.run(
        [NVIM, "--clean", "--headless", *(part for one in arguments for part in ("-c", one))],
        cwd=tmp_path,
        env={**os.environ, "ANSWER": str(answer), "HOME": str(tmp_path), "LC_ALL": "C.UTF-8"},
        check=True,
        timeout=100,
    )
    seen = json.loads(answer.read_text("utf-8"))
    line = TEXT.split("\n")[2]
    start = len(line[: line.index("ratng")].encode())  # Neovim counts bytes
    assert seen["diagnostics"] == [{"code": "near-miss", "line": 2, "column": start, "last": start + len("ratng")}]
    assert "sentiment" in seen["labels"]
    assert "\n".join(seen["lines"]) == TEXT.replace("  and", " and").rstrip("\n")
