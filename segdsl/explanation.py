"""How an expression is understood: its tree in words, what each name stands for, its normal form and its rules."""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from segdsl import compiler
from segdsl.compiler import Host
from segdsl.diagnostics import Diagnostic
from segdsl.limits import MAX_SEGMENTS
from segdsl.lowering.stage import lower
from segdsl.semantics.checker import check
from segdsl.semantics.schema import Schema
from segdsl.semantics.wording import Sentence, name_sentence, scope_sentences, sentence
from segdsl.syntax.fold import fold
from segdsl.syntax.nodes import Condition, Expression, Reference
from segdsl.syntax.parser import parse, read
from segdsl.syntax.printer import unparse
from segdsl.wire.decompile import decompile
from segdsl.wire.emit import to_filters
from segdsl.wire.filters import Filters


class Definition(Struct, frozen=True):
    """A definition that the expression uses, by way of others too."""

    name: str
    expression: str
    says: Sentence


class Name(Struct, frozen=True):
    """A name as it is written, and what it was taken for, in words."""

    name: str
    means: str


class SegmentMeaning(Struct, frozen=True):
    """One segment: its condition in normal form, the filters, and the names of all that a member must have."""

    expression: str
    filters: Filters
    needs: tuple[str, ...]


class Explanation(Struct, frozen=True):
    """Everything that can be told about an expression.

    `scope` says which conversations count. There are no `segments`, and no `names`, when there are errors among the
    `diagnostics`; `split` says why one segment is not enough, if so.
    """

    expression: str
    says: Sentence
    scope: tuple[str, ...]
    definitions: tuple[Definition, ...]
    names: tuple[Name, ...]
    segments: tuple[SegmentMeaning, ...]
    split: Diagnostic | None
    diagnostics: tuple[Diagnostic, ...]


def explain(
    host: Host,
    text: str,
    schema: Schema | None = None,
    params: Mapping[str, Any] | None = None,
    definitions: Mapping[str, str] | None = None,
    *,
    max_segments: int = MAX_SEGMENTS,
) -> Explanation:
    """The explanation of a text that parses; what is wrong with it otherwise is told as diagnostics.

    Raises `ParseError` for a text that is no expression.
    """
    expression = parse(text)
    used = _used_definitions(expression.condition, definitions or {})
    found = compiler.check_for(host, text, schema, params, definitions, max_segments=max_segments)
    typed, _ = check(expression, "expression", schema, params, definitions)
    lowering = lower(typed, host.ways_out, max_segments) if typed else None
    filters = [to_filters(one, typed) for one in lowering.conjunctions] if lowering and typed else []
    split = compiler.check_for(host, text, schema, params, definitions, max_segments=None) if len(filters) > 1 else ()
    conditions = [expression.condition, *(one.condition for one in used.values())]
    return Explanation(
        expression=unparse(expression),
        says=sentence(expression.condition, params),
        scope=scope_sentences(expression, params),
        definitions=tuple(
            Definition(name, unparse(one.condition), sentence(one.condition, params)) for name, one in used.items()
        ),
        names=tuple(Name(name, name_sentence(name, schema)) for name in _names(conditions)) if typed else (),
        segments=tuple(_meaning(one) for one in filters),
        split=next((one for one in split if one.code == "needs-split"), None),
        diagnostics=found,
    )


def _meaning(filters: Filters) -> SegmentMeaning:
    condition = decompile(filters).condition
    return SegmentMeaning(unparse(condition), filters, tuple(_names([condition])))


def _names(conditions: list[Condition]) -> list[str]:
    """The names in the conditions, each once, in their order."""
    names: dict[str, None] = {}
    for condition in conditions:
        fold(condition, lambda leaf: _note(leaf, names), lambda _node, _operands: None)
    return list(names)


def _note(leaf: Any, names: dict[str, None]) -> None:
    if not isinstance(leaf, Reference):
        names[leaf.name] = None


def _used_definitions(condition: Condition, definitions: Mapping[str, str]) -> dict[str, Expression]:
    """The definitions that a condition uses, as far as there are any and they parse, in the order of their use."""
    used: dict[str, Expression] = {}
    waiting = _references(condition)
    while waiting:
        name = waiting.pop(0)
        expression = read(definitions[name], f"@{name}")[0] if name in definitions and name not in used else None
        if expression is not None:
            used[name] = expression
            waiting += _references(expression.condition)
    return used


def _references(condition: Condition) -> list[str]:
    names: list[str] = []
    fold(condition, lambda leaf: names.append(leaf.name) if isinstance(leaf, Reference) else None, lambda *_: None)
    return list(dict.fromkeys(names))
