"""What differs between a segment of the config and the remote one, and how a person sees it."""

import json
from typing import Any

import pytest

import segdsl
from segdsl import Filters, Segment
from segdsl.planning.differences import decoration_differences, filters_difference, same_text, text_difference
from segdsl.planning.plan import Create, Difference, Differs, Duplicate, Plan, Unmanaged, Unreadable
from segdsl.remote.meaning import Meaning
from segdsl.remote.models import SegmentDetail

FILTERS = Filters.from_dict({"rules": [{"type": "analysis", "field": "rating", "operator": "gt", "value": 3}]})


def segment(**decoration: str) -> Segment:
    return Segment(name="A", filters=FILTERS, **decoration)


def detail(**more: Any) -> SegmentDetail:
    return SegmentDetail(id="1", name="A", type="custom", **more)


def difference(local: Filters, remote: dict[str, Any]) -> Difference:
    meanings = Meaning.of_compiled(local), Meaning.of_json(remote)
    held = detail(filters=remote)
    return filters_difference(Segment(name="A", filters=local), meanings[0], held, meanings[1])


def lines(local: str, remote: str) -> list[str]:
    found = difference(segdsl.compile(local), segdsl.compile(remote).to_dict())
    return [f"{sign} {line}" for sign, line in found.lines]


@pytest.mark.parametrize(
    ("local", "remote", "expected"),
    [
        ("rating > 1", "rating > 5", ["- rating > 5", "+ rating > 1"]),
        ("a and rating > 1", "rating > 5 and a", ["  a", "- rating > 5", "+ rating > 1"]),
        ("a", "a and b", ["  a", "- b"]),
        ("a and b", "a", ["  a", "+ b"]),
        ("not jailbreakDetected", "jailbreakDetected", ["- jailbreakDetected", "+ not jailbreakDetected"]),
        ("a > 1 and a < 5", "a > 2 and b", ["- a > 2", "+ 1 < a < 5", "- b"]),
        ("a > 1 and b > 3", "a < 1 and b > 2", ["- a < 1", "+ a > 1", "- b > 2", "+ b > 3"]),
        ("a > 1 and b > 3", "b > 2", ["+ a > 1", "- b > 2", "+ b > 3"]),
        ("a during 7d", "a during 30d", ["  a", "- during 30d", "+ during 7d"]),
        ("a during 7d", "a", ["  a", "+ during 7d"]),
        ("a and lastSeen within 7d", "lastSeen within 168h", ["+ a", "  lastSeen within 7d"]),
        ("a from 2026-01-01", "b from 2026-01-01T01:00:00+01:00", ["+ a", "  from 2026-01-01", "- b"]),
    ],
)
def test_expressions_are_compared_condition_by_condition(local: str, remote: str, expected: list[str]) -> None:
    assert lines(local, remote) == expected


def test_other_texts_line_by_line() -> None:
    assert text_difference("description", "two\nlines", "one").lines == (("-", "one"), ("+", "two"), ("+", "lines"))
    assert text_difference("filters", "{}", '{"rules": []}').lines == (("-", '{"rules": []}'), ("+", "{}"))


def test_what_the_config_does_not_set_may_be_anything() -> None:
    assert decoration_differences(segment(), detail(description="d", icon="Users")) == ()
    assert decoration_differences(segment(description="d"), detail(description="d")) == ()
    assert decoration_differences(segment(description="d", icon="Users"), detail(icon="Star")) == (
        text_difference("description", "d", ""),
        text_difference("icon", "Users", "Star"),
    )


def test_filters_that_are_no_expression_are_shown_as_json() -> None:
    known = difference(FILTERS, FILTERS.to_dict() | {"dateRange": {"preset": "7d"}})
    assert known.to_dict() == {"key": "where", "local": "rating > 3", "remote": "rating > 3 during 7d"}
    unknown = difference(FILTERS, {"x": "\ud800"})
    assert unknown.to_dict() == {
        "key": "filters",
        "local": FILTERS.to_json().decode(),
        "remote": '{"x": "\\ud800"}',
    }


def test_filters_that_never_match_are_shown_as_an_expression() -> None:
    never = [{"type": "analysis", "field": "rating", "operator": operator, "value": 3} for operator in ("gt", "lt")]
    found = difference(FILTERS, {"rules": never})
    assert (found.remote, found.lines) == ("rating > 3 and rating < 3", ((" ", "rating > 3"), ("-", "rating < 3")))


@pytest.mark.parametrize(
    "rules",
    [
        [{"type": "property", "key": "plan", "operator": "neq", "value": "x" * 70_000}],
        [{"type": "property", "key": f"k{number}", "operator": "neq", "value": number} for number in range(6_000)],
        [{"type": "last_seen", "operator": "within", "value": "9" * 5_000 + "d"}],
    ],
    ids=["a long text", "many rules", "a long duration"],
)
def test_filters_beyond_what_an_expression_can_say_are_shown_as_json(rules: list[dict[str, Any]]) -> None:
    found = difference(FILTERS, {"rules": rules})
    assert (found.key, json.loads(found.remote)) == ("filters", {"rules": rules})
    assert [sign for sign, _ in found.lines] == ["-", "+"]


def test_an_expression_that_grew_beyond_what_a_text_can_say_is_shown_as_json() -> None:
    long = Filters.from_dict({"rules": [{"type": "property", "key": "plan", "operator": "neq", "value": "x" * 70_000}]})
    found = difference(long, FILTERS.to_dict())
    assert (found.key, found.local) == ("filters", long.to_json().decode())


@pytest.mark.parametrize(
    ("left", "right", "same"), [("", None, True), ("a\nb", "a\r\nb ", True), ("a", None, False), ("a", "A", False)]
)
def test_descriptions_that_a_server_may_tidy_up(left: str, right: str | None, same: bool) -> None:
    assert same_text(left, right) is same


def test_a_plan_as_plain_data() -> None:
    plan = Plan(create=(Create(segment(icon="Users"), "rating > 3"),))
    assert plan.to_dict() == {
        "version": 1,
        "create": [{"name": "A", "where": "rating > 3", "filters": FILTERS.to_dict(), "icon": "Users"}],
        "unchanged": [],
        "differs": [],
        "unreadable": [],
        "unmanaged": [],
        "duplicates": [],
        "summary": {"create": 1, "unchanged": 0, "differs": 0, "unreadable": 0, "unmanaged": 0, "duplicates": 0},
    }


def test_what_is_not_created_as_plain_data() -> None:
    plan = Plan(
        create=(),
        differs=(Differs("D", ("5", "6"), (text_difference("icon", "Users", "Star"),)),),
        unreadable=(Unreadable("A", ("1",), "broken"),),
        unmanaged=(Unmanaged("B", "2"),),
        duplicates=(Duplicate("C", ("3", "4")),),
    )
    data = plan.to_dict()
    icon = {"key": "icon", "local": "Users", "remote": "Star"}
    assert data["differs"] == [{"name": "D", "ids": ["5", "6"], "differences": [icon]}]
    assert data["unreadable"] == [{"name": "A", "ids": ["1"], "reason": "broken"}]
    assert data["unmanaged"] == [{"name": "B", "id": "2"}]
    assert data["duplicates"] == [{"name": "C", "ids": ["3", "4"]}]


def test_properties_that_only_negated_conditions_mention() -> None:
    rules = 'p != "a" and q != "b" and q != "c" and r == "d" and s != "e" and s > "f" and conversation.p != "g"'
    filters = segdsl.compile(f"{rules} and rating > 1")
    assert Create(Segment(name="A", filters=filters), rules).excludes == ("p", "q", "conversation.p")
