"""The create that is made once: post, judge the outcome, and look at the list before anything is posted again. Sans-IO.

    outcome     evidence                                             next
    created     201, a JSON object with an id                        return it; `.differs` lists what is not as sent
    NOT_SENT    no part of the request left this machine             wait, post again
    POSTPONED   408, 429                                             wait as long as the server asks, post again
    REFUSED     3xx, 4xx except 409                                  raise
    UNKNOWN     anything else: no complete answer after sending,     look for the segment in the list and adopt it; if
                409, 5xx, a 2xx other than 201, or no usable         there is none, post again after 500 and 503, else
                body                                                 raise

The API has no idempotency key, so a create that was sent and not answered is never simply repeated.
"""

import enum
from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from typing import Any

import msgspec
from msgspec import Struct, structs

from segdsl.errors import (
    AmbiguousCreateError,
    ApiError,
    AuthenticationError,
    QuotaExceededError,
    RateLimitError,
    SegdslError,
)
from segdsl.remote.endpoint import Endpoint
from segdsl.remote.exchange import Answer, Reply, Request, Steps, Wait
from segdsl.remote.meaning import Meaning, loose_name
from segdsl.remote.models import CreatedSegment, SegmentDetail, model_of
from segdsl.remote.read import pause, read_segment, read_whole_list
from segdsl.remote.replies import UnusableReplyError, compact_json, error_of, json_of, plain_words, unusable
from segdsl.remote.retry import Repetitions, RetryState
from segdsl.syntax.printer import unparse
from segdsl.wire.comparison import same_filters
from segdsl.wire.segment import Segment, plain_name

LOOK_WAITS = (0.5, 1.5, 4.0)
"""Seconds before each look at the list: a new segment may take a moment to appear there."""

SURELY_FINISHED = frozenset({500, 503})
"""Complete answers after which the server does no more work. Behind a proxy's 502 or 504 it may still be at work."""

_POSTPONED = frozenset({408, 429})
_CONFLICT = 409
_KINDS = {401: AuthenticationError, 403: QuotaExceededError, 429: RateLimitError}
_SHOWN = 8  # ids that a message names; the error holds all of them


class Outcome(enum.Enum):
    """The state of knowledge after a POST that did not return a segment."""

    NOT_SENT = enum.auto()
    POSTPONED = enum.auto()
    REFUSED = enum.auto()
    UNKNOWN = enum.auto()


def outcome_of(answer: Answer) -> Outcome:
    """The row of the table above for an answer that is not a 201 with a usable body."""
    if not isinstance(answer, Reply):
        return Outcome.UNKNOWN if answer.sent else Outcome.NOT_SENT
    if answer.status in _POSTPONED:
        return Outcome.POSTPONED
    is_refusal = 300 <= answer.status < 500 and answer.status != _CONFLICT
    return Outcome.REFUSED if is_refusal else Outcome.UNKNOWN


def create(
    segment: Segment, endpoint: Endpoint, state: RetryState, known_ids: AbstractSet[str] | None = None
) -> Steps[CreatedSegment]:
    """Creates `segment` once, or raises an `ApiError`: `AmbiguousCreateError` if the outcome stays unknown.

    `known_ids` are the ids that were on the server before. If they are None, the list is read first, except for a
    nameless segment, which cannot be looked for.
    """
    if not isinstance(segment, Segment):
        raise TypeError(f"only a Segment can be created, not {type(segment).__name__}")
    if known_ids is None:
        known_ids = (yield from _ids(endpoint, state)) if segment.name is not None else frozenset()
    request = Request("POST", endpoint.target("/segments"), msgspec.json.encode(segment.to_dict()))
    repetitions, was_ambiguous = Repetitions(state), False
    while True:
        with _noting_interruption(segment):
            answer: Answer = yield request
            result = _result(request, answer, segment)
            if isinstance(result, CreatedSegment):
                if was_ambiguous:
                    yield from _refuse_duplicates(result, segment, endpoint, state, known_ids)
                return result
            outcome = outcome_of(answer)
            if outcome is Outcome.UNKNOWN:
                was_ambiguous = True
                adopted = yield from _reconcile(segment, endpoint, state, known_ids, result)
                if adopted is not None:
                    return adopted
        if outcome is Outcome.REFUSED:
            raise result
        yield from pause(repetitions, answer, result)


