"""The driver's tables: Lark's (`tables.py`), extended on import in three ways that do not change the language.

- A word of the language that a state cannot take is a name there, as in `from == "ads"`.
- A token that can only become one phrase is reduced to it in one step.
- A conjunction grows in place by a whole condition, which saves half of the steps of a long one.
"""

from segdsl.syntax.actions import ACTIONS as BUILDERS
from segdsl.syntax.lexer import KIND_OF_WORD, WORDS
from segdsl.syntax.tables import ACTIONS as LARK_ACTIONS
from segdsl.syntax.tables import END, GOTOS, START
from segdsl.syntax.tables import RULES as LARK_RULES

__all__ = ["ACTIONS", "AFTER_CONDITION", "AT_ONCE", "END", "EXPECTED", "GOTOS", "GROWTH", "REFUSE", "RULES", "START"]

AT_ONCE = 10_000
"""Actions from this number on: read the token, and reduce by rule `action - AT_ONCE`.

Smaller: shift; negative: `~rule`.
"""

REFUSE = ~len(LARK_RULES)
"""The action of a terminal that a state cannot take."""

EXPECTED = [frozenset(row) for row in LARK_ACTIONS]
"""For each state the terminals that it can take as themselves."""

RULES = [(origin, size, BUILDERS[action or "pass_on"]) for origin, size, action in LARK_RULES]
"""For each rule: its symbol, the number of symbols that it reduces, and its action."""

AFTER_CONDITION = [row.get("condition", -1) for row in GOTOS]
"""For each state the state after a whole condition; -1 if a condition cannot come next."""


def _only_rule(state: int) -> int | None:
    """The rule by which a state reduces before any token; None if the state has another action."""
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
"""For each state its action for each terminal."""


def _growth(row: dict[str, int]) -> dict[str, str]:
    found = {}
    for word, kind in KIND_OF_WORD.items():
        after = AFTER_CONDITION[row[kind]] if row.get(kind, -1) >= 0 else -1
        rule = _only_rule(after) if after >= 0 else None
        if rule is not None and LARK_RULES[rule][2] in ("pair", "append"):
            found[word] = LARK_RULES[rule][0]
    return found


GROWTH = [_growth(row) for row in LARK_ACTIONS]
"""For each state, by connective, the list to which a whole condition after it is certainly added."""
