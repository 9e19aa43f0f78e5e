"""A search for slow texts: random legal texts of every shape, and the cost of their clauses in flat clauses.

A slow text at the end of the list is a family that is missing in `families`.
"""

import time
from collections.abc import Callable, Sequence
from random import Random
from typing import NamedTuple

import segdsl
from benchmarks.report import Section, ratio, table
from benchmarks.texts import DIALECTS, FLAGS, METRICS, NAMES, clauses
from benchmarks.timing import limited

SHOWN = 100
SECONDS = 2.0
"""Processor time for one text; a longer one costs at least that."""

SIZES = (5, 20, 80, 300, 1_000)
WIDTH = 90
PROPERTIES = ("string", "number", "boolean")


class Found(NamedTuple):
    """A text's cost, its outcome, and its seed."""

    cost: float
    clauses: int
    answer: str
    seed: int
    text: str


class Vocabulary:
    """The fields and values of one text: few or many of each, so that some texts repeat them.

    Most clauses of a field are compatible, because otherwise hardly any text would match a user: lower bounds are low
    and upper ones high, and only three texts in ten have equality, lists and flags that differ.
    """

    def __init__(self, random: Random, size: int) -> None:
        self._random = random
        self._fields = self._some_fields(random.choice([1, 2, 3, 8, 40, size]))
        self._values = random.choice([2, 5, 50, 5_000])
        self._contradicts = random.random() < 0.3
        self.clauses = 0

    def _some_fields(self, most: int) -> list[tuple[str, str]]:
        """Names with their kinds."""
        random = self._random
        kinds = random.sample(["metric", "flag", "count", "seen", "string", "number", "boolean"], random.randint(1, 4))
        names = {
            "metric": sorted(METRICS), "flag": FLAGS, "count": ["conversationCount"], "seen": ["lastSeen"],
            "string": NAMES[::3], "number": NAMES[1::3], "boolean": NAMES[2::3],
        }  # fmt: skip
        fields = [(random.choice(names[kind]), kind) for kind in random.choices(kinds, k=max(1, most))]
        return [
            (f"conversation.{name}" if kind in PROPERTIES and random.random() < 0.1 else name, kind)
            for name, kind in fields
        ]

    def clause(self) -> str:
        """One comparison, chain, list or other condition of one field."""
        name, kind = self._random.choice(self._fields)
        self.clauses += 1
        if kind in ("flag", "boolean"):
            return self._boolean(name)
        return self._seen(name) if kind == "seen" else self._compared(name, kind)

    def _compared(self, name: str, kind: str) -> str:
        value = self._word if kind == "string" else self._fraction if kind == "metric" else self._whole
        form = self._random.randrange(0 if self._contradicts else 2, 24)
        if form == 0:
            return f"{name} == {value(0)}"
        if form <= 4:
            return f"{name} {'not ' * (form > 1)}in {self._listed(value)}"
        if form <= 7 and kind == "string":
            return f"{'not ' * (form == 7)}{name} contains {value(0)}"
        if form <= 9 and kind != "string":
            return f"{value(0)} {self._random.choice(['<', '<='])} {name} {self._random.choice(['<', '<='])} {value(1)}"
        sign = self._random.choice(["!=", "!=", "<", "<=", ">", ">="])
        return f"{name} {sign} {value(sign[0] == '<')}"

    def _boolean(self, name: str) -> str:
        usual = len(name) % 2 == 0
        if self._contradicts and self._random.random() < 0.05:
            usual = not usual
        forms = [name, f"{name} == true", f"{name} is true", f"{name} != false"]
        negated = [f"not {name}", f"{name} == false", f"{name} is not true", f"{name} != true"]
        return self._random.choice(forms if usual else negated)

    def _seen(self, name: str) -> str:
        if self._random.random() < 0.5:
            return f"{name} within {self._random.randint(self._values, 2 * self._values)}d"
        return f"{name} before {self._random.randint(1, 20 * self._values)}h"

    def _listed(self, value: Callable[[int], str]) -> str:
        values = [value(number % 2) for number in range(self._random.choice([1, 2, 5, 20]))]
        self.clauses += len(values) - 1
        return f"[{', '.join(values)}]"

    def _word(self, half: int) -> str:
        """A string of the lower or the upper half of all."""
        return f'"{"mz"[half]}{self._whole(half)}"'

    def _whole(self, half: int) -> str:
        return str(self._random.randrange(self._values) + half * self._values)

    def _fraction(self, half: int) -> str:
        return f"{(self._random.randrange(self._values) + half * self._values) / 10_001:.5f}"


