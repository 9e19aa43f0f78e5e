"""How deep parentheses and `not` are nested, counted on the tokens, before anything is built.

A text that is too deep is read no further than to the place where it becomes so.
"""

from segdsl.limits import MAX_NESTING
from segdsl.source import Span
from segdsl.syntax.actions import Row
from segdsl.syntax.lexer import scan, span_of, terminal

_NAME, _PHRASE = 2, 6  # parts of a row
_BEFORE_PREFIX = frozenset(["", "LPAR", "AND", "OR", "AMPERSANDS", "BARS", "NOT", "BANG"])


def _signs(text: str) -> int:
    """How many parentheses and `not`s there can be at most; the `!` of `!=` is none."""
    return text.count("(") + text.count("!") - text.count("!=") + text.lower().count("not")


def first_too_deep(text: str) -> Span | None:
    """The place of the token that goes one level too deep; None when none does."""
    if _signs(text) <= MAX_NESTING:
        return None
    depth = 0
    nots = 0  # `not`s waiting for the end of their operand, on this level of parentheses
    outer: list[int] = []  # the same, for the levels around it
    before = ""
    for found in scan(text):
        row: Row = found.groups("")  # type: ignore[assignment]  # as many groups as a row has parts
        kind = terminal(row)
        if kind == "LPAR":
            outer.append(nots)
            nots = 0
            depth += 1
        elif kind in ("NOT", "BANG") and before in _BEFORE_PREFIX:
            nots += 1
            depth += 1
        elif kind == "RPAR" and outer:
            depth -= nots + 1
            nots = outer.pop()
        elif kind in ("AND", "OR", "AMPERSANDS", "BARS"):
            depth -= nots
            nots = 0
        if depth + ("(" in row[_PHRASE]) > MAX_NESTING:
            return span_of(found)
        before = "CONDITION" if row[_NAME] else kind
    return None
