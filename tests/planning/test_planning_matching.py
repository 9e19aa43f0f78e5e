"""The rules of planning: names, several segments of one name, parts, what counts and what does not."""

import pytest

from segdsl.planning.differences import text_difference
from segdsl.planning.matching import make_plan, wanted_ids
from segdsl.planning.plan import Difference, Differs, Duplicate, Unchanged, Unmanaged, Unreadable
from segdsl.remote.models import SegmentSummary

from .planned import desired, plan_of, remote, segments

ONE = segments(("A", "rating > 1"))
SPLIT = segments(("Big", 'seats >= 10 or plan == "pro"'), split=True)  # seats > 10 · seats == 10 · plan == "pro"


def test_only_names_of_the_config_are_fetched() -> None:
    names = ["A", "a", "B", " A ", "A (1/2)", "Big (1/2)", "Big", "Big (0/2)", "Big (1/2) x", "Big (17/99)"]
    listed = [SegmentSummary(id=name, name=name, type="custom") for name in names]
    listed.append(SegmentSummary(id="system", name="A", type="system"))
    assert wanted_ids((*ONE, *SPLIT), listed) == ("A", "a", " A ", "Big (1/2)", "Big (17/99)")


def test_system_segments_never_count() -> None:
    plan = plan_of(ONE, remote("1", "A", "rating > 1", "system"), remote("2", "B", "rating > 1", "system"))
    assert plan.counts == {"create": 1, "unchanged": 0, "differs": 0, "unreadable": 0, "unmanaged": 0, "duplicates": 0}
    assert plan.known_ids == {"1", "2"}


def test_a_system_segment_does_not_count_even_when_it_was_read() -> None:
    system = remote("1", "A", "rating > 1", "system")
    assert [create.name for create in make_plan(ONE, (system,), {"1": system}).create] == ["A"]


def test_one_equal_segment_of_several_with_a_name_is_enough() -> None:
    plan = plan_of(ONE, remote("1", "A", "rating > 5"), remote("2", "A", "rating > 1"), remote("3", "A", "rating > 5"))
    assert plan.unchanged == (Unchanged("A", "2"),)
    assert [unmanaged.id for unmanaged in plan.unmanaged] == ["1", "3"]
    assert {unmanaged.note for unmanaged in plan.unmanaged} == {
        "the config's segment of this name is another one, which exists too"
    }
    assert plan.duplicates == (Duplicate("A", ("1", "3")),)
    assert plan.is_empty


def test_the_right_description_wins_among_equal_ones() -> None:
    config = desired("[[segment]]\nname = 'A'\nwhere = 'rating > 1'\ndescription = 'd'\n")
    plan = plan_of(config, remote("1", "A", "rating > 1"), remote("2", "A", "rating > 1", description="d"))
    assert plan.unchanged == (Unchanged("A", "2"),)
    assert plan.duplicates == (Duplicate("A", ("1", "2")),)


def test_the_exact_name_wins_among_equal_ones() -> None:
    plan = plan_of(ONE, remote("1", " A", "rating > 1"), remote("2", "A", "rating > 1"))
    assert plan.unchanged == (Unchanged("A", "2"),)


def test_several_that_all_differ() -> None:
    plan = plan_of(ONE, remote("1", "A", "rating > 5"), remote("2", "A", None))
    (differs,) = plan.differs
    assert plan.unmanaged == ()
    assert differs.ids == ("1", "2")
    assert differs.differences == (
        Difference("where", "rating > 1", "rating > 5", (("-", "rating > 5"), ("+", "rating > 1"))),
    )


def test_filters_without_an_expression_differ_as_json() -> None:
    (differs,) = plan_of(ONE, remote("1", "A", {"rules": []}, icon="x")).differs
    assert differs.differences == (
        text_difference(
            "filters",
            '{"rules":[{"type":"analysis","field":"rating","operator":"gt","value":1}]}',
            '{"rules": []}',
        ),
    )


