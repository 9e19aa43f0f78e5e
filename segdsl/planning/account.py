"""Reading an account: its whole listing and, several at once, the wanted segments in full."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping, Sequence
from typing import Protocol

from msgspec import Struct

from segdsl.errors import ApiError
from segdsl.limits import MAX_READERS
from segdsl.remote.models import SegmentDetail, SegmentSummary


class Account(Struct, frozen=True):
    """The listing, system segments included, and by id the wanted segments in full.

    A segment that was deleted since the listing is not among `details`.
    """

    listed: tuple[SegmentSummary, ...]
    details: Mapping[str, SegmentDetail]


class Reader(Protocol):
    """The reading half of `AsyncClient`."""

    def list_segments(self) -> AsyncIterator[SegmentSummary]:
        """All segments of the account."""

    async def get_segment(self, id: str) -> SegmentDetail:  # noqa: A002  as in the client
        """One segment in full."""


async def read_account(reader: Reader, wanted: Callable[[Sequence[SegmentSummary]], Iterable[str]]) -> Account:
    """Reads the listing, and in full the segments that `wanted` picks from it. Raises the first `ApiError`."""
    listed = tuple([summary async for summary in reader.list_segments()])
    details: dict[str, SegmentDetail] = {}
    waiting = iter(dict.fromkeys(wanted(listed)))
    try:
        async with asyncio.TaskGroup() as group:
            for _ in range(MAX_READERS):
                group.create_task(_read(reader, waiting, details))
    except ExceptionGroup as several:
        raise several.exceptions[0] from None
    return Account(listed, details)


async def _read(reader: Reader, waiting: Iterator[str], details: dict[str, SegmentDetail]) -> None:
    """Takes ids from the iterator that all readers share, until none is left."""
    for id_ in waiting:
        try:
            details[id_] = await reader.get_segment(id_)
        except ApiError as error:
            if error.status != 404:
                raise
