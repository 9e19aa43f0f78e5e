"""Reading an account: bounded concurrency, deleted and unreadable segments, lists that move, and what ends it."""

import asyncio
from collections.abc import Callable, Iterable, Iterator

import pytest

import segdsl
from segdsl.errors import ApiError, AuthenticationError, RateLimitError
from segdsl.limits import MAX_LISTINGS, MAX_READERS
from segdsl.planning.account import Account, read_account, read_plan
from segdsl.planning.plan import Plan, Unchanged, Unreadable
from segdsl.remote.local_files import Remembered, filters_hash
from segdsl.remote.models import SegmentDetail, SegmentList, SegmentSummary

from .planned import segments


class Server:
    """Lists `ids`, in `pages` pages; `answer` makes or refuses each segment in full, some turns of the loop later."""

    def __init__(self, ids: Iterable[str], answer: Callable[[str], SegmentDetail], pages: int = 1) -> None:
        self.ids = list(ids)
        self.answer = answer
        self.pages = pages
        self.asked: list[str] = []
        self.listings = 0
        self.after_listing: Callable[[], None] = lambda: None
        self.under_way = self.most_under_way = 0

    async def read_list(self) -> SegmentList:
        self.listings += 1
        listed = tuple(SegmentSummary(id=id_, name=id_, type="custom") for id_ in self.ids)
        self.after_listing()
        return SegmentList(listed, self.pages)

    async def get_segment(self, id: str) -> SegmentDetail:  # noqa: A002  as in the client
        self.asked.append(id)
        self.under_way += 1
        self.most_under_way = max(self.most_under_way, self.under_way)
        try:
            for _ in range(3):
                await asyncio.sleep(0)
            return self.answer(id)
        finally:
            self.under_way -= 1


def detail(id_: str) -> SegmentDetail:
    return SegmentDetail(id=id_, name=id_, type="custom", filters=segdsl.compile("rating > 1").to_dict())


def failing(errors: dict[str, ApiError]) -> Callable[[str], SegmentDetail]:
    """Answers that are errors for some ids."""

    def answer(id_: str) -> SegmentDetail:
        if id_ in errors:
            raise errors[id_]
        return detail(id_)

    return answer


def all_ids(listed: Iterable[SegmentSummary]) -> list[str]:
    return [summary.id for summary in listed]


def read(server: Server, wanted: Callable[[Iterable[SegmentSummary]], Iterable[str]] = all_ids) -> Account:
    return asyncio.run(read_account(server, wanted))


def numbers(count: int) -> list[str]:
    return [str(number) for number in range(count)]


@pytest.mark.parametrize("number", [0, 1, MAX_READERS, 100])
def test_as_many_at_once_as_the_limit_says(number: int) -> None:
    server = Server(numbers(number), detail)
    account = read(server)
    assert [summary.id for summary in account.listing.segments] == server.ids
    assert account.details == {id_: detail(id_) for id_ in server.ids}
    assert server.most_under_way == min(number, MAX_READERS)
    assert server.listings == 1


def test_each_wanted_one_is_asked_for_once() -> None:
    server = Server(numbers(5), detail)
    account = read(server, lambda _: ["3", "1", "3"])
    assert server.asked == ["3", "1"]
    assert set(account.details) == {"1", "3"}


def test_a_segment_that_was_deleted_since_the_listing_is_left_out() -> None:
    server = Server(numbers(4), failing({"2": ApiError("no such segment", status=404)}))
    server.after_listing = lambda: server.ids.remove("2") if "2" in server.ids else None
    account = read(server)
    assert set(account.details) == {"0", "1", "3"}
    assert all_ids(account.listing.segments) == ["0", "1", "3"]
    assert account.unreadable == {}
    assert sorted(server.asked) == numbers(4)  # each once


def test_a_segment_that_is_still_listed_and_not_found_is_unreadable() -> None:
    server = Server(numbers(4), failing({"2": ApiError("no such segment", status=404)}))
    account = read(server)
    assert set(account.details) == {"0", "1", "3"}
    assert all_ids(account.listing.segments) == numbers(4)
    assert account.unreadable == {"2": "no such segment"}
    assert server.asked.count("2") == server.listings == 2