def test_description_and_icon() -> None:
    config = desired("[[segment]]\nname = 'A'\nwhere = 'rating > 1'\ndescription = 'd'\nicon = 'i'\n")
    assert plan_of(config, remote("1", "A", "rating > 1", description="d", icon="i")).is_empty
    (differs,) = plan_of(config, remote("1", "A", "rating > 1", description="e")).differs
    assert (differs.name, differs.ids) == ("A", ("1",))
    assert differs.differences == (text_difference("description", "d", "e"), text_difference("icon", "i", ""))
    (differs,) = plan_of(config, remote("1", "A", "rating > 2", icon="i")).differs
    assert [difference.key for difference in differs.differences] == ["where", "description"]


def test_a_name_that_the_server_has_trimmed() -> None:
    config = (*segments((" A", "rating > 1")), *segments(("A", "rating > 2")))  # one file refuses both
    plan = plan_of(config, remote("1", "A", "rating > 1"), remote("2", "A", "rating > 2"))
    assert plan.unchanged == (Unchanged(" A", "1"), Unchanged("A", "2"))


def test_each_remote_segment_stands_for_one_of_the_config_at_most() -> None:
    config = (*segments((" A", "rating > 1")), *segments(("A", "rating > 1")))
    plan = plan_of(config, remote("1", "A", "rating > 1"))
    assert plan.unchanged == (Unchanged(" A", "1"),)
    assert [create.name for create in plan.create] == ["A"]
    both = plan_of(config, remote("1", "A", "rating > 1"), remote("2", "A", "rating > 1"))
    assert both.counts == {"create": 0, "unchanged": 2, "differs": 0, "unreadable": 0, "unmanaged": 0, "duplicates": 0}


def test_one_that_is_gone_since_the_listing_is_created_again() -> None:
    listed = [SegmentSummary(id="1", name="A", type="custom")]
    plan = make_plan(ONE, listed, {})
    assert [create.name for create in plan.create] == ["A"]
    assert plan.unmanaged == ()
    assert plan.known_ids == {"1"}


# ── parts ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_parts_match_by_their_filters_not_by_their_numbers() -> None:
    plan = plan_of(
        SPLIT,
        remote("1", "Big (9/9)", "seats == 10"),
        remote("2", "Big (1/4)", 'plan == "pro"'),
        remote("3", "Big", "seats > 10"),
    )
    assert plan.unchanged == (Unchanged("Big (2/3)", "1", "Big (9/9)"), Unchanged("Big (3/3)", "2", "Big (1/4)"))
    assert [create.name for create in plan.create] == ["Big (1/3)"]
    assert plan.unmanaged == (Unmanaged("Big", "3"),)


def test_two_parts_are_parts_already() -> None:
    plan = plan_of(segments(("Big", "seats >= 10"), split=True), remote("1", "Big (9/9)", "seats > 10"))
    assert plan.unchanged == (Unchanged("Big (1/2)", "1", "Big (9/9)"),)


def test_a_part_keeps_its_name_when_no_number_is_free() -> None:
    config = (*segments((" Big", "seats >= 10"), split=True), *segments(("Big", "seats >= 20"), split=True))
    plan = plan_of(config, remote("1", "Big (1/2)", "seats > 10"))
    assert [create.name for create in plan.create] == [" Big (2/2)", "Big (1/2)", "Big (2/2)"]


def test_a_new_part_gets_a_number_that_is_free() -> None:
    plan = plan_of(SPLIT, remote("1", "Big (1/3)", "seats == 10"), remote("2", "Big (2/3)", 'plan == "pro"'))
    assert [(create.name, create.where) for create in plan.create] == [("Big (3/3)", "seats > 10")]


def test_a_part_keeps_its_own_number_when_it_is_free() -> None:
    plan = plan_of(SPLIT, remote("1", "Big (1/3)", 'plan == "pro"'))
    created = [(create.name, create.where) for create in plan.create]
    assert created == [("Big (3/3)", "seats > 10"), ("Big (2/3)", "seats == 10")]


