"""How deep parentheses and `not` are nested, counted on the tokens, before anything is built."""

from segdsl.limits import MAX_NESTING
from segdsl.syntax.actions import Row
from segdsl.syntax.lexer import terminal

_BEFORE_PREFIX = frozenset(["", "LPAR", "AND", "OR", "AMPERSANDS", "BARS", "NOT", "BANG"])


def too_deep_at(text: str, rows: list[Row]) -> int | None:
    """The number of the token that goes one level too deep; None when none does."""
    if text.count("(") + text.count("!") + text.lower().count("not") <= MAX_NESTING:
        return None
    depth = 0
    nots = 0  # `not`s waiting for the end of their operand, on this level of parentheses
    outer: list[int] = []  # the same, for the levels around it
    before = ""
    for number, row in enumerate(rows):
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
        if depth > MAX_NESTING:
            return number
        before = "COMPARISON" if row[1] else kind
    return None
