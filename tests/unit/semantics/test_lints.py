"""Warnings about values take time linear in the text."""

import re

import pytest

import segdsl
from segdsl.semantics import typed


class Counted:
    """A regular expression that counts the characters it is given."""

    def __init__(self, pattern: re.Pattern[str]) -> None:
        self.pattern = pattern
        self.characters = 0

    def search(self, text: str) -> re.Match[str] | None:
        self.characters += len(text)
        return self.pattern.search(text)


@pytest.mark.parametrize("number", ["{}.5", "{}.500"])
def test_numbers_with_a_point_are_looked_for_once_in_a_text(number: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A regular expression runs no lines, so that the tests of linear work do not see it."""
    segdsl.check("seats > 1.500")  # the module of the warnings takes the pattern when it is first needed
    counted = Counted(typed.THOUSANDTHS)
    monkeypatch.setattr(typed, "THOUSANDTHS", counted)
    text = " and ".join(f"p{at} > {number.format(at)}" for at in range(1, 200)) + " and @d and p0 > 1.5"
    found = segdsl.check(text, definitions={"d": "seats > 2.5"})
    assert {one.code for one in found} == ({"thousands-mark"} if number == "{}.500" else set())
    assert 0 < counted.characters < 2 * len(text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("lastSeen within 1m", ["`1m` is 1 minute; 1 month is `30d`"]),
        ("lastSeen before 6m", ["`6m` is 6 minutes; 6 months are `180d`"]),
        ("not lastSeen within 12m", ["`12m` is 12 minutes; 12 months are `365d`"]),
        ("lastSeen within 13m", []),
        ("lastSeen within 30m", []),
        ("lastSeen within 6h", []),
        ('plan == "6m"', []),
    ],
)
def test_a_few_minutes_are_probably_months(text: str, said: list[str]) -> None:
    found = segdsl.check(text)
    assert [one.message for one in found] == said
    assert {one.code for one in found} <= {"minutes"}


def test_minutes_of_a_parameter_are_minutes() -> None:
    assert segdsl.check("lastSeen within $time", params={"time": "6m"}) == ()
