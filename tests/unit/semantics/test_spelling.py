"""Dates of declared date properties are formatted without quotes."""

import pytest

import segdsl
from segdsl.semantics.spelling import with_unquoted_dates

SCHEMA = segdsl.Schema(properties={"opened": "date", "city": "string"}, conversation_properties={"due": "date"})


@pytest.mark.parametrize(
    ("text", "spelled"),
    [
        ('opened > "2026-01-31"', "opened > 2026-01-31"),
        ("not ('2026-01-31' < opened)", "not (2026-01-31 < opened)"),
        ('opened in ["2026-01-31", 2026-02-01]', "opened in [2026-01-31, 2026-02-01]"),
        ('"2026-01-01" <= opened < "2026-02-01"', "2026-01-01 <= opened < 2026-02-01"),
        ('opened between "2026-01-01" and $end', "opened between 2026-01-01 and $end"),
        ('conversation.due == "2026-01-31T12:00:00Z"', "conversation.due == 2026-01-31T12:00:00Z"),
    ],
)
def test_dates_lose_their_quotes(text: str, spelled: str) -> None:
    assert with_unquoted_dates(text, SCHEMA) == spelled


@pytest.mark.parametrize(
    "text",
    [
        'city == "2026-01-31"',  # not declared a date
        'opened > "spring"',  # not a date
        "opened or isAdmin",
        'opened > "2026-01-31" and',  # not an expression
    ],
)
def test_any_other_text_stays(text: str) -> None:
    assert with_unquoted_dates(text, SCHEMA) == text


def test_nothing_changes_where_no_date_is_declared() -> None:
    text = 'opened > "2026-01-31"'
    assert with_unquoted_dates(text, segdsl.Schema(properties={"opened": "string"})) == text
