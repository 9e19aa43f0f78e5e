"""The table of codes keeps its word: every example gets its code, and no fix gets anything at all."""

import pytest

import segdsl
from segdsl.cli.explain_code import findings
from segdsl.diagnostics import CODES
from segdsl.limits import MAX_NESTING, MAX_TEXT_LENGTH

TOO_LARGE_TO_SHOW = {
    "too-long": ("rating > 3 #" + "x" * MAX_TEXT_LENGTH, "rating > 3 #"),
    "too-deep": (
        "(" * (MAX_NESTING + 1) + "isAdmin" + ")" * (MAX_NESTING + 1),
        "(" * MAX_NESTING + "isAdmin" + ")" * MAX_NESTING,
    ),
}
"""For codes with advice instead of a fix: a text that gets the code, and one that does not."""

SHOWN = [name for name, code in CODES.items() if code.example]


@pytest.mark.parametrize("name", SHOWN)
def test_an_example_gets_its_code(name: str) -> None:
    code = CODES[name]
    assert name in {found.code for found in findings(code, code.example, code.example_params)}


@pytest.mark.parametrize("name", [name for name in SHOWN if CODES[name].fix])
def test_nothing_is_wrong_with_a_fix(name: str) -> None:
    code = CODES[name]
    assert findings(code, code.fix, code.fix_params) == ()


@pytest.mark.parametrize("name", TOO_LARGE_TO_SHOW)
def test_a_text_too_large_to_show_gets_its_code(name: str) -> None:
    bad, good = TOO_LARGE_TO_SHOW[name]
    assert [found.code for found in segdsl.check(bad)] == [name]
    assert segdsl.check(good) == ()


def test_an_error_without_a_fix_has_advice() -> None:
    assert all(bool(code.fix) is not bool(code.advice) for code in CODES.values())


@pytest.mark.parametrize("name", ["needs-split", "not-expressible"])
def test_conditions_beyond_the_api_are_not_answered_by_another_meaning(name: str) -> None:
    assert not CODES[name].fix


def test_only_large_texts_and_broken_files_have_no_example() -> None:
    assert {name for name, code in CODES.items() if not code.example} == {*TOO_LARGE_TO_SHOW, "ambiguous-value"}
