"""One domain for each kind of field: the sets of its values that rules can express."""

from collections.abc import Sequence

from segdsl.catalogue import Field, Kind
from segdsl.lowering.domains.cells import FieldDomain, Test
from segdsl.lowering.domains.lines import CountDomain, DateDomain, FlagDomain, LastSeenDomain, MetricDomain
from segdsl.lowering.domains.opaque import OpaqueDomain
from segdsl.lowering.domains.properties import PropertyDomain
from segdsl.lowering.words import Cut

_DOMAINS: dict[Kind, type[MetricDomain | CountDomain | LastSeenDomain | FlagDomain | PropertyDomain]] = {
    Kind.METRIC: MetricDomain,
    Kind.COUNT: CountDomain,
    Kind.LAST_SEEN: LastSeenDomain,
    Kind.FLAG: FlagDomain,
    Kind.PROPERTY: PropertyDomain,
}


def domain_of(field: Field, tests: Sequence[Test]) -> FieldDomain:
    """The domain of a field, cut by the constants of the tests; these are in the order of the text."""
    if tests and type(tests[0][1]) is Cut:
        return DateDomain(field, tests)
    return _DOMAINS[field.kind](field, tests)


__all__ = ["FieldDomain", "OpaqueDomain", "PropertyDomain", "Test", "domain_of"]
