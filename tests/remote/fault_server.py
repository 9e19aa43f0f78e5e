"""A small HTTP/1.1 server on raw loopback sockets that keeps segments honestly and misbehaves on request.

Real sockets show what mocks hide: resets, half bodies, dripping heads, answers that come after the caller has left.
A *behaviour* is a function that gets an `Exchange`, one request, and does what it likes with it. Each kind of request
(`create`, `list`, `get`) has a script of behaviours, used one by one; when it is empty, `usual` ones, which are honest.
"""

import contextlib
import itertools
import json
import select
import socket
import struct
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

Behaviour = Callable[["Exchange"], None]
Headers = Iterable[tuple[str, str]]


class FaultServer:
    """Serves until `stop`; use it as a context manager. `segments` are the ones it holds, as its GET shows them."""

    def __init__(self) -> None:
        self.segments: list[dict[str, Any]] = []
        self.requests: list[Exchange] = []
        self.usual = dict(HONEST)
        self.scripts: dict[str, deque[Behaviour]] = {"create": deque(), "list": deque(), "get": deque()}
        self._numbers = itertools.count(1)
        self._limit: tuple[int, float] | None = None
        self._window = self._count = 0
        self._late: list[tuple[int, dict[str, Any]]] = []
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._connections: list[socket.socket] = []
        self._threads = [threading.Thread(target=self._accept)]
        self._threads[0].start()

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    @property
    def url(self) -> str:
        """The base URL of the API."""
        return f"{self.origin}/api/v1"

    def __enter__(self) -> "FaultServer":
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        self._stopping.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._threads[0].join()
        for connection in self._connections:
            _hang_up(connection)
        for thread in self._threads[1:]:
            thread.join()

    def script(self, kind: str, *behaviours: Behaviour) -> None:
        """The faults for the next requests of a kind."""
        self.scripts[kind].extend(behaviours)

    def received(self, kind: str) -> list["Exchange"]:
        return [exchange for exchange in self.requests if exchange.kind == kind]

    def add(self, name: str, filters: Any, *, kind: str = "custom", **more: Any) -> dict[str, Any]:
        """Puts a segment into the store, as if someone had made it elsewhere."""
        with self._lock:
            segment = {
                "id": f"segment-{next(self._numbers)}",
                "name": name,
                "type": kind,
                "presetId": None,
                "memberCount": 0,
                "isFavorited": False,
                "description": None,
                "icon": None,
                "filters": filters,
                "createdBy": "someone",
                "createdAt": "2026-01-01T00:00:00.000Z",
                "updatedAt": "2026-01-01T00:00:00.000Z",
            } | more
            self.segments.append(segment)
            return segment

    @contextlib.contextmanager
    def limiting(self, limit: int, window: float) -> Iterator[None]:
        """Refuses more than `limit` requests in each window of `window` seconds, with the wait until the next one."""
        self._limit = (limit, window)
        yield
        self._limit = None

    def refuses_now(self) -> float | None:
        """Counts a request; the seconds until the next window if it is one too many."""
        with self._lock:
            if self._limit is None:
                return None
            (limit, length), now = self._limit, time.monotonic()
            window = int(now // length)
            self._window, self._count = window, self._count + 1 if window == self._window else 1
            return (window + 1) * length - now if self._count > limit else None

    def add_before_look(self, look: int, body: dict[str, Any]) -> None:
        """Adds a segment just before the `look`-th reading of the list from now: a commit after the caller has gone."""
        with self._lock:
            self._late.append((len(self.received("list")) + look, body))

    def commit_late_ones(self) -> None:
        """Adds the segments that are due; called when the list is read."""
        with self._lock:
            looks = len(self.received("list"))
            due = [body for at, body in self._late if at <= looks]
            self._late = [(at, body) for at, body in self._late if at > looks]
        for body in due:
            self.add(**body)

    def _accept(self) -> None:
        while not self._stopping.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self._connections.append(connection)
            thread = threading.Thread(target=self._serve, args=(connection,))
            self._threads.append(thread)
            thread.start()

    def _serve(self, connection: socket.socket) -> None:
        buffer = bytearray()
        try:
            while (exchange := _read_request(self, connection, buffer)) is not None:
                with self._lock:
                    self.requests.append(exchange)
                    script = self.scripts[exchange.kind]
                    behaviour = script.popleft() if script else self.usual[exchange.kind]
                wait = self.refuses_now()
                if wait is None:
                    behaviour(exchange)
                else:
                    exchange.answer(429, b"", [("retry-after-ms", f"{1_000 * wait:.3f}")])
                if exchange.is_over:
                    break
        except OSError:  # the caller has left, or stop() hung up
            pass
        finally:
            connection.close()


class Exchange:
    """One request, and what can be done with it."""

    def __init__(self, server: FaultServer, connection: socket.socket, head: bytes, body: bytes) -> None:
        self.server = server
        self.connection = connection
        self.head = head
        self.body = body
        self.is_over = False
        self.method, self.target, _ = head.decode("latin-1").split("\r\n")[0].split(" ")

    @property
    def headers(self) -> dict[str, str]:
        return _headers(self.head)

    @property
    def kind(self) -> str:
        return (
            "create" if self.method == "POST" else "list" if urlsplit(self.target).path.endswith("/segments") else "get"
        )

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def record(self) -> dict[str, Any]:
        """The segment in the body of a create."""
        body: dict[str, Any] = self.json
        return {"name": "A name of the server's making"} | body

    def commit(self) -> dict[str, Any]:
        """Creates the segment that the body asks for."""
        return self.server.add(**self.record)

    def answer(self, status: int, body: Any = b"", headers: Headers = ()) -> None:
        """A complete answer; bytes are sent as they are, as HTML, and anything else as JSON."""
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        kind = "application/json" if not isinstance(body, bytes) else "text/html"
        lines = [
            f"HTTP/1.1 {status} Whatever",
            f"Content-Length: {len(content)}",
            f"Content-Type: {kind}",
            *(f"{name}: {value}" for name, value in headers),
        ]
        self.send("\r\n".join(lines).encode() + b"\r\n\r\n" + content)

    def send(self, data: bytes) -> None:
        self.connection.sendall(data)

    def drip(self, data: bytes, every: float = 0.05) -> None:
        """Sends byte after byte until the caller has had enough."""
        for byte in data:
            self.send(bytes([byte]))
            time.sleep(every)

    def stall(self) -> None:
        """Says nothing until the caller hangs up (or five seconds have passed)."""
        select.select([self.connection], [], [], 5)

    def drop(self) -> None:
        """Closes the connection in an orderly way."""
        self.is_over = True

    def reset(self) -> None:
        """Closes the connection with a TCP reset."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
        self.is_over = True


def honest_create(exchange: Exchange) -> None:
    made = exchange.commit()
    keys = ("id", "name", "type", "description", "icon", "filters", "createdAt", "updatedAt")
    exchange.answer(201, {key: made[key] for key in keys})


def honest_list(exchange: Exchange) -> None:
    """One page, with a `Link` to the next one as long as there is one."""
    shown, following = page_of(exchange)
    exchange.answer(200, shown, [("Link", f'<{following}>; rel="next"')] if following else [])


def page_of(exchange: Exchange) -> tuple[list[dict[str, Any]], str | None]:
    """The page that a listing asks for, and the URL of the next one, if there is one."""
    exchange.server.commit_late_ones()
    query = parse_qs(urlsplit(exchange.target).query)
    page, size = int(query.get("page", ["1"])[0]), int(query.get("pageSize", ["50"])[0])
    keys = ("id", "name", "type", "presetId", "memberCount", "isFavorited")
    everything = list(exchange.server.segments)
    shown = [{key: segment[key] for key in keys} for segment in everything[(page - 1) * size : page * size]]
    following = f"{exchange.server.url}/segments?page={page + 1}&pageSize={size}"
    return shown, following if page * size < len(everything) else None


def honest_get(exchange: Exchange) -> None:
    wanted = unquote(urlsplit(exchange.target).path.rpartition("/")[2])
    found = [segment for segment in exchange.server.segments if wanted in (segment["id"], segment["presetId"])]
    exchange.answer(200, found[0]) if found else exchange.answer(404, {"error": "no such segment"})


HONEST: dict[str, Behaviour] = {"create": honest_create, "list": honest_list, "get": honest_get}


def _read_request(server: FaultServer, connection: socket.socket, buffer: bytearray) -> Exchange | None:
    head = _take(connection, buffer, lambda: buffer.find(b"\r\n\r\n") + 4 if b"\r\n\r\n" in buffer else None)
    if head is None:
        return None
    length = int(_headers(head).get("content-length", "0"))
    body = _take(connection, buffer, lambda: length if len(buffer) >= length else None)
    return None if body is None else Exchange(server, connection, head, body)


def _headers(head: bytes) -> dict[str, str]:
    lines = head.decode("latin-1").split("\r\n")[1:]
    return {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines if line)}


def _take(connection: socket.socket, buffer: bytearray, complete: Callable[[], int | None]) -> bytes | None:
    """Takes the first bytes off the buffer once `complete` says how many; None when the caller hangs up before."""
    while (size := complete()) is None:
        data = connection.recv(65_536)
        if not data:
            return None
        buffer += data
    taken = bytes(buffer[:size])
    del buffer[:size]
    return taken


def _hang_up(connection: socket.socket) -> None:
    with contextlib.suppress(OSError):  # it may be closed already
        connection.shutdown(socket.SHUT_RDWR)
