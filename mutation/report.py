"""RESULTS.md: a row for each package; rows of packages that were not tried stay."""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

from mutation.mutants import Mutant

FILE = Path(__file__).with_name("RESULTS.md")
BARS = {"syntax": 90, "semantics": 90, "lowering": 95, "wire": 95, "remote": 90, "planning": 90}
"""The percentage of a package's mutants that the tests must kill."""

_HEAD = """# Mutation testing

Written by `make mutants`. A mutant is the code with one small fault in it; it is killed when a test fails. Examined
survivors are in [survivors.toml](survivors.toml), each with its reason; the run prints the others. Not mutated: words
for people (strings of two words or more: snapshots hold them), code outside functions (tables: they are checked against
the official client's types), decorated functions, and the generated tables of the parser.

Each row was counted on its day, on the code of that day. Where fewer mutants were tried than there are, they are a
sample at equal distances in the code (`make mutants SAMPLE=300`), and the percentage is an estimate: of 300 mutants,
two to three points more or less.

| package | counted | mutants | tried | killed | live | killed, % | at least, % |
| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |
"""


def share(mutants: Sequence[Mutant]) -> float:
    """The percentage of the tried mutants that tests kill."""
    return 100 * sum(one.is_killed for one in mutants) / max(1, sum(one.is_tried for one in mutants))


def write(mutants: Iterable[Mutant], packages: Iterable[str]) -> None:
    """The updated rows of the packages."""
    rows = {row.split("|")[1].strip(): row for row in _rows()}
    for package in packages:
        own = [one for one in mutants if one.package == package]
        tried, killed = sum(one.is_tried for one in own), sum(one.is_killed for one in own)
        counts = " | ".join(f"{count:,}" for count in (len(own), tried, killed, tried - killed))
        rows[package] = f"| {package} | {date.today()} | {counts} | {share(own):.1f} | {BARS[package]} |"
    text = _HEAD + "".join(f"{rows[package]}\n" for package in BARS if package in rows)
    FILE.write_text(text, "utf-8")


def _rows() -> list[str]:
    text = FILE.read_text("utf-8") if FILE.exists() else ""
    return re.findall(rf"^\| (?:{'|'.join(BARS)}) \|.*$", text, re.MULTILINE)
