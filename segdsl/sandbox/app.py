"""The API's segment endpoints as an ASGI application (pages create-segment, get-segment and list of its reference)."""

import hmac
from collections.abc import Mapping, Sequence
from math import ceil
from typing import Any, Final

import msgspec
from starlette.applications import Starlette
from starlette.endpoints import HTTPEndpoint
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from segdsl.errors import InvalidSegmentError
from segdsl.limits import MAX_DIAGNOSTICS, MAX_REQUEST_BODY
from segdsl.sandbox.requests import Page, page_from_query, segment_from_json
from segdsl.sandbox.store import QuotaReachedError, Store

BASE_PATH: Final = "/api/v1"


def create_app(store: Store, *, api_key: str | None = None, max_segments: int | None = None) -> Starlette:
    """The three endpoints under `/api/v1`, over the segments of `store`, as an application for any ASGI server.

    `api_key` is the only accepted key (None: any key that is not empty); `max_segments` is the plan's quota of custom
    segments (None: no limit).
    """
    app = Starlette(
        routes=[Route(f"{BASE_PATH}/segments", _Segments), Route(f"{BASE_PATH}/segments/{{key}}", _Segment)],
        middleware=[Middleware(_BearerAuth, api_key=api_key)],
        exception_handlers={
            HttpError: _http_error,
            InvalidSegmentError: _invalid,
            HTTPException: _no_such_route,
            ClientDisconnect: _gone,
            Exception: _broken,
        },
    )
    app.router.redirect_slashes = False  # the API has no such redirects, so no client may depend on them
    app.state.store = store
    app.state.max_segments = max_segments
    return app


class _Segments(HTTPEndpoint):
    """`/segments`."""

    async def get(self, request: Request) -> Response:
        store: Store = request.app.state.store
        try:
            page = page_from_query(request.query_params)
        except ValueError as error:
            raise bad_request([str(error)]) from error
        total = store.count()
        segments = store.listing(page.offset, page.size)
        link = _link(request, page, last=max(1, ceil(total / page.size)))
        return json_answer([segment.summary() for segment in segments], headers={"Link": link})

    async def post(self, request: Request) -> Response:
        store: Store = request.app.state.store
        limit: int | None = request.app.state.max_segments
        segment = segment_from_json(await _body(request))
        try:
            created = store.create(segment, limit=limit)
        except QuotaReachedError as error:
            message = f"the plan allows {limit} custom segments (maxCustomSegments), and they all exist"
            raise HttpError(403, "quota_exceeded", message) from error
        return json_answer(created.created(), status=201)


class _Segment(HTTPEndpoint):
    """`/segments/{id or presetId}`."""

    async def get(self, request: Request) -> Response:
        store: Store = request.app.state.store
        key: str = request.path_params["key"]
        segment = store.find(key)
        if segment is None:
            raise HttpError(404, "not_found", f"no segment has the id or preset id {key[:80]!r}")
        return json_answer(segment.detail())


async def _body(request: Request) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_REQUEST_BODY:
            raise HttpError(413, "too_large", f"the body is over {MAX_REQUEST_BODY} bytes")
    return bytes(body)


def _link(request: Request, page: Page, *, last: int) -> str:
    """The `Link` header (RFC 8288) with absolute addresses, on the origin of the request."""
    relations = {"first": 1, "prev": page.number - 1, "next": page.number + 1, "last": last}
    return ", ".join(
        f'<{request.url.include_query_params(page=number, pageSize=page.size)}>; rel="{relation}"'
        for relation, number in relations.items()
        if 1 <= number <= last
    )


class _BearerAuth:
    """Lets requests with `Authorization: Bearer KEY` through."""

    def __init__(self, app: ASGIApp, api_key: str | None) -> None:
        self._app = app
        self._api_key = api_key

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not self._accepts(Request(scope).headers.get("authorization", "")):
            message = "the request needs the header `Authorization: Bearer KEY` with an accepted key"
            error = HttpError(401, "unauthorized", message, headers={"WWW-Authenticate": "Bearer"})
            await error.answer()(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _accepts(self, authorization: str) -> bool:
        scheme, _, given = authorization.partition(" ")
        given = given.strip()
        if scheme.lower() != "bearer" or not given:
            return False
        return self._api_key is None or hmac.compare_digest(given.encode(), self._api_key.encode())


# ── errors ─────────────────────────────────────────────────────────────────────────────────────────────────────────


class HttpError(Exception):
    """An error to answer a request with: an HTTP status, a code for programs and a sentence for people.

    The body is `{"error": sentence, "code": word}`, with a list `problems` if there are several.
    """

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        *,
        problems: Sequence[str] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.problems = tuple(problems)
        self.headers = headers

    def answer(self) -> Response:
        """The error as a response."""
        body: dict[str, Any] = {"error": self.message, "code": self.code}
        if self.problems:
            body["problems"] = self.problems
        return json_answer(body, status=self.status, headers=self.headers)


def json_answer(data: Any, *, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """`data` as a JSON response."""
    return Response(msgspec.json.encode(data), status, headers, "application/json")


def bad_request(problems: Sequence[str]) -> HttpError:
    """A 400 with every problem, up to a limit."""
    shown = list(problems[:MAX_DIAGNOSTICS])
    if len(problems) > len(shown):
        shown.append(f"and {len(problems) - len(shown)} more")
    return HttpError(400, "bad_request", "; ".join(shown), problems=shown)


async def _http_error(_request: Request, error: Exception) -> Response:
    assert isinstance(error, HttpError)  # noqa: S101  as in the table of handlers; for the type checker
    return error.answer()


async def _invalid(_request: Request, error: Exception) -> Response:
    assert isinstance(error, InvalidSegmentError)  # noqa: S101  for the type checker
    return bad_request(error.problems).answer()


async def _no_such_route(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101  for the type checker
    if error.status_code == 405:
        message = f"{request.method} is not possible here; the API can create, list and get segments"
        return HttpError(405, "method_not_allowed", message, headers=error.headers).answer()
    return HttpError(404, "not_found", f"there is nothing here; the segments are at {BASE_PATH}/segments").answer()


async def _gone(_request: Request, _error: Exception) -> Response:
    return Response(status_code=400)  # the client has left, so nobody reads it


async def _broken(_request: Request, error: Exception) -> Response:
    return HttpError(500, "internal_error", f"the sandbox failed: {type(error).__name__}: {error}").answer()
