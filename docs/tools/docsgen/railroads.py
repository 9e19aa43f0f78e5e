"""Railroad diagrams of the syntax, made from the grammar file."""

from collections.abc import Iterator
from io import StringIO

import railroad

from docsgen.shapes import Alt, Many, Maybe, Ref, Seq, Shape, Word, shape_of, terminal
from segdsl.syntax.grammar import lark_parser

SHOWN = ("start", "disjunction", "conjunction", "negation", "condition", "COMPARE", "name", "value", "list", "clause")
"""The rules and terminals that have a diagram; all others are drawn where they are used."""

ERRORS = frozenset({"empty_list"})
"""Productions that exist in the grammar only for better errors."""

_TITLES = {
    "start": "expression",
    "COMPARE": "comparison",
    "NAME": "plain name",
    "PARAMETER": "$parameter",
    "DEFINITION": "@definition",
}
"""The names of rules and terminals in the diagrams, if different from those in the grammar."""

_STYLE = """
svg.railroad-diagram { background-color: #fcfcfa; }
svg.railroad-diagram path { stroke-width: 2; stroke: #4a5568; fill: none; }
svg.railroad-diagram text { font: 14px ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace;
  text-anchor: middle; white-space: pre; fill: #1a202c; }
svg.railroad-diagram text.label { text-anchor: start; }
svg.railroad-diagram g.terminal rect { stroke-width: 1.5; stroke: #2f6f4f; fill: #d9f0e3; }
svg.railroad-diagram g.non-terminal rect { stroke-width: 1.5; stroke: #3f51b5; fill: #e3e7fb; }
svg.railroad-diagram g.non-terminal text { font-style: italic; }
"""


def diagrams() -> Iterator[tuple[str, str]]:
    """Each shown rule's title, and its diagram as the text of an SVG file."""
    lark = lark_parser()
    terminals = {one.name: terminal(one.name, one.pattern.to_regexp()) for one in lark.terminals}
    rules: dict[str, list[tuple[str, ...]]] = {}
    for rule in sorted(lark.rules, key=lambda one: one.order):
        if rule.alias not in ERRORS:
            rules.setdefault(rule.origin.name, []).append(tuple(symbol.name for symbol in rule.expansion))
    for name in SHOWN:
        yield _title(name), svg(terminals.get(name) or shape_of(name, rules, terminals, SHOWN))


def svg(shape: Shape) -> str:
    """The diagram of one shape."""
    written = StringIO()
    railroad.Diagram(_drawn(shape), type="complex").writeStandalone(written.write, _STYLE)
    return written.getvalue() + "\n"


def _drawn(shape: Shape) -> railroad.DiagramItem:
    match shape:
        case Word(text):
            return railroad.Terminal(text)
        case Ref(name):
            return railroad.NonTerminal(_title(name))
        case Seq(parts):
            return railroad.Sequence(*map(_drawn, parts))
        case Alt(options):
            return railroad.Choice(0, *map(_drawn, options))
        case Maybe(item):
            return railroad.Optional(_drawn(item))
        case Many(item, separator):
            return railroad.OneOrMore(_drawn(item), _drawn(separator) if separator != Seq() else None)


def _title(name: str) -> str:
    return _TITLES.get(name, name.lower())
