"""The API's segment endpoints as an ASGI application (pages create-segment, get-segment and list of its reference)."""

import hmac
from math import ceil
from typing import Final

from starlette.applications import Starlette
from starlette.endpoints import HTTPEndpoint
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from segdsl.errors import InvalidSegmentError
from segdsl.limits import MAX_REQUEST_BODY
from segdsl.sandbox.answers import Refusal, bad_request, json_answer
from segdsl.sandbox.reading import Page, page_from_query, segment_from_json
from segdsl.sandbox.store import QuotaReachedError, Store

BASE_PATH: Final = "/api/v1"


def create_app(store: Store, *, api_key: str | None = None, max_segments: int | None = None) -> Starlette:
    """The three endpoints under `/api/v1`, over the segments of `store`, as an application for any ASGI server.

    `api_key` is the one key that is accepted (None: any that is not empty); `max_segments` is the plan's quota of
    custom segments (None: no limit).
    """
    app = Starlette(
        routes=[Route(f"{BASE_PATH}/segments", _Segments), Route(f"{BASE_PATH}/segments/{{key}}", _Segment)],
        middleware=[Middleware(_BearerAuth, api_key=api_key)],
        exception_handlers={
            Refusal: _refused,
            InvalidSegmentError: _invalid,
            HTTPException: _no_such_route,
            ClientDisconnect: _gone,
            Exception: _broken,
        },
    )
    app.router.redirect_slashes = False  # the API has no such redirects, and a client must not depend on them
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
            raise Refusal(403, "quota_exceeded", message) from error
        return json_answer(created.created(), status=201)


class _Segment(HTTPEndpoint):
    """`/segments/{id or presetId}`."""

    async def get(self, request: Request) -> Response:
        store: Store = request.app.state.store
        key: str = request.path_params["key"]
        segment = store.find(key)
        if segment is None:
            raise Refusal(404, "not_found", f"no segment has the id or preset id {key[:80]!r}")
        return json_answer(segment.detail())


async def _body(request: Request) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_REQUEST_BODY:
            raise Refusal(413, "too_large", f"the body is over {MAX_REQUEST_BODY} bytes")
    return bytes(body)


def _link(request: Request, page: Page, *, last: int) -> str:
    """The `Link` header (RFC 8288) with absolute addresses, on the origin that the client itself used."""
    relations = {"first": 1, "prev": page.number - 1, "next": page.number + 1, "last": last}
    return ", ".join(
        f'<{request.url.include_query_params(page=number, pageSize=page.size)}>; rel="{relation}"'
        for relation, number in relations.items()
        if 1 <= number <= last
    )


class _BearerAuth:
    """Lets a request through that carries `Authorization: Bearer KEY`."""

    def __init__(self, app: ASGIApp, api_key: str | None) -> None:
        self._app = app
        self._api_key = api_key

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not self._accepts(Request(scope).headers.get("authorization", "")):
            message = "the request needs the header `Authorization: Bearer KEY` with a key that is accepted"
            refusal = Refusal(401, "unauthorized", message, headers={"WWW-Authenticate": "Bearer"})
            await refusal.answer()(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _accepts(self, authorization: str) -> bool:
        scheme, _, given = authorization.partition(" ")
        given = given.strip()
        if scheme.lower() != "bearer" or not given:
            return False
        return self._api_key is None or hmac.compare_digest(given.encode(), self._api_key.encode())


async def _refused(_request: Request, error: Exception) -> Response:
    assert isinstance(error, Refusal)  # noqa: S101  what the table of handlers says, for the type checker
    return error.answer()


async def _invalid(_request: Request, error: Exception) -> Response:
    assert isinstance(error, InvalidSegmentError)  # noqa: S101  as above
    return bad_request(error.problems).answer()


async def _no_such_route(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101  as above
    if error.status_code == 405:
        message = f"{request.method} is not possible here; the API can create, list and get segments"
        return Refusal(405, "method_not_allowed", message, headers=error.headers).answer()
    return Refusal(404, "not_found", f"there is nothing here; the segments are at {BASE_PATH}/segments").answer()


async def _gone(_request: Request, _error: Exception) -> Response:
    return Response(status_code=400)  # nobody reads it: the client has left


async def _broken(_request: Request, error: Exception) -> Response:
    return Refusal(500, "internal_error", f"the sandbox failed: {type(error).__name__}: {error}").answer()
