"""The short way of the lowering (`lowering/plain.py`) gives what the long way gives, whatever it accepts."""

from collections.abc import Sequence
from typing import Any

from hypothesis import assume, event, example, given
from hypothesis import strategies as st
from segdsl.lowering.atoms import Atom
from segdsl.lowering.negation import push_negation_down
from segdsl.lowering.plain import plain_conjunctions
from segdsl.lowering.refusals import plain_needs_split
from segdsl.lowering.stage import lower
from segdsl.wire.emit import to_filters
from segdsl.wire.straight import _known, straight_filters

import segdsl
from segdsl.compiler import PYTHON
from segdsl.limits import MAX_SEGMENTS
from segdsl.lowering.normal_form import NormalForm, normal_form
from segdsl.lowering.plan import plan
from segdsl.semantics.checker import check
from segdsl.semantics.typed import TypedExpression
from segdsl.syntax.memoize import MAX_NAME, MAX_NAMES

from .strategies import (
    COMPARED,
    CONTAINS,
    CONVERSATIONS,
    COUNT,
    COUNTS,
    FLAGS,
    INSTANT,
    LAST_SEEN,
    METRIC_NUMBERS,
    METRICS,
    NEGATABLE,
    PROPERTIES,
    PROPERTY_NUMBERS,
    TEXTS,
    boolean,
    in_brief,
    ordered,
)
from .trees import And, Comparison, Contains, In, Not, Or, Seen, Tree, spell

DECLARED = segdsl.Schema(properties={"seats": "integer"}, conversation_properties={"channel": "integer"})
STORED = PROPERTIES + CONVERSATIONS
SCHEMAS = (None, None, DECLARED)
DURATIONS = st.sampled_from(["30m", "24h", "1d", "7d", "1w", "5w"])
BOUNDS = st.one_of(  # a few fields, so that both ends of one meet
    st.builds(
        Comparison, st.sampled_from(METRICS[:1]), st.sampled_from(("<", "<=", ">", ">=", "==")), st.integers(0, 3)
    ),
    st.builds(Comparison, st.sampled_from(PROPERTIES[1:2]), st.sampled_from(("<", "<=", ">", ">=")), st.integers(0, 3)),
    ordered(st.sampled_from(PROPERTIES[:1]), st.sampled_from(["a", "b", "c"])),
    st.builds(Seen, st.just(INSTANT), st.sampled_from(("within", "before")), DURATIONS),
)
EASY = st.one_of(
    st.builds(Comparison, st.sampled_from(METRICS), st.sampled_from(COMPARED), METRIC_NUMBERS),
    boolean(st.sampled_from(FLAGS)),
    st.builds(Comparison, st.just(COUNT), st.sampled_from(("<", "<=", ">", ">=")), COUNTS),
    st.builds(Comparison, st.sampled_from(STORED), st.sampled_from(COMPARED), PROPERTY_NUMBERS | TEXTS),
    st.builds(In, st.sampled_from(STORED), st.lists(TEXTS, min_size=1, max_size=3).map(tuple), st.booleans()),
    st.builds(Contains, st.sampled_from(STORED), TEXTS),
    LAST_SEEN,
)
PARTS = st.lists(in_brief(EASY), min_size=1, max_size=5, unique_by=lambda part: part.field)
ODD_PARTS = st.lists(in_brief(st.one_of(NEGATABLE, CONTAINS)), min_size=1, max_size=2)
ENDS = st.lists(in_brief(BOUNDS), max_size=2)
REFUSED = st.lists(in_brief(NEGATABLE), min_size=1, max_size=2)


def joined(kind: Any, parts: Sequence[Tree]) -> Tree:
    return kind(tuple(parts)) if len(parts) > 1 else parts[0]


@st.composite
def conjunctions(draw: st.DrawFn) -> Tree:
    """Parts that must all hold, and of some others none."""
    parts = [*draw(PARTS), *draw(st.just([]) | ENDS | ODD_PARTS)]
    if draw(st.integers(0, 3)) == 0:
        parts.append(Not(joined(Or, draw(REFUSED))))
    return joined(And, draw(st.permutations(parts)))


