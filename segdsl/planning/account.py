"""Reading an account: its whole listing and, several at once, the wanted segments in full."""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Protocol

from msgspec import Struct

from segdsl.config.check import CompiledSegment
from segdsl.errors import ApiError, AuthenticationError, RateLimitError
from segdsl.limits import MAX_LISTINGS, MAX_READERS
from segdsl.planning.matching import make_plan, wanted_ids
from segdsl.planning.plan import Plan
from segdsl.remote.local_files import Remembered, filters_hash
from segdsl.remote.meaning import loose_name
from segdsl.remote.models import SegmentDetail, SegmentList, SegmentSummary
from segdsl.remote.read import unstable_list
from segdsl.remote.replies import plain_words

Wanted = Callable[[Sequence[SegmentSummary]], Iterable[str]]
"""Picks from a listing the ids of the segments to read in full."""


Progress = Callable[[int, int], None]
"""Is called with the numbers of segments that are read and that are wanted."""


class Account(Struct, frozen=True):
    """The listing, system segments included, and by id the wanted segments in full.

    `unreadable` says, by id, why a wanted segment could not be read. A segment that was deleted since the listing is in
    neither. `unlisted` are remembered segments that exist although the listing does not show them yet.
    """

    listing: SegmentList
    details: Mapping[str, SegmentDetail]
    unreadable: Mapping[str, str]
    unlisted: tuple[SegmentSummary, ...] = ()


class Reader(Protocol):
    """The reading half of `AsyncClient`."""

    async def read_list(self) -> SegmentList:
        """All segments of the account."""

    async def get_segment(self, id: str) -> SegmentDetail:  # noqa: A002  as in the client
        """One segment in full."""


def no_progress(done: int, total: int) -> None:
    """Shows nothing."""


async def read_account(reader: Reader, wanted: Wanted, progress: Progress = no_progress) -> Account:
    """Reads the listing, and in full the segments that `wanted` picks from it.

    Raises an `ApiError` that concerns all segments: the list cannot be read, the key is refused, a rate limit outlasts
    the budget, or as many requests in a row fail as run at once.
    """
    listing = await reader.read_list()
    return await _with_details(reader, wanted, progress, listing, {})


async def read_plan(
    reader: Reader,
    desired: Sequence[CompiledSegment],
    remembered: Sequence[Remembered] = (),
    progress: Progress = no_progress,
) -> tuple[Plan, frozenset[str]]:
    """The plan for the account, and the ids of `remembered` segments that need not be remembered any more.

    Raises as `read_account` does. If a segment is to be created and the listing had several pages, it is read until two
    readings agree, at most `limits.MAX_LISTINGS` times, because a segment that is deleted or moved meanwhile can hide
    another one. A remembered segment that is not listed is read by its id.
    """

    def wanted(listed: Sequence[SegmentSummary]) -> Iterable[str]:
        return wanted_ids(desired, listed)

    entries = {entry.id: entry for entry in remembered}
    account = await _with_details(reader, wanted, progress, await reader.read_list(), {}, entries)
    for _ in range(MAX_LISTINGS - 1):
        account = _trusting(account, entries, desired)
        segments = (*account.listing.segments, *account.unlisted)
        plan = make_plan(
            desired, segments, account.details, account.unreadable, {segment.id for segment in account.unlisted}
        )
        if not plan.create or account.listing.pages == 1:
            return plan, _forgettable(account, entries, wanted)
        listing = await reader.read_list()
        if listing.agrees_with(account.listing):
            return plan, _forgettable(account, entries, wanted)
        account = await _with_details(reader, wanted, progress, listing, account.details, entries)
    raise unstable_list()


