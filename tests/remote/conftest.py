"""A fault server and a caller for each test; the environment's key, base URL and proxies are out of the way."""

import os
from collections.abc import Iterator

import pytest

from segdsl.wire import AnalysisRule, Filters, PropertyRule, Segment

from .callers import AsyncCaller, SyncCaller
from .fault_server import FaultServer


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


@pytest.fixture(autouse=True)
def _private_files() -> Iterator[None]:
    """Lets only the owner read what tests write, such as a key file."""
    before = os.umask(0o077)
    yield
    os.umask(before)