def wired(found: Sequence[tuple[Atom, ...]], typed: TypedExpression) -> list[bytes]:
    """As bytes, so that 1, 1.0 and true are told apart."""
    return [to_filters(conjunction, typed).to_json() for conjunction in found]


def typed_expression(text: str, schema: segdsl.Schema | None = None) -> TypedExpression | None:
    return check(segdsl.parse(text), schema=schema)[0]


def both_ways(typed: TypedExpression | None) -> tuple[list[bytes] | None, list[bytes]]:
    """What the short way makes of an expression, and what the long one does."""
    assert typed is not None
    short = plain_conjunctions(typed.condition, MAX_SEGMENTS)
    form = normal_form(plan(push_negation_down(typed.condition)[0]), MAX_SEGMENTS)
    long = wired(form.conjunctions, typed) if isinstance(form, NormalForm) else []
    return None if short is None else wired(short, typed), long


@given(tree=conjunctions(), schema=st.sampled_from(SCHEMAS))
@example(tree=And((Seen(INSTANT, "within", "7d"), Seen(INSTANT, "before", "168h"))), schema=None)
def test_the_short_way_gives_what_the_long_way_gives(tree: Tree, schema: segdsl.Schema | None) -> None:
    typed = typed_expression(spell(tree), schema)
    assume(typed is not None)  # the schema may object
    short, long = both_ways(typed)
    event("taken" if short is not None else "not taken")
    if short is not None:
        assert short == long


ALL_DECLARED = segdsl.Schema(
    properties={
        "plan": ["a", "b", "pro"],
        "seats": "integer",
        "name": "string",
        "age": "number",
        "isAdmin": "boolean",
        "lastSeenn": "number",
    },
    conversation_properties={"channel": ["a", "b"], "turns": "integer"},
)


@given(tree=conjunctions(), schema=st.sampled_from([*SCHEMAS, ALL_DECLARED]))
@example(tree=In(PROPERTIES[0], (True, 1), False), schema=None)
def test_so_does_the_way_straight_to_rules(tree: Tree, schema: segdsl.Schema | None) -> None:
    expression = segdsl.parse(spell(tree))
    straight = straight_filters(expression, MAX_SEGMENTS, schema)
    event("taken" if straight is not None else "not taken")
    if straight is not None:
        assert [filters.to_json() for filters in straight] == both_ways(check(expression, schema=schema)[0])[1]


TAKEN = {
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
}
NOT_TAKEN = (
    "rating > 3 or plan == 'a'",
    "not (rating > 3 and plan == 'a')",
    "plan in [1, true]",
    "plan not in [1, true]",
    "conversationCount != 5",
    "conversationCount in [1, 5]",
    "rating > 3 and rating > 4",
    "rating > 3 and rating < 3",
    "rating >= 3 and rating <= 3",
    "rating > 3 and rating < 5 and rating < 6",
    "rating in [1, 2] and rating > 1",
    "rating > 1 and rating in [1, 2]",
    "name > 'a' and name < 'b'",
    "name > 'a' and name < 5",
    "conversation.turns > 3 and conversation.turns < 5",
    "lastSeen within 7d and lastSeen before 168h",
    "lastSeen within 24h and lastSeen before 7d",
    "seats not in [1, 2] and seats > 1",
)


def test_the_short_way_is_taken_by_what_it_is_for() -> None:
    for text, count in TAKEN.items():
        short, long = both_ways(typed_expression(text))
        assert short == long, text
        assert len(long) == count, text


def test_the_way_straight_is_taken_by_most_of_that() -> None:
    taken = [text for text in TAKEN if straight_filters(segdsl.parse(text), MAX_SEGMENTS) is not None]
    both_ends_apart = [text for text in TAKEN if text not in taken]
    assert both_ends_apart == [
        "sentiment > 0.2 and sentiment <= 0.5",
        "sentiment <= 0.5 and plan == 'a' and sentiment > 0.2",
        "lastSeen within 7d and lastSeen before 24h",
        "seats < 9 and seats > 3",
        "conversationCount < 9 and conversationCount >= 3",
    ]


