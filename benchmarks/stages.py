"""Where the time of a compile goes, stage by stage down the staircase."""

from collections.abc import Callable
from random import Random
from typing import Any

import segdsl
from benchmarks.report import Section, micro, table
from benchmarks.texts import DIALECTS, clauses
from benchmarks.timing import Runner, Timing, race
from segdsl.lowering.plain import plain_conjunctions
from segdsl.semantics.checker import check
from segdsl.syntax.actions import Reading
from segdsl.syntax.driver import run
from segdsl.syntax.lexer import tokens
from segdsl.wire.emit import to_filters

SIZES = (2, 50, 1_000)
Stage = Callable[[Any], Any]

STAGES: dict[str, Stage] = {
    "lex: text → tokens": lambda text: (text, tokens(text)),
    "parse: tokens → tree": lambda found: run(Reading(*found)),
    "check: tree → typed tree": lambda tree: check(tree)[0],
    "lower: typed tree → normal form": lambda typed: (typed, plain_conjunctions(typed.condition, 1)),
    "emit: normal form → filters": lambda found: to_filters(found[1][0], found[0]),
    "encode: filters → bytes": lambda filters: filters.to_json(),
}
WHOLE = "compile and encode, all in all"


def stages(rounds: int) -> Section:
    """Each stage by itself, on what the stages before it made of new texts."""
    timings: dict[int, dict[str, Timing]] = {}
    for size in SIZES:
        print(f"stages of {size} clauses")
        runners = {name: Runner(stage, _inputs(size, name)) for name, stage in STAGES.items()}
        runners[WHOLE] = Runner(lambda text: segdsl.compile(text).to_json(), _inputs(size, next(iter(STAGES))))
        timings[size] = race(runners, rounds)
    rows = [[name, *(_cell(timings[size], name) for size in SIZES)] for name in [*STAGES, WHOLE]]
    text = "\n\n".join(
        [
            "Microseconds for one text, medians, and the share of the whole, which also tells how deep a text "
            "is nested and calls one stage after the other.",
            table(["", *(f"{size:,} clauses" for size in SIZES)], rows),
        ]
    )
    return Section("Where the time goes", text, {})


def _inputs(size: int, stage: str) -> Callable[[int], list[Any]]:
    """New texts, taken through the stages before this one."""
    before = list(STAGES.values())[: list(STAGES).index(stage)]
    random = Random(size)

    def fresh(calls: int) -> list[Any]:
        inputs: list[Any] = [DIALECTS["segdsl"](clauses(random, size)) for _ in range(calls)]
        for earlier in before:
            inputs = [earlier(one) for one in inputs]
        return inputs

    return fresh


def _cell(timings: dict[str, Timing], name: str) -> str:
    return f"{micro(timings[name].median)} ({timings[name].median / timings[WHOLE].median:.0%})"
