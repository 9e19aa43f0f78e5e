"""Filters as the sentence that a person would have written."""

from typing import Any

import pytest

import segdsl
from segdsl.compiler.decompile import decompile, decompiled
from segdsl.errors import InvalidSegmentError
from segdsl.syntax.nodes import Comparison
from segdsl.syntax.printer import unparse
from segdsl.wire import Filters

PRODUCT = "182bd5e5-6e1a-4fe4-a799-aa6d9a6ab26e"


def metric(field: str, operator: str, value: float) -> dict[str, Any]:
    return {"type": "analysis", "field": field, "operator": operator, "value": value}


def flag(field: str, value: bool) -> dict[str, Any]:
    return {"type": "analysis_flag", "field": field, "value": value}


def user(key: str, operator: str, value: str | int | bool) -> dict[str, Any]:
    return {"type": "property", "key": key, "operator": operator, "value": value}


def conversation(key: str, operator: str, value: bool | str | int) -> dict[str, Any]:
    return {"type": "conversation_property", "key": key, "operator": operator, "value": value}


def count(operator: str, value: int) -> dict[str, Any]:
    return {"type": "conversation_count", "operator": operator, "value": value}


def seen(operator: str, value: str) -> dict[str, str]:
    return {"type": "last_seen", "operator": operator, "value": value}


def text_of(*rules: dict[str, Any], **scope: dict[str, str] | list[str] | None) -> str:
    return unparse(decompile({"rules": list(rules), **scope}))


def test_the_reference_example() -> None:
    assert text_of(metric("commercialIntent", "gte", 0.6), user("plan", "eq", "enterprise")) == (
        'commercialIntent >= 0.6 and plan == "enterprise"'
    )


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        (metric("sentiment", "lt", 0.5), "sentiment < 0.5"),
        (metric("rating", "eq", 4.0), "rating == 4"),
        (metric("cqi", "lte", 80), "cqi <= 80"),
        (flag("jailbreakDetected", True), "jailbreakDetected"),
        (flag("jailbreakDetected", False), "not jailbreakDetected"),
        (user("plan", "neq", "free"), 'plan != "free"'),
        (user("company", "contains", "GmbH"), 'company contains "GmbH"'),
        (user("seats", "gt", 10), "seats > 10"),
        (user("isAdmin", "eq", True), "isAdmin"),
        (user("isAdmin", "eq", False), "isAdmin == false"),
        (user("isAdmin", "neq", True), "isAdmin != true"),
        (user("from", "eq", True), "user.from == true"),
        (user("one", "eq", 1), "one == 1"),
        (conversation("escalated", "eq", True), "conversation.escalated"),
        (conversation("2fa", "eq", True), "conversation.2fa"),
        (conversation("-", "eq", True), 'conversation["-"] == true'),
        (conversation("sentiment", "lt", "x"), 'conversation.sentiment < "x"'),
        (count("gte", 6), "conversationCount >= 6"),
        (count("lte", -1), "conversationCount <= -1"),
        (seen("within", "7d"), "lastSeen within 7d"),
        (seen("before", "24h"), "lastSeen before 24h"),
    ],
)
def test_one_rule(rule: dict[str, Any], text: str) -> None:
    assert text_of(rule) == text


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("plan", "plan"),
        ("plan-tier", "plan-tier"),
        ("a.2.b", "a.2.b"),
        ("_", "_"),
        ("android", "android"),
        # a word of the language
        ("and", "user.and"),
        ("FROM", "user.FROM"),
        ("products", "user.products"),
        ("not", "user.not"),
        ("True", "user.True"),
        # a built-in, or so near to one that it would be refused
        ("sentiment", "user.sentiment"),
        ("lastSeen", "user.lastSeen"),
        ("comercialIntent", "user.comercialIntent"),
        ("last_seen", "user.last_seen"),
        ("CQI", "user.CQI"),
        # a namespace
        ("user", "user.user"),
        ("user.x", "user.user.x"),
        ("USER.x", "user.USER.x"),
        ("conversation.channel", "user.conversation.channel"),
        # no plain name
        ("2fa", "user.2fa"),
        ("-", 'user["-"]'),
        ("a..b", 'user["a..b"]'),
        (".", 'user["."]'),
        ("a.", 'user["a."]'),
        ("a.-b", 'user["a.-b"]'),
    ],
)
def test_user_properties_go_by_their_bare_name_where_it_is_one(key: str, name: str) -> None:
    rule = {"type": "property", "key": key, "operator": "eq", "value": "x"}
    assert decompile({"rules": [rule]}).condition == Comparison(name, "==", "x")


@pytest.mark.parametrize(
    ("key", "operator", "value", "text"),
    [
        ("intent", "gt", 0.5, "user.intent > 0.5"),
        ("intent", "eq", "support", 'intent == "support"'),
        ("mood", "eq", 0.5, "user.mood == 0.5"),
        ("mood", "eq", 3, "mood == 3"),
        ("jailbreak", "eq", True, "user.jailbreak == true"),
        ("properties.x", "eq", 1, 'user["properties.x"] == 1'),
        ("users.x", "eq", 1, "user.users.x == 1"),
        ("analysis.cqi", "eq", 1, "user.analysis.cqi == 1"),
        ("null", "eq", "x", 'user.null == "x"'),
        ("last", "eq", "Smith", 'last == "Smith"'),
        ("last", "eq", True, "last == true"),
        ("ratings", "eq", "x", 'ratings == "x"'),
        ("ratings", "eq", 1, "user.ratings == 1"),
    ],
)
def test_a_user_property_gets_user_where_its_bare_name_is_refused(
    key: str, operator: str, value: float | str | bool, text: str
) -> None:
    filters = {"rules": [{"type": "property", "key": key, "operator": operator, "value": value}]}
    assert unparse(decompile(filters)) == text
    assert segdsl.compile(text).to_dict() == filters