def test_a_segment_that_is_found_the_second_time_is_read() -> None:
    errors = {"2": ApiError("no such segment", status=404)}
    server = Server(numbers(4), failing(errors))
    server.after_listing = lambda: errors.clear() if server.listings == 2 else None
    account = read(server)
    assert (set(account.details), account.unreadable) == (set(numbers(4)), {})


@pytest.mark.parametrize("status", [500, 502, 403, 302, 200, None])
def test_an_error_of_one_segment_does_not_end_it(status: int | None) -> None:
    account = read(Server(numbers(100), failing({"7": ApiError("broken", status=status)})))
    assert len(account.details) == 99
    assert account.unreadable == {"7": "broken"}


@pytest.mark.parametrize("error", [RateLimitError("too many", status=429), AuthenticationError("who?", status=401)])
def test_an_error_of_all_segments_ends_it_and_is_raised_as_it_is(error: ApiError) -> None:
    server = Server(numbers(100), failing({"0": error}))
    with pytest.raises(type(error), match=str(error)) as caught:
        read(server)
    assert caught.value.__cause__ is None
    assert len(server.asked) < 2 * MAX_READERS
    assert server.under_way == 0


def test_as_many_failures_in_a_row_as_there_are_readers_are_the_servers() -> None:
    ids = numbers(100)
    server = Server(ids, failing({id_: ApiError("down", status=503) for id_ in ids[40:]}))
    with pytest.raises(ApiError, match="down"):
        read(server)
    assert len(server.asked) < 40 + 3 * MAX_READERS
    scattered = failing({id_: ApiError("down", status=503) for id_ in ids[::2]})
    assert len(read(Server(ids, scattered)).unreadable) == 50


# ── a plan ─────────────────────────────────────────────────────────────────────────────────────────────────────────

WANTED = segments(("5", "rating > 1"), ("new", "rating > 2"))


def plan(server: Server) -> Plan:
    return asyncio.run(read_plan(server, WANTED))[0]


def test_a_list_of_one_page_is_read_once() -> None:
    server = Server(numbers(9), detail)
    assert [create.name for create in plan(server).create] == ["new"]
    assert server.listings == 1


def test_a_list_of_several_pages_is_read_again_if_something_is_to_be_created() -> None:
    server = Server(numbers(9), detail, pages=2)
    assert [create.name for create in plan(server).create] == ["new"]
    assert (server.listings, server.asked) == (2, ["5"])
    both = {"5": detail("5"), "new": detail("new")}
    both["new"] = SegmentDetail(id="new", name="new", type="custom", filters=segdsl.compile("rating > 2").to_dict())
    nothing = Server([*numbers(9), "new"], both.__getitem__, pages=2)
    assert plan(nothing).is_empty
    assert nothing.listings == 1


def test_a_segment_that_was_hidden_in_the_first_listing_is_not_created() -> None:
    server = Server(numbers(5), detail, pages=2)
    server.after_listing = lambda: server.ids.append("5") if "5" not in server.ids else None
    found = plan(server)
    assert found.unchanged == (Unchanged("5", "5"),)
    assert [create.name for create in found.create] == ["new"]
    assert server.listings == 3


def moving(server: Server, times: int) -> Iterator[None]:
    for number in range(times):
        server.ids.append(f"another {number}")
        yield
    while True:
        yield


@pytest.mark.parametrize("times", range(MAX_LISTINGS + 1))
def test_a_list_is_read_until_two_agree_or_nothing_is_created(times: int) -> None:
    server = Server(numbers(9), detail, pages=2)
    moves = moving(server, times)
    server.after_listing = lambda: next(moves)
    if times < MAX_LISTINGS - 1:
        assert [create.name for create in plan(server).create] == ["new"]
        assert server.listings == times + 2
    else:
        with pytest.raises(ApiError, match="changed each of the 4 times it was read"):
            plan(server)
        assert server.listings == MAX_LISTINGS
    assert server.asked == ["5"]


def test_a_name_that_cannot_be_compared_is_reported_and_not_created() -> None:
    server = Server(["new", *numbers(9)], failing({"new": ApiError("broken", status=500)}))
    found = plan(server)
    assert (found.create, found.unchanged) == ((), (Unchanged("5", "5"),))
    assert found.unreadable == (Unreadable("new", ("new",), "broken"),)
    assert not found.is_empty


