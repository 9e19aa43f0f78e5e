"""A plain text of any legal size is never refused for its work."""

from collections.abc import Iterator
from random import Random
from typing import Any

import pytest

import segdsl
from segdsl.limits import MAX_TEXT_LENGTH
from segdsl.wire.filters import Filters

from .effort import IS_DEEP, rounds, seeded
from .large_texts import ONE_RULE

TEXTS = rounds(dev=1, ci=2, deep=400)


def all_of(*parts: str) -> str:
    return " and ".join(parts)


def any_of(*parts: str) -> str:
    return " or ".join(f"({part})" for part in parts)


def fields(count: int, name: str = "p") -> Iterator[str]:
    return (f"{name}{at} == {at}" for at in range(count))


KINDS: dict[str, tuple[Any, int]] = {
    "an exact count beside fields": (lambda size: all_of("conversationCount == 5", *fields(size)), 1),
    "a count beside fields": (lambda size: all_of(*fields(size), "conversationCount > 5"), 1),
    "one comparison repeated": (lambda size: all_of(*["seats > 3"] * size), 1),
    "one metric bounded again and again": (lambda size: all_of(*(f"cqi < {at + 1}" for at in range(size))), 1),
    "a list of mixed types beside fields": (lambda size: all_of("q in [1, 'a', true]", *fields(size)), 3),
    "one pair beside fields": (lambda size: all_of("(q or r)", *fields(size)), 2),
    "one pair of one field beside fields": (lambda size: all_of("(q == 1 or q == 2)", *fields(size)), 2),
    "two long disjuncts": (lambda size: any_of(all_of(*fields(size // 2)), all_of(*fields(size // 2, "r"))), 2),
    "pairs with a part in common": (lambda size: all_of(*(f"(q == 1 or {one})" for one in fields(size // 2))), 2),
    "ranges of conversation properties": (
        lambda size: all_of(*(f"1 < conversation.c{at} < 5" for at in range(size // 2))),
        1,
    ),
    "ranges of properties": (lambda size: all_of(*(f"1 < c{at} < 5" for at in range(size // 2))), 1),
    "one part that absorbs all others": (lambda size: any_of("x", *(f"x and y{at}" for at in range(size // 2))), 1),
    "negated disjuncts": (lambda size: f"not ({' or '.join(fields(size))})", 1),
    "texts of a property": (lambda size: all_of(*(f'q contains "t{at}t"' for at in range(size // 2))), 1),
    "excluded values": (lambda size: all_of(*(f'q != "v{at}"' for at in range(size))), 1),
    "one clause twice": (lambda size: all_of(*list(fields(size // 2)) * 2), 1),
}
"""A text with about the given number of clauses, and its segments."""


@pytest.mark.parametrize("size", [6, 612, 1_100, 2_300] if IS_DEEP else [6, 700])
@pytest.mark.parametrize("kind", KINDS)
def test_plain_texts_compile_at_any_size(kind: str, size: int) -> None:
    make, segments = KINDS[kind]
    text = make(size)
    assert len(text) <= MAX_TEXT_LENGTH
    assert len(segdsl.compile_all(text)) == segments
    errors = [one for one in segdsl.check(text, max_segments=segments) if one.severity == "error"]
    assert errors == []


@pytest.mark.parametrize("size", [20, 433, 1_230, 2_000] if IS_DEEP else [20, 1_230])
@pytest.mark.parametrize("alternative", ["p{0}", "p{0} == {0} and q{0}", "seats == {0}", "p{0} in ['a']"])
def test_as_many_alternatives_as_segments_are_allowed(alternative: str, size: int) -> None:
    text = any_of(*(alternative.format(at) for at in range(size)))
    found = segdsl.compile_all(text, max_segments=size)
    assert len(found) == size
    with pytest.raises(segdsl.CompileError, match=rf"this needs (up to )?{size} segments.*; the limit is {size - 1}"):
        segdsl.compile_all(text, max_segments=size - 1)


def test_conjunctions_as_long_as_a_text_compile() -> None:
    random = seeded(20261129)
    for _ in range(TEXTS):
        text = longest(random)
        assert len(text) > MAX_TEXT_LENGTH - 200
        (filters,) = segdsl.compile_all(text)
        assert len(filters.rules) > 100
        assert all(one.severity == "warning" for one in segdsl.check(text, max_segments=1))


def longest(random: Random) -> str:
    """A conjunction of one-rule clauses that fills a text; each is about a field of its own."""
    parts: list[str] = []
    size = 0
    while True:
        part = random.choice(ONE_RULE[:9])(random, [f"p{len(parts)}"])
        size += len(part) + len(" and ")
        if size > MAX_TEXT_LENGTH:
            return all_of(*parts)
        parts.append(part)


@pytest.mark.parametrize("size", [3, 620, 2_000])
def test_a_plain_conjunction_of_any_size_is_explained(size: int) -> None:
    found = segdsl.explain(all_of(*fields(size)))
    assert found.diagnostics == ()
    (segment,) = found.segments
    assert len(segment.filters.rules) == len(segment.needs) == len(found.names) == size


@pytest.mark.parametrize("size", [2, 700, 2_000])
@pytest.mark.parametrize(
    "rule",
    [
        {"type": "property", "key": "p{}", "operator": "neq", "value": "v"},
        {"type": "property", "key": "one", "operator": "neq", "value": "v{}"},
        {"type": "property", "key": "one", "operator": "contains", "value": "v{}v"},
        {"type": "conversation_property", "key": "p{}", "operator": "gt", "value": 5},
    ],
)
def test_filters_of_any_size_come_back(rule: dict[str, Any], size: int) -> None:
    """Law 2, for as many rules as a text has room for."""
    rules = [
        {key: value.format(at) if isinstance(value, str) else value for key, value in rule.items()}
        for at in range(size)
    ]
    filters = Filters.from_dict({"rules": rules})
    text = segdsl.unparse(segdsl.decompile(filters))
    assert len(text) <= MAX_TEXT_LENGTH
    assert segdsl.compile(text) == segdsl.compile(segdsl.decompile(filters)) == filters


REFUSED = {
    "pairs that share fields": all_of(*(f"(a{at} or a{at + 1})" for at in range(45))),
    "stairs of three metrics": all_of(
        *(f"(rating > {at} or cqi > {90 - at} or sentiment > 0.{at})" for at in range(90))
    ),
    "every other corner of a cube": any_of(
        *(
            all_of(*(f"{'not ' * (corner >> flag & 1)}f{flag}" for flag in range(9)))
            for corner in range(512)
            if corner.bit_count() % 2
        )
    ),
    "forty pairs": all_of(*(f"(a{at} or b{at})" for at in range(40))),
    "a long list": f"p in {list(range(3_000))}",
}


@pytest.mark.parametrize("limit", [1, 16, 64])
@pytest.mark.parametrize("name", REFUSED)
def test_a_refusal_for_work_says_what_was_counted_and_no_count_that_would_be_allowed(name: str, limit: int) -> None:
    (found,) = [one for one in segdsl.check(REFUSED[name], max_segments=limit) if one.severity == "error"]
    counted = found.message.split("this needs ")[1].split(" segments")[0]
    number = counted.removeprefix("up to ").replace(",", "")
    assert number == "more than a million" or int(number) > limit, found.message
    if counted.startswith("up to"):
        assert "counted before simplification" in found.message
