"""What rules say of the cells of a line, by the line's own `mask` of each test."""

from itertools import combinations

from segdsl.lowering.atoms import Atom
from segdsl.lowering.lines import Line

TESTS = {
    "eq": "==", "neq": "!=", "lt": "<", "lte": "<=", "gt": ">", "gte": ">=", "is": "==",
    "contains": "contains", "within": "within", "before": "before",
}  # fmt: skip
"""The wire's operators, and how a test names them."""


def said(line: Line, atoms: list[Atom]) -> int:
    """The set of values for which every rule holds."""
    mask = line.full
    for atom in atoms:
        assert atom.field == line.field
        mask &= line.mask((TESTS[atom.operator], atom.value))
    return mask


def union(masks: list[int]) -> int:
    together = 0
    for mask in masks:
        together |= mask
    return together


def inside(inner: int, outer: int) -> bool:
    return not inner & ~outer


def reachable(line: Line) -> list[int]:
    """Sets that a condition without `not` can pick: intersections of the written sets, and unions of up to three."""
    met = {line.full}
    for mask in line.written:
        met |= {mask & other for other in met}
    parts = sorted(met - {0, line.full}) or [line.full]
    return sorted({union(list(chosen)) for size in (1, 2, 3) for chosen in combinations(parts, size)})
