"""Explaining, and formatting, agree with compiling: on every case of the conformance corpus."""

import pytest

import segdsl
from segdsl.errors import CompileError, ParseError
from tests.conformance.cases import options_of, text_of, topics


@pytest.mark.parametrize("topic", topics())
def test_an_explanation_shows_what_is_compiled_and_what_is_wrong(topic: str) -> None:
    for case in topics()[topic]:
        text, options = text_of(case), options_of(case)
        try:
            explained = segdsl.explain(text, **options)
        except ParseError:
            continue  # there is no tree to explain
        assert explained.diagnostics == segdsl.check(text, **options), text
        assert segdsl.parse(explained.expression) == segdsl.parse(text)
        try:
            compiled = segdsl.compile_all(text, **options)
        except CompileError:
            compiled = ()
        assert tuple(segment.filters for segment in explained.segments) == compiled, text
        schema = options.get("schema")
        assert [segdsl.compile(segment.expression, schema).rules for segment in explained.segments] == [
            filters.rules for filters in compiled
        ]
        assert (explained.split is not None) == (len(compiled) > 1)


@pytest.mark.parametrize("topic", topics())
def test_formatting_says_the_same_and_is_stable(topic: str) -> None:
    for case in topics()[topic]:
        text = text_of(case)
        try:
            tidy = segdsl.format(text)
        except ParseError:
            continue
        assert segdsl.parse(tidy) == segdsl.parse(text)
        assert segdsl.format(tidy) == tidy
