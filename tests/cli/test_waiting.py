"""A command that waits for a server says what for: with a line after some seconds, with bars on a terminal."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from segdsl.cli import console
from segdsl.cli.waiting import Waiting
from tests.remote.fault_server import Exchange, FaultServer, honest_create, honest_get, honest_list

from .accounts import FaultAccount, segment
from .processes import Terminal, start

AT_ONCE = "import segdsl.cli.waiting as waiting; waiting.NOTICE_AFTER = 0.05"


@pytest.fixture
def server() -> Iterator[FaultServer]:
    with FaultServer() as running:
        yield running


@pytest.fixture
def account(server: FaultServer, tmp_path: Path) -> FaultAccount:
    return FaultAccount(server, tmp_path)


def test_a_server_that_does_not_answer_is_named(server: FaultServer, account: FaultAccount) -> None:
    said = threading.Event()

    def answer_when_it_was_said(exchange: Exchange) -> None:
        said.wait(60)
        honest_list(exchange)

    server.script("list", answer_when_it_was_said)
    process = start(account.environment, "pull", setup=AT_ONCE)
    assert process.stderr is not None
    line = process.stderr.readline()
    said.set()
    _, err = process.communicate(timeout=100)
    assert line == f"waiting for {server.origin}: reading the list of segments; no progress for 0.05 s\n"
    assert process.returncode == 0
    assert err.endswith("0 segments\n")


def test_a_create_that_is_not_answered_is_named_too(server: FaultServer, account: FaultAccount) -> None:
    said = threading.Event()

    def answer_when_it_was_said(exchange: Exchange) -> None:
        said.wait(60)
        honest_create(exchange)

    server.script("create", honest_create, answer_when_it_was_said)
    config = account.file(segment("A", "rating > 1"), segment("B", "rating > 2"))
    process = start(account.environment, "push", config, "--yes", setup=AT_ONCE)
    assert process.stderr is not None
    while "creating segments, 1 of 2; no progress for " not in process.stderr.readline():
        pass
    said.set()
    process.communicate(timeout=100)
    assert process.returncode == 0


@pytest.mark.parametrize("command", ["plan", "push", "pull"])
def test_the_time_for_an_answer_can_be_set(
    command: str, server: FaultServer, account: FaultAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("segdsl.cli.account.READ_RETRIES", 0)
    server.script("list", lambda exchange: exchange.stall())
    config = account.file(segment("A", "rating > 1"))
    arguments = {"plan": [config], "push": [config, "--yes"], "pull": []}
    result = account.run(command, *arguments[command], "--timeout", "0.2")
    assert result.exit_code == 1
    assert "no complete answer within 0.2 s" in result.stderr


def test_a_long_read_and_a_wait_have_a_bar_on_a_terminal(server: FaultServer, account: FaultAccount) -> None:
    for number in range(30):
        server.add(f"Rating {number}", {"rules": []})
    server.script("list", lambda exchange: exchange.answer(429, b"", [("Retry-After", "1.5")]))
    code, shown = Terminal(account.environment, "pull").finish()
    assert code == 0
    waited, _, read = shown.partition("reading")
    assert "waiting" in waited
    assert "100%" in waited
    assert "100%" in read


def test_a_wait_while_segments_are_read_is_shown_in_their_bar(server: FaultServer, account: FaultAccount) -> None:
    for number in range(30):
        server.add(f"Rating {number}", {"rules": []})
    limit = [honest_get] * 20 + [lambda exchange: exchange.answer(429, b"", [("Retry-After", "1.6")])]
    server.script("get", *limit)
    code, shown = Terminal(account.environment, "pull").finish()
    assert code == 0
    assert "waiting 2 s" in shown


def test_short_reads_have_no_bar(server: FaultServer, account: FaultAccount) -> None:
    server.add("A", {"rules": []})
    _, shown = Terminal(account.environment, "pull").finish()
    assert "reading" not in shown


def test_without_a_terminal_there_is_no_bar(server: FaultServer, account: FaultAccount) -> None:
    for number in range(30):
        server.add(f"Rating {number}", {"rules": []})
    assert account.run("pull").stderr == "0 segments; 30 more kept as comments, with the reason\n"


# ── sleeping ───────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The sleeps; they take no time."""
    steps: list[float] = []
    monkeypatch.setattr("time.sleep", steps.append)
    return steps


@pytest.mark.parametrize(
    ("seconds", "line"), [(0.5, ""), (4.0, ""), (30.0, "waiting 30 s before here is asked again\n")]
)
def test_a_long_wait_is_a_line_without_a_terminal(
    seconds: float, line: str, slept: list[float], capsys: pytest.CaptureFixture[str]
) -> None:
    with Waiting("reading", "here") as waiting:
        waiting.sleep(seconds)
    assert (slept, capsys.readouterr().err) == ([seconds], line)


def test_a_wait_on_a_terminal_is_split_into_seconds(
    slept: list[float], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(console, "is_terminal", lambda _: True)
    with Waiting("reading", "here") as waiting:
        waiting.sleep(2.5)
        waiting.sleep(0.25)
    assert slept == [1.0, 1.0, 0.5, 0.25]
    assert "waiting" in capsys.readouterr().err