STRAIGHT = {
    "rating in [5.0, 6.0]": 2,
    "rating > 5.0": 1,
    "lastSeenn > 3": 1,
    "plan == 'a' and age > 3 and name contains 'x' and isAdmin": 1,
    "plan in ['a', 'b'] and seats between 3 and 9": 2,
    "seats >= 3": 1,
    "not (seats < 3 or plan == 'a' or not isAdmin)": 1,
    "conversation.channel in ['a', 'b'] and conversation.turns > 3": 2,
    "conversationCount > 3 and 1 <= cqi < 5 and not not rating > 3": 1,
}
NOT_STRAIGHT = (
    "plan == 'c'",
    "plan in ['a', 'c']",
    "plan == 5",
    "seats > 1.5",
    "seats >= 9007199254740991",
    "seats in [1, 1.5]",
    "name == 5",
    "age == 'x'",
    "isAdmin == 1",
    "other == 1",
    "conversation.channel == 'c'",
    "conversation.other == 1",
    "conversationCount > 1.5",
    "conversationCount > 9007199254740991",
    "plan == $p",
    "plan in $p",
    "seats > 3 during 7d",
    "3 < rating < 3",
    "3 < conversationCount < 4",
    "4 < conversation.turns < 9",
    "'a' < name < 'b'",
    "not (3 < rating < 4)",
    "not name contains 'x'",
    "@d",
)


def test_the_way_straight_knows_schemas() -> None:
    for text, count in STRAIGHT.items():
        filters = straight_filters(segdsl.parse(text), MAX_SEGMENTS, ALL_DECLARED)
        assert filters is not None, text
        assert len(filters) == count, text
        _, long = both_ways(typed_expression(text, ALL_DECLARED))
        assert [one.to_json() for one in filters] == long, text


def test_the_way_straight_leaves_to_the_stages_what_has_a_problem() -> None:
    assert [text for text in NOT_STRAIGHT if straight_filters(segdsl.parse(text), MAX_SEGMENTS, ALL_DECLARED)] == []


def test_the_way_straight_stops_at_the_limit() -> None:
    expression = segdsl.parse("plan in ['a', 'b'] and seats != 5 and rating != 3")
    assert straight_filters(expression, 3) is None
    assert len(straight_filters(expression, 4) or ()) == 4


def test_what_is_known_of_names_is_bounded() -> None:
    schema = segdsl.Schema(properties={"a": "string"})
    long_name = "a" * (MAX_NAME + 1)
    assert straight_filters(segdsl.parse(f"user.{long_name} == 1"), 1) is not None
    known = _known(schema)
    assert known["a" * MAX_NAME, "==", int] in known.values()
    assert known["a", "==", str][0] is not None
    for number in range(MAX_NAMES + 5):
        assert known[f"n{number}", "==", int] == (None, None, None)
        assert len(known) <= MAX_NAMES
    assert long_name not in {name for name, _, _ in known}


def test_the_short_way_is_left_to_what_needs_simplifying() -> None:
    assert [text for text in NOT_TAKEN if both_ways(typed_expression(text))[0] is not None] == []


def test_the_short_way_refuses_what_no_rule_negates() -> None:
    typed = typed_expression("not company contains 'x'")
    assert typed is not None
    assert plain_conjunctions(typed.condition, MAX_SEGMENTS) is None


def test_the_short_way_stops_at_the_limit() -> None:
    typed = typed_expression("plan in ['a', 'b'] and seats >= 5")
    assert typed is not None
    assert plain_conjunctions(typed.condition, 3) is None
    assert len(plain_conjunctions(typed.condition, 4) or ()) == 4


@given(tree=conjunctions(), schema=st.sampled_from(SCHEMAS))
@example(tree=In(PROPERTIES[0], ("a", "b"), False), schema=None)
def test_a_plain_condition_that_splits_is_refused_in_the_words_of_the_long_way(
    tree: Tree, schema: segdsl.Schema | None
) -> None:
    typed = typed_expression(spell(tree), schema)
    assume(typed is not None)
    assert typed is not None
    short = plain_conjunctions(typed.condition, MAX_SEGMENTS)
    assume(short is not None and len(short) > 1)
    assert short is not None
    (long,) = lower(typed, PYTHON.ways_out, None).problems
    assert plain_needs_split(short, typed, PYTHON.ways_out) == long
