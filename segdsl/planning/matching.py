"""config × remote listing → plan. Pure: the filters, which the listing does not have, are handed in.

Segments are grouped into families, one for each name. In a family, segments with equal filters belong together; a
segment of the config without an equal is created if its name is free, and differs if not.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from msgspec import UNSET, structs

from segdsl.config.check import CompiledSegment, declared_in
from segdsl.planning.differences import decoration_differences, filters_difference, text_difference
from segdsl.planning.plan import Create, Differs, Duplicate, Plan, Unchanged, Unmanaged, Unreadable
from segdsl.remote.meaning import Meaning, loose_name
from segdsl.remote.models import SegmentDetail, SegmentSummary
from segdsl.semantics.schema import UNCHECKED, Schema
from segdsl.syntax.printer import unparse
from segdsl.wire.segment import Segment, plain_name

NOT_LISTED = "not listed yet"
"""The note on a segment that this machine created and that the server's list does not show."""

_PART = re.compile(r"(.+) \([1-9][0-9]*/[1-9][0-9]*\)", re.DOTALL)
"""The name of a part of a split segment; the group is the name of the segment."""


def wanted_ids(desired: Iterable[CompiledSegment], listed: Iterable[SegmentSummary]) -> tuple[str, ...]:
    """The ids of the remote segments whose filters planning needs: those with a name of the config or a similar one."""
    families = _Families(desired)
    return tuple(
        summary.id
        for summary in listed
        if summary.is_custom and (families.of(summary.name) or families.similar(summary.name))
    )


def make_plan(
    desired: Iterable[CompiledSegment],
    listed: Iterable[SegmentSummary],
    details: Mapping[str, SegmentDetail],
    unreadable: Mapping[str, str] | None = None,
    unlisted: Collection[str] = (),
) -> Plan:
    """The plan that gives the account every segment of `desired`.

    `listed` is the whole account. The segments of `wanted_ids` were read: `details` holds them by id, and `unreadable`
    says by id why one could not be read. The ids `unlisted` exist, but the server's list does not show them yet.
    Filters are compared by `Meaning`, names by `plain_name`. System segments do not count.

    - If several remote segments have one name, one with equal filters is enough.
    - Parts of a split segment, `Name (i/n)`, are compared by their filters; their numbers do not count.
    - A segment is not created if a remote one has equal filters and a name that differs in case or blanks only: a
      server may have changed the name.
    """
    listed, unreadable = tuple(listed), unreadable or {}
    families = _Families(desired)
    strangers: list[Unmanaged] = []
    for summary in listed:
        if not summary.is_custom:
            continue
        family, similar = families.of(summary.name), families.similar(summary.name)
        if summary.id in unreadable and (owner := family or similar):
            owner.cannot_read(summary, unreadable[summary.id])
        elif summary.id in details and family:
            family.have(details[summary.id], is_listed=summary.id not in unlisted)
        elif summary.id in details and similar:
            similar.may_have(details[summary.id])
        elif not family:
            strangers.append(Unmanaged(summary.name, summary.id, families.note_on(summary.name) or UNSET))
    settled = [family.settle() for family in families.all]
    return Plan(
        create=tuple(action for plan in settled for action in plan.create),
        unchanged=tuple(action for plan in settled for action in plan.unchanged),
        differs=tuple(action for plan in settled for action in plan.differs),
        unreadable=tuple(action for plan in settled for action in plan.unreadable),
        unmanaged=(*(action for plan in settled for action in plan.unmanaged), *strangers),
        duplicates=tuple(action for plan in settled for action in plan.duplicates),
        known_ids=frozenset(summary.id for summary in listed),
    )


class _Families:
    """The families of a config, by name."""

    def __init__(self, desired: Iterable[CompiledSegment]) -> None:
        self.all: list[Family] = []
        self._by_name: dict[str, Family] = {}
        self._by_base: dict[str, Family] = {}
        self._by_loose_name: dict[tuple[str, bool], Family] = {}
        schemas: dict[int, Schema] = {}
        for compiled in desired:
            config, holder = compiled.config, compiled.holder
            schema = schemas.get(id(holder)) or schemas.setdefault(id(holder), declared_in(holder)[0])
            family = self._family(plain_name(config.name), is_split=len(compiled.filters) > 1)
            for name, filters in compiled.parts:
                family.want(
                    Segment(name=name, description=config.description, icon=config.icon, filters=filters), schema
                )

    def _family(self, name: str, *, is_split: bool) -> "Family":
        index, kind = (self._by_base, PartsFamily) if is_split else (self._by_name, Family)
        if name not in index:
            index[name] = kind()
            self.all.append(index[name])
            self._by_loose_name.setdefault((loose_name(name), is_split), index[name])
        return index[name]

    def of(self, name: str) -> "Family | None":
        """The family of a remote segment with this name."""
        plain, base = plain_name(name), _base(name)
        return self._by_name.get(plain) or (None if base is None else self._by_base.get(base))

    def similar(self, name: str) -> "Family | None":
        """The family with a name that differs from this one in case or blanks only."""
        base = _base(name)
        whole = self._by_loose_name.get((loose_name(name), False))
        return whole or (None if base is None else self._by_loose_name.get((loose_name(base), True)))

    def note_on(self, name: str) -> str | None:
        """The note on a remote segment of no family whose name looks like a part of a segment of the config."""
        base = _base(name)
        return f"by its name a part of `{base}`, which is one segment now" if base in self._by_name else None


