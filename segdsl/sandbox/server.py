"""The sandbox on a socket: until a signal stops it, or in a thread while a block runs."""

import asyncio
import random
import threading
import traceback
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from segdsl.loopback.address import SANDBOX_PORT, listening_socket, origin
from segdsl.loopback.server import Server
from segdsl.sandbox.app import BASE_PATH, create_app
from segdsl.sandbox.faults import Faults, FaultSetting
from segdsl.sandbox.store import Store

Log = Callable[[str], None]


@dataclass(frozen=True)
class RunningSandbox:
    """A running sandbox: its base URL, the key that it accepts, its segments and its faults."""

    base_url: str
    api_key: str = field(repr=False)
    store: Store
    faults: Faults


def serve(  # noqa: PLR0913  one for each option of the command
    *,
    host: str = "127.0.0.1",
    port: int = SANDBOX_PORT,
    api_key: str | None = None,
    max_segments: int | None = None,
    data: Path | None = None,
    faults: Faults | None = None,
    announce: Log = print,
    log: Log = lambda line: None,
) -> None:
    """Serves until SIGINT or SIGTERM, then returns.

    `announce` is called with the base URL when the server accepts requests, `log` with a line for each request (never
    a key). Port 0 takes a free port. Raises `ConfigError` for a host that is not loopback, a port in use, bad `data`.
    """
    with listening_socket(host, port) as listener, closing(Store(data)) as store:
        app = create_app(store, api_key=api_key, max_segments=max_segments)
        url = origin(host, listener) + BASE_PATH
        server = Server(_logged((faults or Faults()).around(app), log), on_ready=lambda: announce(url))
        server.run(sockets=[listener])


@contextmanager
def running(
    *,
    api_key: str = "sandbox-key",
    max_segments: int | None = None,
    data: Path | None = None,
    faults: Iterable[str] = (),
    seed: int | None = None,
    log: Log = lambda line: None,
) -> Iterator[RunningSandbox]:
    """A sandbox on a free loopback port, in a thread, while the block runs.

    `faults` are written as for the command (`"drop-after-commit=0.2"`); `sandbox.faults.once(name)` strikes only the
    next request. `sandbox.store.custom()` lists the created segments.
    """
    settings = Faults(map(FaultSetting.parse, faults), chance=random.Random(seed))  # noqa: S311  not for secrets
    host = "127.0.0.1"
    with listening_socket(host, 0) as listener, closing(Store(data)) as store:
        app = create_app(store, api_key=api_key, max_segments=max_segments)
        server = Server(_logged(settings.around(app), log))
        thread = threading.Thread(target=server.run, args=([listener],), name="segdsl-sandbox", daemon=True)
        thread.start()  # the socket listens already: its backlog holds clients that connect before the thread is ready
        try:
            yield RunningSandbox(origin(host, listener) + BASE_PATH, api_key, store, settings)
        finally:
            server.should_exit = True
            thread.join()


def _logged(app: ASGIApp, log: Log) -> ASGIApp:
    """`app` with a line to `log` for each request: the request, the answer, and the faults that struck."""

    async def logged_app(scope: Scope, receive: Receive, send: Send) -> None:
        answered = False

        def tell(outcome: str) -> None:
            faults = scope["state"].get("faults")
            # The raw path is still percent-encoded, so it cannot contain a terminal's control codes.
            log(
                f"{scope['method']} {scope['raw_path'].decode()} {outcome}"
                + (f" ({', '.join(faults)})" if faults else "")
            )

        async def telling(message: Message) -> None:
            nonlocal answered
            if message["type"] == "http.response.start":
                answered = True
                tell(str(message["status"]))  # before it is sent: a client with the answer finds the line
            await send(message)

        try:
            await app(scope, receive, telling)
        except asyncio.CancelledError:
            # The server stops. A 500 of its own would claim that the request was not handled; a lost connection
            # claims nothing.
            scope["state"]["transport"].abort()
            raise
        except Exception:
            log(traceback.format_exc())
            raise
        finally:
            if not answered:
                tell("no answer")

    return logged_app
