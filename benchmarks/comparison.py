"""segdsl beside its peers, on flat conjunctions of 1 to 1,000 clauses and on mixed texts."""

from collections.abc import Callable, Sequence
from random import Random

import segdsl
from benchmarks.contenders import SEGDSL, YARDSTICK, Contender, contenders
from benchmarks.report import Section, micro, ratio, table
from benchmarks.texts import DIALECTS, clauses, mixed, new_names
from benchmarks.timing import Runner, Timing, race

SIZES = (1, 2, 5, 10, 50, 200, 1_000)
Results = dict[str, dict[int, Timing]]
Texts = Callable[[int], list[str]]


def warm_up() -> None:
    """Uses every name in all ways, as a long-running process has."""
    random = Random(0)
    for _ in range(12):
        segdsl.compile(DIALECTS["segdsl"](clauses(random, 1_000)))
    for _ in range(400):
        segdsl.compile_all(mixed(random, 10))


def compare(rounds: int, field: Sequence[Contender]) -> Section:
    """Every contender at every size."""
    warm_up()
    results: Results = {one.name: {} for one in field}
    for size in SIZES:
        print(f"{size} clauses")
        for name, timing in race({one.name: _flat(one, size) for one in field}, rounds).items():
            results[name][size] = timing
    order = sorted(field, key=lambda one: results[one.name][2].median if 2 in results[one.name] else float("inf"))
    text = "\n\n".join(
        [
            "Microseconds for one text, medians; every text is new, the names in it are not.",
            table(["", *(f"{size:,}" for size in SIZES)], [_times(one.name, results) for one in order]),
            "The same as ratios to the yardstick in the same run, from medians (from minima), and the growth of the "
            "cost of one clause from 10 clauses to 1,000:",
            table(["", "2", "50", "1,000", "growth"], [_ratios(one.name, results) for one in order]),
        ]
    )
    own = results[SEGDSL]
    measures = {f"flat {size}": own[size].median / results[YARDSTICK][size].median for size in (2, 50, 1_000)}
    measures["growth"] = _growth(own)
    return Section("Flat conjunctions", text, measures)


def _flat(contender: Contender, size: int) -> Runner:
    random, spell = Random(size), DIALECTS[contender.dialect]
    return Runner(contender.work, lambda calls: [spell(clauses(random, size)) for _ in range(calls)])


def _times(name: str, results: Results) -> list[str]:
    return [name, *(micro(results[name][size].median) if size in results[name] else "–" for size in SIZES)]


def _ratios(name: str, results: Results) -> list[str]:
    own, yardstick = results[name], results[YARDSTICK]
    cells = [
        f"{ratio(own[size].median / yardstick[size].median)} ({ratio(own[size].minimum / yardstick[size].minimum)})"
        if size in own
        else "–"
        for size in (2, 50, 1_000)
    ]
    return [name, *cells, ratio(_growth(own)) if {10, 1_000} <= own.keys() else "–"]


def _growth(timings: dict[int, Timing]) -> float:
    return (timings[1_000].median / 1_000) / (timings[10].median / 10)


def compare_other_texts(rounds: int) -> Section:
    """Texts that are not flat, against plain Lark on segdsl's own grammar; new names, against the yardstick."""
    from segdsl.syntax.grammar import lark_parser

    field = {one.name: one for one in contenders()}
    plain = lark_parser().parse
    rows, measures = [], {}
    for parts in (1, 10):
        texts = _mixed_texts(parts)
        found = race({"lark": Runner(plain, texts), "segdsl": Runner(_compiled_all, texts)}, rounds)
        rows.append(_row(f"mixed text of {4 * parts} conditions", found["segdsl"], found["lark"]))
        measures[f"mixed {parts}"] = found["segdsl"].median / found["lark"].median
    for size in (2, 50):
        texts = _texts_with_new_names(size)
        runners = {"lark": Runner(field[YARDSTICK].work, texts), "segdsl": Runner(field[SEGDSL].work, texts)}
        found = race(runners, rounds)
        rows.append(_row(f"flat, {size} clauses, every name new", found["segdsl"], found["lark"]))
    text = "\n\n".join(
        [
            "Mixed texts hold `in`, `between`, a chain and `not (… or …)`, and are compiled with `compile_all`; plain "
            "Lark reads them with segdsl's own grammar. A name that is new costs a search for near misses, once.",
            table(["", "segdsl, µs", "plain Lark, µs", "ratio"], rows),
        ]
    )
    return Section("Other texts", text, measures)


def _mixed_texts(parts: int) -> Texts:
    random = Random(parts)
    return lambda calls: [mixed(random, parts) for _ in range(calls)]


def _texts_with_new_names(size: int) -> Texts:
    random = Random(size)
    return lambda calls: [DIALECTS["segdsl"](clauses(random, size, new_names(size))) for _ in range(calls)]


def _compiled_all(text: str) -> list[bytes]:
    return [filters.to_json() for filters in segdsl.compile_all(text)]


def _row(what: str, own: Timing, lark: Timing) -> list[str]:
    shown = f"{ratio(own.median / lark.median)} ({ratio(own.minimum / lark.minimum)})"
    return [what, micro(own.median), micro(lark.median), shown]
