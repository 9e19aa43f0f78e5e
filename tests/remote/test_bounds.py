"""Nothing is unbounded: seconds and bytes of an exchange; and no network, proxies, connections that are kept."""

import asyncio
import gc
import gzip
import socket
import time
import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import TIMEOUT_MAX

import pytest

from segdsl.errors import ApiError, ConfigError
from segdsl.limits import MAX_REPLY_BYTES
from segdsl.remote.client import AsyncClient, Client
from segdsl.remote.endpoint import parse_base_url
from segdsl.remote.transport import proxy_for
from segdsl.wire import Segment

from .callers import KEY, AsyncCaller, SyncCaller
from .fault_server import Behaviour, Exchange, FaultServer
from .test_create_outcomes import answering

Caller = SyncCaller | AsyncCaller

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n"


def dripping_head(exchange: Exchange) -> None:
    exchange.drip(HEAD.replace(b"\r\n\r\n", b"\r\nX-Long: " + b"x" * 10_000), every=0.03)


def dripping_body(exchange: Exchange) -> None:
    exchange.send(HEAD)
    exchange.drip(b" " * 10_000, every=0.03)


def hurried_drip(exchange: Exchange) -> None:
    """So fast that no read ever waits; only a clock of the whole exchange ends it."""
    exchange.send(HEAD.replace(b"100000", b"100000000"))
    exchange.drip(b" " * 100_000, every=0.0001)


def silent(exchange: Exchange) -> None:
    exchange.stall()


@pytest.mark.parametrize("behaviour", [dripping_head, dripping_body, hurried_drip, silent])
def test_an_exchange_ends_at_its_deadline(behaviour: Behaviour, caller: Caller, server: FaultServer) -> None:
    server.script("get", behaviour)
    with pytest.raises(ApiError, match=r"no complete answer within 0\.4 s") as caught:
        caller.get(server.url, "a", timeout=0.4, max_retries=0)
    assert caught.value.status is None


@pytest.mark.parametrize("behaviour", [dripping_head, dripping_body])
def test_a_create_past_its_deadline_is_looked_up(
    behaviour: Behaviour, caller: Caller, server: FaultServer, segment: Segment
) -> None:
    def commit_and_drip(exchange: Exchange) -> None:
        exchange.commit()
        behaviour(exchange)

    server.script("create", commit_and_drip)
    assert caller.create(server.url, segment, timeout=0.4).adopted


def test_a_huge_answer_is_not_read_to_its_end(caller: Caller, server: FaultServer) -> None:
    sent = 0

    def endless(exchange: Exchange) -> None:
        nonlocal sent
        exchange.send(HEAD.replace(b"100000", b"1000000000"))
        while sent < 10 * MAX_REPLY_BYTES:
            exchange.send(b" " * 65_536)
            sent += 65_536

    server.script("get", endless)
    with pytest.raises(ApiError, match="larger than 8,388,608 bytes"):
        caller.get(server.url, "a", max_retries=0, timeout=5.0)
    assert sent < 3 * MAX_REPLY_BYTES


def test_an_answer_of_just_the_limit_is_read(caller: Caller, server: FaultServer) -> None:
    body = b'{"id": "a", "name": "A", "type": "custom"}'.ljust(MAX_REPLY_BYTES)
    server.script("get", answering(200, body))
    assert caller.get(server.url, "a", max_retries=0, timeout=5.0).name == "A"


def test_a_create_with_a_huge_answer_is_looked_up(caller: Caller, server: FaultServer, segment: Segment) -> None:
    def commit_and_say_too_much(exchange: Exchange) -> None:
        exchange.commit()
        exchange.answer(201, b" " * (MAX_REPLY_BYTES + 1))

    server.script("create", commit_and_say_too_much)
    assert caller.create(server.url, segment, timeout=5.0).adopted
    assert len(server.segments) == 1


def test_an_answer_that_grows_and_grows_is_not_unpacked(caller: Caller, server: FaultServer) -> None:
    bomb = gzip.compress(gzip.compress(bytes(256 * 1024 * 1024), 1), 9)
    server.script("get", answering(200, bomb, ("Content-Encoding", "gzip, gzip")))
    tracemalloc.start()
    try:
        with pytest.raises(ApiError, match="compressed"):
            caller.get(server.url, "a", max_retries=0, timeout=5.0)
        assert tracemalloc.get_traced_memory()[1] < 16 * 1024 * 1024
    finally:
        tracemalloc.stop()


