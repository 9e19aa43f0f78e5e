"""One call each through `Client` and `AsyncClient`, in the same words, so that a test can be of both."""

import asyncio
from typing import Any

from segdsl.remote.client import AsyncClient, Client
from segdsl.remote.models import CreatedSegment, SegmentDetail, SegmentList, SegmentSummary
from segdsl.wire import Segment

KEY = "sk-marker-7f3a9c51e2"


class SyncCaller:
    """Calls through `Client`; `waits` are the pauses it would have made; they take no time."""

    def __init__(self) -> None:
        self.waits: list[float] = []

    def client(self, url: str, **settings: Any) -> Client:
        defaults: dict[str, Any] = {"timeout": 2.0, "sleep": self.waits.append}
        return Client(KEY, url, **defaults | settings)

    def create(self, url: str, segment: Segment, known_ids: Any = None, **settings: Any) -> CreatedSegment:
        with self.client(url, **settings) as client:
            return client.create_segment(segment, known_ids=known_ids)

    def list(self, url: str, **settings: Any) -> list[SegmentSummary]:
        with self.client(url, **settings) as client:
            return list(client.list_segments())

    def read_list(self, url: str) -> SegmentList:
        with self.client(url) as client:
            return client.read_list()

    def get(self, url: str, segment_id: str, **settings: Any) -> SegmentDetail:
        with self.client(url, **settings) as client:
            return client.get_segment(segment_id)


class AsyncCaller:
    """The same calls through `AsyncClient`, each in an event loop of its own."""

    def __init__(self) -> None:
        self.waits: list[float] = []

    async def _sleep(self, seconds: float) -> None:
        self.waits.append(seconds)

    def client(self, url: str, **settings: Any) -> AsyncClient:
        defaults: dict[str, Any] = {"timeout": 2.0, "sleep": self._sleep}
        return AsyncClient(KEY, url, **defaults | settings)

    def create(self, url: str, segment: Segment, known_ids: Any = None, **settings: Any) -> CreatedSegment:
        async def call() -> CreatedSegment:
            async with self.client(url, **settings) as client:
                return await client.create_segment(segment, known_ids=known_ids)

        return asyncio.run(call())

    def list(self, url: str, **settings: Any) -> list[SegmentSummary]:
        async def call() -> list[SegmentSummary]:
            async with self.client(url, **settings) as client:
                return [summary async for summary in client.list_segments()]

        return asyncio.run(call())

    def read_list(self, url: str) -> SegmentList:
        async def call() -> SegmentList:
            async with self.client(url) as client:
                return await client.read_list()

        return asyncio.run(call())

    def get(self, url: str, segment_id: str, **settings: Any) -> SegmentDetail:
        async def call() -> SegmentDetail:
            async with self.client(url, **settings) as client:
                return await client.get_segment(segment_id)

        return asyncio.run(call())
