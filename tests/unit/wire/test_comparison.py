"""Filters are compared by value, for all spellings of a server and any other data."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segdsl.wire.comparison import same_filters

METRIC = {"type": "analysis", "field": "sentiment", "operator": "lt", "value": 0.6}
COUNT = {"type": "conversation_count", "operator": "gte", "value": 5}
PLAN = {"type": "property", "key": "plan", "operator": "eq", "value": "pro"}
FILTERS = {"rules": [METRIC, COUNT, PLAN]}
PRODUCT = "182bd5e5-6e1a-4fe4-a799-aa6d9a6ab26e"


@pytest.mark.parametrize(
    "other",
    [
        {"rules": [PLAN, METRIC, COUNT]},
        {"rules": [METRIC, COUNT, PLAN, COUNT]},
        {"rules": [dict(reversed(METRIC.items())), COUNT, PLAN]},
        {"rules": [METRIC, COUNT | {"value": 5.0}, PLAN]},
        {"rules": [METRIC | {"key": None}, COUNT, PLAN]},
        {"rules": (METRIC, COUNT, PLAN)},
        FILTERS | {"dateRange": None, "productIds": None},
        FILTERS | {"dateRange": {}, "productIds": []},
        FILTERS | {"dateRange": {"preset": None}},
    ],
)
def test_the_same(other: dict[str, Any]) -> None:
    assert same_filters(FILTERS, other)
    assert same_filters(other, FILTERS)


@pytest.mark.parametrize(
    "other",
    [
        {"rules": [METRIC, COUNT]},
        {"rules": [METRIC, COUNT, PLAN, PLAN | {"key": "tier"}]},
        {"rules": [METRIC | {"value": 0.61}, COUNT, PLAN]},
        {"rules": [METRIC | {"value": "0.6"}, COUNT, PLAN]},
        {"rules": [METRIC, COUNT | {"value": "5"}, PLAN]},
        {"rules": [METRIC, COUNT, PLAN | {"value": "Pro"}]},
        {"rules": [METRIC, COUNT, PLAN | {"unheardOf": 1}]},
        FILTERS | {"dateRange": {"preset": "7d"}},
        FILTERS | {"productIds": [PRODUCT]},
        FILTERS | {"unheardOf": False},
        {"rules": None},
        {"rules": {"0": METRIC}},
        {"operator": "AND", "conditions": []},
        {},
        [METRIC, COUNT, PLAN],
        None,
    ],
)
def test_not_the_same(other: Any) -> None:
    assert not same_filters(FILTERS, other)
    assert not same_filters(other, FILTERS)


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        (1, 1.0, True),
        (0, -0.0, True),
        (2**53 + 1, float(2**53), False),
        (True, 1, False),
        (False, 0, False),
        (True, True, True),
        (1, "1", False),
        (True, "True", False),
        (float("nan"), float("nan"), True),
        ("é", "e\u0301", False),
        ([1], [1.0], True),
        ([1, 2], [2, 1], False),
        ([], {}, False),
        ({"a": None}, {}, True),
    ],
)
def test_values(left: Any, right: Any, same: bool) -> None:
    assert same_filters({"rules": [PLAN | {"value": left}]}, {"rules": [PLAN | {"value": right}]}) is same


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        ({"from": "2026-01-01"}, {"from": "2026-01-01T00:00:00.000Z"}, True),
        ({"from": "2026-01-01T01:00:00+01:00"}, {"from": "2026-01-01T00:00:00Z", "to": None}, True),
        ({"from": "2026-01-01"}, {"from": "2026-01-02"}, False),
        ({"from": "2026-01-01"}, {"to": "2026-01-01"}, False),
        ({"from": "2026-01-01"}, {"from": 20260101}, False),
        ({"from": "9999-12-31T23:59:60Z"}, {"from": "9999-12-31T23:59:60Z"}, True),
        ({"preset": "7d"}, {"preset": "30d"}, False),
        ({"preset": "7d"}, "7d", False),
    ],
)
def test_date_ranges(left: Any, right: Any, same: bool) -> None:
    assert same_filters(FILTERS | {"dateRange": left}, FILTERS | {"dateRange": right}) is same


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        ([PRODUCT], [PRODUCT.upper()], True),
        ([PRODUCT, "b"], ["b", PRODUCT], True),
        ([PRODUCT, "b"], [PRODUCT], False),
        ([PRODUCT], PRODUCT, False),
        ([1], ["1"], False),
    ],
)
def test_product_ids(left: Any, right: Any, same: bool) -> None:
    assert same_filters(FILTERS | {"productIds": left}, FILTERS | {"productIds": right}) is same


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
)
ODD_FILTERS = (
    st.fixed_dictionaries({}, optional={"rules": JSON, "dateRange": JSON, "productIds": JSON, "else": JSON}) | JSON
)


@given(ODD_FILTERS, ODD_FILTERS)
def test_no_json_is_too_odd(left: Any, right: Any) -> None:
    assert same_filters(left, left)
    assert same_filters(left, right) is same_filters(right, left)


def test_json_of_any_depth() -> None:
    deep: Any = []
    for _ in range(50_000):
        deep = [deep]
    assert not same_filters({"rules": deep}, FILTERS)
    assert not same_filters({"rules": deep}, {"rules": deep})


@pytest.mark.parametrize(("one", "other"), [("7d", "30d"), (["7d"], ["30d"]), (7, 30)])
def test_an_invalid_scope_equals_only_itself(one: Any, other: Any) -> None:
    for part in ("dateRange", "productIds"):
        assert same_filters(FILTERS | {part: one}, FILTERS | {part: one})
        assert not same_filters(FILTERS | {part: one}, FILTERS | {part: other})


def test_product_ids_that_are_no_uuids_are_compared_as_texts() -> None:
    assert not same_filters(FILTERS | {"productIds": ["ß"]}, FILTERS | {"productIds": ["SS"]})


@pytest.mark.parametrize(("one", "other"), [("a", "b"), (None, "a"), (1, 2), ([1], [2]), ([1], {"a": 1}), (True, None)])
def test_data_that_is_no_filters_equals_only_itself(one: Any, other: Any) -> None:
    for data in (one, {"rules": one}, {"rules": [one]}, {"rules": [{"value": one}]}):
        assert same_filters(data, data)
    assert not same_filters(one, other)
    assert not same_filters({"rules": [1, one]}, {"rules": [1, other]})
    assert not same_filters({"rules": [{"value": one}]}, {"rules": [{"value": other}]})


def test_rules_that_are_no_list() -> None:
    assert not same_filters({"rules": "ab"}, {"rules": "ba"})
    assert not same_filters({"rules": 1}, {"rules": 2})


class _Odd:
    """A value that JSON cannot hold."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return self.name

    __hash__ = None  # type: ignore[assignment]


def test_values_outside_json_are_compared_by_type_and_repr() -> None:
    assert same_filters({"rules": [_Odd("a")]}, {"rules": [_Odd("a")]})
    assert not same_filters({"rules": [_Odd("a")]}, {"rules": [_Odd("b")]})
    assert not same_filters({"rules": [_Odd("a")]}, {"rules": ["a"]})
    assert not same_filters({"rules": [b"a"]}, {"rules": ["b'a'"]})
