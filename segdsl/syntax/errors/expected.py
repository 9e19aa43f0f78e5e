"""What could come next in a text: as terminals of the grammar, and in the words of a person."""

from collections.abc import Set

from segdsl.syntax.automaton import ACTIONS, AFTER_CONDITION, AT_ONCE, END, EXPECTED, GOTOS, REFUSE, RULES, START

VALUES = frozenset(["NUMBER", "STRING", "PARAMETER", "TRUE", "FALSE", "DURATION", "DATE"])
CONNECTIVES = frozenset(["AND", "OR", "AMPERSANDS", "BARS"])


class Stack:
    """The parser's stack before a token: its states, as a list that shares its tail with the stack before.

    `first` is the number of the token with which the topmost symbol begins. Nothing is ever changed in one, so that a
    parse can go on from any token that it went past.
    """

    __slots__ = ("below", "first", "state")

    def __init__(self, state: int, first: int, below: "Stack | None") -> None:
        self.state = state
        self.first = first
        self.below = below

    def after(self, kind: str, number: int) -> "Stack | None":
        """The stack with a token of that kind and number taken; None if it cannot be taken."""
        stack = self
        action = ACTIONS[stack.state].get(kind, REFUSE)
        while action < 0:
            if action == REFUSE:
                return None
            origin, size, _ = RULES[~action]
            first = stack.first
            for _ in range(size):
                first, below = stack.first, stack.below
                assert below is not None  # noqa: S101  for the type checker: a rule is as long as the stack at most
                stack = below
            stack = Stack(GOTOS[stack.state][origin], first, stack)
            if stack.state == END:
                return stack
            action = ACTIONS[stack.state].get(kind, REFUSE)
        if action >= AT_ONCE:
            action = GOTOS[stack.state][RULES[action - AT_ONCE][0]]
        return Stack(action, number, stack)

    def expected(self) -> frozenset[str]:
        """The terminals that can come next, exactly: the tables also name some that only lead to a later error."""
        return frozenset(kind for kind in EXPECTED[self.state] if self.after(kind, 0) is not None)

    @property
    def begins_condition(self) -> bool:
        """Whether a condition can begin here."""
        return AFTER_CONDITION[self.state] >= 0


EMPTY = Stack(START, 0, None)


# ── in words ───────────────────────────────────────────────────────────────────────────────────────────────────────

_CONDITION = "a condition"
_GO_ON = "`and`, `or`"
_AFTER_A_CONDITION = ("a comparison", _GO_ON, "`)`", "the end")
_WORDS_FOR = [
    (frozenset(["NAME", "NOT", "LPAR"]), _CONDITION),
    (frozenset(["NUMBER", "STRING"]), "a value"),
    (frozenset(["NAME"]), "a name"),
    (frozenset(["LSQB", "LPAR"]), "a list such as `[1, 2]`"),
    (frozenset(["COMPARE", "IN"]), "a comparison"),
    (frozenset(["IN", "CONTAINS"]), "`in` or `contains`"),
    (frozenset(["COMPARE"]), "a comparison such as `==` or `<`"),
    (frozenset(["DATE"]), "a date such as 2026-01-31"),
    (frozenset(["DURATION", "ALL"]), "7d, 30d, 90d or all"),
    (frozenset(["PRODUCT"]), "`product` or `products`"),
    (frozenset(["STRING", "PARAMETER"]), "a product id in quotes"),
    (frozenset(["STRING"]), "a key in quotes"),
    (frozenset(["COMMA"]), "`,`"),
    (frozenset(["RSQB"]), "`]`"),
    (frozenset(["AND", "OR"]), _GO_ON),
    (frozenset(["AND"]), "`and`"),
    (frozenset(["RPAR"]), "`)`"),
    (frozenset(["DURING", "FROM"]), "a scope clause"),
    (frozenset(["$END"]), "the end"),
]
"""Sets of terminals that can come next, each with words for it. The first set that fits is used, then the rest."""


def expected_words(expected: Set[str]) -> str:
    """The terminals that can come next, in the words of a person: "a value", "`and`, `or` or the end"."""
    left = set(expected)
    words: list[str] = []
    for terminals, word in _WORDS_FOR:
        if terminals <= left:
            words.append(word)
            left -= terminals | (VALUES if "NUMBER" in terminals else frozenset())
    if _CONDITION in words:
        return _CONDITION
    if _GO_ON in words:
        words = [word for word in words if word in _AFTER_A_CONDITION]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"
