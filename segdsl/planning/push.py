"""Carrying out a plan: its creates, one by one, and a report that is right whenever the push ends."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, Protocol

from msgspec import Struct

from segdsl.errors import AmbiguousCreateError, ApiError
from segdsl.planning.plan import VERSION, Create, Duplicate, Plan, plain
from segdsl.remote.meaning import Meaning, loose_name
from segdsl.remote.models import CreatedSegment, SegmentDetail, SegmentSummary
from segdsl.wire.segment import Segment

ABOUT_ONE_SEGMENT = frozenset({400, 413, 422})
"""Refusals that say nothing about the next segment. After any other error a push stops."""

INTERRUPTED = "interrupted before the server's answer was complete"


class Creator(Protocol):
    """The writing half of `Client`."""

    def create_segment(self, segment: Segment, *, known_ids: Collection[str]) -> CreatedSegment:
        """Creates a segment once, or raises an `ApiError`."""


class Created(Struct, frozen=True):
    """A segment that exists now.

    `adopted`: the server's answer was lost, and the segment was found in the list. `differs`: how the server's version
    differs from what was sent.
    """

    name: str
    id: str
    adopted: bool
    differs: tuple[str, ...] = ()


class Refused(Struct, frozen=True):
    """A segment that was not created; `status` is the HTTP status, None if the server was not reached."""

    name: str
    reason: str
    status: int | None


class Ambiguous(Struct, frozen=True):
    """A segment that may or may not have been created; `ids` are the remote segments that may be it, if several."""

    name: str
    reason: str
    ids: tuple[str, ...] = ()


Result = Created | Refused | Ambiguous
"""The outcome of one create."""


class PushReport(Struct, frozen=True):
    """The results of the creates that were begun, and the names of the others."""

    results: tuple[Result, ...]
    not_tried: tuple[str, ...]

    @property
    def created(self) -> tuple[Created, ...]:
        """The segments that exist now."""
        return tuple(result for result in self.results if isinstance(result, Created))

    @property
    def differing(self) -> tuple[Created, ...]:
        """The created segments that the server holds in another form than they were sent."""
        return tuple(created for created in self.created if created.differs)

    @property
    def may_have_been_created(self) -> tuple[Ambiguous, ...]:
        """The segments that may or may not exist."""
        return tuple(result for result in self.results if isinstance(result, Ambiguous))

    @property
    def refused(self) -> tuple[Refused, ...]:
        """The segments that were not created."""
        return tuple(result for result in self.results if isinstance(result, Refused))

    @property
    def is_complete(self) -> bool:
        """Whether every segment of the plan was created, as it was sent."""
        return len(self.created) == len(self.results) and not (self.not_tried or self.differing)

    def to_dict(self) -> dict[str, Any]:
        """The report as plain data, with the version of its shape."""
        return {
            "version": VERSION,
            "created": [plain(result) for result in self.created],
            "mayHaveBeenCreated": [plain(result) for result in self.may_have_been_created],
            "refused": [plain(result) for result in self.refused],
            "notTried": list(self.not_tried),
        }


class Push:
    """The creates of one plan, in order. `report` is right at any moment, also after an interruption."""

    def __init__(self, plan: Plan) -> None:
        self._creates = plan.create
        self._known_ids = set(plan.known_ids)
        self._results: list[Result] = []
        self._begun = 0

    def steps(self, creator: Creator) -> Iterator[Result]:
        """Creates one segment at each step, and yields its result.

        Ends early if a create is ambiguous, or was refused for a reason that concerns the next ones too: a key, a
        quota, a rate limit, a server that is not there.
        """
        for create in self._creates:
            self._begun += 1  # before anything is sent: from here on an interruption makes it ambiguous
            result = self._create(create, creator)
            self._results.append(result)
            yield result
            if isinstance(result, Ambiguous) or (
                isinstance(result, Refused) and result.status not in ABOUT_ONE_SEGMENT
            ):
                return

    def _create(self, create: Create, creator: Creator) -> Result:
        try:
            created = creator.create_segment(create.segment, known_ids=self._known_ids)
        except AmbiguousCreateError as error:
            return Ambiguous(create.name, str(error), error.ids)
        except ApiError as error:
            return Refused(create.name, str(error), error.status)
        self._known_ids.add(created.id)
        return Created(create.name, created.id, created.adopted, created.differs)

    @property
    def report(self) -> PushReport:
        """The results so far. A create that was begun and has no result may have created its segment."""
        unanswered = [Ambiguous(create.name, INTERRUPTED) for create in self._creates[len(self._results) : self._begun]]
        return PushReport((*self._results, *unanswered), tuple(create.name for create in self._creates[self._begun :]))


class ConcurrentDuplicates:
    """Finds equal segments that somebody else created during a push.

    The server has no lock, so pushes from two machines can do that. It is reported, not prevented.
    """

    def __init__(self, plan: Plan, report: PushReport) -> None:
        creates = {create.name: create for create in plan.create}
        self._known_ids = plan.known_ids | {created.id for created in report.created}
        self._created = {
            loose_name(created.name): (created, Meaning.of_compiled(creates[created.name].segment.filters))
            for created in report.created
        }

    def wanted(self, listed: Iterable[SegmentSummary]) -> tuple[str, ...]:
        """The ids of the remote segments whose filters are needed."""
        return tuple(
            summary.id
            for summary in listed
            if summary.is_custom and summary.id not in self._known_ids and loose_name(summary.name) in self._created
        )

    def found(self, details: Mapping[str, SegmentDetail]) -> tuple[Duplicate, ...]:
        """A duplicate for each created segment with equals among `details`; the created one comes first."""
        others: dict[str, list[str]] = {}
        for detail in details.values():
            name = loose_name(detail.name)
            if name in self._created and Meaning.of_json(detail.filters) == self._created[name][1]:
                others.setdefault(name, []).append(detail.id)
        return tuple(
            Duplicate(self._created[name][0].name, (self._created[name][0].id, *ids)) for name, ids in others.items()
        )
