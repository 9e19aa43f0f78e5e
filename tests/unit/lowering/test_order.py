"""The order of segments, and of the rules in them."""

import pytest

from .lowered import rules_of


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("conversation.a < 5 and conversation.a > 3 and conversation.a != 4", ["gt", "lt", "neq"]),
        ("conversation.a contains 'x' and conversation.a > 3 and conversation.a < 5", ["gt", "lt", "contains"]),
        ("a != 4 and a < 5 and a > 3", ["gt", "lt", "neq"]),
    ],
)
def test_lower_bounds_come_before_upper_ones_and_those_before_the_rest(text: str, expected: list[str]) -> None:
    (conjunction,) = rules_of(text)
    assert [operator for _, operator, _ in conjunction] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("b and a", [[("b", "eq", True), ("a", "eq", True)]]),
        ("rating < 5 and a and rating > 1", [[("rating", "gt", 1), ("rating", "lt", 5), ("a", "eq", True)]]),
        ("seats != 3 and seats < 5 and seats > 1", [[("seats", "gt", 1), ("seats", "lt", 5), ("seats", "neq", 3)]]),
        ("rating >= 3 and rating <= 3", [[("rating", "eq", 3)]]),
        (
            "conversationCount == 3",
            [[("conversationCount", "gte", 3), ("conversationCount", "lte", 3)]],
        ),
        (
            "lastSeen within 7d and lastSeen before 1d",
            [[("lastSeen", "before", "1d"), ("lastSeen", "within", "7d")]],
        ),
        (
            "conversation.a == 1 and b and conversation.a != 2",
            [[("a", "eq", 1), ("a", "neq", 2), ("b", "eq", True)]],
        ),
    ],
)
def test_the_order_of_rules_of(text: str, expected: list[list[tuple[str, str, bool | int | str]]]) -> None:
    assert rules_of(text) == expected


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("b or a", ["b", "a"]),
        ("(c or b) and a or d", ["c", "b", "d"]),
        ("a and (c or b)", ["c", "b"]),
        ("d or (b or c) and a", ["d", "b", "c"]),
    ],
)
def test_the_order_of_conjunctions(text: str, first: list[str]) -> None:
    named = [{key for key, _, _ in conjunction} for conjunction in rules_of(text)]
    assert [min(keys - {"a"} or keys) for keys in named] == first


def test_what_no_alternative_says_alone_stands_where_the_first_that_meets_it_does() -> None:
    assert rules_of("rating > 0.5 or rating between 0 and 0.25 or 0.3 > rating > 0") == [
        [("rating", "gt", 0.5)],
        [("rating", "gte", 0), ("rating", "lt", 0.3)],
    ]


def test_alternatives_that_were_merged_stand_where_the_first_of_them_stood() -> None:
    assert rules_of("rating < 1 or a or 1 <= rating < 2") == [[("rating", "lt", 2)], [("a", "eq", True)]]
    assert rules_of("a or rating < 1 or b or 1 <= rating < 2") == [
        [("a", "eq", True)],
        [("rating", "lt", 2)],
        [("b", "eq", True)],
    ]
