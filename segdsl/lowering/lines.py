"""Fields whose values lie on a line, or are true or false, cut into cells.

The constants of an expression cut a field's values into cells that no rule over those constants can tell apart. A set
of values is then the bits of an int, bit i for cell i; what a conjunction of rules on the field can say is a run of
cells. Lacking the field is in no cell: no rule holds for it.
"""

from abc import ABC, abstractmethod
from bisect import bisect_left
from typing import Any

from segdsl.lowering.atoms import Atom, wire_duration
from segdsl.semantics.catalogue import Field
from segdsl.syntax.literals import minutes

Test = tuple[str, Any]
"""An operator (== != < <= > >= contains within before) and a value: the least that is said about a field."""


class Line(ABC):
    """The common part: sets are unions of runs of cells."""

    def __init__(self, field: Field, cells: int) -> None:
        self.field = field
        self.cells = cells
        self.full = (1 << cells) - 1
        self.written: list[int] = []  # the sets of the tests, in the order in which they were first written

    @abstractmethod
    def mask(self, test: Test) -> int:
        """The set of values for which the test holds."""

    @abstractmethod
    def atoms(self, mask: int) -> list[Atom]:
        """The rules that say one of the `pieces` or `maximal` sets: lower bound, upper bound, the rest as written."""

    def pieces(self, mask: int) -> list[int]:
        """The fewest sets, each said by rules, whose union is `mask`, not empty."""
        return self.halves() if mask == self.full else runs(mask)

    def maximal(self, mask: int) -> list[int]:
        """The largest sets inside `mask` that rules can say."""
        if mask != self.full:
            return runs(mask)
        return [mask & ~(1 << self.cells - 1), mask & ~1]

    def halves(self) -> list[int]:
        """The whole line, for which there is no rule, as two half-lines: as they were written, if they were."""
        low = next((mask for mask in self.written if mask & 1 and mask != self.full and len(runs(mask)) == 1), None)
        high = next((mask for mask in self.written if self._is_high(mask)), None)
        for mask in self.written:
            if low is not None and self._is_high(mask) and low | mask == self.full:
                high = mask
                break
        if low is not None and high is not None and low | high == self.full:
            return [low, high]
        if low is None:
            low = self.full & ~(high or self.full & ~1)
        return [low, self.full & ~low]

    def _is_high(self, mask: int) -> bool:
        return bool(mask >> self.cells - 1) and mask != self.full and len(runs(mask)) == 1


class Metric(Line):
    """Numbers: each constant is a cell, and so is each gap between, below and above them."""

    def __init__(self, field: Field, tests: list[Test]) -> None:
        self.points = sorted({value for _, value in tests})
        super().__init__(field, 2 * len(self.points) + 1)
        self.written = written_masks(self, tests)

    def mask(self, test: Test) -> int:
        operator, value = test
        at = 2 * bisect_left(self.points, value) + 1
        below, point = (1 << at) - 1, 1 << at
        return {
            "<": below,
            "<=": below | point,
            ">": self.full & ~(below | point),
            ">=": self.full & ~below,
            "==": point,
            "!=": self.full & ~point,
        }[operator]

    def atoms(self, mask: int) -> list[Atom]:
        first, last = ends(mask)
        if first == last and first % 2:
            return [Atom(self.field, "eq", self.points[first // 2])]
        found = []
        if first > 0:
            found.append(Atom(self.field, "gte" if first % 2 else "gt", self.points[(first - 1) // 2]))
        if last < self.cells - 1:
            found.append(Atom(self.field, "lte" if last % 2 else "lt", self.points[last // 2]))
        return found


_STEPS = {"<": (0, 0), "<=": (1, 0), ">": (1, 1), ">=": (0, 1)}


class Count(Line):
    """Whole numbers: cut at each n from which on something holds, so that neighbours touch."""

    def __init__(self, field: Field, tests: list[Test]) -> None:
        self.cuts = sorted({cut for test in tests for cut in self._cuts(test)})
        super().__init__(field, len(self.cuts) + 1)
        self.written = written_masks(self, tests)

    @staticmethod
    def _cuts(test: Test) -> tuple[int, ...]:
        operator, value = test
        return (value + _STEPS[operator][0],) if operator in _STEPS else (value, value + 1)

    def mask(self, test: Test) -> int:
        operator, value = test
        if operator in _STEPS:
            step, upwards = _STEPS[operator]
            below = self._below(value + step)
            return self.full & ~below if upwards else below
        point = self._below(value + 1) & ~self._below(value)
        return point if operator == "==" else self.full & ~point

    @property
    def natural(self) -> int:
        """The cells that hold a count that can be: 0 or more."""
        return self.full & ~((1 << bisect_left(self.cuts, 1)) - 1)

    def _below(self, cut: int) -> int:
        return (1 << bisect_left(self.cuts, cut) + 1) - 1

    def pieces(self, mask: int) -> list[int]:
        return runs(mask)

    def maximal(self, mask: int) -> list[int]:
        return runs(mask)

    def atoms(self, mask: int) -> list[Atom]:
        first, last = ends(mask)
        if mask == self.full:
            return [Atom(self.field, "gte", 0)]
        found = []
        if first > 0:
            found.append(Atom(self.field, "gte", self.cuts[first - 1]))
        if last < self.cells - 1:
            found.append(Atom(self.field, "lte", self.cuts[last] - 1))
        return found


class LastSeen(Line):
    """How long ago: cut at each duration, which itself belongs to the nearer side. The first spelling is kept."""

    def __init__(self, field: Field, tests: list[Test]) -> None:
        self.spellings: dict[int, str] = {}
        for _, text in tests:
            self.spellings.setdefault(minutes(text), text)
        self.cuts = sorted(self.spellings)
        super().__init__(field, len(self.cuts) + 1)
        self.written = written_masks(self, tests)

    def mask(self, test: Test) -> int:
        operator, text = test
        within = (1 << bisect_left(self.cuts, minutes(text)) + 1) - 1
        return within if operator == "within" else self.full & ~within

    def atoms(self, mask: int) -> list[Atom]:
        first, last = ends(mask)
        found = []
        if first > 0:
            found.append(Atom(self.field, "before", self._spelling(first - 1)))
        if last < self.cells - 1:
            found.append(Atom(self.field, "within", self._spelling(last)))
        return found

    def _spelling(self, cut: int) -> str:
        return wire_duration(self.spellings[self.cuts[cut]])


class Flag(Line):
    """True and false: two cells that no rule joins."""

    def __init__(self, field: Field, tests: list[Test]) -> None:
        super().__init__(field, 2)
        self.written = written_masks(self, tests)

    def mask(self, test: Test) -> int:
        operator, value = test
        return 1 if value is (operator == "==") else 2

    def pieces(self, mask: int) -> list[int]:
        return [cell for cell in (1, 2) if mask & cell]

    maximal = pieces

    def atoms(self, mask: int) -> list[Atom]:
        return [Atom(self.field, "is", mask == 1)]


class Opaque(Line):
    """A test of a conversation property. A user may have several conversations: nothing follows from it but itself."""

    def __init__(self, field: Field, operator: str, value: Any) -> None:
        super().__init__(field, 1)
        self.atom = Atom(field, operator, value)
        self.written = [1]

    def mask(self, test: Test) -> int:
        return 1

    def pieces(self, mask: int) -> list[int]:
        return [mask]

    maximal = pieces

    def atoms(self, mask: int) -> list[Atom]:
        return [self.atom]


def written_masks(line: Any, tests: list[Test]) -> list[int]:
    """The sets of the tests, each once, in their order."""
    return list(dict.fromkeys(line.mask(test) for test in tests))


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
