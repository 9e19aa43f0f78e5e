"""Expressions read aloud: what of them the commands' tests do not show."""

import pytest

from segdsl.semantics.wording import scope_sentences
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
