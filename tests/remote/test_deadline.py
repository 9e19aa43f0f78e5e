"""Every wait of a stream ends at its own time-out or at the deadline, whichever comes first."""

import ssl
from collections.abc import Callable
from typing import Any

import httpcore
import pytest

from segdsl.remote.deadline import DeadlineBackend, exchange_within


class Network(httpcore.NetworkBackend, httpcore.NetworkStream):
    """A network and its stream in one that note the time-outs they are given."""

    def __init__(self) -> None:
        self.timeouts: list[float | None] = []
        self.connected: list[Any] = []

    def connect_tcp(self, host: str, port: int, timeout: float | None = None, *rest: Any) -> httpcore.NetworkStream:
        self.timeouts.append(timeout)
        self.connected = [host, port, *rest]
        return self

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        self.timeouts.append(timeout)
        return self

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        self.timeouts.append(timeout)
        return b""

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self.timeouts.append(timeout)


CALLS: dict[str, tuple[Callable[[httpcore.NetworkStream, float], Any], type[Exception]]] = {
    "read": (lambda stream, timeout: stream.read(1, timeout), httpcore.ReadTimeout),
    "write": (lambda stream, timeout: stream.write(b"x", timeout), httpcore.WriteTimeout),
    "start_tls": (
        lambda stream, timeout: stream.start_tls(ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT), "host", timeout),
        httpcore.ConnectTimeout,
    ),
}


@pytest.mark.parametrize("name", CALLS)
def test_the_shorter_time_counts(name: str) -> None:
    call, expired = CALLS[name]
    network = Network()
    with exchange_within(60):
        stream = DeadlineBackend(network).connect_tcp("host", 1, 5)
        call(stream, 7)
        call(stream, 1_000)
    first, second, third = network.timeouts
    assert (first, second) == (5, 7)
    assert third is not None
    assert third <= 60
    with exchange_within(0), pytest.raises(expired, match="whole exchange is over"):
        call(stream, 7)


def test_a_connection_is_made_as_it_was_asked_for() -> None:
    network = Network()
    with exchange_within(60):
        DeadlineBackend(network).connect_tcp("host", 1, None, "127.0.0.2", [(1, 2, 3)])
    assert network.connected == ["host", 1, "127.0.0.2", [(1, 2, 3)]]
    (timeout,) = network.timeouts
    assert timeout is not None
    assert 59 < timeout <= 60


def test_no_connection_is_begun_when_the_time_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.monotonic", lambda: 1000.0)  # it is over to the instant
    network = Network()
    with exchange_within(0), pytest.raises(httpcore.ConnectTimeout, match="whole exchange is over"):
        DeadlineBackend(network).connect_tcp("host", 1, 5)
    assert network.connected == []
