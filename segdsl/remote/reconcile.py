"""Was it created? Looking for a segment whose create had an unknown outcome. Sans-IO.

The listing carries no filters, so what is custom, has the name and was not there before is fetched and compared by
value. A server may be a moment behind itself, hence several looks.
"""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from segdsl.errors import AmbiguousCreateError, ApiError
from segdsl.remote.endpoint import Endpoint
from segdsl.remote.exchange import Steps, Wait
from segdsl.remote.models import SegmentDetail, SegmentSummary
from segdsl.remote.reading import read_list, read_segment
from segdsl.remote.replies import plain_words
from segdsl.remote.retry import Patience
from segdsl.wire.comparison import same_filters
from segdsl.wire.segment import Segment, plain_name

_SHOWN = 8  # ids that a message names; the error holds them all

LOOK_WAITS = (0.5, 1.5, 4.0)
"""Seconds before each look at the list."""


def find_created(
    segment: Segment, endpoint: Endpoint, patience: Patience, known_ids: AbstractSet[str], doubt: ApiError
) -> Steps[SegmentDetail | None]:
    """The one segment on the server that the create in doubt must have made; None when three looks find none.

    Raises `AmbiguousCreateError` when there are several, or the looking fails; `doubt` says why it was necessary.
    """
    for seconds in LOOK_WAITS:
        yield Wait(seconds)
        try:
            found = yield from look_for(segment, endpoint, patience, known_ids)
        except ApiError as failed:
            advice = "whether it was could not be found out, because looking for it failed too"
            raise ambiguous(segment, doubt, advice) from failed
        if len(found) > 1:
            ids = tuple(detail.id for detail in found)
            raise ambiguous(segment, doubt, f"{len(ids)} segments look like it: {words_of(ids)}", ids)
        if found:
            return found[0]
    return None


def look_for(
    segment: Segment, endpoint: Endpoint, patience: Patience, known_ids: AbstractSet[str]
) -> Steps[list[SegmentDetail]]:
    """One look: the custom segments with the name and, by value, the filters of `segment`, but for the known ids."""
    listed = yield from read_list(endpoint, patience)
    sent = segment.filters.to_dict()
    found = []
    for summary in listed:
        if summary.is_custom and summary.id not in known_ids and _same_name(summary, segment):
            detail = yield from _read_if_there(endpoint, patience, summary.id)
            if detail is not None and detail.id == summary.id and same_filters(detail.filters, sent):
                found.append(detail)
    return found


def words_of(ids: Sequence[str]) -> str:
    """Ids of a server's making, for a message."""
    return ", ".join(plain_words(one, 100) for one in ids[:_SHOWN]) + " and others" * (len(ids) > _SHOWN)


def ambiguous(segment: Segment, doubt: ApiError, advice: str, ids: tuple[str, ...] = ()) -> AmbiguousCreateError:
    """The error that says by its type that nobody knows; `doubt` is what went wrong, `advice` what to do."""
    name = "without a name" if segment.name is None else f"`{segment.name}`"
    error = AmbiguousCreateError(
        f"the segment {name} may or may not have been created: {doubt}; {advice}",
        status=doubt.status,
        code=doubt.code,
        request_id=doubt.request_id,
    )
    error.name = segment.name
    error.filters = segment.filters.to_dict()
    error.ids = ids
    return error


def _read_if_there(endpoint: Endpoint, patience: Patience, segment_id: str) -> Steps[SegmentDetail | None]:
    try:
        return (yield from read_segment(endpoint, patience, segment_id))
    except ApiError as error:
        if error.status == 404:  # gone since the listing
            return None
        raise


def _same_name(summary: SegmentSummary, segment: Segment) -> bool:
    return plain_name(summary.name) == plain_name(segment.name or "")
