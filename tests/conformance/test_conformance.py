"""Runs the data files of this folder through the public functions of segdsl; README.md here states their format.

One test checks one law over all cases of one file: thousands of tests would cost more than the checks themselves.
"""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pydantic
import pytest
from greenflash.types.segment_create_params import FiltersDateRange, FiltersRule

import segdsl
from tests.conformance.cases import Case, options_of, text_of, topics
from tests.diagnosed import codes_of, errors_of, refusal

KEYS = {"name", "text", "schema", "params", "definitions", "maxSegments", "compile", "spans", "warnings"}
OUTCOMES = {"filters", "count", "errors"}
OFFICIAL_RULE = pydantic.TypeAdapter(FiltersRule)
OFFICIAL_DATE_RANGE = pydantic.TypeAdapter(FiltersDateRange)
GRAMMAR_SYMBOL = re.compile(
    r"__ANON|\$END|\bToken\(|\b(?!(?:API|ASCII|JSON|RFC|UTC|UUIDs?|YYYY|MM|DD)\b)_*[A-Z][A-Z_]+\b"
)
QUOTED = re.compile(r"`[^`]*`|\bU\+[0-9A-F]+")  # words of the expression, and code points, are in capitals


def cases(topic: str, outcomes: tuple[str, ...]) -> Iterator[Case]:
    """The topic's cases with one of these outcomes."""
    return (case for case in topics()[topic] if any(outcome in case for outcome in outcomes))


def limit(case: Case) -> dict[str, Any]:
    return {"max_segments": case["maxSegments"]} if "maxSegments" in case else {}


def compile_all(case: Case) -> list[dict[str, Any]]:
    return [filters.to_dict() for filters in segdsl.compile_all(text_of(case), **options_of(case), **limit(case))]


def error_codes(diagnostics: tuple[segdsl.Diagnostic, ...]) -> list[str]:
    return codes_of(errors_of(diagnostics))


def matches(expected: list[str], codes: list[str]) -> bool:
    """Whether `codes` are the expected ones, where an expected entry may name alternatives."""
    if expected == ["*"]:
        return bool(codes)
    return len(expected) == len(codes) and all(
        code in entry.split("|") for entry, code in zip(expected, codes, strict=True)
    )


def assert_spans(case: Case, diagnostics: tuple[segdsl.Diagnostic, ...]) -> None:
    expected = case.get("spans", [])
    assert [[at.span.start, at.span.end] for at in diagnostics[: len(expected)]] == expected


def is_accepted(case: Case) -> None:
    # Compared as text, so that key order, 5 and 5.0, 1 and true are told apart.
    assert json.dumps(compile_all(case), indent=1) == json.dumps(case["filters"], indent=1)


def is_accepted_with_a_number_of_segments(case: Case) -> None:
    assert len(compile_all(case)) == case["count"]


def is_accepted_by_the_official_client(case: Case) -> None:
    for filters in compile_all(case):
        assert list(filters) == [key for key in ("rules", "dateRange", "productIds") if key in filters]
        for rule in filters["rules"]:
            OFFICIAL_RULE.validate_python(rule, strict=True, extra="forbid")
        if "dateRange" in filters:
            OFFICIAL_DATE_RANGE.validate_python(filters["dateRange"], strict=True, extra="forbid")


def compiles_to_one_segment_or_is_refused(case: Case) -> None:
    several = compile_all(case)
    if case.get("compile") == "needs-split":
        diagnostics = refusal(lambda: segdsl.compile(text_of(case), **options_of(case)))
        assert error_codes(diagnostics) == ["needs-split"]
        assert_spans(case, diagnostics)
    else:
        assert [segdsl.compile(text_of(case), **options_of(case)).to_dict()] == several


def is_checked_without_an_error_but_the_split(case: Case) -> None:
    problems = segdsl.check(text_of(case), **options_of(case), **limit(case))
    assert set(error_codes(problems)) <= {"needs-split"} & {case.get("compile")}
    if "warnings" in case:
        assert [problem.code for problem in problems if problem.severity == "warning"] == case["warnings"]


def is_refused(case: Case) -> None:
    diagnostics = refusal(lambda: compile_all(case))
    assert matches(case["errors"], error_codes(diagnostics)), [diagnostic.code for diagnostic in diagnostics]
    assert_spans(case, diagnostics)


def is_refused_in_words_fit_to_read(case: Case) -> None:
    definitions = case.get("definitions") or {}
    for diagnostic in refusal(lambda: compile_all(case)):
        text = definitions.get(diagnostic.source_name.removeprefix("@"), text_of(case))
        assert 0 <= diagnostic.span.start <= diagnostic.span.end <= len(text)
        assert diagnostic.severity == "error"
        for sentence in (diagnostic.message, *diagnostic.help):
            assert not GRAMMAR_SYMBOL.search(QUOTED.sub("", sentence)), sentence
        assert diagnostic.message[0].islower() or diagnostic.message[0] in "`0123456789", diagnostic.message
        assert diagnostic.code in str(diagnostic)


def is_checked_with_the_same_errors(case: Case) -> None:
    problems = segdsl.check(text_of(case), **options_of(case), **limit(case))
    assert error_codes(problems) == error_codes(refusal(lambda: compile_all(case)))


LAWS: dict[Callable[[Case], None], tuple[str, ...]] = {
    is_accepted: ("filters",),
    is_accepted_with_a_number_of_segments: ("count",),
    is_accepted_by_the_official_client: ("filters", "count"),
    compiles_to_one_segment_or_is_refused: ("filters", "count"),
    is_checked_without_an_error_but_the_split: ("filters", "count"),
    is_refused: ("errors",),
    is_refused_in_words_fit_to_read: ("errors",),
    is_checked_with_the_same_errors: ("errors",),
}
"""A property of all cases with one of these outcomes."""


@pytest.mark.parametrize(
    ("law", "topic"),
    [(law, topic) for law, outcomes in LAWS.items() for topic in topics() if list(cases(topic, outcomes))],
)
def test_the_laws(law: Callable[[Case], None], topic: str) -> None:
    """The failures bear the names of their cases."""
    failures: list[Exception] = []
    for case in cases(topic, LAWS[law]):
        try:
            law(case)
        except Exception as failure:
            failure.add_note(f"in the case {case['name']!r}")
            failures.append(failure)
    if failures:
        raise ExceptionGroup(f"{topic}.json", failures)


@pytest.mark.parametrize("topic", topics())
def test_the_files_keep_their_format(topic: str) -> None:
    listed = topics()[topic]
    assert len({case["name"] for case in listed}) == len(listed)
    for case in listed:
        assert len(OUTCOMES & case.keys()) == 1, case["name"]
        assert case.keys() <= KEYS | OUTCOMES, case["name"]
        assert case.get("errors") != [], case["name"]
        for filters in case.get("filters", []):
            normal = segdsl.Filters.from_dict(filters).to_dict()
            assert json.dumps(normal) == json.dumps(filters), case["name"]
        segments = len(case.get("filters", [])) or case.get("count", 1)
        assert (case.get("compile") == "needs-split") is (segments > 1), case["name"]


def test_the_corpus_is_large_enough_to_mean_something() -> None:
    assert sum(map(len, topics().values())) >= 1_000
