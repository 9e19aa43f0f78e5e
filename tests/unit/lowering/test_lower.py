"""The whole lowering: conjuncts are grouped by field, and the segments are the product of the alternatives."""

import pytest

import segdsl
from segdsl.limits import MAX_SEGMENTS

from .lowered import lowered, rules_of

WHOLE = segdsl.Schema(properties={"seats": "integer", "plan": "string"})


def all_of(*parts: str) -> str:
    return " and ".join(f"({part})" for part in parts)


@pytest.mark.parametrize(
    ("text", "limit", "count", "exact"),
    [
        ("a or b or c", 2, 3, True),
        ("rating in [1, 2, 3]", 2, 3, True),
        (all_of(*(f"a{at} or b{at}" for at in range(11))), 16, 2**11, True),
        (all_of(*(f"rating != {at}" for at in range(300))), 16, 301, True),
        (" or ".join(f"a{at} >= 1" for at in range(200)), 16, 400, True),
        (all_of(*(f"(a{at} or b{at}) and (a{at} or c{at})" for at in range(9))), 16, 2**9, True),
    ],
)
def test_more_conjunctions_than_the_limit_are_counted(text: str, limit: int, count: int, exact: bool) -> None:
    found = lowered(text, limit)
    assert (found.conjunctions, found.count, found.exact) == ((), count, exact)


@pytest.mark.parametrize("count", [3, 19, 64, 300])
def test_the_limit_itself_is_allowed(count: int) -> None:
    for text in (
        " or ".join(f"a{at} and b{at}" for at in range(count)),
        f"a in {list(range(count))}",
        f"b and a in {list(range(count))}",
    ):
        assert len(rules_of(text, limit=count)) == count
        assert lowered(text, limit=count - 1).conjunctions == ()


@pytest.mark.parametrize(
    "text",
    [
        "rating > 1 and rating < 1",
        "a and not a or b and not b",
        "(a or b) and not a and not b",
        "conversationCount < 0",
        "plan contains 'x' and plan == 'y'",
        "plan < 'm' and plan > 'm'",
        "lastSeen within 7d and lastSeen before 168h",
        "b and rating in [1, 2] and rating not in [1, 2]",
    ],
)
def test_a_condition_that_never_holds_has_no_conjunction(text: str) -> None:
    found = lowered(text)
    assert (found.conjunctions, found.count, found.exact) == ((), 0, True)


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ("not seats < 5", [("seats", "gt", 4)]),
        (
            "rating < 3 and not (seats < 5 or plan == 'x')",
            [("rating", "lt", 3), ("seats", "gt", 4), ("plan", "neq", "x")],
        ),
        ("not not seats > 5", [("seats", "gt", 5)]),
        ("seats < 9 and 2 <= seats", [("seats", "gt", 1), ("seats", "lt", 9)]),
        (
            "seats >= 3 and plan == 'x' and seats >= 5 and seats <= 9",
            [("seats", "gt", 4), ("seats", "lt", 10), ("plan", "eq", "x")],
        ),
    ],
)
def test_not_is_pushed_down_and_whole_numbers_stay_whole(text: str, rules: list[tuple[str, str, int | str]]) -> None:
    assert rules_of(text, schema=WHOLE) == [rules]


PLAIN = {
    "rating > 3": 1,
    "rating > 3 and not jailbreakDetected and lastSeen within 1w and conversationCount > 5": 1,
    "not (rating > 3 or plan == 'a')": 1,
    "sentiment > 0.2 and sentiment <= 0.5": 1,
    "sentiment <= 0.5 and plan == 'a' and sentiment > 0.2": 1,
    "lastSeen within 7d and lastSeen before 24h": 1,
    "seats < 9 and seats > 3": 1,
    "conversationCount < 9 and conversationCount >= 3": 1,
    "plan in ['b', 'a', 'b']": 2,
    "plan not in ['b', 'a', 'b']": 1,
    "rating in [3, 1, 2]": 3,
    "seats >= 3 and name <= 'm'": 4,
    "conversation.turns >= 3 and conversation.channel <= 'm'": 4,
    "sentiment != 0.5 and company contains 'x'": 2,
    "rating > 3 and rating > 4": 1,
    "rating >= 3 and rating <= 3": 1,
    "rating in [1, 2] and rating > 1": 1,
    "name > 'a' and name < 5": 0,
    "conversation.turns > 3 and conversation.turns < 5": 1,
    "plan in [1, true]": 2,
    "plan not in [1, true]": 1,
    "conversationCount in [1, 5]": 2,
    "conversationCount in [1, 2]": 1,
    "conversationCount not in [1, 5]": 3,
    "seats not in [1, 2] and seats > 1": 1,
}


