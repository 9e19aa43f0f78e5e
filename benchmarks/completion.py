"""The cost of completion at each kind of place, against a check of the same text."""

from collections.abc import Callable
from random import Random

import segdsl
from benchmarks.report import Section, micro, ratio, table
from benchmarks.texts import DIALECTS, clauses
from benchmarks.timing import Runner, race

SIZES = (2, 50, 1_000)
TARGET_SIZE = 50
PLACES: dict[str, Callable[[str], str]] = {
    "in the last word": lambda text: text,
    "after `and`": lambda text: f"{text} and ",
    "in a name": lambda text: f"{text} and intent",
    "after a name": lambda text: f"{text} and seats_1x ",
    "after an operator": lambda text: f"{text} and sentiment > ",
    "in a list": lambda text: f'{text} and plan_1x in ["pro", ',
    "after a mistake": lambda text: f"seats_1x == == 1) and {text} and ",
}
"""Texts that end at the cursor."""


def completion(rounds: int) -> Section:
    """For each place and size: a completion, and a check of the text before the last clause."""
    rows: list[list[str]] = []
    slowest = 0.0
    for size in SIZES:
        texts = _texts(size)
        places = {name: Runner(_complete, _ending(texts, end)) for name, end in PLACES.items()}
        found = race({"check": Runner(segdsl.check, texts), **places}, rounds)
        for name in PLACES:
            against = found[name].median / found["check"].median
            slowest = max(slowest, against) if size == TARGET_SIZE else slowest
            cells = (micro(found[one].median) for one in (name, "check"))
            rows.append([f"{name}, {size:,} clauses", *cells, ratio(against)])
    text = "\n\n".join(
        [
            "Microseconds, medians. The check is that of the clauses alone, without what is typed after them.",
            table(["", "completion", "check", "ratio"], rows),
        ]
    )
    return Section("Completion", text, {"completion": slowest})


def _texts(size: int) -> Callable[[int], list[str]]:
    random = Random(size)
    return lambda calls: [DIALECTS["segdsl"](clauses(random, size)) for _ in range(calls)]


def _ending(texts: Callable[[int], list[str]], end: Callable[[str], str]) -> Callable[[int], list[str]]:
    return lambda calls: [end(text) for text in texts(calls)]


def _complete(text: str) -> segdsl.Completions:
    return segdsl.complete(text, len(text))
