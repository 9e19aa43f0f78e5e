"""Literals: text ↔ value, both ways (page JSON of RFC 8259 for escapes and numbers, RFC 3339 for moments)."""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from segdsl.limits import MAX_DURATION_DAYS, MAX_SAFE_INTEGER

PRESETS = ("7d", "30d", "90d", "all")
MINUTES = {"m": 1, "h": 60, "d": 24 * 60, "w": 7 * 24 * 60}

_ESCAPES = {
    '"': '"', "'": "'", "\\": "\\", "/": "/", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t",
}  # fmt: skip
_ESCAPED = {value: f"\\{letter}" for letter, value in _ESCAPES.items() if letter not in "'/"}
# patterns as text: `re` compiles and caches them on first use, and most runs use none
_SPECIAL = r"(?s:\\u([0-9A-Fa-f]{4})|\\(.)|([\x00-\x08\x0a-\x1f\x7f-\x9f])|([\ud800-\udfff]))"
_MUST_ESCAPE = r'["\\\x00-\x1f\x7f-\x9f\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]'
_DATE = r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[Tt]([0-9]{2}:[0-9]{2}:)([0-9]{2})(\.[0-9]+)?([Zz]|[+-][0-9]{2}:[0-5][0-9]))?"
_NOT_ZERO = r"[+-]?[0.]*[1-9]"
UUID = r"[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"
_DURATION = r"[1-9][0-9]*[mhdw]"
MISLEADING = "[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"
"""The twelve characters that change the direction of the text around them (Unicode, Bidi_Control)."""


_EXACT = 15
"""Characters: a number this short, without exponent, is neither out of range nor rounded to another whole number."""


class LiteralError(ValueError):
    """An invalid literal: a diagnostic code, a message, help, and the place inside the literal's text.

    `replacement` at that place fixes it, as the first help says.
    """

    def __init__(
        self,
        code: str,
        message: str,
        *help_: str,
        start: int = 0,
        end: int | None = None,
        replacement: str | None = None,
    ) -> None:
        super().__init__(message)
        self.replacement = replacement
        self.code = code
        self.message = message
        self.help = help_
        self.start = start
        self.end = end


# ── numbers ────────────────────────────────────────────────────────────────────────────────────────────────────────


def number(text: str) -> int | float:
    """The value of a number's text: an int when written without point or exponent, else a float; `-0` is 0."""
    if len(text) <= _EXACT:  # without sign and exponent, the usual case
        if text.isdigit():
            return int(text)
        if text.replace(".", "", 1).isdigit():
            return float(text)
    if text.lstrip("+-").isdigit():
        return _integer(text)
    value = float(text)
    if value - value != 0:
        raise LiteralError("number-out-of-range", f"`{shortened(text)}` is too large for a number")
    if value == 0 and re.match(_NOT_ZERO, text):
        raise LiteralError(
            "number-out-of-range", f"`{shortened(text)}` is so small that it would become 0", "write `0`"
        )
    # 0.99999999999999999999 is not 1; a Decimal only if a float can hold it: exponents of twenty digits are too large
    if value and value.is_integer() and Decimal(repr(value)) != Decimal(text):
        raise LiteralError(
            "number-out-of-range", f"`{shortened(text)}` cannot be held exactly; it would become {value!r}"
        )
    return value or 0.0


def _integer(text: str) -> int:
    # the length first: int() of thousands of digits is slow, and Python refuses it with its own error
    if len(text) > 20 or abs(int(text)) > MAX_SAFE_INTEGER:
        raise LiteralError(
            "number-out-of-range",
            f"`{shortened(text)}` is beyond ±{MAX_SAFE_INTEGER}, where the server would round it",
            "if it is an identifier rather than a quantity, write it as a string",
        )
    return int(text)


def shortened(text: str, limit: int = 40) -> str:
    """The text for a message; only its beginning if it is long."""
    return text if len(text) <= limit else f"{text[:limit]}…"


# ── strings ────────────────────────────────────────────────────────────────────────────────────────────────────────


def unquote(text: str) -> str:
    """The value of a quoted string: JSON's escapes and `\\'`; surrogate escapes only in pairs."""
    body = text[1:-1]
    if body.isalnum():
        return body
    pieces: list[str] = []
    at, high = 0, None
    for found in re.finditer(_SPECIAL, body):
        if high is not None and not (found[1] and found.start() == at and 0xDC00 <= int(found[1], 16) <= 0xDFFF):
            raise _lone_surrogate(high)
        pieces.append(body[at : found.start()])
        at = found.end()
        unit = int(found[1], 16) if found[1] else -1
        if high is not None:
            pieces.append(chr(0x10000 + (int(high[1], 16) - 0xD800 << 10) + unit - 0xDC00))
            high = None
        elif 0xD800 <= unit <= 0xDBFF:
            high = found
        else:
            pieces.append(_unescape(found, unit))
    if high is not None:
        raise _lone_surrogate(high)
    return "".join(pieces) + body[at:]


