"""Reading segments: a GET with retries, the pages of the listing, one segment. Sans-IO."""

import re
from urllib.parse import quote

from segdsl.errors import ApiError, RateLimitError
from segdsl.limits import MAX_LISTINGS, MAX_PAGES
from segdsl.remote.endpoint import Endpoint
from segdsl.remote.exchange import TOO_MANY_REQUESTS, Answer, Reply, Request, Steps, Wait
from segdsl.remote.models import SegmentDetail, SegmentList, SegmentSummary, is_id, model_of, models_of
from segdsl.remote.replies import UnusableReplyError, error_of, json_of, plain_words, unusable
from segdsl.remote.retry import Repetitions, RetryState, asked_wait

PAGE_SIZE = 100
"""The largest page that the API gives."""

_NO_SUCH_PAGE = frozenset({400, 404, 416, 422})
_TRANSIENT_REFUSALS = frozenset({408, 425, TOO_MANY_REQUESTS})


class PageWalk:
    """Reads a listing page by page; each segment appears once, even if the list grows meanwhile.

    It follows `Link: rel="next"` on the same origin only. It ends with an `ApiError` if the link leads to another
    origin, in a circle, or past `limits.MAX_PAGES` pages. If a full page has no usable `Link` header, because a proxy
    removed it for example, the next page is requested by its number.
    """

    def __init__(self, endpoint: Endpoint, state: RetryState) -> None:
        self._endpoint = endpoint
        self._state = state
        self._next: str | None = self._numbered(1)
        self._is_guess = False
        self._visited: set[str] = set()
        self._seen: set[str] = set()

    @property
    def has_more(self) -> bool:
        return self._next is not None

    @property
    def pages(self) -> int:
        """The number of pages that were read."""
        return len(self._visited)

    def next_page(self) -> Steps[list[SegmentSummary]]:
        """Reads one page and returns its segments, without those of earlier pages. Call it only while `has_more`."""
        target = self._next or ""
        self._visited.add(target)
        request = Request("GET", target)
        try:
            reply = yield from fetch(request, self._state)
        except ApiError as error:
            if not (self._is_guess and error.status in _NO_SUCH_PAGE):
                raise
            self._next = None
            return []
        segments = _summaries(request, reply)
        fresh = {segment.id: segment for segment in segments if segment.id not in self._seen}
        ended = self._is_guess and not fresh
        self._next = None if ended else self._following(request, reply, len(segments))
        self._seen.update(fresh)
        return list(fresh.values())

    def _numbered(self, page: int) -> str:
        return self._endpoint.target(f"/segments?page={page}&pageSize={PAGE_SIZE}")

    def _following(self, request: Request, reply: Reply, count: int) -> str | None:
        header = reply.headers.get("link", "")
        link = next_link(header)
        self._is_guess = link is None
        if link is None:
            if _is_last_page(header, count):
                return None
            target: str | None = self._numbered(self.pages + 1)
        else:
            target = self._endpoint.same_origin_target(link, request.target)
        if target is None:
            raise unusable(
                request, reply, f"its next page is not on {self._endpoint.origin}; the key is not sent there"
            )
        if target in self._visited:
            raise unusable(request, reply, "its next page was read before")
        if self.pages >= MAX_PAGES:
            raise unusable(request, reply, f"the list does not end after {MAX_PAGES} pages")
        return target


def read_list(endpoint: Endpoint, state: RetryState) -> Steps[SegmentList]:
    """All segments of the listing, in its order."""
    walk = PageWalk(endpoint, state)
    segments: list[SegmentSummary] = []
    while walk.has_more:
        segments += yield from walk.next_page()
    return SegmentList(tuple(segments), walk.pages)


def read_whole_list(endpoint: Endpoint, state: RetryState) -> Steps[SegmentList]:
    """All segments, and none is missing: a list of several pages is read until two readings agree.

    A segment that is deleted or moved while the pages are read can hide another one. Raises `ApiError` if no two of
    `limits.MAX_LISTINGS` readings agree.
    """
    before: SegmentList | None = None
    for _ in range(MAX_LISTINGS):
        listed = yield from read_list(endpoint, state)
        if listed.pages == 1 or (before is not None and listed.agrees_with(before)):
            return listed
        before = listed
    raise unstable_list()


