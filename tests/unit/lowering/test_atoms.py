"""Which predicates one rule says."""

import pytest
from lowered import typed
from segdsl.lowering.atoms import single_atom, wire_duration

import segdsl

WHOLE = segdsl.Schema(properties={"seats": "integer"}, conversation_properties={"turns": "integer"})


def rule(text: str, schema: segdsl.Schema | None = None) -> tuple[str, object] | None:
    atom = single_atom(typed(text, schema).condition)
    return None if atom is None else (atom.operator, atom.value)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("rating == 3", ("eq", 3)),
        ("rating < 3", ("lt", 3)),
        ("rating <= 3", ("lte", 3)),
        ("rating > 3", ("gt", 3)),
        ("rating >= 3.5", ("gte", 3.5)),
        ("rating != 3", None),
        ("rating in [3]", None),
        ("jailbreakDetected", ("is", True)),
        ("jailbreakDetected == false", ("is", False)),
        ("jailbreakDetected != true", ("is", False)),
        ("jailbreakDetected != false", ("is", True)),
        ("conversationCount > 3", ("gte", 4)),
        ("conversationCount >= 3", ("gte", 3)),
        ("conversationCount < 3", ("lte", 2)),
        ("conversationCount <= 3", ("lte", 3)),
        ("conversationCount == 3", None),
        ("conversationCount != 3", None),
        ("lastSeen within 7d", ("within", "7d")),
        ("lastSeen before 2w", ("before", "14d")),
        ("plan == 'a'", ("eq", "a")),
        ("plan != true", ("neq", True)),
        ("plan < 'a'", ("lt", "a")),
        ("plan > 1", ("gt", 1)),
        ("plan contains 'a'", ("contains", "a")),
        ("plan >= 1", None),
        ("plan <= 1", None),
        ("plan in ['a']", None),
        ("plan", ("eq", True)),
        ("conversation.x != 1", ("neq", 1)),
        ("conversation.x >= 1", None),
    ],
)
def test_one_rule(text, expected):
    assert rule(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("seats >= 3", ("gt", 2)),
        ("seats <= 3", ("lt", 4)),
        ("seats > 3", ("gt", 3)),
        ("conversation.turns >= 3", ("gt", 2)),
        ("conversation.turns <= 3", ("lt", 4)),
        ("seats in [3]", None),
    ],
)
def test_a_declared_integer_has_inclusive_bounds(text, expected):
    assert rule(text, WHOLE) == expected


@pytest.mark.parametrize(("text", "expected"), [("7d", "7d"), ("24h", "24h"), ("30m", "30m"), ("2w", "14d")])
def test_weeks_become_days(text, expected):
    assert wire_duration(text) == expected