def _joined(random: Random, words: Vocabulary, size: int) -> str:
    """Several parts; each is a clause, or several parts joined."""
    if size <= 1:
        return words.clause()
    each = random.choice([1, 1, 1, 2, 4, max(1, size // 2), max(1, size // 10)])
    joiner = random.choice([" and ", " and ", " or "])
    parts = [_joined(random, words, min(each, size - start)) for start in range(0, size, each)]
    if each == 1:
        return joiner.join(parts)
    return joiner.join(f"{'not ' * (random.random() < 0.1)}({part})" for part in parts)


def text_of(seed: int) -> tuple[str, int]:
    """The text of a seed, and its number of clauses."""
    random = Random(seed)
    size = random.choice(SIZES)
    words = Vocabulary(random, size)
    text = _joined(random, words, size)
    if random.random() < 0.1:
        text = f"({text}) during {random.choice([7, 30, 90])}d"
    return text, words.clauses


def _seconds(text: str) -> tuple[float, str]:
    """The processor time of a compile, and its outcome."""
    started = time.thread_time()
    try:
        with limited(SECONDS):
            answer = f"{len(segdsl.compile_all(text))} segments"
    except segdsl.SegdslError as error:
        answer = error.diagnostics[0].code  # type: ignore[attr-defined]  # of texts, all have diagnostics
    except TimeoutError:
        answer = f"stopped after {SECONDS:g} s"
    return time.thread_time() - started, answer


def _flat_clause() -> float:
    """Seconds for a clause of a flat text of a hundred."""
    random = Random(1)
    return min(_seconds(DIALECTS["segdsl"](clauses(random, 100)))[0] for _ in range(20)) / 100


def slow_texts(texts: int) -> Section:
    """Compiles random texts, the slow ones twice, and lists the worst."""
    print(f"{texts:,} random texts")
    flat = _flat_clause()
    found: list[Found] = []
    for seed in range(texts):
        text, size = text_of(seed)
        if len(text) > segdsl.limits.MAX_TEXT_LENGTH:
            continue
        seconds, answer = _seconds(text)
        if seconds > 5 * flat * size and seconds < SECONDS:
            seconds = min(seconds, _seconds(text)[0])
        found.append(Found(seconds / (size + 5) / flat, size, answer, seed, text))
    return Section("Slow texts", _told(found), {"slow text": max(one.cost for one in found)})


def _told(found: Sequence[Found]) -> str:
    worst = sorted(found, reverse=True)[:SHOWN]
    over = sum(one.cost > 5 for one in found)
    return "\n\n".join(
        [
            f"{len(found):,} random legal texts, accepted or refused: the cost of a clause in flat clauses (five more "
            f"clauses are allowed for the text as such). {over:,} cost more than 5. The worst {len(worst)}, which "
            "`benchmarks.slow_texts.text_of(seed)` gives:",
            table(
                ["cost", "clauses", "answer", "seed", "text"],
                [[ratio(one.cost), f"{one.clauses:,}", one.answer, str(one.seed), _shown(one.text)] for one in worst],
            ),
        ]
    )


def _shown(text: str) -> str:
    return "`" + (text if len(text) <= WIDTH else text[: WIDTH - 1] + "…") + "`"
