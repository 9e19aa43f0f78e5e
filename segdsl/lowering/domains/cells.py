"""The base of all domains: a field's values, cut into cells by the constants of an expression.

No rule with these constants distinguishes two values of a cell, so a set of values is an int with bit i for cell i.
Users who lack the field are in no cell, because no rule holds for them.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from functools import reduce
from typing import Any

from segdsl.catalogue import OPERATORS, PROPERTY_KINDS, Field, Kind
from segdsl.limits import MAX_SAFE_INTEGER
from segdsl.lowering.words import Cut
from segdsl.semantics.resolution import Resolution
from segdsl.semantics.typed import Connective, Predicate, fold
from segdsl.wire.rules import Rule

Test = tuple[str, Any]
"""An operator (== != < <= > >= contains within before) and one value: the smallest condition on a field."""


_TAKEN_APART = {
    **dict.fromkeys(((Kind.METRIC, "!="), (Kind.COUNT, "!=")), ("<", ">")),
    **dict.fromkeys(((kind, ">=") for kind in PROPERTY_KINDS), (">", "==")),
    **dict.fromkeys(((kind, "<=") for kind in PROPERTY_KINDS), ("<", "==")),
}


_BOUNDS_OF_DATES = ("<", ">=")


def tests_of(predicate: Predicate) -> list[Test]:
    """The tests of a predicate: one of them must hold (for `not in`, each).

    A bound of a property that is declared as an integer has the integer next to it, like its rule; one of a declared
    date is `<` or `>=` with a `Cut`.
    """
    operator, value = predicate.operator, predicate.value
    if predicate.says.date and operator in _BOUNDS_OF_DATES:
        return [(operator, Cut(value))]
    if operator == "in":
        return [("==", one) for one in value]
    if operator == "not in":
        return [("!=", one) for one in value]
    whole = whole_test(predicate.says, value)
    return [(operator, value) if whole is None else whole]


def alternatives_of(predicate: Predicate) -> list[Test]:
    """The tests of a predicate, each of them one rule; one of them must hold (for `not in`, each)."""
    signs = None if predicate.says.date else _TAKEN_APART.get((predicate.field.kind, predicate.operator))
    if signs is None or whole_test(predicate.says, predicate.value) is not None:
        return tests_of(predicate)
    return [(sign, predicate.value) for sign in signs]


def whole_test(says: Resolution, value: Any) -> Test | None:
    """`seats >= 10` as `seats > 9`, if the field is declared as an integer; None if that does not apply."""
    shift = OPERATORS[says.operator].whole if says.whole else None
    if shift is None or abs(value) >= MAX_SAFE_INTEGER:  # beyond it a double is no longer exact
        return None
    return {"gt": ">", "lt": "<"}[shift[0]], value + shift[1]


class FieldDomain(ABC):
    """The values of one field."""

    def __init__(self, field: Field, cells: int) -> None:
        self.field = field
        self.cells = cells
        self.full = (1 << cells) - 1

    @abstractmethod
    def mask(self, test: Test) -> int:
        """The values for which a test holds."""

    @abstractmethod
    def rules(self, mask: int) -> Sequence[Rule]:
        """The rules for one of the `pieces` or `maximal` sets: lower bound, upper bound, the rest as written."""

    @abstractmethod
    def pieces(self, mask: int) -> list[int]:
        """The fewest sets that rules can express and whose union is `mask`, which is not empty."""

    @abstractmethod
    def maximal(self, mask: int) -> list[int]:
        """The largest sets inside `mask` that rules can express."""

    def predicate_mask(self, predicate: Predicate) -> int:
        """The values for which a predicate on this field holds."""
        tests = tests_of(predicate)
        if len(tests) == 1:
            return self.mask(tests[0])
        masks = map(self.mask, tests)
        return reduce(int.__and__, masks) if predicate.operator == "not in" else reduce(int.__or__, masks)

    def condition_mask(self, condition: Predicate | Connective) -> int:
        """The values for which a condition on this field alone holds."""
        return fold(
            condition,
            self.predicate_mask,
            lambda node, masks: reduce(int.__and__ if node.every else int.__or__, masks),
        )


class LineDomain(FieldDomain):
    """Values on a line: a conjunction of rules is a run of neighbouring cells."""

    def __init__(self, field: Field, cells: int, tests: Iterable[Test]) -> None:
        super().__init__(field, cells)
        self._tests = tests

    def pieces(self, mask: int) -> list[int]:
        return self._halves() if mask == self.full else runs(mask)

    def maximal(self, mask: int) -> list[int]:
        if mask != self.full:
            return runs(mask)
        return [mask & ~(1 << self.cells - 1), mask & ~1]

    def _halves(self) -> list[int]:
        """The whole line, which no rule expresses, as two half-lines: the written ones, if there are any."""
        written = [mask for test in self._tests for mask in self._half_lines(test)]
        low = next((mask for mask in written if mask & 1), None)
        highs = [mask for mask in written if not mask & 1]
        if low is not None:
            high = next((mask for mask in highs if low | mask == self.full), highs[0] if highs else None)
            if high is not None and low | high == self.full:
                return [low, high]
        else:
            low = self.full & ~(highs[0] if highs else self.full & ~1)
        return [low, self.full & ~low]

    def _half_lines(self, test: Test) -> list[int]:
        """The half-line of a test, if it is one."""
        mask = self.mask(test)
        return [mask] if (mask & 1) != (mask >> self.cells - 1) and runs(mask) == [mask] else []


def runs(mask: int) -> list[int]:
    """The runs of neighbouring cells in a set, upwards."""
    found = []
    while mask:
        lowest = mask & -mask
        beyond = mask + lowest  # the carry runs through the run and sets the first bit after it
        run = mask & ~beyond
        found.append(run)
        mask &= beyond
    return found


def ends(mask: int) -> tuple[int, int]:
    """The first and last cell of a set."""
    return (mask & -mask).bit_length() - 1, mask.bit_length() - 1


def single_cells(mask: int) -> list[int]:
    """The cells of a set, each as its own set, upwards."""
    found = []
    while mask:
        lowest = mask & -mask
        found.append(lowest)
        mask ^= lowest
    return found
