"""The LALR automaton: reads tokens, keeps a stack of states, and calls an action for each rule it completes.

The textbook algorithm (Aho, Lam, Sethi, Ullman, *Compilers*, §4.5) on the tables that Lark makes from the grammar.
"""

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

from msgspec import Struct

from segdsl.catalogue import SIGNS
from segdsl.syntax import fused_conditions
from segdsl.syntax.actions import ParseContext, pass_on
from segdsl.syntax.automaton import (
    ACTIONS,
    AFTER_CONDITION,
    AT_ONCE,
    END,
    GOTOS,
    GROWTH,
    REFUSE,
    RULES,
    START,
)
from segdsl.syntax.lexer import KIND_OF_WORD, terminal
from segdsl.syntax.literals import LiteralError
from segdsl.syntax.nodes import Comparison, Condition, Expression


class UnexpectedToken(Struct, frozen=True):
    """Where parsing stopped: the number of the token that could not be taken."""

    token: int


def run(context: ParseContext) -> Expression | UnexpectedToken:
    """The expression of the tokens in `context`, or the place where parsing stopped."""
    states = [START]
    values: list[Any] = []
    state = token = 0
    try:
        for token, row in enumerate(context.rows):
            connective, low, name, operator, string, numeral, phrase, word, _, _ = row
            if not name:
                kind = KIND_OF_WORD.get(word) or terminal(row)
                state = _take(kind, token, context, states, values)
                if state == END:
                    expression: Expression = values[-1]
                    return expression
            else:
                condition: Condition
                if phrase:
                    condition = fused_conditions.phrase(name, phrase)
                else:
                    value = string[1:-1] if string else fused_conditions.numeral(numeral)
                    if low:
                        condition = fused_conditions.chain(low, name, operator, value)
                    else:
                        condition = Comparison(name, SIGNS[operator], value)
                if connective:
                    state = _take_connected(condition, connective, token, context, states, values)
                elif (state := AFTER_CONDITION[states[-1]]) >= 0:
                    values.append(condition)
                    states.append(state)
            if state < 0:
                return UnexpectedToken(token)
    except LiteralError:
        return UnexpectedToken(token)
    raise AssertionError("the end of the text is always accepted or refused")


def run_kinds(context: ParseContext, kinds: Iterable[str]) -> Expression:
    """The expression that tokens of these kinds make, which are known to make one; none is a fused condition."""
    states, values = [START], list[Any]()
    for token, kind in enumerate(kinds):
        if _take(kind, token, context, states, values) == END:
            expression: Expression = values[-1]
            return expression
    raise AssertionError("the parse without values took these tokens")


def _take_connected(
    condition: Condition, connective: str, token: int, context: ParseContext, states: list[int], values: list[Any]
) -> int:
    """The effect of shifting and reducing a connective and the tokens of a fused condition after it."""
    state = states[-1]
    grown = GROWTH[state].get(connective)
    if grown is None:
        state = _take(KIND_OF_WORD[connective.lower()], token, context, states, values)
        state = AFTER_CONDITION[state] if state >= 0 else REFUSE
        if state >= 0:
            values.append(condition)
            states.append(state)
    elif type(values[-1]) is list:
        values[-1].append(condition)
    else:
        values[-1] = [values[-1], condition]
        states[-1] = state = GOTOS[states[-2]][grown]
    return state


def _take(kind: str, token: int, context: ParseContext, states: list[int], values: list[Any]) -> int:
    """Completes the phrases that end before a token of the kind, and pushes the token; returns the next state.

    Negative if the token cannot be taken.
    """
    action = ACTIONS[states[-1]].get(kind, REFUSE)
    while action < 0:
        if action == REFUSE:
            return REFUSE
        origin, size, build = RULES[~action]
        if size == 1:
            builds, state, action = _completions(states[-2], states[-1], kind)
            for build in builds:
                values[-1] = build(context, values[-1])
            states[-1] = state
        else:
            parts = values[-size:]
            del values[-size:], states[-size:]
            values.append(build(context, *parts))
            state = GOTOS[states[-1]][origin]
            states.append(state)
            action = ACTIONS[state].get(kind, REFUSE)
        if state == END:
            return END
    if action >= AT_ONCE:
        origin, _, build = RULES[action - AT_ONCE]
        values.append(build(context, token))
        action = GOTOS[states[-1]][origin]
    else:
        values.append(token)
    states.append(action)
    return action


@cache
def _completions(below: int, state: int, kind: str) -> tuple[tuple[Callable[..., Any], ...], int, int]:
    """The effect of completing phrases of one part before a token of the kind.

    Returns the actions that build them, the state afterwards, and its action. They depend only on the kind and the two
    topmost states.
    """
    builds: list[Callable[..., Any]] = []
    action = ACTIONS[state][kind]
    while state != END and action < 0 and action != REFUSE and RULES[~action][1] == 1:
        origin, _, build = RULES[~action]
        if build is not pass_on:
            builds.append(build)
        state = GOTOS[below][origin]
        action = ACTIONS[state].get(kind, REFUSE)
    return tuple(builds), state, action