def unstable_list() -> ApiError:
    """The error for a list that changes each time it is read."""
    return ApiError(
        f"the list of segments changed each of the {MAX_LISTINGS} times it was read; a segment may be missing in it, "
        "so nothing is created"
    )


def read_segment(endpoint: Endpoint, state: RetryState, segment_id: str) -> Steps[SegmentDetail]:
    """One segment by its id or preset id. Raises `ValueError` for an id that no path can hold."""
    if not isinstance(segment_id, str):
        raise TypeError(f"a segment's id is a str, not {type(segment_id).__name__}")
    if not is_id(segment_id):
        raise ValueError(f"`{plain_words(segment_id, 100)}` cannot be a segment's id")
    request = Request("GET", endpoint.target(f"/segments/{quote(segment_id, safe='')}"))
    reply = yield from fetch(request, state)
    try:
        return model_of(SegmentDetail, json_of(reply))
    except UnusableReplyError as problem:
        raise unusable(request, reply, str(problem)) from None


def fetch(request: Request, state: RetryState) -> Steps[Reply]:
    """The 200 answer to a GET. Repeats it after no answer, 408, 425, 429 and 5xx. Raises `ApiError`."""
    repetitions = Repetitions(state)
    while True:
        answer: Answer = yield request
        if isinstance(answer, Reply) and answer.status == 200:
            return answer
        error = error_of(request, answer)
        if isinstance(answer, Reply) and answer.status not in _TRANSIENT_REFUSALS and answer.status < 500:
            raise error
        yield from pause(repetitions, answer, error)


def pause(repetitions: Repetitions, answer: Answer, error: ApiError) -> Steps[None]:
    """Waits before a request is repeated: as long as the answer asks, else by back-off. At a limit, raises `error`."""
    state, rate_limited = repetitions.state, error.status == TOO_MANY_REQUESTS
    asked = asked_wait(answer.headers, state.policy.now()) if isinstance(answer, Reply) else None
    seconds = repetitions.next_wait(asked, rate_limited=rate_limited)
    if seconds is None:
        raise _with_wait(error, asked, state)
    yield Wait(seconds, for_all=rate_limited)


def _with_wait(error: ApiError, asked: float | None, state: RetryState) -> ApiError:
    """The error, with the wait that the server asked for in its message."""
    if asked is None:
        return error
    over = f", and {state.left:g} s of the retry budget of {state.policy.budget:g} s are left"
    words = f"{error} (the server asks to wait {asked:g} s{over if asked > state.left else ''})"
    stating = type(error)(words, status=error.status, code=error.code, request_id=error.request_id)
    if isinstance(stating, RateLimitError):
        stating.retry_after = asked
    return stating


def _summaries(request: Request, reply: Reply) -> list[SegmentSummary]:
    try:
        return models_of(SegmentSummary, json_of(reply))
    except UnusableReplyError as problem:
        raise unusable(request, reply, str(problem)) from None


# ── the Link header (RFC 8288) ─────────────────────────────────────────────────────────────────────────────────────

# Possessive, so that a hostile header is read in linear time.
_LINK = re.compile(r'<([^<>]*+)>((?:[^,"<>]++|"(?:[^"\\]|\\.)*+")*+)')
_RELATION = re.compile(r';\s*+rel\s*+=\s*+(?:"([^"]*+)"|([^\s";,]++))', re.IGNORECASE)


def next_link(header: str) -> str | None:
    """The target of the first link with the relation `next`, as written: absolute or relative. None without one."""
    for target, parameters in _LINK.findall(header):
        relation = _RELATION.search(parameters)
        if relation and "next" in (relation[1] or relation[2] or "").lower().split():
            return str(target).strip()
    return None


def _is_last_page(header: str, count: int) -> bool:
    """Whether a page of `count` segments whose header has no usable `next` is the last one.

    It is not if the header is broken and mentions `next`, or if there is no usable header and the page is full.
    """
    if "next" in header.lower():
        return False
    return count < PAGE_SIZE or _LINK.search(header) is not None
