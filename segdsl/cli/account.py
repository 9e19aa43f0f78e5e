"""Shared by `plan`, `push` and `pull`: files, options, and access to the account."""

import sys
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

import click

from segdsl.cli import console
from segdsl.cli.failure import report, run_async
from segdsl.cli.files import STDIN_FILENAME, expanded_with_stdin
from segdsl.cli.waiting import Waiting
from segdsl.config.check import CompiledSegment, compile_files
from segdsl.errors import ConfigError
from segdsl.limits import READ_RETRIES, REQUEST_TIMEOUT
from segdsl.planning.account import Account, Wanted, read_account, read_plan
from segdsl.planning.plan import Plan
from segdsl.remote.api_key import KeyFileWarning, find_api_key
from segdsl.remote.client import AsyncClient, Client
from segdsl.remote.endpoint import find_endpoint
from segdsl.remote.local_files import Memory, Remembered

Command = TypeVar("Command", bound=Callable[..., Any])
Client_ = TypeVar("Client_", Client, AsyncClient)

_READING = "reading the list of segments"


def timeout_option(command: Command) -> Command:
    """`--timeout`: the seconds of one exchange with the server."""
    return click.option(
        "--timeout",
        type=click.FloatRange(0, min_open=True),
        default=REQUEST_TIMEOUT,
        show_default=f"{REQUEST_TIMEOUT:g}",
        metavar="SECONDS",
        help="Give the server this long for each answer.",
    )(command)


def desired_segments(files: Sequence[str], stdin_filename: str | None) -> tuple[CompiledSegment, ...]:
    """All segments of the files, compiled; warnings go to stderr.

    Raises `ConfigError` with every problem if there is an error. A file without segments is one.
    """
    compiled, problems = compile_files(*expanded_with_stdin(files, stdin_filename or STDIN_FILENAME))
    if any(problem.severity == "error" for problem in problems):
        raise ConfigError(diagnostics=problems)
    if problems:
        console.err(report(problems, sys.stderr))
    return compiled


class Session:
    """A command's way to one account. Raises `ConfigError` for a bad key or base URL."""

    def __init__(self, timeout: float) -> None:
        self.endpoint = find_endpoint(None)
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            self._key = find_api_key(None)
        for warning in caught:
            console.err(f"warning: {warning.message}")
        self._timeout = timeout

    @property
    def server(self) -> str:
        """The server, for people."""
        return self.endpoint.origin

    def memory(self, tell: Callable[[str], None]) -> Memory:
        """The segments that this machine created in the account; `tell` gets a warning if they cannot be remembered."""
        return Memory(self.endpoint, self._key, tell)

    def read(self, wanted: Wanted) -> Account:
        """The account's listing, and in full the segments that `wanted` picks from it. Raises `ApiError`."""

        async def reading(waiting: Waiting) -> Account:
            async with self._reader(waiting) as client:
                return await read_account(client, wanted, waiting.read)

        with Waiting(_READING, self.server) as waiting:
            return run_async(reading(waiting))

    def plan(self, desired: Sequence[CompiledSegment], remembered: Sequence[Remembered]) -> tuple[Plan, frozenset[str]]:
        """The plan that gives the account the segments; see `read_plan`. Raises `ApiError`."""

        async def reading(waiting: Waiting) -> tuple[Plan, frozenset[str]]:
            async with self._reader(waiting) as client:
                return await read_plan(client, desired, remembered, waiting.read)

        with Waiting(_READING, self.server) as waiting:
            return run_async(reading(waiting))

    @contextmanager
    def creator(self) -> Iterator[tuple[Client, Waiting]]:
        """A client that creates segments, and the display of its waiting."""
        with Waiting("connecting", self.server) as waiting, self._quietly(Client, waiting.sleep) as client:
            yield client, waiting

    def _reader(self, waiting: Waiting) -> AsyncClient:
        return self._quietly(AsyncClient, waiting.sleep_async, max_retries=READ_RETRIES)

    def _quietly(self, kind: Callable[..., Client_], sleep: Any, **settings: Any) -> Client_:
        """A client; warnings about the key file, shown already, are silenced."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", KeyFileWarning)
            return kind(timeout=self._timeout, sleep=sleep, **settings)
