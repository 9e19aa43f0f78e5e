"""The rank of a conjunction, by the parts of the text that it stems from, which sorts conjunctions in text order."""

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from heapq import merge
from typing import Any

from segdsl.lowering.cubes import Cube
from segdsl.lowering.space import Choice
from segdsl.semantics.typed import Connective, fold

Rank = tuple[int, ...]


class Order:
    """Ranks the cubes of a part of a condition.

    A rank holds the first alternatives, as written, that a cube stems from: their numbers at each `or`. A cube stems
    from an alternative that has only dimensions of the cube, with values that are all inside the cube's or all around
    them; if simplification left no such alternative, from the first that meets the cube. There is one: a user with
    exactly the fields of the cube is in it, so the condition holds for that user, by alternatives with these fields.
    """

    def __init__(self, part: Any) -> None:
        self._part = part
        self._alternatives = _alternatives(part)
        self._by_dimension: dict[int, _Tests] = {}
        for number, alternative in enumerate(self._alternatives):
            for dimension, mask in _necessary(alternative):
                self._by_dimension.setdefault(dimension, _Tests()).add(number, mask)

    def rank(self, cube: Cube) -> Rank:
        """The rank of a cube."""
        rank = self._rank(cube, _inside_or_around)
        return self._rank(cube, _meets) or () if rank is None else rank

    def _rank(self, cube: Cube, stems: Callable[[int, int | None], bool]) -> Rank | None:
        if not self._alternatives:
            return _rank(self._part, cube, stems)
        known = -1
        tests = [(self._by_dimension[at], side) for at, side in cube.items() if at in self._by_dimension]
        for number in merge(*(own.meeting(side) for own, side in tests)):
            if number != known:
                known = number
                rank = _rank(self._alternatives[number], cube, stems)
                if rank is not None:
                    return (number, *rank)
        return None


class _Tests:
    """The tests on one dimension, with the numbers of their alternatives."""

    def __init__(self) -> None:
        self._numbers: list[int] = []
        self._masks: list[int] = []
        self._unions: list[int] = []

    def add(self, number: int, mask: int) -> None:
        self._numbers.append(number)
        self._masks.append(mask)
        self._unions.append(mask | (self._unions[-1] if self._unions else 0))

    def meeting(self, side: int) -> Iterator[int]:
        """The numbers of the tests that meet a set, upwards; those before the first are skipped at once."""
        first = bisect_left(self._unions, 1, key=lambda union: 1 if union & side else 0)
        return (self._numbers[at] for at in range(first, len(self._masks)) if self._masks[at] & side)


def _alternatives(part: Any) -> Sequence[Any]:
    """The alternatives of an `or`, or of a predicate that is one; () for every other part."""
    if type(part) is Choice:
        return () if part.every else [Choice(True, (test,), part.predicate) for test in part.tests]
    return () if part.every else part.parts


def _necessary(part: Any) -> list[tuple[int, int]]:
    """Tests such that a cube that stems from the part meets one of them."""
    found: list[tuple[int, int]] = []
    waiting = [part]
    while waiting:
        node = waiting.pop()
        if type(node) is not Connective:
            found += node.tests[:1] if node.every else node.tests
        elif not node.every:
            waiting += node.parts
        elif all(type(one) is Choice and len(one.tests) == 1 for one in node.parts):
            found.append(_on_one_dimension([one.tests[0] for one in node.parts]))
        else:
            waiting.append(node.parts[0])
    return found


def _on_one_dimension(tests: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """The set of the first dimension in tests that must all hold."""
    first, mask = tests[0]
    for dimension, other in tests[1:]:
        if dimension == first:
            mask &= other
    return first, mask


def _inside_or_around(mask: int, side: int | None) -> bool:
    return side is not None and (not mask & ~side or not side & ~mask)


def _meets(mask: int, side: int | None) -> bool:
    return side is not None and bool(mask & side)


def _rank(part: Any, cube: Cube, stems: Callable[[int, int | None], bool]) -> Rank | None:
    return fold(
        part,
        lambda choice: _choice(choice, cube, stems),
        lambda node, parts: _every(parts) if node.every else _some(parts),
    )


def _every(parts: list[Rank | None]) -> Rank | None:
    together: Rank = ()
    for part in parts:
        if part is None:
            return None
        together += part
    return together


def _some(parts: list[Rank | None]) -> Rank | None:
    return next(((at, *part) for at, part in enumerate(parts) if part is not None), None)


def _choice(choice: Choice, cube: Cube, stems: Callable[[int, int | None], bool]) -> Rank | None:
    tests = choice.tests
    if choice.every:
        return () if all(stems(mask, cube.get(dimension)) for dimension, mask in tests) else None
    return next(((at,) for at, (dimension, mask) in enumerate(tests) if stems(mask, cube.get(dimension))), None)
