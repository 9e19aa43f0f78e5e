"""Measures everything and writes RESULTS.md: `python -m benchmarks [--quick] --plain FOLDER`.

`--quick` shows the parts that a change of the compiler affects, and writes nothing.

`--plain` is a virtual environment with segdsl and its dependencies only, because other packages change import times.
"""

import argparse
import datetime
import gc
from pathlib import Path

from benchmarks.cold_start import cold_start
from benchmarks.comparison import compare, compare_other_texts
from benchmarks.completion import completion
from benchmarks.config_check import config_check
from benchmarks.contenders import contenders, own, versions
from benchmarks.counting import counting
from benchmarks.family_costs import families
from benchmarks.language_server import language_server
from benchmarks.machine import load, machine
from benchmarks.matching import matching
from benchmarks.planning import planning
from benchmarks.refusals import refusals
from benchmarks.report import Section
from benchmarks.slow_texts import slow_texts
from benchmarks.stages import stages
from benchmarks.targets import targets_table

RESULTS = Path(__file__).with_name("RESULTS.md")
ROUNDS, QUICK_ROUNDS = 25, 3
TEXTS, QUICK_TEXTS = 10_000, 200


def quick_sections() -> list[Section]:
    """The parts that a change of the compiler affects, without the peers; takes about forty seconds."""
    return [
        compare(QUICK_ROUNDS, own(contenders())),
        compare_other_texts(QUICK_ROUNDS),
        *families(QUICK_ROUNDS),
        refusals(QUICK_ROUNDS),
        completion(QUICK_ROUNDS),
        slow_texts(QUICK_TEXTS),
    ]


def sections(plain: Path) -> list[Section]:
    """Every part of the report."""
    binaries = plain / "bin"
    return [
        compare(ROUNDS, contenders()),
        compare_other_texts(ROUNDS),
        *families(ROUNDS),
        stages(ROUNDS),
        refusals(ROUNDS),
        completion(ROUNDS),
        matching(ROUNDS),
        cold_start(binaries / "python", ROUNDS),
        config_check(binaries / "segdsl", ROUNDS // 3),
        language_server(ROUNDS // 3),
        planning(binaries / "segdsl"),
        counting(ROUNDS),
        slow_texts(TEXTS),
    ]


def targets(found: list[Section]) -> str:
    """The targets' table."""
    return targets_table({name: value for section in found for name, value in section.measures.items()})


def report(found: list[Section], loads: tuple[str, str]) -> str:
    """The whole of RESULTS.md."""
    shown = ", ".join(f"{package} {number}" for package, number in versions().items())
    head = f"""# Benchmark results

Written by `make bench`; {datetime.datetime.now(datetime.UTC):%Y-%m-%d %H:%M} UTC.

{machine()}; load {loads[0]} at the start and {loads[1]} at the end. {shown}.

Times are processor time, so that other work on the machine counts less; medians of {ROUNDS} rounds in which all take
turns. Ratios hold from machine to machine, times do not. The yardstick is plain Lark (LALR, contextual lexer, tree) on
the least grammar that reads the texts ([yardstick.lark](yardstick.lark)). Every call gets a text that was never seen.

## Targets

{targets(found)}
"""
    return "\n".join([head, *map(written, found)])


def written(section: Section) -> str:
    return f"## {section.title}\n\n{section.text}\n"


def main() -> None:
    """Measures, and writes or shows the results."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measure segdsl and write RESULTS.md.")
    parser.add_argument("--quick", action="store_true", help="show the compiler's own parts, and write nothing")
    parser.add_argument("--plain", type=Path, required=True, help="virtual environment that holds segdsl alone")
    arguments = parser.parse_args()
    gc.freeze()
    before = load()
    if arguments.quick:
        found = quick_sections()
        print("", *map(written, found), targets(found), sep="\n")
    else:
        found = sections(arguments.plain.resolve())
        RESULTS.write_text(report(found, (before, load())), encoding="utf-8")
        print(f"{RESULTS} is written")


if __name__ == "__main__":
    main()
