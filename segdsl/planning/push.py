"""Carrying out a plan: its creates one by one, and a report that holds whatever ends it."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, Protocol

from msgspec import Struct

from segdsl.errors import AmbiguousCreateError, ApiError
from segdsl.planning.actions import VERSION, Create, Duplicate, Plan, plain
from segdsl.planning.equality import meaning_of
from segdsl.remote.models import CreatedSegment, SegmentDetail, SegmentSummary
from segdsl.wire.segment import Segment, plain_name

ABOUT_ONE_SEGMENT = frozenset({400, 413, 422})
"""Refusals that say nothing of the next segment; after any other error a push stops."""

INTERRUPTED = "interrupted before the server's answer was complete"


class Creator(Protocol):
    """The writing half of `Client`."""

    def create_segment(self, segment: Segment, *, known_ids: Collection[str]) -> CreatedSegment:
        """Creates a segment once, or raises an `ApiError`."""


class Made(Struct, frozen=True):
    """A segment that exists now. `adopted`: the server's answer was lost, and it was found in the list instead."""

    name: str
    id: str
    adopted: bool


class Refused(Struct, frozen=True):
    """A segment that was not created; `status` is the HTTP status, None when the server was not reached."""

    name: str
    reason: str
    status: int | None


class InDoubt(Struct, frozen=True):
    """A segment that may or may not have been created; `ids` are remote segments that may be it, if several."""

    name: str
    reason: str
    ids: tuple[str, ...] = ()


Outcome = Made | Refused | InDoubt


class PushReport(Struct, frozen=True):
    """What became of the creates of a plan, as far as they were begun, and the names of the others."""

    outcomes: tuple[Outcome, ...]
    not_tried: tuple[str, ...]

    @property
    def created(self) -> tuple[Made, ...]:
        """What exists now."""
        return tuple(outcome for outcome in self.outcomes if isinstance(outcome, Made))

    @property
    def may_have_been_created(self) -> tuple[InDoubt, ...]:
        """What nobody knows of."""
        return tuple(outcome for outcome in self.outcomes if isinstance(outcome, InDoubt))

    @property
    def refused(self) -> tuple[Refused, ...]:
        """What was not created."""
        return tuple(outcome for outcome in self.outcomes if isinstance(outcome, Refused))

    @property
    def is_complete(self) -> bool:
        """Whether every create of the plan was made."""
        return len(self.created) == len(self.outcomes) and not self.not_tried

    def to_dict(self) -> dict[str, Any]:
        """The report as plain data, with the version of its shape."""
        return {
            "version": VERSION,
            "created": plain(self.created),
            "mayHaveBeenCreated": plain(self.may_have_been_created),
            "refused": plain(self.refused),
            "notTried": list(self.not_tried),
        }


class Push:
    """The creates of one plan, in order. `report` is right at any moment, also after an interruption."""

    def __init__(self, plan: Plan) -> None:
        self._creates = plan.create
        self._known_ids = set(plan.known_ids)
        self._outcomes: list[Outcome] = []
        self._begun = 0

    def steps(self, creator: Creator) -> Iterator[Outcome]:
        """Creates a segment at each step, and yields what became of it.

        Ends early when a create is in doubt, or was refused for a reason that concerns the next ones too: a key, a
        quota, a rate limit, a server that is not there.
        """
        for create in self._creates:
            self._begun += 1  # before anything is sent: from here on an interruption leaves it in doubt
            outcome = self._create(create, creator)
            self._outcomes.append(outcome)
            yield outcome
            if isinstance(outcome, InDoubt) or (
                isinstance(outcome, Refused) and outcome.status not in ABOUT_ONE_SEGMENT
            ):
                return

    def _create(self, create: Create, creator: Creator) -> Outcome:
        try:
            made = creator.create_segment(create.segment, known_ids=self._known_ids)
        except AmbiguousCreateError as error:
            return InDoubt(create.name, str(error), error.ids)
        except ApiError as error:
            return Refused(create.name, str(error), error.status)
        self._known_ids.add(made.id)
        return Made(create.name, made.id, made.adopted)

    @property
    def report(self) -> PushReport:
        """What has become of the creates so far; one that was begun and has no outcome may have been created."""
        unanswered = [InDoubt(create.name, INTERRUPTED) for create in self._creates[len(self._outcomes) : self._begun]]
        return PushReport((*self._outcomes, *unanswered), tuple(create.name for create in self._creates[self._begun :]))


class Twins:
    """Finds segments that somebody else created while a push was creating the same ones.

    The server has no lock, so two pushes from two machines can do that; it is told, not prevented.
    """

    def __init__(self, plan: Plan, report: PushReport) -> None:
        creates = {create.name: create for create in plan.create}
        self._known_ids = plan.known_ids | {made.id for made in report.created}
        self._created = {plain_name(made.name): (made, creates[made.name].segment) for made in report.created}

    def wanted(self, listed: Iterable[SegmentSummary]) -> tuple[str, ...]:
        """The ids of the remote segments that have to be looked at."""
        return tuple(
            summary.id
            for summary in listed
            if summary.is_custom and summary.id not in self._known_ids and plain_name(summary.name) in self._created
        )

    def found(self, details: Mapping[str, SegmentDetail]) -> tuple[Duplicate, ...]:
        """A duplicate for each created segment that has equals among `details`; the created one comes first."""
        others: dict[str, list[str]] = {}
        for detail in details.values():
            name = plain_name(detail.name)
            if name in self._created and meaning_of(detail.filters) == meaning_of(self._created[name][1].filters):
                others.setdefault(name, []).append(detail.id)
        return tuple(
            Duplicate(self._created[name][0].name, (self._created[name][0].id, *ids)) for name, ids in others.items()
        )