def test_parts_that_are_needed_no_more_are_left_over() -> None:
    wanted = [remote("1", "Big (1/3)", "seats > 10"), remote("2", "Big (2/3)", "seats == 10")]
    plan = plan_of(SPLIT, *wanted, remote("3", "Big (3/3)", 'plan == "pro"'), remote("4", "Big (4/4)", "rating > 1"))
    assert plan.is_empty
    note = "a part that the config's split segment no longer needs"
    assert plan.unmanaged == (Unmanaged("Big (4/4)", "4", note),)


def test_a_part_whose_name_is_held_by_something_else_differs() -> None:
    plan = plan_of(SPLIT, remote("1", "Big (1/3)", "rating > 1"), remote("2", "Big (2/3)", "seats == 10"))
    assert [create.name for create in plan.create] == ["Big (3/3)"]
    assert [(differs.name, differs.ids) for differs in plan.differs] == [("Big (1/3)", ("1",))]


def test_equal_parts_are_duplicates() -> None:
    plan = plan_of(SPLIT, remote("1", "Big (1/3)", "seats > 10"), remote("2", "Big (1/2)", "seats > 10"))
    assert plan.duplicates == (Duplicate("Big (1/3)", ("1", "2")),)
    assert plan.unmanaged == ()


def test_a_split_that_needs_one_segment_keeps_the_plain_name() -> None:
    config = segments(("Big", "seats > 10"), split=True)
    assert plan_of(config, remote("1", "Big", "seats > 10")).unchanged == (Unchanged("Big", "1"),)
    plan = plan_of(config, remote("1", "Big (1/2)", "seats > 10"))
    assert [create.name for create in plan.create] == ["Big"]
    assert plan.unmanaged == (Unmanaged("Big (1/2)", "1", "by its name a part of `Big`, which is one segment now"),)


def test_a_segment_that_is_called_like_a_part_is_one_of_its_own() -> None:
    config = (*SPLIT, *segments(("Big (1/2)", "seats > 10")))
    plan = plan_of(config, remote("1", "Big (1/2)", "seats > 10"))
    assert plan.unchanged == (Unchanged("Big (1/2)", "1"),)
    assert [create.name for create in plan.create] == ["Big (1/3)", "Big (2/3)", "Big (3/3)"]


# ── names that a server may have changed ───────────────────────────────────────────────────────────────────────────

TWIN = "probably the twin of `Big Team`: the names differ in case or blanks only"
TEAM = segments(("Big Team", "rating > 1"))


@pytest.mark.parametrize("name", ["big team", "BIG  TEAM", "BigTeam"])
def test_a_segment_with_equal_filters_and_a_similar_name_is_the_probable_twin(name: str) -> None:
    plan = plan_of(TEAM, remote("1", name, "rating > 1"))
    assert plan.create == ()
    assert plan.differs == (Differs("Big Team", ("1",), (text_difference("name", "Big Team", name),)),)
    assert plan.unmanaged == (Unmanaged(name, "1", TWIN),)


def test_a_similar_name_with_other_filters_is_a_stranger() -> None:
    plan = plan_of(TEAM, remote("1", "big team", "rating > 2"), remote("2", "big teams", "rating > 1"))
    assert [create.name for create in plan.create] == ["Big Team"]
    assert plan.unmanaged == (Unmanaged("big team", "1"), Unmanaged("big teams", "2"))


def test_a_segment_of_the_very_name_needs_no_twin() -> None:
    plan = plan_of(TEAM, remote("1", "big team", "rating > 1"), remote("2", "Big Team", "rating > 1"))
    assert (plan.unchanged, plan.unmanaged) == ((Unchanged("Big Team", "2"),), (Unmanaged("big team", "1"),))
    plan = plan_of(TEAM, remote("1", "big team", "rating > 1"), remote("2", "Big Team", "rating > 2"))
    assert [differs.ids for differs in plan.differs] == [("2",)]


