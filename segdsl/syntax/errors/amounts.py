"""Amounts before the name: `more than 5 conversations`, `10 to 50 seats`, `5 or more seats`."""

import re

from msgspec import Struct

from segdsl.syntax.errors.expected import CONNECTIVES
from segdsl.syntax.errors.failure import Failure, Repair, TokenEdit, shown
from segdsl.syntax.errors.foreign import CURRENCIES, LONGEST_PHRASE, MONTHS, OTHER_UNITS, PHRASES, UNITS
from segdsl.syntax.errors.ranges import range_of
from segdsl.syntax.errors.tokens import NUMBER
from segdsl.syntax.names import KEYWORDS, NUMBER_WORDS, OPEN_ENDS

_HAS = frozenset("has have having with".split())
_NO = frozenset("no without zero".split())
_LONGEST = 4
"""Words: `has not any conversations`."""
_BOUNDS: dict[tuple[str, ...], str] = {
    **{words: sign for words, sign in PHRASES.items() if sign in ("<", "<=", ">", ">=", "==")},
    ("exactly",): "==",
    ("only",): "==",
}
"""Operators in words that stand before an amount, each with the operator here."""
_NO_NAMES = UNITS.keys() | MONTHS.keys() | OTHER_UNITS | CURRENCIES | {"percent", "per", "times", "point", "points"}
"""Words after a number that name no field."""
_ENDS = CONNECTIVES | {"COMMA", "RPAR", "$END", "IN", "DURING", "FROM", "WITHIN"}
_CONVERSATIONS = frozenset("conversation conversations chat chats session sessions".split())


class _Amount(Struct, frozen=True):
    """A comparison without its name, as it is written after one; `end` is the token after it."""

    comparison: str
    end: int


def amount_first(failure: Failure) -> Repair | None:
    """`more than 5 conversations`, `10 to 50 seats`: an amount before the name."""
    begin = failure.begin
    first = begin + (failure.word(begin) in _HAS)
    amount = _range(failure, first) or _open_end(failure, first) or _bound(failure, first)
    if amount is None or not begin <= failure.at <= amount.end + 1 or not _is_noun(failure, amount.end):
        return None
    end, noun = amount.end + 1, failure.tokens[amount.end].text
    name, span = _name(failure, noun), failure.between(begin, end - 1)
    message = f"`{shown(failure.written(begin, end - 1))}` is not how a comparison is written"
    if name is None:
        help_ = f"the name of the property comes first, then `{amount.comparison}`"
        return failure.repair("unexpected-token", message, (), None, help_, span=span)
    text = f"{name} {amount.comparison}"
    if amount.comparison[:2] == "= ":
        number = amount.comparison[2:]
        help_ = f"the name comes first: `{name} == {number}` for exactly {number}, `{name} >= {number}` for more, too"
        return failure.repair("unexpected-token", message, (), None, help_, span=span)
    return failure.repair("unexpected-token", message, [TokenEdit(begin, end, text)], f"write `{text}`", span=span)


def any_conversations(failure: Failure) -> Repair | None:
    """`has conversations`, `no chats`, `without any conversations`."""
    first, end = failure.begin, failure.end_of_run(failure.begin, _ENDS, _LONGEST)
    *words, noun = [failure.word(number) for number in range(first, end)] or [""]
    is_known = noun in _CONVERSATIONS and words and _NO | _HAS | {"any", "some"} >= set(words)
    if not is_known or failure.kind_of(end) not in _ENDS or failure.at > end or failure.declared_as(noun) is not None:
        return None
    text = "conversationCount == 0" if _NO & set(words) else "conversationCount >= 1"
    message, span = f"`{shown(failure.written(first, end - 1))}` is not a condition", failure.between(first, end - 1)
    return failure.repair("unexpected-token", message, [TokenEdit(first, end, text)], f"write `{text}`", span=span)


def _number(failure: Failure, number: int) -> str | None:
    """The number at a token, in digits or in words."""
    if failure.kind_of(number) == "NUMBER":
        return failure.tokens[number].text
    word = failure.word(number)
    return str(NUMBER_WORDS[word]) if word in NUMBER_WORDS else None


def _range(failure: Failure, first: int) -> _Amount | None:
    """`10 to 50`, `between 10 and 50`, `10-50`."""
    ends = range_of(failure.word(first)) if failure.kind_of(first) == NUMBER else None
    if ends is not None:
        return _Amount(f"between {ends[0]} and {ends[1]}", first + 1)
    opening = failure.word(first)
    low_at = first + (opening in ("between", "from"))
    low, high = _number(failure, low_at), _number(failure, low_at + 2)
    joint = failure.word(low_at + 1)
    if low is None or high is None or joint not in ("to", "-", "–", "—", "and" if opening == "between" else "to"):
        return None
    return _Amount(f"between {low} and {high}", low_at + 3)


def _open_end(failure: Failure, first: int) -> _Amount | None:
    """`5 or more`, `5+`."""
    if failure.kind_of(first) == NUMBER and (many := re.fullmatch(r"([0-9]+)\+", failure.word(first))):
        return _Amount(f">= {many[1]}", first + 1)
    number, operator = _number(failure, first), OPEN_ENDS.get(failure.word(first + 2))
    if number is None or operator is None or failure.word(first + 1) not in ("or", "and"):
        return None
    return _Amount(f"{operator} {number}", first + 3)


def _bound(failure: Failure, first: int) -> _Amount | None:
    """`more than 5`, `at least five`; `= 5` if there is no word before the number."""
    words = tuple([failure.word(number) for number in range(first, first + LONGEST_PHRASE)])
    for length in range(LONGEST_PHRASE, 0, -1):
        operator, number = _BOUNDS.get(words[:length]), _number(failure, first + length)
        if operator is not None and number is not None:
            return _Amount(f"{operator} {number}", first + length + 1)
    number = _number(failure, first)
    return None if number is None else _Amount(f"= {number}", first + 1)


def _is_noun(failure: Failure, number: int) -> bool:
    """Whether a word that may name a field is at a token, and the condition can end after it."""
    word = failure.word(number)
    is_name = failure.kind_of(number) == "NAME" and word not in _NO_NAMES | KEYWORDS | NUMBER_WORDS.keys()
    return is_name and (failure.kind_of(number + 1) in _ENDS or failure.word(number + 1) == ";")


def _name(failure: Failure, noun: str) -> str | None:
    """The name of the numeric field that a noun means; None if properties are declared, and none of them is it."""
    singular = noun.removesuffix("s")
    for word in (noun, singular, f"{singular}s"):
        name = failure.field_called(word)
        if name is not None:
            return name if failure.takes(name, "NUMBER") else None
    if noun.lower() in _CONVERSATIONS:
        return "conversationCount"
    return noun if failure.declared is None else None
