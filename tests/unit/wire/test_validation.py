"""Valid `filters` data: each rule's keys and values, the scope, and the moments of its bounds."""

import datetime
import math
from typing import Any

import pytest

from segdsl.wire.validation import filters_problems, instant, json_number

UTC = datetime.UTC
UUID = "182bd5e5-6e1a-4fe4-a799-aa6d9a6ab26e"
A_MOMENT = "a real date (2026-01-31), or a date-time with its offset (2026-01-31T14:30:00Z)"
VALID: dict[str, dict[str, Any]] = {
    "analysis": {"type": "analysis", "field": "sentiment", "operator": "gte", "value": 0.5},
    "analysis_flag": {"type": "analysis_flag", "field": "modelBiasDetected", "value": False},
    "property": {"type": "property", "key": "plan", "operator": "eq", "value": "pro"},
    "conversation_property": {"type": "conversation_property", "key": "plan", "operator": "gt", "value": 1},
    "conversation_count": {"type": "conversation_count", "operator": "lte", "value": 3},
    "last_seen": {"type": "last_seen", "operator": "before", "value": "24h"},
}


def problems_of(kind: str, **changes: Any) -> list[str]:
    return filters_problems({"rules": [VALID[kind] | changes]})


@pytest.mark.parametrize("kind", VALID)
def test_each_kind_of_rule_is_valid(kind: str) -> None:
    assert problems_of(kind) == []


@pytest.mark.parametrize(("kind", "key"), [(kind, key) for kind, rule in VALID.items() for key in rule])
def test_each_key_of_a_rule_is_needed(kind: str, key: str) -> None:
    rule = {name: value for name, value in VALID[kind].items() if name != key}
    (problem,) = filters_problems({"rules": [rule]})
    assert problem.startswith(f"rules[0].{key}: must be ")
    assert key == "type" or problem.endswith(" must be present")


@pytest.mark.parametrize("kind", VALID)
def test_unknown_keys_are_refused(kind: str) -> None:
    assert problems_of(kind, unit="s") == ["rules[0]: unknown key 'unit'"]


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        (None, "a string, a number or a boolean"),
        ([1], "a string, a number or a boolean"),
        (10**30, "an integer within ±(2^53−1)"),
        (math.nan, "a finite number"),
        ("\udc80", "a string without lone surrogates"),
    ],
)
def test_types_of_property_values(value: Any, wanted: str) -> None:
    assert problems_of("property", value=value) == [f"rules[0].value: must be {wanted}"]


def test_a_flag_has_no_operator() -> None:
    assert problems_of("analysis_flag", operator="eq") == ["rules[0]: unknown key 'operator'"]


@pytest.mark.parametrize(
    ("kind", "changes"),
    [
        ("analysis", {"value": 5}),
        ("analysis", {"value": -1.5}),
        ("property", {"operator": "contains", "value": ""}),
        ("property", {"operator": "gt", "value": "a"}),
        ("property", {"operator": "neq", "value": True}),
        ("property", {"key": "-"}),
        ("property", {"key": "..2_b"}),
        ("property", {"value": "\x00 😀 \u202e"}),
        ("conversation_count", {"value": 5.0}),
        ("conversation_count", {"value": -5}),
        ("conversation_count", {"value": 2**53 - 1}),
        ("conversation_count", {"value": float(2**53 - 1)}),
        ("last_seen", {"value": "1m"}),
        ("last_seen", {"value": "99999999d"}),
    ],
)
def test_accepted(kind: str, changes: dict[str, Any]) -> None:
    assert problems_of(kind, **changes) == []


