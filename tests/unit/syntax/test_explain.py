"""Parse errors: every token in every place where it cannot stand."""

import re
from functools import cache
from typing import Any

import pytest

from segdsl import check
from segdsl.diagnostics import CODES, Diagnostic
from segdsl.errors import ParseError
from segdsl.limits import MAX_TEXT_LENGTH
from segdsl.source import Span
from segdsl.syntax.errors.expected import expected_words
from segdsl.syntax.parser import parse, parse_or_none, parse_repaired

from .positions_in_grammar import SPELLED, positions

PLACES = positions()
JUNK = ("\0", "=", "..", "007", "“", '"')
NEXT = {
    "a condition": "plan",
    "a value": "5",
    "a name": "plan",
    "a list such as `[1, 2]`": "[1, 2]",
    "a comparison": "== 5",
    "a comparison such as `==` or `<`": "== 5",
    "`in` or `contains`": "in",
    "`in`": "in",
    "`contains`": "contains",
    "`true`": "true",
    "`false`": "false",
    "a date such as 2026-01-31": "2026-01-31",
    "a duration such as 7d": "7d",
    "7d": "7d",
    "30d": "30d",
    "90d": "90d",
    "all": "all",
    "`product`": "product",
    "`products`": "products",
    "a product id in quotes": '"182bd5e5-6e1a-4fe4-a799-aa6d9a6ab26e"',
    "a key in quotes": '"key"',
    "`,`": ",",
    "`]`": "]",
    "`)`": ")",
    "`and`": "and",
    "`or`": "or",
    "a scope clause": "during 7d",
    "the end": "",
}
"""The promises of messages, each with a text that keeps it."""


@cache
def first_problem(text: str) -> Diagnostic | None:
    """The first syntax error of a text; None when it has none."""
    problems = parse_repaired(text).problems
    return problems[0] if problems else None


def refusal(text: str) -> Diagnostic:
    """The first syntax error of a text that has one."""
    found = first_problem(text)
    assert found is not None, text
    return found


def refused() -> list[tuple[str, str]]:
    """Each place with each word that is not allowed there, followed by a name."""
    return [
        (" ".join(place), word)
        for place, expected in PLACES.items()
        for word in [*(spelled for terminal, spelled in SPELLED.items() if terminal not in expected), *JUNK]
    ]


def test_the_places_are_enough_for_every_token() -> None:
    assert frozenset().union(*PLACES.values()) == {*SPELLED, "$END"}
    assert len(PLACES) > 60


@pytest.mark.parametrize("place", PLACES, ids=lambda place: " ".join(place) or "nothing")
def test_an_early_end_is_explained_everywhere(place: tuple[str, ...]) -> None:
    problems = parse_repaired(" ".join(place)).problems
    codes = {found.code for found in problems}
    if "$END" in PLACES[place]:
        assert not codes & {"unexpected-end", "unexpected-token"}
    else:
        assert codes & {"unexpected-end", "empty-expression", "bad-comparison"}
    for found in problems:
        assert_fit_to_read(found)


def test_every_misplaced_token_is_explained() -> None:
    for number, (place, word) in enumerate(refused()):
        for text in (f"{place} {word}", f"{place} {word} {('x', '== 1')[number % 2]}"):
            for found in parse_repaired(text).problems:
                assert found.code in CODES, text
                assert found.severity == "error", text
                assert 0 <= found.span.start <= found.span.end <= len(text), text
                assert_fit_to_read(found)


def assert_fit_to_read(found: Diagnostic) -> None:
    for sentence in (found.message, *found.help, *(note.message for note in found.notes)):
        outside_quotes = re.sub(r"`[^`]*`|\bU\+[0-9A-F]+", "", sentence)
        assert not set(re.findall(r"\$END|[A-Z]{2,}", outside_quotes)) - {"API", "ASCII", "JSON", "KEY", "UUID"}, (
            sentence
        )


