"""Rate limits are shared by all readers of a client: all wait, fewer go on, and only the budget ends it."""

import asyncio
import json
import threading
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segdsl.errors import RateLimitError
from segdsl.limits import READ_RETRIES, RETRY_BUDGET
from segdsl.planning.account import Account, read_account
from segdsl.remote.client import AsyncClient
from segdsl.remote.exchange import Answer, Failure, Reply, Request
from segdsl.remote.pace import Pace

from . import virtual_time
from .callers import KEY, SyncCaller
from .fault_server import FaultServer


class LimitedServer:
    """Answers after `latency` seconds; more than `limit` requests in one window of `window` seconds are refused.

    Its clock is the event loop's, which is virtual. `hint` is the wait that a refusal asks for.
    """

    def __init__(
        self, segments: int, limit: int, window: float = 1.0, latency: float = 0.005, hint: float | None = 1.0
    ) -> None:
        self.items = [{"id": f"s{number}", "name": f"S{number}", "type": "custom"} for number in range(segments)]
        self.limit, self.window, self.latency, self.hint = limit, window, latency, hint
        self.served, self.refused = 0, 0
        self._window, self._count = -1, 0

    async def perform(self, request: Request) -> Answer:
        await asyncio.sleep(self.latency)
        window = int(asyncio.get_running_loop().time() // self.window)
        self._window, self._count = window, self._count + 1 if window == self._window else 1
        if self._count > self.limit:
            self.refused += 1
            return Reply(429, {} if self.hint is None else {"retry-after": f"{self.hint:g}"}, b"")
        self.served += 1
        path = request.target.partition("?")[0]
        if path.endswith("/segments"):
            return Reply(200, {"link": '<?page=1>; rel="last"'}, json.dumps(self.items).encode())
        found = next(item for item in self.items if path.endswith(f"/{item['id']}"))
        return Reply(200, {}, json.dumps(found).encode())

    def read_all(self) -> Account:
        async def read() -> Account:
            async with AsyncClient(KEY, "http://127.0.0.1:1", max_retries=READ_RETRIES) as client:
                client._pacer._send = self.perform
                return await read_account(client, lambda listed: [summary.id for summary in listed])

        return virtual_time.run(read())


@pytest.mark.parametrize(
    ("segments", "limit", "window"), [(200, 20, 1.0), (100, 10, 1.0), (12, 2, 1.0), (30, 5, 1.0), (90, 30, 60.0)]
)
def test_all_segments_are_read_at_the_rate_of_the_server(segments: int, limit: int, window: float) -> None:
    server = LimitedServer(segments, limit, window, hint=window)
    assert len(server.read_all().details) == segments
    assert server.served == segments + 1


@given(
    segments=st.integers(0, 60),
    limit=st.integers(1, 20),
    latency=st.sampled_from([0.0, 0.001, 0.03, 0.3]),
    hint=st.sampled_from([0.1, 0.5, 1.0, 2.0, None]),
)
def test_any_rate_is_kept_to(segments: int, limit: int, latency: float, hint: float | None) -> None:
    server = LimitedServer(segments, limit, latency=latency, hint=hint)
    assert len(server.read_all().details) == segments
    assert server.served == segments + 1


def test_few_requests_are_refused() -> None:
    """Sixteen readers that come back together after each wait would be refused 14 times in each of six seconds."""
    server = LimitedServer(12, 2)
    server.read_all()
    assert server.refused <= 24


def test_the_budget_ends_it_for_all_readers_at_once() -> None:
    server = LimitedServer(40, 0)

    async def list_first(request: Request, perform: Callable[[Request], Awaitable[Answer]] = server.perform) -> Answer:
        if "?" in request.target:
            return Reply(200, {}, json.dumps(server.items).encode())
        return await perform(request)

    server.perform = list_first  # type: ignore[method-assign]  # only its listing is served

    async def read() -> float:
        async with AsyncClient(KEY, "http://127.0.0.1:1", max_retries=READ_RETRIES) as client:
            client._pacer._send = server.perform
            with pytest.raises(RateLimitError, match="retry budget of 120 s"):
                await read_account(client, lambda listed: [summary.id for summary in listed])
            return asyncio.get_running_loop().time()

    assert RETRY_BUDGET <= virtual_time.run(read()) <= 2 * RETRY_BUDGET


# ── the bookkeeping ────────────────────────────────────────────────────────────────────────────────────────────────

OK, LIMITED = Reply(200, {}, b""), Reply(429, {}, b"")


def test_at_first_nothing_is_limited() -> None:
    pace = Pace()
    assert all(pace.try_start() for _ in range(1_000))


def test_half_of_those_that_ran_go_on_and_one_more_with_each_round() -> None:
    pace = Pace()
    assert all(pace.try_start() for _ in range(16))
    pace.finish(LIMITED)
    pace.hold()
    assert not pace.try_start()
    for _ in range(15):
        pace.finish(LIMITED)
        pace.hold()
    for _ in range(16):
        assert not pace.try_start()
        pace.release()
    assert [pace.try_start() for _ in range(10)] == [True] * 8 + [False] * 2
    for _ in range(8):
        pace.finish(OK)
    assert [pace.try_start() for _ in range(10)] == [True] * 8 + [False] * 2
    pace.finish(OK)
    assert [pace.try_start() for _ in range(3)] == [True, True, False]


@pytest.mark.parametrize("answer", [LIMITED, None])
def test_a_request_that_was_refused_or_interrupted_raises_no_limit(answer: Answer | None) -> None:
    pace = Pace()
    pace.hold()
    pace.release()
    for _ in range(9):
        assert pace.try_start()
        assert not pace.try_start()
        pace.finish(answer)


def test_a_broken_connection_gives_its_place_free() -> None:
    pace = Pace()
    pace.hold()
    pace.release()
    assert pace.try_start()
    pace.finish(Failure("lost", sent=True))
    assert pace.try_start()


# ── threads, and real sockets ──────────────────────────────────────────────────────────────────────────────────────


def test_threads_wait_for_each_others_rate_limit(server: FaultServer) -> None:
    ids = [server.add(f"Segment {number}", {})["id"] for number in range(4)]
    requests_at_the_end_of_the_wait: list[int] = []

    def sleep(_: float) -> None:
        for other in others:
            other.start()
        while len(client._pacer._changed._waiters) < len(others):  # type: ignore[attr-defined]
            threading.Event().wait(0.001)
        requests_at_the_end_of_the_wait.append(len(server.requests))

    server.script("get", lambda exchange: exchange.answer(429, b"", [("Retry-After", "1")]))
    with SyncCaller().client(server.url, sleep=sleep) as client:
        others = [threading.Thread(target=client.get_segment, args=(one,)) for one in ids[1:]]
        assert client.get_segment(ids[0]).id == ids[0]
        for other in others:
            other.join()
    assert requests_at_the_end_of_the_wait == [1]
    assert len(server.requests) == 5


def test_many_threads_pass_a_rate_limit(server: FaultServer) -> None:
    ids = [server.add(f"Segment {number}", {})["id"] for number in range(40)]
    client = SyncCaller().client(server.url, sleep=threading.Event().wait)
    with server.limiting(5, 0.05), client, ThreadPoolExecutor(16) as pool:
        assert [detail.id for detail in pool.map(client.get_segment, ids)] == ids
