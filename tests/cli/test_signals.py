"""Ctrl-C and SIGTERM end any command at once, with a message."""

import asyncio
import signal
import threading
import weakref
from collections.abc import Iterator
from pathlib import Path

import pytest

from segdsl.cli import failure
from tests.remote.fault_server import Exchange, FaultServer

from .accounts import Account, FaultAccount, account_of_its_own, segment
from .processes import Terminal, start, wait_until

FOUR = tuple(segment(f"Rating {number}", f"rating > {number}") for number in range(4))
NAMES = [f"Rating {number}" for number in range(4)]
ENDINGS = {signal.SIGINT: 130, signal.SIGTERM: 143}


@pytest.fixture
def account(tmp_path: Path) -> Iterator[Account]:
    with account_of_its_own(tmp_path) as running:
        yield running


@pytest.mark.parametrize("number", ENDINGS, ids=lambda number: number.name)
def test_during_a_create_it_says_what_was_created_and_what_may_have_been(
    number: signal.Signals, account: Account
) -> None:
    config = account.file(*FOUR)
    account.server.faults.once("slow", seconds=0.0)
    account.server.faults.once("slow", seconds=0.0)
    account.server.faults.once("slow", seconds=20.0)
    process = start(account.environment, "push", config, "--yes")
    assert process.stdout is not None
    while not process.stdout.readline().startswith("created    Rating 0 (id "):
        pass
    wait_until(lambda: len(account.names) == 2)
    process.send_signal(number)
    out, err = process.communicate(timeout=100)
    assert (process.returncode, err) == (ENDINGS[number], "")
    assert out.splitlines() == [
        "may have been created Rating 1: interrupted before the server's answer was complete",
        "not tried  Rating 2, Rating 3",
        "1 created, 1 may have been created, 2 not tried; a segment that may have been created could still appear: "
        "wait a minute, then run it again",
    ]
    assert account.run("push", config, "--yes").exit_code == 0
    assert account.names == NAMES


@pytest.mark.parametrize(
    ("command", "number"),
    [("plan", signal.SIGINT), ("push", signal.SIGINT), ("push", signal.SIGTERM), ("pull", signal.SIGTERM)],
)
def test_while_the_account_is_read_nothing_has_happened(command: str, number: signal.Signals, tmp_path: Path) -> None:
    asked = threading.Event()

    def stall(exchange: Exchange) -> None:
        asked.set()
        exchange.stall()

    with FaultServer() as server:
        server.script("list", stall)
        account = FaultAccount(server, tmp_path)
        arguments = {"plan": [account.file(*FOUR)], "push": [account.file(*FOUR), "--yes"], "pull": []}
        process = start(account.environment, command, *arguments[command])
        asked.wait()
        process.send_signal(number)
        out, err = process.communicate(timeout=100)
        assert (process.returncode, out, err) == (ENDINGS[number], "", "Interrupted\n")
        assert server.received("create") == []


@pytest.mark.parametrize("number", ENDINGS, ids=lambda number: number.name)
def test_at_the_prompt_nothing_is_created(number: signal.Signals, account: Account) -> None:
    terminal = Terminal(account.environment, "push", account.file(*FOUR))
    terminal.read_until("[y/N]: ")
    terminal.interrupt(number)
    code, shown = terminal.finish()
    assert code == ENDINGS[number]
    assert shown.endswith("Interrupted\r\n")
    assert account.names == []


def test_the_end_of_input_at_the_prompt_declines(account: Account) -> None:
    terminal = Terminal(account.environment, "push", account.file(*FOUR))
    terminal.read_until("[y/N]: ")
    terminal.type("\x04")
    code, shown = terminal.finish()
    assert (code, account.names) == (1, [])
    assert "Traceback" not in shown


INTERRUPTING = """
import os, signal, sys

class Interrupting:
    def find_spec(self, name, path=None, target=None):
        if name == {module!r}:
            os.kill(os.getpid(), signal.SIGINT)

sys.meta_path.insert(0, Interrupting())
"""


@pytest.mark.parametrize("module", ["segdsl.cli.main", "click", "segdsl.cli.push", "segdsl.environment", "httpx"])
def test_ctrl_c_during_the_imports_prints_no_traceback(module: str, account: Account) -> None:
    setup = INTERRUPTING.format(module=module)
    process = start(account.environment, "push", account.file(*FOUR), "--yes", setup=setup)
    out, err = process.communicate(timeout=100)
    assert (process.returncode, out) == (130, "")
    assert err in ("", "Interrupted\n")


def test_a_program_that_handles_sigterm_itself_goes_on_to() -> None:
    def own(*_: object) -> None:
        """A signal handler of a program that embeds the command line."""

    before = signal.signal(signal.SIGTERM, own)
    try:
        with failure.sigterm_interrupts():
            assert signal.getsignal(signal.SIGTERM) is own
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        with failure.sigterm_interrupts(), pytest.raises(failure.TerminatedError):
            signal.raise_signal(signal.SIGTERM)
        assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
    finally:
        signal.signal(signal.SIGTERM, before)


def test_sigterm_in_a_callback_whose_errors_python_ignores_is_not_lost() -> None:
    """A signal handler can run anywhere, for example in the callback of a weak reference."""

    async def working() -> None:
        watched = {1}
        reference = weakref.ref(watched, lambda _: signal.raise_signal(signal.SIGTERM))
        del watched
        assert reference() is None
        await asyncio.sleep(100)

    with failure.sigterm_interrupts():
        handler = signal.getsignal(signal.SIGTERM)
        with pytest.raises(failure.TerminatedError):
            failure.run_async(working())
        assert signal.getsignal(signal.SIGTERM) is handler


def test_without_a_signal_the_result_or_the_error_of_the_work_comes_back() -> None:
    async def working(result: float) -> float:
        return 1 / result

    with failure.sigterm_interrupts():
        assert failure.run_async(working(2)) == 0.5
        with pytest.raises(ZeroDivisionError):
            failure.run_async(working(0))
        with pytest.raises(failure.TerminatedError):
            signal.raise_signal(signal.SIGTERM)
    assert failure.run_async(working(4)) == 0.25
