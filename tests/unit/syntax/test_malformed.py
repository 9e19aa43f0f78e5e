"""Texts that are nearly a number, a name or a sign: the message, and the way out."""

import pytest

import segdsl


def said(text: str) -> tuple[str, str, tuple[str, ...]]:
    (one,) = segdsl.check(text)
    return one.code, text[one.span.start : one.span.end], one.help


DECIMAL, FINITE, ZEROS = "write it in decimal", "use a finite number", "write it without leading zeros"


@pytest.mark.parametrize(
    ("number", "help_"),
    [
        *((number, DECIMAL) for number in ("0x1F", "0X1", "0b1", "0B1", "0o17", "0O17", "0x", "-0x1")),
        *((number, FINITE) for number in ("-inf", "+inf", "-Infinity", "+nan", "-NaN", "-INF")),
        *((number, ZEROS) for number in ("-00", "+010")),
        ("0_1", "write it without `_`"),
        ("5.", "write a digit after the point, or no point"),
    ],
)
def test_a_number_of_another_kind(number: str, help_: str) -> None:
    assert said(f"a == {number}") == ("bad-number", number, (help_,))


@pytest.mark.parametrize("number", ["00", "01", "007"])
def test_a_number_with_leading_zeros_may_be_an_identifier(number: str) -> None:
    text = f'if it is an identifier, write it as text: `"{number}"`'
    assert said(f"a == {number}") == ("bad-number", number, (ZEROS, text))


def test_a_name_whose_dots_are_not_single() -> None:
    help_ = 'parts of a name are joined by single dots and begin with a letter, digit or `_`; other keys: `user["…"]`'
    assert said("X..y == 1") == ("bad-name", "X..y", (help_,))


@pytest.mark.parametrize("name", ["$a.b", "@a.b"])
def test_a_parameter_or_definition_with_dots(name: str) -> None:
    help_ = f"write `{name[0]}name`: letters, digits, `_` and `-`, without dots"
    assert said(f"a in {name}" if name[0] == "$" else name) == ("bad-name", name, (help_,))


@pytest.mark.parametrize(
    ("text", "sign", "help_"),
    [
        ("a === 1", "===", "use `==`"),
        ("a <=> 1", "<=>", "use `==`"),
        ("a & b", "&", "use `and`"),
        ("a =~ 'x'", "=~", "use `contains`"),
        ("a =~~ 'x'", "=~", "use `contains`"),
        ("a &| b", "&", "use `and`"),
        ("a == +-1", "+", "there is no arithmetic"),
    ],
)
def test_the_longest_sign_of_another_language(text: str, sign: str, help_: str) -> None:
    assert said(text) == ("foreign-operator", sign, (help_,))
