"""A condition over sets: which fields it speaks of, and the set of values that each predicate picks (see `lines`)."""

from typing import Any

from msgspec import Struct

from segdsl.lowering.joints import Joint, fold_joints, leaves
from segdsl.lowering.lines import Count, Flag, LastSeen, Line, Metric, Opaque, Test
from segdsl.lowering.property_values import MAX_STRING_CLASSES, PropertyValues, string_classes
from segdsl.semantics.catalogue import Field, Kind
from segdsl.semantics.typed import Predicate

_LINES: dict[Kind, type[Metric | Count | LastSeen | Flag | PropertyValues]] = {
    Kind.METRIC: Metric,
    Kind.COUNT: Count,
    Kind.LAST_SEEN: LastSeen,
    Kind.FLAG: Flag,
    Kind.PROPERTY: PropertyValues,
}
_INCLUSIVE = {">=": (">", "=="), "<=": ("<", "==")}
_WHOLE = {">=": (">", -1), "<=": ("<", 1)}


class Choice(Struct, frozen=True, eq=False):
    """A predicate as tests on fields, of which one (or, `every`, each) must hold: (field's number, set) as written."""

    every: bool
    tests: tuple[tuple[int, int], ...]
    predicate: Predicate


class Plan(Struct, frozen=True, eq=False):
    """The fields, each with its cells, in the order in which they first appear; and the condition over them.

    `order` gives each of them the number of its field as it appears in the text: tests of one conversation property
    are apart here, and together there.
    """

    lines: list[Line]
    condition: Any
    universe: list[int]
    order: list[int]


def plan(condition: Any) -> Plan:
    """The plan of a condition without `not` (see `negation`)."""
    predicates: list[Predicate] = leaves(condition)
    tests: dict[Field, list[Test]] = {}
    for predicate in predicates:
        tests.setdefault(predicate.field, []).extend(tests_of(predicate)[1])
    lines = _Lines(tests)
    planned = fold_joints(condition, lines.choice, lambda node, parts: Joint(node.every, tuple(parts), node.node))
    return Plan(
        lines.lines,
        planned,
        [line.full | 1 << line.cells for line in lines.lines],
        [list(tests).index(line.field) for line in lines.lines],
    )


def tests_of(predicate: Predicate) -> tuple[bool, list[Test]]:
    """The tests that a predicate is made of, and whether each of them must hold."""
    kind, operator, value = predicate.field.kind, predicate.operator, predicate.value
    if operator == "in":
        return False, [("==", one) for one in value]
    if operator == "not in":
        return True, [("!=", one) for one in value]
    if kind in (Kind.PROPERTY, Kind.CONVERSATION_PROPERTY) and operator in _INCLUSIVE:
        if predicate.whole:
            shifted, step = _WHOLE[operator]
            return False, [(shifted, value + step)]
        return False, [(one, value) for one in _INCLUSIVE[operator]]
    if kind in (Kind.METRIC, Kind.COUNT) and operator == "!=":
        return False, [("<", value), (">", value)]
    return False, [(operator, value)]


class _Lines:
    """The fields of the condition: one for each, but for tests of which nothing follows, which are one each."""

    def __init__(self, tests: dict[Field, list[Test]]) -> None:
        self.lines: list[Line] = []
        self._whole: dict[Field, int] = {}
        self._opaque: dict[tuple[Field, str, bool, Any], int] = {}
        for field, listed in tests.items():
            if field.kind is Kind.CONVERSATION_PROPERTY:
                continue
            if field.kind is Kind.PROPERTY and string_classes(listed) > MAX_STRING_CLASSES:
                listed = [test for test in listed if not _textual(test)]  # noqa: PLW2901  the rest stand alone
            if listed:
                self._whole[field] = len(self.lines)
                self.lines.append(_LINES[field.kind](field, listed))

    def choice(self, predicate: Predicate) -> Choice:
        every, tests = tests_of(predicate)
        return Choice(every, tuple(self._placed(predicate.field, test) for test in tests), predicate)

    def _placed(self, field: Field, test: Test) -> tuple[int, int]:
        whole = self._whole.get(field)
        if whole is not None and not (_textual(test) and self._is_apart(whole)):
            return whole, self.lines[whole].mask(test)
        operator, value = test
        key = (field, operator, isinstance(value, bool), value)  # `True` equals 1
        if key not in self._opaque:
            self._opaque[key] = len(self.lines)
            self.lines.append(Opaque(field, _WIRE[operator], value))
        return self._opaque[key], self.lines[self._opaque[key]].mask(test)

    def _is_apart(self, number: int) -> bool:
        """Whether the textual tests of the field were too many to be cut into classes."""
        line = self.lines[number]
        return isinstance(line, PropertyValues) and not line.textual


_WIRE = {"==": "eq", "!=": "neq", "<": "lt", ">": "gt", "contains": "contains"}


def _textual(test: Test) -> bool:
    return test[0] == "contains" or (test[0] in ("<", ">") and isinstance(test[1], str))
