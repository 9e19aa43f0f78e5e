"""How long to wait before a request is repeated, and when to stop. Pure: clock and randomness are arguments.

The server decides first: `retry-after-ms`, then `Retry-After` in seconds (fractions too) or as a date. A wait that the
server asks for is obeyed within the budget and never shortened. If it asks for none, or for nonsense, the wait is an
exponential back-off with full jitter.
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
    """`max_retries` repetitions of one request after failures, `budget` seconds of waiting in one call.

    `now` (Unix seconds) and `jitter` (0 to 1) are the clock and the random numbers.
    """

    max_retries: int = MAX_RETRIES
    budget: float = RETRY_BUDGET
    now: Callable[[], float] = time.time
    jitter: Callable[[], float] = random.random


class RetryState:
    """The part of the budget that is left during one call."""

    def __init__(self, policy: RetryPolicy) -> None:
        self.policy = policy
        self.left = policy.budget


class Repetitions:
    """The repetitions of one request of a call."""

    def __init__(self, state: RetryState) -> None:
        self.state = state
        self._after_failures = 0
        self._after_rate_limits = 0

    def next_wait(self, asked: float | None, *, rate_limited: bool = False) -> float | None:
        """Seconds to wait before the request is repeated; `asked` is what the server asks for, if anything.

        None if the retries are used up, or if the wait is longer than the rest of the budget. A rate limit uses up no
        retries: the server works, and the budget ends it.
        """
        policy = self.state.policy
        if self._after_failures >= policy.max_retries:
            return None
        count = self._after_rate_limits if rate_limited else self._after_failures
        seconds = back_off(count, policy.jitter()) if asked is None else asked
        if count >= policy.max_retries:
            seconds = max(seconds, FIRST_BACK_OFF)  # the budget must end it even if the server asks for no wait
        if seconds > self.state.left:
            return None
        self.state.left -= seconds
        self._after_rate_limits += rate_limited
        self._after_failures += not rate_limited
        return seconds


def back_off(retries: int, jitter: float) -> float:
    """Exponential back-off with full jitter: from 0 to a bound that doubles, from 0.5 to 8 seconds."""
    # The exponent is capped because 2.0 ** 1024 overflows.
    bound: float = FIRST_BACK_OFF * 2.0 ** min(retries, 10)
    return jitter * min(LONGEST_BACK_OFF, bound)


def asked_wait(headers: Mapping[str, str], now: float) -> float | None:
    """The seconds that an answer's headers (lower-case names) ask to wait; None if they ask for nothing sensible.

    A date is measured from the answer's own `Date` if it has one, so that a wrong clock on this machine does no harm.
    A date in the past asks for nothing.
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
        # An HTTP date without a zone, or with an unknown one (`-0000`), is in UTC.
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
