"""A config of 1,000 segments, checked with positions."""

import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from random import Random

from benchmarks.processes import processor_seconds
from benchmarks.report import Section, milli, table
from benchmarks.texts import DIALECTS, WORDS, clauses

SEGMENTS = 1_000
PROGRAM = """
import sys, time
from segdsl.config.check import check_files
started = time.process_time()
configs, problems = check_files(sys.argv[1:])
print(time.process_time() - started)
assert configs and not any(problem.severity == "error" for problem in problems)
"""


def write_config(folder: Path) -> Path:
    """A TOML file with 1,000 segments, each with an expression of its own, of 1 to 5 clauses."""
    random = Random(SEGMENTS)
    names = [f"{word}_{number}" for number in range(3) for word in WORDS]
    path = folder / "segments.toml"
    path.write_text("\n".join([_segment(number, random, names) for number in range(SEGMENTS)]), encoding="utf-8")
    return path


def _segment(number: int, random: Random, names: list[str]) -> str:
    where = DIALECTS["segdsl"](clauses(random, random.randint(1, 5), names))
    return f"""[[segment]]
name = "Segment {number}"
description = "Users of kind {number}"
icon = "Users"
where = '{where}'
"""


def config_check(command: Path, rounds: int) -> Section:
    """The check by itself, in fresh processes, and the whole command; `command` is the installed `segdsl`."""
    with tempfile.TemporaryDirectory() as folder:
        path = write_config(Path(folder))
        alone = [_check_alone(path) for _ in range(rounds)]
        whole = [processor_seconds([str(command), "check", str(path)]) for _ in range(rounds)]
    rows = [
        ["the check alone, modules imported", milli(statistics.median(alone)), milli(min(alone))],
        ["`segdsl check segments.toml`, all in all", milli(statistics.median(whole)), milli(min(whole))],
    ]
    text = "\n\n".join(
        [
            f"{SEGMENTS:,} segments in one TOML file, each checked and lowered, every problem positioned in the file; "
            "milliseconds of processor time in a fresh process, nothing cached.",
            table(["", "median", "least"], rows),
        ]
    )
    return Section("A config of 1,000 segments", text, {"config": statistics.median(alone)})


def _check_alone(path: Path) -> float:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(path)], capture_output=True, text=True, check=True, cwd=path.parent
    )
    return float(done.stdout)
