"""One studio for all tests: a real server on a socket, over a config, its include, and three thousand users."""

import json
import shutil
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import pytest

from segdsl.loopback.address import listening_socket, origin
from segdsl.loopback.server import Server
from segdsl.sql.users import CsvLayout
from segdsl.studio.app import create_app, page_files
from segdsl.studio.users import LiveUsers, live_users
from segdsl.studio.workspace import Workspace

EXAMPLES = Path(__file__).parents[2] / "examples"


class Studio(NamedTuple):
    """A running studio, with the files that it works on."""

    url: str
    port: int
    http: httpx.Client
    file: Path
    users: LiveUsers

    def ask(self, method: str, **params: Any) -> Any:
        """The answer to a question of the page."""
        reply = self.http.post("/ask", json={"method": method, "params": params}, headers={"Origin": self.url})
        assert reply.status_code == 200, reply.text
        return reply.json()


def layout(_file: str) -> CsvLayout:
    """The layout of a CSV with commas."""
    return CsvLayout(",")


@contextmanager
def serving(file: Path | None, users: LiveUsers) -> Iterator[Studio]:
    """A studio on a free port, in a thread, while the block runs."""
    with listening_socket("127.0.0.1", 0) as listener:
        url, port = origin("127.0.0.1", listener), listener.getsockname()[1]
        server = Server(create_app(page_files(), Workspace(None if file is None else str(file), users).answer, port))
        with in_thread(server, listener), httpx.Client(base_url=url, trust_env=False, timeout=60) as http:
            yield Studio(url, port, http, file or Path(), users)


@contextmanager
def in_thread(server: Server, listener: socket.socket) -> Iterator[None]:
    """The server in a thread, while the block runs."""
    thread = threading.Thread(target=server.run, args=([listener],), name="studio")
    thread.start()
    try:
        yield
    finally:
        server.should_exit = True
        thread.join()


@pytest.fixture(scope="session")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    """The studio; a test that changes its file restores it."""
    folder = tmp_path_factory.mktemp("team")
    shutil.copy(EXAMPLES / "segments.toml", folder)
    shutil.copy(EXAMPLES / "users.parquet", folder)
    file = folder / "segments.toml"
    with live_users([str(folder / "users.parquet")], layout) as users, serving(file, users) as running:
        yield running


def exchange(port: int, *lines: str, body: bytes = b"") -> bytes:
    """The whole answer of a server to a request written by hand."""
    with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
        head = "\r\n".join([*lines, f"Content-Length: {len(body)}", "Connection: close", "", ""])
        connection.sendall(head.encode() + body)
        answer = b""
        while piece := connection.recv(65_536):
            answer += piece
    return answer


def question(method: str, **params: Any) -> bytes:
    """A question as the body of a request."""
    return json.dumps({"method": method, "params": params}).encode()


def running(users: LiveUsers) -> set[str]:
    """The pages whose counts are under way."""
    return set(users._runs._newest)
