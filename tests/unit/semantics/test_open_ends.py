"""`seats = 10 or more`: words that turn the comparison before them into a bound, and are not names there."""

import pytest

import segdsl
from segdsl.syntax.names import OPEN_ENDS


def errors(text: str, schema: segdsl.Schema | None = None) -> list[segdsl.Diagnostic]:
    return [one for one in segdsl.check(text, schema) if one.severity == "error"]


@pytest.mark.parametrize("word", OPEN_ENDS)
@pytest.mark.parametrize("connective", ["or", "and", "||"])
def test_a_word_after_a_comparison_makes_a_bound(word: str, connective: str) -> None:
    text = f"seats > 1 and rating = 4 {connective} {word} and isAdmin"
    (found,) = errors(text)
    assert found.code == "not-a-condition"
    assert text[found.span.start : found.span.end] == word
    (fix,) = found.fixes
    assert fix.applied_to(text) == f"seats > 1 and rating {OPEN_ENDS[word]} 4 and isAdmin"


@pytest.mark.parametrize("word", OPEN_ENDS)
def test_a_bound_in_the_same_direction_stays(word: str) -> None:
    text = f"seats {OPEN_ENDS[word]} 10 OR {word.upper()}"
    (found,) = errors(text)
    assert found.fixes[0].applied_to(text) == f"seats {OPEN_ENDS[word]} 10"


@pytest.mark.parametrize(
    "text",
    [
        "seats > 10 or above",  # the other direction, or none
        "seats != 10 or above",
        'plan = "pro" or above',
        "10 = seats or above",
        "not (seats = 10) or above",
        "seats = 10 or not above",
        "(seats = 10) or above",
        "isAdmin or above",
        "seats in [1, 2] or above",
        "above",
        "seats = 10 or user.above",
        "seats = 10 or above == true",
    ],
)
def test_elsewhere_it_is_a_name(text: str) -> None:
    assert errors(text) == []


def test_a_declared_name_stays_one() -> None:
    schema = segdsl.Schema(properties={"seats": "integer", "above": "boolean"})
    assert errors("seats = 10 or above", schema) == []


@pytest.mark.parametrize("text", ["lastSeen = 10 or more", "jailbreakDetected = 1 or more"])
def test_no_bound_is_proposed_that_the_field_does_not_have(text: str) -> None:
    assert [fix for found in errors(text) for fix in found.fixes if fix.applied_to(text).endswith("10")] == []


@pytest.mark.parametrize("word", OPEN_ENDS)
def test_decompile_never_writes_these_words_alone(word: str) -> None:
    filters = segdsl.compile(f"seats == 10 and user.{word}")
    assert segdsl.compile(segdsl.decompile(filters)) == filters
