"""The cost of the families of texts, against flat texts with as many clauses and against plain Lark.

One kind of text says little, so every family has a target.
"""

from collections.abc import Callable
from random import Random

import segdsl
from benchmarks.contenders import plain_lark
from benchmarks.families import CROSS_FIELD, DECLARED, ONE_FIELD, REPEATED, TOO_MANY, Case, Make, flat
from benchmarks.report import Section, milli, ratio, table
from benchmarks.timing import Runner, Timing, race

SIZES = (10, 50, 1_000)
FLAT, LARK = "flat", "plain Lark"


def families(rounds: int) -> list[Section]:
    """Every family at every size."""
    return [_by_size(rounds), _large(rounds)]


def compiled(case: Case) -> list[bytes]:
    return [filters.to_json() for filters in segdsl.compile_all(case.text, **case.options)]


def refused(case: Case) -> str:
    """The error as text."""
    try:
        segdsl.compile_all(case.text, **case.options)
    except segdsl.SegdslError as error:
        return str(error)
    raise AssertionError(f"accepted: {case.text[:100]}")


def _runner(work: Callable[[Case], object], make: Make, size: int) -> Runner:
    random = Random(size)
    return Runner(work, lambda calls: [make(random, size) for _ in range(calls)])


def _by_size(rounds: int) -> Section:
    lark = plain_lark()
    known = {**REPEATED, **DECLARED, **ONE_FIELD}
    timings: dict[int, dict[str, Timing]] = {}
    for size in SIZES:
        print(f"families of {size:,} clauses")
        timings[size] = race(
            {
                LARK: _runner(lambda case: lark(case.text), flat, size),
                FLAT: _runner(compiled, flat, size),
                **{name: _runner(compiled, make, size) for name, make in known.items()},
            },
            rounds,
        )

    def share(name: str, size: int) -> float:
        """The ratio to plain Lark; infinite for a family that is refused or takes too long."""
        found = timings[size]
        return found[name].median / found[LARK].median if name in found else float("inf")

    def clause(name: str) -> float:
        return max(share(name, size) / share(FLAT, size) for size in SIZES)

    def growth(name: str) -> float:
        least, most = SIZES[0], SIZES[-1]
        if name not in timings[least] or name not in timings[most]:
            return float("inf")
        return (timings[most][name].median / most) / (timings[least][name].median / least)

    rows = [
        [name, *(ratio(share(name, size)) for size in SIZES), ratio(clause(name)), ratio(growth(name))]
        for name in [FLAT, *known]
    ]
    text = "\n\n".join(
        [
            "Texts of 10, 50 and 1,000 clauses (a value of a list counts as one), compiled to JSON, against plain Lark "
            "on a flat text of as many clauses; the most that a clause costs, in flat clauses; and the growth of the "
            "cost of one clause, from 10 to 1,000. What is refused, or takes more than a second, is ∞.",
            table(["", *(f"{size:,}" for size in SIZES), "in flat clauses", "growth"], rows),
        ]
    )
    measures = {f"repeated {size}": max(share(name, size) for name in REPEATED) for size in SIZES}
    measures["declared"] = max(share(name, size) for name in DECLARED for size in SIZES)
    measures["clause"] = max(map(clause, known))
    measures["family growth"] = max(map(growth, known))
    return Section("Families of conjunctions, and of `or` within one field", text, measures)


def _large(rounds: int) -> Section:
    print("families of `or`s that mix fields")
    ways = {name: _runner(compiled, make, size) for name, (make, size) in CROSS_FIELD.items()}
    ways |= {name: _runner(refused, make, size) for name, (make, size) in TOO_MANY.items()}
    found = race(ways, rounds)
    seconds = {name: found[name].median if name in found else float("inf") for name in ways}
    text = "\n\n".join(
        [
            "Milliseconds; ∞ is a second or more, or the other answer. `or`s that mix fields, up to 16 segments:",
            table(["", "ms"], [[name, milli(seconds[name])] for name in CROSS_FIELD]),
            "Texts that need too many segments, until the error is written out:",
            table(["", "ms"], [[name, milli(seconds[name])] for name in TOO_MANY]),
        ]
    )
    measures = {
        "cross-field": max(map(seconds.__getitem__, CROSS_FIELD)),
        "too many": max(map(seconds.__getitem__, TOO_MANY)),
    }
    return Section("Families of `or`s that mix fields", text, measures)
