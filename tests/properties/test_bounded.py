"""Promise 3, bounded: what explodes when it is expanded is answered at once, with a result or with a refusal."""

import json
import tracemalloc
from collections.abc import Iterable

import pytest

import segdsl
from tests.counted import lines_run

LINES = 20_000_000
"""The most lines of Python that may run: expanding any of these would take far more."""

MEGABYTES = 40


def all_of(parts: Iterable[str]) -> str:
    return " and ".join(f"({part})" for part in parts)


def any_of(parts: Iterable[str]) -> str:
    return " or ".join(f"({part})" for part in parts)


def listed(values: Iterable[object]) -> str:
    return json.dumps(list(values))


# `benchmarks.families.TOO_MANY` holds more of them, under a tighter bound: test_work.py
REFUSED = {
    "40 pairs": all_of(f"a{i} or b{i}" for i in range(40)),
    "200 triples": all_of(f"a{i} or b{i} or c{i}" for i in range(200)),
    "not of 40": f"not {all_of([all_of(f'a{i}' for i in range(40))])}",
    "300 unequals": all_of(f"rating != {i}" for i in range(300)),
    "3,000 values": f"plan in {listed(f'v{i}' for i in range(3000))}",
    "300 closed bounds": all_of(f"s{i} >= {i}" for i in range(300)),
    "1,000 intervals with gaps": any_of(f"{i} <= rating < {i}.5" for i in range(1000)),
    "unequals of a metric and a property": all_of(f'sentiment != 0.{i} or plan != "p{i}"' for i in range(1, 160)),
    "unequals of two metrics": all_of(f"sentiment != 0.{i} or rating != {i}" for i in range(1, 160)),
    "stairs of three metrics": all_of(f"rating > {i} or cqi > {160 - i} or sentiment > 0.{i}" for i in range(160)),
    "parts of strings": all_of(f'plan contains "a{i}" or seats > {i}' for i in range(160)),
    "many parts of strings": all_of(f'plan contains "a{i}" or seats > {i}' for i in range(320)),
    "corners of a cube, every other": any_of(
        " and ".join(f"{'not ' * (corner >> flag & 1)}f{flag}" for flag in range(9))
        for corner in range(512)
        if corner.bit_count() % 2
    ),
}
ACCEPTED = {
    "300 unequals under one limit": (all_of(f"rating != {i}" for i in range(300)) + " and rating < 0.5", 2),
    "3,000 excluded values": (f"plan not in {listed(f'v{i}' for i in range(3000))}", 1),
    "50 lists of 50 excluded values": (
        all_of(f"plan not in {listed(f'v{i}' for i in range(50 * k, 50 * k + 50))}" for k in range(50)),
        1,
    ),
    "50 lists with one value in common": (
        all_of(f"plan in {listed(f'v{i}' for i in range(k, k + 50))}" for k in range(50)),
        1,
    ),
    "1,000 intervals in a row": (any_of(f"{i} <= rating < {i + 1}" for i in range(1000)), 1),
    "3,000 counts in a row": (f"conversationCount in {listed(range(3000))}", 1),
    "300 counts left out": (all_of(f"conversationCount != {i}" for i in range(1, 300)), 2),
    "the same pair 200 times": (all_of(["a or b"] * 200), 2),
    "300 absorbed alternatives": (any_of(f"a and b{i}" for i in range(300)) + " or a", 1),
    "100 factors with a common part": (all_of(f"a or b{i}" for i in range(100)), 2),
    "a chain of exclusive pairs": (all_of(f"a{i} and not a{i + 1} or not a{i} and a{i + 1}" for i in range(30)), 2),
}


def answer(text: str) -> int | str:
    """The number of segments, or the code of the refusal."""
    try:
        return len(segdsl.compile_all(text))
    except segdsl.CompileError as refused:
        return refused.diagnostics[0].code


def bounded_answer(text: str) -> int | str:
    answers: list[int | str] = []
    lines_run(lambda: answers.append(answer(text)), LINES)
    return answers[0]


@pytest.mark.parametrize("name", REFUSED)
def test_refused_at_once(name: str) -> None:
    assert bounded_answer(REFUSED[name]) == "too-many-segments"


@pytest.mark.parametrize("name", ACCEPTED)
def test_compiled_though_it_looks_large(name: str) -> None:
    text, segments = ACCEPTED[name]
    assert bounded_answer(text) == segments


@pytest.mark.parametrize("name", ["40 pairs", "200 triples", "300 closed bounds", "3,000 values"])
def test_memory_stays_flat(name: str) -> None:
    tracemalloc.start()
    try:
        answer(REFUSED[name])
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < MEGABYTES * 2**20
