"""Numbers at the edge of what the server holds exactly: in texts, in users' records, and in rules."""

import json
from typing import Any

import pytest
from hypothesis import event, example, given
from hypothesis import strategies as st

import segdsl
from segdsl.limits import MAX_SAFE_INTEGER
from segdsl.wire.filters import Filters
from tests.diagnosed import segments_of

from .strategies import NOW, in_brief
from .test_law import assert_law
from .trees import And, Between, Comparison, Field, In, Not, Or, Tree, spell

MOST = MAX_SAFE_INTEGER
NEAR = [0, 1, -1, 2, *(sign * (MOST - step) for sign in (1, -1) for step in (0, 1, 2))]
BEYOND = [sign * (MOST + step) for sign in (1, -1) for step in range(1, 5)]
"""Integers that JSON can write and a double cannot tell apart."""

COUNT = Field("count", "conversationCount", ("conversationCount",))
SEATS = Field("property", "seats", ("seats",))
RATING = Field("metric", "rating", ("rating",))
WHOLE = segdsl.Schema(properties={"seats": "integer"})
NUMBERS = st.sampled_from(NEAR)
FIELDS = st.sampled_from([COUNT, COUNT, SEATS, RATING])
LEAVES = in_brief(
    st.one_of(
        st.builds(Comparison, FIELDS, st.sampled_from(("==", "!=", "<", "<=", ">", ">=")), NUMBERS),
        st.builds(Between, FIELDS, NUMBERS, NUMBERS),
        st.builds(In, FIELDS, st.lists(NUMBERS, min_size=1, max_size=3).map(tuple), st.booleans()),
    )
)
TREES = in_brief(
    st.recursive(
        LEAVES,
        lambda inner: st.one_of(
            st.builds(Not, inner), *(st.builds(kind, st.tuples(inner, inner)) for kind in (And, Or))
        ),
        max_leaves=4,
    )
)


@given(tree=TREES, schema=st.sampled_from([None, WHOLE]), value=st.sampled_from([*NEAR, *BEYOND]))
@example(tree=Not(Comparison(COUNT, "<=", MOST)), schema=None, value=MOST)
@example(tree=Not(Between(COUNT, 0, MOST)), schema=None, value=MOST)
@example(tree=Not(In(COUNT, (MOST, 5), False)), schema=None, value=5)
@example(tree=Or((Comparison(COUNT, "<=", MOST), Comparison(SEATS, "==", 1))), schema=WHOLE, value=MOST)
@example(tree=Not(Comparison(SEATS, ">", MOST)), schema=WHOLE, value=MOST + 1)
def test_compiled_filters_are_valid_and_faithful(tree: Tree, schema: segdsl.Schema | None, value: int) -> None:
    text = spell(tree)
    event(assert_law(text, schema=schema))
    try:
        several = segments_of(text, schema=schema)
    except segdsl.CompileError:
        return
    for filters in several:
        assert Filters.from_dict(filters.to_dict()) == filters
        assert Filters.from_dict(json.loads(filters.to_json())) == filters
        assert segdsl.compile_all(segdsl.decompile(filters)) == (filters,)
    user = _user(value)
    if abs(value) > MOST and "seats" in text and schema is not None:
        return  # a declared integer is one that a double holds
    verdict = segdsl.evaluate(text, user, now=NOW, schema=schema)
    assert (verdict is True) is any(segdsl.evaluate(one, user, now=NOW) is True for one in several)


def _user(value: float) -> dict[str, Any]:
    return {
        "properties": {"seats": value},
        "analysis": {"rating": value},
        "conversationCount": min(value, MOST) if value >= 0 else None,
    }


@pytest.mark.parametrize("value", [*NEAR, *BEYOND, 2**60 + 1, 10**25])
@pytest.mark.parametrize("operator", ["==", "!=", "<", "<=", ">", ">=", "in", "not in"])
@pytest.mark.parametrize("name", ["seats", "rating"])
def test_a_users_integer_is_the_double_that_javascript_holds(name: str, operator: str, value: int) -> None:
    for literal in NEAR:
        text = f"{name} {operator} {[literal] if 'in' in operator else literal}"
        verdicts = [segdsl.evaluate(text, _user(number), now=NOW) for number in (value, float(value))]
        filters = segdsl.compile_all(text)
        verdicts += [
            any(segdsl.evaluate(one, _user(number), now=NOW) is True for one in filters)
            for number in (value, float(value))
        ]
        assert len(set(verdicts)) == 1, (text, value, verdicts)


@pytest.mark.parametrize(
    "text",
    [
        f"conversationCount > {MOST}",
        f"{MOST} < conversationCount",
        f"conversationCount != {MOST}",
        f"conversationCount < -{MOST}",
        f"conversationCount == {MOST + 1}",
        f"seats >= -{MOST}",
        f"seats <= {MOST}",
        f"seats between -{MOST} and 5",
        f"seats == {MOST + 1}",
        "seats == 1e16",
        "conversationCount > 1e16",
        "seats in [-1e300]",
    ],
)
def test_a_neighbour_that_the_server_would_round_is_an_error(text: str) -> None:
    (problem,) = segdsl.check(text, WHOLE)
    assert problem.code == "number-out-of-range"
    assert_law(text, schema=WHOLE)
