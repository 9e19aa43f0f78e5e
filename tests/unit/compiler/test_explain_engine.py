"""Explaining, and formatting, agree with compiling: on every case of the conformance corpus."""

import json
from pathlib import Path
from typing import Any

import pytest

import segdsl
from segdsl.errors import CompileError, ParseError

CORPUS = Path(__file__).parents[2] / "conformance"
TOPICS = {file.stem: json.loads(file.read_text("utf-8"))["cases"] for file in sorted(CORPUS.glob("*.json"))}


def text_of(case: dict[str, Any]) -> str:
    text = case["text"]
    return text if isinstance(text, str) else "".join(piece * times for piece, times in text)


def options_of(case: dict[str, Any]) -> dict[str, segdsl.Schema | None]:
    declared = case.get("schema") or {}
    schema = segdsl.Schema(declared.get("properties"), declared.get("conversationProperties"))
    return {"schema": schema, "params": case.get("params"), "definitions": case.get("definitions")}


@pytest.mark.parametrize("topic", TOPICS)
def test_an_explanation_shows_what_is_compiled_and_what_is_wrong(topic: str) -> None:
    for case in TOPICS[topic]:
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


@pytest.mark.parametrize("topic", TOPICS)
def test_formatting_says_the_same_and_is_stable(topic: str) -> None:
    for case in TOPICS[topic]:
        text = text_of(case)
        try:
            tidy = segdsl.format(text)
        except ParseError:
            continue
        assert segdsl.parse(tidy) == segdsl.parse(text)
        assert segdsl.format(tidy) == tidy
