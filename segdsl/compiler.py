"""The pipeline: text → expression → typed expression → normal form → filters. All that is public about compiling."""

from collections.abc import Iterable, Mapping, Sequence
from importlib import import_module
from types import ModuleType
from typing import Any

from msgspec import Struct

from segdsl.diagnostics import Diagnostic
from segdsl.errors import CompileError
from segdsl.limits import MAX_DIAGNOSTICS, MAX_SEGMENTS
from segdsl.lowering.atoms import Atom
from segdsl.lowering.plain import plain_conjunctions
from segdsl.semantics.checker import Definitions
from segdsl.semantics.checker import check as check_meaning
from segdsl.semantics.schema import Schema
from segdsl.syntax.nodes import Expression
from segdsl.syntax.parser import parse, read
from segdsl.wire.emit import to_filters
from segdsl.wire.filters import Filters
from segdsl.wire.straight import straight_filters


class Host(Struct, frozen=True):
    """Where an expression is compiled from, as far as advice depends on it."""

    declare_integer: str
    allow_split: str

    @property
    def ways_out(self) -> tuple[str, str]:
        """What a `needs-split` diagnostic advises."""
        return self.declare_integer, self.allow_split


PYTHON = Host('declare `{key}` as "integer" in the schema', "take {count} segments with `segdsl.compile_all`")
CONFIG = Host('declare `{key} = "integer"` under [{table}]', "allow {count} segments with `split = true`")
COMMAND_LINE = Host('declare `{key} = "integer"` in the --schema file', "allow {count} segments with `--split`")


def compile(  # noqa: A001  the name that users know from `re` and the builtin
    expression: Expression | str,
    schema: Schema | None = None,
    params: Mapping[str, Any] | None = None,
    definitions: Definitions | None = None,
) -> Filters:
    """The one filters object that says the expression.

    Raises `ParseError` for a text that is no expression, and `CompileError` when it is wrong in itself, can be said by
    no rule (`not-expressible`), holds for nobody (`never-matches`), or needs several segments (`needs-split`).
    """
    return compile_for(PYTHON, expression, schema, params, definitions, max_segments=None)[0]


def compile_all(
    expression: Expression | str,
    schema: Schema | None = None,
    params: Mapping[str, Any] | None = None,
    definitions: Definitions | None = None,
    max_segments: int = MAX_SEGMENTS,
) -> tuple[Filters, ...]:
    """The filters objects whose union is the expression, as few as can be found, in the order of the text.

    Raises as `compile` does, but for more than `max_segments` segments `CompileError` with `too-many-segments`.
    """
    if max_segments < 1:
        raise ValueError("max_segments must be at least 1")
    return compile_for(PYTHON, expression, schema, params, definitions, max_segments=max_segments)


def compile_for(
    host: Host,
    expression: Expression | str,
    schema: Schema | None = None,
    params: Mapping[str, Any] | None = None,
    definitions: Definitions | None = None,
    *,
    max_segments: int | None,
) -> tuple[Filters, ...]:
    """`compile_all`, or, for `max_segments` None, `compile`; with the advice that suits the host."""
    if not isinstance(expression, Expression):
        expression = parse(expression)
    filters = straight_filters(expression, max_segments or 1, schema)
    if filters is not None:
        return filters
    typed, problems = check_meaning(expression, "expression", schema, params, definitions)
    if typed is None:
        raise CompileError(problems)
    limit = MAX_SEGMENTS if max_segments is None else max_segments
    conjunctions: Sequence[tuple[Atom, ...]] | None = plain_conjunctions(typed.condition, limit)
    if conjunctions is not None and len(conjunctions) > 1 and max_segments is None:
        from segdsl.lowering.refusals import plain_needs_split  # noqa: PLC0415  as the long way

        raise CompileError([plain_needs_split(conjunctions, typed, host.ways_out)])
    if conjunctions is None:
        lowering = _long_way().lower(typed, host.ways_out, max_segments)
        if lowering.problems:
            raise CompileError(lowering.problems)
        conjunctions = lowering.conjunctions
    return tuple([to_filters(conjunction, typed) for conjunction in conjunctions])


def _long_way() -> ModuleType:
    """The stage that lowers what is not plain, loaded when something needs it: most expressions do not."""
    return import_module("segdsl.lowering.stage")


def check(
    text: str,
    schema: Schema | None = None,
    params: Mapping[str, Any] | None = None,
    definitions: Definitions | None = None,
    max_segments: int = MAX_SEGMENTS,
) -> tuple[Diagnostic, ...]:
    """Everything that is wrong or odd about a text: errors and warnings, in its order. Empty when all is well.

    Never raises for a bad text; `max_segments` is how many segments it may become.
    """
    return check_for(PYTHON, text, schema, params, definitions, max_segments=max_segments)


def check_for(
    host: Host,
    expression: Expression | str,
    schema: Schema | None = None,
    params: Mapping[str, Any] | None = None,
    definitions: Definitions | None = None,
    *,
    max_segments: int | None,
) -> tuple[Diagnostic, ...]:
    """`check`, for one segment when `max_segments` is None; with the advice that suits the host."""
    if not isinstance(expression, Expression):
        parsed, problems = read(expression)
        if parsed is None:
            return problems
        expression = parsed
    typed, problems = check_meaning(expression, "expression", schema, params, definitions)
    if typed is None:
        return problems
    return in_order(_long_way().findings(typed, host.ways_out, max_segments))


def in_order(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Those about the expression itself first, each text's in its order, none twice."""
    unique = {(one.code, one.source_name, one.span, one.message): one for one in diagnostics}.values()
    ordered = sorted(unique, key=lambda one: (one.source_name != "expression", one.source_name, one.span))
    return tuple(ordered[:MAX_DIAGNOSTICS])
