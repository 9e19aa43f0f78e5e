"""Families of legal texts: each family grows in one way.

`family_costs` measures their time, and `tests/properties/test_work.py` counts their work. A slow text that `slow_texts`
finds becomes a family here.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from itertools import combinations, pairwise
from random import Random
from typing import Any, NamedTuple

import segdsl
from benchmarks.texts import DIALECTS, KNOWN, NAMES, VALUES, clauses


class Case(NamedTuple):
    """An expression with a number of clauses (a value of a list is one, a chain two), and the options to compile it."""

    text: str
    clauses: int
    options: Mapping[str, Any] = {}


Make = Callable[[Random, int], Case]


def conjunction(parts: Iterable[str]) -> Case:
    parts = list(parts)
    return Case(" and ".join(parts), len(parts))


def disjunction(parts: Iterable[str]) -> Case:
    parts = list(parts)
    return Case(" or ".join(parts), len(parts))


def flat(random: Random, size: int) -> Case:
    return Case(DIALECTS["segdsl"](clauses(random, size)), size)


def _names(random: Random, size: int) -> list[str]:
    return random.sample(KNOWN if size <= len(KNOWN) else NAMES, size)


def _words(random: Random, size: int) -> list[str]:
    """The given number of different strings, as literals."""
    return [f'"{random.choice(VALUES)} {number}"' for number in random.sample(range(100_000), size)]


# ── conjunctions in which fields repeat ────────────────────────────────────────────────────────────────────────────


def one_metric_between_bounds(random: Random, size: int) -> Case:
    bounds = [(random.randint(1, 4_999), random.randint(5_001, 9_999)) for _ in range(size // 2)]
    return conjunction(part for low, high in bounds for part in (f"sentiment > {low}e-4", f"sentiment < {high}e-4"))


def properties_between_bounds(random: Random, size: int) -> Case:
    return conjunction(
        part
        for name in _names(random, size // 2)
        for part in (f"{name} > {random.randint(1, 999)}", f"{name} < {random.randint(1_000, 9_999)}")
    )


def several_unequals_of_each_property(random: Random, size: int) -> Case:
    return conjunction(f"{name} != {word}" for name in _names(random, size // 5) for word in _words(random, 5))


def unequals_of_one_property(random: Random, size: int) -> Case:
    return conjunction(f"plan != {word}" for word in _words(random, size))


def the_same_clause_twice(random: Random, size: int) -> Case:
    once = clauses(random, size // 2)
    return Case(DIALECTS["segdsl"]([*once, *once]), size)


def one_clause_again_and_again(random: Random, size: int) -> Case:
    return conjunction([f"seats > {random.randint(1, 10_000)}"] * size)


def one_redundant_part(random: Random, size: int) -> Case:
    part = random.randint(10, 9_999)
    return Case(f"{flat(random, size - 2).text} and latency > {part} and latency > {part - 1}", size)


def in_and_unequal_of_each_property(random: Random, size: int) -> Case:
    parts = []
    for name in _names(random, size // 4):
        one, two, three = _words(random, 3)
        parts.append(f"{name} in [{one}, {two}] and {name} != {one} and {name} != {three}")
    return Case(" and ".join(parts), size)


REPEATED: dict[str, Make] = {
    "one metric between bounds": one_metric_between_bounds,
    "properties between bounds": properties_between_bounds,
    "five `!=` of each property": several_unequals_of_each_property,
    "`!=` of one property": unequals_of_one_property,
    "the same clauses twice": the_same_clause_twice,
    "one clause again and again": one_clause_again_and_again,
    "one redundant part": one_redundant_part,
    "`in` and `!=` of each property": in_and_unequal_of_each_property,
}

# ── what a host declares ───────────────────────────────────────────────────────────────────────────────────────────

DEFINITIONS = {f"group_{number}": f'tier_x{number} == "pro" and score_x{number} > 10' for number in range(20)}


def with_definitions(random: Random, size: int) -> Case:
    """One clause in ten, up to twenty, is a definition of two clauses."""
    names = random.sample(sorted(DEFINITIONS), min(20, max(1, size // 10)))
    text = " and ".join([flat(random, size - 2 * len(names)).text, *(f"@{name}" for name in names)])
    return Case(text, size, {"definitions": DEFINITIONS})


def with_parameters(random: Random, size: int) -> Case:
    """Every value is a parameter."""
    names = _names(random, size)
    text = " and ".join(f"{name} == $p{number}" for number, name in enumerate(names))
    return Case(text, size, {"params": {f"p{number}": random.randint(1, 10_000) for number in range(size)}})


def with_a_scope(random: Random, size: int) -> Case:
    return Case(f"{flat(random, size).text} during 30d", size)


TYPES = ("number", "string", "boolean")
SCHEMA = segdsl.Schema(properties={name: TYPES[len(name) % 3] for name in NAMES})


def with_a_schema(random: Random, size: int) -> Case:
    return flat(random, size)._replace(options={"schema": SCHEMA})


DECLARED: dict[str, Make] = {
    "definitions": with_definitions,
    "every value a parameter": with_parameters,
    "a scope": with_a_scope,
    "a declared schema": with_a_schema,
}

# ── other conjunctions, and `or` within one field ──────────────────────────────────────────────────────────────────


def chains(random: Random, size: int) -> Case:
    names = _names(random, size // 2)
    parts = (f"{random.randint(1, 99)} < {name} < {random.randint(101, 999)}" for name in names)
    return conjunction(parts)._replace(clauses=size)


def excluded_values(random: Random, size: int) -> Case:
    return Case(f"plan not in [{', '.join(_words(random, size))}]", size)


def excluded_values_in_lists(random: Random, size: int) -> Case:
    words = _words(random, size)
    lists = [words[start : start + 10] for start in range(0, size, 10)]
    return Case(" and ".join(f"plan not in [{', '.join(some)}]" for some in lists), size)


def excluded_values_between_strings(random: Random, size: int) -> Case:
    bounds = ' and team > "a" and team < "zz" and team > "b" and team != "x"'
    return Case(f"team not in [{', '.join(_words(random, size - 4))}]{bounds}", size)


def string_bounds_or_excluded_values(random: Random, size: int) -> Case:
    """Every value is above the bound, so that one rule is left of each side."""
    return Case(f'team > "a" or team not in [{", ".join(_words(random, size - 1))}]', size)


def mixed_types(random: Random, size: int) -> Case:
    values = [str(number) for number in random.sample(range(10_000), size // 2)] + _words(random, size - size // 2)
    random.shuffle(values)
    return Case(f"plan not in [{', '.join(values)}]", size)


def lower_bounds_with_or(random: Random, size: int) -> Case:
    return disjunction(f"rating > {random.randint(1, 10_000)}e-4" for _ in range(size))


def ranges_in_a_row_with_or(random: Random, size: int) -> Case:
    start = random.randint(1, 1_000)
    ranges = (f"{start + number} <= seats < {start + number + 1}" for number in range(size // 2))
    return disjunction(ranges)._replace(clauses=size)


def counts_in_a_row(random: Random, size: int) -> Case:
    start = random.randint(1, 1_000)
    return Case(f"conversationCount in {json.dumps(list(range(start, start + size)))}", size)


def times_with_or(random: Random, size: int) -> Case:
    return disjunction(f"lastSeen within {random.randint(1, 9_999)}h" for _ in range(size))


def parts_of_one_string(random: Random, size: int) -> Case:
    return conjunction(f"company contains {word}" for word in _words(random, size))


def eight_parts_of_each_string(random: Random, size: int) -> Case:
    return conjunction(f"{name} contains {word}" for name in _names(random, size // 8) for word in _words(random, 8))


def negations(random: Random, size: int) -> Case:
    return conjunction(
        f"not {name} == {word}" for name, word in zip(_names(random, size), _words(random, size), strict=True)
    )


def one_negated_or(random: Random, size: int) -> Case:
    case = disjunction(
        f"{name} == {word}" for name, word in zip(_names(random, size), _words(random, size), strict=True)
    )
    return case._replace(text=f"not ({case.text})")


def counts_of_conversations(random: Random, size: int) -> Case:
    """The given number of other conditions beside an exact count."""
    return Case(f"conversationCount == {random.randint(1, 99)} and {flat(random, size - 1).text}", size)


ONE_FIELD: dict[str, Make] = {
    "chains": chains,
    "`not in` of one property": excluded_values,
    "`not in` by tens": excluded_values_in_lists,
    "`not in` and string bounds": excluded_values_between_strings,
    "a string bound `or not in`": string_bounds_or_excluded_values,
    "`not in` of mixed types": mixed_types,
    "lower bounds, `or`": lower_bounds_with_or,
    "ranges in a row, `or`": ranges_in_a_row_with_or,
    "counts in a row": counts_in_a_row,
    "`lastSeen`, `or`": times_with_or,
    "`contains` of one property": parts_of_one_string,
    "eight `contains` of each property": eight_parts_of_each_string,
    "negations": negations,
    "one negated `or`": one_negated_or,
    "an exact count beside others": counts_of_conversations,
}

# ── `or`s that mix fields ──────────────────────────────────────────────────────────────────────────────────────────


def _disjuncts(random: Random, disjuncts: int, each: int, names: Iterable[str]) -> Case:
    names = list(names)
    parts = [
        " and ".join(
            f"{name} == {word}" for name, word in zip(random.sample(names, each), _words(random, each), strict=True)
        )
        for _ in range(disjuncts)
    ]
    return Case(" or ".join(f"({part})" for part in parts), disjuncts * each)


def _pairs(pairs: int) -> Make:
    def make(random: Random, size: int) -> Case:
        text = " and ".join(f"(this_{number} or that_{number})" for number in random.sample(range(1_000), pairs))
        return Case(f"{text} and {flat(random, size).text}" if size else text, size + 2 * pairs)

    return make


def _absorbed(random: Random, size: int) -> Case:
    return disjunction(["x", *(f"(x and {name})" for name in _names(random, size - 1))])


def _common_part(random: Random, size: int) -> Case:
    return Case(" and ".join(f"(x or {name})" for name in _names(random, size // 2)), size)


def _exclusive_pairs(random: Random, size: int) -> Case:
    names = _names(random, size // 2)
    parts = [f"({one} and not {two} or not {one} and {two})" for one, two in pairwise(names)]
    return Case(" and ".join(parts), 4 * len(parts))


CROSS_FIELD: dict[str, tuple[Make, int]] = {
    "16 clauses of different fields": (lambda random, size: _disjuncts(random, size, 1, KNOWN), 16),
    "16 disjuncts of 8 over 40 names": (lambda random, size: _disjuncts(random, size, 8, KNOWN[:40]), 16),
    "16 disjuncts of 60 over 60 names": (lambda random, size: _disjuncts(random, size, 60, KNOWN), 16),
    "16 disjuncts of 50 over 1,200 names": (lambda random, size: _disjuncts(random, size, 50, NAMES), 16),
    "4 pairs": (_pairs(4), 0),
    "4 pairs beside 200 conditions": (_pairs(4), 200),
    "one pair beside 600 conditions": (_pairs(1), 600),
    "2 disjuncts of 400": (lambda random, size: _disjuncts(random, size, 400, NAMES), 2),
    "300 absorbed alternatives": (_absorbed, 300),
    "100 factors with a common part": (_common_part, 200),
    "a chain of 30 exclusive pairs": (_exclusive_pairs, 62),
}


def _unequals_of_two(random: Random, size: int) -> Case:
    start = random.randint(1, 1_000)
    return conjunction(f"(a != {start + number} or b != {start + number})" for number in range(size))


def _stairs(random: Random, size: int) -> Case:
    scale = random.randint(1, 9)
    return conjunction(f"(rating < {number}.{scale} or cqi < {size - number})" for number in range(size))


def _corners(random: Random, size: int) -> Case:
    parts = [
        " and ".join(f"{'not ' * (corner >> bit & 1)}f{bit}" for bit in range(10))
        for corner in random.sample(range(1_024), size)
    ]
    return Case(" or ".join(f"({part})" for part in parts), 10 * size)


def _two_of(random: Random, size: int) -> Case:
    return disjunction(f"({one} and {two})" for one, two in combinations(_names(random, size), 2))


TOO_MANY: dict[str, tuple[Make, int]] = {
    "40 pairs": (_pairs(40), 0),
    "8 pairs beside 200 conditions": (_pairs(8), 200),
    "200 disjuncts of 8 over 40 names": (lambda random, size: _disjuncts(random, size, 8, KNOWN[:40]), 200),
    "1,000 clauses of different fields": (lambda random, size: _disjuncts(random, size, 1, NAMES), 1_000),
    "1,000 values of one property": (
        lambda random, size: Case(f"plan in [{', '.join(_words(random, size))}]", size),
        1_000,
    ),
    "300 unequals of a metric": (lambda _, size: conjunction(f"rating != {number}" for number in range(size)), 300),
    "160 unequals of two properties": (_unequals_of_two, 160),
    "160 stairs of two metrics": (_stairs, 160),
    "500 corners of ten flags": (_corners, 500),
    "any two of 20": (_two_of, 20),
    "string bounds and values": (
        lambda random, size: Case(f'team > "a" or team in [{", ".join(_words(random, size))}] or seats > 5', size),
        160,
    ),
}