def _base(name: str) -> str | None:
    part = _PART.fullmatch(plain_name(name))
    return plain_name(part[1]) if part else None


# ── one name ─────────────────────────────────────────────────────────────────────────────────────────────────────────


class _Local:
    """A segment of the config, or one part of a split one. `part` is its name in the config if it takes another one."""

    def __init__(self, segment: Segment, schema: Schema, part: str = "") -> None:
        self.segment = segment
        self.name = segment.name or ""
        self.schema = schema
        self.part = part
        self.meaning = Meaning.of_compiled(segment.filters, schema)


class _Remote:
    """A custom segment of the account. `settled` is true once an action covers it."""

    def __init__(self, detail: SegmentDetail, schema: Schema, *, is_listed: bool = True) -> None:
        self.detail = detail
        self.is_listed = is_listed
        self.plain_name = plain_name(detail.name)
        self.meaning = Meaning.of_json(detail.filters, schema)
        self.settled = False


class Family:
    """The segments of the config and of the account under one name. Call `want` and `have`, then `settle` once."""

    leftover_note = "the config's segment of this name is another one, which exists too"

    def __init__(self) -> None:
        self._schema = UNCHECKED
        self._local: list[_Local] = []
        self._remote: list[_Remote] = []
        self._similar: list[_Remote] = []
        self._unread: list[tuple[SegmentSummary, str]] = []

    def want(self, segment: Segment, schema: Schema = UNCHECKED) -> None:
        """Adds a segment of the config, which has the schema; the plan's texts are spelled with it."""
        self._schema = schema
        self._local.append(_Local(segment, schema))

    def have(self, detail: SegmentDetail, *, is_listed: bool = True) -> None:
        """Adds a custom segment of the account."""
        self._remote.append(_Remote(detail, self._schema, is_listed=is_listed))

    def may_have(self, detail: SegmentDetail) -> None:
        """Adds a custom segment whose name differs in case or blanks from one of the config."""
        self._similar.append(_Remote(detail, self._schema))

    def cannot_read(self, summary: SegmentSummary, reason: str) -> None:
        """Adds a custom segment whose filters are unknown."""
        self._unread.append((summary, reason))

    def settle(self) -> Plan:
        """The actions for this name. Each remote segment stands for at most one of the config."""
        found = [(local, self._take_equal(local)) for local in self._local]
        pairs = [(local, remote) for local, remote in found if remote is not None]
        missing = [local for local, remote in found if remote is None]
        duplicates = tuple(self._take_duplicates())
        named = self._named(missing, [remote for _, remote in pairs])
        if self._unread and named:
            unreadable = tuple(self._unreadable(local) for local in named)
            named = []
        else:
            unreadable = ()
        namesakes = [(local, self._take_namesakes(local)) for local in named]
        twins = [(local, self._take_twin(local)) for local, held in namesakes if not held]
        return Plan(
            create=tuple(_create(local) for local, twin in twins if twin is None),
            unchanged=tuple(_unchanged(*pair) for pair in pairs if not _decorated_otherwise(*pair)),
            differs=(
                *(_decorated(*pair) for pair in pairs if _decorated_otherwise(*pair)),
                *(_differs(local, held) for local, held in namesakes if held),
                *(_renamed(local, twin) for local, twin in twins if twin is not None),
            ),
            unreadable=unreadable,
            unmanaged=tuple(self._leftovers({twin.detail.id: local for local, twin in twins if twin}, unreadable)),
            duplicates=duplicates,
        )

    def _leftovers(self, twins: Mapping[str, _Local], unreadable: Sequence[Unreadable]) -> Iterator[Unmanaged]:
        """The remote segments that stand for none of the config; `twins` are those with a similar name."""
        for remote in self._remote:
            if not remote.settled:
                yield Unmanaged(remote.detail.name, remote.detail.id, self.leftover_note)
        for remote in self._similar:
            local = twins.get(remote.detail.id)
            note = f"probably the twin of `{local.name}`: the names differ in case or blanks only" if local else UNSET
            yield Unmanaged(remote.detail.name, remote.detail.id, note)
        for summary, reason in () if unreadable else self._unread:
            yield Unmanaged(summary.name, summary.id, f"it could not be read: {reason}")

    def _unreadable(self, local: _Local) -> Unreadable:
        return Unreadable(local.name, tuple(summary.id for summary, _ in self._unread), self._unread[0][1])

    def _take_twin(self, local: _Local) -> _Remote | None:
        """The remote segment with equal filters and a name that differs in case or blanks only."""
        for remote in self._similar:
            if not remote.settled and remote.meaning == local.meaning:
                remote.settled = True
                return remote
        return None

    def _take_equal(self, local: _Local) -> _Remote | None:
        """The remote segment with equal filters; of several, preferably one with the same name and decoration."""
        equal = [remote for remote in self._remote if not remote.settled and remote.meaning == local.meaning]
        best = min(
            equal,
            key=lambda remote: (_decorated_otherwise(local, remote), remote.detail.name != local.name),
            default=None,
        )
        if best is not None:
            best.settled = True
        return best

    def _take_duplicates(self) -> Iterator[Duplicate]:
        """Remote segments with equal filters, if there are more than in the config. Call it after pairs are found."""
        by_meaning: dict[Meaning, list[_Remote]] = {}
        for remote in self._remote:
            if remote.detail.filters is not None:
                by_meaning.setdefault(remote.meaning, []).append(remote)
        for equal in by_meaning.values():
            in_use = sum(remote.settled for remote in equal)
            if len(equal) > max(1, in_use):
                yield Duplicate(equal[0].detail.name, tuple(remote.detail.id for remote in equal))
                for remote in equal:
                    remote.settled = in_use > 0

    def _take_namesakes(self, local: _Local) -> list[_Remote]:
        """The remote segments with the name under which the local one would be created."""
        name = plain_name(local.name)
        namesakes = [remote for remote in self._remote if not remote.settled and remote.plain_name == name]
        for remote in namesakes:
            remote.settled = True
        return namesakes

    def _named(self, missing: Sequence[_Local], paired: Sequence[_Remote]) -> Sequence[_Local]:
        """The segments without an equal, under the names to create them with."""
        return missing