async def _with_details(
    reader: Reader,
    wanted: Wanted,
    progress: Progress,
    listing: SegmentList,
    known: Mapping[str, SegmentDetail],
    remembered: Mapping[str, Remembered] | None = None,
) -> Account:
    """The account of a listing; segments in `known` are not read again, unlisted ones in `remembered` are added."""
    listed = {segment.id for segment in listing.segments}
    unlisted = tuple(_summary(entry) for id_, entry in (remembered or {}).items() if id_ not in listed)
    ids = list(dict.fromkeys(wanted((*listing.segments, *unlisted))))
    details = {id_: known[id_] for id_ in ids if id_ in known}
    fetch = _Fetch(reader, details, lambda: progress(len(details), len(ids)))
    await fetch.run(id_ for id_ in ids if id_ not in known)
    missing = {id_ for id_, error in fetch.errors.items() if error.status == 404}
    if missing & listed:  # deleted since the listing, or listed although nobody can get them
        listed_again = {segment.id for segment in (await reader.read_list()).segments}
        await fetch.run(sorted(missing & listed_again))
        missing -= listed_again
        listing = SegmentList(tuple(one for one in listing.segments if one.id not in missing), listing.pages)
    unreadable = {id_: str(error) for id_, error in fetch.errors.items() if id_ not in missing}
    unlisted = tuple(one for one in unlisted if one.id in details or one.id in unreadable)
    return Account(listing, details, unreadable, unlisted)


def _summary(entry: Remembered) -> SegmentSummary:
    return SegmentSummary(id=entry.id, name=entry.name, type="custom")


def _trusting(account: Account, remembered: Mapping[str, Remembered], desired: Sequence[CompiledSegment]) -> Account:
    """The account, with the remembered segments that can neither be listed nor read as they were created."""
    parts = {
        (loose_name(name), filters_hash(filters)): (one.config, filters)
        for one in desired
        for name, filters in one.parts
    }
    details, unreadable = dict(account.details), dict(account.unreadable)
    for segment in account.unlisted:
        created = parts.get((loose_name(segment.name), remembered[segment.id].filters))
        if segment.id in unreadable and created is not None:
            config, filters = created
            del unreadable[segment.id]
            details[segment.id] = SegmentDetail(
                id=segment.id,
                name=segment.name,
                type=segment.type,
                description=config.description,
                icon=config.icon,
                filters=filters.to_dict(),
            )
    return Account(account.listing, details, unreadable, account.unlisted)


def _forgettable(account: Account, remembered: Mapping[str, Remembered], wanted: Wanted) -> frozenset[str]:
    """The remembered segments that are listed by now, or were asked for and do not exist any more."""
    listed = {segment.id for segment in account.listing.segments}
    asked = set(wanted([_summary(entry) for entry in remembered.values()]))
    return frozenset(remembered) & (listed | (asked - {segment.id for segment in account.unlisted}))


class _Fetch:
    """Gets segments, several at once. `errors` holds by id the errors that concern one segment only."""

    def __init__(self, reader: Reader, details: dict[str, SegmentDetail], on_read: Callable[[], None]) -> None:
        self.errors: dict[str, ApiError] = {}
        self._reader = reader
        self._details = details
        self._on_read = on_read
        self._failures_in_a_row = 0

    async def run(self, ids: Iterable[str]) -> None:
        """Adds each segment to the details, or its error to `errors`."""
        waiting = iter(list(ids))
        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(MAX_READERS):
                    group.create_task(self._read(waiting))
        except ExceptionGroup as several:
            raise several.exceptions[0] from None

    async def _read(self, waiting: Iterator[str]) -> None:
        """Takes ids from the iterator that all tasks share, until none is left."""
        for id_ in waiting:
            self.errors.pop(id_, None)
            try:
                self._details[id_] = self._checked(await self._reader.get_segment(id_), id_)
                self._failures_in_a_row = 0
                self._on_read()
            except ApiError as error:
                self._failures_in_a_row += error.status != 404
                if isinstance(error, AuthenticationError | RateLimitError) or self._failures_in_a_row > MAX_READERS:
                    raise
                self.errors[id_] = error

    @staticmethod
    def _checked(detail: SegmentDetail, id_: str) -> SegmentDetail:
        """The detail; raises `ApiError` if it is another segment's, as from a cache that mixes up addresses."""
        if detail.id != id_:
            raise ApiError(f"the server answered with another segment, `{plain_words(detail.id, 100)}`", status=200)
        return detail
