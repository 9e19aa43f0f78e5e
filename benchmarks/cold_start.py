"""The cost of starting: fresh processes of a Python with segdsl and its dependencies only."""

import statistics
from pathlib import Path

from benchmarks.processes import processor_seconds
from benchmarks.report import Section, milli, ratio, table
from benchmarks.timing import Timing

EXPRESSION = 'commercialIntent >= 0.6 and plan == "enterprise"'
BARE, LARK = "python, nothing imported", "python, import lark"
IMPORT, FIRST = "python, import segdsl", "python, import segdsl, first compile"
COMMAND = "segdsl compile EXPRESSION"


def cold_start(python: Path, rounds: int) -> Section:
    """Measures each start in turn, once in each round; `python` is that of the plain installation."""
    starts: dict[str, list[str]] = {
        BARE: [str(python), "-c", "pass"],
        LARK: [str(python), "-c", "import lark"],
        IMPORT: [str(python), "-c", "import segdsl"],
        FIRST: [str(python), "-c", f"import segdsl; segdsl.compile({EXPRESSION!r}).to_json()"],
        COMMAND: [str(python.with_name("segdsl")), "compile", EXPRESSION],
    }
    samples: dict[str, list[float]] = {name: [] for name in starts}
    for number in range(rounds + 1):
        for name, command in starts.items():
            spent = processor_seconds(command)
            if number:  # the first round fills the disk's cache
                samples[name].append(spent)
    found = {name: Timing(statistics.median(spent), min(spent)) for name, spent in samples.items()}
    bare, lark = found[BARE].median, found[LARK].median - found[BARE].median
    rows = [
        [name, *map(milli, (timing.median, timing.minimum, timing.median - bare)), ratio((timing.median - bare) / lark)]
        for name, timing in found.items()
    ]
    text = "\n\n".join(
        [
            "Milliseconds of processor time for a whole process, start to end.",
            table(["", "median", "least", "more than bare Python", "in `import lark`s"], rows),
        ]
    )
    measures = {"import": (found[FIRST].median - bare) / lark, "command": (found[COMMAND].median - bare) / lark}
    return Section("Cold start", text, measures)
