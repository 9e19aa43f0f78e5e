"""The cost of a refusal, with its diagnostic as text: at most one plain Lark parse more than an acceptance."""

from collections.abc import Callable
from random import Random

import segdsl
from benchmarks.contenders import plain_lark
from benchmarks.report import Section, micro, ratio, table
from benchmarks.texts import DIALECTS, clauses
from benchmarks.timing import Runner, race

SIZES = (2, 50)
SPOILED: dict[str, Callable[[str], str]] = {
    "a value is missing": lambda text: f"{text} and seats_1x >",
    "a word of another language": lambda text: f'{text} and plan_1x like "pro%"',
    "a string without end": lambda text: f'{text} and plan_1x == "pro',
    "a near miss": lambda text: f"{text} and comercialIntent > 0.5",
    "a wrong type": lambda text: f'{text} and sentiment > "high"',
    "needs several segments": lambda text: f"{text} and user.seats_1x >= 5",
}


def refusals(rounds: int) -> Section:
    """For each kind of refusal: the cost beyond that of the same text without the error."""
    lark = plain_lark()
    rows: list[list[str]] = []
    worst: dict[str, float] = {}
    for size in SIZES:
        texts = _texts(size)
        spoiled = {name: Runner(refusal, _spoiled(texts, spoil)) for name, spoil in SPOILED.items()}
        found = race({"accepted": Runner(_accepted, texts), "lark": Runner(lark, texts), **spoiled}, rounds)
        for name in SPOILED:
            extra = (found[name].median - found["accepted"].median) / found["lark"].median
            worst[f"refusal {size}"] = max(worst.get(f"refusal {size}", 0.0), extra)
            cells = (micro(found[one].median) for one in (name, "accepted", "lark"))
            rows.append([f"{name}, {size} clauses", *cells, ratio(extra)])
    text = "\n\n".join(
        [
            "Microseconds, medians. A refusal's error is turned into text, with the excerpt and all help.",
            table(["", "refused", "accepted without it", "plain Lark", "extra, in plain Lark parses"], rows),
        ]
    )
    return Section("Refusals", text, worst)


def _texts(size: int) -> Callable[[int], list[str]]:
    random = Random(size)
    return lambda calls: [DIALECTS["segdsl"](clauses(random, size)) for _ in range(calls)]


def _spoiled(texts: Callable[[int], list[str]], spoil: Callable[[str], str]) -> Callable[[int], list[str]]:
    return lambda calls: [spoil(text) for text in texts(calls)]


def _accepted(text: str) -> bytes:
    return segdsl.compile(text).to_json()


def refusal(text: str) -> str:
    """The error as text."""
    try:
        segdsl.compile(text)
    except segdsl.SegdslError as error:
        return str(error)
    raise AssertionError(f"accepted: {text}")
