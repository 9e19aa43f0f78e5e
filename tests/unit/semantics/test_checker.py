"""What the checker says, and where, beyond what the conformance files hold."""

import pytest

import segdsl
from segdsl.diagnostics import Diagnostic
from segdsl.semantics import checker
from segdsl.semantics.checker import check


def problems(text: str, **definitions: str) -> tuple[Diagnostic, ...]:
    return check(segdsl.parse(text), definitions=definitions)[1]


def underlined(one: Diagnostic) -> str:
    return one.text.text[one.span.start : one.span.end]


@pytest.mark.parametrize(("sign", "word"), [("<", "within"), ("<=", "within"), (">", "before"), (">=", "before")])
def test_signs_for_a_moment_are_answered_by_words(sign, word):
    (problem,) = problems(f"lastSeen {sign} 7d")
    assert (problem.code, underlined(problem)) == ("wrong-operator", sign)
    assert problem.help == (f"write `lastSeen {word} 7d`",)


def test_another_operator_for_a_moment_gets_the_list_of_those_it_has():
    (problem,) = problems("lastSeen == 7d")
    assert problem.help == ("a moment takes `within` and `before`, as in `lastSeen within 7d`",)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("lastSeen between 1d and 2d", "between"),
        ("1d < lastSeen <= 2d", "<"),
        ("isAdmin between true and false", "true"),
    ],
)
def test_a_range_of_what_has_none(text, word):
    (problem, *_) = problems(text)
    assert underlined(problem) == word


def test_problems_of_the_expression_come_before_those_of_its_definitions():
    found = problems('@d and sentiment > "y"', d='cqi > "z"')
    assert [one.source for one in found] == ["expression", "@d"]


def test_definitions_that_cannot_be_read_are_all_told_and_where_they_are_used():
    found = problems('@a and @b and sentiment > "y"', a="x >", b="y >")
    assert [one.source for one in found] == ["expression", "@a", "@b"]
    assert [note.message for note in found[1].notes] == ["`@a` is used here"]


@pytest.mark.parametrize(("depth", "shown"), [(1, 1), (4, 4), (5, 5), (6, 5), (9, 5)])
def test_the_notes_of_a_long_chain_name_the_innermost_and_the_outermost(depth, shown):
    chain = {f"d{number}": f"@d{number + 1}" for number in range(1, depth)} | {f"d{depth}": "cqi >"}
    (problem,) = problems("@d1", **chain)
    used = [note.message for note in problem.notes]
    assert len(used) == shown
    assert used[0] == f"`@d{depth}` is used here"
    assert used[-1] == "`@d1` is used here"


@pytest.mark.parametrize(("size", "shortened"), [(3, False), (9, False), (10, True), (30, True)])
def test_a_long_circle_is_shortened(size, shortened):
    circle = {f"d{number}": f"@d{(number + 1) % size}" for number in range(size)}
    found = problems("@d0", **circle)
    assert {one.code for one in found} == {"definition-cycle"}
    assert ("…" in found[0].message) is shortened


def test_a_definition_counts_for_what_it_expands_to_once_for_each_use(monkeypatch):
    monkeypatch.setattr(checker, "MAX_CONDITIONS", 12)
    part = "a == 1 and b == 2 and c == 3"
    assert problems("@d and @d and @d and @d", d=part) == ()
    assert [one.code for one in problems("@d and @d and @d and @d and @d", d=part)] == ["too-long"]
    # a reference counts for one more
    assert problems("@e and @d", d=part, e="@d and @d") == ()
    assert [one.code for one in problems("@e and @d and @d", d=part, e="@d and @d")] == ["too-long"]
    assert problems("@f and @d and @d", d=part, f="@e", e="@d") == ()
    assert [one.code for one in problems("@f and @d and @d and @d", d=part, f="@e", e="@d")] == ["too-long"]
