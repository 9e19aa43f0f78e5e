"""The targets, each compared with the measured value."""

from collections.abc import Mapping
from math import inf
from typing import NamedTuple

from benchmarks.report import milli, ratio, table


class Target(NamedTuple):
    """A measure, its target, and the far mark, if any; `more` if more is better."""

    what: str
    measure: str
    target: float
    far: float | None
    more: bool = False
    unit: str = ""


TARGETS = (
    Target("2 clauses, text to filters JSON, against the yardstick", "flat 2", 0.28, 0.22),
    Target("50 clauses", "flat 50", 0.16, 0.12),
    Target("1,000 clauses", "flat 1000", 0.16, 0.12),
    Target("the slowest family of 10 clauses in which fields repeat", "repeated 10", 0.40, 0.30),
    Target("… of 50 clauses", "repeated 50", 0.30, 0.20),
    Target("… of 1,000 clauses", "repeated 1000", 0.30, 0.20),
    Target("the slowest of definitions, parameters, a scope, a declared schema", "declared", 0.45, 0.30),
    Target("the most that a clause costs, in flat ones: conjunctions, `or` within one field", "clause", 5, 3),
    Target("the slowest `or` that mixes fields, up to 16 segments", "cross-field", 0.020, 0.005, unit=" ms"),
    Target("the slowest refusal of too many segments", "too many", 0.010, 0.002, unit=" ms"),
    Target("a mixed text of 4 conditions, against plain Lark on the same grammar", "mixed 1", 0.40, 0.30),
    Target("a mixed text of 40 conditions, likewise", "mixed 10", 0.30, 0.20),
    Target("growth of the cost of one clause, 10 to 1,000, flat", "growth", 1.3, 1.0),
    Target("the same, in the family that grows most", "family growth", 1.3, 1.0),
    Target("a refusal of 2 clauses, as text: plain Lark parses beyond an acceptance", "refusal 2", 2.5, 1.0),
    Target("a refusal of 50 clauses, likewise", "refusal 50", 1.0, 0.5),
    Target("the slowest completion at 50 clauses, against a check of them", "completion", 0.7, 0.25),
    Target("`import segdsl` and a first compile, against `import lark`", "import", 1.0, 0.55),
    Target("`segdsl compile` beyond bare Python, against `import lark`", "command", 1.4, 1.0),
    Target("a config of 1,000 segments, checked with positions", "config", 0.20, 0.12, unit=" s"),
    Target("language server: an edit reaches its diagnostics in that config", "edit", 0.25, 0.06, unit=" ms"),
    Target("users matched with the reference example", "users", 1_000_000, 2_000_000, more=True, unit=" users/s"),
    Target("users matched with a mixed example", "mixed users", 400_000, 1_000_000, more=True, unit=" users/s"),
    Target("planning 1,000 segments against 1,000, 20 ms away", "plan seconds", 5.0, None, unit=" s"),
    Target("… its peak memory", "plan bytes", 150e6, None, unit=" MB"),
    Target("SQL of 2 clauses, against their filters", "sql text", 6, 3),
    Target("10 million users in Parquet: a count of one expression, against the query by hand", "count 1", 1.2, 1.05),
    Target("… of 12 segments in one pass", "count 12", 1.5, 1.1),
    Target("… of 100 segments", "count 100", 1.5, 1.1),
    Target("… of 20 segments and their overlap", "overlap", 1.5, 1.0),
    Target("a million users in JSON lines: `segdsl count`, against `segdsl match`", "count lines", 0.5, 0.25),
    Target("the slowest clause of a random text, in flat ones", "slow text", 5, 3),
)


def targets_table(measures: Mapping[str, float]) -> str:
    """Each target with a measured value, and whether it is met."""
    rows = [
        [
            target.what,
            _shown(measures.get(target.measure), target),
            _shown(target.target, target),
            _shown(target.far, target),
            _verdict(measures.get(target.measure), target),
        ]
        for target in TARGETS
        if target.measure in measures
    ]
    return table(["", "measured", "target", "far mark", ""], rows)


def _shown(value: float | None, target: Target) -> str:
    if value is None:
        return "–"
    if target.unit in (" MB", " ms"):
        return f"{value / 1e6:.0f} MB" if target.unit == " MB" else f"{milli(value)} ms"
    return f"{value:,.0f}{target.unit}" if inf > value >= 1_000 else f"{ratio(value)}{target.unit}"


def _verdict(value: float | None, target: Target) -> str:
    if value is None:
        return "not measured"
    if not _reaches(value, target.target, target):
        return "**not met**"
    return "met, and the far mark" if target.far is not None and _reaches(value, target.far, target) else "met"


def _reaches(value: float, mark: float, target: Target) -> bool:
    return value >= mark if target.more else value <= mark
