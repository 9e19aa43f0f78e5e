"""Ctrl-C and cancellation pass at once, and say that the segment may have been created."""

import asyncio
import signal
import threading
import traceback

import pytest

from segdsl.wire import Segment

from .callers import KEY, AsyncCaller, SyncCaller
from .fault_server import Exchange, FaultServer

NOTE = "The segment `High intent` may have been created; look at the list before you create it again."


def test_ctrl_c_between_send_and_answer(server: FaultServer, segment: Segment) -> None:
    def press_ctrl_c(exchange: Exchange) -> None:
        exchange.commit()
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
        exchange.stall()

    server.script("create", press_ctrl_c)
    with pytest.raises(KeyboardInterrupt) as caught:
        SyncCaller().create(server.url, segment)
    assert caught.value.__notes__ == [NOTE]
    _assert_clean(caught.value)
    assert [exchange.kind for exchange in server.requests] == ["list", "create"]


def test_cancellation_between_send_and_answer(server: FaultServer, segment: Segment) -> None:
    async def call() -> None:
        loop, caller = asyncio.get_running_loop(), AsyncCaller()
        arrived = asyncio.Event()

        def say_so(exchange: Exchange) -> None:
            exchange.commit()
            loop.call_soon_threadsafe(arrived.set)
            exchange.stall()

        server.script("create", say_so)
        async with caller.client(server.url) as client:
            task = asyncio.create_task(client.create_segment(segment))
            await arrived.wait()
            task.cancel()
            with pytest.raises(asyncio.CancelledError) as caught:
                await task
            assert caught.value.__notes__ == [NOTE]
            _assert_clean(caught.value)
            assert await client.create_segment(segment)

    asyncio.run(call())


def test_ctrl_c_while_looking_for_it(server: FaultServer, segment: Segment) -> None:
    def press_ctrl_c(seconds: float) -> None:
        raise KeyboardInterrupt

    server.script("create", lambda exchange: exchange.drop())
    with pytest.raises(KeyboardInterrupt) as caught:
        SyncCaller().create(server.url, segment, sleep=press_ctrl_c)
    assert caught.value.__notes__ == [NOTE]


def test_ctrl_c_while_nothing_is_ambiguous(server: FaultServer, segment: Segment) -> None:
    def press_ctrl_c(seconds: float) -> None:
        raise KeyboardInterrupt

    server.script("create", lambda exchange: exchange.answer(429))
    with pytest.raises(KeyboardInterrupt) as caught:
        SyncCaller().create(server.url, segment, sleep=press_ctrl_c)
    assert not hasattr(caught.value, "__notes__")


def test_an_own_deadline_around_it(server: FaultServer, segment: Segment) -> None:
    """`asyncio.timeout` of the caller's cancels, and must not be taken for the client's own."""
    server.script("create", lambda exchange: exchange.stall())

    async def call() -> None:
        async with AsyncCaller().client(server.url) as client, asyncio.timeout(0.3):
            await client.create_segment(segment)

    with pytest.raises(TimeoutError) as caught:
        asyncio.run(call())
    assert caught.value.__cause__ is not None
    assert caught.value.__cause__.__notes__ == [NOTE]


def _assert_clean(interruption: BaseException) -> None:
    """No frame of the HTTP libraries is left in the traceback, where a request with its headers would be seen."""
    frames = traceback.extract_tb(interruption.__traceback__)
    assert not [frame for frame in frames if "/httpx/" in frame.filename or "/httpcore/" in frame.filename]
    assert interruption.__context__ is None
    shown = traceback.TracebackException.from_exception(interruption, capture_locals=True).format()
    assert KEY not in "".join(shown)