@pytest.mark.parametrize(
    ("kind", "changes"),
    [
        ("analysis", {"field": "plan"}),
        ("analysis", {"field": "Sentiment"}),
        ("analysis", {"field": ["sentiment"]}),
        ("analysis", {"operator": "neq"}),
        ("analysis", {"value": "0.5"}),
        ("analysis", {"value": True}),
        ("analysis", {"value": None}),
        ("analysis", {"value": float("nan")}),
        ("analysis", {"value": float("inf")}),
        ("analysis_flag", {"field": "sentiment"}),
        ("analysis_flag", {"value": 1}),
        ("analysis_flag", {"value": "true"}),
        ("property", {"operator": "gte"}),
        ("property", {"key": ""}),
        ("property", {"key": "a b"}),
        ("property", {"key": "é"}),
        ("property", {"key": "a\n"}),
        ("property", {"key": 5}),
        ("property", {"value": ["a"]}),
        ("property", {"value": {"a": 1}}),
        ("property", {"value": None}),
        ("property", {"value": float("-inf")}),
        ("property", {"value": "a\ud800"}),
        ("property", {"value": "\udfff"}),
        ("property", {"operator": "contains", "value": 5}),
        ("property", {"operator": "contains", "value": True}),
        ("conversation_property", {"operator": "gt", "value": True}),
        ("conversation_property", {"operator": "lt", "value": False}),
        ("conversation_count", {"operator": "eq"}),
        ("conversation_count", {"value": 1.5}),
        ("conversation_count", {"value": True}),
        ("conversation_count", {"value": "5"}),
        ("conversation_count", {"value": 1e16}),
        ("conversation_count", {"value": 10**16}),
        ("conversation_count", {"value": 2**53}),
        ("conversation_count", {"value": float("nan")}),
        ("last_seen", {"operator": "gt"}),
        ("last_seen", {"value": "0d"}),
        ("last_seen", {"value": "07d"}),
        ("last_seen", {"value": "1w"}),
        ("last_seen", {"value": "1D"}),
        ("last_seen", {"value": "7d\n"}),
        ("last_seen", {"value": "٧d"}),
        ("last_seen", {"value": 7}),
    ],
)
def test_refused_at_the_key_that_is_wrong(kind: str, changes: dict[str, Any]) -> None:
    (problem,) = problems_of(kind, **changes)
    wrong = "value" if "value" in changes else next(iter(changes))
    assert problem.startswith(f"rules[0].{wrong}: must be ")


@pytest.mark.parametrize("kind", ["event", "", None, 5, ["analysis"]])
def test_an_unknown_kind_of_rule_is_one_problem(kind: Any) -> None:
    (problem,) = filters_problems({"rules": [{"type": kind, "junk": 1}]})
    assert problem.startswith("rules[0].type: must be one of analysis, ")


@pytest.mark.parametrize("data", [None, [], "rules", 5])
def test_filters_are_an_object(data: Any) -> None:
    assert filters_problems(data) == ["filters: must be an object"]


@pytest.mark.parametrize("rules", [None, [], (), {}, "analysis", 5])
def test_there_is_at_least_one_rule(rules: Any) -> None:
    assert filters_problems({"rules": rules}) == ["rules: must be a list of at least one rule"]


@pytest.mark.parametrize("rule", [None, "analysis", [], 5])
def test_a_rule_is_an_object(rule: Any) -> None:
    assert filters_problems({"rules": [VALID["property"], rule]}) == ["rules[1]: must be an object"]


@pytest.mark.parametrize(
    "scope",
    [
        {"preset": "all"},
        {"from": "2026-01-01", "to": "2026-01-01"},
        {"from": "2026-01-01T00:00:00+01:00", "to": "2026-01-01"},
        {"to": "2024-02-29"},
        {"from": "2016-12-31T23:59:60Z"},
    ],
)
def test_a_good_date_range(scope: dict[str, str]) -> None:
    assert filters_problems({"rules": [VALID["property"]], "dateRange": scope}) == []


@pytest.mark.parametrize(
    ("scope", "problem"),
    [
        ([], "dateRange: must be an object"),
        ("7d", "dateRange: must be an object"),
        (False, "dateRange: must be an object"),
        ({"since": "2026-01-01"}, "dateRange: unknown key 'since'"),
        ({"preset": "14d"}, "dateRange.preset: must be one of 7d, 30d, 90d, all"),
        ({"preset": ["7d"]}, "dateRange.preset: must be one of 7d, 30d, 90d, all"),
        ({"from": "2026-02-30"}, f"dateRange.from: must be {A_MOMENT}"),
        ({"from": "2026-01-31T14:30:00"}, f"dateRange.from: must be {A_MOMENT}"),
        ({"to": 2026}, f"dateRange.to: must be {A_MOMENT}"),
        ({"from": "2026-01-02", "to": "2026-01-01"}, "dateRange: from is after to"),
        ({"from": "2026-01-01T00:00:00.2Z", "to": "2026-01-01T00:00:00.1Z"}, "dateRange: from is after to"),
    ],
)
def test_a_bad_date_range(scope: Any, problem: str) -> None:
    assert filters_problems({"rules": [VALID["property"]], "dateRange": scope}) == [problem]


