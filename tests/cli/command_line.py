"""Running the command line, inside this process or, where that is the point, as one of its own."""

import os
import subprocess
import sys
from pathlib import Path

from click.testing import CliRunner, Result

from segdsl.cli.main import main

SEGDSL = [sys.executable, "-m", "segdsl"]


def run(*arguments: str | Path, stdin: str | bytes | None = None, **environment: str) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments], input=stdin, env=environment)


def process(
    *arguments: str | Path, stdin: str | bytes | None = None, **environment: str
) -> subprocess.CompletedProcess[bytes]:
    """`segdsl …` as a process; what it writes is bytes."""
    return subprocess.run(
        [*SEGDSL, *map(str, arguments)],
        input=stdin.encode() if isinstance(stdin, str) else stdin,
        capture_output=True,
        check=False,
        timeout=100,
        env=os.environ | {"COLUMNS": "80"} | environment,
    )