@pytest.mark.parametrize("text", PLAIN)
def test_so_many_segments(text: str) -> None:
    assert len(rules_of(text)) == PLAIN[text]


def test_inexpressible_predicates_are_found_in_the_order_of_the_text() -> None:
    found = lowered('not (a contains "x" or b contains "y") and c and not d contains "z"')
    assert found.conjunctions == ()
    assert [one.field.key for one in found.inexpressible] == ["a", "b", "d"]


def test_inexpressible_predicates_are_found_beside_too_many_segments_and_contradictions() -> None:
    many = " and ".join(f"(a{at} or b{at})" for at in range(20))
    assert [one.field.key for one in lowered(f'{many} and not c contains "x"').inexpressible] == ["c"]
    assert [one.field.key for one in lowered('rating > 3 and rating < 1 and not c contains "x"').inexpressible] == ["c"]
    assert [one.field.key for one in lowered('rating > 3 or not c contains "x"').inexpressible] == ["c"]


@pytest.mark.parametrize("others", [0, 1, 5, 700])
def test_fields_that_stand_alone_cost_no_segments_and_no_exactness(others: int) -> None:
    """`or`s over a few fields beside many more that are the same in every segment."""
    beside = "".join(f" and other{at} == {at}" for at in range(others))
    cross = "((rating < 2 and a) or (rating >= 2 and b) or (rating > 1 and a and b))"
    assert len(rules_of(cross)) == 2
    found = rules_of(cross + beside)
    assert len(found) == 2
    assert all(len(rules) == 2 + others for rules in found)


@pytest.mark.parametrize("count", [MAX_SEGMENTS, 1_230])
def test_the_alternatives_may_be_as_many_as_the_segments(count: int) -> None:
    text = " or ".join(f"(q{at} and r{at})" for at in range(count))
    assert len(rules_of(text, limit=count)) == count


@pytest.mark.parametrize("count", [1, 30, 432, 2_300])
def test_pairs_that_have_one_part_in_common_are_two_segments(count: int) -> None:
    pairs = all_of(*(f"q == 1 or p{at} == 1" for at in range(count)))
    assert rules_of(pairs) == [[("q", "eq", 1)], [(f"p{at}", "eq", 1) for at in range(count)]]


@pytest.mark.parametrize("count", [2, 200, 3_000])
def test_conditions_beside_pairs_in_an_or_cost_only_their_length(count: int) -> None:
    beside = " and ".join(f"p{at}" for at in range(count))
    found = lowered(f"z or ((a and b or c) and (d or e) and {beside})", limit=8)
    assert found.count == 5
    assert sorted(map(len, found.conjunctions)) == [1, count + 2, count + 2, count + 3, count + 3]


ANY_P, ANY_Q = "(p != 1 or p != 2 or p != 3)", "(q != 1 or q != 2 or q != 3)"
"""Each is two segments, and both together are three: `p != 1 and q != 1`, and so on."""


@pytest.mark.parametrize(
    ("beside", "count"),
    [
        ("", 3),
        (" and r == 1 and conversation.x == 1 and rating > 3", 3),
        (" and r in [1, 2]", 6),
        (" and conversation.x in [1, 2]", 6),
        (" and rating != 3", 6),
        (" and (lastSeen within 7d or lastSeen before 7d)", 6),
        (" and r in [1, 2, 3, 4, 5]", 15),
        (" and r in [1, 2] and conversation.x in [1, 2] and not jailbreakDetected", 12),
        (" and (r < 2 or r > 5) and (s > 3 or s < 1)", 12),
    ],
)
def test_fields_that_split_by_themselves_cost_no_exactness(beside: str, count: int) -> None:
    for text in (ANY_P + " and " + ANY_Q + beside, ANY_P + beside + " and " + ANY_Q):
        assert len(rules_of(text)) == count
