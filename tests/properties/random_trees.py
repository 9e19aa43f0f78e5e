"""Random trees of every predicate, made by plain `random`: a hundred times as many in a second as hypothesis draws."""

from collections.abc import Callable, Sequence
from random import Random
from typing import Any

from .strategies import (
    COMPARED,
    CONVERSATIONS,
    COUNT,
    DOWN,
    FLAGS,
    INSTANT,
    METRICS,
    OTHER_TYPES,
    PROPERTIES,
    UP,
    candidates,
)
from .trees import And, Bare, Between, Chain, Comparison, Contains, Field, In, Is, Literal, Not, Or, Seen, Tree

METRIC_NUMBERS = (0, 0.25, 0.3, 0.5, 0.75, 1, 2, 3, -1)
PROPERTY_NUMBERS = (0, 1, 2, 5, 5.5, 10, -1)
TEXTS = ("", "a", "ab", "b", "B", "1", "true", "é", "😀", 'say "x"', "\\")
COUNTS = (0, 1, 2, 3, 5, 7.0, -1, 9)
DURATIONS = ("30m", "60m", "1h", "24h", "1d", "7d", "1w", "30d")


def _ordered(random: Random, field: Field, values: Sequence[Literal]) -> Tree:
    pick = random.choice
    kind = random.random()
    if kind < 0.6:
        return Comparison(field, pick(COMPARED), pick(values))
    if kind < 0.75:
        direction = pick((UP, DOWN))
        return Chain(pick(values), pick(direction), field, pick(direction), pick(values))
    if kind < 0.85:
        return Between(field, pick(values), pick(values))
    return In(field, tuple(random.choices(values, k=random.randint(1, 3))), pick((True, False)))


def _boolean(random: Random, field: Field) -> Tree:
    shapes: tuple[Callable[[], Tree], ...] = (
        lambda: Bare(field),
        lambda: Is(field, random.random() < 0.5, random.random() < 0.5),
        lambda: Comparison(field, random.choice(("==", "!=")), random.random() < 0.5),
    )
    return random.choice(shapes)()


def _of_property(random: Random, field: Field) -> Tree:
    kind = random.random()
    if kind < 0.4:
        return _ordered(random, field, PROPERTY_NUMBERS)
    if kind < 0.8:
        return _ordered(random, field, TEXTS)
    if kind < 0.9:
        return _boolean(random, field)
    mixed: tuple[Literal, ...] = (*TEXTS, *PROPERTY_NUMBERS, True, False)
    return In(field, tuple(random.choices(mixed, k=random.randint(1, 3))), random.random() < 0.5)


def _predicate(random: Random, fields: Sequence[Field], *, negated: bool) -> Tree:
    field = random.choice(fields)
    match field.kind:
        case "metric":
            return _ordered(random, field, METRIC_NUMBERS)
        case "flag":
            return _boolean(random, field)
        case "count":
            return _ordered(random, field, COUNTS)
        case "instant":
            return Seen(field, random.choice(("within", "before")), random.choice(DURATIONS))
    if not negated and random.random() < 0.1:
        return Contains(field, random.choice(TEXTS))
    return _of_property(random, field)


EVERY_FIELD = (*METRICS, *FLAGS, COUNT, INSTANT, *PROPERTIES, *CONVERSATIONS)


def random_tree(random: Random) -> Tree:
    """A tree of up to a dozen predicates over one to four fields, so that predicates meet."""
    return _tree(random, random.sample(EVERY_FIELD, random.randint(1, 4)), random.randint(0, 3), negated=False)


def _tree(random: Random, fields: Sequence[Field], depth: int, *, negated: bool) -> Tree:
    kind = random.random()
    if depth == 0 or kind < 0.15:
        return _predicate(random, fields, negated=negated)
    if kind < 0.3:
        return Not(_tree(random, fields, depth - 1, negated=True))
    operands = [_tree(random, fields, depth - 1, negated=negated) for _ in range(random.randint(2, 3))]
    return random.choice((And, Or))(tuple(operands))


def random_values(random: Random, tree: Tree, how_many: int) -> list[dict[Field, Any]]:
    """So many users of the tree's fields, each value at or beside a literal, of another type, or lacking (None)."""
    known = {
        field: [*values, *OTHER_TYPES] if field.kind in ("property", "conversation") else values
        for field, values in candidates(tree).items()
    }
    return [{field: random.choice(values) for field, values in known.items()} for _ in range(how_many)]