def test_a_huge_head_is_not_read_to_its_end(caller: Caller, server: FaultServer) -> None:
    server.script("get", lambda exchange: exchange.send(b"HTTP/1.1 200 OK\r\nX: " + b"x" * 1_000_000))
    with pytest.raises(ApiError, match="connection broke before the answer was complete"):
        caller.get(server.url, "a", max_retries=0)


def test_nobody_listens(caller: Caller, segment: Segment) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(ApiError, match="cannot be reached") as caught:
        caller.create(f"http://127.0.0.1:{port}", segment, known_ids=())
    assert type(caught.value) is ApiError
    assert caught.value.status is None
    assert len(caller.waits) == 2


def test_a_name_that_does_not_exist(caller: Caller, segment: Segment) -> None:
    with pytest.raises(ApiError, match="cannot be reached") as caught:
        caller.create("https://segdsl.invalid", segment, known_ids=(), max_retries=0)
    assert caught.value.status is None


def test_a_server_that_comes_up_meanwhile(caller: Caller, segment: Segment) -> None:
    """Never sent, so it may be posted again without looking."""
    with FaultServer() as server:
        behind_nothing = server.url.replace("127.0.0.1", "[::1]")
        with pytest.raises(ApiError, match="cannot be reached"):
            caller.create(behind_nothing, segment, known_ids=())
        assert server.requests == []
    assert len(caller.waits) == 2


def test_the_server_speaks_no_tls(caller: Caller, server: FaultServer, segment: Segment) -> None:
    with pytest.raises(ApiError, match=r"no connection within 0\.3 s") as caught:
        caller.create(server.url.replace("http:", "https:"), segment, known_ids=(), timeout=0.3, max_retries=0)
    assert type(caught.value) is ApiError
    assert caught.value.status is None
    gc.collect()  # a socket that was left open would be an error now


def test_a_connection_is_kept(server: FaultServer) -> None:
    with SyncCaller().client(server.url) as client:
        list(client.list_segments())
        list(client.list_segments())
    assert len({id(exchange.connection) for exchange in server.requests}) == 1


def test_a_kept_connection_that_was_closed_is_replaced(server: FaultServer, segment: Segment) -> None:
    def answer_and_close(exchange: Exchange) -> None:
        exchange.answer(200, [])
        exchange.connection.shutdown(socket.SHUT_RDWR)
        exchange.drop()

    server.script("list", answer_and_close)
    with SyncCaller().client(server.url) as client:
        list(client.list_segments())
        time.sleep(0.05)  # until the news of the closing has arrived
        assert not client.create_segment(segment, known_ids=()).adopted


def test_a_create_goes_on_a_fresh_connection(caller: Caller, server: FaultServer, segment: Segment) -> None:
    """A server closes an idle connection just as the POST arrives there: nobody reads it, and nobody can know that."""

    def answer_and_close_at_the_next_request(exchange: Exchange) -> None:
        exchange.answer(200, [])
        exchange.connection.recv(1, socket.MSG_PEEK)
        exchange.reset()

    server.script("list", answer_and_close_at_the_next_request)
    assert not caller.create(server.url, segment).adopted
    assert [exchange.kind for exchange in server.requests] == ["list", "create"]
    assert server.requests[0].connection is not server.requests[1].connection


def test_threads_and_tasks_may_share_a_client(server: FaultServer) -> None:
    ids = [server.add(f"Segment {number}", {})["id"] for number in range(20)]
    with SyncCaller().client(server.url) as client, ThreadPoolExecutor(8) as pool:
        assert [detail.id for detail in pool.map(client.get_segment, ids)] == ids

    async def gather() -> list[str]:
        async with AsyncCaller().client(server.url) as client:
            return [detail.id for detail in await asyncio.gather(*map(client.get_segment, ids))]

    assert asyncio.run(gather()) == ids


def test_loopback_goes_past_the_proxies_of_the_environment(
    caller: Caller, server: FaultServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    with FaultServer() as proxy:
        for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.origin)
        assert caller.list(server.url) == []
        assert proxy.requests == []


