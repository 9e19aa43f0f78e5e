"""The conversation between the pure side and the transport: requests, answers, waits, and the loops that drive it.

The pure side is generators. They yield `Request` and `Wait`; the driver sends back an `Answer` for each request.
A request names a path, never a host, so it cannot leave the endpoint's origin.
"""

from collections.abc import Awaitable, Callable, Generator
from typing import Any, TypeAlias, TypeVar

from msgspec import Struct

TOO_MANY_REQUESTS = 429
"""The status of an answer that limits the rate of requests."""


class Request(Struct, frozen=True):
    """One HTTP request: `target` is path and query, `body` is JSON."""

    method: str
    target: str
    body: bytes | None = None

    def __str__(self) -> str:
        return f"{self.method} {self.target.partition('?')[0]}"


class Wait(Struct, frozen=True):
    """A pause, in seconds. `for_all`: the server limits requests, so all requests of the client pause."""

    seconds: float
    for_all: bool = False


class Reply(Struct, frozen=True):
    """A complete answer: header names in lower case, repeated headers joined by `, `, the body decompressed.

    `redact` removes the API key from the words that an error quotes from the body, because a server may echo the key.
    """

    status: int
    headers: dict[str, str]
    body: bytes
    redact: Callable[[str], str] = str

    def __repr__(self) -> str:
        """Short, because tracebacks that show locals show it, and a body may be megabytes of anything."""
        return f"Reply({self.status}, {len(self.body)} bytes)"


class Failure(Struct, frozen=True):
    """No complete answer: the reason, in words, and whether any part of the request was sent."""

    words: str
    sent: bool


Answer: TypeAlias = Reply | Failure

Result = TypeVar("Result")

# The type of the value sent back depends on the value yielded (an Answer for a Request, None for a Wait).
# Python's types cannot say that.
Steps: TypeAlias = Generator[Request | Wait, Any, Result]


def drive(steps: Steps[Result], perform: Callable[[Request], Answer], wait: Callable[[Wait], None]) -> Result:
    """Performs the requests and waits of `steps`, and returns its result.

    An interruption passes through `steps`, which may add a note, and is raised at once.
    """
    try:
        step = next(steps)
        while True:
            answer: Answer | None = None
            try:
                if isinstance(step, Wait):
                    wait(step)
                else:
                    answer = perform(step)
            except BaseException as interruption:
                step = steps.throw(interruption)
            else:
                step = steps.send(answer)
    except StopIteration as done:
        result: Result = done.value
        return result


async def drive_async(
    steps: Steps[Result], perform: Callable[[Request], Awaitable[Answer]], wait: Callable[[Wait], Awaitable[None]]
) -> Result:
    """Like `drive`, but awaits."""
    try:
        step = next(steps)
        while True:
            answer: Answer | None = None
            try:
                if isinstance(step, Wait):
                    await wait(step)
                else:
                    answer = await perform(step)
            except BaseException as interruption:
                step = steps.throw(interruption)
            else:
                step = steps.send(answer)
    except StopIteration as done:
        result: Result = done.value
        return result
