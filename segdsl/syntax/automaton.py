"""The tables that the driver runs on: Lark's (`tables.py`), completed on import in three ways that change no language.

- A word of the language that a state cannot take is a name there, as in `from == "ads"`.
- A token that can only become one phrase is taken as that phrase in one step.
- A conjunction grows in place by a whole condition, which saves half of the steps of a long one.
"""

from segdsl.syntax.actions import ACTIONS as BUILDERS
from segdsl.syntax.lexer import KIND_OF_WORD, WORDS
from segdsl.syntax.tables import ACTIONS as LARK_ACTIONS
from segdsl.syntax.tables import END, GOTOS, START
from segdsl.syntax.tables import RULES as LARK_RULES

__all__ = ["ACTIONS", "AFTER_CONDITION", "AT_ONCE", "END", "EXPECTED", "GOTOS", "GROWTH", "REFUSE", "RULES", "START"]

AT_ONCE = 10_000
"""Actions from here on: read the token, and reduce by rule `action - AT_ONCE`. Below: shift; below zero: `~rule`."""

REFUSE = ~len(LARK_RULES)
"""The action of a terminal that a state cannot take."""

EXPECTED = [frozenset(row) for row in LARK_ACTIONS]
"""For each state the terminals that it can take as what they are."""

RULES = [(origin, size, BUILDERS[action or "pass_on"]) for origin, size, action in LARK_RULES]
"""For each rule: what it makes, of how many symbols, and the action that makes it."""

AFTER_CONDITION = [row.get("condition", -1) for row in GOTOS]
"""For each state the one that a whole condition leads to; -1 where none can stand."""


def _only_rule(state: int) -> int | None:
    """The rule by which a state reduces whatever comes next; None when it can do anything else."""
    actions = set(LARK_ACTIONS[state].values())
    rule = ~actions.pop() if len(actions) == 1 else -1
    return rule if rule >= 0 else None


def _completed(row: dict[str, int]) -> dict[str, int]:
    if "NAME" in row:
        row = dict.fromkeys(set(WORDS.values()) - {"NOT", "TRUE", "FALSE"}, row["NAME"]) | row
    return {terminal: _in_one_step(action) for terminal, action in row.items()}


def _in_one_step(action: int) -> int:
    rule = _only_rule(action) if action >= 0 else None
    return AT_ONCE + rule if rule is not None and LARK_RULES[rule][1] == 1 else action


ACTIONS = [_completed(row) for row in LARK_ACTIONS]
"""For each state what to do with a terminal."""


def _growth(row: dict[str, int]) -> dict[str, str]:
    found = {}
    for word, kind in KIND_OF_WORD.items():
        after = AFTER_CONDITION[row[kind]] if row.get(kind, -1) >= 0 else -1
        rule = _only_rule(after) if after >= 0 else None
        if rule is not None and LARK_RULES[rule][2] in ("pair", "append"):
            found[word] = LARK_RULES[rule][0]
    return found


GROWTH = [_growth(row) for row in LARK_ACTIONS]
"""For each state the connectives after which a whole condition is sure to be put into a list: what that list is."""
