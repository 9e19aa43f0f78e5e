"""The commands of every target are text that a shell can read; most targets take too long to run them here."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TARGETS = re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)


@pytest.mark.parametrize("target", TARGETS)
def test_a_shell_reads_what_a_target_runs(target: str) -> None:
    make = ["make", "--dry-run", "--always-make", "--no-print-directory", target]
    commands = subprocess.run(make, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert commands
    subprocess.run(["sh", "-n"], input=commands, capture_output=True, text=True, check=True)
