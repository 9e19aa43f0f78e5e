"""Faults to inject between a client and the API: one table, and the choice of the requests that they strike.

Each fault wraps the application, so several may strike one request; the first of the table is the outermost.
"""

import asyncio
import random
import socket
import struct
import threading
from collections.abc import Awaitable, Callable, Iterable
from difflib import get_close_matches
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import msgspec

from segdsl.limits import MAX_REQUEST_BODY

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

MAX_SECONDS: Final = 3_600.0

Act = Callable[["ASGIApp", float, "Scope", "Receive", "Send"], Awaitable[None]]
"""Answers a request in place of the application, which it may call. The number is a length in seconds."""


class Fault(msgspec.Struct, frozen=True):
    """One fault. `seconds` is its default length; None for a fault without a length."""

    act: Act
    meaning: str
    creates_only: bool = True
    seconds: float | None = None


class FaultSetting(msgspec.Struct, frozen=True):
    """How often a fault strikes the requests that it can strike (0 to 1), and for how long, in seconds."""

    name: str
    probability: float
    seconds: float

    @classmethod
    def parse(cls, text: str) -> "FaultSetting":
        """Reads `NAME=PROBABILITY` or `NAME=PROBABILITY:SECONDS`. Raises `ValueError` with a sentence for people."""
        name, _, numbers = text.partition("=")
        fault = find_fault(name)
        probability, colon, seconds = numbers.partition(":")
        if colon and fault.seconds is None:
            raise ValueError(f"{name} takes no seconds, only a probability")
        return cls(
            name=name,
            probability=_number(probability, f"the probability of {name}", 1.0),
            seconds=_number(seconds, f"the seconds of {name}", MAX_SECONDS) if colon else fault.seconds or 0.0,
        )


class Faults:
    """Decides which faults strike a request: at random, with `chance`, or because `once` asked for one.

    The same settings, the same seed and the same order of requests give the same faults. May be used from any thread.
    """

    def __init__(self, settings: Iterable[FaultSetting] = (), *, chance: random.Random | None = None) -> None:
        self._settings = {setting.name: setting for setting in settings}
        self._chance = chance or random.Random()  # noqa: S311  not for secrets
        self._once: list[FaultSetting] = []
        self._lock = threading.Lock()

    def once(self, name: str, *, seconds: float | None = None) -> None:
        """Makes the fault `name` strike the next request that it can strike. May be called several times."""
        fault = find_fault(name)
        setting = FaultSetting(name, 1.0, (fault.seconds or 0.0) if seconds is None else seconds)
        with self._lock:
            self._once.append(setting)

    def strike(self, method: str) -> list[FaultSetting]:
        """The faults for a new request, in the order of the table."""
        possible = [name for name, fault in FAULTS.items() if method == "POST" or not fault.creates_only]
        with self._lock:
            return [setting for name in possible if (setting := self._take(name))]

    def _take(self, name: str) -> FaultSetting | None:
        for index, asked in enumerate(self._once):
            if asked.name == name:
                return self._once.pop(index)
        setting = self._settings.get(name)
        return setting if setting and self._chance.random() < setting.probability else None

    def around(self, app: "ASGIApp") -> "ASGIApp":
        """`app` with these faults. The names of those that struck are in the scope's `state`."""

        async def struck_app(scope: "Scope", receive: "Receive", send: "Send") -> None:
            struck = self.strike(scope["method"])
            scope["state"]["faults"] = [setting.name for setting in struck]
            wrapped = app
            for setting in reversed(struck):
                wrapped = partial(FAULTS[setting.name].act, wrapped, setting.seconds)
            await wrapped(scope, receive, send)

        return struck_app


def find_fault(name: str) -> Fault:
    """The fault of this name. Raises `ValueError` with the nearest name, or with all names."""
    fault = FAULTS.get(name)
    if fault is None:
        near = get_close_matches(name, FAULTS, 1)
        known = f"did you mean {near[0]}?" if near else f"there are {', '.join(FAULTS)}"
        raise ValueError(f"no fault has the name {name!r}; {known}")
    return fault


def _number(text: str, what: str, largest: float) -> float:
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if not 0.0 <= number <= largest:
        raise ValueError(f"{what} must be a number from 0 to {largest:g}, not {text!r}")
    return number


# ── what each fault does ──────────────────────────────────────────────────────────────────────────────────────────────


async def _wait_then_handle(app: "ASGIApp", seconds: float, scope: "Scope", receive: "Receive", send: "Send") -> None:
    body = await _body(receive)  # now, because a client that gives up leaves nothing to read

    async def read() -> "Message":
        return {"type": "http.request", "body": body, "more_body": False}

    await asyncio.sleep(seconds)
    await app(scope, read, send)


async def _handle_then_wait(app: "ASGIApp", seconds: float, scope: "Scope", receive: "Receive", send: "Send") -> None:
    async def late(message: "Message") -> None:
        if message["type"] == "http.response.start":
            await asyncio.sleep(seconds)
        await send(message)

    await app(scope, receive, late)


