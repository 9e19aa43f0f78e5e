"""The disjunctive normal form of conditions that mix fields, and its bounds."""

import pytest

from segdsl.lowering import normal_form as module
from segdsl.lowering.cubes import Work, WorkExceededError
from segdsl.lowering.normal_form import TooManyError, count_conjunctions, cubes_of, normal_form, product_of

from .lowered import rules_of, text_space


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
def test_conjunctions_are_counted_by_arithmetic(text: str, count: int) -> None:
    assert count_conjunctions(text_space(text).condition) == count


def test_a_limit_beyond_the_usual_bound_is_honoured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_CONJUNCTIONS", 2)
    space = text_space("(a and b or c) and (d and e or f)")
    assert len(normal_form(space, 4, Work())) == 4
    with pytest.raises(TooManyError) as refused:
        normal_form(space, 3, Work())
    assert (refused.value.count, refused.value.exact) == (4, False)


def test_work_is_bounded_too() -> None:
    space = text_space("a and b or c and d")
    work = Work(1_000)
    assert len(normal_form(space, 16, work)) == 2
    spent = 1_000 - work.left
    assert len(normal_form(space, 16, Work(spent))) == 2
    with pytest.raises(TooManyError) as refused:
        normal_form(space, 16, Work(spent - 1))
    assert (refused.value.count, refused.value.exact) == (2, False)


def test_cubes_of_a_part_up_to_a_bound() -> None:
    condition = text_space("a or b or c").condition
    assert cubes_of(condition, Work(), 3) == [{0: 2}, {1: 2}, {2: 2}]
    with pytest.raises(WorkExceededError):
        cubes_of(condition, Work(), 2)
    assert cubes_of(text_space("rating > 1 and rating < 1").condition, Work(), 3) == []


def test_the_product_of_cubes_up_to_a_bound() -> None:
    assert product_of([[{0: 1}, {0: 2}], [{1: 1}, {1: 2}]], Work(), 4) == [{0: 3, 1: 3}]
    with pytest.raises(WorkExceededError):
        product_of([[{0: 1}, {1: 2}], [{2: 1}, {3: 2}]], Work(), 3)
    assert product_of([[{0: 1}], [{0: 2}]], Work(), 4) == []


def test_factors_are_merged_where_that_keeps_them_under_the_bound() -> None:
    halves = [[{0: 1}, {0: 2}], [{1: 1}, {1: 2}], [{2: 1}, {3: 1}]]
    assert product_of(halves, Work(), 4) == [{0: 3, 1: 3, 2: 1}, {0: 3, 1: 3, 3: 1}]


def test_many_conjunctions_are_not_compared_each_with_all_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three conjunctions: the first two cover the last, but no two can be merged."""
    text = "(rating < 2 and a) or (rating >= 2 and b) or (rating > 1 and a and b)"
    assert len(rules_of(text)) == 2
    monkeypatch.setattr(module, "MAX_COMPARED", 2)
    monkeypatch.setattr(module, "MAX_EXACT_CONJUNCTIONS", 2)
    assert len(normal_form(text_space(text), 16, Work())) >= 2
