"""What is wrong with text that is no token: misshapen numbers and names, foreign signs, strings without an end."""

import re

from msgspec.structs import replace

from segdsl.source import Span
from segdsl.syntax.errors.failure import Finding, ParseFailure
from segdsl.syntax.errors.foreign import FOREIGN_CHARACTERS, FOREIGN_SIGNS, UNITS
from segdsl.syntax.literals import shortened

DATE_HELP = "write it as 2026-01-31, or as 2026-01-31T14:30:00Z"
DURATION_HELP = "a whole number from 1 and m, h, d or w, such as 30m, 24h, 7d or 2w"

_LONGEST_SIGN = max(map(len, FOREIGN_SIGNS))
_SIGN_RUN = re.compile(r"[=!<>~&|]+|[:≥≤≠∧∨¬∈%*/+?^-]")
_NUMBER_RUN = re.compile(r"[+-]?[.]?[0-9][A-Za-z0-9_.:+-]*|[+-][A-Za-z][A-Za-z0-9_]*")
_NAME_RUN = re.compile(r"[$@]?[A-Za-z0-9_.-]+|[$@]")
_DURATION_LIKE = re.compile(r"[0-9]+(?:\.[0-9]+)?([A-Za-z]+)")
_KEY_LIKE = re.compile(r"[0-9]+[A-Za-z_][A-Za-z0-9_-]*")
_UUID_LIKE = re.compile(r"[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-")
_DATE_LIKE = re.compile(r"[0-9]{4}-[0-9]{1,2}")


def explain_malformed(failure: ParseFailure) -> Finding | None:
    """What is wrong with the text at a place where no token begins; None where one does."""
    if failure.kind:
        return None
    if failure.rest[0] in "\"'":
        return _unterminated(failure)
    for pattern, explain in _EXPLANATIONS:
        if run := pattern.match(failure.rest):
            finding = explain(run[0], Span(failure.span.start, failure.span.start + run.end()))
            return _as_key(finding, run[0]) if "NAME" in failure.expected else finding
    return _unknown_character(failure.rest[0], Span(failure.span.start, failure.span.start + 1))


def _unknown_character(character: str, span: Span) -> Finding:
    shown = f"`{character}` (U+{ord(character):04X})" if character.isprintable() else f"U+{ord(character):04X}"
    message = f"the character {shown} means nothing here" if character != "`" else "a back quote means nothing here"
    help_ = FOREIGN_CHARACTERS.get(character)
    if help_ is None and character.isdigit():
        help_ = "numbers are written with the digits 0 to 9"
    elif help_ is None and character.isalpha():
        help_ = "names are written in ASCII"
    elif help_ is None and not character.isprintable():
        help_ = "it cannot be seen; blanks are spaces, tabs and line breaks"
    return Finding("unknown-character", message, span, (help_,) if help_ else ())


def _unterminated(failure: ParseFailure) -> Finding:
    quote, first_line = failure.rest[0], re.split(r"[\r\n]", failure.rest, maxsplit=1)[0]
    goes_on = quote in failure.rest[len(first_line) :]
    help_ = "a string stays on one line; write a line break as `\\n`" if goes_on else f"close it with {quote}"
    span = Span(failure.span.start, failure.span.start + len(first_line))
    return Finding("unterminated-string", "this string does not end", span, (help_,))


def _bad_number(text: str, span: Span) -> Finding:
    shown = shortened(text)
    if _DATE_LIKE.match(text):
        return Finding("bad-date", f"`{shown}` is not a date", span, (DATE_HELP,))
    if _UUID_LIKE.match(text):
        return Finding("bad-product", "a product id is written in quotes", span)
    if (found := _DURATION_LIKE.fullmatch(text)) and is_unit(found[1]):
        return Finding("bad-duration", f"`{shown}` is not a duration", span, (DURATION_HELP,))
    return Finding("bad-number", f"`{shown}` is not a number", span, (_number_help(text),))


def is_unit(word: str) -> bool:
    """Whether a word is a unit of time in whatever language, in the plural too."""
    return word.lower() in UNITS or word.lower().removesuffix("s") in UNITS


def _as_key(finding: Finding, text: str) -> Finding:
    """For a number that could be a name, but for the digit that it begins with."""
    if finding.code != "bad-number" or not _KEY_LIKE.fullmatch(text):
        return finding
    return replace(
        finding, help=(*finding.help, f'a key that begins with a digit is written `user["{shortened(text)}"]`')
    )


def _number_help(text: str) -> str:
    digits = text.lstrip("+-")
    for wrong, help_ in (
        (digits[:2].lower() in ("0x", "0b", "0o"), "write it in decimal"),
        ("_" in digits, "write it without `_`"),
        (digits.lower() in ("infinity", "inf", "nan"), "use a finite number"),
        (len(digits) > 1 and digits[0] == "0" and digits.isdigit(), "write it without leading zeros"),
        (digits.endswith("."), "write a digit after the point, or no point"),
        (
            re.fullmatch(r"[0-9.]+[A-Za-z]+", digits) is not None,
            "put a blank after the number, or quotes around the text",
        ),
        (re.fullmatch(r"[0-9.]+[+-][0-9.+-]+", digits) is not None, "there is no arithmetic; text goes in quotes"),
    ):
        if wrong:
            return help_
    return "numbers are written as in JSON: 5, -0.6, 1e3; text goes in quotes"


def _bad_name(text: str, span: Span) -> Finding:
    if text[0] in "$@":
        message = f"`{shortened(text)}` is not a {'parameter' if text[0] == '$' else 'definition'}"
        return Finding(
            "bad-name", message, span, (f"write `{text[0]}name`: letters, digits, `_` and `-`, without dots",)
        )
    if text == "-":
        return _foreign_sign(text, span)
    help_ = 'parts of a name are joined by single dots and begin with a letter, digit or `_`; other keys: `user["…"]`'
    return Finding("bad-name", f"`{shortened(text)}` is not a name", span, (help_,))


def _foreign_sign(text: str, span: Span) -> Finding:
    """The longest sign of another language that a run of signs begins with; else the whole run."""
    sign = next((text[:end] for end in range(_LONGEST_SIGN, 0, -1) if text[:end] in FOREIGN_SIGNS), None)
    if sign is None:
        return Finding("foreign-operator", f"`{shortened(text)}` is not an operator here", span)
    span = Span(span.start, span.start + len(sign))
    return Finding("foreign-operator", f"`{sign}` is not an operator here", span, (FOREIGN_SIGNS[sign],))


_EXPLANATIONS = ((_NUMBER_RUN, _bad_number), (_NAME_RUN, _bad_name), (_SIGN_RUN, _foreign_sign))
