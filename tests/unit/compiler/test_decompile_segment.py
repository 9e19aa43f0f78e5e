"""Segments as the API returns them, of both shapes."""

from typing import Any

import pytest

from segdsl.compiler.decompile_segment import decompile_segment, decompile_segments
from segdsl.errors import InvalidSegmentError
from segdsl.syntax.printer import unparse

RULES = {"rules": [{"type": "property", "key": "plan", "operator": "eq", "value": "pro"}], "dateRange": None}
CUSTOM = {"id": "s1", "name": "Pros", "type": "custom", "presetId": None, "icon": None, "filters": RULES}


def system(*conditions: tuple[Any, ...], operator: str = "AND") -> dict[str, Any]:
    keys = ("field", "operator", "value")
    return {"operator": operator, "conditions": [dict(zip(keys, condition, strict=True)) for condition in conditions]}


def text_of(data: dict[str, Any]) -> str:
    return unparse(decompile_segment(data))


def problems_of(data: Any) -> list[str]:
    with pytest.raises(InvalidSegmentError) as caught:
        decompile_segments(data)
    return list(caught.value.problems)


def test_a_segment_and_its_filters_are_the_same() -> None:
    assert text_of(CUSTOM) == text_of(RULES) == 'plan == "pro"'


def test_a_list_gives_one_expression_for_each() -> None:
    listed = [CUSTOM, RULES, {"id": "s2", "type": "system", "filters": system(("rating", "gte", 3))}]
    assert [unparse(expression) for expression in decompile_segments(listed)] == [
        'plan == "pro"',
        'plan == "pro"',
        "rating >= 3",
    ]
    assert [unparse(expression) for expression in decompile_segments(CUSTOM)] == ['plan == "pro"']
    assert decompile_segments([]) == ()


@pytest.mark.parametrize(
    ("condition", "text"),
    [
        (("sentiment", "gte", 0.7), "sentiment >= 0.7"),
        (("commercialIntent", ">", 0.5), "commercialIntent > 0.5"),
        (("rating", "neq", 3.0), "rating != 3"),
        (("jailbreakDetected", "eq", True), "jailbreakDetected"),
        (("jailbreakDetected", "==", False), "not jailbreakDetected"),
        (("jailbreakDetected", "neq", True), "not jailbreakDetected"),
        (("jailbreakDetected", "!=", False), "jailbreakDetected"),
        (("conversationCount", "gt", 20), "conversationCount > 20"),
        (("conversationCount", "<=", 0), "conversationCount <= 0"),
        (("lastSeen", "before", "14d"), "lastSeen before 14d"),
        (("lastSeen", "within", "2w"), "lastSeen within 2w"),
    ],
)
def test_a_system_condition_with_a_meaning(condition: tuple[str, str, float | bool | str], text: str) -> None:
    assert text_of({"id": "p1", "type": "system", "filters": system(condition)}) == text
    assert text_of(system(condition)) == text


def test_conditions_are_joined_as_they_say() -> None:
    both = (("sentiment", "lte", 0.3), ("lastSeen", "before", "14d"))
    assert text_of(system(*both)) == "sentiment <= 0.3 and lastSeen before 14d"
    assert text_of(system(*both, operator="OR")) == "sentiment <= 0.3 or lastSeen before 14d"


