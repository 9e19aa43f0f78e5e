"""The cost of a process: its processor time and its memory, as the operating system counts them."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from typing import NamedTuple

# a process inherits the peak memory of its parent, so a small process starts it
LAUNCHER = """
import os, sys
pid = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ, file_actions=[(os.POSIX_SPAWN_DUP2, 2, 1)])
_, status, used = os.wait4(pid, 0)
print(os.waitstatus_to_exitcode(status), used.ru_utime + used.ru_stime, used.ru_maxrss * 1024)
"""


class Cost(NamedTuple):
    """Processor seconds, user and system, of the whole process, and its peak memory in bytes."""

    seconds: float
    bytes: int


def cost(command: Sequence[str], environment: Mapping[str, str] | None = None) -> Cost:
    """The cost of a process that succeeds; raises `RuntimeError` when it does not."""
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", LAUNCHER, *command],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, **(environment or {})},
        cwd="/",
    )
    code, seconds, most = done.stdout.split()
    if code != "0":
        raise RuntimeError(f"{command[0]} ended with {code}: {done.stderr[-500:]}")
    return Cost(float(seconds), int(most))


def processor_seconds(command: Sequence[str]) -> float:
    """The cost of a process that succeeds."""
    return cost(command).seconds
