"""What `plan`, `push` and `pull` share: the segments of a config, and reading the account."""

import asyncio
import sys
from collections.abc import Callable, Iterable, Sequence

from segdsl.cli import console
from segdsl.cli.failure import report
from segdsl.config.check import CompiledSegment, compile_config, missing_segments
from segdsl.config.load import load
from segdsl.errors import ConfigError
from segdsl.limits import READ_RETRIES
from segdsl.planning.account import Account, read_account
from segdsl.remote.client import AsyncClient
from segdsl.remote.endpoint import find_endpoint
from segdsl.remote.models import SegmentSummary


def desired_segments(file: str) -> tuple[CompiledSegment, ...]:
    """All segments of a config, compiled; warnings go to stderr.

    Raises `ConfigError` with every problem if there is an error. A config without segments is one.
    """
    config, problems = load(file)
    compiled, found = ((), ()) if config is None else compile_config(config)
    problems = (*problems, *found, *(missing_segments(config) if config else ()))
    if any(problem.severity == "error" for problem in problems):
        raise ConfigError(diagnostics=problems)
    if problems:
        console.err(report(problems, sys.stderr))
    return compiled


def read(wanted: Callable[[Sequence[SegmentSummary]], Iterable[str]]) -> Account:
    """The account's listing, and in full the segments that `wanted` picks from it. Raises `ConfigError`, `ApiError`."""

    async def reading() -> Account:
        async with AsyncClient(max_retries=READ_RETRIES) as client:
            return await read_account(client, wanted)

    return asyncio.run(reading())


def server() -> str:
    """The server of the commands, for people."""
    return find_endpoint(None).origin
