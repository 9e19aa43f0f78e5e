"""Every place in which the parser can be: for each state of the automaton a shortest text that leads there."""

from collections import deque

from segdsl.syntax.actions import ParseContext, Row
from segdsl.syntax.driver import UnexpectedToken, acceptable, run
from segdsl.syntax.lexer import PlainTokens

SPELLED = {
    "AND": "and", "OR": "or", "NOT": "not", "IN": "in", "CONTAINS": "contains", "BETWEEN": "between", "IS": "is",
    "WITHIN": "within", "BEFORE": "before", "TRUE": "true", "FALSE": "false", "DURING": "during", "FROM": "from",
    "TO": "to", "FOR": "for", "PRODUCT": "product", "ALL": "all", "NAME": "plan", "PARAMETER": "$p",
    "DEFINITION": "@d", "DATE": "2026-01-01", "DURATION": "7d", "NUMBER": "5", "STRING": '"x"', "COMPARE": "<",
    "AMPERSANDS": "&&", "BARS": "||", "BANG": "!", "LPAR": "(", "RPAR": ")", "LSQB": "[", "RSQB": "]", "COMMA": ",",
}  # fmt: skip
"""Each terminal of the grammar in a text."""

LONGEST = 10
NO_TOKEN: Row = ("", "", "", "", "", "", "", "", "", "\0")


def stopped_after(words: tuple[str, ...]) -> UnexpectedToken:
    """Where the parser stands after the words."""
    text = " ".join(words)
    result = run(ParseContext(text, [*PlainTokens(text).rows[:-1], NO_TOKEN]))
    assert isinstance(result, UnexpectedToken)
    return result


def positions() -> dict[tuple[str, ...], frozenset[str]]:
    """Texts, as words, one for each state and what it can take there; and what that is."""
    found: dict[tuple[str, ...], frozenset[str]] = {}
    seen = set()
    waiting: deque[tuple[str, ...]] = deque([()])
    while waiting:
        words = waiting.popleft()
        states = stopped_after(words).states
        expected = frozenset(acceptable(states))
        if (states[-1], expected) in seen:
            continue
        seen.add((states[-1], expected))
        found[words] = expected
        if len(words) < LONGEST:
            waiting.extend((*words, SPELLED[terminal]) for terminal in sorted(expected - {"$END"}))
    return found
