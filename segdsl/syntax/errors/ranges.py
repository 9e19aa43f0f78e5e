"""Ranges and chains in other forms, and ranks."""

import re

from segdsl.syntax.errors.expected import VALUES
from segdsl.syntax.errors.failure import OPENING, Failure, Repair, TokenEdit, shown
from segdsl.syntax.errors.foreign import RANKS
from segdsl.syntax.errors.tokens import NUMBER, STRING
from segdsl.syntax.literals import quote

RANGE_HELP = "a range is written `between 2 and 4`"
ABOUT = "`contains` takes text; for about a number write a range, such as `between 9 and 11`"
_NO_RANKS = "users cannot be ranked: say a threshold, such as `mrr > 500`"
_NUMBER = r"[+-]?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?"
_FOR_AND = frozenset(["to", "-", "..", "&", "&&", ",", "–", "—", "until", "through", "or"])
_FACING = {">": "<", ">=": "<=", "<": "<", "<=": "<="}


def range_of(text: str) -> tuple[str, str] | None:
    """The ends of a range in one word: `5..20`, `10-50`."""
    found = re.fullmatch(rf"({_NUMBER})(?:\.\.\.?|-|–|:)({_NUMBER})", text)
    return (found[1], found[2]) if found else None


def between_and(failure: Failure) -> Repair | None:
    """The token between the ends of a range, in place of `and`."""
    at = failure.at
    is_digits = failure.kind == "COMMA" and failure.touches(at) and failure.touches(at + 1)
    if failure.expected != {"AND"} or is_digits or failure.word(at) not in _FOR_AND:
        return None
    if failure.kind_of(at + 1) not in VALUES | {NUMBER, STRING, "NAME"}:
        return None
    message = f"`between` takes the word `and`, not `{failure.token.text}`"
    code = "unexpected-token" if failure.kind in ("OR", "TO", "COMMA") else "foreign-operator"
    return failure.repair(code, message, [failure.edit("and")], "use `and`", safe=failure.word(at) != "or")


def no_and(failure: Failure) -> Repair | None:
    """Anything else between the ends of a range."""
    negative = failure.kind in VALUES and failure.token.text[:1] == "-" and failure.touches(failure.at)
    if failure.expected != {"AND"} or failure.kind == "$END" or negative:
        return None
    message = f"expected `and`, found `{shown(failure.token.text)}`"
    return failure.repair("unexpected-token", message, (), None, RANGE_HELP)


def one_word(failure: Failure) -> Repair | None:
    """`in 5..20`, `not in [5..20]`, `= 10..50`, `between 5-20`, `seats 5-20`."""
    ends = range_of(failure.word(failure.at)) if failure.kind == NUMBER else None
    if ends is None or float(ends[0]) >= float(ends[1]):
        return None
    at, start = failure.at, failure.name_end
    meant = f"{ends[0]} and {ends[1]}"
    operator = "" if start in (at, failure.begin) else failure.written(start, at - 1).lower()
    if failure.before() == "BETWEEN" and failure.wants_value:
        edits = [failure.edit(meant)]
    elif start == at > failure.begin:
        meant = f"between {meant}"
        edits = [failure.edit(meant)]
    elif (between := _BETWEEN.get(operator)) and (failure.wants_value or failure.wants_list):
        meant = f"{between} {meant}"
        edits = [TokenEdit(start, at + 1, meant)]
    elif (between := _BETWEEN.get(operator[:-1].strip())) and failure.kind_of(at + 1) in OPENING:
        meant = f"{between} {meant}"
        edits = [TokenEdit(start, at + 2, meant)]  # `in [5..20]`
    else:
        return None
    message, title = f"`{shown(failure.token.text)}` is not a number", f"write `{meant}`"
    if operator in ("", *_EQUALITY) and (text := as_text(failure, failure.token.text)):
        return failure.repair("bad-number", message, edits, None, f"if it is a range, {title}", text)
    return failure.repair("bad-number", message, edits, title)