def _ids(endpoint: Endpoint, state: RetryState) -> Steps[frozenset[str]]:
    listed = yield from read_whole_list(endpoint, state)
    return frozenset(summary.id for summary in listed.segments)


def _result(request: Request, answer: Answer, segment: Segment) -> CreatedSegment | ApiError:
    """The segment in an answer, or the error that the answer means. Omitted parts are taken as sent."""
    if not isinstance(answer, Reply) or not 200 <= answer.status < 300:
        return error_of(request, answer, _KINDS)
    if answer.status != 201:
        return unusable(request, answer, "a create is answered by 201 Created")
    try:
        data = json_of(answer)
        created = model_of(CreatedSegment, segment.to_dict() | data if isinstance(data, dict) else data)
    except UnusableReplyError as problem:
        return unusable(request, answer, str(problem))
    return structs.replace(created, differs=_differences(segment, created.name, created.filters, answer.redact))


def _differences(
    segment: Segment, name: str | None, filters: Mapping[str, Any] | None, redact: Callable[[str], str]
) -> tuple[str, ...]:
    """How the name and the filters that a server shows differ from what was sent; it may show neither (None)."""
    differences = []
    if None not in (name, segment.name) and plain_name(name or "") != plain_name(segment.name or ""):
        differences.append(f"the server holds it under the name `{plain_words(redact(name or ''))}`")
    if filters is not None and not _same_meaning(filters, segment):
        expression = Meaning.of_json(filters).expression
        shown = compact_json(filters) if expression is None else unparse(expression)
        differences.append(f"the server holds other filters: {plain_words(redact(shown))}")
    return tuple(differences)


def _same_meaning(filters: Mapping[str, Any] | None, segment: Segment) -> bool:
    """Whether filters say what was sent: by value, or, if a server rewrote them, in normal form."""
    sent = segment.filters.to_dict()
    return same_filters(filters, sent) or Meaning.of_json(filters) == Meaning.of_json(sent)


@contextmanager
def _noting_interruption(segment: Segment) -> Iterator[None]:
    """Lets Ctrl-C or a cancellation pass at once, with a note that the request may have reached the server."""
    try:
        yield
    except SegdslError:
        raise
    except BaseException as interruption:
        name = "The segment" if segment.name is None else f"The segment `{segment.name}`"
        interruption.add_note(f"{name} may have been created; look at the list before you create it again.")
        raise


# ── reconciling ──────────────────────────────────────────────────────────────────────────────────────────────────────


class _Found(Struct, frozen=True):
    """The new segments of a name: those with the filters that were sent, and those with others."""

    equal: tuple[SegmentDetail, ...]
    other: tuple[SegmentDetail, ...]


def _reconcile(
    segment: Segment, endpoint: Endpoint, state: RetryState, known_ids: AbstractSet[str], cause: ApiError
) -> Steps[CreatedSegment | None]:
    """The outcome of a create that was unknown: the segment, or None if it was certainly not created."""
    if segment.name is None:
        raise ambiguous(segment, cause, "it cannot be looked for, because the server chose its name")
    found = yield from _find_created(segment, endpoint, state, known_ids, cause)
    if found is not None:
        return CreatedSegment(
            id=found.id,
            name=found.name,
            type=found.type,
            description=found.description,
            icon=found.icon,
            filters=found.filters,
            created_at=found.created_at,
            updated_at=found.updated_at,
            adopted=True,
            differs=_differences(segment, found.name, found.filters, str),
        )
    if cause.status not in SURELY_FINISHED:
        raise ambiguous(
            segment, cause, "it is not in the list so far, but may still appear: look before you create it again"
        )
    return None


