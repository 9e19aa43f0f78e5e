"""Changes of a leaf that help offers: None for a leaf without the part that would change."""

import pytest

from segdsl.semantics.changes import changed
from segdsl.semantics.objections import Change
from segdsl.syntax.nodes import Date
from segdsl.syntax.parser import parse

DAYS = (Date("2026-01-01"), Date("2026-01-31"))


@pytest.mark.parametrize(
    ("leaf", "change", "result"),
    [
        ("a > 1", Change(operator="<"), "a < 1"),
        ("a between 1 and 2", Change(operator="<"), None),
        ("a > 1", Change(value=2), "a > 2"),
        ("a > $p", Change(value=2), None),
        ("a in [1, $p]", Change(value=2), "a in [2, $p]"),
        ("a in [$p, 1]", Change(value=2), None),
        ("1 < a < 5", Change(value=2), "2 < a < 5"),
        ("$p < a < 5", Change(value=2), None),
        ("a", Change(value=2), None),
        ("a > 1", Change(between=DAYS), "a between 2026-01-01 and 2026-01-31"),
        ("a in [1]", Change(between=DAYS), "a between 2026-01-01 and 2026-01-31"),
        ("a in [1, 5]", Change(between=DAYS), None),
        ("a", Change(name="b"), "b"),
    ],
)
def test_a_changed_leaf(leaf: str, change: Change, result: str | None) -> None:
    found = changed(parse(leaf).condition, change, 0)
    assert found == (None if result is None else parse(result).condition)