def test_everything_called_expected_can_stand_there() -> None:
    for place, word in refused():
        found = first_problem(f"{place} {word} x")
        if found is None or not found.message.startswith("expected "):
            continue
        (wanted,) = re.findall(r"^expected (.*?)(?:, found .*|, but the expression ends here)?$", found.message)
        before = found.source.text[: found.span.start]
        for phrase in re.split(r", | or ", wanted) if wanted not in NEXT else [wanted]:
            text = before + NEXT[phrase]
            later = first_problem(text)
            assert later is None or later.span.end > len(before) or later.span.start < len(before), (text, phrase)
            assert later is None or later.code != "unexpected-token", (text, phrase)


def advised() -> dict[str, str]:
    """Conditions that the help writes out, each with a text that it is given for."""
    found: dict[str, str] = {}
    texts = [f"{before} {word} name" for before, word in refused()]
    for text in [*texts, *(f"{literal} name" for literal in ("5", "7d", "2026-01-01", "'x'", "$p", "true"))]:
        for sentence in [sentence for problem in parse_repaired(text).problems for sentence in problem.help]:
            found |= dict.fromkeys(re.findall(r"`((?:name|lastSeen|seats|sentiment) [^`…]+)`", sentence), text)
    return found


def test_a_condition_that_is_advised_can_be_compiled() -> None:
    conditions = advised()
    assert {"name == 5", "name in [1, 2]", "lastSeen within 7d"} <= conditions.keys()
    wrong = {}
    for condition, text in conditions.items():
        params = dict.fromkeys(re.findall(r"\$(\w+)", condition), "pro")
        if any(one.severity == "error" for one in check(condition, params=params)):
            wrong[condition] = text
    assert not wrong


def test_every_state_has_words() -> None:
    for expected in PLACES.values():
        said = expected_words(expected)
        assert said
        assert not said.startswith((",", " or"))


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("rating > > 3", ">"),
        ("(a or b) and (c or d", ""),
        ("a == 1 andb == 2", "andb"),
        ("seats > 5 and < 9", "<"),
        ("lastSeen within 7 days", "7 days"),
        ("seats > 1.5e-3 days", "1.5e-3 days"),
        ("seats > 1234.5e-6 days", "1234.5e-6 days"),
        ("seats > 1,000,000 and a", "1,000,000"),
        ("plan is not in ['a']", "is not in"),
    ],
)
def test_the_span_is_the_wrong_text(text: str, place: str) -> None:
    found = refusal(text)
    assert text[found.span.start : found.span.end] == place


@pytest.mark.parametrize(
    ("text", "opened"),
    [
        ("(a or b", 0),
        ("(a and (b or c)", 0),
        ("a and (b", 6),
        ("plan in [1, 2", 8),
        ("(a and plan in (1, 2", 15),
        ("user['x'", 4),
    ],
)
def test_the_bracket_that_is_still_open_is_shown(text: str, opened: int) -> None:
    found = refusal(text)
    assert (found.code, [note.span.start for note in found.notes]) == ("unexpected-end", [opened])


@pytest.mark.parametrize("text", ["a and )", "]", "plan in [1])", "a) or (b", "(a))", "plan[]]"])
def test_a_bracket_that_was_never_opened_is_called_that(text: str) -> None:
    message = refusal(text).message
    assert message.endswith("before it") or message.startswith("expected a key"), message


@pytest.mark.parametrize("text", ["(plan in )", "(plan is )", "plan[]", "(a and )", "(a during )", "plan in [1)"])
def test_a_bracket_that_was_opened_is_not_called_unopened(text: str) -> None:
    assert "before it" not in refusal(text).message


def test_scope_clauses_belong_outside_parentheses() -> None:
    found = refusal("(rating > 3 during 7d)")
    assert found.message == "expected `and`, `or` or `)`, found `during`"
    assert found.help == ("scope clauses stand at the end, outside the parentheses",)


@pytest.mark.parametrize(
    ("text", "help_"),
    [
        ("plan == 'it''s'", """write `"it's"`"""),
        ('plan in ["a", "say ""hi"""]', r"""write `"say \"hi\""`"""),
        ("plan == 'a' 'b'", "join conditions with `and` or `or`"),
        ("plan == 'a'\"b\"", "join conditions with `and` or `or`"),
        ("plan == 'a'5", "join conditions with `and` or `or`"),
        ("plan == 5'a'", "join conditions with `and` or `or`"),
    ],
)
def test_a_quote_that_was_doubled(text: str, help_: str) -> None:
    assert refusal(text).help == (help_,)


