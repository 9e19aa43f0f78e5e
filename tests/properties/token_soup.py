"""Texts out of the language's own tokens: sentences that the grammar derives, the same with a few tokens changed, and
tokens in any order. Quick to make, so that a great many can be tried."""

from collections.abc import Iterator
from random import Random

NAMES = (
    *("plan", "a", "sentiment", "user.plan", "conversation.x-1", "not-paid", "andy", "true.x", "_", "a.2fa"),
    *("user.user", "lastSeen", "toto"),
)
ODD_NAMES = ("is", "from", "ALL", "user", "USER.x", "contains", "In", "product", "before", "conversation", "TRUE")
LITERALS = (
    *("1", "-0.5", "+.5", "1e3", "0", "true", "FALSE", "$p", "$and", '"x"', "'x'", '"\\n"', '""', '"and b == 1"'),
    *("'it\\'s'", '"\t"', '"#"', "7d", "24h", "2w", "2026-01-31", "2026-01-01T10:00:00Z", "2026-01-01t10:00:00+01:00"),
)
ODD_LITERALS = ("9007199254740993", "1e999", "99999d", "2026-02-30", '"\\q"', '"\x01"', '"\\ud83d"', "7y", "all")
ODD = 0.03
"""How often a sentence has an odd name or literal where a sound one would stand."""

SIGNS = ("==", "!=", "<", "<=", ">", ">=", "=", "<>")
COMPARISONS = (
    *("NAME SIGN LITERAL", "NAME SIGN LITERAL", "LITERAL SIGN NAME", "LITERAL SIGN NAME SIGN LITERAL"),
    *("LITERAL < NAME <= LITERAL", "NAME between LITERAL and LITERAL", "NAME in LIST", "NAME not in LIST"),
    *("NAME contains LITERAL", "NAME not contains LITERAL", "NAME within LITERAL", "NAME before LITERAL"),
    *("NAME is LITERAL", "NAME is not LITERAL", "NAME not between LITERAL and LITERAL", "NAME", "@d", "@and"),
)
PRODUCTS = ('"182bd5e5-6e1a-4fe4-a799-aa6d9a6ab26e"', "'182BD5E5-6e1a-4fe4-a799-aa6d9a6ab26e'", '"x"', "$p")
BLANKS = ("", " ", " ", " ", " ", "  ", "\n", "\t", "\r\n", " # and b == 1\n", "#\r")
WRONG = (
    *(
        "===",
        "=>",
        "&",
        "|",
        "%",
        "@",
        "$",
        '"',
        "'",
        "{",
        ".",
        ",",
        ";",
        "1and",
        "007",
        "5.",
        "1_0",
        "a..b",
    ),
    *("a.", "$a.b", "@a.b", "7d.", "2026-01-01x", "é", "ſ", "İs", "aıſ", "١", "\x00", "\u2028", "\ufeff", "1m2", "-x"),
)
WORDS = (
    *("and", "or", "not", "in", "contains", "between", "is", "within", "before", "during", "from", "to", "for", "AND"),
    *("product", "products", "all", "&&", "||", "!", "(", ")", "[", "]", ",", "@d", "@And", "Not", "oR"),
)
EVERY_TOKEN = (*NAMES, *ODD_NAMES, *LITERALS, *ODD_LITERALS, *SIGNS, *PRODUCTS, *WORDS, *WRONG)
DEEPEST = 4


class _Sentence:
    """The grammar, a method for each part; each gives tokens."""

    def __init__(self, random: Random) -> None:
        self.pick = random.choice
        self.chance = random.random
        self.count = random.randint

    def whole(self) -> Iterator[str]:
        yield from self.condition(DEEPEST)
        if self.chance() < 0.3:
            for _ in range(self.count(1, 3)):
                yield from self.clause()

    def condition(self, depth: int) -> Iterator[str]:
        if depth == 0 or self.chance() < 0.3:
            yield from self.comparison()
        elif self.chance() < 0.3:
            yield self.pick(["not", "NOT", "!"])
            yield from self.condition(depth - 1)
        elif self.chance() < 0.3:
            yield "("
            yield from self.condition(depth - 1)
            yield ")"
        else:
            yield from self.condition(depth - 1)
            for _ in range(self.count(1, 3)):
                yield self.pick(["and", "or", "And", "&&", "||", "and"])
                yield from self.condition(depth - 1)

    def name(self) -> Iterator[str]:
        if self.chance() < 0.15:
            yield from (self.pick(["user", "conversation"]), "[", self.pick(['"2fa"', "'not'", "'a.b'"]), "]")
        else:
            yield self.pick(ODD_NAMES if self.chance() < ODD else NAMES)

    def literal(self) -> Iterator[str]:
        yield self.pick(ODD_LITERALS if self.chance() < ODD else LITERALS)

    def sign(self) -> Iterator[str]:
        yield self.pick(SIGNS)

    def comparison(self) -> Iterator[str]:
        parts = {"NAME": self.name, "LITERAL": self.literal, "SIGN": self.sign, "LIST": self.list_}
        for word in self.pick(COMPARISONS).split():
            yield from parts[word]() if word in parts else [word]

    def list_(self) -> Iterator[str]:
        if self.chance() < 0.1:
            yield "$p"
            return
        opening, closing = self.pick([("[", "]"), ("(", ")")])
        yield opening
        for number in range(self.count(1, 3)):
            yield from ([","] if number else [])
            yield from self.literal()
        yield from self.pick([[], [], [","]])
        yield self.pick("])") if self.chance() < ODD else closing

    def clause(self) -> Iterator[str]:
        word = self.pick(["during", "from", "to", "for"])
        yield word
        if word == "during":
            yield self.pick(["7d", "30d", "all", "8d", "$p"])
        elif word == "for":
            yield self.pick(["product", "products", "Products"])
            yield self.pick(PRODUCTS)
            yield from self.pick([[], [","], [",", self.pick(PRODUCTS)]])
        else:
            yield self.pick(["2026-01-01", "2026-02-30", "$p", "2025-01-01T00:00:00Z"])


def soup(random: Random) -> str:
    """A text: derived, derived and changed, or tokens in any order."""
    kind = random.random()
    if kind < 0.15:
        tokens = [random.choice(EVERY_TOKEN) for _ in range(random.randint(0, 8))]
    else:
        tokens = list(_Sentence(random).whole())
        for _ in range(random.randint(0, 2) if kind < 0.7 else 0):
            _change(tokens, random)
    text = "".join(random.choice(BLANKS) + token for token in tokens) + random.choice(BLANKS)
    return _cut(text, random) if random.random() < 0.1 else text


def _change(tokens: list[str], random: Random) -> None:
    """One token put in, taken out, replaced, or swapped with another."""
    at = random.randrange(len(tokens) + 1)
    end = at + random.choice([0, 1, 1, 2])
    tokens[at:end] = random.choice([[], [random.choice(EVERY_TOKEN)], tokens[at:end][::-1], tokens[at:end] * 2])


def _cut(text: str, random: Random) -> str:
    start = random.randrange(len(text) + 1)
    return text[:start] + text[start + random.choice([1, 1, 2, 5]) :]
