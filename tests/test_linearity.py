"""Promise 2, linear: twice the text takes about twice the work; a text that is too large is refused before it is read.

The work is the number of lines of Python that run.
"""

from collections.abc import Callable
from contextlib import suppress

import pytest

import segdsl
from segdsl.limits import MAX_NESTING, MAX_TEXT_LENGTH
from segdsl.syntax.errors.tokens import tolerant_tokens
from segdsl.syntax.grammar import lark_parser
from segdsl.syntax.lexer import tokens

from .counted import lines_run

RATIO = 2.5
"""Between linear, 2, and quadratic, 4. What a text of any length costs makes it smaller."""

LENGTH = MAX_TEXT_LENGTH // 32
"""Characters of the longer text, where parts are short."""

PARTS = 2 * MAX_NESTING + 2
"""The fewest parts of an accepted text: with up to `MAX_NESTING` parentheses or `not`s no text can be too deep."""

REFUSED_LENGTH = MAX_TEXT_LENGTH // 64
"""The longer text has so many characters if it is refused: most have fewer errors than `MAX_DIAGNOSTICS`."""

SHOWN = 10
"""How many problems are shown: the last ones, whose places are furthest into the text."""

Shape = Callable[[int, str], str]
"""A text of so many parts. The second argument differs in each run: no cache knows the names that have it in them."""


def joined(separator: str, part: str, start: str = "", end: str = "") -> Shape:
    """Parts that may name their number, `{i}`, and what is new in this run, `{new}`."""

    def text(parts: int, new: str) -> str:
        once = part.replace("{new}", new)
        return start + separator.join([once.replace("{i}", str(number)) for number in range(parts)]) + end

    return text


def between(start: str, part: str, end: str = "") -> Shape:
    return lambda parts, _: start + part * parts + end


PRODUCT = '"182bd5e5-6e1a-4fe4-a799-aa6d9a6ab26e"'
ACCEPTED: dict[str, Shape] = {
    "and-chain": joined(" and ", "{new}{i} == {i}"),
    "and-chain of one field": joined(" and ", "a != {i}"),
    "and-chain of one metric": joined(" and ", "sentiment > 0.{i}"),
    "or-chain of one metric": joined(" or ", "rating > {i}"),
    "parentheses": joined(" and ", "({new}{i} == 1)"),
    "nested parentheses": joined(" and ", "((((((((({new}{i})))))))))"),
    "not-chain": joined(" and ", "not not not {new}{i}"),
    "bang-chain": joined(" && ", "!{new}{i}"),
    "ranges": joined(" and ", "1 < {new}{i} < 5"),
    "parameters": joined(" and ", "{new}{i} == $p"),
    "definitions": joined(" and ", "@x"),
    "long string": between('a == "', "x", '"'),
    "long string of escapes": between('a == "', "\\n", '"'),
    "long list": joined(", ", "{i}", "a not in [", "]"),
    "long list of strings": joined(", ", '"v{i}"', "a not in [", "]"),
    "long list of counts": joined(", ", "{i}", "conversationCount in [", "]"),
    "long comment": between("a == 1 # ", "x"),
    "many comments": between("a == 1", " # x\n"),
    "blanks": between("a", " ", "== 1"),
    "long name": between("a", "a", " == 1"),
    "long dotted name": between("a", ".b", " == 1"),
    "long fraction": between("a == 0.", "1"),
    "products": between(f"a for products {PRODUCT}", f", {PRODUCT}"),
    "warnings": joined(" and ", "sentiment > {i}"),
    "comments that lie": joined(" # \u202e\n and ", "{new}{i} == 1"),
    "strings that lie": joined(" and ", '{new}{i} == "\u202e"'),
}
REFUSED: dict[str, Shape] = {
    "wrong types": joined(" and ", 'sentiment == "x{i}"'),
    "near misses": joined(" and ", "comercialIntent > {i}"),
    "numbers out of range": joined(" and ", "a == 9007199254740993{i}"),
    "long number out of range": between("a == ", "1"),
    "bad escapes": between('a == "', "\\q", '"'),
    "string without end": between('a == "', '\\"'),
    "name without end": between("", "x."),
    "unbound parameters": joined(" and ", "a == ${new}{i}"),
    "unknown definitions": joined(" and ", "@{new}{i}"),
    "repeated clauses": between("a ", "during 7d "),
    "lines before an error": between("", "\n", "a =="),
    "a run of signs": between("", "="),
    "a run of mixed signs": between("", "<>"),
    "a run of digits and letters": between("", "1a"),
    "a run of quotes": between("", "'"),
    "a run of odd characters": between("", "é"),
    "too deep": between("", "("),
    "too deep by not": between("", "not "),
    "closing parentheses": between("", ")"),
    "brackets": between("", "["),
    "signs of another language": joined(" and ", "{new}{i} === 1"),
    "words without quotes": joined(" and ", "{new}{i} = free"),
    "several words without quotes": between("a == ", "word "),
    "conditions that cannot be read": joined(" and ", "{new}{i} x y"),
    "conditions without a connective": joined(" ", "{new}{i} = 1"),
    "values that are missing": joined(" and ", "({new}{i} ==)"),
    "calls": joined(" and ", "lower({new}{i}) == 1"),
    "one call": between("lower(", "a, ", "a) == 1"),
    "lists with other signs": joined("; ", "{i}", "a in [", "]"),
    "a list of words": joined(", ", "word{i}", "a in [", "]"),
    "a list without brackets": joined(", ", "{i}", "a in "),
    "further values": joined(" or ", "'{i}'", "a == "),
    "brackets that were never opened": joined(" and ", "{new}{i})"),
    "names of other alphabets": joined(" and ", "é{i} == 1"),
    "blanks that only look like some": joined("\u00a0and\u00a0", "{new}{i}"),
    "strings that do not end": joined("\n", "a == '{i} and"),
    "quotes inside strings": joined(" ", "'a'a"),
    "wrong clauses": between("a ", "during 5d "),
    "too many segments": joined(" and ", "rating != {i}"),
}
SHAPES = ACCEPTED | REFUSED
PARAMS = {"p": 1}
DEFINITIONS = {"x": "y or z"}


