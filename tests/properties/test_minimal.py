"""Law 5: simplification gives the fewest segments, exactly for small expressions, irredundantly for larger ones."""

from typing import Any

from hypothesis import assume, event, example, given
from hypothesis import strategies as st

import segdsl

from .minimum import (
    Space,
    box,
    boxes_inside,
    coverable,
    holds,
    naive_size,
    samples_for,
    space_of,
    true_users,
)
from .strategies import (
    CONVERSATIONS,
    COUNT,
    FLAGS,
    INSTANT,
    METRICS,
    PLAIN_PROPERTIES,
    boolean,
    combined,
    duration_minutes,
    in_brief,
    ordered,
)
from .trees import And, Bare, Chain, Comparison, Contains, Field, In, Not, Or, Seen, Tree, predicates, spell

SENTIMENT, SEATS, PLAN = METRICS[0], PLAIN_PROPERTIES[1], PLAIN_PROPERTIES[0]
NUMBERS = st.sampled_from([1, 2, 3, 5])
WORDS = st.sampled_from(["a", "ab", "b"])
FIELDS = {field.key: field for field in (*METRICS, *FLAGS, COUNT, INSTANT, *PLAIN_PROPERTIES)}

EQUALITY = st.sampled_from(("==", "!="))
ATOMIC = st.one_of(
    ordered(st.just(SENTIMENT), NUMBERS),
    boolean(st.just(FLAGS[0])),
    ordered(st.just(COUNT), NUMBERS.map(lambda number: number + 1)),
    st.builds(
        Seen, st.just(INSTANT), st.sampled_from(("within", "before")), st.sampled_from(["1d", "24h", "3d", "7d"])
    ),
    ordered(st.just(SEATS), NUMBERS),
    st.builds(Comparison, st.just(SEATS), EQUALITY, st.one_of(WORDS, st.booleans())),
    st.builds(Comparison, st.just(PLAN), EQUALITY, st.one_of(WORDS, st.just(1), st.booleans())),
    st.builds(Comparison, st.just(PLAN), st.sampled_from(("<", ">")), st.just(1)),
    st.builds(In, st.just(PLAN), st.lists(WORDS, min_size=1, max_size=2).map(tuple), st.booleans()),
)
HOLDING = st.builds(Contains, st.just(PLAN), WORDS)
ALTERNATIVES = st.builds(
    Or,
    st.lists(
        st.builds(And, st.lists(ATOMIC | HOLDING, min_size=2, max_size=2).map(tuple)) | ATOMIC | HOLDING,
        min_size=2,
        max_size=5,
    ).map(tuple),
)
SMALL = (combined(HOLDING, ATOMIC, leaves=5) | in_brief(ALTERNATIVES)).filter(
    lambda tree: naive_size(tree) <= 8 and len(fields_of(tree)) <= 3
)
LARGE = combined(HOLDING, ATOMIC, leaves=9).filter(lambda tree: len(fields_of(tree)) <= 4)


def fields_of(tree: Tree) -> set[Field]:
    return {predicate.field for predicate in predicates(tree)}


def compiled(tree: Tree) -> list[dict[str, Any]]:
    """The filters objects; none for what never matches."""
    try:
        return [filters.to_dict() for filters in segdsl.compile_all(spell(tree), max_segments=64)]
    except segdsl.CompileError as refused:
        codes = [diagnostic.code for diagnostic in refused.diagnostics]
        assume(codes != ["too-many-segments"])
        assert codes == ["never-matches"]
        return []


def atom_of(rule: dict[str, Any]) -> tuple[Field, tuple[str, Any]]:
    """The field of a rule and what it says of it."""
    key = {"conversation_count": "conversationCount", "last_seen": "lastSeen"}.get(rule["type"])
    field = FIELDS[key or rule.get("field") or rule["key"]]
    value = duration_minutes(rule["value"]) if field.kind == "instant" else rule["value"]
    return field, (rule.get("operator", "is"), value)


def users_of(filters: dict[str, Any], space: Space) -> int:
    """The users of the space whom the filters object matches."""
    atoms = [atom_of(rule) for rule in filters["rules"]]
    assert {field for field, _ in atoms} <= set(space.fields)
    sets = [
        sum(1 << i for i, value in enumerate(known) if all(holds(atom, value) for of, atom in atoms if of == field))
        for field, known in zip(space.fields, space.samples, strict=True)
    ]
    return box(sets, space)