# ── segments that the server does not list yet ─────────────────────────────────────────────────────────────────────


def remembered(id_: str, name: str, where: str = "rating > 2") -> Remembered:
    return Remembered(id_, name, 0.0, filters_hash(segdsl.compile(where)))


def unlisted(id_: str, where: str = "rating > 2") -> SegmentDetail:
    return SegmentDetail(id=id_, name="new", type="custom", filters=segdsl.compile(where).to_dict())


def plan_with(server: Server, *entries: Remembered) -> tuple[Plan, frozenset[str]]:
    return asyncio.run(read_plan(server, WANTED, entries))


def test_a_remembered_segment_that_is_not_listed_is_not_created_again() -> None:
    server = Server(numbers(9), lambda id_: unlisted(id_) if id_ == "x" else detail(id_))
    found, forgettable = plan_with(server, remembered("x", "new"))
    assert found.unchanged == (Unchanged("5", "5"), Unchanged("new", "x", note="not listed yet"))
    assert (found.create, forgettable) == ((), frozenset())
    assert found.known_ids == {*numbers(9), "x"}


def test_a_remembered_segment_that_is_listed_is_forgotten() -> None:
    server = Server(["x", *numbers(9)], lambda id_: unlisted(id_) if id_ == "x" else detail(id_))
    found, forgettable = plan_with(server, remembered("x", "new"), remembered("5", "another name"))
    assert [create.name for create in found.create] == ["new"]
    assert forgettable == {"x", "5"}


def test_a_remembered_segment_that_does_not_exist_is_forgotten_and_created_again() -> None:
    server = Server(numbers(9), failing({"x": ApiError("no such segment", status=404)}))
    found, forgettable = plan_with(server, remembered("x", "new"))
    assert [create.name for create in found.create] == ["new"]
    assert (forgettable, found.known_ids) == (frozenset({"x"}), frozenset(numbers(9)))
    assert server.listings == 1


def test_a_remembered_segment_without_a_name_of_the_config_is_left_alone() -> None:
    server = Server(numbers(9), detail)
    _, forgettable = plan_with(server, remembered("x", "somebody else"))
    assert (forgettable, server.asked) == (frozenset(), ["5"])


def test_a_remembered_segment_differs_if_the_config_has_changed() -> None:
    server = Server(numbers(9), lambda id_: unlisted(id_, "rating > 7") if id_ == "x" else detail(id_))
    found, _ = plan_with(server, remembered("x", "new", "rating > 7"))
    assert [(differs.name, differs.ids) for differs in found.differs] == [("new", ("x",))]
    assert found.create == ()


def test_a_remembered_segment_that_cannot_be_read_is_trusted_if_its_filters_are_those_of_the_config() -> None:
    server = Server(numbers(9), failing({"x": ApiError("broken", status=500)}))
    found, _ = plan_with(server, remembered("x", "new"))
    assert found.unchanged[1:] == (Unchanged("new", "x", note="not listed yet"),)
    found, _ = plan_with(server, remembered("x", "new", "rating > 7"))
    assert found.unreadable == (Unreadable("new", ("x",), "broken"),)
    assert found.create == ()


def test_progress_is_counted() -> None:
    seen: list[tuple[int, int]] = []
    server = Server(numbers(3), failing({"1": ApiError("broken", status=500)}))
    asyncio.run(read_account(server, all_ids, lambda done, total: seen.append((done, total))))
    assert seen == [(1, 3), (2, 3)]


def test_an_answer_about_another_segment_is_no_answer() -> None:
    """As a cache may give it that looks at a part of the address only."""
    server = Server(["a", "b"], lambda id_: detail("a"))
    account = read(server)
    assert list(account.details) == ["a"]
    assert account.unreadable == {"b": "the server answered with another segment, `a`"}


def test_the_id_of_another_segment_is_quoted_in_bounds() -> None:
    account = read(Server(["a"], lambda id_: detail("x" * 101)))
    assert account.unreadable == {"a": f"the server answered with another segment, `{'x' * 100}…`"}
