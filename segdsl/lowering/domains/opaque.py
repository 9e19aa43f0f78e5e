"""A test that implies only itself: on a conversation property, or on the text of a property with very many such tests.

A user may have several conversations, so two of them may meet two tests of one conversation property.
"""

from collections.abc import Sequence

from segdsl.catalogue import Field
from segdsl.lowering.domains.cells import FieldDomain, Test
from segdsl.lowering.words import test_rule
from segdsl.wire.rules import Rule


class OpaqueDomain(FieldDomain):
    """One cell: the test holds."""

    def __init__(self, field: Field, test: Test) -> None:
        super().__init__(field, 1)
        self.test = test

    def mask(self, _test: Test) -> int:
        return 1

    def pieces(self, mask: int) -> list[int]:
        return [mask]

    maximal = pieces

    def rules(self, _mask: int) -> Sequence[Rule]:
        return [test_rule(self.field, self.test)]
