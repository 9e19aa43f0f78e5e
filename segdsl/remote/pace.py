"""How many requests of one client run at once: after a 429 all of them wait, and then fewer go on.

Without this, readers that met a rate limit together would sleep together and come back together, to meet it again.
"""

import asyncio
import math
import threading
from collections.abc import Awaitable, Callable

from segdsl.remote.exchange import TOO_MANY_REQUESTS, Answer, Reply, Request, Wait


class Pace:
    """The bookkeeping: which requests may start now. Pure.

    The limit is halved when a rate limit stops everything, and grows by about one with each round of answers.
    """

    def __init__(self) -> None:
        self.limit = math.inf
        self._running = 0
        self._holds = 0

    def try_start(self) -> bool:
        """Starts a request, unless everything waits for a rate limit or as many requests run as the limit allows."""
        if self._holds or self._running + 1 > self.limit:
            return False
        self._running += 1
        return True

    def finish(self, answer: Answer | None) -> None:
        """Ends a request; `answer` is None if it was interrupted."""
        self._running -= 1
        if isinstance(answer, Reply) and answer.status != TOO_MANY_REQUESTS:
            self.limit += 1 / self.limit

    def hold(self) -> None:
        """Stops all requests that have not started, until `release`. The request that was refused runs no more."""
        if not self._holds:
            self.limit = max(1.0, min(self.limit, self._running + 1) // 2)
        self._holds += 1

    def release(self) -> None:
        """Ends one `hold`."""
        self._holds -= 1


class Pacer:
    """Performs the requests and waits of all threads that share a client, at one pace."""

    def __init__(self, send: Callable[[Request], Answer], sleep: Callable[[float], None]) -> None:
        self._send = send
        self._sleep = sleep
        self._pace = Pace()
        self._changed = threading.Condition()

    def perform(self, request: Request) -> Answer:
        """Sends the request when it may start."""
        with self._changed:
            self._changed.wait_for(self._pace.try_start)
        answer = None
        try:
            answer = self._send(request)
            return answer
        finally:
            with self._changed:
                self._pace.finish(answer)
                self._changed.notify_all()

    def wait(self, wait: Wait) -> None:
        """Sleeps; if the wait is for a rate limit, no request starts meanwhile."""
        if not wait.for_all:
            self._sleep(wait.seconds)
            return
        with self._changed:
            self._pace.hold()
        try:
            self._sleep(wait.seconds)
        finally:
            with self._changed:
                self._pace.release()
                self._changed.notify_all()


class AsyncPacer:
    """Performs the requests and waits of all tasks that share a client, at one pace."""

    def __init__(self, send: Callable[[Request], Awaitable[Answer]], sleep: Callable[[float], Awaitable[None]]) -> None:
        self._send = send
        self._sleep = sleep
        self._pace = Pace()
        self._changed = asyncio.Event()

    async def perform(self, request: Request) -> Answer:
        """Sends the request when it may start."""
        while not self._pace.try_start():
            await self._changed.wait()
        answer = None
        try:
            answer = await self._send(request)
            return answer
        finally:
            self._pace.finish(answer)
            self._notify()

    async def wait(self, wait: Wait) -> None:
        """Sleeps; if the wait is for a rate limit, no request starts meanwhile."""
        if not wait.for_all:
            await self._sleep(wait.seconds)
            return
        self._pace.hold()
        try:
            await self._sleep(wait.seconds)
        finally:
            self._pace.release()
            self._notify()

    def _notify(self) -> None:
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()
