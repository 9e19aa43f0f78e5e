"""`Filters`: the wire's JSON in and out, byte for byte, and equality by meaning."""

import json
import pickle
import unittest.mock
from types import MappingProxyType
from typing import Any, get_args

import pytest

from segdsl.errors import InvalidSegmentError
from segdsl.wire import AnalysisRule, ConversationPropertyRule, DateRange, Filters, PropertyRule, Rule

REFERENCE = (
    b'{"rules":[{"type":"analysis","field":"commercialIntent","operator":"gte","value":0.6},'
    b'{"type":"property","key":"plan","operator":"eq","value":"enterprise"}]}'
)
PRODUCT = "182bd5e5-6e1a-4fe4-a799-aa6d9a6ab26e"


def with_value(value: str | float | bool) -> dict[str, list[dict[str, Any]]]:
    return {"rules": [{"type": "property", "key": "a", "operator": "eq", "value": value}]}


def test_the_reference_example_is_right_to_the_byte() -> None:
    rules = (AnalysisRule("commercialIntent", "gte", 0.6), PropertyRule("plan", "eq", "enterprise"))
    assert Filters(rules=rules).to_json() == REFERENCE


@pytest.mark.parametrize(
    "text",
    [
        '{"type":"analysis","field":"cqi","operator":"lt","value":80}',
        '{"type":"analysis_flag","field":"jailbreakDetected","value":true}',
        '{"type":"property","key":"2fa","operator":"neq","value":false}',
        '{"type":"conversation_property","key":"a.b-c_d","operator":"contains","value":"é \\" 日本"}',
        '{"type":"conversation_count","operator":"gte","value":6}',
        '{"type":"last_seen","operator":"within","value":"7d"}',
    ],
)
def test_every_kind_of_rule_keeps_its_keys_in_the_wires_order(text: str) -> None:
    shuffled = dict(reversed(json.loads(text).items()))
    assert Filters.from_dict({"rules": [shuffled]}).to_json().decode() == f'{{"rules":[{text}]}}'


def test_the_scope_follows_the_rules_in_the_wires_order() -> None:
    data = {
        "productIds": [PRODUCT],
        "dateRange": {"to": "2026-03-31", "from": "2026-01-01", "preset": "7d"},
        **with_value("b"),
    }
    filters = Filters.from_dict(data)
    assert list(filters.to_dict()) == ["rules", "dateRange", "productIds"]
    assert list(filters.to_dict()["dateRange"]) == ["preset", "from", "to"]
    assert filters.to_dict() == data


@pytest.mark.parametrize(
    "empty", [{}, {"dateRange": {}}, {"dateRange": None}, {"productIds": []}, {"productIds": None}]
)
def test_an_empty_scope_is_the_same_as_none(empty: dict[str, Any]) -> None:
    assert Filters.from_dict(with_value("b") | empty) == Filters.from_dict(with_value("b"))


def test_a_null_bound_is_the_same_as_none() -> None:
    data = with_value("b") | {"dateRange": {"preset": None, "from": "2026-01-01", "to": None}}
    assert Filters.from_dict(data).date_range == DateRange(from_="2026-01-01")


@pytest.mark.parametrize(
    ("given", "written"),
    [(5, "5"), (5.0, "5"), (0.60, "0.6"), (-0.0, "0"), (-7.0, "-7"), (2**53 - 1, "9007199254740991"), (1e16, "1e16")],
)
def test_a_number_is_written_as_javascript_holds_it(given: float, written: str) -> None:
    assert Filters.from_dict(with_value(given)).to_json().decode().endswith(f'"value":{written}}}]}}')


@pytest.mark.parametrize(
    ("double", "written_by_javascript"),
    [
        (1e16, "10000000000000000"),
        (-1e16, "-10000000000000000"),
        (2.0**53, "9007199254740992"),
        (2.0**60, "1152921504606847000"),
        (1e20, "100000000000000000000"),
        (1e21, "1e+21"),
        (1e-7, "1e-7"),
    ],
)
def test_a_number_comes_back_as_javascript_writes_it(double: float, written_by_javascript: str) -> None:
    assert Filters.from_dict(with_value(json.loads(written_by_javascript))) == Filters.from_dict(with_value(double))
    assert json.loads(Filters.from_dict(with_value(double)).to_json()) == with_value(double)