def test_a_proxy_gets_a_tunnel_and_never_the_key(
    caller: Caller, segment: Segment, monkeypatch: pytest.MonkeyPatch
) -> None:
    with FaultServer() as proxy:
        proxy.script("get", answering(407))
        monkeypatch.setenv("HTTPS_PROXY", proxy.origin.removeprefix("http://"))
        with pytest.raises(ApiError, match="cannot be reached: 407") as caught:
            caller.create("https://segdsl.invalid/api", segment, known_ids=(), max_retries=0)
        asked = proxy.requests
    assert type(caught.value) is ApiError
    assert [(exchange.method, exchange.target) for exchange in asked] == [("CONNECT", "segdsl.invalid:443")]
    assert KEY not in asked[0].head.decode()


def test_which_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALL_PROXY", "http://all:1")
    assert proxy_for(parse_base_url("https://api.example")) == "http://all:1"
    monkeypatch.setenv("HTTPS_PROXY", "secure:2")
    assert proxy_for(parse_base_url("https://api.example")) == "http://secure:2"
    assert proxy_for(parse_base_url("https://localhost")) is None
    monkeypatch.setenv("NO_PROXY", ".example")
    assert proxy_for(parse_base_url("https://api.example")) is None


@pytest.mark.parametrize(
    "proxy",
    [
        "socks5://me:secret@host:1",
        "gopher://me:secret@host",
        "http://me:secret@",
        "http://",
        "http://me:secret@a..b:1",
        "http://me:secret@xn--:1",
    ],
)
@pytest.mark.parametrize("kind", [Client, AsyncClient])
def test_a_proxy_that_cannot_be_used(
    kind: type[Client | AsyncClient], proxy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", proxy)
    with pytest.raises(ConfigError, match="proxy") as caught:
        kind(KEY, "https://api.example")
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    "settings",
    [
        {"timeout": 0},
        {"timeout": float("nan")},
        {"timeout": float("inf")},
        {"timeout": 1e10},
        {"max_retries": -1},
        {"retry_budget": -1},
        {"retry_budget": 1e10},
    ],
)
def test_invalid_bounds(settings: dict[str, float]) -> None:
    with pytest.raises(ConfigError, match="must be positive"):
        Client(KEY, "http://127.0.0.1", **settings)  # type: ignore[arg-type]  # each has a type of its own


@pytest.mark.parametrize("host", ["a..b", ".com", "x" * 64 + ".example", "999.999.999.999", "xn--", "xn--a.invalid"])
@pytest.mark.parametrize("kind", [Client, AsyncClient])
def test_a_host_that_cannot_be_one(kind: type[Client | AsyncClient], host: str) -> None:
    with pytest.raises(ConfigError, match="the host of the base URL"):
        kind(KEY, f"https://{host}/api")


@pytest.mark.parametrize("content", [None, "no certificate"])
@pytest.mark.parametrize("kind", [Client, AsyncClient])
def test_certificates_that_cannot_be_read(
    kind: type[Client | AsyncClient], content: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "certificates.pem"
    if content is not None:
        path.write_text(content)
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    with pytest.raises(ConfigError, match=r"SSL_CERT_FILE names, .*certificates\.pem, cannot be read: .+") as caught:
        kind(KEY, "https://api.example")
    assert str(caught.value).endswith(": No such file or directory") is (content is None)
    assert not str(caught.value).endswith(": None")
    kind(KEY, "http://127.0.0.1:1/api")  # without TLS, no certificates are needed


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("kind", [Client, AsyncClient])
def test_a_proxy_speaks_http_or_https(
    kind: type[Client | AsyncClient], scheme: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", f"{scheme}://proxy.example:8080")
    kind(KEY, "https://api.example")


@pytest.mark.parametrize("client", [Client, AsyncClient])
@pytest.mark.parametrize(
    "settings",
    [
        {"timeout": 0.001},
        {"timeout": TIMEOUT_MAX},
        {"max_retries": 0},
        {"retry_budget": 0},
        {"retry_budget": 0.5},
        {"retry_budget": TIMEOUT_MAX},
    ],
)
def test_bounds_at_their_bounds(client: type[Client | AsyncClient], settings: dict[str, float]) -> None:
    client(KEY, "http://127.0.0.1:1/v1", **settings)  # type: ignore[arg-type]
