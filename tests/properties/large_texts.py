"""Random texts of hundreds of clauses, as programs write them: repeated fields, definitions, parameters, `or`s."""

from collections.abc import Callable
from random import Random
from typing import Any

from msgspec import Struct

METRICS = ("sentiment", "rating", "cqi", "frustration")
FLAGS = ("jailbreakDetected", "userBiasDetected", "modelBiasDetected")
DURATIONS = ("30m", "24h", "1d", "7d", "1w", "30d")
TEXTS = ("", "a", "ab", "b", "GmbH", "it's")
SIZES = (2, 30, 200, 500)


class LargeText(Struct, frozen=True):
    """A text, with what a host must give beside it."""

    text: str
    params: dict[str, Any]
    definitions: dict[str, str]


def large_text(random: Random) -> LargeText:
    """A random text: a conjunction, or a union of conjunctions, now and then with faults in it."""
    build = random.choices([_conjunction, _union], [2, 1])[0]
    parts = build(random)
    if random.random() < 0.15:
        for _ in range(random.choice((1, 3, 120))):
            parts.insert(random.randrange(len(parts) + 1), random.choice(FAULTS)(random))
    word = " or " if build is _union else " and "
    definitions = _moved_to_definitions(random, parts, word) if random.random() < 0.4 else {}
    text = word.join(parts)
    return _with_parameters(random, LargeText(text, {}, definitions)) if random.random() < 0.3 else LargeText(
        text, {}, definitions
    )  # fmt: skip


def _conjunction(random: Random) -> list[str]:
    size, names = random.choice(SIZES), _names(random)
    parts = [random.choice(ONE_RULE)(random, names) for _ in range(size)]
    if random.random() < 0.9:  # as people write them: no two parts contradict one another
        parts = list({_field_of(part): part for part in parts}.values())
    parts += [random.choice(SEVERAL_RULES)(random, names) for _ in range(random.choice((0, 0, 0, 0, 0, 1, 2, 4, 9)))]
    random.shuffle(parts)
    return parts


def _union(random: Random) -> list[str]:
    names = _names(random)
    every = ONE_RULE + SEVERAL_RULES if random.random() < 0.3 else ONE_RULE
    return [
        " and ".join(random.choice(every)(random, names) for _ in range(random.randint(1, 5)))
        for _ in range(random.choice((2, 3, 17, 60)))
    ]


def _names(random: Random) -> list[str]:
    """Few names, so that they recur, or many."""
    return [f"p{number}" for number in range(random.choice((3, 40, 900)))]


def _field_of(part: str) -> str:
    return next(word for word in part.replace("(", " ").split() if word[0].isalpha() and word != "not")


Clause = Callable[[Random, list[str]], str]


def _property(random: Random, names: list[str]) -> str:
    return random.choice(("", "", "user.", "conversation.")) + random.choice(names)


def _number(random: Random) -> str:
    return random.choice((str(random.randrange(-5, 1_000)), f"{random.randrange(100)}.5"))


def _literal(random: Random) -> str:
    return random.choice((_number(random), f'"{random.choice(TEXTS)}"', random.choice(("true", "false"))))


ONE_RULE: list[Clause] = [
    lambda random, names: f"{_property(random, names)} == {_literal(random)}",
    lambda random, names: f"{_property(random, names)} != {_literal(random)}",
    lambda random, names: f"{_property(random, names)} {random.choice('<>')} {_number(random)}",
    lambda random, names: f"not {_property(random, names)} != {_literal(random)}",
    lambda random, names: f"{random.randrange(5)} < {_property(random, names)} < {random.randrange(5, 50)}",
    lambda random, names: f'{_property(random, names)} contains "{random.choice(TEXTS)}"',
    lambda random, names: f"{_property(random, names)} not in [{_literal(random)}, {_literal(random)}]",
    lambda random, names: f"{_property(random, names)}",
    lambda random, names: f"not {_property(random, names)}",
    lambda random, _: f"{random.choice(METRICS)} {random.choice(('<', '<=', '>', '>=', '=='))} {random.randrange(9)}",
    lambda random, _: f"0 <= {random.choice(METRICS)} <= {random.randrange(1, 9)}",
    lambda random, _: f"conversationCount {random.choice(('<', '<=', '>', '>=', '=='))} {random.randrange(-1, 9)}",
    lambda random, _: f"{random.choice(('', 'not '))}{random.choice(FLAGS)}",
    lambda random, _: f"lastSeen {random.choice(('within', 'before'))} {random.choice(DURATIONS)}",
]
"""Clauses that each are one conjunction of rules."""

SEVERAL_RULES: list[Clause] = [
    lambda random, names: f"{_property(random, names)} in [{_literal(random)}, {_literal(random)}]",
    lambda random, names: f"{_property(random, names)} {random.choice(('<=', '>='))} {_number(random)}",
    lambda random, _: f"{random.choice(METRICS)} != {random.randrange(9)}",
    lambda random, _: f"conversationCount != {random.randrange(9)}",
    lambda random, names: "({0} == 1 or {0} == 2 or {0} > {1})".format(random.choice(names), random.randrange(9)),
    lambda random, names: f"({random.choice(ONE_RULE)(random, names)} or {random.choice(ONE_RULE)(random, names)})",
    lambda random, names: f"not ({random.choice(names)} == 1 and {random.choice(names)} == 2)",
    lambda random, names: f"({' or '.join(random.choice(ONE_RULE)(random, names) for _ in range(6))})",
]
"""Clauses that mostly are several."""

FAULTS: list[Callable[[Random], str]] = [
    lambda random: f'rating > "{random.choice(TEXTS)}"',
    lambda _: "sentimnt > 1",
    lambda random: f"p{random.randrange(9)} > true",
    lambda random: f"@nothing{random.randrange(3)}",
    lambda random: f"p1 == $nothing{random.randrange(3)}",
    lambda random: f'not p{random.randrange(9)} contains "x"',
    lambda _: "conversationCount > 1.5",
    lambda _: "cqi",
]


def _moved_to_definitions(random: Random, parts: list[str], word: str) -> dict[str, str]:
    """Some neighbouring parts become definitions, which may use one another."""
    definitions: dict[str, str] = {}
    for number in range(random.randint(1, 5)):
        start = random.randrange(len(parts))
        taken = parts[start : start + random.randint(1, 8)]
        name = f"d{number}"
        definitions[name] = word.join(taken)
        parts[start : start + len(taken)] = [f"@{name}"] if random.random() < 0.9 else [f"@{name}", f"@{name}"]
    return definitions


def _with_parameters(random: Random, given: LargeText) -> LargeText:
    """Some numbers become parameters."""
    params: dict[str, Any] = {}

    def bound(text: str) -> str:
        words = text.split(" ")
        for at, word in enumerate(words):
            if word.isdigit() and at and words[at - 1] in ("==", "<", ">", "!=") and random.random() < 0.3:
                name = f"v{len(params)}"
                params[name] = int(word)
                words[at] = f"${name}"
        return " ".join(words)

    text = bound(given.text)
    return LargeText(text, params, {name: bound(one) for name, one in given.definitions.items()})
