"""`Client` and `AsyncClient`: the same calls from the same generators, blocking and awaited."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterator
from threading import TIMEOUT_MAX
from types import TracebackType
from typing import Self, TypeVar

from segdsl.errors import ConfigError
from segdsl.limits import MAX_RETRIES, REQUEST_TIMEOUT, RETRY_BUDGET
from segdsl.remote.api_key import ApiKey, find_api_key
from segdsl.remote.create import create
from segdsl.remote.endpoint import Endpoint, find_endpoint
from segdsl.remote.exchange import Steps, drive, drive_async
from segdsl.remote.models import CreatedSegment, SegmentDetail, SegmentList, SegmentSummary
from segdsl.remote.pace import AsyncPacer, Pacer
from segdsl.remote.read import PageWalk, read_list, read_segment
from segdsl.remote.retry import RetryPolicy, RetryState
from segdsl.remote.transport import AsyncTransport, Transport
from segdsl.wire.segment import Segment

_Result = TypeVar("_Result")


class _Settings:
    """The checked settings of both clients: the endpoint, the key and the bounds."""

    def __init__(
        self, api_key: str | None, base_url: str | None, timeout: float, max_retries: int, retry_budget: float
    ) -> None:
        try:
            self.key: ApiKey = find_api_key(api_key)
        finally:
            del api_key  # a traceback that shows locals must not show it
        self.endpoint: Endpoint = find_endpoint(base_url)
        if not (0 < timeout <= TIMEOUT_MAX and max_retries >= 0 and 0 <= retry_budget <= TIMEOUT_MAX):
            raise ConfigError(
                "timeout must be positive, max_retries and retry_budget not negative, and the times at most "
                f"{TIMEOUT_MAX:g} s, which this platform can wait"
            )
        self.policy = RetryPolicy(max_retries, retry_budget)

    def retry_state(self) -> RetryState:
        return RetryState(self.policy)


class Client:
    """Creates, lists and gets segments. A context manager; may be shared by threads.

    `api_key` None means `GREENFLASH_API_KEY`, then the first line of `.greenflash` in the current folder; `base_url`
    None means `GREENFLASH_BASE_URL`, then Greenflash's own. `timeout` (seconds) bounds one exchange as a whole,
    `max_retries` the repetitions of one request after failures, and `retry_budget` (seconds) the waiting in one call,
    for which `sleep` is called. A rate limit (429) is obeyed as long as the budget lasts, by all calls of the client
    together; with `max_retries` 0 nothing is repeated. Raises `ConfigError` for a missing or malformed key, a base URL
    that is neither https nor loopback, and bad bounds. Every problem with the server is an `ApiError`.

        with segdsl.Client() as client:
            created = client.create_segment(segment)
    """

    def __init__(
        self,
        api_key: str | None = None,
        base_url: str | None = None,
        timeout: float = REQUEST_TIMEOUT,
        max_retries: int = MAX_RETRIES,
        *,
        retry_budget: float = RETRY_BUDGET,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        try:
            self._settings = _Settings(api_key, base_url, timeout, max_retries, retry_budget)
        finally:
            del api_key
        self._transport = Transport(self._settings.endpoint, self._settings.key, timeout)
        self._pacer = Pacer(self._transport.perform, sleep)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Closes the connections. The client cannot be used afterwards."""
        self._transport.close()

    def create_segment(self, segment: Segment, *, known_ids: Collection[str] | None = None) -> CreatedSegment:
        """Creates `segment`, once, even if a segment of its name exists already.

        If the answer is lost, the new segment is looked for in the list and adopted. `known_ids` are the ids of all
        segments that existed before (more do no harm); they spare the listing before the create of a named segment.

        Raises `QuotaExceededError` if the plan allows no more, `AuthenticationError`, `RateLimitError`, another
        `ApiError` if it was not created, and `AmbiguousCreateError` if the outcome stays unknown. An interruption
        (Ctrl-C) after sending passes at once, with a note.
        """
        state = self._settings.retry_state()
        return self._run(create(segment, self._settings.endpoint, state, _frozen(known_ids)))

    def list_segments(self) -> Iterator[SegmentSummary]:
        """Every segment of the account, system ones included, in the server's order; pages are read as needed."""
        walk = PageWalk(self._settings.endpoint, self._settings.retry_state())
        while walk.has_more:
            yield from self._run(walk.next_page())

    def read_list(self) -> SegmentList:
        """The whole list at once, and the number of its pages: see `SegmentList`."""
        return self._run(read_list(self._settings.endpoint, self._settings.retry_state()))

    def get_segment(self, id: str) -> SegmentDetail:  # noqa: A002 - the name is part of the interface
        """One segment by its id or, for a system segment, its preset id. Raises `ApiError` (404: there is none)."""
        return self._run(read_segment(self._settings.endpoint, self._settings.retry_state(), id))

    def _run(self, steps: Steps[_Result]) -> _Result:
        return drive(steps, self._pacer.perform, self._pacer.wait)


class AsyncClient:
    """`Client` for asyncio: the same arguments and methods, awaited; `sleep` too. For one event loop.

    async with segdsl.AsyncClient() as client:
        created = await client.create_segment(segment)
    """

    def __init__(
        self,
        api_key: str | None = None,
        base_url: str | None = None,
        timeout: float = REQUEST_TIMEOUT,
        max_retries: int = MAX_RETRIES,
        *,
        retry_budget: float = RETRY_BUDGET,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        try:
            self._settings = _Settings(api_key, base_url, timeout, max_retries, retry_budget)
        finally:
            del api_key
        self._transport = AsyncTransport(self._settings.endpoint, self._settings.key, timeout)
        self._pacer = AsyncPacer(self._transport.perform, sleep)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Like `Client.close`."""
        await self._transport.close()

    async def create_segment(self, segment: Segment, *, known_ids: Collection[str] | None = None) -> CreatedSegment:
        """Like `Client.create_segment`; a cancellation after sending passes at once, with a note."""
        state = self._settings.retry_state()
        return await self._run(create(segment, self._settings.endpoint, state, _frozen(known_ids)))

    async def list_segments(self) -> AsyncIterator[SegmentSummary]:
        """Like `Client.list_segments`, for `async for`."""
        walk = PageWalk(self._settings.endpoint, self._settings.retry_state())
        while walk.has_more:
            for summary in await self._run(walk.next_page()):
                yield summary

    async def read_list(self) -> SegmentList:
        """Like `Client.read_list`."""
        return await self._run(read_list(self._settings.endpoint, self._settings.retry_state()))

    async def get_segment(self, id: str) -> SegmentDetail:  # noqa: A002 - the name is part of the interface
        """Like `Client.get_segment`."""
        return await self._run(read_segment(self._settings.endpoint, self._settings.retry_state(), id))

    async def _run(self, steps: Steps[_Result]) -> _Result:
        return await drive_async(steps, self._pacer.perform, self._pacer.wait)


def _frozen(ids: Collection[str] | None) -> frozenset[str] | None:
    return None if ids is None else frozenset(ids)
