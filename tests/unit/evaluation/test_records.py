"""Reading user records: missing values, accepted ones, and refused ones with their path."""

import json
from collections import UserDict
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from enum import IntEnum
from typing import Any

import pytest

from segdsl.errors import UserError
from segdsl.evaluation.records import reader, require_record
from segdsl.semantics.names import field_of


def read(name: str, user: Mapping[str, Any]) -> Any:
    return reader(field_of(name))(user)


LEVEL = IntEnum("LEVEL", {"THREE": 3})


class Huge(int):
    """An integer of a type of its own."""


class Measured(float):
    """A number of a type of its own, as numeric libraries have them."""


@pytest.mark.parametrize(
    ("name", "user"),
    [
        ("sentiment", {}),
        ("sentiment", {"analysis": None}),
        ("sentiment", {"analysis": {}}),
        ("sentiment", {"analysis": {"sentiment": None}}),
        ("jailbreakDetected", {"flags": {}}),
        ("conversationCount", {"conversationCount": None}),
        ("lastSeen", {}),
        ("plan", {"properties": {"plan": None}}),
        ("conversation.plan", {"properties": {"plan": "pro"}}),
    ],
)
def test_absent_and_null_are_lacking(name: str, user: dict[str, Any]) -> None:
    assert read(name, user) is None


@pytest.mark.parametrize(
    ("name", "user", "value"),
    [
        ("sentiment", {"analysis": {"sentiment": 0.4}}, 0.4),
        ("rating", {"analysis": {"rating": 4}}, 4),
        ("rating", {"analysis": {"rating": 10**300}}, 1e300),
        ("rating", {"analysis": {"rating": Huge(10**300)}}, 1e300),
        ("rating", {"analysis": {"rating": 2**53 + 1}}, 2**53),
        ("rating", {"analysis": {"rating": -(2**53) - 1}}, -(2**53)),
        ("rating", {"analysis": {"rating": 2**53 - 1}}, 2**53 - 1),
        ("conversationCount", {"conversationCount": 2**53 + 1}, 2**53),
        ("rating", {"analysis": {"rating": LEVEL.THREE}}, 3),
        ("rating", {"analysis": {"rating": Measured(0.5)}}, 0.5),
        ("jailbreakDetected", {"flags": {"jailbreakDetected": False}}, False),
        ("conversationCount", {"conversationCount": 0}, 0),
        ("conversationCount", {"conversationCount": 7.0}, 7),
        ("plan", {"properties": {"plan": [1, 2]}}, [1, 2]),
        ('user["a.b."]', {"properties": {"a.b.": {"x": 1}}}, {"x": 1}),
        ("user.sentiment", {"analysis": {"sentiment": "bad"}, "properties": {"sentiment": "grumpy"}}, "grumpy"),
        ("conversation.channel", {"conversationProperties": {"channel": "web"}}, "web"),
        ("lastSeen", {"lastSeen": "2026-03-25"}, datetime(2026, 3, 25, tzinfo=UTC)),
        ("lastSeen", {"lastSeen": "2026-03-25T14:30:00+02:00"}, datetime(2026, 3, 25, 12, 30, tzinfo=UTC)),
        ("lastSeen", {"lastSeen": datetime(2026, 1, 1, tzinfo=UTC)}, datetime(2026, 1, 1, tzinfo=UTC)),
        ("plan", UserDict(properties=UserDict(plan="pro")), "pro"),
    ],
)
def test_values_are_taken_as_javascript_holds_them(name: str, user: Mapping[str, Any], value: Any) -> None:
    found = read(name, user)
    assert found == value
    assert type(found) not in (LEVEL, Huge, Measured)


@pytest.mark.parametrize(
    ("name", "user", "path"),
    [
        ("sentiment", {"analysis": []}, "analysis"),
        ("rating", {"analysis": {"rating": 10**400}}, "analysis.rating"),
        ("rating", {"analysis": {"rating": Huge(-(10**400))}}, "analysis.rating"),
        ("sentiment", {"analysis": "0.4"}, "analysis"),
        ("sentiment", {"analysis": {"sentiment": "0.4"}}, "analysis.sentiment"),
        ("sentiment", {"analysis": {"sentiment": True}}, "analysis.sentiment"),
        ("sentiment", json.loads('{"analysis": {"sentiment": NaN}}'), "analysis.sentiment"),
        ("sentiment", json.loads('{"analysis": {"sentiment": -Infinity}}'), "analysis.sentiment"),
        ("sentiment", {"analysis": {"sentiment": Measured("inf")}}, "analysis.sentiment"),
        ("jailbreakDetected", {"flags": {"jailbreakDetected": 1}}, "flags.jailbreakDetected"),
        ("jailbreakDetected", {"flags": {"jailbreakDetected": "true"}}, "flags.jailbreakDetected"),
        ("conversationCount", {"conversationCount": -1}, "conversationCount"),
        ("conversationCount", {"conversationCount": 1.5}, "conversationCount"),
        ("conversationCount", {"conversationCount": True}, "conversationCount"),
        ("conversationCount", {"conversationCount": {}}, "conversationCount"),
        ("lastSeen", {"lastSeen": "yesterday"}, "lastSeen"),
        ("lastSeen", {"lastSeen": "2026-02-30"}, "lastSeen"),
        ("lastSeen", {"lastSeen": "2026-01-01T00:00:00"}, "lastSeen"),
        ("lastSeen", {"lastSeen": datetime(2026, 1, 1)}, "lastSeen"),
        ("lastSeen", {"lastSeen": 1767225600}, "lastSeen"),
        ("plan", {"properties": 5}, "properties"),
        ("conversation.plan", {"conversationProperties": ["plan"]}, "conversationProperties"),
    ],
)
def test_values_a_field_cannot_hold_are_refused_with_their_path(name: str, user: dict[str, Any], path: str) -> None:
    with pytest.raises(UserError, match=rf"^{path}: must be "):
        read(name, user)


@pytest.mark.parametrize("user", [None, [], "user", 5, [("properties", {})]])
def test_a_record_is_an_object(user: Any) -> None:
    with pytest.raises(UserError) as caught:
        require_record(user)
    assert str(caught.value) == f"a user must be an object, not {user!r}"


def test_a_part_of_a_record_is_an_object() -> None:
    with pytest.raises(UserError, match=r"^analysis: must be an object, not 'high'$"):
        read("sentiment", {"analysis": "high"})


def test_messages_are_short_for_any_value() -> None:
    for value in ("x" * 10_000, [["x" * 50] * 50] * 50, "\x1b[31m", -(10**5000)):
        with pytest.raises(UserError) as caught:
            read("conversationCount", {"conversationCount": value})
        assert len(str(caught.value)) < 200
        assert "\x1b" not in str(caught.value)


def test_eighty_characters_of_a_long_value_are_shown() -> None:
    with pytest.raises(UserError) as caught:
        read("conversationCount", {"conversationCount": ["x" * 20] * 5})
    shown = str(caught.value).partition(", not ")[2]
    assert shown == str(["x" * 20] * 5)[:80] + "…"


def test_offsets_of_moments_are_kept() -> None:
    east = timezone(timedelta(hours=14))
    assert read("lastSeen", {"lastSeen": datetime(2026, 1, 2, tzinfo=east)}) == datetime(2026, 1, 1, 10, tzinfo=UTC)
