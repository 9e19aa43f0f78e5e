"""Expressions read aloud: what of them the commands' tests do not show."""

import pytest

from segdsl.semantics.wording import scope_sentences, sentence
from segdsl.syntax.parser import parse


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
def test_a_period_may_be_a_parameter(params, words):
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
def test_a_value_may_be_a_parameter(params, words):
    assert sentence(parse("plan == $plan").condition, params).says == words