@pytest.mark.parametrize("products", [[UUID], (UUID, UUID.upper()), []])
def test_good_products(products: list[str] | tuple[str, str]) -> None:
    assert filters_problems({"rules": [VALID["property"]], "productIds": products}) == []


@pytest.mark.parametrize(
    ("products", "problem"),
    [
        (UUID, "productIds: must be a list"),
        ({UUID: 1}, "productIds: must be a list"),
        ([UUID, UUID[:-1]], "productIds[1]: must be a UUID"),
        ([UUID + "\n"], "productIds[0]: must be a UUID"),
        ([None], "productIds[0]: must be a UUID"),
    ],
)
def test_bad_products(products: Any, problem: str) -> None:
    assert filters_problems({"rules": [VALID["property"]], "productIds": products}) == [problem]


@pytest.mark.parametrize(
    ("number", "form"),
    [
        (5, 5),
        (5.0, 5),
        (-0.0, 0),
        (0.5, 0.5),
        (float(2**53 - 1), 2**53 - 1),
        (2.0**53, 2.0**53),
        (2**53, 2.0**53),
        (2**53 + 1, 2**53 + 1),
        (10**16, 1e16),
        (10**400, 10**400),
    ],
)
def test_a_number_has_one_form(number: float, form: float) -> None:
    assert (type(json_number(number)), json_number(number)) == (type(form), form)


def test_numbers_outside_json_are_left_as_they_are() -> None:
    assert json_number(math.inf) == math.inf
    assert math.isnan(json_number(math.nan))


# ── moments ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-03-25", datetime.datetime(2026, 3, 25, tzinfo=UTC)),
        ("2026-03-25T14:30:00Z", datetime.datetime(2026, 3, 25, 14, 30, tzinfo=UTC)),
        ("2026-03-25t14:30:00z", datetime.datetime(2026, 3, 25, 14, 30, tzinfo=UTC)),
        ("2026-03-25T14:30:00.25+02:00", datetime.datetime(2026, 3, 25, 12, 30, 0, 250_000, tzinfo=UTC)),
        ("2026-03-25T14:30:00.123456789Z", datetime.datetime(2026, 3, 25, 14, 30, 0, 123_456, tzinfo=UTC)),
        ("2026-03-25T00:00:00-05:30", datetime.datetime(2026, 3, 25, 5, 30, tzinfo=UTC)),
        ("2016-12-31T23:59:60Z", datetime.datetime(2017, 1, 1, tzinfo=UTC)),
        ("0001-01-01T00:00:00Z", datetime.datetime(1, 1, 1, tzinfo=UTC)),
    ],
)
def test_a_moment(text: str, moment: datetime.datetime) -> None:
    assert instant(text) == moment


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026",
        "2026-3-25",
        "20260325",
        "2026-02-29",
        "0000-01-01",
        "2026-03-25T14:30:00",
        "2026-03-25T14:30Z",
        "2026-03-25T24:00:00Z",
        "2026-03-25T14:60:00Z",
        "2026-03-25T14:30:61Z",
        "2026-03-25T14:30:00+24:00",
        "2026-03-25T14:30:00+05:60",
        "2026-03-25T14:30:00+0500",
        "2026-03-25T14:30:00.Z",
        "9999-12-31T23:59:60Z",
        "2026-03-25\n",
        "٢٠٢٦-03-25",
    ],
)
def test_not_a_moment(text: str) -> None:
    assert instant(text) is None


@pytest.mark.parametrize(
    ("operator", "value", "wanted"),
    [("contains", 5, "a string for contains"), ("gt", True, "a number or a string for gt")],
)
def test_a_value_that_its_operator_does_not_take(operator: str, value: int | bool, wanted: str) -> None:
    assert problems_of("property", operator=operator, value=value) == [f"rules[0].value: must be {wanted}"]
