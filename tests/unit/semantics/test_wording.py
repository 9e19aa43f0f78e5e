"""Expressions read aloud: the wording of every construct."""

from typing import Any

import pytest

import segdsl
from segdsl.semantics.wording import name_sentence, scope_sentences, sentence
from segdsl.syntax.parser import parse

WORDS = {
    "sentiment == 0.5": "sentiment is 0.5",
    "sentiment != 0.5": "sentiment is not 0.5",
    "sentiment > 0.5": "sentiment is more than 0.5",
    "0.5 <= sentiment": "sentiment is at least 0.5",
    "0.3 < sentiment < 0.5": "sentiment is more than 0.3 and less than 0.5",
    "0.5 >= sentiment >= 0.3": "sentiment is at least 0.3 and at most 0.5",
    "rating between 2 and 4": "rating is from 2 to 4, both included",
    'plan in ["a"]': 'plan is one of "a"',
    'plan not in ["a", 2, true]': 'plan is none of "a", 2 or true',
    'company contains "GmbH"': 'company contains "GmbH"',
    'company not contains "GmbH"': 'company does not contain "GmbH"',
    "isAdmin": "isAdmin is true",
    "isAdmin is not true": "isAdmin is not true",
    "lastSeen within 24h": "lastSeen is at most 24 hours ago",
    "lastSeen before 1d": "lastSeen is more than 1 day ago",
    "not isAdmin": "not so: isAdmin is true",
    "not not isAdmin": "not so: not so: isAdmin is true",
    "plan == $p": 'plan is "pro" ($p)',
    "plan == $missing": "plan is $missing",
    "plan in $many": 'plan is one of "a" or 2 ($many)',
    "plan in [$p, 'x']": 'plan is one of "pro" ($p) or "x"',
    "$n < seats <= 9": "seats is more than 4 ($n) and at most 9",
    "plan == $odd": "plan is $odd",
    "n in [" + ",".join(map(str, range(20))) + "]": "n is one of 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 or 8 others",
}
PARAMETERS = {"p": "pro", "many": ["a", 2], "n": 4, "odd": {"a": 1}}


@pytest.mark.parametrize(("text", "words"), WORDS.items())
def test_the_words_of_a_condition(text: str, words: str) -> None:
    said = sentence(parse(text).condition, PARAMETERS)
    assert (said.says, said.parts) == (words, ())
    assert said.text is not None
    assert parse(said.text).condition == parse(text).condition


@pytest.mark.parametrize(
    ("clauses", "words"),
    [
        ("", ()),
        ("during all", ("all of them, whenever they were",)),
        ("during 7d", ("those of the last 7 days",)),
        ("from 2026-01-01 to $end", ("from 2026-01-01", 'until "2026-02-01" ($end)')),
        (
            "for products '182bd5e5-6e1a-4fe4-a799-aa6d9a6ab26e', $p",
            ('with product "182bd5e5-6e1a-4fe4-a799-aa6d9a6ab26e" or $p',),
        ),
    ],
)
def test_the_words_of_scope_clauses(clauses: str, words: tuple[str, ...]) -> None:
    assert scope_sentences(parse(f"a {clauses}"), {"end": "2026-02-01"}) == words


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({"period": "30d"}, "those of the last 30 days ($period)"),
        ({"period": "ALL"}, "all of them, whenever they were ($period)"),
        ({"period": "31d"}, "those of the period $period"),
        ({"period": 7}, "those of the period $period"),
        ({}, "those of the period $period"),
    ],
)
def test_a_period_may_be_a_parameter(params: dict[str, Any], words: str) -> None:
    assert scope_sentences(parse("rating > 3 during $period"), params) == (words,)


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({"plan": "pro"}, 'plan is "pro" ($plan)'),
        ({"plan": 5, "other": 6}, "plan is 5 ($plan)"),
        ({"plan": ["pro", 1]}, 'plan is "pro" or 1 ($plan)'),
        ({"plan": []}, "plan is $plan"),
        ({"plan": ["pro", None]}, "plan is $plan"),
        ({"plan": None}, "plan is $plan"),
        ({}, "plan is $plan"),
    ],
)
def test_a_value_may_be_a_parameter(params: dict[str, Any], words: str) -> None:
    assert sentence(parse("plan == $plan").condition, params).says == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("not a == 1", "not so: a is 1"),
        ("not a in [1, 2]", "not so: a is one of 1 or 2"),
        ("not lastSeen before 1d", "not so: lastSeen is more than 1 day ago"),
        ("lastSeen within 2w", "lastSeen is at most 2 weeks ago"),
        ("lastSeen within 21d", "lastSeen is at most 21 days ago"),
    ],
)
def test_a_condition_is_said_with_its_text(text: str, words: str) -> None:
    said = sentence(parse(text).condition)
    assert (said.says, said.text, said.parts) == (words, text, ())


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a and b", "all of these:"),
        ("a or b", "at least one of these:"),
        ("not (a or b)", "none of these:"),
        ("not (a and b)", "not all of these:"),
    ],
)
def test_conditions_that_are_joined_are_parts(text: str, words: str) -> None:
    said = sentence(parse(text).condition)
    assert (said.says, said.text) == (words, None)
    assert [(part.says, part.text) for part in said.parts] == [("a is true", "a"), ("b is true", "b")]


