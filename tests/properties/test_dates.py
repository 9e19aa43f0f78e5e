"""Expressions, their filters and their SQL agree on declared dates, days and date-times in UTC."""

import operator
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

import segdsl
from segdsl.compiler.decompile import decompiled

SCHEMA = segdsl.Schema({"signup": "date", "plan": ["free", "pro"]})
START = datetime(2026, 2, 26, tzinfo=UTC)
COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "==": operator.eq, "!=": operator.ne,
}  # fmt: skip

MOMENTS = st.builds(
    lambda days, seconds, micros: START + timedelta(days=days, seconds=seconds, microseconds=micros),
    st.integers(0, 5),
    st.sampled_from([0, 1, 9 * 3600, 86399]),
    st.sampled_from([0, 250_000]),
)
DAYS = MOMENTS.map(lambda moment: moment.date().isoformat())
SECONDS = MOMENTS.map(lambda moment: f"{moment.replace(tzinfo=None, microsecond=0).isoformat()}Z")
LITERALS = st.one_of(DAYS, SECONDS)
COMPARISONS = st.tuples(st.just("signup"), st.sampled_from(list(COMPARE)), LITERALS)
TREES = st.recursive(
    COMPARISONS,
    lambda inner: st.one_of(
        st.tuples(st.just("not"), inner),
        st.tuples(st.sampled_from(["and", "or"]), inner, inner),
    ),
    max_leaves=5,
)


def spelled(tree: Any) -> str:
    if tree[0] == "signup":
        return f"signup {tree[1]} {tree[2]}"
    if tree[0] == "not":
        return f"not ({spelled(tree[1])})"
    return f"({spelled(tree[1])}) {tree[0]} ({spelled(tree[2])})"


def holds(tree: Any, moment: datetime) -> bool:
    """Whether the expression holds, on Python's own dates: by the day for a day, else by the second."""
    if tree[0] == "not":
        return not holds(tree[1], moment)
    if tree[0] != "signup":
        return (all if tree[0] == "and" else any)(holds(part, moment) for part in tree[1:])
    literal = datetime.fromisoformat(tree[2])
    if len(tree[2]) == len("2026-01-01"):
        return COMPARE[tree[1]](moment.date(), literal.date())
    return COMPARE[tree[1]](moment.replace(microsecond=0), literal)


def stored(moment: datetime) -> list[Any]:
    """The moments that a record may hold: texts, and Python's dates."""
    plain = moment.replace(tzinfo=None)
    texts: list[Any] = [f"{plain.isoformat()}Z", f"{plain.isoformat(timespec='milliseconds')}Z", moment]
    if plain.time() == datetime.min.time():
        texts += [plain.date(), plain.date().isoformat()]
    return texts


@given(TREES, st.lists(MOMENTS, min_size=1, max_size=6))
def test_dates_are_lowered_faithfully(tree: Any, moments: list[datetime]) -> None:
    text = spelled(tree)
    errors = {problem.code for problem in segdsl.check(text, SCHEMA, max_segments=64) if problem.severity == "error"}
    assert errors <= {"never-matches"}
    several = () if errors else segdsl.compile_all(text, SCHEMA, max_segments=64)
    for moment in moments:
        for value in stored(moment):
            user = {"properties": {"signup": value}}
            expected = holds(tree, moment)
            assert segdsl.evaluate(text, user, schema=SCHEMA) is expected, (text, value)
            assert any(segdsl.evaluate(filters, user) for filters in several) is expected, (text, value, several)
            assert segdsl.explain_evaluation(text, user, schema=SCHEMA).verdict is expected


@given(TREES)
def test_compiled_filters_can_be_decompiled_with_the_schema_and_without_it(tree: Any) -> None:
    try:
        several = segdsl.compile_all(spelled(tree), SCHEMA, max_segments=64)
    except segdsl.CompileError:
        assume(False)
    for filters in several:
        assert segdsl.compile(decompiled(filters, SCHEMA), SCHEMA) == filters
        assert segdsl.compile(segdsl.decompile(filters)) == filters


def test_dates_are_bound_to_parameters() -> None:
    wanted = segdsl.compile("signup > 2026-03-01", SCHEMA)
    for value in ("2026-03-01", date(2026, 3, 1)):
        assert segdsl.compile("signup > $since", SCHEMA, {"since": value}) == wanted
    moment = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
    assert segdsl.compile("signup > $since", SCHEMA, {"since": moment}) == segdsl.compile(
        "signup > 2026-03-01T09:30:00Z", SCHEMA
    )