_EQUALITY = {"=": "between", "==": "between", "is": "between"} | dict.fromkeys(("!=", "<>", "is not"), "not between")
_BETWEEN = {**_EQUALITY, "in": "between", "not in": "not between"}


def as_text(failure: Failure, text: str) -> str:
    """The help for what may be text rather than a range, `phone = 555-1234`, `size = 10 - 50`; "" for others."""
    is_number = not failure.is_unknown(failure.name) and failure.takes(failure.name, "NUMBER")
    return "" if is_number or ".." in text or "to" in text.lower() else f"if it is text, write `{shown(quote(text))}`"


_TO = ("-", "–", "—", "to", "..", "...")


def two_numbers(failure: Failure) -> Repair | None:
    """`seats 5 - 20`, `seats = 5 to 20`, `seats from 5 to 20`."""
    at, start = failure.at, failure.name_end
    if failure.clause == at - 1 and failure.word(at - 1) == "to":  # it was taken for a scope clause
        sign = at - 1
    else:
        sign = at if failure.before() == "NUMBER" else at + 1
    low = sign - 1
    is_operator = low - 1 == start and failure.word(start) in ("in", "=", "==", "is", "from", ":")
    if start == failure.begin or not (low == start or is_operator) or failure.word(sign) not in _TO:
        return None
    if [failure.kind_of(low), failure.kind_of(sign + 1)] != ["NUMBER", "NUMBER"]:
        return None
    ends = failure.tokens[low].text, failure.tokens[sign + 1].text
    if float(ends[0]) >= float(ends[1]):
        return None
    text = f"between {ends[0]} and {ends[1]}"
    written = failure.written(low, sign + 1)
    message = f"`{shown(written)}` is not how a range is written"
    edits, span = failure.rewriting(start, sign + 2, text), failure.between(low, sign + 1)
    if failure.word(start) in (*_EQUALITY, ":") and (way_out := as_text(failure, written)):
        ways = f"if it is a range, write `{text}`", way_out
        return failure.repair("unexpected-token", message, edits, None, *ways, span=span)
    return failure.repair("unexpected-token", message, edits, f"write `{text}`", span=span)


def chain(failure: Failure) -> Repair | None:
    """`seats > 5 < 20`: a comparison that is compared again."""
    if failure.kind != "COMPARE" or not failure.is_complete:
        return None
    message, text = "a comparison cannot be compared again", _turned(failure)
    if text is None:
        help_ = "a chain has its name in the middle: `0.3 <= sentiment < 0.7`; join other comparisons with `and`"
        return failure.repair("bad-chain", message, (), None, help_)
    edits = failure.rewriting(failure.begin, failure.at + 2, text)
    return failure.repair("bad-chain", message, edits, f"write `{shown(text)}`")


def _turned(failure: Failure) -> str | None:
    """The chain with its name in the middle; None if it is not a range."""
    at, start = failure.at, failure.name_end
    if start == failure.begin or start != at - 2 or failure.kind_of(at + 1) not in VALUES:
        return None
    one, two = failure.word(start), failure.word(at)
    name, first, second = failure.name, failure.tokens[at - 1].text, failure.tokens[at + 1].text
    if one in (">", ">=") and two in ("<", "<="):
        return f"{first} {_FACING[one]} {name} {two} {second}"
    if one in ("<", "<=") and two in (">", ">="):
        return f"{second} {_FACING[two]} {name} {one} {first}"
    return None


def ranks(failure: Failure) -> Repair | None:
    """`in the top 20 percent`."""
    end, begin, name_end = failure.end_of_phrase(failure.begin), failure.begin, failure.name_end
    if failure.word(begin) in RANKS and failure.kind_of(begin + 1) in ("NUMBER", NUMBER, "NAME"):
        span = failure.between(begin, max(end - 1, begin))
        return failure.repair("foreign-operator", _NO_RANKS, span=span)
    ranked = next((n for n in range(name_end, min(end, name_end + 6)) if failure.word(n) in RANKS), None)
    if ranked is None or failure.at < name_end:
        return None
    span = failure.between(name_end, max(end - 1, ranked))
    return failure.repair("foreign-operator", _NO_RANKS, span=span)
