"""Work that is counted, not timed: the lines of Python that run. A busy machine cannot change the number."""

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any


class TooMuchWork(BaseException):
    """Raised in the middle of the work; no `except Exception` on the way stops it."""


def lines_run(work: Callable[[], object], at_most: int = sys.maxsize) -> int:
    """The number of lines that `work` runs, a loop's anew in each round; a call and a return count as one each.

    Raises AssertionError in the middle of the work when it passes `at_most`, so that endless work ends.
    """
    count = 0

    def tracer(frame: FrameType, event: str, argument: Any) -> Any:
        nonlocal count
        count += 1
        if count > at_most:
            sys.settrace(None)  # what is closed on the way out is not work
            raise TooMuchWork
        return tracer

    before = sys.gettrace()
    sys.settrace(tracer)
    try:
        work()
    except TooMuchWork:
        raise AssertionError(f"more than {at_most:,} lines") from None
    finally:
        sys.settrace(before)
    return count
