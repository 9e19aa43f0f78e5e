"""The disjunctive normal form, its order and its bounds."""

import pytest
from lowered import planned

from segdsl.lowering import normal_form as module
from segdsl.lowering.normal_form import (
    NormalForm,
    TooMany,
    boxes_of,
    count_conjunctions,
    normal_form,
    product_of,
)


def rules(text: str, limit: int = 16) -> list[list[tuple[str, str, object]]]:
    form = normal_form(planned(text), limit)
    assert isinstance(form, NormalForm)
    return [[(atom.field.key, atom.operator, atom.value) for atom in conjunction] for conjunction in form.conjunctions]


def all_of(*parts: str) -> str:
    return " and ".join(f"({part})" for part in parts)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("a", 1),
        ("a and b", 1),
        ("a or b", 2),
        ("(a or b) and (c or d or e)", 6),
        ("plan in ['a', 'b', 'c']", 3),
        ("plan not in ['a', 'b', 'c']", 1),
        ("rating != 1 and seats >= 1", 4),
        (all_of(*(f"a{at} or b{at}" for at in range(100))), 2**100),
    ],
)
def test_conjunctions_are_counted_by_arithmetic(text, count):
    assert count_conjunctions(planned(text).condition) == count


@pytest.mark.parametrize(
    ("text", "limit", "expected"),
    [
        ("a or b or c", 2, TooMany(3, exact=True)),
        ("rating in [1, 2, 3]", 2, TooMany(3, exact=True)),
        (all_of(*(f"a{at} or b{at}" for at in range(11))), 16, TooMany(2**11, exact=False)),
        (all_of(*(f"rating != {at}" for at in range(300))), 16, TooMany(301, exact=True)),
        (" or ".join(f"a{at} >= 1" for at in range(200)), 16, TooMany(400, exact=False)),
    ],
)
def test_more_conjunctions_than_the_limit_are_counted(text, limit, expected):
    assert normal_form(planned(text), limit) == expected


def test_as_many_as_the_limit_are_given(monkeypatch):
    assert len(rules("a or b or c", limit=3)) == 3
    monkeypatch.setattr(module, "MAX_COMPARED", 20)
    for count in (19, 20, 21):
        text = " or ".join(f"a{at} and b{at}" for at in range(count))
        assert len(rules(text, limit=count)) == count


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("conversation.a < 5 and conversation.a > 3 and conversation.a != 4", ["gt", "lt", "neq"]),
        ("conversation.a contains 'x' and conversation.a > 3 and conversation.a < 5", ["gt", "lt", "contains"]),
        ("a != 4 and a < 5 and a > 3", ["gt", "lt", "neq"]),
    ],
)
def test_lower_bounds_come_before_upper_ones_and_those_before_the_rest(text, expected):
    (conjunction,) = rules(text)
    assert [operator for _, operator, _ in conjunction] == expected


def test_a_limit_beyond_the_usual_bound_is_honoured(monkeypatch):
    monkeypatch.setattr(module, "MAX_CONJUNCTIONS", 2)
    text = "(a or b) and (c or d)"
    assert len(rules(text, limit=4)) == 4
    assert normal_form(planned(text), 3) == TooMany(4, exact=False)


def test_work_is_bounded_too(monkeypatch):
    monkeypatch.setattr(module, "MAX_WORK", 3)
    assert normal_form(planned("a or b"), 16) == TooMany(2, exact=False)
    monkeypatch.setattr(module, "MAX_WORK", 4)
    assert len(rules("a or b")) == 2


def test_boxes_of_a_part_up_to_a_bound():
    condition = planned("a or b or c").condition
    assert boxes_of(condition, 3) == [{0: 2}, {1: 2}, {2: 2}]
    assert boxes_of(condition, 2) is None
    assert boxes_of(planned("rating > 1 and rating < 1").condition, 3) == []


def test_the_product_of_boxes_up_to_a_bound():
    assert product_of([[{0: 1}, {0: 2}], [{1: 1}, {1: 2}]], 4) == [{0: 3, 1: 3}]
    assert product_of([[{0: 1}, {1: 2}], [{2: 1}, {3: 2}]], 3) is None
    assert product_of([[{0: 1}], [{0: 2}]], 4) == []


def test_factors_are_merged_where_that_keeps_them_under_the_bound():
    halves = [[{0: 1}, {0: 2}], [{1: 1}, {1: 2}], [{2: 1}, {3: 1}]]
    assert product_of(halves, 4) == [{0: 3, 1: 3, 2: 1}, {0: 3, 1: 3, 3: 1}]


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
def test_the_order_of_rules(text, expected):
    assert rules(text) == expected


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("b or a", ["b", "a"]),
        ("(c or b) and a or d", ["c", "b", "d"]),
        ("a and (c or b)", ["c", "b"]),
        ("d or (b or c) and a", ["d", "b", "c"]),
    ],
)
def test_the_order_of_conjunctions(text, first):
    named = [{key for key, _, _ in conjunction} for conjunction in rules(text)]
    assert [min(keys - {"a"} or keys) for keys in named] == first


def test_what_no_alternative_says_alone_stands_where_the_first_that_meets_it_does():
    assert rules("rating > 0.5 or rating between 0 and 0.25 or 0.3 > rating > 0") == [
        [("rating", "gt", 0.5)],
        [("rating", "gte", 0), ("rating", "lt", 0.3)],
    ]


def test_alternatives_that_were_merged_stand_where_the_first_of_them_stood():
    assert rules("rating < 1 or a or 1 <= rating < 2") == [[("rating", "lt", 2)], [("a", "eq", True)]]
    assert rules("a or rating < 1 or b or 1 <= rating < 2") == [
        [("a", "eq", True)],
        [("rating", "lt", 2)],
        [("b", "eq", True)],
    ]


def test_what_never_holds_has_no_conjunction():
    assert rules("rating > 1 and rating < 1") == []
    assert rules("a and not a or b and not b") == []
