"""A push step by step: what it sends, when it stops, and a report that is correct at every moment."""

from collections.abc import Collection
from typing import Any

import pytest

from segdsl.errors import (
    AmbiguousCreateError,
    ApiError,
    AuthenticationError,
    QuotaExceededError,
    RateLimitError,
)
from segdsl.planning.plan import Duplicate, Plan
from segdsl.planning.push import INTERRUPTED, Ambiguous, ConcurrentDuplicates, Created, Push, PushReport, Refused
from segdsl.remote.models import CreatedSegment, SegmentSummary
from segdsl.wire.segment import Segment

from .planned import plan_of, remote, segments

THREE = segments(("A", "rating > 1"), ("B", "rating > 2"), ("C", "rating > 3"))


class Creator:
    """Creates segments with the ids `id A` and so on, or raises the given error."""

    def __init__(self, **raised: BaseException) -> None:
        self.raised = raised
        self.asked: list[tuple[str | None, set[str]]] = []

    def create_segment(self, segment: Segment, *, known_ids: Collection[str]) -> CreatedSegment:
        self.asked.append((segment.name, set(known_ids)))
        if segment.name in self.raised:
            raise self.raised[segment.name]
        return CreatedSegment(id=f"id {segment.name}", name=segment.name, adopted=segment.name == "B")


def pushed(creator: Creator, plan: Plan) -> PushReport:
    push = Push(plan)
    steps = list(push.steps(creator))
    assert tuple(steps) == push.report.results
    return push.report


def test_every_create_knows_what_was_there_before() -> None:
    creator = Creator()
    report = pushed(creator, plan_of(THREE, remote("x", "other", None), remote("s", "system", None, "system")))
    assert [name for name, _ in creator.asked] == ["A", "B", "C"]
    assert [known - {"x", "s"} for _, known in creator.asked] == [set(), {"id A"}, {"id A", "id B"}]
    assert all(known >= {"x", "s"} for _, known in creator.asked)
    assert report.created == (Created("A", "id A", False), Created("B", "id B", True), Created("C", "id C", False))
    assert report.is_complete


@pytest.mark.parametrize(
    "error",
    [
        QuotaExceededError("full", status=403),
        AuthenticationError("who?", status=401),
        RateLimitError("later", status=429),
        ApiError("moved", status=302),
        ApiError("nobody there"),
    ],
    ids=repr,
)
def test_a_failure_that_concerns_the_others_stops_the_push(error: ApiError) -> None:
    report = pushed(Creator(B=error), plan_of(THREE))
    assert [created.name for created in report.created] == ["A"]
    assert report.refused == (Refused("B", str(error), error.status),)
    assert report.not_tried == ("C",)
    assert not report.is_complete


@pytest.mark.parametrize("status", [400, 413, 422])
def test_a_refusal_of_one_segment_does_not(status: int) -> None:
    report = pushed(Creator(A=ApiError("no", status=status)), plan_of(THREE))
    assert [created.name for created in report.created] == ["B", "C"]
    assert report.refused == (Refused("A", "no", status),)
    assert not report.is_complete


def test_an_ambiguous_answer_of_any_status_stops_it() -> None:
    error = AmbiguousCreateError("who knows", status=422)
    error.ids = ("1", "2")
    report = pushed(Creator(A=error), plan_of(THREE))
    assert report.may_have_been_created == (Ambiguous("A", "who knows", ("1", "2")),)
    assert report.not_tried == ("B", "C")
    assert not report.is_complete


def test_an_interruption_leaves_the_one_under_way_ambiguous() -> None:
    push = Push(plan_of(THREE))
    with pytest.raises(KeyboardInterrupt):
        list(push.steps(Creator(B=KeyboardInterrupt())))
    assert push.report == PushReport((Created("A", "id A", False), Ambiguous("B", INTERRUPTED)), ("C",))


def test_an_interruption_between_two_leaves_none_ambiguous() -> None:
    push = Push(plan_of(THREE))
    assert push.report == PushReport((), ("A", "B", "C"))
    next(iter(push.steps(Creator())))
    assert push.report == PushReport((Created("A", "id A", False),), ("B", "C"))


def test_the_report_as_plain_data() -> None:
    ambiguous = AmbiguousCreateError("who knows")
    report = pushed(Creator(A=ApiError("no", status=400), C=ambiguous), plan_of(THREE))
    assert report.to_dict() == {
        "version": 1,
        "created": [{"name": "B", "id": "id B", "adopted": True, "differs": []}],
        "mayHaveBeenCreated": [{"name": "C", "reason": "who knows", "ids": []}],
        "refused": [{"name": "A", "reason": "no", "status": 400}],
        "notTried": [],
    }


# ── somebody else at the same time ─────────────────────────────────────────────────────────────────────────────────


def concurrent(*listed: tuple[str, str, Any]) -> tuple[Duplicate, ...]:
    """The duplicates that a push of all three finds when these (id, name, filters) are listed after it."""
    plan = plan_of(THREE, remote("old", "A", "rating > 9"), remote("x", "X", None))
    report = PushReport(tuple(Created(create.name, f"id {create.name}", False) for create in plan.create), ())
    found = ConcurrentDuplicates(plan, report)
    account = [remote(*one) for one in listed]
    wanted = found.wanted(SegmentSummary(id=it.id, name=it.name, type=it.type) for it in account)
    return found.found({it.id: it for it in account if it.id in wanted})


def test_equal_segments_that_are_new_are_concurrent() -> None:
    found = concurrent(
        ("old", "A", "rating > 1"), ("id B", "B", "rating > 2"), ("9", " B ", "rating > 2.0"), ("7", "X", "rating > 2")
    )
    assert found == (Duplicate("B", ("id B", "9")),)


def test_a_new_segment_with_other_filters_is_no_duplicate() -> None:
    assert concurrent(("id B", "B", "rating > 2"), ("9", "B", "rating > 5"), ("8", "B", None)) == ()


def test_several_duplicates_of_one() -> None:
    assert concurrent(("8", "C", "rating > 3"), ("9", "C", "rating > 3")) == (Duplicate("C", ("id C", "8", "9")),)
