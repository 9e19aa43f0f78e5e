"""The picture of one expression at each stage; the code computes each value from the one before."""

import json
from collections.abc import Iterable, Iterator
from html import escape
from typing import Any, NamedTuple

import msgspec

from segdsl.compiler.emit import to_filters
from segdsl.lowering.lower import lower
from segdsl.semantics import typed as conditions
from segdsl.semantics.checker import check
from segdsl.semantics.resolution import resolver_of
from segdsl.semantics.schema import Schema
from segdsl.semantics.typed import Predicate, leaves_of
from segdsl.semantics.wording import name_sentence
from segdsl.syntax.fold import fold
from segdsl.syntax.nodes import Expression
from segdsl.syntax.parser import parse
from segdsl.syntax.printer import unparse

TEXT = 'commercialIntent >= 0.6 and not (plan == "free" or seats < 10)'
SCHEMA = Schema(properties={"plan": ["free", "pro", "enterprise"], "seats": "integer"})

_WIDTH, _MARGIN, _STEP, _LINE, _HEAD, _GAP = 960, 20, 44, 18, 30, 34
_FONT = "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace"
_STYLE = f"""text {{ font: 13px {_FONT}; fill: #1a202c; white-space: pre }}
.verb {{ font-weight: bold; fill: #2f6f4f }} .place {{ fill: #718096 }}
.box {{ fill: #ffffff; stroke: #cbd5e0 }} .head {{ fill: #e8f3ec }}
.way {{ fill: none; stroke: #4a5568; stroke-width: 2 }}"""


class Stair(NamedTuple):
    """A stage: what it does, where in the package, and its result, in lines."""

    verb: str
    place: str
    lines: list[str]


def stairs() -> Iterator[Stair]:
    """The stages of the compiler, run one by one."""
    yield Stair("text", "the text", [TEXT])
    expression = parse(TEXT)
    yield Stair("parse", "segdsl/syntax: the tree", _tree(expression))
    typed, _ = check(expression, "expression", resolver_of(SCHEMA))
    assert typed is not None
    names = list(_names(leaves_of(typed.condition)))
    yield Stair("check", "segdsl/semantics: every name and literal known", names)
    yield Stair("", "`not` pushed down to the comparisons", _conditions(typed.condition))
    (conjunction,) = lower(typed.condition, 1).conjunctions
    lines = [json.dumps(msgspec.to_builtins(rule)) for rule in conjunction]
    yield Stair("lower", "segdsl/lowering: one conjunction of rules for each segment", lines)
    filters = to_filters(conjunction, typed).to_dict()
    rules = [json.dumps(rule) for rule in filters["rules"]]
    joined = [f"  {rule}{',' * (at < len(rules) - 1)}" for at, rule in enumerate(rules)]
    yield Stair("emit", "segdsl/compiler: the rules in their scope", ['{"rules": [', *joined, "]}"])
    yield Stair("create", "segdsl/remote: at most once, or an error", ["POST /segments"])


def picture() -> str:
    """The stairs as the text of an SVG file."""
    drawn: list[str] = []
    y = _MARGIN
    for number, stair in enumerate(stairs()):
        x = _MARGIN + number * _STEP
        if number:
            drawn.append(_way(x - _STEP + 20, y - _GAP, x, y + _HEAD / 2))
        drawn += _box(stair, x, y)
        y += _height(stair) + _GAP
    high = y - _GAP + _MARGIN
    title = f"How {escape(TEXT)} is compiled, step by step"
    arrow = (
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
        '<path d="M0 0L8 4L0 8z" fill="#4a5568"/></marker></defs>'
    )
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {high}" width="{_WIDTH}" height="{high}" '
            'role="img" xml:space="preserve">',
            f"<title>{title}</title>",
            f"<style>{_STYLE}</style>",
            arrow,
            f'<rect width="{_WIDTH}" height="{high}" rx="8" fill="#fcfcfa"/>',
            *drawn,
            "</svg>\n",
        ]
    )


def _box(stair: Stair, x: int, y: int) -> Iterator[str]:
    wide, high = _WIDTH - _MARGIN - x, _height(stair)
    yield f'<rect class="box" x="{x}" y="{y}" width="{wide}" height="{high}" rx="6"/>'
    yield f'<path class="head" d="M{x + 1} {y + _HEAD}v{8 - _HEAD}q0 -7 7 -7h{wide - 16}q7 0 7 7v{_HEAD - 8}z"/>'
    yield (
        f'<text x="{x + 12}" y="{y + 20}"><tspan class="verb">{escape(stair.verb)}</tspan>'
        f'<tspan class="place">  {escape(stair.place)}</tspan></text>'
    )
    for number, line in enumerate(stair.lines):
        yield f'<text x="{x + 12}" y="{y + _HEAD + 20 + number * _LINE}">{escape(line, quote=False)}</text>'


def _height(stair: Stair) -> int:
    return _HEAD + 14 + len(stair.lines) * _LINE


def _way(x: int, y: int, to_x: int, to_y: float) -> str:
    return f'<path class="way" d="M{x} {y}V{to_y:g}H{to_x - 1}" marker-end="url(#tip)"/>'


def _tree(expression: Expression) -> list[str]:
    return fold(
        expression.condition,
        lambda leaf: [unparse(leaf)],
        lambda node, parts: _branch(type(node).__name__, parts),
    )


def _conditions(positive: Any) -> list[str]:
    return conditions.fold(
        positive,
        lambda leaf: [f"{leaf.field.key} {leaf.operator} {json.dumps(leaf.value)}"],
        lambda node, parts: _branch("every" if node.every else "any", parts),
    )


def _branch(name: str, parts: list[list[str]]) -> list[str]:
    """A node's parts as lines under its name."""
    *others, last = parts
    lines = [name]
    for part in others:
        lines += [f"├─ {part[0]}", *(f"│  {line}" for line in part[1:])]
    return [*lines, f"└─ {last[0]}", *(f"   {line}" for line in last[1:])]


def _names(predicates: Iterable[Predicate]) -> Iterator[str]:
    """The meaning of each name, in the words of `segdsl explain`."""
    names = [predicate.node.name for predicate in predicates]
    longest = max(map(len, names))
    return (f"{name:<{longest}}  {name_sentence(name, SCHEMA)}" for name in names)
