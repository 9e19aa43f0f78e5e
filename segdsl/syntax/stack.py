"""The parser's stack without values: which tokens can come next, and which symbols are on the stack.

It runs on the tables of the parser. A state of an LALR automaton is entered by one symbol (by several where the tables
skip a rule that only renames), so the states alone determine the symbols.
"""

from collections.abc import Iterator
from functools import cache
from typing import Any

from msgspec import Struct

from segdsl.syntax.automaton import (
    ACTIONS,
    AFTER_CONDITION,
    AT_ONCE,
    END,
    EXPECTED,
    GOTOS,
    GROWTH,
    REFUSE,
    RULES,
    START,
)
from segdsl.syntax.lexer import KIND_OF_WORD


class Stack(Struct, frozen=True, eq=False):
    """The stack before a token: its states, as a list that shares its tail with the stack before.

    `first` is the number of the first token of the topmost symbol. A stack never changes, so a parse can go on from any
    earlier token.
    """

    state: int
    first: int
    below: "Stack | None"

    def after(self, kind: str, number: int) -> "Stack | None":
        """The stack after a token of that kind and number; None if it cannot be taken."""
        state = _TAKEN[self.state].get(kind)
        if state is not None:
            return Stack(state, number, self)
        stack = self.settled(kind)
        if stack.state == END:
            return stack
        state = _TAKEN[stack.state].get(kind)
        return None if state is None else Stack(state, number, stack)

    def settled(self, kind: str) -> "Stack":
        """The stack after the reductions before a token of the kind: a `NAME` becomes a `name` before a sign."""
        stack = self
        while stack.state != END and REFUSE < (action := ACTIONS[stack.state].get(kind, REFUSE)) < 0:
            origin, size, _ = RULES[~action]
            for _ in range(size - 1):
                stack = stack.below  # type: ignore[assignment]  # a rule is as long as the stack at most
            below: Any = stack.below
            stack = Stack(_renamed(below.state, GOTOS[below.state][origin], kind), stack.first, below)
        return stack

    def after_condition(self, number: int) -> "Stack | None":
        """The stack after a whole condition, which begins with the token `number`; None if none can come next."""
        return Stack(AFTER_CONDITION[self.state], number, self) if self.begins_condition else None

    def after_connected(self, connective: str, number: int) -> "Stack | None":
        """The stack after a connective and a whole condition: a list of conditions grows in one step."""
        kind = KIND_OF_WORD[connective.lower()]
        stack = self.settled(kind)
        origin = GROWTH[stack.state].get(connective)
        if origin is None or stack.below is None:
            connected = stack.after(kind, number)
            return connected and connected.after_condition(number)
        grown = GOTOS[stack.below.state][origin]
        return stack if grown == stack.state else Stack(grown, stack.first, stack.below)

    def before_condition(self) -> "Stack":
        """The stack before the condition that was begun last; this stack without one."""
        stack = self
        while not stack.begins_condition:
            assert stack.below is not None  # noqa: S101  for the type checker: the bottom begins a condition
            stack = stack.below
        return stack

    @property
    def begins_condition(self) -> bool:
        """Whether a condition can begin here."""
        return AFTER_CONDITION[self.state] >= 0

    def expected(self) -> frozenset[str]:
        """The terminals that can come next, exactly: the tables also name some that only lead to a later error."""
        return frozenset([kind for kind in EXPECTED[self.state] if self.takes(kind)])

    def takes(self, kind: str) -> bool:
        """Whether a token of the kind can come next: `after`, without making the stack."""
        state, below = self.state, self.below
        while REFUSE < (action := ACTIONS[state].get(kind, REFUSE)) < 0:
            origin, size, _ = RULES[~action]
            for _ in range(size - 1):
                assert below is not None  # noqa: S101  for the type checker: a rule is as long as the stack at most
                below = below.below
            assert below is not None  # noqa: S101  as above
            state = GOTOS[below.state][origin]
            if state == END:
                return True
        return action != REFUSE

    def symbols(self) -> Iterator[tuple[frozenset[str], int]]:
        """Yields from the top down the names of each symbol, and the number of its first token."""
        names = _names_of_symbols()
        stack: Stack | None = self
        while stack is not None:
            yield names[stack.state], stack.first
            stack = stack.below


@cache
def _renamed(below: int, state: int, kind: str) -> int:
    """The state after the reductions of one symbol before a token, on a stack with these two states on top."""
    while state != END and REFUSE < (action := ACTIONS[state].get(kind, REFUSE)) < 0 and RULES[~action][1] == 1:
        state = GOTOS[below][RULES[~action][0]]
    return state


@cache
def _names_of_symbols() -> list[frozenset[str]]:
    """For each state the symbols by which it is entered."""
    found: list[set[str]] = [set() for _ in ACTIONS]
    for state, kinds in enumerate(EXPECTED):
        for kind in kinds:
            if 0 <= ACTIONS[state][kind] < AT_ONCE:
                found[ACTIONS[state][kind]].add(kind)
        for origin, target in GOTOS[state].items():
            found[target].add(origin)
    return [frozenset(symbols) for symbols in found]


def _taken(row: dict[str, int], gotos: dict[str, int]) -> dict[str, int]:
    return {
        kind: action if action < AT_ONCE else gotos[RULES[action - AT_ONCE][0]]
        for kind, action in row.items()
        if action >= 0
    }


_TAKEN = [_taken(row, gotos) for row, gotos in zip(ACTIONS, GOTOS, strict=True)]
"""For each state the states after the tokens that can be taken without a reduction."""

EMPTY = Stack(START, 0, None)
