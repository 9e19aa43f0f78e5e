"""Evaluating an expression for a user: three values, page by page."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest

import segdsl
from segdsl.errors import UserError

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


def judge(text: str, now: datetime = NOW) -> Callable[[Any], bool | None]:
    return segdsl.matcher(text, now=now)


def ways_to_judge(text: str, user: Any) -> tuple[Callable[[], bool | None], ...]:
    return lambda: segdsl.evaluate(text, user, now=NOW), lambda: judge(text)(user)


def both(text: str, user: Any, now: datetime = NOW) -> bool | None:
    """The verdict, on which `evaluate`, `matcher` and `explain_evaluation` agree."""
    verdict = segdsl.evaluate(text, user, now=now)
    assert judge(text, now)(user) is verdict
    assert segdsl.explain_evaluation(text, user, now=now).verdict is verdict
    return verdict


USER = {
    "id": "u1",
    "analysis": {"sentiment": 0.4, "rating": 3, "cqi": None},
    "flags": {"jailbreakDetected": False, "userBiasDetected": True},
    "properties": {"plan": "pro", "seats": 10, "isAdmin": True, "tags": ["a"], "one": 1, "text": "5", "empty": ""},
    "conversationProperties": {"channel": "slack"},
    "conversationCount": 7,
    "lastSeen": "2026-05-31T12:00:00Z",
}


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        # every operator of every kind, true and false
        ("sentiment == 0.4", True),
        ("sentiment != 0.4", False),
        ("sentiment < 0.4", False),
        ("sentiment <= 0.4", True),
        ("sentiment > 0.39", True),
        ("sentiment >= 0.41", False),
        ("0.3 < sentiment < 0.4", False),
        ("0.3 < sentiment <= 0.4", True),
        ("0.4 < sentiment < 0.5", False),
        ("0.7 > sentiment >= 0.4", True),
        ("rating between 3 and 4", True),
        ("rating between 4 and 5", False),
        ("rating in [1, 3.0]", True),
        ("rating not in [1, 3.0]", False),
        ("rating == 3.0", True),
        ("jailbreakDetected", False),
        ("userBiasDetected", True),
        ("jailbreakDetected is false", True),
        ("jailbreakDetected is not false", False),
        ("jailbreakDetected != true", True),
        ("conversationCount > 6", True),
        ("conversationCount == 7", True),
        ("conversationCount in [1, 2]", False),
        ("conversationCount between 8 and 9", False),
        ('plan == "pro"', True),
        ('plan != "pro"', False),
        ('plan in ["free", "pro"]', True),
        ('plan not in ["free", 5]', True),
        ('plan contains "r"', True),
        ('plan not contains "r"', False),
        ('plan contains ""', True),
        ('empty == ""', True),
        ('plan > "pre"', True),
        ('plan < "Z"', False),
        ('"a" < plan <= "pro"', True),
        ("seats >= 10", True),
        ("seats < 10", False),
        ("5 <= seats < 10", False),
        ("isAdmin", True),
        ("isAdmin is not true", False),
        ('conversation.channel == "slack"', True),
        # mixed types: never equal, and not ordered
        ("one", False),
        ("one == true", False),
        ("one != true", True),
        ("isAdmin == 1", False),
        ("isAdmin in [1, 1.0]", False),
        ("one in [true]", False),
        ("isAdmin in [1, true]", True),
        ("text == 5", False),
        ("text != 5", True),
        ("text > 4", None),
        ("isAdmin > 0", None),
        ("seats > 'a'", None),
        ("seats <= 'a'", None),
        ("seats not in ['10']", True),
        ("0 < text < 9", None),
        ("text between 'a' and 9", False),
        ("text between '1' and 9", None),
        ("seats contains '1'", None),
        ("seats not contains '1'", None),
        ("tags == 'a'", False),
        ("tags != 'a'", True),
        ("tags > 'a'", None),
        ("tags contains 'a'", None),
        ("tags in ['a', 1, true]", False),
        ("tags", False),
        # lacking: unknown, for every operator
        ("cqi > 3", None),
        ("cqi != 3", None),
        ("frustration not in [1]", None),
        ("absent", None),
        ("absent != 1", None),
        ("absent not contains 'a'", None),
        ("absent between 1 and 2", None),
        ("modelBiasDetected is not true", None),
        ("conversation.plan == 'pro'", None),
        # Kleene
        ("not absent", None),
        ("absent and isAdmin", None),
        ("absent and one", False),
        ("one and absent", False),
        ("absent or isAdmin", True),
        ("absent or one", None),
        ("not (absent or isAdmin)", False),
        ("not (absent and one)", True),
        ("absent == 1 or absent != 1", None),
        ("not not isAdmin and not one and (absent or not (one or absent and isAdmin) or isAdmin)", True),
        # recency
        ("lastSeen within 24h", True),
        ("lastSeen within 1439m", False),
        ("lastSeen before 1d", False),
        ("lastSeen before 23h", True),
        ("lastSeen within 1w and not lastSeen within 23h", True),
    ],
)
def test_meaning(text: str, verdict: bool | None) -> None:
    assert both(text, USER) is verdict


@pytest.mark.parametrize(
    ("text", "verdict"),
    [("'\U0001f600' > plan", True), ("plan > '\ue000'", True), ("plan >= '\uffff'", True)],
)
def test_strings_are_ordered_by_code_points(text: str, verdict: bool) -> None:
    """U+10000 comes after U+FFFF, though its UTF-16 units come before."""
    assert both(text, {"properties": {"plan": "\U00010000"}}) is verdict


def test_a_moment_to_come_counts_as_recent() -> None:
    user = {"lastSeen": (NOW + timedelta(days=400)).isoformat()}
    assert both("lastSeen within 1m", user) is True
    assert both("lastSeen before 1m", user) is False


def test_scope_clauses_are_not_evaluated() -> None:
    assert both("isAdmin during 7d from 2030-01-01", USER) is True


def test_now_is_a_moment_and_not_the_clock_on_a_wall() -> None:
    seen = {"lastSeen": "2026-05-31T12:00:00Z"}
    tokyo = NOW.astimezone(timezone(timedelta(hours=9)))
    assert both("lastSeen within 24h", seen, tokyo) is True
    assert both("lastSeen before 24h", seen, tokyo + timedelta(seconds=1)) is True


@pytest.mark.parametrize(
    ("now", "seen", "within"),
    [
        (datetime.max.replace(tzinfo=timezone(-timedelta(hours=23, minutes=59))), "9999-12-31T23:59:59Z", False),
        (datetime.max.replace(tzinfo=timezone(-timedelta(hours=23, minutes=59))), "9999-12-31T23:59:59-23:59", True),
        (datetime.min.replace(tzinfo=timezone(timedelta(hours=23, minutes=59))), "0001-01-01", True),
    ],
)
def test_now_may_stand_at_either_end_of_the_calendar(now: datetime, seen: str, within: bool) -> None:
    assert both("lastSeen within 1h", {"lastSeen": seen}, now) is within


def test_time_is_counted_across_a_change_of_the_clocks() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    seen, now = datetime(2026, 3, 29, 1, 30, tzinfo=berlin), datetime(2026, 3, 29, 3, 30, tzinfo=berlin)
    assert both("lastSeen within 60m", {"lastSeen": seen}, now) is True  # two hours on the wall


@pytest.mark.parametrize("prepared", [segdsl.matcher, lambda text, now: segdsl.evaluate(text, {}, now)])
def test_a_naive_now_is_refused(prepared: Callable[[str, datetime], object]) -> None:
    with pytest.raises(ValueError, match="now must be an aware datetime"):
        prepared("isAdmin", datetime(2026, 6, 1))


BAD = {"analysis": {"rating": "three"}, "conversationCount": -1, "properties": {"isAdmin": True}}


@pytest.mark.parametrize(
    "text",
    [
        "rating > 3",
        "not rating > 3",
        "isAdmin or rating > 3",
        "isAdmin == false and rating > 3",
        "rating > 3 and isAdmin == false",
        "isAdmin or (one and (two or rating > 3))",
    ],
)
def test_an_unusable_value_is_an_error_even_if_the_others_decide(text: str) -> None:
    for verdict in ways_to_judge(text, BAD):
        with pytest.raises(UserError, match=r"^analysis\.rating: must be a finite number, not 'three'$"):
            verdict()


@pytest.mark.parametrize("text", ["rating > 3 and conversationCount > 1", "conversationCount > 1 or rating > 3"])
def test_one_of_several_unusable_values_is_reported_in_any_order(text: str) -> None:
    for verdict in ways_to_judge(text, BAD):
        with pytest.raises(UserError, match=r"^analysis\.rating"):
            verdict()


def test_fields_that_are_not_mentioned_are_not_looked_at() -> None:
    assert both("isAdmin", BAD) is True


@pytest.mark.parametrize("text", ["isAdmin", "isAdmin and one", "isAdmin and not one", "isAdmin or (one and not two)"])
def test_a_user_must_be_an_object(text: str) -> None:
    for verdict in ways_to_judge(text, ["u1"]):
        with pytest.raises(UserError, match="a user must be an object"):
            verdict()


def test_depth_is_no_matter() -> None:
    text = "not (one or isAdmin and " * 100 + "absent" + ")" * 100
    assert both(text, USER) is None
    assert both(text, {**USER, "properties": {"one": True}}) is False


def test_verdicts_are_booleans_though_values_are_of_foreign_types() -> None:
    class Measured(float):
        def __gt__(self, other: Any) -> Any:
            return "yes"

    assert (
        both("seats > 3 and rating > 3", {"properties": {"seats": Measured(4)}, "analysis": {"rating": Measured(4)}})
        is True
    )