def _find_created(
    segment: Segment, endpoint: Endpoint, state: RetryState, known_ids: AbstractSet[str], cause: ApiError
) -> Steps[SegmentDetail | None]:
    """The one segment on the server that the ambiguous create must have made; None if three looks find none.

    Raises `AmbiguousCreateError` if there are several, if one has the name and other filters (the server may have
    changed them), or if the looking fails; `cause` is why it looks.
    """
    found = _Found((), ())
    for seconds in LOOK_WAITS:
        yield Wait(seconds)
        try:
            found = yield from look_for(segment, endpoint, state, known_ids)
        except ApiError as failed:
            advice = "segdsl could not find out, because looking for it failed too"
            raise ambiguous(segment, cause, advice) from failed
        ids = tuple(detail.id for detail in found.equal)
        if len(ids) > 1:
            raise ambiguous(segment, cause, f"{len(ids)} segments look like it: {words_of(ids)}", ids)
        if ids:
            return found.equal[0]
    if found.other:
        ids = tuple(detail.id for detail in found.other)
        raise ambiguous(segment, cause, f"there is a new segment of its name with other filters: {words_of(ids)}", ids)
    return None


def look_for(segment: Segment, endpoint: Endpoint, state: RetryState, known_ids: AbstractSet[str]) -> Steps[_Found]:
    """One look: the custom segments with the name of `segment`, without the known ids.

    A server may have changed case and blanks of the name.
    """
    listed = yield from read_whole_list(endpoint, state)
    name = loose_name(segment.name or "")
    equal: list[SegmentDetail] = []
    other: list[SegmentDetail] = []
    for summary in listed.segments:  # the listing has no filters, so each candidate is fetched
        if summary.is_custom and summary.id not in known_ids and loose_name(summary.name) == name:
            detail = yield from _read_if_there(endpoint, state, summary.id)
            if detail is not None and detail.id == summary.id:
                (equal if _same_meaning(detail.filters, segment) else other).append(detail)
    return _Found(tuple(equal), tuple(other))


def _refuse_duplicates(
    created: CreatedSegment, segment: Segment, endpoint: Endpoint, state: RetryState, known_ids: AbstractSet[str]
) -> Steps[None]:
    """Looks once more after a second POST: if the first one created a segment after all, both are reported."""
    try:
        found = yield from look_for(segment, endpoint, state, known_ids | {created.id})
    except ApiError:  # the segment was certainly created
        return
    duplicates = [*found.equal, *(one for one in found.other if same_filters(one.filters, created.filters))]
    if duplicates:
        ids = (created.id, *(duplicate.id for duplicate in duplicates))
        cause = ApiError("a first attempt, answered by an error, created one too", status=201)
        raise ambiguous(segment, cause, f"{len(ids)} equal segments exist: {words_of(ids)}", ids)


def words_of(ids: Sequence[str]) -> str:
    """Ids from a server, made safe for a message."""
    return ", ".join(plain_words(one, 100) for one in ids[:_SHOWN]) + " and others" * (len(ids) > _SHOWN)


def ambiguous(segment: Segment, cause: ApiError, advice: str, ids: tuple[str, ...] = ()) -> AmbiguousCreateError:
    """The error whose type says that nobody knows; `cause` is what went wrong, `advice` is what to do."""
    name = "without a name" if segment.name is None else f"`{segment.name}`"
    error = AmbiguousCreateError(
        f"the segment {name} may or may not have been created: {cause}; {advice}",
        status=cause.status,
        code=cause.code,
        request_id=cause.request_id,
    )
    error.name = segment.name
    error.filters = segment.filters.to_dict()
    error.ids = ids
    return error


def _read_if_there(endpoint: Endpoint, state: RetryState, segment_id: str) -> Steps[SegmentDetail | None]:
    try:
        return (yield from read_segment(endpoint, state, segment_id))
    except ApiError as error:
        if error.status == 404:  # deleted since the listing
            return None
        raise
