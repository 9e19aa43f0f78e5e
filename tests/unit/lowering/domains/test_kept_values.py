"""How sets of a property's values are said, kept in values.txt: for each set that tests can unite to, its pieces, then
the widest sets inside it, a line each. A change is seen in the diff of `SEGDSL_UPDATE_SNAPSHOTS=1 pytest tests/unit`.
"""

import json
from pathlib import Path

from segdsl.catalogue import Field, Kind
from segdsl.lowering.domains import PropertyDomain, Test
from tests.unit.lowering.lowered import brief

from .said import reachable

KEPT = Path(__file__).with_name("values.txt")
TESTS: list[list[Test]] = [
    [("==", 1), ("!=", 1), ("<", 1), (">", 1)],
    [("<", 1), (">", 1), ("<", 2), (">", 2), ("!=", 3)],
    [("<", 2), (">", 2), ("==", 2), ("!=", 2), ("==", True), ("!=", 2.5)],
    [("==", "a"), ("!=", "a"), ("!=", "b"), ("==", False), ("!=", 1)],
    [("contains", "a"), ("contains", "ab"), ("==", "ab"), ("!=", "a"), ("!=", "ab")],
    [("contains", "a"), ("contains", "b"), ("==", "ab"), ("!=", "c"), ("==", "c")],
    [("<", "a"), (">", "b"), ("!=", "b"), ("==", 1)],
    [("<", "a"), (">", "a"), ("==", "a"), ("contains", "b"), ("==", "ab")],
    [("contains", "a"), ("<", 1), (">", 1), ("==", "xa"), ("!=", "xa"), ("!=", 1)],
]
MOST = 60
"""Sets that are kept of each line, evenly chosen."""


def said(domain: PropertyDomain, masks: list[int]) -> str:
    rules = [
        [f"{operator} {json.dumps(value)}" for _, operator, value in map(brief, domain.rules(mask))] for mask in masks
    ]
    return " | ".join(map(", ".join, rules))


def kept(tests: list[Test]) -> str:
    domain = PropertyDomain(Field(Kind.PROPERTY, "plan"), tests)
    lines = [" · ".join(f"{operator} {json.dumps(value)}" for operator, value in tests)]
    masks = sorted(reachable(domain, tests))
    lines += [
        f"{mask:b}: {said(domain, domain.pieces(mask))} ∥ {said(domain, domain.maximal(mask))}"
        for mask in masks[:: -(-len(masks) // MOST)]
    ]
    return "\n".join(lines)


def test_sets_of_values_are_said_as_they_were(updating: bool) -> None:
    now = "\n\n".join(map(kept, TESTS)) + "\n"
    if updating:
        KEPT.write_text(now, "utf-8")
    assert now == KEPT.read_text("utf-8")
