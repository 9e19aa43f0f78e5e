"""The checker's diagnostics and their places, beyond those in the conformance files."""

from typing import Any

import pytest

import segdsl
from segdsl.diagnostics import Diagnostic
from segdsl.semantics import checker
from segdsl.semantics.checker import check
from segdsl.semantics.definitions import Definitions
from segdsl.semantics.objections import type_words
from tests.diagnosed import underlined


def problems(text: str, **definitions: str) -> tuple[Diagnostic, ...]:
    return check(segdsl.parse(text), definitions=Definitions(definitions))[1]


@pytest.mark.parametrize(("sign", "word"), [("<", "within"), ("<=", "within"), (">", "before"), (">=", "before")])
def test_signs_for_a_moment_are_answered_by_words(sign: str, word: str) -> None:
    (problem,) = problems(f"lastSeen {sign} 7d")
    assert (problem.code, underlined(problem)) == ("wrong-operator", sign)
    assert problem.help == (f"write `lastSeen {word} 7d`",)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("lastSeen > 2026-01-01", "within"),
        ("lastSeen < '2026-01-01'", "before"),
        ("2026-01-01 <= lastSeen < 2026-02-01", "before"),
        ("2026-02-01 > lastSeen >= 2026-01-01", "before"),
        ("2026-02-01 > lastSeen", "before"),
    ],
)
def test_a_later_date_is_a_shorter_time_ago(text: str, word: str) -> None:
    (problem,) = problems(text)
    assert problem.help == (f"say how long ago it was, not when: `lastSeen {word} 7d`",)


def test_another_operator_for_a_moment_gets_the_list_of_those_it_has() -> None:
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
def test_a_range_of_an_unordered_field(text: str, word: str) -> None:
    (problem, *_) = problems(text)
    assert underlined(problem) == word


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("conversationCount > 9007199254740991", "9007199254740991"),
        ("sentiment == 'yes'", "'yes'"),
        ("2026-01-01 <= rating < 5", "2026-01-01"),
        ("rating in [1, 'two']", "'two'"),
    ],
)
def test_the_misfit_is_underlined(text: str, value: str) -> None:
    (problem,) = problems(text)
    assert underlined(problem) == value


def test_problems_of_the_expression_come_before_those_of_its_definitions() -> None:
    found = problems('@d and sentiment > "y"', d='cqi > "z"')
    assert [one.source_name for one in found] == ["expression", "@d"]


def test_all_unreadable_definitions_are_reported_with_their_uses() -> None:
    found = problems('@a and @b and sentiment > "y"', a="x >", b="y >")
    assert [one.source_name for one in found] == ["expression", "@a", "@b"]
    assert [note.message for note in found[1].notes] == ["`@a` is used here"]


@pytest.mark.parametrize(("depth", "shown"), [(1, 1), (4, 4), (5, 5), (6, 5), (9, 5)])
def test_the_notes_of_a_long_chain_name_the_innermost_and_the_outermost(depth: int, shown: int) -> None:
    chain = {f"d{number}": f"@d{number + 1}" for number in range(1, depth)} | {f"d{depth}": "cqi >"}
    (problem,) = problems("@d1", **chain)
    used = [note.message for note in problem.notes]
    assert len(used) == shown
    assert used[0] == f"`@d{depth}` is used here"
    assert used[-1] == "`@d1` is used here"


@pytest.mark.parametrize(("size", "shortened"), [(3, False), (9, False), (10, True), (30, True)])
def test_a_long_circle_is_shortened(size: int, shortened: bool) -> None:
    circle = {f"d{number}": f"@d{(number + 1) % size}" for number in range(size)}
    found = problems("@d0", **circle)
    assert {one.code for one in found} == {"definition-cycle"}
    assert ("…" in found[0].message) is shortened


def test_a_definition_counts_for_what_it_expands_to_once_for_each_use(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checker, "MAX_CONDITIONS", 12)
    part = "a == 1 and b == 2 and c == 3"
    assert problems("@d and @d and @d and @d", d=part) == ()
    (problem,) = problems("@d and @d and @d and @d and @d", d=part)
    assert (problem.code, problem.message) == ("too-long", "with its definitions this holds more than 12 conditions")
    assert underlined(problem) == "@d and @d and @d and @d and @d"
    # a reference counts for one more
    assert problems("@e and @d", d=part, e="@d and @d") == ()
    assert [one.code for one in problems("@e and @d and @d", d=part, e="@d and @d")] == ["too-long"]
    assert problems("@f and @d and @d", d=part, f="@e", e="@d") == ()
    assert [one.code for one in problems("@f and @d and @d and @d", d=part, f="@e", e="@d")] == ["too-long"]


ONE, OTHER = "182bd5e5-6e1a-4fe4-a799-aa6d9a6ab26e", "0f8fad5b-d9cb-469f-a165-70867728950e"


