"""Warnings about scope clauses."""

from typing import Any

import pytest

import segdsl

UUID = "182bd5e5-6e1a-4fe4-a799-aa6d9a6ab26e"
DATES = segdsl.Schema(properties={"renewal": "date", "isAdmin": "boolean", "plan": "boolean"})


def warnings(text: str, schema: segdsl.Schema | None = None, **given: Any) -> list[segdsl.Diagnostic]:
    found = segdsl.check(text, schema, max_segments=64, **given)
    assert {one.severity for one in found} <= {"warning"}
    return list(found)


@pytest.mark.parametrize(
    ("text", "clauses"),
    [
        ('plan == "pro" from 2026-01-01', "from 2026-01-01"),
        ('plan == "pro" and not isAdmin during 30d  # why', "during 30d"),
        ("isAdmin during all", "during all"),
        ("lastSeen within 90d during 7d", "during 7d"),
        (f'isAdmin for product "{UUID}"', f'for product "{UUID}"'),
        ("isAdmin to 2026-03-31\n from 2026-01-01", "to 2026-03-31\n from 2026-01-01"),
    ],
)  # fmt: skip
def test_clauses_change_nothing_about_users(text: str, clauses: str) -> None:
    (found,) = warnings(text)
    assert (found.code, text[found.span.start : found.span.end]) == ("misplaced-clause", clauses)
    assert found.message.endswith("chooses conversations, and no condition here is about conversations")
    what = "with that product" if clauses.startswith("for") else "in that time"
    assert found.help == (f"for users with a conversation {what}, add `conversationCount >= 1`",)
    assert found.fixes == ()


@pytest.mark.parametrize(
    "condition",
    [
        "rating < 3",
        "jailbreakDetected",
        "conversationCount == 0",
        'conversation.channel == "web"',
        "isAdmin and cqi > 5",
    ],
)
@pytest.mark.parametrize("clause", ["during 30d", "from 2026-01-01 to 2026-03-31", f'for product "{UUID}"'])
def test_clauses_choose_conversations(condition: str, clause: str) -> None:
    assert warnings(f"{condition} {clause}") == []


def test_clauses_choose_the_conversations_of_a_definition() -> None:
    assert warnings("@engaged during 7d", definitions={"engaged": "conversationCount > 5"}) == []
    (found,) = warnings("@admin during $period", definitions={"admin": "isAdmin"}, params={"period": "7d"})
    assert found.code == "misplaced-clause"


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("renewal >= 2026-01-01 to 2026-03-31", "renewal between 2026-01-01 and 2026-03-31"),
        ('not renewal = "2026-01-01" to 2026-03-31', 'not renewal between "2026-01-01" and "2026-03-31"'),
        ('plan or 2026-01-01 <= renewal  to 2026-03-31', 'plan or renewal between 2026-01-01 and 2026-03-31'),
        ("cqi < 50 and renewal >= 2026-01-01 to 2026-03-31", "cqi < 50 and renewal between 2026-01-01 and 2026-03-31"),
    ],
)  # fmt: skip
def test_a_clause_after_a_date_is_probably_the_end_of_a_range(text: str, meant: str) -> None:
    (found,) = warnings(text, DATES)
    assert (found.code, [fix.safe for fix in found.fixes]) == ("misplaced-clause", [False])
    mended = found.fixes[0].applied_to(text)
    assert (mended, warnings(mended, DATES)) == (meant, [])


@pytest.mark.parametrize(
    "text",
    [
        "cqi < 50 and renewal >= 2026-01-01 from 2026-01-01 to 2026-03-31",
        "cqi < 50 and renewal > 2026-01-01 to 2026-03-31",
        "cqi < 50 and renewal >= 2026-03-31 to 2026-01-01",
        "cqi < 50 and (renewal >= 2026-01-01) to 2026-03-31",
        "cqi < 50 and renewal >= 2026-01-01 # begin\n to 2026-03-31",
        "cqi < 50 and renewal >= 2026-01-01 to # end\n 2026-03-31",
        "renewal >= 2026-01-01 and cqi < 50 to 2026-03-31",
        "cqi < 50 and plan == true to 2026-03-31",
        "cqi < 50 and isAdmin to 2026-03-31",
        'cqi < 50 and conversation.began >= "2026-01-01" to 2026-03-31',
    ],
)
def test_a_clause_after_other_conditions_is_a_clause(text: str) -> None:
    assert [one for one in warnings(text, DATES) if one.code != "never-matches"] == []


def test_the_end_of_a_definition_is_no_begin_of_a_range() -> None:
    assert warnings("cqi < 50 and @new to 2026-03-31", DATES, definitions={"new": "renewal >= 2026-01-01"}) == []
    assert warnings("cqi < 50 and renewal >= 2026-01-01 to $end", DATES, params={"end": "2026-03-31"}) == []


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("renewal from 2026-01-01 to 2026-03-31", 'renewal between "2026-01-01" and "2026-03-31"'),
        ("user.began from 2026-01-01", 'user.began >= "2026-01-01"'),
        ("plan and renewal to 2026-03-31", 'plan and renewal <= "2026-03-31"'),
    ],
)
def test_a_name_alone_with_dates_is_probably_a_date(text: str, meant: str) -> None:
    (found,) = warnings(text)
    assert found.fixes[0].title.startswith("if `")
    assert [fix.applied_to(text) for fix in found.fixes] == [meant]


@pytest.mark.parametrize(
    "text", ["isAdmin from 2026-01-01", "has_paid to 2026-03-31", "plan during 7d from 2026-01-01"]
)
def test_a_name_of_a_flag_with_dates_is_no_date(text: str) -> None:
    assert [one.fixes for one in segdsl.check(text) if one.code == "misplaced-clause"] == [()]


@pytest.mark.parametrize("dates", ["from 2026-01-01", "to 2026-03-31", "from 2026-01-01 to 2026-03-31"])
def test_a_period_with_dates_is_not_documented(dates: str) -> None:
    for text in (f"rating < 3 during 7d {dates}", f"rating < 3 {dates} during all"):
        (found,) = warnings(text)
        assert (found.code, text[found.span.start :][:6]) == ("two-periods", "during")
    assert warnings(f'rating < 3 {dates} for product "{UUID}"') == []


def test_a_built_expression_has_the_same_warnings() -> None:
    built = segdsl.Expression(segdsl.parse("isAdmin").condition, during="7d")
    assert [one.code for one in segdsl.check(built)] == ["misplaced-clause"]


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("rating < 3 since 2026-01-01", True),
        ('conversation["2fa"] == 3 since 2026-01-01', True),
        ("rating < 3 after 2026-01-01", False),  # `from` a day includes it
        ("isAdmin and conversationCount > 3 since 2026-01-01", True),
        ("rating < 3 from 2026-01-01 until 2026-03-31", True),
        ('plan == "pro" since 2026-01-01', False),
        ("lastSeen within 90d until 2026-01-01", False),
    ],
)
def test_since_is_surely_a_clause_after_what_comes_from_conversations(text: str, safe: bool) -> None:
    (error,) = [one for one in segdsl.check(text) if one.severity == "error"]
    assert [fix.safe for fix in error.fixes] == [safe]
