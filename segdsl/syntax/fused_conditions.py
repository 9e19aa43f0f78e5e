"""The node of a fused condition, the same as the grammar's actions make from its single tokens.

An invalid literal raises `LiteralError`; the text is then read again, token by token, to report it.
"""

import re
from collections.abc import Callable
from functools import cache
from typing import Any

from segdsl.catalogue import MIRRORED
from segdsl.syntax import literals
from segdsl.syntax.lexer import ITEM
from segdsl.syntax.literals import LiteralError
from segdsl.syntax.nodes import Between, Chain, Comparison, Condition, Duration

_BRACKETS = {"[": "]", "(": ")"}
_IN = "notinNOTIN \t\r\n"
"""The letters of `in` and `not in`, and the blanks between them and the list."""


def chain(low: str, name: str, operator: str, value: Any) -> Chain:
    """`low name operator value`, where `low` is a number and a sign."""
    sign = low[-2:] if low[-1] == "=" else low[-1]
    first = numeral(low[: -len(sign)].rstrip())
    if sign[0] != operator[0]:
        raise LiteralError("bad-chain", "the signs do not make a range")
    if sign[0] == "<":
        return Chain(first, sign, name, operator, value)
    return Chain(value, MIRRORED[operator], name, MIRRORED[sign], first)


def phrase(name: str, text: str) -> Condition:
    """`name text`, where `text` begins with a word: `in [1, 2]`, `between 2 and 4`, `within 7d`, `is not "free"`."""
    build = _PHRASES.get(text[:3].lower()) or (_equality if text[1] in "sS" else _membership)
    return build(name, text)


def _membership(name: str, text: str) -> Comparison:
    return Comparison(name, "in", _listed(text))


def _non_membership(name: str, text: str) -> Comparison:
    return Comparison(name, "not in", _listed(text))


def _between(name: str, text: str) -> Between:
    words = text.split()
    if len(words) == 4 and '"' not in text and "'" not in text:  # two numbers, the usual case
        low, high = numeral(words[1]), numeral(words[3])
    else:
        low, high = _values(text[len("between") :])
    return Between(name, low, high)


def _containment(name: str, text: str) -> Comparison:
    return Comparison(name, "contains", _string(text[len("contains") :].lstrip()))


def _recency(name: str, text: str) -> Comparison:
    operator, length = text[:6].lower(), text[6:].lstrip()
    return Comparison(name, operator, Duration(literals.duration(length)))


def _equality(name: str, text: str) -> Comparison:
    operator, literal = "==", text[2:].lstrip()
    if literal[0] in "nN":
        operator, literal = "!=", literal[3:].lstrip()
    return Comparison(name, operator, _string(literal) if literal[0] in "\"'" else numeral(literal))


_PHRASES: dict[str, Callable[[str, str], Condition]] = {
    "not": _non_membership, "bet": _between, "con": _containment, "wit": _recency, "bef": _recency,
}  # fmt: skip
"""By the first letters of the phrase; `in` and `is` have only two, and the next token may follow without a blank."""


def _listed(text: str) -> tuple[Any, ...]:
    brackets = text.lstrip(_IN)
    if _BRACKETS[brackets[0]] != brackets[-1]:
        raise LiteralError("bad-list", "the list is closed by another bracket than it is opened by")
    return _values(brackets)


def _values(text: str) -> tuple[Any, ...]:
    return tuple([_string(string) if string else numeral(number) for string, number in _items().findall(text)])


@cache
def _items() -> re.Pattern[str]:
    return re.compile(ITEM)


def _string(text: str) -> str:
    body = text[1:-1]
    return body if body.isprintable() and "\\" not in body else literals.unquote(text)


def numeral(text: str) -> int | float | bool:
    """The value of a number or boolean."""
    return text[0] in "tT" if text[0] in "tTfF" else literals.number(text)
