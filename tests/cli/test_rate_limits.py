"""The commands against a server that limits requests: they take their time, and do not give up."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

import segdsl
from tests.remote.fault_server import FaultServer

from .accounts import FaultAccount, segment

WINDOW = 0.05
"""Seconds in place of one second, so that the tests take little time; the proportions are real."""


@pytest.fixture
def server() -> Iterator[FaultServer]:
    with FaultServer() as running:
        yield running


@pytest.mark.parametrize(
    ("command", "segments", "limit"), [("plan", 200, 20), ("push", 100, 10), ("pull", 12, 2), ("plan", 30, 5)]
)
def test_a_rate_limit_is_waited_for(
    command: str, segments: int, limit: int, server: FaultServer, tmp_path: Path
) -> None:
    account = FaultAccount(server, tmp_path)
    names = [f"Rating {number}" for number in range(segments)]
    for number, name in enumerate(names):
        server.add(name, segdsl.compile(f"rating > {number}").to_dict())
    config = account.file(*(segment(name, f"rating > {number}") for number, name in enumerate(names)))
    arguments = {"plan": ["plan", config, "--json"], "push": ["push", config, "--yes", "--json"], "pull": ["pull"]}
    with server.limiting(limit, WINDOW):
        result = account.run(*arguments[command])
    assert result.exit_code == 0, result.stderr
    if command == "pull":
        assert result.stdout.count("[[segment]]") == segments
    else:
        plan = json.loads(result.stdout)
        assert (plan.get("plan") or plan)["summary"]["unchanged"] == segments
    assert len(server.segments) == segments


def test_creates_wait_for_a_rate_limit_too(server: FaultServer, tmp_path: Path) -> None:
    account = FaultAccount(server, tmp_path)
    config = account.file(*(segment(f"Rating {number}", f"rating > {number}") for number in range(30)))
    with server.limiting(5, WINDOW):
        result = account.run("push", config, "--yes")
    assert result.exit_code == 0, result.output
    assert [one["name"] for one in server.segments] == [f"Rating {number}" for number in range(30)]
