"""Conditions on one field: the direct ways to its rules agree with its cells, and texts mean what values say."""

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import event, example, given
from hypothesis import strategies as st

import segdsl
from segdsl.catalogue import Field, Kind
from segdsl.lowering.domains import FieldDomain, Test, domain_of
from segdsl.lowering.domains.bounds import tightest
from segdsl.lowering.domains.cells import alternatives_of
from segdsl.lowering.domains.properties import PropertyDomain, without_implied_texts
from segdsl.lowering.lower import lower
from segdsl.semantics.checker import check
from segdsl.semantics.resolution import resolver_of
from segdsl.semantics.typed import leaves_of
from segdsl.wire.rules import Rule

from .minimum import holds
from .strategies import combined, in_brief
from .trees import Bare, Comparison, Contains, In, Seen, Tree, spell
from .trees import Field as Name

RATING = Field(Kind.METRIC, "rating")
PLAN = Field(Kind.PROPERTY, "plan")
ORDER = st.sampled_from(("<", "<=", ">", ">="))
NUMBERS = st.sampled_from([0, 1, 2, 2.5, 3])
SCALARS = st.sampled_from([0, 1, 2, 2.5, "a", "ab", "1", True, False])
EQUAL = st.sampled_from(("==", "!=", "!=", "!="))  # equal values mostly contradict one another
METRIC_TESTS = st.lists(st.tuples(ORDER, NUMBERS) | st.tuples(EQUAL, NUMBERS), min_size=1, max_size=6)
PROPERTY_TESTS = st.lists(
    st.tuples(st.sampled_from(("<", ">")), NUMBERS) | st.tuples(EQUAL, SCALARS), min_size=1, max_size=6
)
OPERATORS = {"eq": "==", "neq": "!=", "lt": "<", "lte": "<=", "gt": ">", "gte": ">="}


def said(domain: FieldDomain, rules: Sequence[Rule]) -> int:
    """The set of values for which every rule holds."""
    mask = domain.full
    for rule in rules:
        operator = getattr(rule, "operator", "eq")
        mask &= domain.mask((OPERATORS.get(operator, operator), rule.value))
    return mask


def met(domain: FieldDomain, tests: Sequence[Test]) -> int:
    mask = domain.full
    for test in tests:
        mask &= domain.mask(test)
    return mask


# ── bounds, unequal values, one equal value ────────────────────────────────────────────────────────────────────────


@given(made=st.tuples(st.just(RATING), METRIC_TESTS) | st.tuples(st.just(PLAN), PROPERTY_TESTS))
@example(made=(PLAN, [("!=", True), ("!=", 1), (">", 0)]))
@example(made=(PLAN, [("==", 1), ("!=", True)]))
@example(made=(PLAN, [(">", 1), ("!=", 1), ("!=", "a"), ("<", 3), ("!=", 2)]))
@example(made=(RATING, [(">=", 1), ("!=", 1), ("<=", 2)]))
@example(made=(RATING, [("==", 2), ("<=", 2), ("!=", 1)]))
def test_the_tightest_bounds_are_the_rules_of_the_cells(made: tuple[Field, list[Test]]) -> None:
    field, tests = made
    domain = domain_of(field, tests)
    rules, mask = tightest(field, tests), met(domain, tests)
    event("left to the cells" if rules is None else f"{len(rules)} rules")
    if rules is None:
        assert not mask or len(domain.pieces(mask)) > 1 or _is_a_point(domain, mask) or _ends_at_a_hole(field, tests)
    else:
        assert said(domain, rules) == mask
        assert domain.pieces(mask) == [mask]
        assert rules == list(domain.rules(mask))


def _is_a_point(domain: FieldDomain, mask: int) -> bool:
    """Whether two bounds leave one value, which is an `eq`."""
    return len(domain.rules(mask)) == 1 and getattr(domain.rules(mask)[0], "operator", "") == "eq"


def _ends_at_a_hole(field: Field, tests: Sequence[Test]) -> bool:
    """Whether an unequal value is a bound of a metric, which it makes an open one."""
    return field.kind is Kind.METRIC and any(operator == "!=" for operator, _ in tests)


