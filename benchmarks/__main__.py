"""Measures everything and writes RESULTS.md: `python -m benchmarks [--quick] --plain FOLDER`.

`--plain` is a virtual environment with segdsl and what it needs, and nothing else: what is installed beside a package
changes how long it takes to import.
"""

import argparse
import datetime
import gc
import importlib.util
from pathlib import Path

from benchmarks.cold_start import cold_start
from benchmarks.comparison import compare, compare_other_texts
from benchmarks.config_check import config_check
from benchmarks.contenders import versions
from benchmarks.machine import load, machine
from benchmarks.matching import matching
from benchmarks.planning import planning
from benchmarks.refusals import refusals
from benchmarks.report import Section
from benchmarks.stages import stages
from benchmarks.targets import targets_table

RESULTS = Path(__file__).with_name("RESULTS.md")
ROUNDS, QUICK_ROUNDS = 25, 7


def measured(plain: Path, rounds: int) -> list[Section]:
    """Every part of the report."""
    binaries = plain / "bin"
    sections = [
        compare(rounds),
        compare_other_texts(rounds),
        stages(rounds),
        refusals(rounds),
        matching(rounds),
        cold_start(binaries / "python", rounds),
        config_check(binaries / "segdsl", max(5, rounds // 3)),
    ]
    if importlib.util.find_spec("segdsl.planning"):
        sections.append(planning(binaries / "segdsl"))
    return sections


def report(sections: list[Section], rounds: int, loads: tuple[str, str]) -> str:
    """The whole of RESULTS.md."""
    measures = {name: value for section in sections for name, value in section.measures.items()}
    shown = ", ".join(f"{package} {number}" for package, number in versions().items())
    head = f"""# Benchmark results

Written by `make bench`; {datetime.datetime.now(datetime.UTC):%Y-%m-%d %H:%M} UTC.

{machine()}; load {loads[0]} at the start and {loads[1]} at the end. {shown}.

Times are processor time, so that other work on the machine counts less; medians of {rounds} rounds in which all take
turns. Ratios hold from machine to machine, times do not. The yardstick is plain Lark (LALR, contextual lexer, tree) on
the least grammar that reads the texts ([yardstick.lark](yardstick.lark)). Every call gets a text that was never seen.

## Targets

{targets_table(measures)}
"""
    return "\n".join([head, *(f"## {section.title}\n\n{section.text}\n" for section in sections)])


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measure segdsl and write RESULTS.md.")
    parser.add_argument("--quick", action="store_true", help="fewer rounds: a first impression")
    parser.add_argument("--plain", type=Path, required=True, help="virtual environment that holds segdsl alone")
    arguments = parser.parse_args()
    rounds = QUICK_ROUNDS if arguments.quick else ROUNDS
    gc.freeze()
    before = load()
    sections = measured(arguments.plain.resolve(), rounds)
    RESULTS.write_text(report(sections, rounds, (before, load())), encoding="utf-8")
    print(f"{RESULTS} is written")


if __name__ == "__main__":
    main()
