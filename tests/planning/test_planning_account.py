"""Reading an account: bounded concurrency, what is gone, the first failure."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable

import pytest

from segdsl.errors import ApiError, RateLimitError
from segdsl.limits import MAX_READERS
from segdsl.planning.account import Account, read_account
from segdsl.remote.models import SegmentDetail, SegmentSummary


class Server:
    """Lists `number` segments; `answer` makes or refuses each one in full, some turns of the event loop later."""

    def __init__(self, number: int, answer: Callable[[str], SegmentDetail]) -> None:
        self.ids = [str(index) for index in range(number)]
        self.answer = answer
        self.asked: list[str] = []
        self.under_way = self.most_under_way = self.cancelled = 0

    async def list_segments(self) -> AsyncIterator[SegmentSummary]:
        for id_ in self.ids:
            yield SegmentSummary(id=id_, name=id_, type="custom")

    async def get_segment(self, id: str) -> SegmentDetail:  # noqa: A002  as in the client
        self.asked.append(id)
        self.under_way += 1
        self.most_under_way = max(self.most_under_way, self.under_way)
        try:
            for _ in range(3):
                await asyncio.sleep(0)
            return self.answer(id)
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        finally:
            self.under_way -= 1


def detail(id_: str) -> SegmentDetail:
    return SegmentDetail(id=id_, name=id_, type="custom")


def all_ids(listed: Iterable[SegmentSummary]) -> list[str]:
    return [summary.id for summary in listed]


def read(server: Server, wanted: Callable[[Iterable[SegmentSummary]], Iterable[str]] = all_ids) -> Account:
    return asyncio.run(read_account(server, wanted))


@pytest.mark.parametrize("number", [0, 1, MAX_READERS, 100])
def test_as_many_at_once_as_the_limit_says(number: int) -> None:
    server = Server(number, detail)
    account = read(server)
    assert [summary.id for summary in account.listed] == server.ids
    assert account.details == {id_: detail(id_) for id_ in server.ids}
    assert server.most_under_way == min(number, MAX_READERS)


def test_each_wanted_one_is_asked_for_once() -> None:
    server = Server(5, detail)
    account = read(server, lambda _: ["3", "1", "3"])
    assert server.asked == ["3", "1"]
    assert set(account.details) == {"1", "3"}


def test_one_that_is_gone_is_left_out() -> None:
    def answer(id_: str) -> SegmentDetail:
        if id_ == "2":
            raise ApiError("no such segment", status=404)
        return detail(id_)

    account = read(Server(4, answer))
    assert set(account.details) == {"0", "1", "3"}
    assert len(account.listed) == 4


def test_the_first_failure_ends_it_and_comes_out_as_itself() -> None:
    def answer(id_: str) -> SegmentDetail:
        if id_ == "0":
            raise RateLimitError("too many", status=429)
        return detail(id_)

    server = Server(100, answer)
    with pytest.raises(RateLimitError, match="too many") as caught:
        read(server)
    assert caught.value.__cause__ is None
    assert len(server.asked) < 2 * MAX_READERS
    assert server.under_way == 0
