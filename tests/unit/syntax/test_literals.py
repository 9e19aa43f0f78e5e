"""Literals: text → value and back."""

import json
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segdsl.limits import MAX_SAFE_INTEGER
from segdsl.syntax.literals import (
    LiteralError,
    date,
    duration,
    instant,
    minutes,
    number,
    preset,
    product,
    quote,
    shortened,
    unquote,
)

HUGE = "9" * 25


def problem(read: Callable[[str], object], text: str) -> tuple[str, str]:
    with pytest.raises(LiteralError) as caught:
        read(text)
    return caught.value.code, caught.value.message


# ── numbers ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", 0),
        ("-0", 0),
        ("+5", 5),
        ("-5", -5),
        (".5", 0.5),
        ("-.5", -0.5),
        ("0.60", 0.6),
        ("5.0", 5.0),
        ("5e0", 5.0),
        ("1E3", 1000.0),
        ("-0.0", 0.0),
        ("-0e5", 0.0),
        ("1e-7", 1e-7),
        ("1e22", 1e22),
        ("5e-324", 5e-324),
        ("1.7976931348623157e308", 1.7976931348623157e308),
        (f"0e{HUGE}", 0.0),
        (f"0.000e-{HUGE}", 0.0),
        (str(MAX_SAFE_INTEGER), MAX_SAFE_INTEGER),
        (f"-{MAX_SAFE_INTEGER}", -MAX_SAFE_INTEGER),
        ("9007199254740992.0", 9007199254740992.0),
        ("0.1000000000000000055511151231257827", 0.1),
        ("0.99999999999999994", 0.9999999999999999),
        ("5.00000000000000000000", 5.0),
        ("50000000000000000000e-19", 5.0),
    ],
)
def test_numbers(text: str, value: float) -> None:
    found = number(text)
    assert found == value
    assert type(found) is type(value)
    assert str(found) == str(value)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("9007199254740992", "beyond"),
        ("-9007199254740992", "beyond"),
        ("1" + "0" * 400, "beyond"),
        ("1e309", "too large"),
        ("-1e309", "too large"),
        (f"1e{HUGE}", "too large"),
        ("1" + "0" * 400 + ".0", "too large"),
        ("1e-324", "so small"),
        (f"-1e-{HUGE}", "so small"),
        (f"0.0001e-{HUGE}", "so small"),
        (".000000000000001e-310", "so small"),
        ("9007199254740993.0", "would become 9007199254740992.0"),
        ("9007199254740993e0", "would become 9007199254740992.0"),
        ("123456789012345678901e2", "cannot be held exactly"),
        ("9007199254740991.4", "would become 9007199254740991.0"),
        ("0.99999999999999999999", "would become 1.0"),
        ("-4.00000000000000000001", "would become -4.0"),
    ],
)
def test_numbers_that_cannot_be_held(text: str, words: str) -> None:
    code, message = problem(number, text)
    assert code == "number-out-of-range"
    assert words in message
    assert len(message) < 200


@given(value=st.floats(allow_nan=False, allow_infinity=False))
def test_every_finite_float_is_read_back(value: float) -> None:
    assert number(repr(value)) == value


# ── strings ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('""', ""),
        ('"abc"', "abc"),
        ("'say \"x\"'", 'say "x"'),
        (r'"\" \' \\ \/ \b\f\n\r\t"', "\" ' \\ / \b\f\n\r\t"),
        (r'"\u00e9\u00E9"', "éé"),
        (r'"\ud83d\ude00!"', "😀!"),
        (r'"a\ud83d\ude00\ud83d\ude00"', "a😀😀"),
        ('"\t"', "\t"),
        ('"😀\u202e"', "😀\u202e"),
    ],
)
def test_strings(text: str, value: str) -> None:
    assert unquote(text) == value


@pytest.mark.parametrize(
    ("text", "words", "start", "end"),
    [
        (r'"a\x"', "no such escape", 2, 4),
        (r'"\u12"', "four hexadecimal", 1, 3),
        (r'"\u12g4"', "four hexadecimal", 1, 3),
        ('"a\0"', "control character U+0000", 2, 3),
        ('"\x7f"', "control character U+007F", 1, 2),
        ('"\x9f"', "control character U+009F", 1, 2),
        (r'"\ud83d"', "half a surrogate", 1, 7),
        (r'"\ude00"', "half a surrogate", 1, 7),
        (r'"\ud83dx\ude00"', "half a surrogate", 1, 7),
        (r'"\ud83d\n"', "half a surrogate", 1, 7),
        (r'"\ud83d\ud83d\ude00"', "half a surrogate", 1, 7),
        ('"\ud83d"', "half a surrogate", 1, 2),
    ],
)
def test_invalid_strings(text: str, words: str, start: int, end: int) -> None:
    with pytest.raises(LiteralError) as caught:
        unquote(text)
    assert caught.value.code == "bad-string"
    assert words in caught.value.message
    assert (caught.value.start, caught.value.end) == (start, end)


