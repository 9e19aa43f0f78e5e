"""The one module that imports httpx: `Request` in, `Reply` or `Failure` out, for blocking and for asyncio callers.

One origin, no redirects. The answer is streamed, so that its size and the seconds of the whole exchange are bounded.
httpx's exceptions end here, because they hold the request with its headers.
"""

import asyncio
import os
import ssl
from collections.abc import Generator, Mapping
from typing import Any
from urllib.request import getproxies, proxy_bypass

import httpx

from segdsl.errors import ConfigError
from segdsl.limits import MAX_REPLY_BYTES
from segdsl.remote.api_key import ApiKey
from segdsl.remote.deadline import DeadlineBackend, exchange_within
from segdsl.remote.endpoint import Endpoint
from segdsl.remote.exchange import Answer, Failure, Reply, Request
from segdsl.remote.replies import QUOTED_HEADERS, plain_words

_HEADERS = {
    "Accept": "application/json",
    # Compression gains nothing on answers this small, and a server that obeys sends no compression bomb.
    "Accept-Encoding": "identity",
    "User-Agent": "segdsl",
}
_JSON_BODY = {"Content-Type": "application/json"}


class Transport:
    """Blocking exchanges with one endpoint. May be shared by threads."""

    def __init__(self, endpoint: Endpoint, key: ApiKey, timeout: float) -> None:
        kept, fresh = (httpx.HTTPTransport(**settings) for settings in _network_settings(endpoint))
        for network in (kept, fresh):
            # httpx has no public way to give its pool a network, and only there can a head that drips be stopped.
            network._pool._network_backend = DeadlineBackend(network._pool._network_backend)
        self._http = httpx.Client(
            transport=_ByMethod(kept, fresh), **_client_settings(key, timeout, _lay_location_aside)
        )
        self._endpoint = endpoint
        self._key = key
        self._timeout = timeout

    def perform(self, request: Request) -> Answer:
        """One exchange, at most `timeout` seconds long. A network error is returned as a `Failure`, not raised."""
        progress = _Progress()
        try:
            with (
                exchange_within(self._timeout),
                self._http.stream(**_arguments(self._endpoint, request, progress.note)) as response,
            ):
                if not _is_readable(response):
                    return _not_readable(progress)
                body = bytearray()
                for chunk in response.iter_bytes():
                    body += chunk
                    if len(body) > MAX_REPLY_BYTES:
                        return _too_large(progress)
                return _reply(response, body, self._key)
        except (httpx.HTTPError, httpx.StreamError) as error:
            return _failure(error, progress, self._timeout, self._key)
        except BaseException as interruption:
            # Drops the frames of httpx, whose locals hold the request with its headers.
            raise interruption.with_traceback(None)  # noqa: B904 - it is the same exception

    def close(self) -> None:
        self._http.close()


class AsyncTransport:
    """The same for asyncio, for one event loop."""

    def __init__(self, endpoint: Endpoint, key: ApiKey, timeout: float) -> None:
        network = _AsyncByMethod(*(httpx.AsyncHTTPTransport(**settings) for settings in _network_settings(endpoint)))
        self._http = httpx.AsyncClient(transport=network, **_client_settings(key, timeout, _lay_location_aside_async))
        self._endpoint = endpoint
        self._key = key
        self._timeout = timeout

    async def perform(self, request: Request) -> Answer:
        """Like `Transport.perform`."""
        progress = _Progress()
        try:
            async with (
                asyncio.timeout(self._timeout),
                self._http.stream(**_arguments(self._endpoint, request, progress.note_async)) as response,
            ):
                if not _is_readable(response):
                    return _not_readable(progress)
                body = bytearray()
                async for chunk in response.aiter_bytes():
                    body += chunk
                    if len(body) > MAX_REPLY_BYTES:
                        return _too_large(progress)
                return _reply(response, body, self._key)
        except (httpx.HTTPError, httpx.StreamError, TimeoutError) as error:
            return _failure(error, progress, self._timeout, self._key)
        except BaseException as interruption:
            raise interruption.with_traceback(None)  # noqa: B904 - as above
        finally:
            await progress.close_opening()

    async def close(self) -> None:
        await self._http.aclose()


class _ByMethod(httpx.BaseTransport):
    """Sends a POST on a fresh connection and any other request on a kept one.

    A server may close an idle connection just as a request arrives there. A GET can be repeated, but nobody could know
    whether a POST was read.
    """

    def __init__(self, kept: httpx.BaseTransport, fresh: httpx.BaseTransport) -> None:
        self._kept = kept
        self._fresh = fresh

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        return (self._fresh if request.method == "POST" else self._kept).handle_request(request)

    def close(self) -> None:
        self._kept.close()
        self._fresh.close()


class _AsyncByMethod(httpx.AsyncBaseTransport):
    """The same for asyncio."""

    def __init__(self, kept: httpx.AsyncBaseTransport, fresh: httpx.AsyncBaseTransport) -> None:
        self._kept = kept
        self._fresh = fresh

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        return await (self._fresh if request.method == "POST" else self._kept).handle_async_request(request)

    async def aclose(self) -> None:
        await self._kept.aclose()
        await self._fresh.aclose()


class _BearerAuth(httpx.Auth):
    """Puts the key into a request at the last moment, so that no client or settings object holds the header."""

    def __init__(self, key: ApiKey) -> None:
        self._key = key

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        request.headers["Authorization"] = self._key.authorization()
        yield request


