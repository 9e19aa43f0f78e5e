"""What rules say of the cells of a domain, by the domain's own `mask` of each test."""

from collections.abc import Iterable, Sequence
from itertools import combinations

from segdsl.lowering.domains import FieldDomain, Test
from segdsl.lowering.words import field_of_rule
from segdsl.wire.rules import Rule

TESTS = {
    "eq": "==", "neq": "!=", "lt": "<", "lte": "<=", "gt": ">", "gte": ">=",
    "contains": "contains", "within": "within", "before": "before",
}  # fmt: skip
"""The wire's operators, and how a test names them."""


def made_test(rule: Rule) -> Test:
    """The test that a rule makes."""
    return TESTS[getattr(rule, "operator", "eq")], rule.value


def said(domain: FieldDomain, rules: Iterable[Rule]) -> int:
    """The set of values for which every rule holds."""
    mask = domain.full
    for rule in rules:
        assert field_of_rule(rule) == domain.field
        mask &= domain.mask(made_test(rule))
    return mask


def union(masks: Iterable[int]) -> int:
    together = 0
    for mask in masks:
        together |= mask
    return together


def inside(inner: int, outer: int) -> bool:
    return not inner & ~outer


def reachable(domain: FieldDomain, tests: Sequence[Test]) -> list[int]:
    """Sets that a condition without `not` can pick: intersections of the tests' sets, and unions of up to three."""
    met = {domain.full}
    for mask in dict.fromkeys(map(domain.mask, tests)):
        met |= {mask & other for other in met}
    parts = sorted(met - {0, domain.full}) or [domain.full]
    return sorted({union(chosen) for size in (1, 2, 3) for chosen in combinations(parts, size)})
