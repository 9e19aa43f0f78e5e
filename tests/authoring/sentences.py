"""Valid texts, written as their words are known, by a generator that shares nothing with the engine.

Each text is a list of words. A word that an engine can know (a name, an operator, a declared value, a keyword) is
marked; numbers, free strings and dates are not.
"""

from random import Random
from typing import NamedTuple

import segdsl

PLANS = ["free", "pro", "very large", "it's"]
SCHEMA = segdsl.Schema(
    {"plan": PLANS, "seats": "integer", "ratio": "number", "isAdmin": "boolean", "company": "string", "2fa": "boolean"},
    {"channel": ["email", "web"], "turns": "integer"},
)
PARAMS = {"who": "pro", "most": 4, "plans": ["free", "pro"], "since": "7d", "day": "2026-01-31"}
DEFINITIONS = {
    "engaged": "conversationCount >= 5 and lastSeen within 7d",
    "paying": 'plan == "pro"',
    "best": "@keen and @paying",
    "keen": "@engaged or rating > 0.5",
}

METRICS = ("sentiment", "frustration", "commercialIntent", "cqi", "rating")
FLAGS = ("jailbreakDetected", "modelBiasDetected")
WHOLE = ("seats", "user.seats", "conversation.turns", "conversationCount")
TRUTHS = ("isAdmin", 'user["2fa"]', *FLAGS)
LISTED = {
    "plan": ('"free"', '"pro"', '"very large"', '"it\'s"'),
    "user.plan": ('"free"', '"pro"'),
    "conversation.channel": ('"email"', '"web"'),
}
ORDER = ("<", "<=", ">", ">=")


class Word(NamedTuple):
    """A word, and whether it can be known."""

    text: str
    is_known: bool = True


def known(*texts: str) -> list[Word]:
    return [Word(text) for text in texts]


def number(random: Random) -> Word:
    return Word(random.choice(["1", "12", "0", "7"]), False)


def condition(random: Random) -> list[Word]:
    return random.choice(KINDS)(random)


def ordered(random: Random) -> list[Word]:
    name, sign = random.choice([*METRICS, *WHOLE, "ratio"]), random.choice([*ORDER, "==", "!="])
    return [*known(name, sign), number(random)]


def chain(random: Random) -> list[Word]:
    signs = random.choice([("<", "<="), (">", ">="), ("<", "<"), ("<=", "<")])
    name = random.choice([*METRICS, *WHOLE])
    return [number(random), Word(signs[0], False), *known(name, signs[1]), number(random)]


def mirrored(random: Random) -> list[Word]:
    return [number(random), *known(random.choice(ORDER), random.choice([*WHOLE, "ratio"]))]


def between(random: Random) -> list[Word]:
    words = random.choice([("between",), ("not", "between")])
    return [*known(random.choice([*METRICS, *WHOLE]), *words), number(random), Word("and"), number(random)]


def listed(random: Random) -> list[Word]:
    name = random.choice([*LISTED])
    values = random.sample(LISTED[name], random.randint(1, 2))
    inside = known(values[0]) + [word for value in values[1:] for word in known(",", value)]
    return [*known(name, *random.choice([("in",), ("not", "in")]), "["), *inside, Word("]")]


def value(random: Random) -> list[Word]:
    name = random.choice([*LISTED])
    return known(name, random.choice(["==", "!=", "is"]), random.choice(LISTED[name]))


def truth(random: Random) -> list[Word]:
    name, said = random.choice(TRUTHS), random.choice(["true", "false"])
    words = random.choice([(name,), (name, "==", said), (name, "is", said), (name, "is", "not", said)])
    bracketed = words[0].startswith("user[")
    return [*([Word(words[0], False)] if bracketed else known(words[0])), *known(*words[1:])]


def text(random: Random) -> list[Word]:
    return [*known("company", random.choice(["==", "!=", "contains"])), Word('"GmbH # and (co"', False)]


def seen(random: Random) -> list[Word]:
    return known("lastSeen", random.choice(["within", "before"]), random.choice(["7d", "30d", "24h", "90d", "$since"]))


def given(random: Random) -> list[Word]:
    return known(
        *random.choice(
            [("@engaged",), ("@paying",), ("plan", "==", "$who"), ("seats", ">", "$most"), ("plan", "in", "$plans")]
        )
    )


KINDS = (ordered, chain, mirrored, between, listed, value, truth, text, seen, given)


def clauses(random: Random) -> list[Word]:
    each = [
        known("during", random.choice(["7d", "30d", "90d", "all", "$since"])),
        [Word("from"), Word("2026-01-01", False)],
        [Word("to"), Word("2026-03-31", False)],
        [*known("for", random.choice(["product", "products"])), Word('"182bd5e5-6e1a-4fe4-a799-aa6d9a6ab26e"', False)],
    ]
    return [word for clause in random.sample(each, random.randint(0, 2)) for word in clause]


def conditions(random: Random, depth: int = 2) -> list[Word]:
    """Conditions joined by `and` and `or`, in parentheses and under `not`."""
    found: list[Word] = []
    for number_ in range(random.randint(1, 3)):
        found += known(random.choice(["and", "or"])) if number_ else []
        inner = random.random()
        if depth and inner < 0.2:
            found += [Word("("), *conditions(random, depth - 1), Word(")")]
        elif depth and inner < 0.3:
            found += [*known("not", "("), *conditions(random, depth - 1), Word(")")]
        else:
            found += condition(random)
    return found


def sentence(random: Random) -> list[Word]:
    return conditions(random) + clauses(random)
