"""A fault server and a caller for each test; the environment's key, base URL and proxies are out of the way."""

import asyncio
import os
from collections.abc import Iterator
from typing import Any

import pytest
from fault_server import FaultServer

from segdsl.remote.client import AsyncClient, Client
from segdsl.remote.models import CreatedSegment, SegmentDetail, SegmentSummary
from segdsl.wire import AnalysisRule, Filters, PropertyRule, Segment

KEY = "sk-marker-7f3a9c51e2"


class SyncCaller:
    """Calls through `Client`; `waits` are the pauses it would have made, none of which takes time."""

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

    def get(self, url: str, segment_id: str, **settings: Any) -> SegmentDetail:
        async def call() -> SegmentDetail:
            async with self.client(url, **settings) as client:
                return await client.get_segment(segment_id)

        return asyncio.run(call())


@pytest.fixture(params=[SyncCaller, AsyncCaller], ids=["sync", "async"])
def caller(request: pytest.FixtureRequest) -> SyncCaller | AsyncCaller:
    made: SyncCaller | AsyncCaller = request.param()
    return made


@pytest.fixture
def server() -> Iterator[FaultServer]:
    with FaultServer() as running:
        yield running


@pytest.fixture
def segment() -> Segment:
    return Segment(
        name="High intent",
        icon="Users",
        filters=Filters(
            rules=(
                AnalysisRule(field="commercialIntent", operator="gte", value=0.6),
                PropertyRule(key="plan", operator="eq", value="enterprise"),
            )
        ),
    )


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.lower().endswith("_proxy") or name.startswith("GREENFLASH_"):
            monkeypatch.delenv(name)
