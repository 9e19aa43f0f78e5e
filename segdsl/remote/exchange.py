"""The conversation between the pure side and the transport: what is asked, what comes back.

The pure side is generators that yield `Request` and `Wait`, and are sent an `Answer` for each request.
A request names a path, never a host: it cannot leave the endpoint's origin.
"""

from collections.abc import Callable, Generator
from typing import Any, TypeAlias, TypeVar

from msgspec import Struct


class Request(Struct, frozen=True):
    """One HTTP request: `target` is path and query, `body` JSON."""

    method: str
    target: str
    body: bytes | None = None

    def __str__(self) -> str:
        return f"{self.method} {self.target.partition('?')[0]}"


class Wait(Struct, frozen=True):
    """A pause, in seconds."""

    seconds: float


class Reply(Struct, frozen=True):
    """A complete answer: header names in lower case, repeated ones joined by `, `; the body decompressed.

    `redact` takes the API key out of what an error quotes of the body's JSON, where the server may have echoed it.
    """

    status: int
    headers: dict[str, str]
    body: bytes
    redact: Callable[[str], str] = str

    def __repr__(self) -> str:
        """Short: it is seen in tracebacks that show locals, and a body may be megabytes of anything."""
        return f"Reply({self.status}, {len(self.body)} bytes)"


class Failure(Struct, frozen=True):
    """No complete answer: why, in words, and whether anything of the request had been sent."""

    words: str
    sent: bool


Answer: TypeAlias = Reply | Failure

Result = TypeVar("Result")

# What is sent back depends on what was yielded (an Answer for a Request, None for a Wait), which no type can say.
Steps: TypeAlias = Generator[Request | Wait, Any, Result]
