"""The studio on a socket of this machine, until a signal ends it."""

from collections.abc import Callable
from pathlib import Path

from segdsl.loopback.address import STUDIO_PORT, listening_socket, origin
from segdsl.loopback.server import Server
from segdsl.studio.app import create_app, page_files
from segdsl.studio.users import LiveUsers
from segdsl.studio.workspace import Workspace

_HOST = "127.0.0.1"


def serve(
    file: str | None,
    users: LiveUsers | None,
    *,
    port: int = STUDIO_PORT,
    announce: Callable[[str], None] = print,
    page: Path | None = None,
) -> None:
    """Serves a config (None: bare sentences) and users until SIGINT or SIGTERM, then returns.

    `announce` is called with the URL when the page can be opened. Port 0 takes a free port. Raises `ConfigError` for a
    port in use, and for a page that was not built.
    """
    files = page_files(page)
    with listening_socket(_HOST, port) as listener:
        app = create_app(files, Workspace(file, users).answer, listener.getsockname()[1])
        Server(app, on_ready=lambda: announce(f"{origin(_HOST, listener)}/")).run(sockets=[listener])
