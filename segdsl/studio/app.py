"""The studio as an ASGI application: the page, and `POST /ask`. Only the page itself may ask.

A web page of another site could reach a server on this machine. So a request must name this server as its `Host` (DNS
rebinding leads here under another name), its `Origin`, if it has one, must be this server, and a question must be JSON,
which a form of another page cannot send.
"""

import asyncio
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from msgspec import Struct
from starlette.applications import Starlette
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from segdsl.errors import ConfigError
from segdsl.limits import MAX_REQUEST_BODY
from segdsl.studio.runs import Run

PAGE: Final = Path(__file__).with_name("page")
"""The folder of the page, which `make web` builds."""

_INDEX = "index.html"
_TYPES = {
    ".html": "text/html",
    ".js": "text/javascript",
    ".css": "text/css",
    ".svg": "image/svg+xml",
    ".txt": "text/plain",
}
_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}

Answer = Callable[[bytes, Run], str]
"""Answers a question, both as JSON; the run cancels it."""


class File(Struct, frozen=True):
    """A file of the page, and its media type."""

    data: bytes
    type: str


def page_files(folder: Path | None = None) -> dict[str, File]:
    """The files of the page, by the paths of their URLs. Raises `ConfigError` if the page is not there."""
    found = {
        f"/{path.name}": File(path.read_bytes(), _TYPES[path.suffix])
        for path in sorted((folder or PAGE).glob("*"))
        if path.suffix in _TYPES
    }
    if f"/{_INDEX}" not in found:
        raise ConfigError("the page of the studio is not there: in a checkout `make web` builds it")
    return found | {"/": found[f"/{_INDEX}"]}


def create_app(files: Mapping[str, File], answer: Answer, port: int) -> ASGIApp:
    """The application that listens on a port of this machine; `answer` is called in threads."""

    async def ask(request: Request) -> Response:
        if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
            raise HTTPException(415, "a question is JSON: send it as application/json")
        body = await _body(request)
        run = Run()
        watching = asyncio.create_task(_cancel_if_gone(request, run))
        try:
            said = await asyncio.to_thread(answer, body, run)
        finally:
            run.cancel()  # the server stops, or the answer is complete
            watching.cancel()
        return Response(said, media_type="application/json")

    async def page(request: Request) -> Response:
        file = files[request.url.path]
        return Response(file.data, media_type=file.type)

    app = Starlette(
        routes=[Route("/ask", ask, methods=["POST"]), *(Route(path, page, methods=["GET"]) for path in files)],
        exception_handlers={HTTPException: _refused, ClientDisconnect: _gone},
    )
    app.router.redirect_slashes = False
    return _OwnPageOnly(app, port)


async def _body(request: Request) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_REQUEST_BODY:
            raise HTTPException(413, f"a question has at most {MAX_REQUEST_BODY} bytes")
    return bytes(body)


async def _cancel_if_gone(request: Request, run: Run) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
    run.cancel()


async def _refused(_request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101  as in the table of handlers; for the type checker
    return _error(error.status_code, error.detail, error.headers)


async def _gone(_request: Request, _error: Exception) -> Response:
    return Response(status_code=400)  # the client has left, so nobody reads it


def _error(status: int, sentence: str, headers: Mapping[str, str] | None = None) -> Response:
    return Response(json.dumps({"error": sentence}), status, headers, "application/json")


class _OwnPageOnly:
    """Refuses requests that do not come from this server's page; adds the headers that isolate the page."""

    def __init__(self, app: ASGIApp, port: int) -> None:
        names = ("127.0.0.1", "localhost")
        self._app = app
        self._hosts = {f"{name}:{port}" for name in names} | (set(names) if port == 80 else set())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(_HEADERS)
            await send(message)

        refused = self._refusal(Headers(scope=scope))
        app: Any = self._app if refused is None else _error(403, refused)
        await app(scope, receive, send_with_headers)

    def _refusal(self, headers: Headers) -> str | None:
        hosts, origins = headers.getlist("host"), headers.getlist("origin")
        if len(hosts) != 1 or hosts[0].lower() not in self._hosts:
            return "this server answers to its own address only"
        if origins not in ([], [f"http://{hosts[0].lower()}"]):
            return "this server answers to its own page only"
        return None