def parsed(text: str) -> None:
    segdsl.unparse(segdsl.parse(text), width=100)


def compiled(text: str) -> None:
    segdsl.compile_all(text, params=PARAMS, definitions=DEFINITIONS)[0].to_json()


def checked(text: str) -> None:
    for problem in segdsl.check(text, params=PARAMS, definitions=DEFINITIONS)[-SHOWN:]:
        assert str(problem)


def matched(text: str) -> None:
    segdsl.matcher(text, params=PARAMS, definitions=DEFINITIONS)({"properties": {"a": 1}})


def work(use: Callable[[str], object], text: str) -> int:
    def used() -> None:
        with suppress(segdsl.SegdslError):
            use(text)

    return lines_run(used)


def parts_in(shape: Shape, length: int) -> int:
    """How many parts a text of that length has, about."""
    parts = 16
    while len(shape(parts * 2, "abc")) <= length:
        parts *= 2
    return parts * length // len(shape(parts, "abc"))


READ = ("wrong types", "near misses", "numbers out of range", "unbound parameters", "unknown definitions")
"""Refused texts without an error of syntax. The others are read by `check` as `compile` reads them."""

LETTERS = str.maketrans(" -", "__")

USES = [
    *((name, use) for name in ACCEPTED for use in (parsed, compiled, checked, matched)),
    *((name, checked) for name in REFUSED),
    *((name, compiled) for name in (*READ, "too many segments")),
]


