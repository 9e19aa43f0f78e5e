"""How long to wait before a request is repeated, and when to stop. Pure: clock and randomness are arguments.

The server's own word comes first: `retry-after-ms`, then `Retry-After` as seconds (fractions too) or as a date. What it
says is obeyed within the budget and never cut short. Without it, or with nonsense: exponential back-off, full jitter.
"""

import random
import re
import time
from collections.abc import Callable, Mapping
from datetime import UTC
from email.utils import parsedate_to_datetime

from msgspec import Struct

from segdsl.limits import MAX_RETRIES, RETRY_BUDGET

FIRST_BACK_OFF = 0.5
LONGEST_BACK_OFF = 8.0

_SECONDS = re.compile(r"[0-9]{1,10}(\.[0-9]{1,10})?")


class RetryPolicy(Struct, frozen=True):
    """`max_retries` of one request, `budget` seconds of waiting for one call; `now` (Unix seconds) and `jitter`
    (0 to 1) are the world's clock and dice."""

    max_retries: int = MAX_RETRIES
    budget: float = RETRY_BUDGET
    now: Callable[[], float] = time.time
    jitter: Callable[[], float] = random.random


class Patience:
    """What is left of the budget during one call."""

    def __init__(self, policy: RetryPolicy) -> None:
        self.policy = policy
        self.left = policy.budget

    def next_wait(self, retries: int, asked: float | None) -> float | None:
        """Seconds to wait after `retries` earlier repetitions of a request; `asked` is what the server said, if it did.

        None when the retries are used up, or the wait does not fit into what is left of the budget.
        """
        if retries >= self.policy.max_retries:
            return None
        seconds = back_off(retries, self.policy.jitter()) if asked is None else asked
        if seconds > self.left:
            return None
        self.left -= seconds
        return seconds


def back_off(retries: int, jitter: float) -> float:
    """Exponential back-off with full jitter: anything from 0 to a bound that doubles, 0.5 to 8 seconds."""
    # The exponent is capped because 2.0 ** 1024 overflows.
    bound: float = FIRST_BACK_OFF * 2.0 ** min(retries, 10)
    return jitter * min(LONGEST_BACK_OFF, bound)


def asked_wait(headers: Mapping[str, str], now: float) -> float | None:
    """The seconds that an answer's headers (lower-case names) ask to wait; None when they ask for nothing sensible.

    A date is measured from the answer's own `Date` when it has one, so that a wrong clock here does no harm; one in the
    past asks for nothing.
    """
    milliseconds = _number(headers.get("retry-after-ms", ""))
    if milliseconds is not None:
        return milliseconds / 1000
    text = headers.get("retry-after", "")
    seconds = _number(text)
    if seconds is not None:
        return seconds
    until = _date(text)
    if until is None:
        return None
    sent = _date(headers.get("date", ""))
    wait = until - (now if sent is None else sent)
    return wait if wait > 0 else None


def _number(text: str) -> float | None:
    return float(text) if _SECONDS.fullmatch(text.strip()) else None


def _date(text: str) -> float | None:
    try:
        moment = parsedate_to_datetime(text)
        # without a zone, or with one that is not told (`-0000`), a date of HTTP is in UTC
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
