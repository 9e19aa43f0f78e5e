"""The measured expressions, each a new one, in the dialects of all contenders.

A clause compares one field, and no two clauses have the same field, so that one segment is enough. Values differ from
text to text; names recur, as in real accounts, unless a case asks for new ones.
"""

import json
from collections.abc import Callable, Sequence
from itertools import count
from random import Random
from typing import NamedTuple

METRICS = {"sentiment": 1, "frustration": 1, "struggle": 1, "commercialIntent": 1, "cqi": 100}
FLAGS = ("jailbreakDetected", "hallucinationDetected", "userToxicityDetected", "modelBiasDetected")
WORDS = ("plan", "seats", "region", "team", "role", "source", "usage", "tier", "trial", "score", "country", "owner")
NAMES = tuple(f"{word}_{number}" for number in range(100) for word in WORDS)
KNOWN = NAMES[:60]
"""The properties of an account; only texts with more clauses use all names."""

VALUES = ("enterprise", "pro", "free", "eu-west", "growth", "self-serve", "partner", "admin")
MARKERS = ("os_name", "sys_platform", "platform_machine", "platform_system", "python_version", "implementation_name")

Value = str | float | bool


class Clause(NamedTuple):
    """One comparison, in Python's signs."""

    name: str
    sign: str
    value: Value


def clauses(random: Random, size: int, names: Sequence[str] = ()) -> list[Clause]:
    """The given number of comparisons of different fields; at most two of them metrics."""
    names = names or (KNOWN if size <= len(KNOWN) else NAMES)
    metrics = random.sample(sorted(METRICS), min(2, size // 2))
    found = [Clause(name, random.choice([">", ">=", "<", "<="]), _measure(random, METRICS[name])) for name in metrics]
    found += [_of_property(random, name) for name in random.sample(names, size - len(metrics))]
    random.shuffle(found)
    return found


def _measure(random: Random, scale: int) -> float:
    """A number on the scale, never an integer."""
    return (random.randrange(100) * 10 + random.randint(1, 9)) / (1_000 / scale)


def _of_property(random: Random, name: str) -> Clause:
    """A property has one type, which the length of its name decides."""
    kind = len(name) % 3
    if kind == 0:
        return Clause(name, random.choice([">", "<", "==", "!="]), random.randrange(1, 100_000))
    if kind == 1:
        return Clause(name, random.choice(["==", "!="]), f"{random.choice(VALUES)} {random.randrange(100_000)}")
    return Clause(name, "==", random.random() < 0.5)


_new = count()


def new_names(how_many: int) -> list[str]:
    """New names."""
    return [f"{WORDS[number % len(WORDS)]}_new_{number}" for number, _ in zip(_new, range(how_many), strict=False)]


# ── dialects ───────────────────────────────────────────────────────────────────────────────────────────────────────


def _quoted(value: Value) -> str:
    return json.dumps(value)


def _odata(clause: Clause) -> str:
    signs = {"==": "eq", "!=": "ne", ">": "gt", ">=": "ge", "<": "lt", "<=": "le"}
    value = f"'{clause.value}'" if isinstance(clause.value, str) else _quoted(clause.value)
    return f"{clause.name} {signs[clause.sign]} {value}"


def _marker(clause: Clause) -> str:
    """Markers have a handful of names and only strings."""
    name = MARKERS[len(clause.name) % len(MARKERS)]
    return f'{name} {clause.sign} "{clause.value}"'


def _rule(clause: Clause) -> dict[str, Value]:
    words = {"==": "eq", "!=": "neq", ">": "gt", ">=": "gte", "<": "lt", "<=": "lte"}
    kind, key = ("analysis", "field") if clause.name in METRICS else ("property", "key")
    return {"type": kind, key: clause.name, "operator": words[clause.sign], "value": clause.value}


def _joined(word: str, spell: Callable[[Clause], str]) -> Callable[[Sequence[Clause]], str]:
    return lambda found: word.join([spell(clause) for clause in found])


DIALECTS: dict[str, Callable[[Sequence[Clause]], str]] = {
    "segdsl": _joined(" and ", lambda clause: f"{clause.name} {clause.sign} {_quoted(clause.value)}"),
    "cel": _joined(" && ", lambda clause: f"{clause.name} {clause.sign} {_quoted(clause.value)}"),
    "odata": _joined(" and ", _odata),
    "markers": _joined(" and ", _marker),
    "python": _joined(" and ", lambda clause: f"{clause.name} {clause.sign} {clause.value!r}"),
    "json": lambda found: json.dumps({"rules": [_rule(clause) for clause in found]}),
}


# ── mixed texts ────────────────────────────────────────────────────────────────────────────────────────────────────


def mixed(random: Random, parts: int) -> str:
    """Membership, ranges, chains and negations in turn: the constructs beyond one comparison.

    The first part has two alternatives, and so two segments; the others have one each.
    """
    names = random.sample(KNOWN, parts * 4)
    return " and ".join(_mixed(random, names[4 * part : 4 * part + 4], first=part == 0) for part in range(parts))


def _mixed(random: Random, names: Sequence[str], *, first: bool) -> str:
    one, two, three, four = names
    low, high = sorted(random.sample(range(1, 10_000), 2))
    text, other = (f'"{random.choice(VALUES)} {random.randrange(100_000)}"' for _ in range(2))
    bound = _measure(random, 1)
    member = f"{one} in [{text}, {other}]" if first else f"{one} not in [{text}, {other}]"
    between = f"cqi between {bound} and {bound + 7}" if first else f"{low} < {two} < {high}"
    chain = f"{bound * 0.5:.4f} <= sentiment < {bound}" if first else f"{high} > user.{two}_x > {low}"
    return f"{member} and {between} and {chain} and not ({three} == {text} or {four})"