@pytest.mark.parametrize(("name", "use"), USES)
def test_twice_the_text_takes_about_twice_the_work(name: str, use: Callable[[str], object]) -> None:
    shape = SHAPES[name]
    parts = max(PARTS, parts_in(shape, LENGTH)) if name in ACCEPTED else parts_in(shape, REFUSED_LENGTH)
    new = f"{use.__name__}_{name.translate(LETTERS)}"
    half = work(use, shape(parts // 2, f"h_{new}"))
    assert work(use, shape(parts, f"w_{new}")) < RATIO * half


@pytest.mark.parametrize("name", SHAPES)
def test_the_lexer_reads_a_quarter_of_a_million_characters(name: str) -> None:
    """The regular expression runs no lines; in quadratic time the test would not end before the run's time-out."""
    shape = SHAPES[name]
    assert tokens(shape(parts_in(shape, 250_000), "new"))


ODD_PARTS = (
    *(
        "'a",
        "'a'",
        '"',
        "'\"",
        "\\' and x = ",
        "1'000",
        "a-..",
        "a.b-./",
        "“a",
        "a “",
        "`",
        "{{",
        "${",
        "<%a",
        "$1,",
        "1–",
    ),
    *("nt", "1a", "1.1.", "=a", "-not", "é", "a.é", "'\n", '"\\', "$ ", "'O'B ", "```a", "+-", "2026-01-01."),
)
"""Parts of texts on which a search for a longer token fails, and would start again at each of them."""


@pytest.mark.parametrize("part", ODD_PARTS)
def test_the_tolerant_lexer_reads_the_longest_text(part: str) -> None:
    """Likewise."""
    text = part * (MAX_TEXT_LENGTH // len(part))
    assert len(tolerant_tokens(text)) > 1


@pytest.mark.parametrize("name", ACCEPTED)
def test_the_accepted_shapes_are_accepted(name: str) -> None:
    compiled(ACCEPTED[name](40, "new"))


@pytest.mark.parametrize("name", REFUSED)
def test_the_refused_shapes_are_refused(name: str) -> None:
    with pytest.raises(segdsl.SegdslError):
        compiled(REFUSED[name](400, "new"))


AT_THE_LIMIT = "a == 1 and " * (MAX_TEXT_LENGTH // 11 - 1) + "a == 1"
"""The longest text of the plainest kind, which is read fastest."""

TOO_LONG = AT_THE_LIMIT + " and a == 1 and a == 1"
TOO_DEEP = {
    "parentheses": "(" * (MAX_TEXT_LENGTH // 2 - 1) + "a" + ")" * (MAX_TEXT_LENGTH // 2 - 1),
    "nothing but (": "(" * MAX_TEXT_LENGTH,
    "nothing but !": "!" * MAX_TEXT_LENGTH,
    "not": "not " * (MAX_TEXT_LENGTH // 4 - 1) + "a",
}


def codes(text: str) -> set[str]:
    return {problem.code for problem in segdsl.check(text)}


def test_a_text_that_is_too_long_is_refused_before_it_is_parsed() -> None:
    assert not codes(AT_THE_LIMIT)
    assert len(AT_THE_LIMIT) <= MAX_TEXT_LENGTH < len(TOO_LONG)
    assert codes(TOO_LONG) == {"too-long"}
    assert work(segdsl.parse, TOO_LONG) < work(segdsl.parse, AT_THE_LIMIT) / 20
    assert codes("\x00" * (MAX_TEXT_LENGTH + 1)) == {"too-long"}
    assert codes("\x00" * MAX_TEXT_LENGTH) == {"unknown-character"}


@pytest.mark.parametrize("name", TOO_DEEP)
def test_a_text_that_is_too_deep_is_refused_before_it_is_parsed(name: str) -> None:
    text = TOO_DEEP[name]
    assert codes(text) == {"too-deep"}
    assert work(segdsl.parse, text) < work(segdsl.parse, AT_THE_LIMIT) / 20


def test_the_refusal_points_at_the_first_level_too_many() -> None:
    (problem,) = segdsl.check(TOO_DEEP["nothing but ("])
    assert (problem.span.start, problem.span.end) == (MAX_NESTING, MAX_NESTING + 1)


FIFTY = " and ".join(f'name_{number} == "value {number}"' for number in range(50))
SPOILED = {
    "a value is missing": ("seats >", "users <"),
    "a sign of another language": ("seats === 5", "users === 7"),
    "a string without end": ('plan == "pro', 'tier == "free'),
    "a near miss": ("comercialIntent > 0.5", "sentimnet > 0.5"),
    "a wrong type": ('sentiment > "high"', 'rating > "high"'),
    "several segments": ("seats >= 5", "users >= 7"),
}
"""What a text ends with that is refused, and another end of the same kind."""


def refused(text: str) -> None:
    with pytest.raises(segdsl.SegdslError) as caught:
        segdsl.compile(text)
    assert str(caught.value)


@pytest.mark.parametrize("name", SPOILED)
def test_a_refusal_costs_at_most_one_plain_lark_parse_more(name: str) -> None:
    spoiled, alike = SPOILED[name]
    # what is built once in a process, such as regular expressions, is no work on a text: neither of Lark nor of segdsl
    lark_parser().parse("a == 1")
    refused(f"a == 1 and {alike}")
    one_lark_parse = work(lark_parser().parse, FIFTY)
    assert work(refused, f"{FIFTY} and {spoiled}") < work(compiled, FIFTY) + one_lark_parse