def _unescape(found: re.Match[str], unit: int) -> str:
    """One escape; `unit` is its UTF-16 code unit when it is a `\\u` one, else -1."""
    _, letter, control, _ = found.groups()
    if letter in _ESCAPES:
        return _ESCAPES[letter]
    if unit >= 0 and not 0xD800 <= unit <= 0xDFFF:
        return chr(unit)
    start, end = found.start() + 1, found.end() + 1
    if control:
        message = f"a string cannot hold the control character U+{ord(control):04X} itself"
        meant = escaped(control)
        raise LiteralError("bad-string", message, f"write it as `{meant}`", start=start, end=end, replacement=meant)
    if letter == "u":
        raise LiteralError("bad-string", "`\\u` takes four hexadecimal digits", start=start, end=end)
    if letter:
        message = "there is no such escape in a string"
        help_ = "the escapes are \\\" \\' \\\\ \\/ \\b \\f \\n \\r \\t and \\uXXXX; a backslash itself is \\\\"
        raise LiteralError("bad-string", message, help_, start=start, end=end)
    raise _lone_surrogate(found)


def _lone_surrogate(found: re.Match[str]) -> LiteralError:
    message = "half a surrogate pair is not a character"
    return LiteralError("bad-string", message, start=found.start() + 1, end=found.end() + 1)


def escaped(character: str) -> str:
    """A character as an escape."""
    return _ESCAPED.get(character) or f"\\u{ord(character):04x}"


def quote(value: str) -> str:
    """The string as the language writes it: in double quotes, escaping characters that need it or would mislead."""
    return '"' + re.sub(_MUST_ESCAPE, lambda found: escaped(found[0]), value) + '"'


# ── durations, dates, products ─────────────────────────────────────────────────────────────────────────────────────


def minutes(text: str) -> int:
    """The length of a duration's text (`7d`), in minutes."""
    return int(text[:-1]) * MINUTES[text[-1]]


def days_of_months(months: int) -> str:
    """A number of months as a duration in days: a year has 365, and another month 30."""
    years, rest = divmod(months, 12)
    return f"{365 * years + 30 * rest}d"


def duration(text: str) -> str:
    """The duration's text, if it is valid and within the limit."""
    if not re.fullmatch(_DURATION, text):
        raise LiteralError("bad-duration", f"`{shortened(text)}` is not a duration")
    if len(text) > 12 or minutes(text) > MAX_DURATION_DAYS * MINUTES["d"]:
        raise LiteralError("bad-duration", f"`{shortened(text)}` is longer than {MAX_DURATION_DAYS} days")
    return text


def instant(text: str) -> datetime | None:
    """The moment that a date (its midnight, UTC) or an RFC 3339 date-time names; None when it is not a real one."""
    parts = re.fullmatch(_DATE, text)
    if parts is None:
        return None
    day, clock, seconds, fraction, zone = parts.groups()
    try:
        if clock is None:
            return datetime.fromisoformat(day).replace(tzinfo=UTC)
        # RFC 3339 has leap seconds and any number of decimals; datetime has neither
        leap = seconds == "60"
        moment = datetime.fromisoformat(f"{day}T{clock}{'59' if leap else seconds}{'+00:00' if zone in 'Zz' else zone}")
        micros = int((fraction or ".0")[1:7].ljust(6, "0"))
        return moment.replace(microsecond=micros) + timedelta(seconds=leap)
    except (ValueError, OverflowError):
        return None


_DAY_AND_CLOCK = r"([0-9]{4}-[0-9]{2}-[0-9]{2})[ Tt]([0-9]{2}:[0-9]{2}:[0-9]{2}(?:[.][0-9]+)?) ?"
CELLS_OF_MOMENTS = (
    (rf"{_DAY_AND_CLOCK}(?:[Zz]|UTC)", r"\1T\2Z"),
    (rf"{_DAY_AND_CLOCK}([+-][0-9]{{2}})", r"\1T\2\3:00"),
    (rf"{_DAY_AND_CLOCK}([+-][0-9]{{2}})([0-9]{{2}})", r"\1T\2\3:\4"),
    (rf"{_DAY_AND_CLOCK}([+-][0-9]{{2}}:[0-9]{{2}})", r"\1T\2\3"),
)
"""Date-times as databases write them into CSV (`2026-01-31 14:30:00+00`), and how to replace each by RFC 3339."""


def moment_in_cell(cell: str) -> str:
    """A date-time of a CSV file in the form of RFC 3339; any other text as it is."""
    for pattern, replacement in CELLS_OF_MOMENTS:
        if found := re.fullmatch(pattern, cell):
            return found.expand(replacement)
    return cell


def is_after(one: str, other: str) -> bool:
    """Whether one date is later than another; False if either is not a real one."""
    first, second = instant(one), instant(other)
    return first is not None and second is not None and first > second


def preset(text: str) -> str:
    """The preset of `during`, in lower case, if valid."""
    if text.lower() not in PRESETS:
        raise LiteralError(
            "bad-duration", f"`during` does not take `{shortened(text)}`", "it takes 7d, 30d, 90d or all"
        )
    return text.lower()


def date(text: str) -> str:
    """The text of a date or date-time, if it names a real moment."""
    if instant(text) is None:
        message = f"`{shortened(text)}` is not a real date"
        raise LiteralError("bad-date", message, "write it as 2026-01-31, or as 2026-01-31T14:30:00Z")
    return text


def product(text: str) -> str:
    """The product id, if it is a UUID."""
    if not re.fullmatch(UUID, text):
        raise LiteralError(
            "bad-product",
            f"`{quote(shortened(text))}` is not a product id",
            'a product id is a UUID, such as "182bd5e5-6e1a-4fe4-a799-aa6d9a6ab26e"',
        )
    return text
