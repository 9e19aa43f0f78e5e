"""The form of examples/form on a server of its own."""

import runpy
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn

from segdsl.loopback.address import listening_socket, origin

FORM = Path(__file__).parents[2] / "examples" / "form"


@contextmanager
def serving_form(database: Path) -> Iterator[str]:
    """The address where the form is served, on a free port."""
    app = runpy.run_path(str(FORM / "app.py"))["create_app"](database)
    with listening_socket("127.0.0.1", 0) as listener:
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
        thread = threading.Thread(target=server.run, args=([listener],))
        thread.start()
        try:
            yield origin("127.0.0.1", listener)
        finally:
            server.should_exit = True
            thread.join()
