"""config × remote listing → plan. Pure: what the listing lacks, the filters, is handed in."""

import re
from collections.abc import Iterable, Mapping

from msgspec import UNSET

from segdsl.config.check import CompiledSegment
from segdsl.planning.actions import Plan, Unmanaged
from segdsl.planning.family import Family, PartsFamily
from segdsl.remote.models import SegmentDetail, SegmentSummary
from segdsl.wire.segment import Segment, plain_name

_PART = re.compile(r"(.+) \([1-9][0-9]*/[1-9][0-9]*\)", re.DOTALL)
"""The name of a part of a split segment; the group is the segment's own."""


def wanted_ids(desired: Iterable[CompiledSegment], listed: Iterable[SegmentSummary]) -> tuple[str, ...]:
    """The ids of the remote segments whose filters planning needs: those that bear a name of the config."""
    families = _Families(desired)
    return tuple(summary.id for summary in listed if summary.is_custom and families.of(summary.name) is not None)


def make_plan(
    desired: Iterable[CompiledSegment], listed: Iterable[SegmentSummary], details: Mapping[str, SegmentDetail]
) -> Plan:
    """What is to be done so that the account has every segment of `desired`.

    `listed` is the whole account; `details` holds, by id, what could be read of `wanted_ids`, and what could not is
    taken as gone. Names and filters are compared as `planning.equality` says. System segments do not count.

    - Of several remote segments with one name, one equal is enough.
    - Parts of a split segment, `Name (i/n)`, go by their filters, whatever their numbers.
    """
    listed = tuple(listed)
    families = _Families(desired)
    strangers: list[Unmanaged] = []
    for summary in listed:
        family = families.of(summary.name) if summary.is_custom else None
        if family is not None and summary.id in details:
            family.have(details[summary.id])
        elif family is None and summary.is_custom:
            strangers.append(Unmanaged(summary.name, summary.id, families.note_on(summary.name) or UNSET))
    settled = [family.settle() for family in families.all]
    return Plan(
        create=tuple(action for plan in settled for action in plan.create),
        unchanged=tuple(action for plan in settled for action in plan.unchanged),
        differs=tuple(action for plan in settled for action in plan.differs),
        unmanaged=(*(action for plan in settled for action in plan.unmanaged), *strangers),
        duplicates=tuple(action for plan in settled for action in plan.duplicates),
        known_ids=frozenset(summary.id for summary in listed),
    )


class _Families:
    """The families of a config, by the names that belong to them."""

    def __init__(self, desired: Iterable[CompiledSegment]) -> None:
        self.all: list[Family] = []
        self._by_name: dict[str, Family] = {}
        self._by_base: dict[str, Family] = {}
        for compiled in desired:
            config = compiled.config
            family = self._family(plain_name(config.name), is_split=len(compiled.filters) > 1)
            for name, filters in compiled.parts:
                family.want(Segment(name=name, description=config.description, icon=config.icon, filters=filters))

    def _family(self, name: str, *, is_split: bool) -> Family:
        index, kind = (self._by_base, PartsFamily) if is_split else (self._by_name, Family)
        if name not in index:
            index[name] = kind()
            self.all.append(index[name])
        return index[name]

    def of(self, name: str) -> Family | None:
        """The family that a remote segment of this name belongs to."""
        plain, base = plain_name(name), _base(name)
        return self._by_name.get(plain) or (None if base is None else self._by_base.get(base))

    def note_on(self, name: str) -> str | None:
        """What is to be said of a remote segment of no family that looks like a part of a segment of the config."""
        base = _base(name)
        return f"by its name a part of `{base}`, which is in one piece now" if base in self._by_name else None


def _base(name: str) -> str | None:
    part = _PART.fullmatch(plain_name(name))
    return plain_name(part[1]) if part else None
