"""`compile` raises exactly when `check` with `max_segments=1` has an error, `compile_all` when `check` for as many has.

The diagnostics are check's errors, in order; past a hundred, warnings are dropped first.
"""

from collections import Counter
from collections.abc import Mapping
from functools import partial
from typing import Any

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

import segdsl
from segdsl.limits import MAX_DIAGNOSTICS, MAX_SEGMENTS
from tests.diagnosed import errors_of, refusal

from .effort import IS_DEEP, rounds, seeded
from .large_texts import LargeText, large_text
from .strategies import DUBIOUS_TREES, in_brief
from .trees import Tree, spell

TEXTS = rounds(dev=20, ci=20, deep=4_000)
LIMITS = (1, 2, MAX_SEGMENTS, 64)
SCHEMA = segdsl.Schema(
    properties={"plan": ["a", "ab", "pro"], "seats": "integer", "is-admin": "boolean", "a.b2": "string"},
    conversation_properties={"channel": "string"},
)


def assert_law(text: str, limits: tuple[int, ...] = LIMITS, **given: Any) -> str:
    """Returns the code of the first error for one segment, for statistics."""
    errors: dict[int, tuple[segdsl.Diagnostic, ...]] = {}
    for limit in limits:
        found = segdsl.check(text, **given, max_segments=limit)
        assert len(found) <= MAX_DIAGNOSTICS
        errors[limit] = errors_of(found)
        assert refusal(partial(segdsl.compile_all, text, **given, max_segments=limit)) == errors[limit]
    assert refusal(lambda: segdsl.compile(text, **given)) == errors[1]
    return errors[1][0].code if errors[1] else "compiled"


@given(tree=DUBIOUS_TREES, schema=st.sampled_from([None, SCHEMA]))
def test_the_law_holds_for_small_texts(tree: Tree, schema: segdsl.Schema | None) -> None:
    event(assert_law(spell(tree), schema=schema))


@given(trees=st.lists(in_brief(DUBIOUS_TREES), min_size=2, max_size=4), schema=st.sampled_from([None, SCHEMA]))
def test_the_law_holds_for_definitions(trees: list[Tree], schema: segdsl.Schema | None) -> None:
    definitions = {f"d{number}": spell(tree) for number, tree in enumerate(trees)}
    definitions["both"] = "@d0 and not @d1"
    for text in ("@both or not @d0", "@both and (@d0 or @nothing)"):
        event(assert_law(text, schema=schema, definitions=definitions))


def test_the_law_holds_for_large_texts() -> None:
    random = seeded(20261129)
    seen: Counter[str] = Counter()
    for _ in range(TEXTS):
        one: LargeText = large_text(random)
        try:
            code = assert_law(one.text, params=one.params, definitions=one.definitions)
        except AssertionError as broken:
            broken.add_note(f"for {one}")
            raise
        seen[code] += 1
    assert seen["compiled"] > TEXTS / 10, seen
    assert seen["needs-split"] > TEXTS / 20, seen


WIDE = {
    "612 fields and a count": "conversationCount > 5 and " + " and ".join(f"p{n} == {n}" for n in range(612)),
    "700 fields and a count that is two rules": "conversationCount == 5 and "
    + " and ".join(f"p{n}" for n in range(700)),
    "1,000 fields": " and ".join(f"p{n} == {n}" for n in range(1_000)),
    "one comparison 1,000 times": " and ".join(["plan == 'a'"] * 1_000),
    "one metric bounded 1,000 times": " and ".join(f"sentiment < 0.{n}" for n in range(1, 1_000)),
    "one pair beside 900 fields": "(q or r) and " + " and ".join(f"p{n} == {n}" for n in range(900)),
    "a pair on one field beside 900": "(q == 1 or q == 2) and " + " and ".join(f"p{n} == {n}" for n in range(900)),
    "a list of mixed types": "q in [1, 'a', true] and " + " and ".join(f"p{n} == {n}" for n in range(800)),
    "two disjuncts of 434 clauses": " or ".join(
        " and ".join(f"{name}{n} == {n}" for n in range(434)) for name in ("p", "q")
    ),
    "432 pairs that share a field": " and ".join(f"(q == 1 or p{n} == 1)" for n in range(432)),
    "307 ranges of conversation properties": " and ".join(f"1 < conversation.c{n} < 5" for n in range(307)),
    "1,024 parts that are absorbed": " or ".join(["x", *(f"(x and y{n})" for n in range(1_024))]),
    "1,230 alternatives": " or ".join(f"p{n} == {n}" for n in range(1_230)),
    "17 alternatives": " or ".join(f"p{n} == {n}" for n in range(17)),
    "5 pairs": " and ".join(f"(a{n} or b{n})" for n in range(5)),
    "40 pairs that share fields": " and ".join(f"(a{n} or a{n + 1})" for n in range(40)),
    "a contradiction among 500": "x == 1 and x == 2 and " + " and ".join(f"p{n} == {n}" for n in range(500)),
}


@pytest.mark.parametrize("text", WIDE.values(), ids=WIDE)
def test_the_law_holds_for_wide_texts(text: str) -> None:
    assert_law(text, LIMITS if IS_DEEP else (1, MAX_SEGMENTS))


@pytest.mark.parametrize("parts", [0, 3, 99, 100, 101, 150])
def test_warnings_are_dropped_before_errors(parts: int) -> None:
    warnings = " and ".join(f"cqi > 0.{n}" for n in range(1, 120))
    faults = " and ".join(f"rating > 'x{n}'" for n in range(parts))
    text = " and ".join(filter(None, [warnings, faults, "lastSeen", warnings]))
    found = segdsl.check(text, max_segments=1)
    assert len(found) <= MAX_DIAGNOSTICS
    assert len(errors_of(found)) == min(parts + 1, MAX_DIAGNOSTICS)
    assert_law(text)


def test_the_warnings_that_stay_are_the_first_and_stand_among_the_errors_in_order() -> None:
    text = " and ".join(f'p{n} == "\u202e"' for n in range(150)) + " and (a or b)"
    for limit, errors in ((1, ["needs-split"]), (2, [])):
        found = segdsl.check(text, max_segments=limit)
        assert len(found) == MAX_DIAGNOSTICS
        assert [one.code for one in errors_of(found)] == errors
        assert [one.span for one in found] == sorted(one.span for one in found)
        warnings = [one for one in found if one.severity == "warning"]
        assert [one.span.start for one in warnings] == sorted(one.span.start for one in warnings)
        assert text[warnings[0].span.start :].startswith('"\u202e" and p1')
    assert_law(text)


@pytest.mark.parametrize("given", [{}, {"schema": SCHEMA}, {"definitions": {"d": "plan =="}}])
@pytest.mark.parametrize("text", ["", "plan ==", "@d", "a or", "plan == 'x' and (", "a" * 70_000])
def test_the_law_holds_for_broken_texts(text: str, given: Mapping[str, Any]) -> None:
    assert assert_law(text, **given) != "compiled" or text in ("@d",)
