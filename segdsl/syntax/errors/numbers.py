"""Numbers in other forms: with units, currency signs, marks between thousands; dates and versions."""

import re
from collections.abc import Callable

from msgspec import Struct

from segdsl.source import Span
from segdsl.syntax import literals
from segdsl.syntax.actions import UNREADABLE
from segdsl.syntax.errors.expected import VALUES
from segdsl.syntax.errors.failure import Failure, Repair, TokenEdit, shown
from segdsl.syntax.errors.foreign import COUNTED, MONEY, OTHER_UNITS, UNITS, duration_of, months_of
from segdsl.syntax.errors.moments import DURATION_HELP, ONLY_LAST_SEEN, is_last_seen
from segdsl.syntax.errors.operators import ORDER
from segdsl.syntax.errors.ranges import RANGE_HELP, range_of
from segdsl.syntax.errors.tokens import CHARACTER, DASHES, NUMBER
from segdsl.syntax.errors.words import end_of_words, may_be_text
from segdsl.syntax.literals import quote
from segdsl.syntax.names import share_help

DATE_HELP = "write it as 2026-01-31, or as 2026-01-31T14:30:00Z"
NUMBER_HELP = "numbers are written as in JSON: 5, -0.6, 1e3; text goes in quotes"
_VERSION = "a version is text, and text is compared in the order of the alphabet: 3.10 comes before 3.9"


