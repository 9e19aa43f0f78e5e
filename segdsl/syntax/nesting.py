"""The nesting depth of parentheses and `not`, counted on the tokens before anything is built.

Counting stops at the first token that is too deep.
"""

from segdsl.limits import MAX_NESTING
from segdsl.source import Span
from segdsl.syntax.actions import Row
from segdsl.syntax.lexer import scan, span_of, terminal

_NAME, _PHRASE = 2, 6  # parts of a row
_CONNECTIVES = frozenset(["AND", "OR", "AMPERSANDS", "BARS"])


def _signs(text: str) -> int:
    """An upper bound of the number of parentheses and `not`s; the `!` of `!=` does not count."""
    return text.count("(") + text.count("!") - text.count("!=") + text.lower().count("not")


def first_too_deep(text: str) -> Span | None:
    """The span of the first token that is nested too deep, or None."""
    if _signs(text) <= MAX_NESTING:
        return None
    depth = 0
    nots = 0  # `not`s waiting for the end of their operand, on this level of parentheses
    outer: list[int] = []  # the same, for the levels around it
    begins = True  # whether a condition begins here: then a `not` belongs to it, and any other word is a name
    operand = False  # whether the other side of a comparison sign comes next
    before = ""
    for found in scan(text):
        row: Row = found.groups("")  # type: ignore[assignment]  # as many groups as a row has parts
        kind = terminal(row)
        if operand and kind not in ("LPAR", "RPAR"):
            kind = ""
        operand = kind == "COMPARE"
        not_between = kind == "BETWEEN" and before == "NOT" and not begins  # a `not` around the `between`, in the tree
        if kind == "LPAR":
            outer.append(nots)
            nots = 0
            depth += 1
        elif kind in ("NOT", "BANG") and begins:
            nots += 1
            depth += 1
        elif kind == "RPAR" and outer:
            depth -= nots + 1
            nots = outer.pop()
            begins = False
        elif kind in _CONNECTIVES and not begins:
            depth -= nots
            nots = 0
            begins = not row[_NAME]
        else:
            begins = False
        if depth + (not_between or "(" in row[_PHRASE]) > MAX_NESTING:
            return span_of(found)
        before = kind
    return None
