"""The checked-in tables are those of the grammar, under any hash seed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from segdsl.syntax import tables

MAKE = "from segdsl.syntax.grammar import make_tables, tables_module; print(tables_module(make_tables()), end='')"


@pytest.mark.parametrize("seed", ["0", "1", "4711"])
def test_the_tables_are_made_again_byte_for_byte(seed: str) -> None:
    made = subprocess.run(
        [sys.executable, "-c", MAKE],
        env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        check=True,
    )
    assert made.stdout.decode().replace("\r\n", "\n") == Path(tables.__file__).read_text(encoding="utf-8")