@pytest.mark.parametrize(
    ("text", "params", "scope"),
    [
        ("a", {}, (None, None, None, ())),
        ("a during $p", {"p": "30D"}, ("30d", None, None, ())),
        ("a during 7d from $p", {"p": "2026-01-01"}, ("7d", "2026-01-01", None, ())),
        ("a from 2026-01-01 to $p", {"p": "2026-01-01"}, (None, "2026-01-01", "2026-01-01", ())),
        ("a for products $p, $q", {"p": [ONE], "q": OTHER}, (None, None, None, (ONE, OTHER))),
        (f'a for products $p, "{OTHER}"', {"p": ONE}, (None, None, None, (ONE, OTHER))),
    ],
)
def test_the_scope_with_its_parameters_bound(
    text: str, params: dict[str, Any], scope: tuple[str | None, str | None, str | None, tuple[str, ...]]
) -> None:
    typed, found = check(segdsl.parse(text), params=params)
    assert found == ()
    assert typed is not None
    assert (typed.preset, typed.start, typed.end, typed.products) == scope


@pytest.mark.parametrize(
    ("text", "params", "said"),
    [
        ("a during $p", {"p": "31d"}, [("bad-parameter", "during $p")]),
        ("a during $p", {}, [("unbound-parameter", "during $p")]),
        ("a from $p", {"p": "soon"}, [("bad-parameter", "from $p")]),
        ("a to $p", {"p": 5}, [("bad-parameter", "to $p")]),
        (
            f'a for products $p, "{ONE}", $q',
            {"p": "shoes", "q": []},
            [("bad-parameter", f'for products $p, "{ONE}", $q')] * 2,
        ),
        ("a from 2026-02-01 to $p", {"p": "2026-01-01"}, [("empty-date-range", "to $p")]),
        ("a to 2026-01-01 from $p", {"p": "2026-02-01"}, [("empty-date-range", "to 2026-01-01")]),
        ("a during $p from $q", {"p": 7, "q": 7}, [("bad-parameter", "during $p"), ("bad-parameter", "from $q")]),
    ],
)
def test_a_scope_that_its_parameters_spoil(text: str, params: dict[str, Any], said: list[tuple[str, str]]) -> None:
    typed, found = check(segdsl.parse(text), params=params)
    assert typed is None
    assert [(one.code, underlined(one)) for one in found] == said
    assert all(one.message and one.source.name == "expression" for one in found)


def test_a_definition_that_is_too_long_is_reported_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checker, "MAX_CONDITIONS", 12)
    found = problems("@x or @x", d="a == 1 and b == 2 and c == 3", x="@d and @d and @d and @d and @d")
    assert [(one.code, one.source_name) for one in found] == [("too-long", "@x")]


@pytest.mark.parametrize("operator", ["in", "not in"])
def test_each_value_of_a_list_must_fit(operator: str) -> None:
    found = problems(f"conversationCount {operator} [1.5, 2.5]")
    assert [(one.code, underlined(one)) for one in found] == [("wrong-type", "1.5"), ("wrong-type", "2.5")]
    schema = segdsl.Schema(properties={"plan": ["pro"], "seats": "integer"})
    found = segdsl.check(f'plan {operator} ["por", "pro"] and seats {operator} [1, 1.5]', schema)
    assert [(one.code, underlined(one)) for one in found] == [("not-allowed-value", '"por"'), ("wrong-type", "1.5")]


@pytest.mark.parametrize("operator", ["within", "before"])
def test_a_parameter_for_a_time_ago_is_a_duration(operator: str) -> None:
    text = f"lastSeen {operator} $ago"
    assert segdsl.check(text, params={"ago": "2w"}) == ()
    (problem,) = segdsl.check(text, params={"ago": "soon"})
    assert (problem.code, problem.message) == (
        "bad-parameter",
        '`$ago` is "soon", where a duration such as "7d" can stand',
    )


def test_a_name_alone_that_is_not_declared_as_a_boolean_is_underlined_itself() -> None:
    found = segdsl.check("a and plan", segdsl.Schema(properties={"a": "boolean", "plan": "string"}))
    assert [(one.code, underlined(one)) for one in found] == [("wrong-type", "plan")]


@pytest.mark.parametrize(("count", "others"), [(7, False), (8, False), (9, True)])
def test_a_bounded_number_of_declared_values_is_named(count: int, others: bool) -> None:
    declared = [f"value{number}" * 3 for number in range(count)]
    (problem,) = segdsl.check("plan == 'x'", segdsl.Schema(properties={"plan": declared}))
    (help_,) = problem.help
    assert help_.endswith(" and others") is others
    assert help_.count('"value') == min(count, 8)


def test_any_other_object_is_a_value_of_another_kind() -> None:
    assert type_words(dict) == "a value of another kind"
    assert type_words(bool) == "a boolean"


def test_the_fix_of_one_value_does_not_ask_for_another_without_a_value() -> None:
    unbound, wrong = segdsl.check('rating in [$a, "5"]')
    assert (unbound.code, wrong.code) == ("unbound-parameter", "wrong-type")
    assert [fix.edits[0].text for fix in wrong.fixes] == ["5"]
