"""A condition over sets: its dimensions, and the set of values for which each predicate holds.

A field is one dimension. Tests that imply only themselves are a dimension each (see `domains.opaque`): those of a
conversation property, and the textual tests of a property with too many of them to cut it into cells.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct

from segdsl.catalogue import Field, Kind
from segdsl.lowering.domains import FieldDomain, OpaqueDomain, PropertyDomain, Test, domain_of
from segdsl.lowering.domains.cells import alternatives_of
from segdsl.lowering.domains.properties import fits_in_cells, is_textual
from segdsl.semantics.typed import Condition, Connective, Predicate, fold, leaves_of


class Choice(Struct, frozen=True, eq=False):
    """A predicate as tests, (number of the dimension, set), as written: one must hold, or with `every` each."""

    every: bool
    tests: tuple[tuple[int, int], ...]
    predicate: Predicate

    @property
    def sets(self) -> tuple[tuple[int, int], ...]:
        """The sets, one for each dimension, that must all hold; () if one of several dimensions is enough."""
        dimensions = {dimension for dimension, _ in self.tests}
        if len(dimensions) > 1:
            return self.tests if self.every else ()
        total = self.tests[0][1]
        for _, mask in self.tests[1:]:
            total = total & mask if self.every else total | mask
        return ((self.tests[0][0], total),)


class Space(Struct, frozen=True, eq=False):
    """The dimensions, and the condition as `Connective`s over `Choice`s.

    `universe` has for each dimension all its values, and one more cell for users who lack the field.
    """

    domains: Sequence[FieldDomain]
    condition: Any
    universe: Sequence[int]
    apart: Mapping[Field, PropertyDomain]
    """The properties whose textual tests are separate dimensions, with the domain of their other tests."""
    written: Mapping[Field, Sequence[Test]]
    """The tests on each field, in the order of the text."""

    def is_in_cells(self, field: Field) -> bool:
        """Whether the field is one dimension, or its tests are independent."""
        return field not in self.apart

    def property_domain(self, field: Field) -> PropertyDomain:
        """The domain of a property whose textual tests are separate dimensions."""
        return self.apart[field]


def space_of(condition: Condition) -> Space:
    """The space of a condition."""
    dimensions = Dimensions(leaves_of(condition))
    space = fold(
        condition,
        dimensions.choice,
        lambda node, parts: Connective(node.every, tuple(parts), node.negated, node.is_leaf),
    )
    return Space(dimensions.domains, space, dimensions.universe, dimensions.apart, dimensions.tests)


class Dimensions:
    """The dimensions of predicates, in the order in which their fields first appear."""

    def __init__(self, predicates: Sequence[Predicate]) -> None:
        self.domains: list[FieldDomain] = []
        self._of_field: dict[Field, int] = {}
        self._opaque: dict[tuple[Field, str, bool, Any], int] = {}
        self.tests: dict[Field, list[Test]] = {}
        for predicate in predicates:
            if predicate.field.kind is not Kind.CONVERSATION_PROPERTY:
                self.tests.setdefault(predicate.field, []).extend(alternatives_of(predicate))
        self.apart: dict[Field, PropertyDomain] = {}
        for field, own in self.tests.items():
            if field.kind is Kind.PROPERTY and not fits_in_cells(own):
                self.apart[field] = PropertyDomain(field, [test for test in own if not is_textual(test)])
            self._of_field[field] = len(self.domains)
            self.domains.append(self.apart.get(field) or domain_of(field, own))

    @property
    def universe(self) -> list[int]:
        """For each dimension all its values, and one cell for users who lack the field."""
        return [domain.full | 1 << domain.cells for domain in self.domains]

    def choice(self, predicate: Predicate) -> Choice:
        """The predicate over dimensions."""
        tests = alternatives_of(predicate)
        return Choice(
            predicate.operator == "not in", tuple([self._placed(predicate.field, test) for test in tests]), predicate
        )

    def _placed(self, field: Field, test: Test) -> tuple[int, int]:
        of_field = self._of_field.get(field)
        if of_field is not None and not (field in self.apart and is_textual(test)):
            return of_field, self.domains[of_field].mask(test)
        operator, value = test
        key = (field, operator, isinstance(value, bool), value)  # `True` equals 1
        if key not in self._opaque:
            self._opaque[key] = len(self.domains)
            self.domains.append(OpaqueDomain(field, test))
        return self._opaque[key], 1
