"""The values of a user property, cut into cells: numbers, strings, booleans, and whatever else JSON can hold.

Numbers are cut like a line. A string that is compared for equality is a cell of its own; all others fall into classes
by the texts they contain. How the server orders strings is unknown, so `< "m"` and `> "m"` are two independent marks
that a string may carry, never both, and `"m"` itself carries neither; each string cell is split by them.
"""

from collections.abc import Iterator
from functools import reduce
from itertools import chain, combinations, product
from math import prod
from typing import Any

from segdsl.lowering.atoms import Atom
from segdsl.lowering.lines import Line, Test, ends, runs, written_masks
from segdsl.semantics.catalogue import Field

MAX_STRING_CLASSES = 256
"""Beyond so many classes of strings, `contains` and the order of strings are tests of which nothing follows."""

Marks = tuple[tuple[str, str], ...]
"""Which order tests, (operator, constant), hold for a string."""


def string_classes(tests: list[Test]) -> int:
    """A bound on the classes of strings that the tests on one property make."""
    texts = {value for operator, value in tests if operator == "contains"}
    ordered = {value for operator, value in tests if operator in "<>" and isinstance(value, str)}
    return prod([2] * len(texts) + [3] * len(ordered))


class PropertyValues(Line):
    """The cells, from the lowest: numbers, booleans, everything else, then the strings."""

    def __init__(self, field: Field, tests: list[Test]) -> None:
        self._tests = tests
        self.textual = any(
            operator == "contains" or (operator in "<>" and isinstance(value, str)) for operator, value in tests
        )
        self.numbers = sorted({value for _, value in tests if type(value) in (int, float)})
        self._true = 2 * len(self.numbers) + 1
        self._rest = 1 << self._true + 2  # the cell of everything else
        self._texts = list(dict.fromkeys(value for operator, value in tests if operator == "contains"))
        self._orders = [test for test in dict.fromkeys(tests) if test[0] in "<>" and isinstance(test[1], str)]
        constants = dict.fromkeys(value for _, value in tests if isinstance(value, str))
        # a cell of strings: the constant it is (None for any other), the texts it contains, the marks it carries
        self._strings: list[tuple[str | None, frozenset[str], Marks]] = [
            (None, texts, marks) for texts in self._closed_sets() for marks in self._marks(None)
        ]
        for constant in constants:
            texts = frozenset(text for text in self._texts if text in constant)
            self._strings += [(constant, texts, marks) for marks in self._marks(constant)]
        self._first_string = self._true + 3
        super().__init__(field, self._first_string + len(self._strings))
        self._points = self._equality_masks(constants)
        self._string_points = {key[1]: point for key, point in self._points.items() if key[0] is str}
        self._constant_cells = sum(self._string_points.values())
        self._mentioned = [
            self._points[self._key(value)] for operator, value in tests if self._key(value) in self._points
        ]
        self._number_points = _every_second(self._true, 1)
        self._all_numbers = (1 << self._true) - 1
        self._all_strings = self.full >> self._first_string << self._first_string
        demands = dict.fromkeys(
            (cell[1], cell[2]) for cell in self._strings if cell[0] is None and (cell[1] or cell[2])
        )
        self._demands = sorted(demands, key=lambda demand: len(demand[0]) + len(demand[1]))
        self.written = written_masks(self, tests)

    def _closed_sets(self) -> Iterator[frozenset[str]]:
        """The sets of texts that a string can contain: with each text, those inside it."""
        seen = dict.fromkeys(
            frozenset(inner for inner in self._texts if any(inner in chosen for chosen in choice))
            for choice in _subsets(self._texts)
        )
        return iter(seen)

    def _marks(self, constant: str | None) -> Iterator[Marks]:
        bounds = dict.fromkeys(value for _, value in self._orders)
        choices = [
            [None] if bound == constant else [None, *(test for test in self._orders if test[1] == bound)]
            for bound in bounds
        ]
        for chosen in product(*choices):
            yield tuple(test for test in chosen if test)

    def _equality_masks(self, constants: dict[str, None]) -> dict[Any, int]:
        points: dict[Any, int] = {(float, number): 1 << 2 * at + 1 for at, number in enumerate(self.numbers)}
        points[bool, True], points[bool, False] = 1 << self._true, 1 << self._true + 1
        points.update(((str, constant), 0) for constant in constants)
        for at, (constant, _, _) in enumerate(self._strings, self._first_string):
            if constant is not None:
                points[str, constant] |= 1 << at
        return points

    @staticmethod
    def _key(value: Any) -> tuple[type, Any]:
        return (float if type(value) is int else type(value), value)

    def _where(self, wanted: Any) -> int:
        """The string cells that `wanted` holds for."""
        return sum(1 << at for at, cell in enumerate(self._strings, self._first_string) if wanted(cell))

    def mask(self, test: Test) -> int:
        operator, value = test
        if operator == "==":
            return self._points[self._key(value)]
        if operator == "!=":
            return self.full & ~self._points[self._key(value)]
        if operator == "contains":
            return self._where(lambda cell: value in cell[1])
        if isinstance(value, str):
            return self._where(lambda cell: test in cell[2])
        point = self._points[self._key(value)]
        below = point - 1
        return below if operator == "<" else self._all_numbers & ~(below | point)

    # ── what rules can say ─────────────────────────────────────────────────────────────────────────────────────────

    def pieces(self, mask: int) -> list[int]:
        if mask == self.full:
            return self._everything()
        if mask & self._rest:
            wide = self._all_but_points(mask)
            return [wide, *self._string_pieces(mask & self._all_strings, mask & ~wide)]
        strings = mask & self._all_strings
        return (
            self._number_pieces(mask & self._all_numbers) + self._booleans(mask) + self._string_pieces(strings, strings)
        )

    def maximal(self, mask: int) -> list[int]:
        wide: list[int] = []
        if mask == self.full:
            wide = [self.full & ~point for point in self._mentioned]
        elif mask & self._rest:
            wide = [self._all_but_points(mask)]
        narrow = self._maximal_numbers(mask & self._all_numbers) + self._booleans(mask)
        narrow += self._maximal_strings(mask & self._all_strings)
        return wide + [piece for piece in narrow if not any(piece & ~other == 0 for other in wide)]

    def _booleans(self, mask: int) -> list[int]:
        return [1 << cell for cell in (self._true, self._true + 1) if mask >> cell & 1]

    def _all_but_points(self, mask: int) -> int:
        """Everything but the constants not wholly in `mask`: what `neq`s can say of a set with "the rest" in it."""
        excluded = 0
        for point in _bits(~mask & self.full & ~self._all_strings):
            excluded |= point
        for point in self._string_points.values():
            if point & ~mask:
                excluded |= point
        return self.full & ~excluded

    def _everything(self) -> list[int]:
        """Any value at all, for which no rule is: two tests that together hold for all, as written if they were."""
        wide = next((mask for mask in self.written if mask & self._rest), None)
        if wide is None:
            wide = self.full & ~next(iter(self._points.values()))
        rest = next((mask for mask in self.written if mask | wide == self.full and mask != wide), self.full & ~wide)
        return [wide, rest]

    def _number_pieces(self, mask: int) -> list[int]:
        if not self._has_all_gaps(mask):
            return sorted(self._maximal_numbers(mask))
        missing = self._all_numbers & ~mask
        if missing:
            lower = mask & missing - 1  # the borrow ends at the least constant that is missing
            return [lower, mask & ~lower]
        pairs = ([low, high] for low in self.written if low & 1 for high in self.written if low | high == mask)
        return next(pairs, None) or self._maximal_numbers(mask)

    def _maximal_numbers(self, mask: int) -> list[int]:
        """The widest open intervals in a set of numbers, and the constants that are in none of them."""
        if self._has_all_gaps(mask):  # no one rule reaches both ways: below the greatest constant, above the least
            found = [mask & (1 << self._true - 2) - 1, mask >> 2 << 2]
        else:
            found = self._intervals(mask)
        return found + _bits(reduce(lambda left, cells: left & ~cells, found, mask))

    def _has_all_gaps(self, mask: int) -> bool:
        """Whether a set of numbers lacks nothing but perhaps some of the constants, of which there are some."""
        return bool(self.numbers) and mask | self._number_points == self._all_numbers

    def _intervals(self, mask: int) -> list[int]:
        """The numbers of a set that lie in gaps of it, or between such: a piece for each widest open interval."""
        found = []
        for run in runs(mask | self._number_points):
            first, last = ends(run)
            first, last = first + first % 2, last - last % 2
            if first <= last:
                found.append(mask & (1 << last + 1) - (1 << first))
        return found

    def _maximal_strings(self, mask: int) -> list[int]:
        """The widest classes, and the constants that are in none of them."""
        return [*(wide := self._string_classes(mask)), *self._lone_constants(mask, wide)] if mask else []

    def _string_classes(self, mask: int) -> list[int]:
        """The strings with certain texts and marks, as widely as fits `mask`; constants outside it are left out."""
        found: list[int] = []
        for texts, marks in self._demands:
            demanded = self._where(
                lambda cell, texts=texts, marks=marks: texts <= cell[1] and set(marks) <= set(cell[2])
            )
            if demanded & ~self._constant_cells & ~mask:
                continue
            inside = demanded
            for point in self._string_points.values():
                if point & demanded & ~mask:
                    inside &= ~point
            if not any(inside & ~other == 0 for other in found):  # what demands less, and is wider, came before
                found.append(inside)
        return found

    def _lone_constants(self, mask: int, wide: list[int]) -> list[int]:
        found = []
        for point in self._string_points.values():
            if point & mask:
                parts = self._constant_parts(point, mask)
                found += [part for part in parts if not any(part & ~other == 0 for other in wide)]
        return found

    def _constant_parts(self, point: int, mask: int) -> list[int]:
        """The widest parts of one constant's cells inside `mask`: all of it, or what carries certain marks."""
        if not point & ~mask:
            return [point]
        found: list[int] = []
        for marks in dict.fromkeys(cell[2] for cell in self._strings):
            carrying = point & self._where(lambda cell, marks=marks: set(marks) <= set(cell[2]))
            if carrying and not carrying & ~mask and not any(carrying & ~other == 0 for other in found):
                found.append(carrying)  # fewer marks, which more cells carry, came before
        return found

    def _string_pieces(self, inside: int, wanted: int) -> list[int]:
        """A cover of the strings in `wanted` by sets within `inside`, none of them redundant."""
        if not wanted:
            return []
        wide = self._string_classes(inside)
        chosen = wide + self._lone_constants(inside, wide)
        for piece in reversed(wide):
            if not reduce(lambda left, other: left & ~other, (one for one in chosen if one != piece), wanted & piece):
                chosen.remove(piece)
        return [piece for piece in chosen if piece & wanted]

    # ── the rules themselves ───────────────────────────────────────────────────────────────────────────────────────

    def atoms(self, mask: int) -> list[Atom]:
        if mask & self._rest:
            return self._but(self.full & ~mask)
        if mask & self._all_numbers:
            return self._number_atoms(mask)
        if mask >> self._true & 3:
            return [self._atom("eq", bool(mask >> self._true & 1))]
        return self._string_atoms(mask)

    def _atom(self, operator: str, value: Any) -> Atom:
        return Atom(self.field, operator, value)

    def _but(self, excluded: int) -> list[Atom]:
        """`neq` for each constant in `excluded`, in the order in which they were written."""
        return [self._atom("neq", value[1]) for value, point in self._constants_as_written() if point & excluded]

    def _constants_as_written(self) -> list[tuple[tuple[type, Any], int]]:
        order = {self._key(value): at for at, (_, value) in reversed(list(enumerate(self._tests)))}
        return sorted(self._points.items(), key=lambda item: order.get(item[0], len(order)))

    def _number_atoms(self, mask: int) -> list[Atom]:
        first, last = ends(mask)
        if first == last and first % 2:
            return [self._atom("eq", self.numbers[first // 2])]
        found = []
        if first != 0:
            found.append(self._atom("gt", self.numbers[first // 2 - 1]))
        if last != self._true - 1:
            found.append(self._atom("lt", self.numbers[last // 2]))
        return found + self._but((1 << last + 1) - (1 << first) & ~mask)

    def _string_atoms(self, mask: int) -> list[Atom]:
        cells = [cell for at, cell in enumerate(self._strings, self._first_string) if mask >> at & 1]
        constants = {cell[0] for cell in cells}
        marks = [test for test in self._orders if all(test in cell[2] for cell in cells)]
        marks.sort(key=lambda test: test[0] == "<")
        bounds = [self._atom({">": "gt", "<": "lt"}[operator], value) for operator, value in marks]
        if len(constants) == 1 and None not in constants:
            constant = next(iter(constants))
            return [*bounds, self._atom("eq", constant)]
        texts = [text for text in self._texts if all(text in cell[1] for cell in cells)]
        needed_texts = [text for text in texts if not any(text in other and text != other for other in texts)]
        demanded = self._where(lambda cell: set(texts) <= cell[1] and set(marks) <= set(cell[2]))
        rest = [self._atom("contains", text) for text in needed_texts] + self._but(demanded & ~mask)
        order = {
            (operator == "contains", value): at for at, (operator, value) in reversed(list(enumerate(self._tests)))
        }
        return bounds + sorted(rest, key=lambda atom: order[atom.operator == "contains", atom.value])


def _every_second(cells: int, first: int) -> int:
    """The cells `first`, `first + 2`, … below `cells`."""
    return sum(1 << at for at in range(first, cells, 2))


def _bits(mask: int) -> list[int]:
    found = []
    while mask:
        lowest = mask & -mask
        found.append(lowest)
        mask ^= lowest
    return found


def _subsets(items: list[str]) -> Iterator[tuple[str, ...]]:
    return chain.from_iterable(combinations(items, size) for size in range(len(items) + 1))
