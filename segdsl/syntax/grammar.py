"""The grammar file, and the LALR tables that Lark makes from it.

Nothing here runs when expressions are parsed: `make tables` runs this file, which writes `tables.py` for the parser; a
test makes the tables again and compares. This file imports nothing of segdsl, because segdsl needs the tables. Lark
keeps them in a private attribute, which only this file reads.
"""

from collections import deque
from collections.abc import Callable, Iterable
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple

from lark import Lark
from lark.parsers.lalr_analysis import Shift


class Tables(NamedTuple):
    """The driver's tables. An action is the state to shift to or, if negative, `~rule` to reduce by."""

    terminals: dict[str, str]
    actions: list[dict[str, int]]
    gotos: list[dict[str, int]]
    rules: list[tuple[str, int, str]]
    start: int
    end: int


def grammar_text() -> str:
    """The text of `segdsl.lark`: from the checkout of this file, else from the installed package."""
    checkout = Path(__file__).parents[2] / "grammar" / "segdsl.lark"
    if checkout.is_file():
        return checkout.read_text(encoding="utf-8")
    return (files("segdsl") / "grammar" / "segdsl.lark").read_text(encoding="utf-8")


def lark_parser(**options: Any) -> Lark:
    """Lark's own LALR parser for the grammar: the reference, and the maker of the tables."""
    return Lark(grammar_text(), parser="lalr", lexer="contextual", maybe_placeholders=False, **options)


def make_tables() -> Tables:
    """The tables, numbered breadth-first from the start state so that they do not depend on the hash seed."""
    lark = lark_parser(keep_all_tokens=True)
    parse_table = lark.parser.parser._parse_table
    rules = sorted({(r.origin.name, tuple(s.name for s in r.expansion), r.alias or "") for r in lark.rules})
    rule_number = {(origin, expansion): number for number, (origin, expansion, _) in enumerate(rules)}
    numbering = _breadth_first(parse_table.states, parse_table.start_states["start"])
    actions: list[dict[str, int]] = [{} for _ in numbering]
    gotos: list[dict[str, int]] = [{} for _ in numbering]
    terminal_names = {terminal.name for terminal in lark.terminals} | {"$END"}
    for state, row in parse_table.states.items():
        for symbol, (kind, argument) in sorted(row.items()):
            if kind is Shift:
                target = gotos if symbol not in terminal_names else actions
                target[numbering[state]][symbol] = numbering[argument]
            else:
                reduced = (argument.origin.name, tuple(s.name for s in argument.expansion))
                actions[numbering[state]][symbol] = ~rule_number[reduced]
    _skip_unit_rules(actions, gotos, rules)
    return Tables(
        terminals={t.name: t.pattern.to_regexp() for t in sorted(lark.terminals, key=_lexing_order)},
        actions=actions,
        gotos=gotos,
        rules=[(str(origin), len(expansion), str(action)) for origin, expansion, action in rules],
        start=numbering[parse_table.start_states["start"]],
        end=numbering[parse_table.end_states["start"]],
    )


def _skip_unit_rules(
    actions: list[dict[str, int]], gotos: list[dict[str, int]], rules: list[tuple[str, tuple[str, ...], str]]
) -> None:
    """Skips states that can only reduce by a rule with one symbol (`negation: condition`).

    The accepted tokens stay the same: the next state refuses what the skipped one would have refused, at the same
    token.
    """
    passed_on: dict[int, str] = {}
    for state, row in enumerate(actions):
        reductions = set(row.values())
        if len(reductions) == 1 and not gotos[state] and (rule := ~reductions.pop()) >= 0:
            origin, expansion, action = rules[rule]
            if not action and len(expansion) == 1:
                passed_on[state] = origin
    for state in range(len(actions)):
        for row in (actions[state], gotos[state]):
            for symbol, target in row.items():
                while target in passed_on:
                    target = gotos[state][passed_on[target]]  # noqa: PLW2901  follow the chain to its end
                row[symbol] = target


def _lexing_order(terminal: Any) -> tuple[int, str]:
    return (-terminal.priority, terminal.name)


def _breadth_first(states: dict[Any, dict[str, tuple[Any, Any]]], start: Any) -> dict[Any, int]:
    numbering = {start: 0}
    waiting = deque([start])
    while waiting:
        for _, (kind, argument) in sorted(states[waiting.popleft()].items()):
            if kind is Shift and argument not in numbering:
                numbering[argument] = len(numbering)
                waiting.append(argument)
    return numbering


def tables_module(tables: Tables) -> str:
    """The source of `tables.py`."""
    parts = [
        '"""The LALR tables of grammar/segdsl.lark, as plain data. Generated: `make tables` writes it anew."""',
        "",
        "# fmt: off",
        "# ruff: noqa: E501",
        f"TERMINALS: dict[str, str] = {_lines(tables.terminals.items(), '{}', _pair)}",
        "",
        '"""For each state and terminal: the state to shift to or, below zero, `~rule` to reduce by."""',
        f"ACTIONS: list[dict[str, int]] = {_lines(tables.actions, '[]', repr)}",
        "",
        '"""For each state and what was reduced: the state to go on in."""',
        f"GOTOS: list[dict[str, int]] = {_lines(tables.gotos, '[]', repr)}",
        "",
        '"""For each rule: what it makes, of how many symbols, by which action."""',
        f"RULES: list[tuple[str, int, str]] = {_lines(tables.rules, '[]', repr)}",
        "",
        f"START = {tables.start}",
        f"END = {tables.end}",
    ]
    return "\n".join(parts) + "\n"


def _lines(items: Iterable[Any], brackets: str, write: Callable[[Any], str]) -> str:
    return brackets[0] + "\n" + "".join(f"    {write(item)},\n" for item in items) + brackets[1]


def _pair(item: tuple[str, str]) -> str:
    return f"{item[0]!r}: {item[1]!r}"


if __name__ == "__main__":
    Path(__file__).with_name("tables.py").write_text(tables_module(make_tables()), encoding="utf-8")