@pytest.mark.parametrize(
    "text",
    [
        "signup >= 2026-03-01",
        "signup > 2026-03-01T09:30:00Z",
        "signup < 2026-03-01",
        "signup <= 9999-12-31",
        "2026-01-01 <= signup < 2026-04-01",
        "conversation.closed >= 2026-03-01",
    ],
)
def test_dates_are_decompiled_as_dates_for_those_who_know_the_schema(text: str) -> None:
    schema = segdsl.Schema({"signup": "date"}, {"closed": "date"})
    assert unparse(decompiled(segdsl.compile(text, schema), schema)) == text


def test_rules_that_no_date_makes_are_texts() -> None:
    schema = segdsl.Schema({"signup": "date"})
    filters = {"rules": [{"type": "property", "key": "signup", "operator": "gt", "value": "2026-03-01"}]}
    assert unparse(decompiled(filters, schema)) == 'signup > "2026-03-01"'


@pytest.mark.parametrize(
    ("rules", "text"),
    [
        ([metric("sentiment", "gte", 0.3), metric("sentiment", "lt", 0.7)], "0.3 <= sentiment < 0.7"),
        ([metric("sentiment", "lt", 0.7), metric("sentiment", "gt", 0.3)], "0.3 < sentiment < 0.7"),
        ([metric("rating", "gte", 4), metric("rating", "lte", 4)], "rating == 4"),
        ([count("gte", 5), count("lte", 5)], "conversationCount == 5"),
        ([count("gte", 5), count("lte", 9)], "5 <= conversationCount <= 9"),
        ([user("seats", "gt", 1), user("seats", "lt", 9)], "1 < seats < 9"),
        ([user("plan", "gt", "a"), user("plan", "lt", "m")], '"a" < plan < "m"'),
        ([conversation("x", "gt", 1), conversation("x", "lt", 9)], "1 < conversation.x < 9"),
        ([seen("before", "24h"), seen("within", "7d")], "lastSeen before 24h and lastSeen within 7d"),
        ([user("a", "neq", 1), user("a", "neq", "x")], 'a not in [1, "x"]'),
        # other rules keep their place around the range
        (
            [user("a", "neq", 5), user("a", "gt", 1), user("b", "eq", 2), user("a", "neq", 6), user("a", "lt", 9)],
            "a != 5 and 1 < a < 9 and a != 6 and b == 2",
        ),
        (
            [user("a", "neq", "x"), user("a", "contains", "y"), user("a", "neq", "z"), user("a", "neq", "w")],
            'a != "x" and a contains "y" and a not in ["z", "w"]',
        ),
        # what makes no range is said as it is
        ([metric("sentiment", "gte", 0.7), metric("sentiment", "lt", 0.3)], "sentiment >= 0.7 and sentiment < 0.3"),
        ([metric("sentiment", "gt", 0.3), metric("sentiment", "lte", 0.3)], "sentiment > 0.3 and sentiment <= 0.3"),
        ([user("a", "gt", 1), user("a", "lt", "9")], 'a > 1 and a < "9"'),
        ([user("a", "gt", 1), user("a", "gt", 2), user("a", "lt", 9)], "a > 1 and a > 2 and a < 9"),
        ([user("a", "gt", 1), conversation("a", "lt", 9)], "a > 1 and conversation.a < 9"),
    ],
)
def test_rules_of_one_field_stand_together(rules: list[dict[str, Any]], text: str) -> None:
    assert text_of(*rules) == text


def test_the_scope() -> None:
    dates = {"preset": "30d", "from": "2026-01-01", "to": "2026-03-31T10:00:00+01:00"}
    text = text_of(count("gte", 1), dateRange=dates, productIds=[PRODUCT, PRODUCT.upper()])
    assert text == (
        "conversationCount >= 1 during 30d from 2026-01-01 to 2026-03-31T10:00:00+01:00 "
        f'for products "{PRODUCT}", "{PRODUCT.upper()}"'
    )
    assert text_of(count("gte", 1), dateRange={"to": "2026-01-01"}, productIds=[PRODUCT]) == (
        f'conversationCount >= 1 to 2026-01-01 for product "{PRODUCT}"'
    )
    assert text_of(count("gte", 1), dateRange={}, productIds=None) == "conversationCount >= 1"


def test_filters_and_their_json_are_the_same() -> None:
    data = {"rules": [user("plan", "eq", "pro")], "dateRange": {"preset": "7d"}}
    assert decompile(Filters.from_dict(data)) == decompile(data)


def test_invalid_data_is_refused_with_every_problem() -> None:
    with pytest.raises(InvalidSegmentError) as caught:
        decompile({"rules": [metric("mood", "gt", 1), user("a b", "eq", 1)], "colour": 1})
    assert len(caught.value.problems) == 3


@pytest.mark.parametrize("value", ["36501d", "876001h", "9" * 5_000 + "m"])
def test_a_duration_beyond_the_languages_limit_is_refused(value: str) -> None:
    with pytest.raises(InvalidSegmentError) as caught:
        decompile({"rules": [count("gte", 1), seen("within", value)]})
    (problem,) = caught.value.problems
    assert problem.startswith("rules[1].value: ")
    assert problem.endswith(" is longer than 36500 days")
    assert len(problem) < 100
