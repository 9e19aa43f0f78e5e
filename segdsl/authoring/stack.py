"""The parser's stack without a tree: which tokens can come next, and which symbols stand before them.

It runs on the tables of the parser. A state of an LALR automaton is entered by one symbol (by several where the tables
skip a rule that only renames), so the states alone tell what stands on the stack.
"""

from collections.abc import Iterator
from functools import cache

from segdsl.syntax.automaton import ACTIONS, AFTER_CONDITION, AT_ONCE, END, EXPECTED, GOTOS, REFUSE, RULES, START

CONDITION = "condition"
"""The kind of a token that is a whole condition, as the lexer reads most of them."""


@cache
def _symbols() -> list[frozenset[str]]:
    """For each state the symbols by which it is entered."""
    found: list[set[str]] = [set() for _ in ACTIONS]
    for state, kinds in enumerate(EXPECTED):
        for kind in kinds:
            if 0 <= ACTIONS[state][kind] < AT_ONCE:
                found[ACTIONS[state][kind]].add(kind)
        for origin, target in GOTOS[state].items():
            found[target].add(origin)
    return [frozenset(symbols) for symbols in found]


class Stack:
    """The states of the parser, and for each the number of the token with which its symbol begins."""

    def __init__(self) -> None:
        self._states = [START]
        self._firsts = [0]

    def take(self, kind: str, number: int) -> bool:
        """Read a token; False when it cannot stand here."""
        states = self._states
        if kind == CONDITION:
            state = AFTER_CONDITION[states[-1]]
            return state >= 0 and self._push(state, number)
        self.settle(kind)
        action = ACTIONS[states[-1]].get(kind, REFUSE)
        if action < 0:
            return False
        return self._push(GOTOS[states[-1]][RULES[action - AT_ONCE][0]] if action >= AT_ONCE else action, number)

    def settle(self, kind: str) -> None:
        """Make the reductions that a token of the kind asks for: a `NAME` becomes a `name` before a sign."""
        states, firsts = self._states, self._firsts
        while REFUSE < (action := ACTIONS[states[-1]].get(kind, REFUSE)) < 0:
            origin, size, _ = RULES[~action]
            if origin == "start":
                return
            first = firsts[-size]
            del states[-size:], firsts[-size:]
            self._push(GOTOS[states[-1]][origin], first)

    def recover(self, number: int) -> None:
        """Count what was begun last as a whole condition."""
        states, firsts = self._states, self._firsts
        while AFTER_CONDITION[states[-1]] < 0 and len(states) > 1:
            states.pop()
            firsts.pop()
        self._push(AFTER_CONDITION[states[-1]], number)

    def _push(self, state: int, first: int) -> bool:
        self._states.append(state)
        self._firsts.append(first)
        return True

    def expected(self) -> frozenset[str]:
        """The kinds of token that can come next, exactly; a row of the tables names some that are refused later."""
        return frozenset(kind for kind in EXPECTED[self._states[-1]] if self._can_take(kind))

    def _can_take(self, kind: str) -> bool:
        height, above = len(self._states), list[int]()
        while True:
            action = ACTIONS[above[-1] if above else self._states[height - 1]].get(kind, REFUSE)
            if action >= 0 or action == REFUSE:
                return action != REFUSE
            origin, size, _ = RULES[~action]
            height -= max(0, size - len(above))
            del above[max(0, len(above) - size) :]
            above.append(GOTOS[above[-1] if above else self._states[height - 1]][origin])
            if above[-1] == END:
                return True

    def symbols(self) -> Iterator[tuple[frozenset[str], int]]:
        """From the top down: the names of each symbol, and the number of its first token."""
        names, states, firsts = _symbols(), self._states, self._firsts
        return ((names[states[at]], firsts[at]) for at in range(len(states) - 1, -1, -1))
