"""What compiles the short ways gives the same bytes as what goes through every stage."""

from random import Random

from segdsl.lowering.plain import plain_conjunctions
from segdsl.lowering.stage import lower
from segdsl.wire.emit import to_filters
from segdsl.wire.straight import straight_filters

import segdsl
from segdsl.compiler import PYTHON
from segdsl.semantics.checker import check

from .random_trees import random_flat_tree, random_tree
from .test_differential import DEEP
from .trees import spell

TEXTS = 100_000 if DEEP else 2_000
LIMIT = 64


def through_every_stage(text: str) -> list[bytes] | str:
    """The filters, or the code of the refusal, without any short way."""
    typed, problems = check(segdsl.parse(text))
    if typed is None:
        return problems[0].code
    lowering = lower(typed, PYTHON.ways_out, LIMIT)
    if lowering.problems:
        return lowering.problems[0].code
    return [to_filters(conjunction, typed).to_json() for conjunction in lowering.conjunctions]


def compiled(text: str) -> list[bytes] | str:
    try:
        return [filters.to_json() for filters in segdsl.compile_all(text, max_segments=LIMIT)]
    except segdsl.CompileError as refused:
        return refused.diagnostics[0].code


def ways_taken(text: str) -> set[str]:
    """The short ways that know an answer."""
    expression = segdsl.parse(text)
    typed, _ = check(expression)
    straight = straight_filters(expression, LIMIT) is not None
    plain = typed is not None and plain_conjunctions(typed.condition, LIMIT) is not None
    return {way for way, taken in (("straight", straight), ("plain", plain)) if taken}


def test_the_short_ways_lead_where_the_long_one_does() -> None:
    random = Random(None if DEEP else 20261123)
    taken = {"straight": 0, "plain": 0}
    for number in range(TEXTS):
        text = spell(random_tree(random) if number % 2 else random_flat_tree(random))
        assert compiled(text) == through_every_stage(text), text
        for way in ways_taken(text):
            taken[way] += 1
    assert min(taken.values()) > TEXTS / 20