_MONTH = re.compile(r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?")


# ── a number and what follows it ───────────────────────────────────────────────────────────────────────────────────


class _Pair(Struct, frozen=True):
    """A number and the token after it, which cannot be taken."""

    failure: Failure
    number: str
    word: str

    @property
    def span(self) -> Span:
        """The span from the number to the end of the token."""
        return self.failure.between(self.failure.at - 1, self.failure.at)

    @property
    def written(self) -> str:
        """Both as written, for a message."""
        return shown(self.failure.written(self.failure.at - 1, self.failure.at))

    @property
    def ends(self) -> bool:
        """Whether the condition or the value can end with the number."""
        failure = self.failure
        return failure.is_complete or "COMMA" in failure.expected or failure.expected == {"AND"}

    def without_word(self) -> Repair:
        """The number alone."""
        failure, message, title = self.failure, f"`{self.written}` is not a number", f"write `{self.number}`"
        return failure.repair("bad-number", message, [failure.edit("")], title, span=self.span, safe=True)


def after_number(failure: Failure) -> Repair | None:
    """Text after a number that belongs to it: a unit, `%`, a counted noun, `,` and digits."""
    at = failure.at
    if failure.before() != "NUMBER" or (failure.begin == at - 1 and not failure.is_word(at)):
        return None
    if failure.is_comparison(at) and "AND" in failure.expected:
        return None  # a separate condition
    pair = _Pair(failure, failure.tokens[at - 1].text, failure.word(at))
    return next((found for explain in _AFTER_NUMBER if (found := explain(pair)) is not None), None)


def _unit(pair: _Pair) -> Repair | None:
    """`7 days`."""
    failure, at = pair.failure, pair.failure.at
    if not failure.is_word(at) or pair.word not in UNITS or not pair.ends or failure.before(2) == "NOT":
        return None
    length, message = duration_of(f"{pair.number} {pair.word}"), f"`{pair.written}` is not a duration"
    if length is None:
        return failure.repair("bad-duration", message, (), None, DURATION_HELP, span=pair.span)
    edits = [TokenEdit(at - 1, at + 1, length)]
    if not failure.name or failure.clause >= 0 or is_last_seen(failure.name):
        title, safe = f"write `{length}`", not _may_be_months(pair.written)
        return failure.repair("bad-duration", message, edits, title, span=pair.span, safe=safe)
    if failure.before(2) in ("WITHIN", "BEFORE"):
        return failure.repair("bad-duration", message, edits, None, ONLY_LAST_SEEN, span=pair.span)
    help_ = f"if `{shown(failure.name)}` is a number, write `{pair.number}` alone"
    edits = [failure.edit("")]
    return failure.repair("bad-duration", message, edits, None, help_, ONLY_LAST_SEEN, span=pair.span)


def _other_unit(pair: _Pair) -> Repair | None:
    """`7 months`."""
    if pair.word not in OTHER_UNITS or not pair.ends:
        return None
    failure = pair.failure
    if found := _months(failure, failure.at - 1, failure.at + 1):
        return found
    message = f"`{pair.written}` is not a duration"
    return failure.repair("bad-duration", message, (), None, DURATION_HELP, span=pair.span)


def _may_be_months(written: str) -> bool:
    """`3M`: minutes here, and months in other languages."""
    return written.endswith("M")


def _months(failure: Failure, first: int, end: int) -> Repair | None:
    """`within 3 months`, `before 1y`: about as many days, which need not be exactly what is meant."""
    days = months_of(failure.written(first, end - 1))
    if days is None or failure.kind_of(first - 1) not in ("WITHIN", "BEFORE"):
        return None
    message, span = f"`{shown(failure.written(first, end - 1))}` is not a duration", failure.between(first, end - 1)
    title, *help_ = (f"write `{days}`",) if is_last_seen(failure.name) else (None, ONLY_LAST_SEEN)
    return failure.repair("bad-duration", message, [TokenEdit(first, end, days)], title, *help_, span=span)


def _day(pair: _Pair) -> Repair | None:
    """`1 Jan 2026`."""
    failure, at = pair.failure, pair.failure.at
    if not _MONTH.fullmatch(pair.word) or not re.fullmatch("(?:19|20)[0-9]{2}", failure.word(at + 1)):
        return None
    raw, span = failure.written(at - 1, at + 1), failure.between(at - 1, at + 1)
    edits = [TokenEdit(at - 1, at + 2, quote(raw))]
    return failure.repair("bad-date", f"`{shown(raw)}` is not a date", edits, None, DATE_HELP, span=span)


def _percent(pair: _Pair) -> Repair | None:
    """`70 %`."""
    failure, at = pair.failure, pair.failure.at
    is_two_words = pair.word == "per" and failure.word(at + 1) == "cent"
    if pair.word not in ("%", "percent") and not is_two_words:
        return None
    last = at + is_two_words
    raw, span = failure.written(at - 1, last), failure.between(at - 1, last)
    help_ = share_help(raw) or "there is no `%`: write the share as the field has it, such as 30 or 0.3"
    edits = [TokenEdit(at - 1, last + 1, quote(raw))]
    if failure.type_of(failure.name) in ("number", "integer"):
        edits = [TokenEdit(failure.begin, max(failure.end_of_phrase(failure.begin), last + 1), UNREADABLE)]
    return failure.repair("bad-number", f"`{shown(raw)}` is not a number", edits, None, help_, span=span)


def _thing(pair: _Pair) -> Repair | None:
    """`4 stars`, `50 €`."""
    failure = pair.failure
    is_money = failure.token.text[:1] in MONEY and failure.kind == CHARACTER
    return pair.without_word() if is_money or (pair.word in COUNTED and pair.ends) else None


def _digits(pair: _Pair) -> Repair | None:
    """`10 000`."""
    failure, last = pair.failure, pair.failure.at - 1
    if not re.fullmatch(r"[1-9][0-9]{0,2}", pair.number):
        return None
    while re.fullmatch(r"[0-9]{3}", failure.word(last + 1)):
        last += 1
    if last < failure.at:
        return None
    first = failure.at - 1
    meant = "".join(failure.word(n) for n in range(first, last + 1))
    edits, span = [TokenEdit(first, last + 1, meant)], failure.between(first, last)
    message = f"`{shown(failure.written(first, last))}` is not a number"
    return failure.repair("bad-number", message, edits, f"write `{meant}`", span=span)


def _plus(pair: _Pair) -> Repair | None:
    """`5 +`."""
    failure, at = pair.failure, pair.failure.at
    return _at_least(failure, at - 1, at + 1, pair.number) if pair.word == "+" and failure.touches(at) else None


def _comma(pair: _Pair) -> Repair | None:
    """`0,25`, `1,000` and `1,000.50`, outside of lists."""
    failure, at = pair.failure, pair.failure.at
    if not (failure.is_complete or failure.expected == {"AND"}):
        return None
    last = at
    while (
        failure.kind_of(last) == "COMMA"
        and failure.touches(last)
        and re.fullmatch(r"[0-9]+(?:\.[0-9]+)?", failure.word(last + 1))
        and failure.touches(last + 1)
    ):
        last += 2
    raw, span = failure.written(at - 1, last - 1), failure.between(at - 1, last - 1)
    found = re.fullmatch(r"([+-]?)([0-9][0-9.,]*)", raw)
    if last == at or found is None:
        return None
    message, meant = f"`{shown(raw)}` is not a number", _ungrouped(found[2])
    if meant:
        edits, title = [TokenEdit(at - 1, last, found[1] + meant)], f"write `{found[1]}{meant}`"
        return failure.repair("bad-number", message, edits, title, span=span)
    if "." in raw:
        return None
    edits, help_ = [TokenEdit(at - 1, last, raw.replace(",", ""))], [f"write it without `,`: `{raw.replace(',', '')}`"]
    if raw.count(",") == 1:
        help_.append(f"or with a point, if it is a fraction: `{raw.replace(',', '.')}`")
    return failure.repair("bad-number", message, edits, None, *help_, span=span)


_GROUPED = re.compile(r"[1-9][0-9]{0,2}(?:(,[0-9]{3})+(?:\.[0-9]+)?|(\.[0-9]{3})+(?:,[0-9]+)?)")
"""Digits with a mark between thousands, and perhaps another one before the fraction."""


def _ungrouped(digits: str) -> str:
    """The number without marks between thousands, and with a point before its fraction; "" if that is not clear."""
    marks = re.findall("[.,]", digits)
    if _GROUPED.fullmatch(digits) and len(marks) > 1:
        return digits.replace(marks[0], "").replace(",", ".")
    if len(marks) > 1 or (marks == [","] and _GROUPED.fullmatch(digits)):
        return ""
    return digits.replace(",", ".")


_AFTER_NUMBER = (_day, _unit, _other_unit, _percent, _thing, _digits, _plus, _comma)


def _at_least(failure: Failure, first: int, last: int, number: str) -> Repair:
    """`100+`, in the tokens from `first` up to `last`."""
    span, meant = failure.between(first, last - 1), f">= {number}"
    message = f"`{shown(failure.written(first, last - 1))}` is not a number"
    is_compared = failure.word(first - 1) in ("=", "==", "is", ">=") and failure.name_end == first - 1
    if not is_compared and (failure.name_end != first or failure.name_end == failure.begin):
        help_ = f"for at least that many, write `{meant}`"
        return failure.repair("bad-number", message, (), None, help_, span=span)
    edits = [TokenEdit(first - is_compared, last, meant)]
    return failure.repair("bad-number", message, edits, f"write `{meant}`", span=span)


# ── one word that begins like a number ─────────────────────────────────────────────────────────────────────────────


def odd_number(failure: Failure) -> Repair | None:
    """One word that begins like a number."""
    if failure.kind != NUMBER or failure.expected & VALUES == {"STRING", "PARAMETER"} or not failure.wants_value:
        return None
    text = failure.token.text
    return next((found for explain in _ODD_NUMBERS if (found := explain(failure, text)) is not None), None)


def _uuid(failure: Failure, text: str) -> Repair | None:
    if not re.match(r"[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-", text):
        return None
    return failure.repair("bad-product", "a product id is written in quotes")


def odd_date(failure: Failure, text: str) -> Repair | None:
    """`31.01.2026`, `01/02/2026`, `2026-1-5`."""
    message = f"`{shown(text)}` is not a date"
    parts = re.fullmatch(r"([0-9]{1,4})([./-])([0-9]{1,2})\2([0-9]{1,4})", text)
    if parts is None:
        is_like_one = re.match(r"[0-9]{4}-[0-9]{1,2}", text)
        return failure.repair("bad-date", message, (), None, DATE_HELP) if is_like_one else None
    first, sign, _, third = parts.groups()
    has_year = len(first) == 4 or len(third) == 4
    if sign == "." and len(first) < 4 and len(third) < 4 and failure.clause < 0:
        return None
    days = _days(*parts.groups())
    if len(days) == 1 and has_year:
        day = days.pop()
        written = day if failure.expected == {"DATE", "PARAMETER"} else quote(day)
        return failure.repair("bad-date", message, [failure.edit(written)], f"write `{written}`")
    shapes = "the day and the month could be either: write it as 2026-01-31" if len(days) > 1 else DATE_HELP
    return failure.repair("bad-date", message, (), None, shapes)


def _days(first: str, sign: str, second: str, third: str) -> set[str]:
    """The days that three numbers may mean."""
    orders = [(third, second, first), (first, second, third), (third, first, second)]
    found = [_iso(*order) for order in orders[: 1 if sign == "." else 3]]
    return {day for day in found if day is not None}


def _iso(year: str, month: str, day: str) -> str | None:
    if len(year) != 4 or len(month) > 2 or len(day) > 2:
        return None
    text = f"{year}-{month:>02}-{day:>02}"
    return text if literals.instant(text) is not None else None


def _odd_duration(failure: Failure, text: str) -> Repair | None:
    """`7days`, `1.5d`."""
    found = re.fullmatch(r"([+-]?[0-9]+(?:\.[0-9]+)?)([A-Za-z]+)", text)
    if found is None or found[2].lower() not in UNITS.keys() | OTHER_UNITS:
        return None
    if repair := _months(failure, failure.at, failure.at + 1):
        return repair
    message, length = f"`{shown(text)}` is not a duration", duration_of(text)
    if length is None:
        return failure.repair("bad-duration", message, (), None, DURATION_HELP)
    title, safe = f"write `{length}`", not _may_be_months(text)
    return failure.repair("bad-duration", message, [failure.edit(length)], title, safe=safe)


def _group_in_list(failure: Failure, text: str) -> Repair | None:
    """`000` and `000.50` in `[1,000, 2,000.50]`: the digits after a mark between thousands."""
    first, last = failure.at, failure.at
    if not re.fullmatch(r"0[0-9]{2}(?:\.[0-9]+)?", text):
        return None
    while failure.kind_of(first - 1) == "COMMA" and failure.touches(first - 1) and failure.touches(first):
        first -= 2
    while failure.kind_of(last + 1) == "COMMA" and failure.touches(last + 1) and failure.touches(last + 2):
        last += 2
    raw, span = failure.written(first, last), failure.between(first, last)
    if not re.fullmatch(r"[+-]?[1-9][0-9]{0,2}(?:,[0-9]{3})+(?:\.[0-9]+)?", raw):
        return None
    meant, message = raw.replace(",", ""), f"`{shown(raw)}` is not a number: `,` separates values"
    return failure.repair("bad-number", message, [TokenEdit(first, last + 1, meant)], f"write `{meant}`", span=span)


def _plain_number(failure: Failure, text: str) -> Repair | None:
    """A number with a currency sign, marks between thousands, a `k`, a `+`, or a dash as its minus."""
    plain = text.translate({ord(sign): None for sign in f"{MONEY} "})
    plain = re.sub(rf"^[{DASHES}]", "-", plain)
    plain = re.sub(r"(?<=[0-9])[‘’‚‛‹›'_](?=[0-9]{3})", "", plain)
    found = re.fullmatch(r"([+-]?)0*([0-9][0-9,.]*)([kKmM+]?)", plain)
    if found is None or re.search(r"\..*\.", found[2]) or not found[2][-1].isdigit():
        return None
    sign, digits, suffix = found.groups()
    digits = digits.replace(",", "") if re.fullmatch(r"[0-9]{1,3},[0-9]{3}", digits) else _ungrouped(digits)
    if not digits or (suffix in ("m", "M") and failure.before() in ("WITHIN", "BEFORE")):
        return None
    if suffix == "+":
        return _at_least(failure, failure.at, failure.at + 1, sign + digits)
    if not suffix and re.fullmatch(r"[1-9][0-9]{0,2}\.[0-9]{3}", digits) and plain != text:
        return _thousands_or_fraction(failure, text, sign + digits)
    meant = sign + (_multiplied(digits, suffix) if suffix else digits)
    is_digits = re.fullmatch(r"[0-9]+", text) and len(text) > 1
    if meant == text or (is_digits and failure.before() not in _BEFORE_NUMBERS):
        return None
    return _rewritten(failure, text, meant, is_sure=not suffix)


def _thousands_or_fraction(failure: Failure, text: str, number: str) -> Repair:
    """`€2.000`: two thousand in one country, two in another."""
    message, whole = f"`{shown(text)}` is not a number", number.replace(".", "")
    help_ = f"if the point marks thousands, write `{whole}`", f"if it begins the fraction, write `{number}`"
    return failure.repair("bad-number", message, [failure.edit(whole)], None, *help_)


_BEFORE_NUMBERS = ("COMPARE", "AND", "BETWEEN", "COMMA", "LSQB", "LPAR")


def _multiplied(digits: str, suffix: str) -> str:
    value = float(digits) * (1_000 if suffix in "kK" else 1_000_000)
    return str(int(value)) if value.is_integer() else repr(value)


def _rewritten(failure: Failure, text: str, meant: str, *, is_sure: bool) -> Repair:
    message, edits = f"`{shown(text)}` is not a number", [failure.edit(meant)]
    if re.fullmatch(r"[+-]?0+[0-9]+", text) is None:
        return failure.repair("bad-number", message, edits, f"write `{meant}`", safe=is_sure)
    as_text = () if text[0] in "+-" else (f"if it is an identifier, write it as text: `{quote(text)}`",)
    return failure.repair("bad-number", message, edits, None, "write it without leading zeros", *as_text)


_NO_NUMBERS: tuple[tuple[Callable[[str], object], str], ...] = (
    (re.compile(r"0[xbo]", re.IGNORECASE).match, "write it in decimal"),
    (re.compile(r"[^_]*_").match, "write it without `_`"),
    (re.compile(r"infinity|inf|nan", re.IGNORECASE).fullmatch, "use a finite number"),
    (re.compile(r"[0-9]+\.").fullmatch, "write a digit after the point, or no point"),
    (re.compile(r"[0-9.]+[+-][0-9.+-]+").fullmatch, "there is no arithmetic; text goes in quotes"),
)
"""Digits that are not a number, without their sign, each with help."""


def _no_number(failure: Failure, text: str) -> Repair | None:
    digits, message = text.lstrip("+-"), f"`{shown(text)}` is not a number"
    way_out = next((way_out for is_like, way_out in _NO_NUMBERS if is_like(digits)), None)
    if re.fullmatch(r"[0-9]+(\.[0-9]+){2,}", digits) and failure.word(failure.at - 1) in ORDER:
        way_out = _VERSION
    return failure.repair("bad-number", message, (), None, way_out) if way_out else None


def _as_text(failure: Failure, text: str) -> Repair:
    """Anything else: perhaps text, if it is a run with letters."""
    end = end_of_words(failure, failure.at) or failure.at + 1
    raw, span = failure.written(failure.at, end - 1), failure.between(failure.at, end - 1)
    message, edits = f"`{shown(text)}` is not a number", [TokenEdit(failure.at, end, quote(raw))]
    is_text = re.search(r"[A-Za-z:]|\..*\.", raw) and may_be_text(raw) and failure.word(failure.at - 1) not in ORDER
    if range_of(text) and ":" not in text:
        help_ = f"{RANGE_HELP}, and stands in no list", f"if it is text, write `{shown(quote(raw))}`"
        return failure.repair("bad-number", message, edits, None, *help_, span=span)
    if not is_text:
        return failure.repair("bad-number", message, edits, None, NUMBER_HELP, span=span)
    return failure.repair("bad-number", message, edits, f"if it is text, write `{shown(quote(raw))}`", span=span)


_ODD_NUMBERS = (_uuid, odd_date, _odd_duration, _group_in_list, _plain_number, _no_number, _as_text)
