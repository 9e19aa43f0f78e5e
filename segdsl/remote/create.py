"""The create that is made once: post, judge the outcome, and look before anything is posted again. Sans-IO.

    outcome     evidence                                             next
    created     201, a JSON object with an id                        return it
    NOT_SENT    nothing of the request left this machine             wait, post again
    POSTPONED   408, 429                                             wait as told, post again
    REFUSED     3xx, 4xx but 409                                     raise
    UNKNOWN     all else: no complete answer after sending, 409,     look for it in the list and adopt what is found;
                5xx, a 2xx that is no 201 or has no usable body      else post again after 500 and 503 only, or raise

The API has no idempotency key, so a create that was sent and not answered is never simply repeated.
"""

import enum
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from contextlib import contextmanager

import msgspec

from segdsl.errors import ApiError, AuthenticationError, QuotaExceededError, RateLimitError, SegdslError
from segdsl.remote.endpoint import Endpoint
from segdsl.remote.exchange import Answer, Reply, Request, Steps
from segdsl.remote.models import CreatedSegment, model_of
from segdsl.remote.reading import pause, read_list
from segdsl.remote.reconcile import ambiguous, find_created, look_for, words_of
from segdsl.remote.replies import UnusableReplyError, error_of, json_of, unusable
from segdsl.remote.retry import Patience
from segdsl.wire.segment import Segment


class Outcome(enum.Enum):
    """What is known after a POST that did not bring a segment back."""

    NOT_SENT = enum.auto()
    POSTPONED = enum.auto()
    REFUSED = enum.auto()
    UNKNOWN = enum.auto()


SURELY_FINISHED = frozenset({500, 503})
"""Complete answers after which the server does no more work; behind a proxy's 502 or 504 it may still be at it."""

_POSTPONED = frozenset({408, 429})
_CONFLICT = 409
_KINDS = {401: AuthenticationError, 403: QuotaExceededError, 429: RateLimitError}


def outcome_of(answer: Answer) -> Outcome:
    """The row of the table above for an answer that is not a 201 with a usable body."""
    if not isinstance(answer, Reply):
        return Outcome.UNKNOWN if answer.sent else Outcome.NOT_SENT
    if answer.status in _POSTPONED:
        return Outcome.POSTPONED
    is_refusal = 300 <= answer.status < 500 and answer.status != _CONFLICT
    return Outcome.REFUSED if is_refusal else Outcome.UNKNOWN


def create(
    segment: Segment, endpoint: Endpoint, patience: Patience, known_ids: AbstractSet[str] | None = None
) -> Steps[CreatedSegment]:
    """Creates `segment` once, or raises an `ApiError`: `AmbiguousCreateError` when nobody can know.

    `known_ids` are the ids that were on the server before. Without them the list is read first; a nameless segment
    cannot be looked for, so it needs none.
    """
    if not isinstance(segment, Segment):
        raise TypeError(f"what is created is a Segment, not {type(segment).__name__}")
    if known_ids is None:
        known_ids = (yield from _ids(endpoint, patience)) if segment.name is not None else frozenset()
    request = Request("POST", endpoint.target("/segments"), msgspec.json.encode(segment.to_dict()))
    retries, posted_in_doubt = 0, False
    while True:
        with _noting_interruption(segment):
            answer: Answer = yield request
            made = _made(request, answer, segment)
            if isinstance(made, CreatedSegment):
                if posted_in_doubt:
                    yield from _refuse_twins(made, segment, endpoint, patience, known_ids)
                return made
            outcome = outcome_of(answer)
            if outcome is Outcome.UNKNOWN:
                posted_in_doubt = True
                adopted = yield from _reconcile(segment, endpoint, patience, known_ids, made)
                if adopted is not None:
                    return adopted
        if outcome is Outcome.REFUSED:
            raise made
        yield from pause(patience, retries, answer, made)
        retries += 1


def _ids(endpoint: Endpoint, patience: Patience) -> Steps[frozenset[str]]:
    listed = yield from read_list(endpoint, patience)
    return frozenset(summary.id for summary in listed)


def _made(request: Request, answer: Answer, segment: Segment) -> CreatedSegment | ApiError:
    """The segment that an answer brings, or the error it stands for. What the answer leaves out is as it was sent."""
    if not isinstance(answer, Reply) or not 200 <= answer.status < 300:
        return error_of(request, answer, _KINDS)
    if answer.status != 201:
        return unusable(request, answer, "a create is answered by 201 Created")
    try:
        data = json_of(answer)
        return model_of(CreatedSegment, segment.to_dict() | data if isinstance(data, dict) else data)
    except UnusableReplyError as problem:
        return unusable(request, answer, str(problem))


def _reconcile(
    segment: Segment, endpoint: Endpoint, patience: Patience, known_ids: AbstractSet[str], doubt: ApiError
) -> Steps[CreatedSegment | None]:
    """What became of a create with an unknown outcome: the segment, or None when it was surely not created."""
    if segment.name is None:
        raise ambiguous(segment, doubt, "it cannot be looked for, because the server chose its name")
    found = yield from find_created(segment, endpoint, patience, known_ids, doubt)
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
        )
    if doubt.status not in SURELY_FINISHED:
        raise ambiguous(
            segment, doubt, "it is not in the list so far, but may still appear: look before creating it again"
        )
    return None


def _refuse_twins(
    made: CreatedSegment, segment: Segment, endpoint: Endpoint, patience: Patience, known_ids: AbstractSet[str]
) -> Steps[None]:
    """A last look after a second POST: if the first one did make a segment after all, both are reported."""
    try:
        twins = yield from look_for(segment, endpoint, patience, known_ids | {made.id})
    except ApiError:  # it was created, that much is known
        return
    if twins:
        ids = (made.id, *(twin.id for twin in twins))
        doubt = ApiError("a first attempt, answered by an error, has left one too", status=201)
        raise ambiguous(segment, doubt, f"{len(ids)} equal segments exist: {words_of(ids)}", ids)


@contextmanager
def _noting_interruption(segment: Segment) -> Iterator[None]:
    """Ctrl-C or a cancellation passes at once, with a note that the request may have reached the server."""
    try:
        yield
    except SegdslError:
        raise
    except BaseException as interruption:
        name = "The segment" if segment.name is None else f"The segment `{segment.name}`"
        interruption.add_note(f"{name} may have been created; look at the list before it is created again.")
        raise
