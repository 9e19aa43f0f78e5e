"""The builder's law: `parse(unparse(built)) == built` for every tree; joining trees equals joining texts."""

from datetime import timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from segdsl import Expression, all_of, any_of, conversation, definition, field, param, parse, scoped, unparse, user
from segdsl.builder import ComparableField
from segdsl.syntax.nodes import Parameter

from .syntax_trees import BEFORE_OPERATOR, DATES, FLOATS, INTEGERS, KEYS, STRINGS, WORDS

FIELDS: st.SearchStrategy[ComparableField] = st.one_of(
    BEFORE_OPERATOR.map(field), KEYS.map(lambda key: user[key]), KEYS.map(lambda key: conversation[key])
)
SCALARS = st.one_of(STRINGS, st.booleans(), INTEGERS, FLOATS, WORDS.map(param))
LISTS = st.one_of(st.lists(SCALARS, min_size=1, max_size=4), st.frozensets(STRINGS, min_size=1, max_size=4))
LENGTHS = st.one_of(
    st.integers(1, 50_000).map(lambda minutes: timedelta(minutes=minutes)),
    st.integers(1, 36_500).map(lambda days: timedelta(days=days)),
    st.sampled_from(["30m", "24h", "7d", "2w"]),
    WORDS.map(param),
)
LEAVES: st.SearchStrategy[ComparableField | Expression] = st.one_of(
    FIELDS,
    st.builds(lambda one, value: one == value, FIELDS, SCALARS),
    st.builds(lambda one, value: one != value, FIELDS, SCALARS),
    st.builds(lambda one, value: one < value, FIELDS, SCALARS),
    st.builds(lambda one, value: value <= one, FIELDS, st.one_of(INTEGERS, FLOATS)),
    st.builds(ComparableField.between, FIELDS, SCALARS, SCALARS),
    st.builds(ComparableField.in_, FIELDS, LISTS),
    st.builds(ComparableField.not_in, FIELDS, st.one_of(LISTS, WORDS.map(param))),
    st.builds(ComparableField.contains, FIELDS, STRINGS),
    st.builds(ComparableField.within, FIELDS, LENGTHS),
    st.builds(ComparableField.before, FIELDS, LENGTHS),
    st.builds(ComparableField.is_false, FIELDS),
    WORDS.map(definition),
)


def _joined(
    smaller: st.SearchStrategy[ComparableField | Expression],
) -> st.SearchStrategy[ComparableField | Expression]:
    several = st.lists(smaller, min_size=2, max_size=4)
    return st.one_of(
        smaller.map(lambda one: ~one),
        st.builds(lambda one, other: one & other, smaller, smaller),
        st.builds(lambda one, other: one | other, smaller, smaller),
        several.map(lambda conditions: all_of(*conditions)),
        several.map(lambda conditions: any_of(*conditions)),
    )


CONDITIONS = st.recursive(LEAVES, _joined, max_leaves=8)


@given(
    CONDITIONS,
    st.one_of(st.sampled_from([None, "7d", "all"]), WORDS.map(param)),
    st.one_of(st.none(), DATES.map(lambda one: one.text), WORDS.map(param)),
    st.lists(st.one_of(st.uuids(), st.uuids().map(str), WORDS.map(param)), max_size=3),
)
def test_a_built_expression_equals_its_text(
    condition: ComparableField | Expression,
    during: str | Parameter | None,
    start: str | Parameter | None,
    products: list[str | UUID | Parameter],
) -> None:
    built = scoped(condition, during=during, from_=start, products=products)
    assert parse(unparse(built)) == built


@given(CONDITIONS, CONDITIONS)
def test_joining_is_what_the_words_of_the_language_do(
    one: ComparableField | Expression, other: ComparableField | Expression
) -> None:
    left, right = (unparse(scoped(condition)) for condition in (one, other))
    assert (one & other) == parse(f"({left}) and ({right})")
    assert (one | other) == parse(f"({left}) or ({right})")
    assert ~one == parse(f"not ({left})")


@given(st.text(max_size=12))
def test_a_name_is_taken_exactly_when_a_text_takes_it(name: str) -> None:
    """Every accepted spelling is a name before a comparison sign, and nothing else."""
    from segdsl import ParseError

    try:
        built = field(name) == 1
    except ParseError:
        return
    assert unparse(parse(f"{name} == 1")) == unparse(built)
