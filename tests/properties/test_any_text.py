"""Law 6 and promise 1, total: any text gives a value or a `SegdslError`, and nothing else ever comes out."""

import contextlib
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import segdsl
from tests.diagnosed import refusal

from .strategies import DUBIOUS_TREES, SCOPES
from .trees import spell

PIECES = (
    *"()[]<>=!&|,.;:@$#\"'\\+-*/%~^?{}_0129eEdwx \t\r\n\f\v\0\x7f\x85\xa0",
    *("\u202e", "\u2028", "\ufeff", "\ud83d", "\ude00", "ſ", "İ", "١", "😀"),
    *(" and ", " or ", " not ", " in ", " not in ", " contains ", " between ", " is ", " is not ", " like ", " null "),
    *(
        "true",
        "false",
        "sentiment",
        "lastSeen",
        "conversationCount",
        "jailbreakDetected",
        "user",
        "conversation",
        "user.",
    ),
    *(" within ", " before ", " during ", " from ", " to ", " for product ", "7d", "0d", "2026-01-01", "2026-02-30"),
    *("==", "!=", "<=", ">=", "===", "<>", "=<", "=>", "&&", "||", "1e999", "1e-999", "007", "0x1", "1_0", "9" * 20),
    *('"\\u', '"\\ud83d"', "$x", "@x", "@y", "[]", "()", "((((", "not not not ", "5 < ", " < 5", "# c\n", '"pro"'),
)
DEFINITIONS = {"x": "isAdmin or rating > 3", "y": "@y"}
PARAMS = {"x": "pro"}


def evaluated(text: str) -> None:
    assert segdsl.evaluate(text, {}, params=PARAMS, definitions=DEFINITIONS) in (True, False, None)


def compiled(text: str) -> None:
    several = segdsl.compile_all(text, params=PARAMS, definitions=DEFINITIONS)
    assert several
    for filters in several:
        assert segdsl.Filters.from_dict(filters.to_dict()) == filters


def checked(text: str) -> None:
    for problem in segdsl.check(text, params=PARAMS, definitions=DEFINITIONS):
        assert 0 <= problem.span.start <= problem.span.end
        assert str(problem)


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """A valid text with pieces put in, taken out, doubled and swapped."""
    text = spell(draw(DUBIOUS_TREES), draw(SCOPES))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.sampled_from([0, 0, 1, 2, 7])))
        text = text[:start] + draw(st.sampled_from(["", text[start:end] * 2, *PIECES])) + text[end:]
    return text


ANY_TEXT = st.one_of(
    mutated(),
    st.lists(st.sampled_from(PIECES), max_size=12).map("".join),
    st.text(st.characters(), max_size=40),
)


@given(text=ANY_TEXT)
@example("")
@example("\ud83d")
@example('user["\ud83d"] == 1')
@example("(" * 300)
@example("!" * 300)
@example("@y")
@example("a == 1 # \r")
@example("a > 1e99990071992547409935")
@example("a > 1e-99990071992547409935")
def test_a_value_or_a_segdsl_error(text: str) -> None:
    for use in (segdsl.parse, compiled, evaluated):
        with contextlib.suppress(segdsl.SegdslError):
            use(text)


@given(text=ANY_TEXT)
def test_checking_raises_nothing(text: str) -> None:
    checked(text)


@given(text=ANY_TEXT)
def test_check_and_compile_refuse_the_same_texts(text: str) -> None:
    checked_codes = {problem.code for problem in segdsl.check(text) if problem.severity == "error"}
    codes = {diagnostic.code for diagnostic in refusal(lambda: segdsl.compile_all(text))}
    assert checked_codes - {"needs-split"} == codes


@given(text=ANY_TEXT)
def test_spans_lie_inside_the_text(text: str) -> None:
    for diagnostic in refusal(lambda: segdsl.compile_all(text)):
        assert 0 <= diagnostic.span.start <= diagnostic.span.end <= len(text)
        assert diagnostic.line >= 1
        assert diagnostic.column >= 1


@pytest.mark.parametrize("not_text", [None, b"isAdmin", 5, 0.5, True, ["isAdmin"], object()])
@pytest.mark.parametrize("use", [segdsl.parse, segdsl.compile, segdsl.compile_all, segdsl.check])
def test_anything_but_text_is_a_type_error(use: Callable[[Any], object], not_text: object) -> None:
    with pytest.raises(TypeError):
        use(not_text)
