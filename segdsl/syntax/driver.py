"""The LALR automaton: reads tokens, keeps a stack of states, and calls an action for each rule it completes.

The textbook algorithm (Aho, Lam, Sethi, Ullman, *Compilers*, §4.5) on the tables that Lark made of the grammar. A word
of the language that a state cannot take is read as a name there; the tables are completed to that effect on import.
"""

from msgspec import Struct

from segdsl.syntax.actions import ACTIONS as BUILDERS
from segdsl.syntax.actions import Reading
from segdsl.syntax.lexer import WORDS, terminal
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

_BUILD = [(origin, size, BUILDERS.get(action)) for origin, size, action in RULES]
_AFTER_COMPARISON = [row.get("condition", -1) for row in GOTOS]
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
        origin, size, _ = _BUILD[~action]
        if size:
            del states[-size:]
        if origin == "start":
            return True
        states.append(GOTOS[states[-1]][origin])


def run(reading: Reading) -> Expression | Refusal:
    """The expression that the tokens of `reading` make, or where they stop making one."""
    state = START_STATE
    states = [state]
    values: list[object] = []
    for token, row in enumerate(reading.rows):
        name, operator, string, numeral, _, _, _ = row
        if operator:
            state = _AFTER_COMPARISON[state]
            if state < 0:
                return Refusal(token, states)
            if string:
                value: object = string[1:-1]
            elif numeral.isdigit() and len(numeral) < _SMALL:
                value = int(numeral)
            elif numeral[0] in "tTfF":
                value = numeral[0] in "tT"
            else:
                try:
                    value = number(numeral)
                except LiteralError:
                    return Refusal(token, states)
            states.append(state)
            values.append(Comparison(name, operator, value, token, token))
            continue
        kind = terminal(row)
        while True:
            action = ACTIONS[state].get(kind)
            if action is None:
                return Refusal(token, states)
            if action >= 0:
                state = action
                states.append(state)
                values.append(token)
                break
            origin, size, build = _BUILD[~action]
            if size == 1:
                values[-1] = build(reading, values[-1])
                states.pop()
            elif size:
                parts = values[-size:]
                del values[-size:], states[-size:]
                values.append(build(reading, *parts))
            else:
                values.append(build(reading))
            if origin == "start":
                return values[-1]
            state = GOTOS[states[-1]][origin]
            states.append(state)
    raise AssertionError("the end of the text is always taken or refused")
