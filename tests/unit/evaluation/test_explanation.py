"""The reasons of a verdict: the deciding terms, and the user's values."""

from datetime import UTC, datetime
from itertools import product
from typing import Any

import pytest

import segdsl
from segdsl.errors import UserError

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
USER = {
    "analysis": {"commercialIntent": 0.8},
    "flags": {"jailbreakDetected": True},
    "properties": {"plan": "free", "seats": "many", "tags": ["a", {"b": 1}], "long": "x" * 100, "odd": "\u202e\n"},
    "conversationCount": 7,
    "lastSeen": "2026-05-31T10:30:00Z",
}


def why(text: str, user: dict[str, Any] = USER) -> str:
    return str(segdsl.explain_evaluation(text, user, now=NOW))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            'commercialIntent >= 0.6 and plan == "enterprise"',
            'False, because plan == "enterprise" is false: plan is "free"',
        ),
        (
            'commercialIntent>=.6 AND !(plan=="enterprise")',
            "True, because commercialIntent >= 0.6 is true: commercialIntent is 0.8; "
            'plan == "enterprise" is false: plan is "free"',
        ),
        ("jailbreakDetected", "True, because jailbreakDetected is true: jailbreakDetected is true"),
        ("country == 'de' or plan == 'pro'", 'Unknown, because country == "de" is unknown: country is missing'),
        ("seats > 10", 'Unknown, because seats > 10 is unknown: seats is "many", a value of another type'),
        (
            "tags contains 'a'",
            'Unknown, because tags contains "a" is unknown: tags is ["a", {"b": 1}], '
            "a list, which no condition compares",
        ),
        ("tags == 'a'", 'False, because tags == "a" is false: tags is ["a", {"b": 1}]'),
        (
            "conversationCount between 1 and 5",
            "False, because conversationCount between 1 and 5 is false: conversationCount is 7",
        ),
        (
            "lastSeen before 7d",
            "False, because lastSeen before 7d is false: lastSeen is 2026-05-31T10:30:00+00:00, 1d ago",
        ),
        ("odd == 'a'", r'False, because odd == "a" is false: odd is "\u202e\n"'),
        ("not (plan == 'free' and vip)", "Unknown, because vip is unknown: vip is missing"),
        ("not (plan == 'free' or vip)", 'False, because plan == "free" is true: plan is "free"'),
    ],
)
def test_the_sentence_names_the_deciding_terms(text: str, sentence: str) -> None:
    assert why(text) == sentence


@pytest.mark.parametrize(
    ("seen", "age"),
    [
        ("2026-06-01T12:00:00Z", "0m ago"),
        ("2026-06-01T11:01:00Z", "59m ago"),
        ("2026-06-01T11:00:00Z", "1h ago"),
        ("2026-05-31T12:00:01Z", "23h ago"),
        ("2026-05-31T12:00:00Z", "1d ago"),
        ("2026-05-01", "31d ago"),
        ("2026-06-01T12:00:01Z", "in the future"),
    ],
)
def test_a_moment_is_shown_with_its_age(seen: str, age: str) -> None:
    assert why("lastSeen within 36500d", {"lastSeen": seen}).endswith(f", {age}")


def test_long_values_and_long_lists_of_reasons_are_cut() -> None:
    assert why("long == 'y'").endswith('"' + "x" * 40 + '…"')
    many = segdsl.explain_evaluation(" or ".join(f"plan == 'p{number}'" for number in range(9)), USER, now=NOW)
    assert len(many.deciding) == 9
    assert str(many).endswith("; and 4 more")
    assert why("tags == 1", {"properties": {"tags": {1, 2}}}).endswith("tags is a set")


def test_all_terms_are_given_in_the_order_of_the_text() -> None:
    explanation = segdsl.explain_evaluation("plan == 'pro' and (conversationCount > 5 or not absent)", USER, now=NOW)
    assert explanation.verdict is False
    assert [(term.text, term.verdict) for term in explanation.terms] == [
        ('plan == "pro"', False),
        ("conversationCount > 5", True),
        ("absent", None),
    ]
    assert explanation.deciding == explanation.terms[:1]


@pytest.mark.parametrize(
    "text",
    ["a and b and c", "a or b or c", "not (a and (b or c))", "a and not b or not c", "not a or not (b and not c)"],
)
def test_the_deciding_terms_alone_fix_the_verdict(text: str) -> None:
    """The verdict stays the same for any values of the other terms."""
    expression = segdsl.parse(text)
    for verdicts in product((True, False, None), repeat=3):
        values = dict(zip("abc", verdicts, strict=True))
        explanation = segdsl.explain_evaluation(expression, {"properties": values}, now=NOW)
        assert explanation.verdict is segdsl.evaluate(expression, {"properties": values}, now=NOW)
        if explanation.verdict is None:
            continue
        decided = {term.text for term in explanation.deciding}
        for others in product((True, False, None), repeat=3):
            changed = {key: values[key] if key in decided else other for key, other in zip("abc", others, strict=True)}
            assert segdsl.evaluate(expression, {"properties": changed}, now=NOW) is explanation.verdict, (
                values,
                changed,
            )


def test_the_contract_on_users_is_that_of_evaluate() -> None:
    with pytest.raises(UserError, match=r"^analysis\.rating"):
        why("plan == 'free' or rating > 3", {"analysis": {"rating": "x"}, "properties": {"plan": "free"}})