@given(tests=PROPERTY_TESTS.filter(lambda tests: all(operator != "==" for operator, _ in tests)))
def test_conjunctions_that_are_one_rule_each_take_no_cells(tests: list[Test]) -> None:
    """Bounds and unequal values of a property are always one conjunction, except if they contradict one another."""
    rules = tightest(PLAN, tests)
    low = max([value for operator, value in tests if operator == ">"], default=float("-inf"))
    high = min([value for operator, value in tests if operator == "<"], default=float("inf"))
    assert (rules is None) is (low >= high)


# ── any condition on one field ─────────────────────────────────────────────────────────────────────────────────────

NAMES = {
    "rating": Name("metric", "rating", ("rating",)),
    "count": Name("count", "conversationCount", ("conversationCount",)),
    "seen": Name("instant", "lastSeen", ("lastSeen",)),
    "flag": Name("flag", "jailbreakDetected", ("jailbreakDetected",)),
    "plan": Name("property", "plan", ("plan",)),
    "seats": Name("property", "seats", ("seats",)),
}
COMPARED = st.sampled_from(("==", "!=", "<", "<=", ">", ">="))
COUNTS = st.sampled_from([-1, 0, 1, 2, 5])
DURATIONS = st.sampled_from(["1d", "24h", "3d", "7d", "1w"])


def of(name: str, values: st.SearchStrategy[Any]) -> st.SearchStrategy[Tree]:
    lists = st.lists(values, min_size=1, max_size=3).map(tuple)
    field = st.just(NAMES[name])
    return in_brief(st.builds(Comparison, field, COMPARED, values) | st.builds(In, field, lists, st.booleans()))


ONE_FIELD = st.one_of(
    combined(of("rating", NUMBERS), of("rating", NUMBERS), leaves=8),
    combined(of("count", COUNTS), of("count", COUNTS), leaves=8),
    combined(of("seats", NUMBERS), of("seats", NUMBERS), leaves=8),
    *(
        combined(leaf, leaf, leaves=6)
        for leaf in (
            in_brief(st.builds(Seen, st.just(NAMES["seen"]), st.sampled_from(("within", "before")), DURATIONS)),
            in_brief(
                st.builds(Bare, st.just(NAMES["flag"]))
                | st.builds(Comparison, st.just(NAMES["flag"]), st.sampled_from(("==", "!=")), st.booleans())
            ),
            in_brief(
                st.builds(Comparison, st.just(NAMES["plan"]), st.sampled_from(("==", "!=")), SCALARS)
                | st.builds(
                    In, st.just(NAMES["plan"]), st.lists(SCALARS, min_size=1, max_size=3).map(tuple), st.booleans()
                )
            ),
            in_brief(
                st.builds(Contains, st.just(NAMES["plan"]), st.sampled_from(["a", "b", "ab"]))
                | st.builds(Comparison, st.just(NAMES["plan"]), st.just("=="), SCALARS)
            ),
        )
    ),
)
WHOLE = segdsl.Schema(properties={"seats": "integer"})


@given(tree=ONE_FIELD, whole=st.booleans())
def test_a_condition_on_one_field_is_the_pieces_of_its_cells(tree: Tree, whole: bool) -> None:
    schema = WHOLE if whole and "seats" in spell(tree) and ".5" not in spell(tree) else segdsl.Schema()
    typed, problems = check(segdsl.parse(spell(tree)), resolver=resolver_of(schema))
    assert typed is not None, problems
    predicates = leaves_of(typed.condition)
    if any(one.operator == "not contains" for one in predicates):
        return
    domain = domain_of(predicates[0].field, [test for one in predicates for test in alternatives_of(one)])
    mask = domain.condition_mask(typed.condition)
    pieces = domain.pieces(mask) if mask else []
    lowered = lower(typed.condition, 100)
    event(f"segments: {min(lowered.count, 4)}")
    assert (lowered.count, lowered.exact) == (len(pieces), True)
    assert len(set(lowered.conjunctions)) == len(lowered.conjunctions)
    found = [
        said(domain, rules) if domain.full != mask or lowered.count > 1 else mask for rules in lowered.conjunctions
    ]
    together = 0
    for one in found:
        together |= one
    assert together == mask
    if not any(one.operator == "contains" for one in predicates):
        assert set(lowered.conjunctions) == {tuple(domain.rules(piece)) for piece in pieces}


