"""Where the time of a compile goes, stage by stage down the staircase."""

from collections.abc import Callable, Mapping
from random import Random
from typing import Any

from segdsl.lowering.plain import plain_conjunctions
from segdsl.wire.emit import to_filters
from segdsl.wire.straight import straight_filters

import segdsl
from benchmarks.report import Section, micro, table
from benchmarks.texts import DIALECTS, clauses, mixed
from benchmarks.timing import Runner, Timing, race
from segdsl.semantics.checker import check
from segdsl.syntax.actions import ParseContext
from segdsl.syntax.driver import run
from segdsl.syntax.lexer import tokens

Stages = Mapping[str, Callable[[Any], Any]]
Texts = Callable[[Random], str]

READING: Stages = {
    "lex: text → tokens": lambda text: (text, tokens(text)),
    "parse: tokens → tree": lambda found: run(ParseContext(*found)),
}
STRAIGHT: Stages = {
    **READING,
    "check, lower, emit at once: tree → filters": lambda tree: straight_filters(tree, 2),
    "encode: filters → bytes": lambda several: [filters.to_json() for filters in several],
}
STEPWISE: Stages = {
    **READING,
    "check: tree → typed tree": lambda tree: check(tree)[0],
    "lower: typed tree → normal form": lambda typed: (typed, plain_conjunctions(typed.condition, 2)),
    "emit: normal form → filters": lambda found: [to_filters(one, found[0]) for one in found[1]],
    "encode: filters → bytes": lambda several: [filters.to_json() for filters in several],
}
WHOLE = "compile and encode, all in all"


def stages(rounds: int) -> Section:
    """Each stage by itself, on what the stages before it made of new texts."""
    flat: dict[str, Texts] = {f"{size:,} clauses": _flat(size) for size in (2, 50, 1_000)}
    other: dict[str, Texts] = {f"mixed, {4 * parts}": _mixed(parts) for parts in (1, 10)}
    scoped: dict[str, Texts] = {f"{4 * parts} conditions": _scoped(parts) for parts in (1, 10)}
    text = "\n\n".join(
        [
            "Microseconds for one text, medians, and the share of the whole, which also tells how deep a text is and "
            "calls one stage after the other. Conjunctions go straight from the tree to the filters; the mixed texts "
            "are of two segments:",
            _measured(STRAIGHT, flat | other, rounds),
            "What has parameters, definitions, a scope, or more to simplify goes step by step; here the mixed texts "
            "with `during 30d`:",
            _measured(STEPWISE, scoped, rounds),
        ]
    )
    return Section("Where the time goes", text, {})


def _flat(size: int) -> Texts:
    return lambda random: DIALECTS["segdsl"](clauses(random, size))


def _mixed(parts: int) -> Texts:
    return lambda random: mixed(random, parts)


def _scoped(parts: int) -> Texts:
    return lambda random: f"{mixed(random, parts)} during 30d"


def _measured(way: Stages, kinds: Mapping[str, Texts], rounds: int) -> str:
    timings: dict[str, dict[str, Timing]] = {}
    for kind, texts in kinds.items():
        print(f"stages of {kind}")
        runners = {name: Runner(stage, _inputs(way, name, texts)) for name, stage in way.items()}
        runners[WHOLE] = Runner(_compiled, _inputs(way, next(iter(way)), texts))
        timings[kind] = race(runners, rounds)
    rows = [[name, *(_cell(timings[kind], name) for kind in kinds)] for name in [*way, WHOLE]]
    return table(["", *kinds], rows)


def _compiled(text: str) -> list[bytes]:
    return [filters.to_json() for filters in segdsl.compile_all(text)]


def _inputs(way: Stages, stage: str, texts: Texts) -> Callable[[int], list[Any]]:
    """New texts, taken through the stages before this one."""
    before = list(way.values())[: list(way).index(stage)]
    random = Random(stage)

    def fresh(calls: int) -> list[Any]:
        inputs: list[Any] = [texts(random) for _ in range(calls)]
        for earlier in before:
            inputs = [earlier(one) for one in inputs]
        return inputs

    return fresh


def _cell(timings: Mapping[str, Timing], name: str) -> str:
    return f"{micro(timings[name].median)} ({timings[name].median / timings[WHOLE].median:.0%})"
