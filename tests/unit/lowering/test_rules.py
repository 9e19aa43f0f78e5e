"""What one predicate alone becomes: which of them one rule says, and the alternatives of the others."""

import pytest

import segdsl
from segdsl.limits import MAX_SAFE_INTEGER
from segdsl.lowering.rules import MAKERS, RuleMakers, single_alternatives
from segdsl.lowering.words import wire_duration
from segdsl.semantics.resolution import Resolution

from .lowered import Brief, brief, predicate_of

WHOLE = segdsl.Schema(properties={"seats": "integer"}, conversation_properties={"turns": "integer"})


def rule(text: str, schema: segdsl.Schema | None = None) -> tuple[str, object] | None:
    """The operator and value of the one rule that a predicate is; None when it takes more to tell."""
    predicate = predicate_of(text, schema)
    make = MAKERS[predicate.says]
    made = None if make is None else make(predicate.value)
    return None if made is None else brief(made)[1:]


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
        ("conversationCount > -1", ("gte", 0)),
        ("conversationCount >= 0", ("gte", 0)),
        ("conversationCount > -2", None),
        ("conversationCount >= -1", None),
        ("conversationCount < 0", None),
        ("conversationCount <= 9007199254740991", ("lte", MAX_SAFE_INTEGER)),
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
def test_one_rule(text: str, expected: tuple[str, float | bool | str] | None) -> None:
    assert rule(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("seats >= 3", ("gt", 2)),
        ("seats <= 3", ("lt", 4)),
        ("seats > 3", ("gt", 3)),
        ("conversation.turns >= 3", ("gt", 2)),
        ("conversation.turns <= 3", ("lt", 4)),
        ("not seats < 3", ("gt", 2)),
        ("seats in [3]", None),
        (f"seats >= {1 - MAX_SAFE_INTEGER}", ("gt", -MAX_SAFE_INTEGER)),
        (f"seats <= {MAX_SAFE_INTEGER - 1}", ("lt", MAX_SAFE_INTEGER)),
    ],
)
def test_a_declared_integer_has_inclusive_bounds(text: str, expected: tuple[str, int] | None) -> None:
    assert rule(text, WHOLE) == expected


@pytest.mark.parametrize(("text", "expected"), [("7d", "7d"), ("24h", "24h"), ("30m", "30m"), ("2w", "14d")])
def test_weeks_become_days(text: str, expected: str) -> None:
    assert wire_duration(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("rating > 3", [[("rating", "gt", 3)]]),
        ("rating != 3", [[("rating", "lt", 3)], [("rating", "gt", 3)]]),
        ("seats >= 3", [[("seats", "gt", 3)], [("seats", "eq", 3)]]),
        ("seats <= 'm'", [[("seats", "lt", "m")], [("seats", "eq", "m")]]),
        ("conversation.turns >= 3", [[("turns", "gt", 3)], [("turns", "eq", 3)]]),
        ("plan in ['b', 'a', 'b']", [[("plan", "eq", "b")], [("plan", "eq", "a")]]),
        ("plan not in ['b', 'a', 'b']", [[("plan", "neq", "b"), ("plan", "neq", "a")]]),
        ("rating in [3, 1, 2]", [[("rating", "eq", 3)], [("rating", "eq", 1)], [("rating", "eq", 2)]]),
        ("conversation.x in [1, 'a']", [[("x", "eq", 1)], [("x", "eq", "a")]]),
        ("plan in [true, false]", [[("plan", "eq", True)], [("plan", "eq", False)]]),
        # left to the field's domain
        ("plan in [1, true]", None),
        ("plan not in [false, 0]", None),
        ("rating not in [1, 2]", None),
        ("conversationCount == 3", None),
        ("conversationCount != 3", None),
        ("conversationCount in [3, 4]", None),
    ],
)
def test_the_alternatives_of_one_predicate_as_written(text: str, expected: list[list[Brief]] | None) -> None:
    found = single_alternatives(predicate_of(text))
    assert (found if found is None else [list(map(brief, rules)) for rules in found]) == expected


def test_the_memory_of_resolutions_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("segdsl.lowering.rules._MOST", 3)
    makers = RuleMakers()
    predicate = predicate_of("plan == 'a'")
    for _ in range(10):
        assert makers[Resolution(predicate.field, "==")] is not None
        assert len(makers) <= 3
