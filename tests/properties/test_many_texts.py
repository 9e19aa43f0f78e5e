"""Laws 3 and 5 for properties that are asked for very many texts: more than their strings could be cut into cells for.

Each tree has nine and more `contains` or bounds of strings on one property, or on two.
"""

from collections import Counter
from collections.abc import Callable
from random import Random
from typing import Any

import pytest

import segdsl
from tests.diagnosed import segments_of

from .effort import rounds, seeded
from .meaning import meaning
from .minimum import holds
from .strategies import NOW, record
from .trees import And, Comparison, Contains, Field, In, Literal, Not, Or, Tree, predicates, spell

TREES = rounds(dev=40, ci=80, deep=20_000)
USERS = 60
LIMIT = 1_000

NAME = Field("property", "name", ("name",))
CITY = Field("property", "city", ("city",))
SEATS = Field("property", "seats", ("seats",))
WORDS = [f"{one}{other}" for one in "abcdef" for other in "xyz"]
"""Texts that do not contain one another; a few of each tree are cut or joined, so that some do."""


def texts_of(random: Random, size: int) -> list[str]:
    words = random.sample(WORDS, size)
    return [random.choice((word, word, word[0], word + random.choice(words))) for word in words]


def conjunction(random: Random) -> Tree:
    """Texts that must all be there, with values that are wanted or not."""
    words = texts_of(random, random.randint(9, 14))
    parts: list[Tree] = [Contains(NAME, word) for word in words]
    if random.random() < 0.6:
        whole = "-".join(words)
        values = tuple(random.sample([whole, whole + "!", words[0], words[1], "x"], random.randint(1, 3)))
        parts.append(In(NAME, values, negated=random.random() < 0.6))
    if random.random() < 0.4:
        parts.append(Comparison(NAME, random.choice(("<", ">", "<=", ">=")), random.choice(words)))
    if random.random() < 0.4:
        parts.append(Or((Comparison(SEATS, ">", 3), Contains(NAME, random.choice(words)))))
    random.shuffle(parts)
    return And(tuple(parts))


def union(random: Random) -> Tree:
    """An `or` of texts, with single values beside them."""
    words = texts_of(random, random.randint(9, 14))
    parts: list[Tree] = [Contains(random.choice((NAME, NAME, NAME, CITY)), word) for word in words]
    values: tuple[Literal, ...] = (*words, "-".join(words[:2]), "x", 1, True)
    parts += [Comparison(NAME, "==", random.choice(values)) for _ in range(random.randint(0, 4))]
    if random.random() < 0.4:
        parts.append(And((Contains(NAME, words[0]), Comparison(SEATS, ">", 3))))
    random.shuffle(parts)
    return Or(tuple(parts))


def mixture(random: Random) -> Tree:
    """A union of conjunctions over two properties."""
    words = texts_of(random, random.randint(12, 16))
    size = random.randint(2, 4)
    disjuncts = []
    for _ in range(size):
        parts: list[Tree] = [
            Contains(random.choice((NAME, NAME, CITY)), word) for word in random.sample(words, random.randint(2, 6))
        ]
        if random.random() < 0.5:
            parts.append(Comparison(NAME, random.choice(("!=", "==", "<", ">")), random.choice((words[0], "x"))))
        if random.random() < 0.3:
            parts.append(Not(Comparison(SEATS, ">", random.randint(1, 3))))
        disjuncts.append(And(tuple(parts)))
    return Or(tuple(disjuncts))


def product(random: Random) -> Tree:
    """`or`s of texts that must all hold."""
    words = texts_of(random, random.randint(9, 12))
    pairs = [Or((Contains(NAME, words[at]), Contains(NAME, words[at + 1]))) for at in range(0, 4, 2)]
    return And((*pairs, *(Contains(NAME, word) for word in words[4:])))


