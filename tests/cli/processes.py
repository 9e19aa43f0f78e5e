"""The command line as a process of its own: to be interrupted, or used by a person at a terminal."""

import os
import pty
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

QUICK_IMPORTS = "import sys; sys.modules['httpx._main'] = None"
"""httpx has a command line, which imports rich where that is installed: here import-linter has brought it."""


def start(environment: Mapping[str, str], *arguments: str, setup: str = "", **settings: Any) -> "subprocess.Popen[str]":
    """`segdsl …` with pipes for its streams, an empty one for stdin; `setup` is Python that runs before."""
    pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | settings
    program = f"{QUICK_IMPORTS}\n{setup}\nfrom segdsl.__main__ import main\nmain()"
    return subprocess.Popen(
        [sys.executable, "-c", program, *arguments], env={**os.environ, **environment}, text=True, **pipes
    )


class Terminal:
    """`segdsl …` on a terminal of 80 columns; `shown` is everything that the person has seen."""

    def __init__(self, environment: Mapping[str, str], *arguments: str, setup: str = "") -> None:
        self._ours, theirs = pty.openpty()
        on_terminal = {"TERM": "xterm", "COLUMNS": "80", **environment}
        streams = {"stdin": theirs, "stdout": theirs, "stderr": theirs}
        self.process = start(on_terminal, *arguments, setup=setup, **streams)
        os.close(theirs)
        self.shown = ""

    def type(self, text: str) -> None:
        """Presses keys."""
        os.write(self._ours, text.encode())

    def read_until(self, text: str) -> None:
        """Waits until the text is shown."""
        while text not in self.shown:
            assert self._read(), f"the command ended with {self.shown!r}"

    def interrupt(self, number: int) -> None:
        """Sends a signal once the command waits for a key: Python loses one that comes just before the read."""
        wait_until(lambda: _is_asleep(self.process.pid))
        self.process.send_signal(number)

    def finish(self) -> tuple[int, str]:
        """The exit code, and all that was shown."""
        while self._read():
            pass
        os.close(self._ours)
        return self.process.wait(timeout=100), self.shown

    def _read(self) -> bool:
        try:
            data = os.read(self._ours, 65_536)
        except OSError:  # what Linux says when the other side is closed
            return False
        self.shown += data.decode()
        return bool(data)


def _is_asleep(pid: int) -> bool:
    """Whether the process waits for something, as Linux shows it."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "S"


def wait_until(happened: Callable[[], bool]) -> None:
    """Waits; the time-out of the test ends it."""
    while not happened():
        time.sleep(0.01)
