"""The validation of a create's body: every problem is listed, and nothing bad is stored."""

import json
from typing import Any

import httpx
import pytest

from segdsl.sandbox import RunningSandbox

RULE = {"type": "property", "key": "plan", "operator": "eq", "value": "pro"}
GOOD = {"filters": {"rules": [RULE]}}


def problems_of(http: httpx.Client, body: bytes | dict[str, Any]) -> list[str]:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    answer = http.post("/segments", content=content)
    refusal = answer.json()
    assert answer.status_code == 400
    assert refusal["code"] == "bad_request"
    assert refusal["error"] == "; ".join(refusal["problems"])
    problems: list[str] = refusal["problems"]
    return problems


@pytest.mark.parametrize(
    ("body", "begins"),
    [
        ({}, "filters: must be present"),
        ({"filters": None}, "filters: must be an object"),
        ({"filters": []}, "filters: must be an object"),
        ({"filters": {}}, "filters.rules: must be a list of at least one rule"),
        ({"filters": {"rules": []}}, "filters.rules: must be a list of at least one rule"),
        ({"filters": {"rules": [RULE], "or": []}}, "filters: unknown key 'or'"),
        ({"filters": {"rules": [RULE | {"field": "x"}]}}, "filters.rules[0]: unknown key 'field'"),
        ({"filters": {"rules": [RULE, {"type": "mood"}]}}, "filters.rules[1].type: must be one of analysis,"),
        ({"filters": {"rules": [RULE | {"value": None}]}}, "filters.rules[0].value: must be"),
        ({"filters": {"rules": [RULE], "dateRange": {"preset": "8d"}}}, "filters.dateRange.preset: must be one of"),
        ({"filters": {"rules": [RULE], "productIds": ["shoes"]}}, "filters.productIds[0]: must be a UUID"),
        (GOOD | {"Name": "A"}, "unknown key 'Name'"),
        (GOOD | {"name": None}, "name: must be a string, or left out"),
        (GOOD | {"icon": 7}, "icon: must be a string"),
        (GOOD | {"name": ""}, "name: must not be blank"),
        (GOOD | {"name": "x" * 256}, "name: must be at most 255"),
        (GOOD | {"name": "🦉" * 128}, "name: must be at most 255"),
        (GOOD | {"icon": "x" * 51}, "icon: must be at most 50"),
        ([], "the body must be a JSON object"),
        (None, "the body must be a JSON object"),
        (b"", "the body is not JSON"),
        (b"filters=1", "the body is not JSON"),
        (b'{"filters":', "the body is not JSON"),
        (b'{"filters": {"rules": [NaN]}}', "the body is not JSON"),
        (b'{"name": "\xff"}', "the body is not JSON"),
        (rb'{"name": "\ud800"}', "the body is not JSON"),
        (b"[" * 100_000, "the body is not JSON"),
        (b'{"filters":' * 50_000, "the body is not JSON"),
    ],
)
def test_a_bad_body_is_400_and_says_where(http: httpx.Client, sandbox: RunningSandbox, body: Any, begins: str) -> None:
    before = sandbox.store.count()

    (problem,) = problems_of(http, body)

    assert problem.startswith(begins)
    assert sandbox.store.count() == before


def test_every_problem_is_listed_at_once(http: httpx.Client) -> None:
    bad_rule = {"type": "analysis", "field": "mood", "operator": "neq", "value": "high"}

    found = problems_of(http, {"filters": {"rules": [bad_rule]}, "name": "x" * 300, "icon": 1, "color": "red"})

    starts = ["unknown key 'color'", "filters.rules[0].field", "filters.rules[0].operator", "filters.rules[0].value"]
    assert [problem.startswith(start) for problem, start in zip(found, [*starts, "name", "icon"], strict=True)] == [
        True
    ] * 6


def test_a_flood_of_problems_is_cut(http: httpx.Client) -> None:
    found = problems_of(http, {"filters": {"rules": [{"type": 1}] * 5_000}})

    assert len(found) == 101
    assert found[-1] == "and 4900 more"


@pytest.mark.parametrize(
    "number", [b"1e999", b"1" * 5_000, b"9007199254740993", b"-9007199254740993", b"123456789012345678901234567890"]
)
def test_a_number_that_no_double_holds_is_refused(http: httpx.Client, number: bytes) -> None:
    body = b'{"filters":{"rules":[{"type":"property","key":"a","operator":"eq","value":' + number + b"}]}}"

    assert len(problems_of(http, body)) == 1


@pytest.mark.parametrize(
    "more",
    [
        {"name": "x" * 255, "icon": "x" * 50},
        {"name": "🦉" * 127, "description": "x" * 5_000},
        {"description": "", "icon": ""},
        {"name": "\u0000\u202e"},
    ],
)
def test_segments_within_the_limits_are_created_unchanged(http: httpx.Client, more: dict[str, str]) -> None:
    answer = http.post("/segments", json=GOOD | more)

    assert answer.status_code == 201
    assert {key: answer.json()[key] for key in more} == more
