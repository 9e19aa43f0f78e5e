"""Law 3 in bulk: both evaluators, and the tests' own reading, on random pairs of an expression and a user."""

from collections import Counter
from random import Random

import pytest

import segdsl

from .effort import IS_DEEP, rounds, seeded
from .meaning import meaning
from .random_trees import random_tree, random_values
from .strategies import NOW, record
from .trees import Tree, spell

PAIRS = rounds(dev=2_000, ci=10_000, deep=1_000_000)
USERS = 100
"""Users for each expression."""

LIMIT = 64


def compiled(text: str) -> tuple[segdsl.Filters, ...] | None:
    """The filters; () if nothing matches; None if too many segments are needed."""
    try:
        return segdsl.compile_all(text, max_segments=LIMIT)
    except segdsl.CompileError as refused:
        code = refused.diagnostics[0].code
        assert code in ("never-matches", "too-many-segments"), (text, code)
        return () if code == "never-matches" else None


def assert_agree(tree: Tree, random: Random, seen: Counter[str]) -> None:
    """Expression, filters and the tests' own reading say the same of many users."""
    text = spell(tree)
    filters = compiled(text)
    if filters is None:
        seen["expressions of too many segments"] += 1
        return
    expression = segdsl.parse(text)
    for values in random_values(random, tree, USERS):
        user = record(values)
        verdict = segdsl.evaluate(expression, user, now=NOW)
        matched = any(segdsl.evaluate(one, user, now=NOW) is True for one in filters)
        assert verdict is meaning(tree, values), (text, user)
        assert matched is (verdict is True), (text, user, [one.to_dict() for one in filters])
        seen[f"pairs: {verdict}"] += 1
    seen["pairs"] += USERS
    seen["expressions"] += 1
    seen["filters"] += len(filters)


def test_random_pairs(capsys: pytest.CaptureFixture[str]) -> None:
    random = seeded(20261123)
    seen: Counter[str] = Counter()
    while seen["pairs"] < PAIRS:
        assert_agree(random_tree(random), random, seen)
    assert min(seen[f"pairs: {verdict}"] for verdict in (True, False, None)) > PAIRS / 50
    if IS_DEEP:
        with capsys.disabled():
            print("\n" + "\n".join(f"{what}: {count:,}" for what, count in sorted(seen.items())))
