"""The alternatives for parts on one field, and for a group of fields."""

import pytest

from segdsl.lowering.alternatives import alternatives
from segdsl.lowering.cubes import Work
from segdsl.lowering.normal_form import TooManyError
from segdsl.semantics.typed import leaves_of, parts_of

from .lowered import Brief, brief, typed


def found(text: str, limit: int = 16) -> list[list[list[Brief]]]:
    """For each alternative the rules of each field, in the order of the text."""
    condition = typed(text).condition
    fields = list(dict.fromkeys(one.field for one in leaves_of(condition)))
    chosen = alternatives(fields, parts_of(condition, every=True), limit, Work())
    return [[list(map(brief, one.rules.get(field, ()))) for field in fields] for one in chosen]


def on_one_field(text: str, limit: int = 16) -> list[list[tuple[str, object]]]:
    return [[(operator, value) for _, operator, value in rules] for (rules,) in found(text, limit)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("rating > 3 and rating != 5", [[("gt", 3), ("lt", 5)], [("gt", 5)]]),
        ("rating != 5 and rating > 3", [[("gt", 3), ("lt", 5)], [("gt", 5)]]),
        ("rating > 3 or rating < 2", [[("gt", 3)], [("lt", 2)]]),
        ("rating < 2 or rating > 3", [[("lt", 2)], [("gt", 3)]]),
        ("rating > 3 or rating < 4", [[("gt", 3)], [("lt", 4)]]),
        ("rating > 3 and rating < 2", []),
        ("conversationCount != 3", [[("lte", 2)], [("gte", 4)]]),
        ("conversationCount != 0", [[("gte", 1)]]),
        ("conversationCount in [1, 2, 4]", [[("gte", 1), ("lte", 2)], [("gte", 4), ("lte", 4)]]),
        ("lastSeen within 7d or lastSeen before 30d", [[("within", "7d")], [("before", "30d")]]),
        ("jailbreakDetected or not jailbreakDetected", [[("is", True)], [("is", False)]]),
        ("plan in ['a', 'b'] and plan in ['b', 'c']", [[("eq", "b")]]),
        ("plan in ['a', 'b', 'c'] and plan in ['c', 'a']", [[("eq", "a")], [("eq", "c")]]),
        ("plan in ['a', 'b'] and plan != 'a'", [[("eq", "b")]]),
        ("seats >= 5 and seats <= 9", [[("gt", 5), ("lt", 9)], [("eq", 9)], [("eq", 5)]]),
        # texts that must hold
        ("plan contains 'a' and plan contains 'ab'", [[("contains", "ab")]]),
        ("plan contains 'a' and plan in ['ab', 'b', 'a']", [[("eq", "ab")], [("eq", "a")]]),
        ("plan contains 'a' and plan != 'ab' and plan != 'x'", [[("contains", "a"), ("neq", "ab")]]),
        ("plan > 'a' and plan == 'b'", [[("gt", "a"), ("eq", "b")]]),
        ("plan > 'a' and plan < 'c' and plan contains 'x'", [[("gt", "a"), ("lt", "c"), ("contains", "x")]]),
        ("plan > 'a' and plan < 'a'", []),
        # an `or` of texts
        ("plan contains 'ab' or plan contains 'a'", [[("contains", "a")]]),
        ("plan == 'xay' or plan contains 'a' or plan == 5", [[("contains", "a")], [("eq", 5)]]),
        ("plan < 'm' or plan == 'z'", [[("lt", "m")], [("eq", "z")]]),
        ("plan <= 'm'", [[("lt", "m")], [("eq", "m")]]),
        # tests of a conversation property imply nothing
        ("conversation.x > 3 and conversation.x > 5", [[("gt", 3), ("gt", 5)]]),
        ("conversation.x == 1 and conversation.x == 1", [[("eq", 1)]]),
        ("conversation.x in [1, 2] and conversation.x != 1", [[("eq", 1), ("neq", 1)], [("eq", 2), ("neq", 1)]]),
    ],
)
def test_the_alternatives_of_one_field(text: str, expected: list[list[tuple[str, int | str | bool]]]) -> None:
    assert on_one_field(text) == expected


def test_a_product_of_fields_that_an_or_mixes() -> None:
    assert found("(a and rating > 3 or b) and a != false") == [
        [[("a", "eq", True)], [("rating", "gt", 3)], []],
        [[("a", "neq", False)], [], [("b", "eq", True)]],
    ]


@pytest.mark.parametrize("text", ["a and b or c and d or e and f", "conversation.x >= 1 and conversation.x <= 3"])
def test_more_than_the_limit_are_refused_with_their_number(text: str) -> None:
    size = len(found(text))
    assert size > 2
    with pytest.raises(TooManyError) as refused:
        found(text, limit=2)
    assert refused.value.count == size
    assert refused.value.exact
