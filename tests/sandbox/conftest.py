"""A sandbox on a real socket, and HTTP clients with its key."""

from collections.abc import Callable, Iterator

import httpx
import pytest

from segdsl import sandbox as local_server
from segdsl.sandbox import RunningSandbox


@pytest.fixture(scope="module")
def sandbox() -> Iterator[RunningSandbox]:
    with local_server.running() as running:
        yield running


@pytest.fixture(scope="session")
def authorized() -> Callable[[RunningSandbox], httpx.Client]:
    """Makes an HTTP client of a sandbox, its base URL and key set."""

    def client(sandbox: RunningSandbox) -> httpx.Client:
        headers = {"Authorization": f"Bearer {sandbox.api_key}"}
        return httpx.Client(base_url=sandbox.base_url, headers=headers, timeout=5, trust_env=False)

    return client


@pytest.fixture
def http(sandbox: RunningSandbox, authorized: Callable[[RunningSandbox], httpx.Client]) -> Iterator[httpx.Client]:
    with authorized(sandbox) as client:
        yield client
