"""What differs between a segment of the config and the remote one, and how a person sees it."""

import json

import pytest

from segdsl import Filters, Segment
from segdsl.planning.actions import Create, Difference, Plan
from segdsl.planning.differences import changed_lines, decoration_differences, filters_difference
from segdsl.remote.models import SegmentDetail

FILTERS = Filters.from_dict({"rules": [{"type": "analysis", "field": "rating", "operator": "gt", "value": 3}]})


def segment(**decoration: str) -> Segment:
    return Segment(name="A", filters=FILTERS, **decoration)


def detail(**more: object) -> SegmentDetail:
    return SegmentDetail(id="1", name="A", type="custom", **more)


def lines(local: str, remote: str, key: str = "where") -> list[str]:
    return [f"{sign} {line}" for sign, line in changed_lines(Difference(key, local, remote))]


@pytest.mark.parametrize(
    ("local", "remote", "expected"),
    [
        ("rating > 1", "rating > 5", ["- rating > 5", "+ rating > 1"]),
        ("a and rating > 1", "rating > 5 and a", ["  a", "- rating > 5", "+ rating > 1"]),
        ("a", "a and b", ["  a", "- b"]),
        ("a and b", "a", ["  a", "+ b"]),
        ("not a", "a", ["- a", "+ not a"]),
        ("a > 1 and a < 5", "a > 2 and b", ["- a > 2", "+ a > 1", "+ a < 5", "- b"]),
        ("a > 1 and b > 3", "a < 1 and b > 2", ["- a < 1", "+ a > 1", "- b > 2", "+ b > 3"]),
        ("a > 1 and b > 3", "b > 2", ["+ a > 1", "- b > 2", "+ b > 3"]),
        ("a during 7d", "a during 30d", ["  a", "- during 30d", "+ during 7d"]),
        ("a during 7d", "a", ["  a", "+ during 7d"]),
    ],
)
def test_expressions_are_compared_condition_by_condition(local, remote, expected):
    assert lines(local, remote) == expected


def test_other_texts_line_by_line():
    assert lines("two\nlines", "one", key="description") == ["- one", "+ two", "+ lines"]
    assert lines("{}", '{"rules": []}', key="filters") == ['- {"rules": []}', "+ {}"]


def test_what_the_config_does_not_set_may_be_anything():
    assert decoration_differences(segment(), detail(description="d", icon="Users")) == ()
    assert decoration_differences(segment(description="d"), detail(description="d")) == ()
    assert decoration_differences(segment(description="d", icon="Users"), detail(icon="Star")) == (
        Difference("description", "d", ""),
        Difference("icon", "Users", "Star"),
    )


def test_filters_that_are_no_expression_are_shown_as_json():
    known = detail(filters=FILTERS.to_dict() | {"dateRange": {"preset": "7d"}})
    assert filters_difference(segment(), known) == Difference("where", "rating > 3", "rating > 3 during 7d")
    unknown = detail(filters={"x": "\ud800"})
    assert filters_difference(segment(), unknown) == Difference(
        "filters", FILTERS.to_json().decode(), '{"x": "\\ud800"}'
    )


@pytest.mark.parametrize(
    "rules",
    [
        [{"type": "property", "key": "plan", "operator": "neq", "value": "x" * 70_000}],
        [{"type": "property", "key": f"k{number}", "operator": "neq", "value": number} for number in range(20_000)],
        [{"type": "last_seen", "operator": "within", "value": "9" * 5_000 + "d"}],
    ],
    ids=["a long text", "many rules", "a long duration"],
)
def test_filters_beyond_what_an_expression_can_say_are_shown_as_json(rules):
    difference = filters_difference(segment(), detail(filters={"rules": rules}))
    assert (difference.key, json.loads(difference.remote)) == ("filters", {"rules": rules})
    assert [sign for sign, _ in changed_lines(difference)] == ["-", "+"]


def test_an_expression_that_grew_beyond_what_a_text_can_say_is_shown_as_json():
    long = Filters.from_dict({"rules": [{"type": "property", "key": "plan", "operator": "neq", "value": "x" * 70_000}]})
    difference = filters_difference(Segment(name="A", filters=long), detail(filters=FILTERS.to_dict()))
    assert (difference.key, difference.local) == ("filters", long.to_json().decode())


def test_a_plan_as_plain_data():
    plan = Plan(create=(Create(segment(icon="Users"), "rating > 3"),))
    assert plan.to_dict() == {
        "version": 1,
        "create": [{"name": "A", "where": "rating > 3", "filters": FILTERS.to_dict(), "icon": "Users"}],
        "unchanged": [],
        "differs": [],
        "unmanaged": [],
        "duplicates": [],
        "summary": {"create": 1, "unchanged": 0, "differs": 0, "unmanaged": 0, "duplicates": 0},
    }
