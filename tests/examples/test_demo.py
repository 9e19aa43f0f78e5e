"""`make demo`, without the installation: it creates every example segment, once, and reports when a command fails."""

import os
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

from segdsl.config.check import compile_config
from segdsl.config.load import load

EXAMPLES = Path(__file__).parents[2] / "examples"


def test_every_segment_is_created_once_and_shown(tmp_path: Path) -> None:
    elsewhere = {**os.environ, "GREENFLASH_API_KEY": "the-users-own", "GREENFLASH_BASE_URL": "https://example.invalid"}
    ran = subprocess.run(
        [sys.executable, "-X", "utf8", EXAMPLES / "demo.py"],
        env=elsewhere,
        cwd=tmp_path,
        capture_output=True,
        check=False,
    )
    shown = ran.stdout.decode()
    assert ran.returncode == 0, ran.stderr.decode() + shown
    config, _ = load(EXAMPLES / "segments.toml")
    assert config is not None
    compiled, _ = compile_config(config)
    filters = [one for segment in compiled for one in segment.filters]
    before, _, after = shown.partition("$ segdsl push")
    assert "3,000 users in examples/users.parquet" in before
    assert all(segment.config.name in before for segment in compiled)
    assert f"{len(filters)} created" in after
    assert f"{len(filters)} unchanged\nnothing to create" in shown
    held = shown.partition("The segments on the server")[2]
    assert held.count('{"rules":') == len(filters)
    assert [one for one in filters if one.to_json().decode() not in held] == []
    assert "the-users-own" not in shown


def test_a_command_that_fails_ends_it_with_its_exit_code(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    demo = runpy.run_path(str(EXAMPLES / "demo.py"))
    monkeypatch.setitem(demo["main"].__globals__, "CONFIG", "examples/no-such-file.toml")
    assert demo["main"]() == 1
    out, err = capfd.readouterr()
    assert "no-such-file.toml" in out + err
    assert "push" not in out