# ── texts that stand apart from the cells ──────────────────────────────────────────────────────────────────────────

WORDS = st.sampled_from(["a", "b", "ab", "c", "bc"])
CONSTANTS = st.sampled_from(["a", "ab", "abc", "x", "", 1, True])
VALUES: list[Any] = [
    *("", "a", "b", "ab", "ba", "abc", "c", "bc", "cb", "x", "axb", "axbxc", "bcxa", "abxbc", "cxcx", "~"),
    *(1, 0, 1.5, True, False, []),
]


def passes(value: Any, rules: Sequence[Rule]) -> bool:
    return all(holds((rule.operator, rule.value), value) for rule in rules)  # type: ignore[union-attr]  # of a property


WIRE = {"==": "eq", "!=": "neq", "contains": "contains"}


def is_true(test: Test, value: Any) -> bool:
    return holds((WIRE[test[0]], test[1]), value)


@given(
    picked=st.lists(st.tuples(st.sampled_from(("==", "!=")), CONSTANTS), max_size=4),
    texts=st.lists(WORDS, min_size=1, max_size=4, unique=True),
    united=st.booleans(),
)
@example(picked=[("!=", "ab"), ("!=", "abc")], texts=["ab", "a"], united=False)
@example(picked=[("==", "ab"), ("==", "x"), ("==", "abc")], texts=["b"], united=True)
def test_values_that_also_pass_textual_tests(picked: list[Test], texts: list[str], united: bool) -> None:
    """A set of values narrowed down by `contains` has the users whose value is in the set and contains them."""
    tests: list[Test] = [("contains", text) for text in texts]
    domain = PropertyDomain(PLAN, picked)
    masks = [domain.mask(test) for test in picked]
    mask = domain.full
    if masks and united:
        mask = 0
        for one in masks:
            mask |= one
    else:
        for one in masks:
            mask &= one
    found = domain.with_texts(mask, tests, [*picked, *tests]) if mask else []
    for value in VALUES:
        inside = (any if united and picked else all)(is_true(test, value) for test in picked)
        wanted = inside and all(is_true(test, value) for test in tests)
        assert any(passes(value, rules) for rules in found) is wanted, (value, found)
    for rules in found:  # no rule is implied by another one
        for rule in rules:
            others = [one for one in rules if one is not rule]
            assert any(passes(value, others) and not passes(value, [rule]) for value in VALUES), (rule, others)


@given(
    tests=st.lists(st.tuples(st.just("contains"), WORDS) | st.tuples(st.just("=="), CONSTANTS), min_size=1, max_size=7)
)
@example(tests=[("==", "ab"), ("contains", "ab"), ("contains", "b"), ("==", 1), ("==", True)])
def test_a_union_of_texts_without_those_that_others_imply(tests: list[Test]) -> None:
    kept = without_implied_texts(tests)
    assert [test for test in dict.fromkeys(tests) if test in kept] == list(dict.fromkeys(kept))
    for value in VALUES:
        assert any(is_true(test, value) for test in kept) is any(is_true(test, value) for test in tests), value
    for test in kept:
        others = [one for one in kept if one is not test]
        witnesses = [test[1], *VALUES]
        assert any(is_true(test, value) and not any(is_true(one, value) for one in others) for value in witnesses), test


@pytest.mark.parametrize("tests", [[("==", 1), ("==", True)], [("==", True), ("==", 1)], [("==", "1"), ("==", 1)]])
def test_numbers_booleans_and_strings_are_different_values(tests: list[Test]) -> None:
    assert without_implied_texts(tests) == tests
    assert tightest(PLAN, tests) is None
    unequal = [("!=", value) for _, value in tests]
    assert [rule.value for rule in tightest(PLAN, unequal) or ()] == [value for _, value in tests]
    assert [type(rule.value) for rule in tightest(PLAN, unequal) or ()] == [type(value) for _, value in tests]
