"""Shows that a command waits for the server: by a bar on a terminal, and by a line when it takes long."""

import asyncio
import math
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Any, Self

import click

from segdsl.cli import console
from segdsl.limits import MAX_READERS

NOTICE_AFTER = 5.0
"""Seconds without progress until a line says what the command waits for; the next line takes twice as long."""

_TICK = 1.0
"""Seconds between two steps of a waiting bar."""

_CLEAR_LINE = "\r\x1b[K"


class Waiting:
    """Shows on stderr what a command waits for, while the block runs.

    `what` is a phrase such as `reading the list of segments`. Any thread may report progress.
    """

    def __init__(self, what: str, server: str) -> None:
        self.what = what
        self._server = server
        self._is_terminal = console.is_terminal(sys.stderr)
        self._bar: Any = None
        self._sleeping = 0
        self._ended = False
        self._progress = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="segdsl-waiting", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._ended = True
        self._progress.set()
        self._thread.join()
        self._close_bar()

    def read(self, done: int, total: int) -> None:
        """Progress: `done` of `total` segments are read. Long reads have a bar on a terminal."""
        self.progress(f"reading segments, {done} of {total}")
        if self._bar is None and self._is_terminal and total > MAX_READERS:
            self._bar = click.progressbar(length=total, label="reading", file=sys.stderr)
            self._bar.__enter__()
        if self._bar is not None:
            self._bar.update(done - self._bar.pos)
            if done == total:
                self._close_bar()

    def progress(self, what: str) -> None:
        """Something was done; now the command waits for `what`."""
        self.what = what
        self._progress.set()

    def sleep(self, seconds: float) -> None:
        """Sleeps between two attempts."""
        with self._shown(seconds) as steps:
            for step in steps:
                time.sleep(step)

    async def sleep_async(self, seconds: float) -> None:
        """Sleeps between two attempts, in asyncio. If several tasks sleep, the first one is shown."""
        with self._shown(seconds) as steps:
            for step in steps:
                await asyncio.sleep(step)

    @contextmanager
    def _shown(self, seconds: float) -> Iterator[Iterator[float]]:
        """The steps of a sleep. A bar or a line shows a long one, unless another one is shown."""
        self._sleeping += 1
        self._progress.set()
        try:
            if self._sleeping > 1 or seconds < _TICK:
                yield iter((seconds,))
            elif self._bar is not None:
                self._relabel(f"waiting {seconds:.0f} s")
                yield iter((seconds,))
                self._relabel("reading")
            elif self._is_terminal:
                with click.progressbar(length=math.ceil(seconds), label="waiting", file=sys.stderr) as bar:
                    yield _steps(seconds, bar)
            else:
                if seconds >= NOTICE_AFTER:
                    console.err(f"waiting {seconds:.0f} s before {self._server} is asked again")
                yield iter((seconds,))
        finally:
            self._sleeping -= 1
            self._progress.set()

    def _relabel(self, label: str) -> None:
        if self._bar is not None:
            self._bar.label = label
            self._bar.render_progress()

    def _close_bar(self) -> None:
        if self._bar is not None:
            self._bar.__exit__(None, None, None)
            self._bar = None

    def _watch(self) -> None:
        """Reports the current wait when there is no progress, less and less often."""
        silence, pause = 0.0, NOTICE_AFTER
        while not self._ended:
            if self._progress.wait(pause):
                self._progress.clear()
                silence, pause = 0.0, NOTICE_AFTER
            elif not self._sleeping:
                silence += pause
                pause = silence
                line = f"waiting for {self._server}: {self.what}; no progress for {silence:g} s"
                console.err(f"{_CLEAR_LINE * self._is_terminal}{line}")


def _steps(seconds: float, bar: Any) -> Iterator[float]:
    while seconds > 0:
        yield min(_TICK, seconds)
        seconds -= _TICK
        bar.update(1)