class _Progress:
    """How far an exchange has come, according to httpx's trace.

    `sent` says whether any part of the request has left; asking a proxy for a tunnel does not count. `opening` is a
    connection that is not ready for requests yet.
    """

    def __init__(self) -> None:
        self.sent = False
        self.opening: Any = None

    def note(self, event: str, details: Mapping[str, Any]) -> None:
        if event.endswith("connect_tcp.complete"):
            self.opening = details["return_value"]
        elif event.endswith("send_request_headers.started"):
            self.opening = None
            self.sent = self.sent or details["request"].method != b"CONNECT"

    async def note_async(self, event: str, details: Mapping[str, Any]) -> None:
        self.note(event, details)

    async def close_opening(self) -> None:
        """Closes the connection that httpcore leaves open when a deadline cancels a TLS handshake in asyncio."""
        if self.opening is not None:
            await self.opening.aclose()


def _network_settings(endpoint: Endpoint) -> tuple[dict[str, Any], dict[str, Any]]:
    """The settings of two networks: one that keeps its connections, and one that opens a new one for each request."""
    if not _host_of(endpoint.origin):
        raise ConfigError(f"the host of the base URL, `{endpoint.host}`, is not one that a name service can know")
    settings = {"verify": _tls(endpoint), "proxy": _proxy(endpoint), "trust_env": False}
    return settings, settings | {"limits": httpx.Limits(max_keepalive_connections=0)}


def _client_settings(key: ApiKey, timeout: float, hook: Any) -> dict[str, Any]:
    return {
        "auth": _BearerAuth(key),
        "headers": _HEADERS,
        "timeout": timeout,
        "follow_redirects": False,
        "trust_env": False,
        "event_hooks": {"response": [hook]},
    }


def _lay_location_aside(response: httpx.Response) -> None:
    """Hides `Location` from httpx, which builds a request from it without following it, and fails at odd ones."""
    if "location" in response.headers:
        response.extensions["location"] = response.headers.pop("location")


async def _lay_location_aside_async(response: httpx.Response) -> None:
    _lay_location_aside(response)


def _tls(endpoint: Endpoint) -> ssl.SSLContext:
    """The usual certificates (`SSL_CERT_FILE`, `SSL_CERT_DIR`); none for plain http, because loading takes time."""
    if endpoint.scheme == "http":
        return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    try:
        return httpx.create_ssl_context()
    except OSError as error:
        path, why = os.environ.get("SSL_CERT_FILE"), error.strerror or error
        raise ConfigError(f"the certificates that SSL_CERT_FILE names, {path}, cannot be read: {why}") from None


def proxy_for(endpoint: Endpoint) -> str | None:
    """The URL of the proxy that `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY` (or the system) name for `endpoint`.

    None for loopback, where a proxy would see the key in clear text.
    """
    if endpoint.is_loopback or proxy_bypass(endpoint.host):
        return None
    proxies = getproxies()
    found = proxies.get(endpoint.scheme) or proxies.get("all")
    return f"http://{found}" if found and "://" not in found else found


def _proxy(endpoint: Endpoint) -> httpx.Proxy | None:
    found = proxy_for(endpoint)
    if found is None:
        return None
    try:
        proxy = httpx.Proxy(found)
    except (ValueError, httpx.InvalidURL):
        proxy = None
    if proxy is None or proxy.url.scheme not in ("http", "https") or not _host_of(found):
        raise ConfigError("the proxy that the environment names is not an http or https URL")
    return proxy


def _host_of(url: str) -> str | None:
    """The host of a URL; None if httpx or the name service would raise an error of their own for it."""
    try:
        host = httpx.URL(url).host
        host.encode("idna")
    except (ValueError, httpx.InvalidURL):
        return None
    return host


def _arguments(endpoint: Endpoint, request: Request, trace: Any) -> dict[str, Any]:
    return {
        "method": request.method,
        "url": endpoint.origin + request.target,
        "content": request.body,
        "headers": _JSON_BODY if request.body is not None else None,
        "extensions": {"trace": trace},
    }


def _is_readable(response: httpx.Response) -> bool:
    """Whether the body can be decompressed in bounds. Gzip in gzip, or another format, may expand to any size."""
    return response.headers.get("content-encoding", "identity").lower() in ("identity", "gzip", "deflate")


def _reply(response: httpx.Response, body: bytearray, key: ApiKey) -> Reply:
    """The answer as a value, without the key where error messages quote it, because the server may echo it.

    The body is redacted here as bytes. `Reply.redact` redacts texts from its JSON, whose escapes may hide the key.
    """
    content = bytes(body)
    if not response.is_success:
        content = key.redact(content.decode("latin-1")).encode("latin-1")
    headers = dict(response.headers.items())
    if "location" in response.extensions:
        headers["location"] = response.extensions["location"]
    headers |= {name: key.redact(headers[name]) for name in QUOTED_HEADERS if name in headers}
    return Reply(response.status_code, headers, content, key.redact)


def _not_readable(progress: _Progress) -> Failure:
    return Failure("the answer is compressed in a way that was not requested", progress.sent)


def _too_large(progress: _Progress) -> Failure:
    return Failure(f"the answer is larger than {MAX_REPLY_BYTES:,} bytes", progress.sent)


def _failure(error: Exception, progress: _Progress, timeout: float, key: ApiKey) -> Failure:
    if isinstance(error, httpx.TimeoutException | TimeoutError):
        missing = "complete answer" if progress.sent else "connection"
        return Failure(f"no {missing} within {timeout:g} s", progress.sent)
    what = "the connection broke before the answer was complete" if progress.sent else "the server cannot be reached"
    return Failure(f"{what}: {plain_words(key.redact(str(error)))}", progress.sent)