def test_a_negation_of_a_negation_has_it_as_its_part() -> None:
    said = sentence(parse("not not (a and b)").condition)
    assert (said.says, said.text) == ("not so:", None)
    assert [part.says for part in said.parts] == ["not all of these:"]


# ── properties of conversations ────────────────────────────────────────────────────────────────────────────────────

OF_CONVERSATIONS = {
    'conversation.channel == "web"': 'in some conversation, conversation.channel is "web"',
    'conversation.channel != "web"': 'in some conversation, conversation.channel is not "web"',
    'not conversation.channel == "web"': 'in some conversation, conversation.channel is not "web"',
    'not conversation.channel != "web"': 'in some conversation, conversation.channel is "web"',
    'not not conversation.channel == "web"': 'in some conversation, conversation.channel is "web"',
    'conversation.channel in ["web", 2]': 'in some conversation, conversation.channel is one of "web" or 2',
    'conversation.x not in ["a", "b", 3]': 'for each of "a", "b" and 3, some conversation has another conversation.x',
    "not conversation.x in $many": 'for each of "a" and 2 ($many), some conversation has another conversation.x',
    "not conversation.x in [1]": "in some conversation, conversation.x is none of 1",
    "conversation.escalated": "in some conversation, conversation.escalated is true",
    'not conversation["-x"]': 'in some conversation, conversation["-x"] is not true',
    "not conversation.turns > 5": "in some conversation, conversation.turns is at most 5",
    'conversation.topic contains "a"': 'in some conversation, conversation.topic contains "a"',
    "2 < conversation.n <= 4": (
        "in some conversation, conversation.n is more than 2, and in some, conversation.n is at most 4"
    ),
    "not conversation.n between 2 and 4": (
        "in some conversation, conversation.n is less than 2, or in some, conversation.n is more than 4"
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "words"), OF_CONVERSATIONS.items())
def test_any_conversation_may_meet_a_condition(text: str, words: str) -> None:
    """Also a negated one: a user with conversations on the web and elsewhere has one that is not on the web."""
    assert sentence(parse(text).condition, PARAMETERS).says == words


@pytest.mark.parametrize(
    ("text", "outline"),
    [
        ("not (conversation.x == 1 or a)",
         ["all of these:", "in some conversation, conversation.x is not 1", "not so: a is true"]),
        ("not (conversation.x == 1 and a)",
         ["at least one of these:", "in some conversation, conversation.x is not 1", "not so: a is true"]),
        ("not (not (conversation.x and a) and b)",
         ["at least one of these:", "all of these:", "in some conversation, conversation.x is true", "a is true",
          "not so: b is true"]),
        ("not (a or b) and conversation.x",
         ["all of these:", "none of these:", "a is true", "b is true", "in some conversation, conversation.x is true"]),
    ],
)  # fmt: skip
def test_a_negation_is_said_of_each_condition_on_conversations(text: str, outline: list[str]) -> None:
    assert [says for says, _ in sentence(parse(text).condition).outline()] == outline


def test_a_definition_may_ask_for_conversations() -> None:
    definitions = {"web": 'conversation.channel == "web"', "used": "a or not @web", "admin": "isAdmin", "bad": "("}
    for text, words in {
        "not @web": "the opposite of each condition of @web",
        "not @used": "the opposite of each condition of @used",
        "not @admin": "not so: what @admin says",
        "not not @used": "what @used says",
    }.items():
        assert segdsl.explain(text, definitions=definitions).says.says == words
    found = segdsl.explain("@used", definitions=definitions)
    assert [part.says for part in found.definitions[0].says.parts][1] == "the opposite of each condition of @web"


@pytest.mark.parametrize(
    ("count", "last"), [(1, "0"), (2, "0 or 1"), (12, "10 or 11"), (13, "11 or 1 others"), (1013, "11 or 1,001 others")]
)
def test_only_the_first_of_very_many_values_are_named(count: int, last: str) -> None:
    said = sentence(parse(f"a in {list(range(count))}").condition).says
    assert said.removeprefix("a is one of ").endswith(last)
    assert said.count(",") == max(0, min(count, 13) - 2) + (count > 1000)


SCHEMA = segdsl.Schema(
    properties={"plan": ["free", "pro"], "seats": "integer", "company": "string"},
    conversation_properties={"channel": "boolean"},
)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("plan", 'a user property, declared as one of "free" or "pro"'),
        ("seats", "a user property, declared as a whole number"),
        ("company", "a user property, declared as a text"),
        ("conversation.channel", "a conversation property, declared as true or false"),
        ("rating", "a metric"),
        ("cqi", "a metric, from 0 to 100"),
        ("jailbreakDetected", "a flag: true or false"),
        ("conversationCount", "the number of conversations"),
        ("lastSeen", "when the user was last seen"),
    ],
)
def test_what_a_name_was_taken_for(name: str, words: str) -> None:
    assert name_sentence(name, SCHEMA) == words


def test_what_an_undeclared_name_was_taken_for() -> None:
    assert name_sentence("plan") == "a user property (not a built-in name)"
    assert name_sentence("conversation.plan") == "a conversation property"


def test_the_outline_of_a_condition_goes_through_its_parts_in_the_order_of_the_text() -> None:
    said = sentence(parse("a == 1 and not (b == 2 or c == 3) and d == 4").condition)
    assert list(said.outline()) == [
        ("all of these:", 0),
        ("a is 1", 1),
        ("none of these:", 1),
        ("b is 2", 2),
        ("c is 3", 2),
        ("d is 4", 1),
    ]