@given(tree=SMALL)
@example(Or((Chain(1, "<", SEATS, "<", 3), Chain(3, "<", SEATS, "<", 5))))
@example(Or((Comparison(SENTIMENT, "<", 2), Comparison(SENTIMENT, "==", 2), Comparison(SENTIMENT, ">", 2))))
@example(Or((Contains(PLAN, "a"), Comparison(PLAN, "!=", "b"))))
@example(Not(And((Comparison(PLAN, "==", "a"), Comparison(PLAN, "==", "b")))))
@example(  # two segments: `plan != "a"` with the flag, and `plan contains "a"`
    Or(
        (
            And((Comparison(PLAN, "!=", "b"), Bare(FLAGS[0]))),
            And((Comparison(PLAN, "!=", 2), Bare(FLAGS[0]))),
            Contains(PLAN, "a"),
        )
    )
)
def test_the_number_of_segments_is_the_least(tree: Tree) -> None:
    several = compiled(tree)
    space = space_of(tree)
    wanted = true_users(tree, space)
    boxes = [users_of(filters, space) for filters in several]
    union = 0
    for users in boxes:
        union |= users
    assert union == wanted, "the segments are not the expression"
    event(f"segments: {len(several)}")
    if len(several) > 1:
        assert not coverable(wanted, boxes_inside(wanted, space), len(several) - 1), f"not the least: {spell(tree)}"


FIXED = (
    Bare(PLAIN_PROPERTIES[2]),
    Comparison(PLAIN_PROPERTIES[3], "!=", "x"),
    Chain(0, "<", METRICS[1], "<=", 3),
    Not(Bare(FLAGS[1])),
    Comparison(CONVERSATIONS[0], "==", "web"),
    Contains(CONVERSATIONS[0], "w"),
)
"""Parts on fields of their own."""


@given(tree=SMALL, beside=st.lists(st.sampled_from(FIXED), min_size=1, max_size=5, unique=True), spread=st.booleans())
@example(tree=Or((Comparison(SENTIMENT, "<", 2), Comparison(SENTIMENT, ">=", 1))), beside=list(FIXED), spread=True)
def test_parts_that_are_the_same_in_every_segment_cost_none(tree: Tree, beside: list[Tree], spread: bool) -> None:
    """Whether they stand beside an `or` or in each of its alternatives."""
    alone = compiled(tree)
    assume(alone)
    if spread and isinstance(tree, Or):
        together: Tree = Or(tuple(And((operand, *beside)) for operand in tree.operands))
    else:
        together = And((tree, *beside))
    assert len(compiled(together)) == len(alone), spell(together)


@given(tree=LARGE)
@example(
    Or(
        (
            And((Comparison(SENTIMENT, "<", 2), Bare(PLAN))),
            And((Comparison(SENTIMENT, ">=", 2), Bare(SEATS))),
            And((Comparison(SENTIMENT, ">", 1), Bare(PLAN), Bare(SEATS))),
        )
    )
)
def test_no_segment_is_covered_by_the_others(tree: Tree) -> None:
    several = compiled(tree)
    space = space_of(tree)
    assume(len(list(space.users())) < 60_000)
    boxes = [users_of(filters, space) for filters in several]
    for index, users in enumerate(boxes):
        others = 0
        for other in boxes[:index] + boxes[index + 1 :]:
            others |= other
        assert users & ~others, f"segment {index + 1} of {len(boxes)} adds nobody: {spell(tree)}"


@given(tree=LARGE)
def test_no_rule_is_implied_by_the_others_of_its_segment(tree: Tree) -> None:
    """Rules that one other rule of the field implies are gone, and so are duplicates."""
    for filters in compiled(tree):
        atoms = [atom_of(rule) for rule in filters["rules"]]
        for field, atom in atoms:
            fellows = [other for of, other in atoms if of == field and other != atom]
            known = samples_for(field.kind, [value for _, value in [atom, *fellows]])
            for fellow in fellows:
                implied = all(holds(atom, value) for value in known if holds(fellow, value))
                assert not implied, f"{fellow} implies {atom}: {spell(tree)}"
        assert len(atoms) == len({repr(atom) for atom in atoms})


@given(tree=SMALL)
def test_simplification_never_raises_the_number_of_segments(tree: Tree) -> None:
    assert len(compiled(tree)) <= naive_size(tree)
