"""One server, started once, for all tests that need none of their own."""

from collections.abc import Iterator

import pytest

from .client import Client, editor


@pytest.fixture(scope="session")
def shared() -> Iterator[Client]:
    """A server for many tests, each with documents of its own."""
    with editor(watches=True) as client:
        yield client