@pytest.mark.parametrize("value", [2**53 + 1, -(2**53) - 1, 2**60, 10**21, 10**400])
def test_an_integer_that_a_double_would_round_is_refused(value: int) -> None:
    with pytest.raises(InvalidSegmentError, match=r"rules\[0\]\.value"):
        Filters.from_dict(with_value(value))


def test_a_boolean_and_a_number_are_different_values() -> None:
    for kind in (PropertyRule, ConversationPropertyRule):
        true, one = kind("a", "eq", True), kind("a", "eq", 1)
        assert true != one
        assert true == kind("a", "eq", True)
        assert one == kind("a", "eq", 1.0)
        assert len({true, one, kind("a", "eq", 1.0)}) == 2
    assert Filters.from_dict(with_value(True)) != Filters.from_dict(with_value(1))
    assert PropertyRule("a", "eq", 1) != ConversationPropertyRule("a", "eq", 1)
    assert PropertyRule("a", "eq", 1) != PropertyRule("a", "neq", 1)
    assert PropertyRule("a", "eq", 1) != PropertyRule("b", "eq", 1)
    assert (PropertyRule("a", "eq", 1) == ("a", "eq", 1)) is False
    assert PropertyRule("a", "eq", 1) == unittest.mock.ANY


def test_filters_can_be_hashed_matched_and_pickled() -> None:
    filters = Filters.from_dict(json.loads(REFERENCE))
    assert pickle.loads(pickle.dumps(filters)) == filters
    assert len({filters, Filters.from_dict(json.loads(REFERENCE))}) == 1
    match filters.rules:
        case (AnalysisRule(field="commercialIntent"), PropertyRule(key, "eq", value)):
            assert (key, value) == ("plan", "enterprise")
        case _:
            pytest.fail("the rules did not match")


def test_filters_cannot_be_changed() -> None:
    filters = Filters.from_dict(json.loads(REFERENCE))
    with pytest.raises(AttributeError):
        filters.rules = ()  # type: ignore[misc]
    with pytest.raises(AttributeError):
        DateRange(preset="7d").preset = "30d"  # type: ignore[misc]


@pytest.mark.parametrize("kind", get_args(Rule))
def test_a_rule_cannot_be_changed_and_can_be_hashed(kind: type[Any]) -> None:
    rule, same = (kind(*["x"] * len(kind.__struct_fields__)) for _ in range(2))
    assert {rule, same} == {rule}
    with pytest.raises(AttributeError):
        rule.value = "y"


def test_any_mapping_and_any_sequence_of_rules_will_do() -> None:
    data = json.loads(REFERENCE)
    frozen = MappingProxyType({"rules": tuple(MappingProxyType(rule) for rule in data["rules"])})
    assert Filters.from_dict(frozen).to_json() == REFERENCE


class _Text(str):
    __slots__ = ()


def test_a_kind_of_string_is_a_string() -> None:
    rule = {"type": _Text("property"), "key": _Text("a"), "operator": _Text("eq"), "value": _Text("b")}
    assert Filters.from_dict({"rules": [rule]}).to_json() == Filters.from_dict(with_value("b")).to_json()


def test_every_problem_is_reported_at_once() -> None:
    data = {
        "rules": [{"type": "property", "key": "a b", "operator": "gte", "value": None}],
        "productIds": ["x"],
        "extra": 1,
    }
    with pytest.raises(InvalidSegmentError) as caught:
        Filters.from_dict(data)
    places = [problem.split(":")[0] for problem in caught.value.problems]
    assert places == ["filters", "rules[0].key", "rules[0].operator", "rules[0].value", "productIds[0]"]


def test_rules_that_differ_hash_apart() -> None:
    rules = [PropertyRule("plan", "eq", value) for value in (True, 1, "1", "pro", 2)]
    assert len({hash(rule) for rule in rules}) == len(rules)