class PartsFamily(Family):
    """The parts `Name (i/n)` of a split segment, paired by their filters. A new part gets a free number."""

    leftover_note = "a part that the config's split segment no longer needs"

    def _named(self, missing: Sequence[_Local], paired: Sequence[_Remote]) -> Sequence[_Local]:
        in_use = {remote.plain_name for remote in paired}
        free = [local.name for local in self._local if plain_name(local.name) not in in_use]
        own = {local.name for local in missing} & set(free)
        spare = (name for name in free if name not in own)
        return [
            local
            if local.name in own
            else _Local(structs.replace(local.segment, name=next(spare, local.name)), local.schema, local.name)
            for local in missing
        ]


def _decorated_otherwise(local: _Local, remote: _Remote) -> bool:
    return decoration_differences(local.segment, remote.detail) != ()


def _create(local: _Local) -> Create:
    expression = local.meaning.expression
    assert expression is not None  # noqa: S101  the compiler made the filters
    return Create(local.segment, unparse(expression), local.part)


def _unchanged(local: _Local, remote: _Remote) -> Unchanged:
    other_name = remote.plain_name != plain_name(local.name)
    return Unchanged(
        local.name,
        remote.detail.id,
        remote.detail.name if other_name else UNSET,
        UNSET if remote.is_listed else NOT_LISTED,
    )


def _decorated(local: _Local, remote: _Remote) -> Differs:
    """The filters are the same, description or icon are not."""
    return Differs(local.name, (remote.detail.id,), decoration_differences(local.segment, remote.detail))


def _renamed(local: _Local, twin: _Remote) -> Differs:
    """The filters are the same, and the name differs in case or blanks only."""
    name = text_difference("name", local.name, twin.detail.name)
    return Differs(local.name, (twin.detail.id,), (name, *decoration_differences(local.segment, twin.detail)))


def _differs(local: _Local, namesakes: Sequence[_Remote]) -> Differs:
    """The differences from the first remote segment of this name."""
    remote = namesakes[0]
    differences = (
        filters_difference(local.segment, local.meaning, remote.detail, remote.meaning),
        *decoration_differences(local.segment, remote.detail),
    )
    return Differs(local.name, tuple(namesake.detail.id for namesake in namesakes), differences, local.part)
