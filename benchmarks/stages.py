"""Where the time of a compile goes, stage by stage."""

from collections.abc import Callable, Mapping
from random import Random
from typing import Any

import segdsl
from benchmarks.report import Section, micro, table
from benchmarks.texts import DIALECTS, clauses, mixed
from benchmarks.timing import Runner, Timing, race
from segdsl.compiler.emit import to_filters
from segdsl.lowering.lower import lower
from segdsl.semantics.checker import check
from segdsl.syntax.actions import ParseContext
from segdsl.syntax.driver import run
from segdsl.syntax.lexer import tokens

Texts = Callable[[Random], str]

STAGES: Mapping[str, Callable[[Any], Any]] = {
    "lex: text → tokens": lambda text: (text, tokens(text)),
    "parse: tokens → tree": lambda found: run(ParseContext(*found)),
    "check: tree → typed tree": lambda tree: check(tree)[0],
    "lower: typed tree → rules of each segment": lambda typed: (typed, lower(typed.condition, 2).conjunctions),
    "emit: rules → filters": lambda found: [to_filters(rules, found[0]) for rules in found[1]],
    "encode: filters → bytes": lambda several: [filters.to_json() for filters in several],
}
WHOLE = "compile and encode, all in all"


def stages(rounds: int) -> Section:
    """Each stage by itself, on the results of the earlier stages for new texts."""
    flat: dict[str, Texts] = {f"{size:,} clauses": _flat(size) for size in (2, 50, 1_000)}
    other: dict[str, Texts] = {f"mixed, {4 * parts}": _mixed(parts) for parts in (1, 10)}
    scoped: dict[str, Texts] = {f"scoped, {4 * parts}": _scoped(parts) for parts in (1, 10)}
    text = "\n\n".join(
        [
            "Microseconds for one text, medians, and the share of the whole, which also tells how deep a text is and "
            "calls one stage after the other. The mixed texts are of two segments; the scoped ones are mixed texts "
            "with `during 30d`:",
            _measured(flat | other | scoped, rounds),
        ]
    )
    return Section("Where the time goes", text, {})


def _flat(size: int) -> Texts:
    return lambda random: DIALECTS["segdsl"](clauses(random, size))


def _mixed(parts: int) -> Texts:
    return lambda random: mixed(random, parts)


def _scoped(parts: int) -> Texts:
    return lambda random: f"{mixed(random, parts)} during 30d"


def _measured(kinds: Mapping[str, Texts], rounds: int) -> str:
    timings: dict[str, dict[str, Timing]] = {}
    for kind, texts in kinds.items():
        print(f"stages of {kind}")
        runners = {name: Runner(stage, _inputs(name, texts)) for name, stage in STAGES.items()}
        runners[WHOLE] = Runner(_compiled, _inputs(next(iter(STAGES)), texts))
        timings[kind] = race(runners, rounds)
    rows = [[name, *(_cell(timings[kind], name) for kind in kinds)] for name in [*STAGES, WHOLE]]
    return table(["", *kinds], rows)


def _compiled(text: str) -> list[bytes]:
    return [filters.to_json() for filters in segdsl.compile_all(text)]


def _inputs(stage: str, texts: Texts) -> Callable[[int], list[Any]]:
    """The results of the earlier stages for new texts."""
    before = list(STAGES.values())[: list(STAGES).index(stage)]
    random = Random(stage)

    def fresh(calls: int) -> list[Any]:
        inputs: list[Any] = [texts(random) for _ in range(calls)]
        for earlier in before:
            inputs = [earlier(one) for one in inputs]
        return inputs

    return fresh


def _cell(timings: Mapping[str, Timing], name: str) -> str:
    return f"{micro(timings[name].median)} ({timings[name].median / timings[WHOLE].median:.0%})"
