"""Fixtures for tests of code that creates segments: a server for one test, and a client of it.

pytest finds them when segdsl is installed; the server needs `pip install 'segdsl[sandbox]'`.

    def test_the_segment_is_created(segdsl_sandbox):
        my_program.main()                                    # its `segdsl.Client()` talks to the sandbox
        assert len(segdsl_sandbox.store.custom()) == 1

    def test_a_lost_answer_creates_no_second_segment(segdsl_sandbox):
        segdsl_sandbox.faults.once("drop-after-commit")
        my_program.main()
        assert len(segdsl_sandbox.store.custom()) == 1

    @pytest.mark.segdsl_sandbox(max_segments=0)              # the arguments of `segdsl.sandbox.running`
    def test_the_plan_allows_no_segment(segdsl_client): ...

The server is imported when a test asks for a fixture.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from segdsl.remote.client import Client
    from segdsl.sandbox import RunningSandbox


def pytest_configure(config: pytest.Config) -> None:
    """Declares the mark, for `--strict-markers` and `pytest --markers`."""
    config.addinivalue_line(
        "markers",
        "segdsl_sandbox(max_segments=None, ...): how the sandbox of this test runs; "
        "the arguments of segdsl.sandbox.running",
    )


@pytest.fixture
def segdsl_sandbox(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> "Iterator[RunningSandbox]":
    """A sandbox for one test, empty at first; `GREENFLASH_BASE_URL` and `GREENFLASH_API_KEY` lead to it.

    `.store.custom()` lists the created segments. The mark `segdsl_sandbox` sets how it runs.
    """
    from segdsl import sandbox  # noqa: PLC0415  most tests need no server

    mark = request.node.get_closest_marker("segdsl_sandbox")
    with sandbox.running(*mark.args, **mark.kwargs) if mark else sandbox.running() as running:
        monkeypatch.setenv("GREENFLASH_BASE_URL", running.base_url)
        monkeypatch.setenv("GREENFLASH_API_KEY", running.api_key)
        yield running


@pytest.fixture
def segdsl_client(segdsl_sandbox: "RunningSandbox") -> "Iterator[Client]":
    """A `segdsl.Client` of the test's sandbox; it never waits between attempts."""
    from segdsl.remote.client import Client  # noqa: PLC0415  most tests need no client

    def not_at_all(_seconds: float) -> None:
        """Makes tests of retries take no time."""

    with Client(segdsl_sandbox.api_key, segdsl_sandbox.base_url, sleep=not_at_all) as client:
        yield client
