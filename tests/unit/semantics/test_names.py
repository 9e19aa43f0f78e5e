"""Near misses: how far a name may be from the one that was meant."""

import pytest

from segdsl.semantics.names import distance, nearest


@pytest.mark.parametrize(
    ("name", "candidates", "meant"),
    [
        ("pln", ["plan"], "plan"),
        ("pxyn", ["plan"], None),
        ("regxxn", ["region"], "region"),
        ("rexxxn", ["region"], None),
        ("pla", ["plans", "plan"], "plan"),
        ("p-l-a-n", ["plan"], "plan"),
        ("p-l-a-n-", ["plan"], None),
        ("plan", [], None),
    ],
)
def test_the_nearest_name(name, candidates, meant):
    assert nearest(name, candidates) == meant


@pytest.mark.parametrize(
    ("one", "other", "edits"), [("plan", "plan", 0), ("plan", "paln", 1), ("plan", "pan", 1), ("plan", "oxen", 3)]
)
def test_edits_are_counted_up_to_a_limit(one, other, edits):
    assert distance(one, other, 2) == min(edits, 3)
    assert distance(other, one, 2) == min(edits, 3)
