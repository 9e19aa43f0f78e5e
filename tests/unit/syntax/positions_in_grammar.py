"""Every state of the parser's automaton, with a shortest text that leads there."""

from collections import deque

from segdsl.syntax.errors.tokens import tolerant_tokens
from segdsl.syntax.stack import EMPTY, Stack

SPELLED = {
    "AND": "and", "OR": "or", "NOT": "not", "IN": "in", "CONTAINS": "contains", "BETWEEN": "between", "IS": "is",
    "WITHIN": "within", "BEFORE": "before", "TRUE": "true", "FALSE": "false", "DURING": "during", "FROM": "from",
    "TO": "to", "FOR": "for", "PRODUCT": "product", "ALL": "all", "NAME": "plan", "PARAMETER": "$p",
    "DEFINITION": "@d", "DATE": "2026-01-01", "DURATION": "7d", "NUMBER": "5", "STRING": '"x"', "COMPARE": "<",
    "AMPERSANDS": "&&", "BARS": "||", "BANG": "!", "LPAR": "(", "RPAR": ")", "LSQB": "[", "RSQB": "]", "COMMA": ",",
}  # fmt: skip
"""Each terminal of the grammar in a text."""

LONGEST = 10


def stack_after(words: tuple[str, ...]) -> Stack:
    """The parser's stack after the words."""
    stack = EMPTY
    for number, token in enumerate(tolerant_tokens(" ".join(words))[:-1]):
        taken = stack.after(token.kind, number)
        assert taken is not None
        stack = taken
    return stack


def positions() -> dict[tuple[str, ...], frozenset[str]]:
    """Texts, as words, one for each state and what it can take there; and what that is."""
    found: dict[tuple[str, ...], frozenset[str]] = {}
    seen = set()
    waiting: deque[tuple[str, ...]] = deque([()])
    while waiting:
        words = waiting.popleft()
        stack = stack_after(words)
        expected = stack.expected()
        if (stack.state, expected) in seen:
            continue
        seen.add((stack.state, expected))
        found[words] = expected
        if len(words) < LONGEST:
            waiting.extend((*words, SPELLED[terminal]) for terminal in sorted(expected - {"$END"}))
    return found