def test_names_of_the_config_that_are_similar_are_two() -> None:
    config = segments(("Pro", "rating > 1"), ("pro", "rating > 1"))
    assert [create.name for create in plan_of(config).create] == ["Pro", "pro"]
    plan = plan_of(config, remote("1", "pro", "rating > 1"))
    assert (plan.unchanged, [create.name for create in plan.create]) == ((Unchanged("pro", "1"),), ["Pro"])
    plan = plan_of(config, remote("1", "PRO", "rating > 1"))
    assert [(differs.name, differs.ids) for differs in plan.differs] == [("Pro", ("1",))]
    assert [create.name for create in plan.create] == ["pro"]


def test_parts_have_twins_too() -> None:
    plan = plan_of(SPLIT, remote("1", "big (2/9)", "seats > 10"), remote("2", "big (1/3)", "rating > 9"))
    assert [(differs.name, differs.ids) for differs in plan.differs] == [("Big (1/3)", ("1",))]
    assert [create.name for create in plan.create] == ["Big (2/3)", "Big (3/3)"]


# ── segments that cannot be read ───────────────────────────────────────────────────────────────────────────────────


def test_a_name_that_cannot_be_compared_is_not_created() -> None:
    config = segments(("A", "rating > 1"), ("B", "rating > 2"))
    plan = plan_of(config, remote("1", "A", "rating > 1"), remote("2", "A", "rating > 9"), unreadable=("1",))
    assert plan.unreadable == (Unreadable("A", ("1",), "broken"),)
    assert ([create.name for create in plan.create], plan.differs) == (["B"], ())
    assert plan.known_ids == {"1", "2"}
    assert not plan.is_empty


def test_an_equal_segment_is_enough_beside_one_that_cannot_be_read() -> None:
    plan = plan_of(ONE, remote("1", "A", "rating > 1"), remote("2", "A", None), unreadable=("2",))
    assert plan.unchanged == (Unchanged("A", "1"),)
    assert plan.unmanaged == (Unmanaged("A", "2", "it could not be read: broken"),)
    assert plan.is_empty


def test_a_similar_name_that_cannot_be_read_may_be_the_twin() -> None:
    plan = plan_of(TEAM, remote("1", "big team", "rating > 1"), unreadable=("1",))
    assert (plan.create, plan.unreadable) == ((), (Unreadable("Big Team", ("1",), "broken"),))


def test_a_part_that_cannot_be_read_may_be_any_of_them() -> None:
    account = (remote("1", "Big (1/3)", "seats > 10"), remote("2", "Big (2/3)", "seats == 10"))
    plan = plan_of(SPLIT, *account, unreadable=("2",))
    assert plan.unchanged == (Unchanged("Big (1/3)", "1"),)
    assert [unreadable.name for unreadable in plan.unreadable] == ["Big (2/3)", "Big (3/3)"]
    assert plan.create == ()


# ── order ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("names", [["C", "A", "B"], ["A", "B", "C"]])
def test_actions_are_in_the_order_of_the_config(names: list[str]) -> None:
    config = segments(*((name, "rating > 1") for name in names))
    assert [create.name for create in plan_of(config).create] == names
    account = [remote(name, name, "rating > 1") for name in sorted(names)]
    assert [same.name for same in plan_of(config, *account).unchanged] == names


def test_dates_are_shown_as_the_config_declares_them() -> None:
    text = """[properties]
renewal = "date"
[[segment]]
name = "A"
where = 'renewal between 2026-03-01 and 2026-03-31'
"""
    (create,) = plan_of(desired(text)).create
    assert create.where == "2026-03-01 <= renewal < 2026-04-01"
    there = {"rules": [{"type": "property", "key": "renewal", "operator": "gt", "value": "2026-02-28T24"}]}
    (differs,) = plan_of(desired(text), remote("1", "A", there)).differs
    assert differs.differences[0].remote == "renewal >= 2026-03-01"
