"""Comparing speeds: runners take turns, each call has its own input, and processor time counts.

Every round runs one batch of each runner, and each round begins with a different runner, so that a busy moment of the
machine affects all alike. A batch's inputs are made before its clock starts. The garbage collector stays on, as in real
use. The clock is that of the thread, because Linux counts a process in ticks once `limited` has set a timer.
"""

import gc
import signal
import statistics
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import FrameType
from typing import Any, NamedTuple

BATCH_SECONDS = 0.02
SLOWEST = 1.0
"""Seconds for two calls and their inputs; a runner that takes longer is left out of the case."""


class Runner(NamedTuple):
    """The timed function, and the source of its inputs: a number of new ones at each call."""

    work: Callable[[Any], object]
    fresh: Callable[[int], Sequence[Any]]


class Timing(NamedTuple):
    """Seconds for one call: the median and the minimum of all rounds."""

    median: float
    minimum: float


def race(runners: Mapping[str, Runner], rounds: int) -> dict[str, Timing]:
    """The timing of each runner; without those that fail or are too slow."""
    sizes = {name: size for name, runner in runners.items() if (size := _batch_size(name, runner))}
    samples: dict[str, list[float]] = {name: [] for name in sizes}
    names = list(sizes)
    for number in range(rounds):
        first = number % len(names)
        for name in names[first:] + names[:first]:
            samples[name].append(_seconds(runners[name], sizes[name]))
    return {name: Timing(statistics.median(found), min(found)) for name, found in samples.items()}


def _batch_size(name: str, runner: Runner) -> int:
    """How many calls fill a batch; 0 for a runner that cannot take part."""
    try:
        with limited(SLOWEST):
            _seconds(runner, 1)
            once = _seconds(runner, 1)
    except Exception as error:  # a peer may fail in any way on texts that it was not made for
        print(f"  left out: {name}: {type(error).__name__}: {str(error).partition(chr(10))[0][:150]}")
        return 0
    return max(1, min(2_000, int(BATCH_SECONDS / max(once, 1e-7))))


def _seconds(runner: Runner, calls: int) -> float:
    work, inputs = runner.work, runner.fresh(calls)
    gc.collect()
    started = time.thread_time()
    for one in inputs:
        work(one)
    return (time.thread_time() - started) / calls


@contextmanager
def limited(seconds: float) -> Iterator[None]:
    """Raises TimeoutError inside the block if it takes more processor time."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise TimeoutError(f"more than {seconds:g} s")

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
