"""Fields with values on a line: metrics, the conversation count, ages, dates; and flags, with two values."""

from bisect import bisect_left
from collections.abc import Sequence

from segdsl.catalogue import Field
from segdsl.limits import MAX_SAFE_INTEGER
from segdsl.lowering.domains.cells import FieldDomain, LineDomain, Test, ends, runs, single_cells
from segdsl.lowering.words import test_rule, wire_duration
from segdsl.syntax.literals import minutes
from segdsl.wire.rules import AnalysisFlagRule, AnalysisRule, ConversationCountRule, LastSeenRule, Rule

SIDES = {
    "<": (True, False, False),
    "<=": (True, True, False),
    ">": (False, False, True),
    ">=": (False, True, True),
    "==": (False, True, False),
    "!=": (True, False, True),
}
"""For each operator, whether it holds below its constant, at it, and above it."""


def point_mask(operator: str, at: int, full: int) -> int:
    """The cells for which a comparison with the constant in cell `at` holds."""
    point = 1 << at
    below = point - 1
    lower, equal, upper = SIDES[operator]
    return (below if lower else 0) | (point if equal else 0) | (full & ~(below | point) if upper else 0)


class MetricDomain(LineDomain):
    """Numbers: each constant is a cell, and so is each gap between, below and above them."""

    def __init__(self, field: Field, tests: Sequence[Test]) -> None:
        self.points = sorted({value for _, value in tests})
        self._cell_of = {value: 2 * at + 1 for at, value in enumerate(self.points)}
        super().__init__(field, 2 * len(self.points) + 1, tests)

    def mask(self, test: Test) -> int:
        return point_mask(test[0], self._cell_of[test[1]], self.full)

    def rules(self, mask: int) -> Sequence[Rule]:
        first, last = ends(mask)
        key = self.field.key
        if first == last and first % 2:
            return [AnalysisRule(key, "eq", self.points[first // 2])]
        found: list[Rule] = []
        if first > 0:
            found.append(AnalysisRule(key, "gte" if first % 2 else "gt", self.points[(first - 1) // 2]))
        if last < self.cells - 1:
            found.append(AnalysisRule(key, "lte" if last % 2 else "lt", self.points[last // 2]))
        return found


class CountDomain(FieldDomain):
    """Whole numbers from 0 to 2^53−1: cut at each n from which on a test changes, so that neighbours touch."""

    def __init__(self, field: Field, tests: Sequence[Test]) -> None:
        wanted = {value + step for _, value in tests for step in (0, 1)}
        self.cuts = sorted(cut for cut in wanted if 0 < cut <= MAX_SAFE_INTEGER)
        super().__init__(field, len(self.cuts) + 1)
        self._is_capped = ("<=", MAX_SAFE_INTEGER) in tests

    def mask(self, test: Test) -> int:
        operator, value = test
        below, upto = self._below(value), self._below(value + 1)
        lower, equal, upper = SIDES[operator]
        return (below if lower else 0) | (upto & ~below if equal else 0) | (self.full & ~upto if upper else 0)

    def _below(self, cut: int) -> int:
        if cut <= 0:
            return 0
        return self.full if cut > MAX_SAFE_INTEGER else (1 << bisect_left(self.cuts, cut) + 1) - 1

    def pieces(self, mask: int) -> list[int]:
        return runs(mask)

    def maximal(self, mask: int) -> list[int]:
        return runs(mask)

    def rules(self, mask: int) -> Sequence[Rule]:
        first, last = ends(mask)
        if mask == self.full:
            return [
                ConversationCountRule("lte", MAX_SAFE_INTEGER) if self._is_capped else ConversationCountRule("gte", 0)
            ]
        found: list[Rule] = []
        if first > 0:
            found.append(ConversationCountRule("gte", self.cuts[first - 1]))
        if last < self.cells - 1:
            found.append(ConversationCountRule("lte", self.cuts[last] - 1))
        return found


class LastSeenDomain(LineDomain):
    """How long ago: cut at each duration, which itself belongs to the nearer side. The first spelling is kept."""

    def __init__(self, field: Field, tests: Sequence[Test]) -> None:
        self._spellings: dict[int, str] = {}
        for _, text in tests:
            self._spellings.setdefault(minutes(text), text)
        self.cuts = sorted(self._spellings)
        super().__init__(field, len(self.cuts) + 1, tests)

    def mask(self, test: Test) -> int:
        operator, text = test
        within = (1 << bisect_left(self.cuts, minutes(text)) + 1) - 1
        return within if operator == "within" else self.full & ~within

    def rules(self, mask: int) -> Sequence[Rule]:
        first, last = ends(mask)
        found: list[Rule] = []
        if first > 0:
            found.append(LastSeenRule("before", self._spelling(first - 1)))
        if last < self.cells - 1:
            found.append(LastSeenRule("within", self._spelling(last)))
        return found

    def _spelling(self, cut: int) -> str:
        return wire_duration(self._spellings[self.cuts[cut]])


class DateDomain(LineDomain):
    """A property declared as a date: cut where days or seconds begin, because its only tests are `<` and `>=`."""

    def __init__(self, field: Field, tests: Sequence[Test]) -> None:
        self.cuts = sorted({cut for _, cut in tests})
        super().__init__(field, len(self.cuts) + 1, tests)

    def mask(self, test: Test) -> int:
        operator, cut = test
        before = (1 << bisect_left(self.cuts, cut) + 1) - 1
        return before if operator == "<" else self.full & ~before

    def rules(self, mask: int) -> Sequence[Rule]:
        first, last = ends(mask)
        bounds: list[Test] = []
        if first > 0:
            bounds.append((">=", self.cuts[first - 1]))
        if last < self.cells - 1:
            bounds.append(("<", self.cuts[last]))
        return [test_rule(self.field, bound) for bound in bounds]


class FlagDomain(FieldDomain):
    """True and false: two cells, which no rule covers together."""

    def __init__(self, field: Field, _tests: Sequence[Test]) -> None:
        super().__init__(field, 2)

    def mask(self, test: Test) -> int:
        operator, value = test
        return 1 if value is (operator == "==") else 2

    def pieces(self, mask: int) -> list[int]:
        return single_cells(mask)

    def maximal(self, mask: int) -> list[int]:
        return single_cells(mask)

    def rules(self, mask: int) -> Sequence[Rule]:
        return [AnalysisFlagRule(self.field.key, mask == 1)]