@given(value=st.text(st.characters(exclude_categories=["Cs"])))
def test_a_string_is_quoted_and_read_back(value: str) -> None:
    assert unquote(quote(value)) == value
    assert not any(ord(character) < 32 or 127 <= ord(character) < 160 for character in quote(value))


@given(value=st.text(st.characters(exclude_categories=["Cs"])))
def test_json_strings_are_read(value: str) -> None:
    assert unquote(json.dumps(value)) == value


@pytest.mark.parametrize(
    ("value", "quoted"),
    [
        ("it's", '"it\'s"'),
        ('say "x"', r'"say \"x\""'),
        ("a/b", '"a/b"'),
        ("\\", r'"\\"'),
        ("\n\0\x7f", r'"\n\u0000\u007f"'),
        ("\u202e\u200f", r'"\u202e\u200f"'),
        ("é😀\u2028", '"é😀\u2028"'),
    ],
)
def test_escaped_characters(value: str, quoted: str) -> None:
    assert quote(value) == quoted


# ── durations, dates, products ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("text", "length"), [("30m", 30), ("24h", 1440), ("7d", 10080), ("2w", 20160)])
def test_durations(text: str, length: int) -> None:
    assert duration(text) == text
    assert minutes(text) == length


@pytest.mark.parametrize("text", ["36500d", "876000h", "52560000m", "5214w"])
def test_the_longest_durations(text: str) -> None:
    assert duration(text) == text


@pytest.mark.parametrize("text", ["36501d", "876001h", "52560001m", "5215w", "9" * 5000 + "d", "1000000000000m"])
def test_durations_that_are_too_long(text: str) -> None:
    assert problem(duration, text)[1].endswith("longer than 36500 days")


@pytest.mark.parametrize("text", ["", "d", "0d", "07d", "7D", "7", "-7d", "1.5d", "7d ", "7 d", "٧d", "7dd"])
def test_texts_that_are_no_duration(text: str) -> None:
    assert problem(duration, text)[0] == "bad-duration"


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-01-31", "2026-01-31T00:00:00+00:00"),
        ("2024-02-29", "2024-02-29T00:00:00+00:00"),
        ("2026-01-31T14:30:00Z", "2026-01-31T14:30:00+00:00"),
        ("2026-01-31t14:30:00z", "2026-01-31T14:30:00+00:00"),
        ("2026-01-31T14:30:00.5+02:00", "2026-01-31T14:30:00.500000+02:00"),
        ("2026-01-31T14:30:00.123456789Z", "2026-01-31T14:30:00.123456+00:00"),
        ("2016-12-31T23:59:60Z", "2017-01-01T00:00:00+00:00"),
    ],
)
def test_dates(text: str, moment: str) -> None:
    assert date(text) == text
    found = instant(text)
    assert found is not None
    assert found.isoformat() == moment


@pytest.mark.parametrize(
    "text",
    [
        "", "2026-02-29", "2026-13-01", "2026-1-1", "2026-01-31T14:30", "2026-01-31T14:30:00", "2026-01-31 14:30:00Z",
        "2026-01-31T24:00:00Z", "2026-01-31T14:30:61Z", "2026-01-31T14:30:00+25:00", "2026-01-31T14:30:00+01:60",
        "0000-01-01", "9999-12-31T23:59:60Z",
        "2026-01-31\n", "٢٠٢٦-01-31",
    ],
)  # fmt: skip
def test_texts_that_are_no_date(text: str) -> None:
    assert instant(text) is None
    assert problem(date, text)[0] == "bad-date"


def test_presets_in_any_case() -> None:
    assert [preset(text) for text in ("7d", "30D", "90d", "All")] == ["7d", "30d", "90d", "all"]
    assert problem(preset, "5d")[0] == "bad-duration"


def test_products() -> None:
    for uuid in ("182bd5e5-6e1a-4fe4-a799-aa6d9a6ab26e", "182BD5E5-6E1A-4FE4-A799-AA6D9A6AB26E"):
        assert product(uuid) == uuid
    for text in ("", "shoes", "182bd5e5-6e1a-4fe4-a799-aa6d9a6ab26", "182bd5e56e1a4fe4a799aa6d9a6ab26e"):
        assert problem(product, text)[0] == "bad-product"


def test_long_texts_are_shown_in_part() -> None:
    assert shortened("x" * 40) == "x" * 40
    assert shortened("x" * 41) == "x" * 40 + "…"
    assert shortened("abcdef", 3) == "abc…"
