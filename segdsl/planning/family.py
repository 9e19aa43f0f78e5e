"""Segments that share a name: those the config wants, those the account has, and what is to be done about them."""

from collections.abc import Hashable, Iterator, Sequence
from functools import cached_property

from msgspec import UNSET, structs

from segdsl.planning.actions import Create, Differs, Duplicate, Plan, Unchanged, Unmanaged
from segdsl.planning.differences import decoration_differences, expression_of, filters_difference
from segdsl.planning.equality import meaning_of
from segdsl.remote.models import SegmentDetail
from segdsl.wire.segment import Segment, plain_name


class _Local:
    """A segment that the config wants, which may be one part of several."""

    def __init__(self, segment: Segment) -> None:
        self.segment = segment
        self.name = segment.name or ""

    @cached_property
    def meaning(self) -> Hashable:
        """What its filters say."""
        return meaning_of(self.segment.filters)


class _Remote:
    """A custom segment of the account. `settled` once an action speaks of it."""

    def __init__(self, detail: SegmentDetail) -> None:
        self.detail = detail
        self.plain_name = plain_name(detail.name)
        self.meaning: Hashable = meaning_of(detail.filters)
        self.settled = False


class Family:
    """What the config and the account have under one name. Filled with `want` and `have`, then settled once."""

    leftover_note = "the config's segment of this name is another one, which exists too"

    def __init__(self) -> None:
        self._local: list[_Local] = []
        self._remote: list[_Remote] = []

    def want(self, segment: Segment) -> None:
        """Adds a segment of the config."""
        self._local.append(_Local(segment))

    def have(self, detail: SegmentDetail) -> None:
        """Adds a custom segment of the account."""
        self._remote.append(_Remote(detail))

    def settle(self) -> Plan:
        """The actions about this name. Each remote segment stands for one of the config at most."""
        found = [(local, self._take_equal(local)) for local in self._local]
        pairs = [(local, remote) for local, remote in found if remote is not None]
        missing = [local.segment for local, remote in found if remote is None]
        duplicates = tuple(self._take_duplicates())
        named = self._named(missing, [remote for _, remote in pairs])
        namesakes = [(segment, self._take_namesakes(segment)) for segment in named]
        return Plan(
            create=tuple(Create(segment, expression_of(segment.filters)) for segment, held in namesakes if not held),
            unchanged=tuple(_unchanged(*pair) for pair in pairs if not _decorated_otherwise(*pair)),
            differs=(
                *(_decorated(*pair) for pair in pairs if _decorated_otherwise(*pair)),
                *(_differs(segment, held) for segment, held in namesakes if held),
            ),
            unmanaged=tuple(
                Unmanaged(remote.detail.name, remote.detail.id, self.leftover_note)
                for remote in self._remote
                if not remote.settled
            ),
            duplicates=duplicates,
        )

    def _take_equal(self, local: _Local) -> _Remote | None:
        """The remote segment with the filters of a local one; of several, one that is alike in all else too."""
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
        """Remote segments of one meaning, when they are more than the config has. To be called once pairs are found."""
        by_meaning: dict[Hashable, list[_Remote]] = {}
        for remote in self._remote:
            if remote.detail.filters is not None:
                by_meaning.setdefault(remote.meaning, []).append(remote)
        for equal in by_meaning.values():
            in_use = sum(remote.settled for remote in equal)
            if len(equal) > max(1, in_use):
                yield Duplicate(equal[0].detail.name, tuple(remote.detail.id for remote in equal))
                for remote in equal:
                    remote.settled = in_use > 0

    def _take_namesakes(self, segment: Segment) -> list[_Remote]:
        """The remote segments that bear the name which a local one would be created with."""
        name = plain_name(segment.name or "")
        namesakes = [remote for remote in self._remote if not remote.settled and remote.plain_name == name]
        for remote in namesakes:
            remote.settled = True
        return namesakes

    def _named(self, missing: Sequence[Segment], paired: Sequence[_Remote]) -> Sequence[Segment]:
        """The segments without an equal, under the names to create them with."""
        return missing


class PartsFamily(Family):
    """The parts `Name (i/n)` of a split segment. They go by their filters: numbers are given out as they are free."""

    leftover_note = "a part that the config's split segment does not need any more"

    def _named(self, missing: Sequence[Segment], paired: Sequence[_Remote]) -> Sequence[Segment]:
        in_use = {remote.plain_name for remote in paired}
        free = [local.name for local in self._local if plain_name(local.name) not in in_use]
        own = {segment.name for segment in missing} & set(free)
        spare = (name for name in free if name not in own)
        return [
            segment if segment.name in own else structs.replace(segment, name=next(spare, segment.name))
            for segment in missing
        ]


def _decorated_otherwise(local: _Local, remote: _Remote) -> bool:
    return decoration_differences(local.segment, remote.detail) != ()


def _unchanged(local: _Local, remote: _Remote) -> Unchanged:
    other_name = remote.plain_name != plain_name(local.name)
    return Unchanged(local.name, remote.detail.id, remote.detail.name if other_name else UNSET)


def _decorated(local: _Local, remote: _Remote) -> Differs:
    """The filters are the same, description or icon are not."""
    return Differs(local.name, (remote.detail.id,), decoration_differences(local.segment, remote.detail))


def _differs(segment: Segment, namesakes: Sequence[_Remote]) -> Differs:
    """All that is not the same as in the first of the remote segments of this name."""
    remote = namesakes[0].detail
    differences = (filters_difference(segment, remote), *decoration_differences(segment, remote))
    return Differs(segment.name or "", tuple(namesake.detail.id for namesake in namesakes), differences)