@pytest.mark.parametrize(
    ("condition", "reason"),
    [
        (("engagement", "gte", 0.7), 'the language has no field "engagement"'),
        (("commercial_intent", "gte", 0.7), 'the language has no field "commercial_intent"'),
        (("plan", "eq", "pro"), 'the language has no field "plan"'),
        (([1], "eq", "pro"), "the language has no field that is not a string"),
        (("rating", "in", [1, 2]), 'the language has no operator "in"'),
        (("rating", None, 1), "the language has no operator that is not a string"),
        (("rating", "contains", "3"), "`rating` is a metric, which has no `contains`"),
        (("rating", "gte", "3"), "`rating` is compared with a number, not with a string"),
        (("rating", "gte", True), "`rating` is compared with a number, not with a boolean"),
        (("rating", "gte", None), "the value is neither a string, a boolean, nor a finite number within ±(2^53−1)"),
        (("rating", "gte", [3]), "the value is neither a string, a boolean, nor a finite number within ±(2^53−1)"),
        (
            ("rating", "gte", float("nan")),
            "the value is neither a string, a boolean, nor a finite number within ±(2^53−1)",
        ),
        (("rating", "gte", 10**400), "the value is neither a string, a boolean, nor a finite number within ±(2^53−1)"),
        (("conversationCount", "gte", 1.5), "a count is compared with whole numbers"),
        (("jailbreakDetected", "gt", True), "`jailbreakDetected` is a flag, which has no `>`"),
        (("jailbreakDetected", "eq", 1), "`jailbreakDetected` is compared with a boolean, not with a number"),
        (("lastSeen", "before", "14 days"), "`14 days` is not a duration"),
        (("lastSeen", "before", 14), "`lastSeen` is compared with a duration, not with a number"),
        (("lastSeen", "gte", "14d"), "`lastSeen` is a moment, which has no `>=`"),
    ],
)
def test_a_system_condition_without_one_is_named(condition: tuple[Any, ...], reason: str) -> None:
    segment = {"id": "p1", "type": "system", "filters": system(("rating", "gt", 1), condition)}
    assert problems_of(segment) == [f"filters.conditions[1]: {reason}"]


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (None, "filters: must be an object"),
        ("plan", "filters: must be an object"),
        ({**CUSTOM, "filters": None}, "filters: must be an object"),
        (
            {"id": "s1", "name": "Pros", "type": "custom", "memberCount": 3},
            "filters: missing, as in a listing; read the segment by its id to get them",
        ),
        (
            {"operator": "XOR", "conditions": [{"field": "rating", "operator": "gt", "value": 1}]},
            "filters.operator: must be AND or OR",
        ),
        (system(), "filters.conditions: must be a list of at least one condition"),
        ({"conditions": 5}, "filters.conditions: must be a list of at least one condition"),
        (
            {"operator": "AND", "conditions": [5]},
            "filters.conditions[0]: must be an object with field, operator and value",
        ),
        (
            {"operator": "AND", "conditions": [{"field": "rating", "operator": "gt", "value": 1, "scope": "7d"}]},
            "filters.conditions[0]: must be an object with field, operator and value",
        ),
        ({**system(("rating", "gt", 1)), "dateRange": {}}, "filters: unknown key 'dateRange'"),
    ],
)
def test_anything_but_a_segment_is_refused(data: str | dict[str, Any] | None, problem: str) -> None:
    assert problems_of(data) == [problem]


def test_every_problem_of_every_segment_is_reported_with_its_place() -> None:
    listed = [CUSTOM, system(("mood", "gt", 1), ("rating", "in", 1)), 5]
    assert problems_of(listed) == [
        '[1].filters.conditions[0]: the language has no field "mood"',
        '[1].filters.conditions[1]: the language has no operator "in"',
        "[2].filters: must be an object",
    ]


def test_filters_with_a_key_too_many_are_not_taken_for_a_listed_segment() -> None:
    assert problems_of(RULES | {"id": "s1"}) == ["filters: unknown key 'id'"]
    (listed,) = problems_of({"id": "s1", "name": "Pros"})
    assert listed.startswith("filters: missing, as in a listing")


def test_an_operator_that_is_no_string() -> None:
    (problem,) = problems_of(system(("rating", ["gte"], 3)))
    assert problem == "filters.conditions[0]: the language has no operator that is not a string"


def test_the_largest_whole_number() -> None:
    assert text_of(system(("conversationCount", "gte", 2**53 - 1))) == "conversationCount >= 9007199254740991"
    (problem,) = problems_of(system(("conversationCount", "gte", 2**53)))
    assert "within ±(2^53−1)" in problem
