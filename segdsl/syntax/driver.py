"""The LALR automaton: reads tokens, keeps a stack of states, and calls an action for each rule it completes.

The textbook algorithm (Aho, Lam, Sethi, Ullman, *Compilers*, §4.5) on the tables that Lark made of the grammar.
"""

from typing import Any

from msgspec import Struct

from segdsl.syntax.actions import Reading
from segdsl.syntax.automaton import (
    ACTIONS,
    AFTER_COMPARISON,
    AT_ONCE,
    END,
    EXPECTED,
    GOTOS,
    GROWTH,
    REFUSE,
    RULES,
    START,
)
from segdsl.syntax.lexer import KIND_OF_WORD, terminal
from segdsl.syntax.literals import LiteralError, number
from segdsl.syntax.nodes import Comparison, Expression

_SMALL = 15  # digits: an integer that short needs no check of its size


class Refusal(Struct, frozen=True):
    """Where reading stopped: the number of the token that could not be taken, and the states that led there."""

    token: int
    states: list[int]


def acceptable(states: list[int]) -> set[str]:
    """The terminals that can come next, exactly: the tables alone also name some that only lead to a later refusal."""
    return {terminal for terminal in EXPECTED[states[-1]] if _accepts(states[:], terminal)}


def _accepts(states: list[int], terminal: str) -> bool:
    while True:
        action = ACTIONS[states[-1]].get(terminal)
        if action is None or action >= 0:
            return action is not None
        origin, size, _ = RULES[~action]
        del states[-size:]
        states.append(GOTOS[states[-1]][origin])
        if states[-1] == END:
            return True


def run(reading: Reading) -> Expression | Refusal:
    """The expression that the tokens of `reading` make, or where they stop making one."""
    state = START
    states = [state]
    values: list[Any] = []
    for token, row in enumerate(reading.rows):
        connective, name, operator, string, numeral, word, _, _ = row
        if operator:
            value = string[1:-1] if string else _number(numeral)
            if value is None:
                return Refusal(token, states)
            comparison = Comparison(name, operator, value, token, token)
        if connective and (state, connective) in GROWTH:
            state = _grow(comparison, GROWTH[state, connective], states, values)
            continue
        if connective or not operator:
            kind = KIND_OF_WORD.get(connective or word) or terminal(row)
            action = ACTIONS[state].get(kind, REFUSE)
            while action < 0:
                if action == REFUSE:
                    return Refusal(token, states)
                state = _reduce(~action, reading, states, values)
                if state == END:
                    expression: Expression = values[-1]
                    return expression
                action = ACTIONS[state].get(kind, REFUSE)
            if action >= AT_ONCE:
                origin, _, build = RULES[action - AT_ONCE]
                values.append(build(reading, token))
                state = GOTOS[state][origin]
            else:
                values.append(token)
                state = action
            states.append(state)
        if operator:
            # what shifting and reducing the three tokens of the comparison would come to
            state = AFTER_COMPARISON[state]
            if state < 0:
                return Refusal(token, states)
            values.append(comparison)
            states.append(state)
    raise AssertionError("the end of the text is always taken or refused")


def _reduce(rule: int, reading: Reading, states: list[int], values: list[Any]) -> int:
    """Put what a rule makes of the values on top of the stack in their place; the state to go on in."""
    origin, size, build = RULES[rule]
    if size == 1:
        values[-1] = build(reading, values[-1])
        states.pop()
    else:
        parts = values[-size:]
        del values[-size:], states[-size:]
        values.append(build(reading, *parts))
    state = GOTOS[states[-1]][origin]
    states.append(state)
    return state


def _grow(comparison: Comparison, grown: str, states: list[int], values: list[Any]) -> int:
    """Put a comparison into the list on top of the stack, or make one with what stands there; the state to go on in."""
    if type(values[-1]) is list:
        values[-1].append(comparison)
        return states[-1]
    values[-1] = [values[-1], comparison]
    states[-1] = GOTOS[states[-2]][grown]
    return states[-1]


def _number(text: str) -> int | float | bool | None:
    """The value of a number or boolean; None when it is out of range, which the explaining pass then says."""
    if len(text) < _SMALL and text.isdigit():
        return int(text)
    if text[0] in "tTfF":
        return text[0] in "tT"
    try:
        return number(text)
    except LiteralError:
        return None
