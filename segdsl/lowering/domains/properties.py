"""The values of a user property: numbers, strings, booleans, and all other JSON values.

Numbers are cut like a line. A string that is compared for equality has its own cell; all other strings are one cell, or
form classes by the texts they contain. How the server orders strings is unknown, so `< "m"` and `> "m"` are two
independent marks that a string may carry, never both, and `"m"` itself carries neither.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property, reduce
from itertools import chain, combinations, product
from math import prod
from operator import or_
from typing import Any

from segdsl.catalogue import Field
from segdsl.limits import MAX_STRING_CELLS
from segdsl.lowering.domains.cells import FieldDomain, Test, ends, runs, single_cells
from segdsl.lowering.domains.lines import SIDES, point_mask
from segdsl.wire.rules import PropertyRule, Rule

Marks = tuple[Test, ...]
"""The order tests (operator, constant) that hold for a string."""


def is_textual(test: Test) -> bool:
    """Whether a test is about a part of a string, or about the order of strings."""
    return test[0] == "contains" or (test[0] in _ORDER and isinstance(test[1], str))


_ORDER = frozenset("< <= > >=".split())


def one_sided(test: Test) -> Test:
    """The textual test without the equality of `<=` and `>=`: a mark, or `contains`."""
    return test if test[0] == "contains" else (test[0][0], test[1])


def fits_in_cells(tests: Sequence[Test]) -> bool:
    """Whether the textual tests on one property cut its strings into few enough cells."""
    texts = {value for operator, value in tests if operator == "contains"}
    bounds = {value for operator, value in tests if operator in _ORDER and isinstance(value, str)}
    constants = {value for operator, value in tests if isinstance(value, str)}
    classes = prod([2] * len(texts) + [3] * len(bounds))
    return classes * (1 + len(constants) * bool(bounds)) <= MAX_STRING_CELLS


class PropertyDomain(FieldDomain):
    """The cells, from the lowest: numbers, booleans, everything else, then the strings."""

    def __init__(self, field: Field, tests: Sequence[Test]) -> None:
        self._tests = tests
        values = dict.fromkeys([value for _, value in tests if type(value) is not bool])
        self._constants = [value for value in values if type(value) is str]
        self.numbers = sorted([value for value in values if type(value) is not str]) if values else []
        self._cell_of = {value: 2 * at + 1 for at, value in enumerate(self.numbers)}
        self._true = 2 * len(self.numbers) + 1
        self._rest = 1 << self._true + 2  # the cell of everything else
        self._first_string = self._true + 3
        self._textual = (
            [one_sided(test) for test in dict.fromkeys(tests) if is_textual(test)] if self._constants else []
        )
        strings = len(self._strings) if self._textual else 1 + len(self._constants)
        super().__init__(field, self._first_string + strings)
        self._all_numbers = (1 << self._true) - 1
        self._all_strings = self.full >> self._first_string << self._first_string
        self._number_points = ((1 << self._true - 1) - 1) // 3 << 1  # every second cell: 0b…01010

    # ── strings ────────────────────────────────────────────────────────────────────────────────────────────────────

    @cached_property
    def _strings(self) -> list[tuple[str | None, frozenset[str], Marks]]:
        """A cell of strings: the constant it is (None for any other), the texts it contains, the marks it carries."""
        return list(self._string_cells())

    @cached_property
    def _combinations_of_marks(self) -> list[Marks]:
        return list(dict.fromkeys([marks for _, _, marks in self._strings]))

    @property
    def _string_points(self) -> dict[str, int]:
        """The cells of each constant."""
        return self._masks_of_strings[0]

    @property
    def _passing(self) -> dict[Test, int]:
        """The cells for which each textual test holds."""
        return self._masks_of_strings[1]

    @cached_property
    def _constant_cells(self) -> int:
        return reduce(or_, self._string_points.values(), 0)

    @property
    def _points(self) -> int:
        """The cells of single values."""
        return self._number_points | 3 << self._true | self._constant_cells

    def _string_cells(self) -> Iterator[tuple[str | None, frozenset[str], Marks]]:
        texts = [value for operator, value in self._textual if operator == "contains"]
        orders = [test for test in self._textual if test[0] != "contains"]
        for inside in _closed_sets(texts):
            for marks in _marks(orders, None):
                yield None, inside, marks
        for constant in self._constants:
            inside = frozenset(text for text in texts if text in constant)
            for marks in _marks(orders, constant):
                yield constant, inside, marks

    @cached_property
    def _masks_of_strings(self) -> tuple[dict[str, int], dict[Test, int]]:
        if not self._textual:
            return {constant: 1 << at for at, constant in enumerate(self._constants, self._first_string + 1)}, {}
        points, passing = dict.fromkeys(self._constants, 0), dict.fromkeys(self._textual, 0)
        for at, (constant, texts, marks) in enumerate(self._strings, self._first_string):
            cell = 1 << at
            if constant is not None:
                points[constant] |= cell
            for text in texts:
                passing["contains", text] |= cell
            for mark in marks:
                passing[mark] |= cell
        return points, passing

    def _demanded(self, texts: Iterable[str], marks: Iterable[Test]) -> int:
        """The string cells with certain texts and marks."""
        demanded = self._all_strings
        for text in texts:
            demanded &= self._passing["contains", text]
        for mark in marks:
            demanded &= self._passing[mark]
        return demanded

    # ── sets ───────────────────────────────────────────────────────────────────────────────────────────────────────

    def mask(self, test: Test) -> int:
        operator, value = test
        if operator == "contains":
            return self._passing[test]
        if operator == "==":
            return self._point(value)
        if operator == "!=":
            return self.full & ~self._point(value)
        if isinstance(value, str):
            return self._passing[one_sided(test)] | (self._point(value) if SIDES[operator][1] else 0)
        return point_mask(operator, self._cell_of[value], self._all_numbers)

    def _point(self, value: Any) -> int:
        """The cells of one value."""
        if isinstance(value, str):
            return self._string_points[value]
        if isinstance(value, bool):
            return 1 << self._true + (not value)
        return 1 << self._cell_of[value]

    # ── sets that rules can express ───────────────────────────────────────────────────────────────────────────────────

    def pieces(self, mask: int) -> list[int]:
        if mask == self.full:
            return self._everything()
        if mask & self._rest:
            if not self.full & ~mask & ~self._points and not self._textual:
                return [mask]
            wide = self._all_but_points(mask)
            return [wide, *self._string_pieces(mask & self._all_strings, mask & ~wide)]
        strings = mask & self._all_strings
        return (
            self._number_pieces(mask & self._all_numbers) + self._booleans(mask) + self._string_pieces(strings, strings)
        )

    def maximal(self, mask: int) -> list[int]:
        wide: list[int] = []
        if mask == self.full:
            wide = [self.full & ~self._point(value) for _, value in self._tests]
        elif mask & self._rest:
            wide = [self._all_but_points(mask)]
        narrow = self._maximal_numbers(mask & self._all_numbers) + self._booleans(mask)
        narrow += self._maximal_strings(mask & self._all_strings)
        return wide + [piece for piece in narrow if not any(piece & ~other == 0 for other in wide)]

    def _booleans(self, mask: int) -> list[int]:
        return [1 << cell for cell in (self._true, self._true + 1) if mask >> cell & 1]

    def _all_but_points(self, mask: int) -> int:
        """Everything except the constants not wholly in `mask`: the `neq`s for a mask that contains "the rest"."""
        excluded = ~mask & self.full & ~self._all_strings
        for point in self._string_points.values():
            if point & ~mask:
                excluded |= point
        return self.full & ~excluded

    def _everything(self) -> list[int]:
        """Any value, which no rule expresses: two tests that together hold for all values, as written if they were."""
        wide = next((mask for mask in self._written if mask & self._rest), None)
        if wide is None:
            wide = self.full & ~self._point(self._tests[0][1])
        rest = next((mask for mask in self._written if mask | wide == self.full and mask != wide), self.full & ~wide)
        return [wide, rest]

    @cached_property
    def _written(self) -> list[int]:
        """The sets of the tests' rules, each once, in the order of the text."""
        found: dict[int, None] = {}
        for operator, value in self._tests:
            found[self.mask((operator, value))] = None
        return list(found)

    def _number_pieces(self, mask: int) -> list[int]:
        if not mask:
            return []
        if not self._has_all_gaps(mask):
            return sorted(self._maximal_numbers(mask))
        missing = self._all_numbers & ~mask
        if missing:
            lower = mask & missing - 1  # the borrow ends at the least constant that is missing
            return [lower, mask & ~lower]
        written = [one & self._all_numbers for one in self._written if not one & self._rest]
        pairs = ([low, high] for low in written if low & 1 for high in written if low | high == mask)
        return next(pairs, None) or self._maximal_numbers(mask)

    def _maximal_numbers(self, mask: int) -> list[int]:
        """The widest open intervals in a set of numbers, and the constants outside of them."""
        if self._has_all_gaps(mask):  # two rules are needed: below the greatest constant, above the least
            found = [mask & (1 << self._true - 2) - 1, mask >> 2 << 2]
        else:
            found = self._intervals(mask)
        return found + single_cells(reduce(lambda left, cells: left & ~cells, found, mask))

    def _has_all_gaps(self, mask: int) -> bool:
        """Whether there are constants, and the set holds all other numbers."""
        return bool(self.numbers) and mask | self._number_points == self._all_numbers

    def _intervals(self, mask: int) -> list[int]:
        """The numbers of a set in gaps, or between gaps: a piece for each widest open interval."""
        found = []
        for run in runs(mask | self._number_points):
            first, last = ends(run)
            first, last = first + first % 2, last - last % 2
            if first <= last:
                found.append(mask & (1 << last + 1) - (1 << first))
        return found

    def _maximal_strings(self, mask: int) -> list[int]:
        """The widest classes, and the constants outside of them."""
        return [*(wide := self._string_classes(mask)), *self._lone_constants(mask, wide)] if mask else []

    def _string_classes(self, mask: int) -> list[int]:
        """The strings with certain texts and marks, as many as fit `mask`; constants outside of it are left out."""
        if not self._textual:
            return []
        found: list[int] = []
        for texts, marks in self._demands():
            demanded = self._demanded(texts, marks)
            if demanded & ~self._constant_cells & ~mask:
                continue
            inside = demanded
            for point in self._string_points.values():
                if point & demanded & ~mask:
                    inside &= ~point
            if not any(inside & ~other == 0 for other in found):  # wider sets, with fewer demands, came before
                found.append(inside)
        return found

    def _demands(self) -> list[tuple[frozenset[str], Marks]]:
        """The demands of rules on a string: texts and marks, the fewest first."""
        demands = dict.fromkeys(
            (cell[1], cell[2]) for cell in self._strings if cell[0] is None and (cell[1] or cell[2])
        )
        return sorted(demands, key=lambda demand: len(demand[0]) + len(demand[1]))

    def _lone_constants(self, mask: int, wide: list[int]) -> list[int]:
        found = []
        for point in self._string_points.values():
            if point & mask:
                parts = self._constant_parts(point, mask)
                found += [part for part in parts if not any(part & ~other == 0 for other in wide)]
        return found

    def _constant_parts(self, point: int, mask: int) -> list[int]:
        """The widest parts of one constant's cells inside `mask`: all of them, or those with certain marks."""
        if not point & ~mask:
            return [point]
        found: list[int] = []
        for marks in self._combinations_of_marks:
            carrying = point & self._demanded((), marks)
            if carrying and not carrying & ~mask and not any(carrying & ~other == 0 for other in found):
                found.append(carrying)  # sets with fewer marks, and more cells, came before
        return found

    def _string_pieces(self, inside: int, wanted: int) -> list[int]:
        """An irredundant cover of the strings in `wanted` by sets within `inside`."""
        if not wanted:
            return []
        wide = self._string_classes(inside)
        chosen = wide + self._lone_constants(inside, wide)
        for piece in reversed(wide):
            if not reduce(lambda left, other: left & ~other, (one for one in chosen if one != piece), wanted & piece):
                chosen.remove(piece)
        return [piece for piece in chosen if piece & wanted]

    # ── the rules themselves ───────────────────────────────────────────────────────────────────────────────────────

    def rules(self, mask: int) -> Sequence[Rule]:
        if mask & self._rest:
            return self._but(self.full & ~mask)
        if mask & self._all_numbers:
            return self._number_rules(mask)
        if mask >> self._true & 3:
            return [self._rule("eq", bool(mask >> self._true & 1))]
        return self._string_rules(mask)

    def _rule(self, operator: Any, value: Any) -> PropertyRule:
        return PropertyRule(self.field.key, operator, value)

    def _but(self, excluded: int) -> list[PropertyRule]:
        """`neq` for each constant in `excluded`, in the order in which they were written."""
        written = dict.fromkeys((isinstance(value, bool), value) for _, value in self._tests)
        values = [value for _, value in written if self._point(value) & excluded]
        excluded_booleans = {True: excluded >> self._true & 1, False: excluded >> self._true + 1 & 1}
        unwritten = [value for value, is_out in excluded_booleans.items() if is_out and (True, value) not in written]
        return [self._rule("neq", value) for value in [*values, *unwritten]]

    def _number_rules(self, mask: int) -> list[PropertyRule]:
        first, last = ends(mask)
        if first == last and first % 2:
            return [self._rule("eq", self.numbers[first // 2])]
        found = []
        if first != 0:
            found.append(self._rule("gt", self.numbers[first // 2 - 1]))
        if last != self._true - 1:
            found.append(self._rule("lt", self.numbers[last // 2]))
        inside = (1 << last + 1) - (1 << first) & ~mask
        return found + self._but(inside) if inside else found

    def _string_rules(self, mask: int) -> list[PropertyRule]:
        if not self._textual:
            return [self._rule("eq", self._constants[mask.bit_length() - self._first_string - 2])]
        cells = [cell for at, cell in enumerate(self._strings, self._first_string) if mask >> at & 1]
        constants = {cell[0] for cell in cells}
        orders = [test for test in self._textual if test[0] != "contains"]
        marks = [mark for mark in orders if all(mark in cell[2] for cell in cells)]
        marks.sort(key=lambda mark: mark[0] == "<")
        bounds = [self._rule({">": "gt", "<": "lt"}[operator], value) for operator, value in marks]
        if len(constants) == 1 and None not in constants:
            return [*bounds, self._rule("eq", next(iter(constants)))]
        texts = frozenset.intersection(*(cell[1] for cell in cells))
        needed = [text for text in texts if not any(text in other and text != other for other in texts)]
        demanded = self._demanded(texts, marks)
        rest = [self._rule("contains", text) for text in needed] + self._but(demanded & ~mask)
        return bounds + in_written_order(rest, self._tests)

    # ── sets of values that also pass textual tests ───────────────────────────────────────────────────────────────

    def with_texts(self, mask: int, tests: Sequence[Test], written: Sequence[Test]) -> list[Sequence[Rule]]:
        """The fewest conjunctions of rules for the values of `mask` that pass textual tests, which have no cells.

        Empty if there are no such values. `written` are all tests in the order of the text.
        """
        texts = longest_texts([value for operator, value in tests if operator == "contains"])
        bounds = sorted((test for test in tests if test[0] != "contains"), key=lambda test: test[0] == "<")
        limits = {value for _, value in bounds}
        if len(limits) < len(bounds):  # no string is both before and after another
            return []
        order = [self._rule({">": "gt", "<": "lt"}[operator], value) for operator, value in bounds]
        passing = [
            (constant, point)
            for constant, point in self._string_points.items()
            if constant not in limits and all(text in constant for text in texts)
        ]
        if not mask >> self._first_string & 1:
            return [[*order, self._rule("eq", constant)] for constant, point in passing if point & mask]
        rest = [self._rule("contains", text) for text in texts]
        rest += [self._rule("neq", constant) for constant, point in passing if not point & mask]
        return [[*order, *in_written_order(rest, written)]]


def without_implied_texts(tests: Sequence[Test]) -> list[Test]:
    """The tests of an `or`, each once, without the ones that another `contains` implies."""
    texts = list(dict.fromkeys([value for operator, value in tests if operator == "contains"]))
    holds_one = re.compile("|".join(map(re.escape, texts)) if texts else "(?!)", re.DOTALL).search
    found: dict[tuple[str, bool, Any], Test] = {}
    for operator, value in tests:
        if operator == "contains":
            is_implied = value != "" and (holds_one(value[1:]) is not None or holds_one(value[:-1]) is not None)
        else:
            is_implied = operator == "==" and isinstance(value, str) and holds_one(value) is not None
        if not is_implied:
            found.setdefault((operator, isinstance(value, bool), value), (operator, value))
    return list(found.values())


_NOT_IN_TEXTS = "\ud800"
"""Half a surrogate pair: no string of an expression holds it."""


def longest_texts(texts: Sequence[str]) -> list[str]:
    """The texts, each once, that no other one contains: a string that contains these contains the rest, too."""
    unique = list(dict.fromkeys(texts))
    joined = _NOT_IN_TEXTS.join(unique)
    return [text for text in unique if joined.find(text) == joined.rfind(text)]


def in_written_order(rules: list[PropertyRule], tests: Sequence[Test]) -> list[PropertyRule]:
    """`contains` and `neq` rules in the order in which their constants were written."""
    order: dict[tuple[bool, bool, Any], int] = {}
    for at, (operator, value) in enumerate(tests):
        order.setdefault((operator == "contains", isinstance(value, bool), value), at)
    return sorted(
        rules,
        key=lambda rule: order.get(
            (rule.operator == "contains", isinstance(rule.value, bool), rule.value),
            len(tests),
        ),
    )


def _closed_sets(texts: list[str]) -> list[frozenset[str]]:
    """The sets of texts that a string can contain: with each text, those inside it."""
    held = {text: frozenset([inner for inner in texts if inner in text]) for text in texts}
    subsets = chain.from_iterable(combinations(texts, size) for size in range(len(texts) + 1))
    return list(dict.fromkeys([frozenset().union(*map(held.__getitem__, subset)) for subset in subsets]))


def _marks(orders: Sequence[Test], constant: str | None) -> Iterator[Marks]:
    """The combinations of order marks that a string can carry; a bound does not carry its own marks."""
    bounds = dict.fromkeys(value for _, value in orders)
    choices: list[list[Test | None]] = [
        [None] if bound == constant else [None, *(test for test in orders if test[1] == bound)] for bound in bounds
    ]
    for chosen in product(*choices):
        yield tuple([test for test in chosen if test])
