"""How an expression is understood: its tree in words, what each name stands for, its normal form and its rules."""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from segdsl.compiler.decompile import decompiled
from segdsl.diagnostics import Diagnostic
from segdsl.semantics.definitions import Definitions
from segdsl.semantics.schema import Schema
from segdsl.semantics.wording import Sentence, name_sentence, scope_sentences, sentence
from segdsl.syntax.fold import leaves
from segdsl.syntax.nodes import Condition, Expression, Reference
from segdsl.syntax.printer import unparse
from segdsl.wire.filters import Filters


class Definition(Struct, frozen=True):
    """A definition that the expression uses, directly or through others."""

    name: str
    expression: str
    says: Sentence


class Name(Struct, frozen=True):
    """A name as it is written, and its meaning in words."""

    name: str
    means: str


class SegmentMeaning(Struct, frozen=True):
    """One segment: its condition in normal form, the filters, and the names of the fields that a member must have."""

    expression: str
    filters: Filters
    needs: tuple[str, ...]


class Explanation(Struct, frozen=True):
    """How an expression is understood.

    `scope` says which conversations count. `segments` and `names` are empty if the `diagnostics` hold an error; `split`
    is the reason if one segment is not enough.
    """

    expression: str
    says: Sentence
    scope: tuple[str, ...]
    definitions: tuple[Definition, ...]
    names: tuple[Name, ...]
    segments: tuple[SegmentMeaning, ...]
    split: Diagnostic | None
    diagnostics: tuple[Diagnostic, ...]


class Analysis(Struct, frozen=True):
    """An environment's findings about an expression; `one_segment` holds its diagnostics if only one is allowed."""

    is_typed: bool
    filters: tuple[Filters, ...]
    diagnostics: tuple[Diagnostic, ...]
    one_segment: tuple[Diagnostic, ...]


def explained(
    expression: Expression,
    found: Analysis,
    schema: Schema,
    definitions: Definitions,
    params: Mapping[str, Any] | None,
) -> Explanation:
    """The explanation of an expression, from the findings about it."""
    used = _used_definitions(expression.condition, definitions)
    conditions = [expression.condition, *(one.condition for one in used.values())]
    of_conversations = definitions.of_conversations(leaves(expression.condition))
    return Explanation(
        expression=unparse(expression),
        says=sentence(expression.condition, params, of_conversations),
        scope=scope_sentences(expression, params),
        definitions=tuple(
            Definition(name, unparse(one.condition), sentence(one.condition, params, of_conversations))
            for name, one in used.items()
        ),
        names=tuple(Name(name, name_sentence(name, schema)) for name in _names(conditions)) if found.is_typed else (),
        segments=tuple(_meaning(one, schema) for one in found.filters),
        split=next((one for one in found.one_segment if one.code == "needs-split"), None),
        diagnostics=found.diagnostics,
    )


def _meaning(filters: Filters, schema: Schema) -> SegmentMeaning:
    condition = decompiled(filters, schema).condition
    return SegmentMeaning(unparse(condition), filters, tuple(_names([condition])))


def _names(conditions: list[Condition]) -> list[str]:
    """The names in the conditions, each once, in their order."""
    found = [leaf.name for condition in conditions for leaf in leaves(condition) if not isinstance(leaf, Reference)]
    return list(dict.fromkeys(found))


def _used_definitions(condition: Condition, definitions: Definitions) -> dict[str, Expression]:
    """The definitions that a condition uses and that parse, in the order of their use."""
    used: dict[str, Expression] = {}
    waiting = _references(condition)
    for name in waiting:
        origin = definitions.origin(name) if name in definitions and name not in used else None
        if origin is not None:
            used[name] = origin.expression
            waiting += _references(origin.expression.condition)
    return used


def _references(condition: Condition) -> list[str]:
    return list(dict.fromkeys(leaf.name for leaf in leaves(condition) if isinstance(leaf, Reference)))