async def _drop_before(app: "ASGIApp", seconds: float, scope: "Scope", receive: "Receive", send: "Send") -> None:
    await _body(receive)  # closing on unread bytes would reset the connection
    await _hang_up(scope, receive)


async def _drop_after(app: "ASGIApp", seconds: float, scope: "Scope", receive: "Receive", send: "Send") -> None:
    await _recorded(app, scope, receive)
    await _hang_up(scope, receive)


async def _reset_after(app: "ASGIApp", seconds: float, scope: "Scope", receive: "Receive", send: "Send") -> None:
    await _recorded(app, scope, receive)
    # A linger time of zero makes the kernel send RST instead of FIN.
    linger = struct.pack("ii", 1, 0)
    _transport(scope).get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    await _hang_up(scope, receive)


async def _truncate(app: "ASGIApp", seconds: float, scope: "Scope", receive: "Receive", send: "Send") -> None:
    start, body = await _recorded(app, scope, receive)
    await send(start)
    await send({"type": "http.response.body", "body": body[: len(body) // 2], "more_body": True})
    await _hang_up(scope, receive)


def _replace(status: int, body: bytes, *, commit: bool, content_type: bytes = b"application/json") -> Act:
    """A fixed answer; `commit` says whether the application handles the request first."""

    async def act(app: "ASGIApp", seconds: float, scope: "Scope", receive: "Receive", send: "Send") -> None:
        if commit:
            await _recorded(app, scope, receive)
        headers = [(b"content-type", content_type), (b"content-length", str(len(body)).encode())]
        if status == 429:
            headers.append((b"retry-after", f"{seconds:g}".encode()))
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    return act


async def _body(receive: "Receive") -> bytes:
    """The request's body, or the part before the client left. At most one byte more than the limit is kept."""
    body, more = bytearray(), True
    while more:
        message = await receive()
        body += message.get("body", b"")[: MAX_REQUEST_BODY + 1 - len(body)]
        more = message.get("more_body", False)
    return bytes(body)


async def _recorded(app: "ASGIApp", scope: "Scope", receive: "Receive") -> tuple["Message", bytes]:
    """Calls `app` and returns the start and the body of its answer, which is not sent."""
    start: dict[str, Any] = {}
    body = bytearray()

    async def record(message: "Message") -> None:
        start.update(message if message["type"] == "http.response.start" else {})
        body.extend(message.get("body", b""))

    await app(scope, receive, record)
    return start, bytes(body)


def _transport(scope: "Scope") -> asyncio.Transport:
    """The client's connection, which the server puts in the scope, because ASGI itself cannot close it."""
    transport: asyncio.Transport = scope["state"]["transport"]
    return transport


async def _hang_up(scope: "Scope", receive: "Receive") -> None:
    """Closes the connection, and waits until the server knows; otherwise the server would send an answer of its own."""
    _transport(scope).close()
    while (await receive())["type"] != "http.disconnect":
        pass


_BROKEN: Final = b'{"error":"internal server error","code":"internal_error"}'
_BUSY: Final = b'{"error":"service unavailable","code":"unavailable"}'
_TOO_MANY: Final = b'{"error":"too many requests","code":"rate_limited"}'
_GATEWAY_PAGE: Final = b"<!doctype html><title>502 Bad Gateway</title><h1>502 Bad Gateway</h1>"
_PAGE: Final = b"<!doctype html><title>Welcome</title><h1>Please sign in to this network</h1>"

FAULTS: Final[dict[str, Fault]] = {
    "slow": Fault(_handle_then_wait, "handled at once, answered SECONDS later", creates_only=False, seconds=2.0),
    "slow-before-commit": Fault(_wait_then_handle, "a create handled SECONDS later, client gone or not", seconds=2.0),
    "rate-limit": Fault(
        _replace(429, _TOO_MANY, commit=False),
        "429 with Retry-After: SECONDS, not handled",
        creates_only=False,
        seconds=1.0,
    ),
    "error-503": Fault(_replace(503, _BUSY, commit=False), "503, not handled", creates_only=False),
    "error-500-before-commit": Fault(_replace(500, _BROKEN, commit=False), "500, nothing created"),
    "error-500-after-commit": Fault(_replace(500, _BROKEN, commit=True), "500, though the segment was created"),
    "error-502-after-commit": Fault(
        _replace(502, _GATEWAY_PAGE, commit=True, content_type=b"text/html"),
        "a proxy's 502 page, though the segment was created",
    ),
    "drop-before-commit": Fault(_drop_before, "connection closed without an answer, nothing created"),
    "drop-after-commit": Fault(_drop_after, "connection closed without an answer, though the segment was created"),
    "reset-after-commit": Fault(_reset_after, "connection reset, though the segment was created"),
    "truncated-body": Fault(_truncate, "handled, connection closed half-way through the answer", creates_only=False),
    "html-body": Fault(
        _replace(200, _PAGE, commit=True, content_type=b"text/html"),
        "handled, answered with 200 and an HTML page",
        creates_only=False,
    ),
}
"""Every fault by its name."""
