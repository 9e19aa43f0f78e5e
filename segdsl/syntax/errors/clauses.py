"""Values of scope clauses in other forms: products, dates, presets."""

import re

from segdsl.source import Span
from segdsl.syntax import literals
from segdsl.syntax.errors.expected import VALUES
from segdsl.syntax.errors.failure import OPENING, Failure, Repair, TokenEdit, shown
from segdsl.syntax.errors.foreign import duration_of
from segdsl.syntax.errors.numbers import DATE_HELP, odd_date
from segdsl.syntax.errors.ranges import RANGE_HELP
from segdsl.syntax.errors.tokens import NUMBER
from segdsl.syntax.literals import PRESETS, LiteralError, quote

_FILLERS = ("the", "last", "past", "previous")
_UNTIL = ("until", "till", "through", "-", "and")


def in_clause(failure: Failure) -> Repair | None:
    """A value of a scope clause in another form."""
    if failure.clause < 0 or failure.kind == "$END":
        return None
    expected = frozenset(["STRING", "PARAMETER"]) if failure.expected & VALUES == {"STRING", "PARAMETER"} else None
    explain = _IN_CLAUSES.get(expected or failure.expected, _until)
    return explain(failure)


def _until(failure: Failure) -> Repair | None:
    """`from 2026-01-01 until 2026-03-31`."""
    keyword = failure.word(failure.clause)
    if failure.before() != "DATE" or failure.word(failure.at) not in _UNTIL or keyword != "from":
        return None
    message = f"there is no `{failure.token.text}`"
    return failure.repair("foreign-operator", message, [failure.edit("to")], "use `to`", safe=True)


def _for_period(failure: Failure) -> Repair | None:
    """`for 30 days`."""
    first = _after_fillers(failure)
    last = first + (failure.kind_of(first) == "NUMBER")
    length = duration_of(failure.written(first, last)) if failure.kind_of(first) in ("NUMBER", "DURATION") else None
    if length not in PRESETS or failure.kind_of(failure.clause - 1) not in (*VALUES, "RPAR", "RSQB"):
        return None
    edits, span = [TokenEdit(failure.clause, last + 1, f"during {length}")], failure.between(failure.clause, last)
    message = f"`{shown(failure.written(failure.clause, last))}` is not how a period is written"
    return failure.repair("unexpected-token", message, edits, f"write `during {length}`", span=span)


def _after_fillers(failure: Failure) -> int:
    """The number of the token after `the last`."""
    number = failure.at
    while failure.word(number) in _FILLERS:
        number += 1
    return number


def _product(failure: Failure) -> Repair | None:
    start = failure.span.start
    found = re.compile(literals.UUID).match(failure.source.text, start)
    if found:
        numbers = range(failure.at, len(failure.tokens))
        last = next((n for n in numbers if failure.tokens[n].span.end >= found.end()), failure.at)
        edits, title = [TokenEdit(failure.at, last + 1, quote(found[0]))], f"write `{quote(found[0])}`"
        message, span = "a product id is written in quotes", Span(start, found.end())
        return failure.repair("bad-product", message, edits, title, span=span, safe=True)
    help_ = 'a product id is a UUID in quotes, such as "182bd5e5-6e1a-4fe4-a799-aa6d9a6ab26e"'
    return failure.repair("bad-product", "expected a product id in quotes", (), None, help_)


def _date(failure: Failure) -> Repair | None:
    text, at = failure.token.text, failure.at
    words, kinds = (failure.word(at - 1), failure.word(at + 1)), (failure.kind, failure.kind_of(at + 2))
    if words == ("from", "to") and kinds == ("NUMBER", "NUMBER"):
        edits = [TokenEdit(at - 1, at, "between"), TokenEdit(at + 1, at + 2, "and")]
        span = failure.between(at - 1, at + 2)
        return failure.repair("bad-date", "`from` and `to` take dates", edits, RANGE_HELP, span=span)
    if failure.kind == NUMBER:
        return odd_date(failure, text)
    if failure.kind not in VALUES:
        return None
    day = _unquoted_date(text) if failure.kind == "STRING" else None
    if day is None:
        return failure.repair("bad-date", f"`{shown(text)}` is not a date", (), None, DATE_HELP)
    message = "a date is written without quotes"
    return failure.repair("bad-date", message, [failure.edit(day)], f"write `{day}`", safe=True)


def _unquoted_date(text: str) -> str | None:
    try:
        return literals.date(literals.unquote(text))
    except LiteralError:
        return None


def _preset(failure: Failure) -> Repair | None:
    """`during the last 30 days`."""
    if failure.kind in OPENING:
        return None
    at, first = failure.at, _after_fillers(failure)
    is_length = failure.kind_of(first) in ("NUMBER", NUMBER, "DURATION")
    last = first + (failure.kind_of(first) == "NUMBER" and failure.is_word(first + 1)) if is_length else at
    raw = failure.written(at, last) if is_length else failure.token.text
    length = duration_of(failure.written(first, last) if is_length else raw.strip("\"'"))
    message, span = f"`during` does not take `{shown(raw)}`", failure.between(at, last)
    if length not in PRESETS:
        return failure.repair("bad-duration", message, (), None, "it takes 7d, 30d, 90d or all", span=span)
    edits = [TokenEdit(at, last + 1, str(length))]
    return failure.repair("bad-duration", message, edits, f"write `{length}`", span=span, safe=True)


_IN_CLAUSES = {
    frozenset(["STRING", "PARAMETER"]): _product,
    frozenset(["DATE", "PARAMETER"]): _date,
    frozenset(["DURATION", "ALL", "PARAMETER"]): _preset,
    frozenset(["PRODUCT"]): _for_period,
}
"""Terminals that could have come next, each with the explanation of another value there."""
