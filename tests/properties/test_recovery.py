"""Recovery: one run reports every error of a text, each as if it were the only one."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

import segdsl
from segdsl.limits import MAX_DIAGNOSTICS
from segdsl.syntax.parser import parse_repaired

from .test_any_text import ANY_TEXT
from .token_soup import soup

SOUND = (
    "{n} == 1",
    '{n} != "x"',
    "not {n} in [1, 2]",
    "({n} > 5)",
    "{n} contains 'and'",
    "1 < {n} < 5",
    "user.isAdmin{n}",
)
BROKEN = (
    # a sign or word of another language
    "{n} === 1", "{n} => 1 and {n} <", "{n} eq 1", "{n} equals 'x'", "{n} ∈ [1]", "{n}: 5", "{n} doesn't equal 'x'",
    "{n} like '%x%'", "{n} matches 'x'", "{n} starts with 'x'", "{n} == null", "{n} is not null", "{n} xor 5",
    # a value
    "{n} == free", "{n} == new york", "{n} > 007", "{n} > 10%", "{n} > 1_000", "{n} == 0x1F", "{n} > 5k", "{n} > ten",
    "{n} == “pro”", "{n} == 'it''s'", "{n} == 31.01.2026", "{n} == '\\q'", "{n} == 9007199254740993", "{n} == $1",
    "{n} > 7 days", "lastSeen within 7 days", "lastSeen within soon", "lastSeen more than 3 weeks ago",
    "{n} in 5", "{n} in [1; 2]", "{n} in [1 2]", "{n} in [1, 2)", "{n} == [1]", "{n} between 1 to 5",
    # a name
    "{n}/x == 1", "größe{n} > 5", "USER.{n} == 1", "'{n}' == 5", "{n}..x == 1", "null{n} == null",
    # half a condition, or none
    "{n} ==", "== 5", "{n} in", "{n} between 1", "'x'", "5 < 6", "{n} 5", "{n} 'x'", "{n} x y", "({n} ==)", "()",
    "size({n}) > 5", "{n} + 1 > 5", "{n} > 3 > 2", "not", "{n} == 1 2", "lower({n}) == 'x'", "{n}.includes(5)",
    # a meaning
    "comercialIntent > 0.5", "sentiment > 'high'", "sentiment == high", "rating contains 'x'", "lastSeen > 5",
    "rating between low and high",
)  # fmt: skip
"""Conditions with an error; none of them has one that depends on its neighbours."""

LATE = ("never-matches", "not-expressible", "too-many-segments")
"""What depends on all conditions together, and is found once the rest is right."""

Told = list[tuple[str, str]]


def told(text: str) -> Told:
    """The errors of a text: each code, and the text it underlines."""
    errors = [one for one in segdsl.check(text, max_segments=1_000) if one.severity == "error"]
    return [(one.code, text[one.span.start : one.span.end]) for one in errors if one.code not in LATE]


def numbered(parts: list[str]) -> list[str]:
    return [part.replace("{n}", f"n{number}") for number, part in enumerate(parts)]


@st.composite
def parts(draw: st.DrawFn) -> list[str]:
    """Conditions; about half of them have an error, and between two of those is one that is sound."""
    chosen = []
    for broken in draw(st.lists(st.sampled_from(BROKEN), min_size=1, max_size=8)):
        chosen += draw(st.lists(st.sampled_from(SOUND), min_size=1, max_size=2))
        chosen.append(broken)
    return [*chosen, draw(st.sampled_from(SOUND))]


@pytest.mark.parametrize("broken", BROKEN)
def test_a_broken_condition_is_reported_and_its_neighbours_are_not(broken: str) -> None:
    before, condition, after = numbered([SOUND[0], broken, SOUND[1]])
    text = f"{before} and {condition} and {after}"
    errors = [one for one in segdsl.check(text, max_segments=1_000) if one.severity == "error"]
    assert errors
    start = len(before)
    end = start + len(f" and {condition} and")
    assert all(start <= one.span.start <= one.span.end <= end for one in errors), errors


@given(parts=parts())
def test_together_the_errors_are_the_same_as_each_alone(parts: list[str]) -> None:
    conditions = numbered(parts)
    sound = [f"s{number} == 1" for number in range(len(parts))]
    alone: Told = []
    for number, part in enumerate(parts):
        if part in BROKEN:
            alone += told(" and ".join([*sound[:number], conditions[number], *sound[number + 1 :]]))
    assert told(" and ".join(conditions)) == alone


@given(parts=parts(), joins=st.randoms(use_true_random=False))
def test_errors_are_found_in_groups_and_alternatives_too(parts: list[str], joins: Random) -> None:
    """Each condition has its error in every position; the brackets around it are not an error."""
    conditions = numbered(parts)
    text = conditions[0]
    for condition in conditions[1:]:
        text = joins.choice([f"({text}) and {condition}", f"{text} and ({condition})", f"not ({text}) and {condition}"])
    alone = [told(f"s == 1 and ({condition}) and t == 1") for condition in conditions]
    assert sorted(code for code, _ in told(text)) == sorted(code for errors in alone for code, _ in errors)


@pytest.mark.parametrize("value", ["free", "“free”", "'it''s'"])
@pytest.mark.parametrize("connective", ["or", "and", "||"])
@pytest.mark.parametrize("rest", ["", " and b == 2", ")"])
def test_a_bare_name_beside_a_repaired_text_may_be_a_further_value(value: str, connective: str, rest: str) -> None:
    text = f"{'(' * rest.count(')')}a == {value} {connective} trial{rest}"
    assert ("bad-comparison", "trial") in told(text)


@pytest.mark.parametrize(
    "text", ["a == free or user.trial", "a == free or jailbreakDetected", "a == 7k or trial", "a == free or trial == 1"]
)
def test_another_condition_beside_a_repaired_value_is_no_error(text: str) -> None:
    assert len(told(text)) == 1


def test_a_declared_name_beside_a_repaired_text_is_a_condition() -> None:
    schema = segdsl.Schema(properties={"a": "string", "trial": "boolean"})
    assert len(segdsl.check("a == free or trial", schema)) == 1


@given(text=st.one_of(ANY_TEXT, st.randoms(use_true_random=False).map(soup)))
def test_any_text_has_a_bounded_number_of_errors_in_its_order(text: str) -> None:
    problems = parse_repaired(text).problems
    assert len(problems) <= MAX_DIAGNOSTICS
    assert [one.span for one in problems] == sorted(one.span for one in problems)
    assert all(one.severity == "error" for one in problems)
    assert (parse_repaired(text).expression is not None and not problems) == (not errors_of_parse(text))


def errors_of_parse(text: str) -> tuple[segdsl.Diagnostic, ...]:
    try:
        segdsl.parse(text)
    except segdsl.ParseError as refused:
        return refused.diagnostics
    return ()


@pytest.mark.parametrize("broken", BROKEN)
def test_more_than_a_hundred_errors_are_a_hundred_diagnostics(broken: str) -> None:
    text = " and ".join(numbered([SOUND[0], broken] * (MAX_DIAGNOSTICS + 20)))
    assert len(segdsl.check(text)) == MAX_DIAGNOSTICS


def test_the_problems_of_a_text_are_reported_together_and_in_order() -> None:
    text = "plan = free and commercialIntent = high and seats > ten during 5d"
    problems = segdsl.check(text)
    assert [(one.code, text[one.span.start : one.span.end]) for one in problems] == [
        ("bad-comparison", "free"),
        ("wrong-type", "high"),
        ("bad-comparison", "ten"),
        ("bad-duration", "5d"),
    ]
    with pytest.raises(segdsl.ParseError) as caught:
        segdsl.compile(text)
    assert caught.value.diagnostics == problems
    assert [one.code for one in errors_of_parse(text)] == [
        "bad-comparison",
        "bad-comparison",
        "bad-comparison",
        "bad-duration",
    ]


@given(parts())
def test_a_definition_is_reported_like_an_expression(parts: list[str]) -> None:
    text = " and ".join(parts)
    found = segdsl.check("@d", definitions={"d": text})
    errors = [(one.code, one.span) for one in found if one.severity == "error" and one.source_name == "@d"]
    assert errors == [(one.code, one.span) for one in segdsl.check(text) if is_of_the_part(one)]


def is_of_the_part(problem: segdsl.Diagnostic) -> bool:
    """Whether an error is one of a condition, and not of the segments that it takes."""
    return problem.severity == "error" and problem.code not in ("needs-split", "too-many-segments", "never-matches")


def test_broken_definitions_that_use_one_another_are_all_reported() -> None:
    definitions = {"d": "@e or seats = > 1", "e": "@d and comercialIntent > 0.5 and plan ==", "f": "rating > 'x'"}
    found = segdsl.check("@d and @f", definitions=definitions)
    assert {(one.source_name, one.code) for one in found} >= {
        ("@d", "unexpected-token"), ("@e", "definition-cycle"), ("@e", "near-miss"), ("@e", "unexpected-end"),
        ("@f", "wrong-type"),
    }  # fmt: skip