@pytest.mark.parametrize(("text", "code"), [("a" * (MAX_TEXT_LENGTH + 1), "too-long"), ("(" * 5_000, "too-deep")])
def test_a_text_that_is_too_large_is_refused_under_its_name(text: str, code: str) -> None:
    with pytest.raises(ParseError) as caught:
        parse(text, name="big.seg")
    (problem,) = caught.value.diagnostics
    assert (problem.code, problem.source_name, problem.source.text) == (code, "big.seg", text)
    assert parse_or_none(text) is None


@pytest.mark.parametrize(("wrong", "kind"), [(None, "NoneType"), (b"plan", "bytes")])
def test_only_a_str_is_read(wrong: Any, kind: str) -> None:
    with pytest.raises(TypeError, match=f"^an expression is a str, not {kind}$"):
        parse(wrong)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("a from 2026-02-01 to 2026-01-01", "to 2026-01-01"),
        ("a to 2026-01-01 from 2026-02-01", "from 2026-02-01"),
        ("a from 2026-01-01T00:00:00.1Z to 2026-01-01", "to 2026-01-01"),
    ],
)
def test_dates_that_leave_nothing(text: str, place: str) -> None:
    found = refusal(text)
    assert (found.code, text[found.span.start : found.span.end]) == ("empty-date-range", place)


@pytest.mark.parametrize(
    ("text", "codes"),
    [("a from 2026-01-01 to 2026-01-01", []), ("a from 2026-02-30 to 2026-01-01", ["bad-date"])],
)
def test_only_valid_dates_are_put_in_order(text: str, codes: list[str]) -> None:
    assert [one.code for one in parse_repaired(text).problems] == codes


@pytest.mark.parametrize(
    ("text", "place"),
    [("a in [1 days]", "1 days"), ("a between 1 days and 2", "1 days"), ("seats between 1,000 and 5", "1,000")],
)
def test_letters_after_any_number_are_taken_as_part_of_it(text: str, place: str) -> None:
    (found,) = parse_repaired(text).problems
    assert (found.message.split(" is ")[0], text[found.span.start : found.span.end]) == (f"`{place}`", place)


def test_letters_after_a_string_are_no_part_of_it() -> None:
    assert refusal("plan == '7' days").message == "expected `and`, `or` or the end, found `days`"


@pytest.mark.parametrize("operator", ["within", "before"])
def test_a_word_where_a_time_ago_belongs_is_not_taken_for_text(operator: str) -> None:
    for word in ("from", "soon"):
        found = refusal(f"lastSeen {operator} {word}")
        assert (found.code, found.message, found.fixes) == ("bad-duration", f"`{word}` is not a duration", ())


@pytest.mark.parametrize("before", ["", "plan and ", "plan or ", "(", "not ", "plan and not (", "!", "5 == "])
@pytest.mark.parametrize("after", [" plan", " 'a'", " @plan"])
def test_a_word_of_another_language_is_recognised_at_the_start_of_a_condition(before: str, after: str) -> None:
    found = refusal(f"{before}exists{after}")
    assert (found.code, found.message) == ("foreign-operator", "there is no `exists`")
    assert found.span == Span(len(before), len(before) + len("exists"))


def test_a_call_of_a_function_is_recognised() -> None:
    found = refusal("plan and exists(plan)")
    assert (found.code, found.message) == ("foreign-operator", "there is no `exists()`: there are no functions")


@pytest.mark.parametrize("text", ["(exists", "(not exists", "exists )", "a and exists == 1 == 2", "exists in 5"])
def test_it_may_still_be_a_name(text: str) -> None:
    assert "there is no" not in refusal(text).message


def test_a_text_without_a_name_is_called_expression() -> None:
    with pytest.raises(ParseError) as caught:
        parse("a >")
    assert caught.value.diagnostics[0].source_name == "expression"


@pytest.mark.parametrize("call", ["ISBLANK(company)", "is_null(company)", "company.isEmpty()"])
def test_a_call_that_asks_whether_a_field_is_there_is_answered_about_that_field(call: str) -> None:
    (problem,) = check(f"seats > 5 and {call}")
    assert problem.help[0] == 'everyone who has `company`, except for the empty text, is `company != ""`'
