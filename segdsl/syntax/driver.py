"""The LALR automaton: reads tokens, keeps a stack of states, and calls an action for each rule it completes.

The textbook algorithm (Aho, Lam, Sethi, Ullman, *Compilers*, §4.5) on the tables that Lark made of the grammar. A word
of the language that a state cannot take is read as a name there; the tables are completed to that effect on import.
"""

from typing import Any

from msgspec import Struct

from segdsl.syntax.actions import ACTIONS as BUILDERS
from segdsl.syntax.actions import Reading
from segdsl.syntax.lexer import KIND_OF_WORD, WORDS, terminal
from segdsl.syntax.literals import LiteralError, number
from segdsl.syntax.nodes import Comparison, Expression
from segdsl.syntax.tables import ACTIONS, GOTOS, RULES
from segdsl.syntax.tables import START as START_STATE

EXPECTED = [frozenset(row) for row in ACTIONS]
"""For each state the terminals that it can take, before words become names."""

for _row in ACTIONS:
    if "NAME" in _row:
        for _word in set(WORDS.values()) - {"NOT", "TRUE", "FALSE"}:
            _row.setdefault(_word, _row["NAME"])

_AFTER_COMPARISON = [row.get("condition", -1) for row in GOTOS]
_LISTS = {(origin, size): action for origin, size, action in RULES if action in ("pair", "append")}


def _growth() -> dict[tuple[int, str], str]:
    """For each state and connective after which a whole comparison is sure to be put into a list: what that list is.

    Sure, because the state then reached can do nothing else, whatever comes next.
    """
    found = {}
    for state, row in enumerate(ACTIONS):
        for kind in ("AND", "OR"):
            after = _AFTER_COMPARISON[row[kind]] if row.get(kind, -1) >= 0 else -1
            reductions = set(ACTIONS[after].values()) if after >= 0 else set()
            if len(reductions) == 1 and (rule := ~reductions.pop()) >= 0 and RULES[rule][:2] in _LISTS:
                found[state, kind] = RULES[rule][0]
    return found


def _reduce_at_once() -> None:
    """Let a token that makes a whole phrase by itself be taken as that phrase, where nothing else can become of it.

    The state that such a token leads to can only reduce by its one-token rule, so it need not be entered.
    """
    alone = {}
    for state, row in enumerate(ACTIONS):
        reductions = set(row.values())
        if len(reductions) == 1 and (rule := ~reductions.pop()) >= 0 and RULES[rule][1] == 1 and RULES[rule][2]:
            alone[state] = rule
    for row in ACTIONS:
        for terminal_, action in row.items():
            if action in alone:
                row[terminal_] = _AT_ONCE + alone[action]


_AT_ONCE = 10_000  # actions from here on: read the token, and reduce by rule `action - _AT_ONCE`
_RULES = [(origin, size, BUILDERS[action] if action else None) for origin, size, action in RULES]
_GROWTH = _growth()
_reduce_at_once()
_NONE = ~len(RULES)  # the action of a terminal that a state cannot take
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
        origin, size, _ = _RULES[~action]
        if size:
            del states[-size:]
        if origin == "start":
            return True
        states.append(GOTOS[states[-1]][origin])


def run(reading: Reading) -> Expression | Refusal:
    """The expression that the tokens of `reading` make, or where they stop making one."""
    state = START_STATE
    states = [state]
    values: list[Any] = []
    for token, row in enumerate(reading.rows):
        connective, name, operator, string, numeral, word, _, _ = row
        if connective and (grown := _GROWTH.get((state, KIND_OF_WORD.get(connective, "")))):
            value = string[1:-1] if string else _number(numeral)
            if value is None:
                return Refusal(token, states)
            comparison = Comparison(name, operator, value, token, token)
            if type(values[-1]) is list:
                values[-1].append(comparison)
            else:
                values[-1] = [values[-1], comparison]
                states.pop()
                state = GOTOS[states[-1]][grown]
                states.append(state)
            continue
        if connective or not operator:
            kind = KIND_OF_WORD.get(connective or word) or terminal(row)
            action = ACTIONS[state].get(kind, _NONE)
            while action < 0:
                if action == _NONE:
                    return Refusal(token, states)
                origin, size, build = _RULES[~action]
                if size == 1:
                    states.pop()
                    if build is not None:
                        values[-1] = build(reading, values[-1])
                else:
                    parts = values[-size:]
                    del values[-size:], states[-size:]
                    values.append(build(reading, *parts))
                if origin == "start":
                    expression: Expression = values[-1]
                    return expression
                state = GOTOS[states[-1]][origin]
                states.append(state)
                action = ACTIONS[state].get(kind, _NONE)
            if action >= _AT_ONCE:
                origin, _, build = _RULES[action - _AT_ONCE]
                values.append(build(reading, token))
                state = GOTOS[state][origin]
            else:
                values.append(token)
                state = action
            states.append(state)
        if operator:
            # a whole comparison: what shifting and reducing its three tokens would come to
            state = _AFTER_COMPARISON[state]
            value = string[1:-1] if string else _number(numeral)
            if state < 0 or value is None:
                return Refusal(token, states)
            states.append(state)
            values.append(Comparison(name, operator, value, token, token))
    raise AssertionError("the end of the text is always taken or refused")


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