def random_value(random: Random, tree: Tree, field: Field) -> Any:
    """A string with many of the texts, one of the constants, or something else."""
    known = [one for one in predicates(tree) if one.field == field]
    texts = [one.part for one in known if isinstance(one, Contains)]
    if field == SEATS:
        return random.choice((None, 1, 2, 3, 4, "4"))
    constants = [one.literal for one in known if isinstance(one, Comparison)]
    constants += [value for one in known if isinstance(one, In) for value in one.values]
    kind = random.random()
    if kind < 0.25 and constants:
        return random.choice(constants)
    if kind < 0.35:
        return random.choice((None, "", 1, True, []))
    chosen = list(texts) if kind < 0.6 else random.sample(texts, random.randint(0, len(texts)))
    if kind > 0.9 and chosen:
        chosen.remove(random.choice(chosen))
    return random.choice(("-", "~")).join(map(str, chosen)) + random.choice(("", "!"))


@pytest.mark.parametrize("shape", [conjunction, union, mixture, product])
def test_the_filters_say_what_the_expression_says_and_each_is_needed(
    shape: Callable[[Random], Tree],
) -> None:
    random = seeded(20261129)
    seen: Counter[str] = Counter()
    for _ in range(TREES // 4):
        tree = shape(random)
        text = spell(tree)
        several = segments_of(text, max_segments=LIMIT)
        seen[f"segments: {min(len(several), 3)}"] += 1
        fields = sorted({one.field for one in predicates(tree)}, key=lambda field: field.key)
        for _ in range(USERS):
            values = {field: random_value(random, tree, field) for field in fields}
            verdict, user = meaning(tree, values), record(values)
            assert segdsl.evaluate(text, user, now=NOW) is verdict, (text, user)
            matched = [one for one in several if segdsl.evaluate(one, user, now=NOW) is True]
            assert bool(matched) is (verdict is True), (text, user, [one.to_dict() for one in several])
            seen[f"verdict: {verdict}"] += 1
        assert_none_is_dead_or_implied(text, several)
    assert seen["verdict: True"] > seen.total() / 200, seen


def assert_none_is_dead_or_implied(text: str, several: tuple[segdsl.Filters, ...]) -> None:
    """Each segment has a user that no other segment has, by the rules alone: the order of strings is unknown."""
    rules = [[_plain(rule) for rule in one.to_dict()["rules"]] for one in several]
    for at, own in enumerate(rules):
        others = rules[:at] + rules[at + 1 :]
        user = member(own)
        assert matches(own, user), (text, own)
        assert not any(matches(other, user) for other in others), (text, [one.to_dict() for one in several], at)


Plain = tuple[str, tuple[str, Any]]
User = dict[str, tuple[Any, frozenset[tuple[str, Any]]]]
"""For each key its value, and the order tests that hold for it: which ones, no one knows beforehand."""


def _plain(rule: dict[str, Any]) -> Plain:
    return rule["key"], (rule["operator"], rule["value"])


def matches(rules: list[Plain], user: User) -> bool:
    for key, (operator, constant) in rules:
        if key not in user:
            return False
        value, marks = user[key]
        if operator in ("gt", "lt") and isinstance(constant, str):
            if (operator, constant) not in marks:
                return False
        elif not holds((operator, constant), value):
            return False
    return True


def member(rules: list[Plain]) -> User:
    """A user of a segment who has as little as it asks for: the shortest strings, and its single values."""
    user: User = {}
    for key in dict.fromkeys(key for key, _ in rules):
        atoms = [atom for own, atom in rules if own == key]
        marks = frozenset(atom for atom in atoms if atom[0] in ("gt", "lt") and isinstance(atom[1], str))
        equal = [constant for operator, constant in atoms if operator == "eq"]
        texts = [str(constant) for operator, constant in atoms if operator == "contains"]
        numbers = [
            constant + (0.125 if operator == "gt" else -0.125)
            for operator, constant in atoms
            if operator in ("gt", "lt") and not isinstance(constant, str)
        ]
        user[key] = ((equal or numbers or ["~".join(["~", *texts, "~"])])[0], marks)
    return user
