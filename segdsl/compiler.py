"""The pipeline: text → expression → typed expression → normal form → filters. Everything that is public about compiling."""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from segdsl.diagnostics import Diagnostic
from segdsl.errors import CompileError, ParseError
from segdsl.limits import MAX_SEGMENTS
from segdsl.lowering.atoms import Atom, single_atom
from segdsl.lowering.negation import push_negation_down
from segdsl.lowering.normal_form import NormalForm, TooMany, normal_form
from segdsl.lowering.plan import Plan, plan
from segdsl.lowering.refusals import needs_split, never_matches, too_many
from segdsl.semantics.checker import Definitions
from segdsl.semantics.checker import check as check_meaning
from segdsl.semantics.schema import Schema
from segdsl.semantics.typed import Predicate, TypedExpression
from segdsl.syntax.nodes import And, Expression
from segdsl.syntax.parser import parse, read
from segdsl.wire.emit import to_filters
from segdsl.wire.filters import Filters


class Host(Struct, frozen=True):
    """Where an expression is compiled from, as far as advice depends on it."""

    declare_integer: str
    allow_split: str

    @property
    def ways_out(self) -> tuple[str, str]:
        """What a `needs-split` diagnostic advises."""
        return self.declare_integer, self.allow_split


PYTHON = Host('declare `{key}` as "integer" in the schema', "or take {count} segments with `segdsl.compile_all`")
CONFIG = Host('declare `{key} = "integer"` under [{table}]', "or allow {count} segments with `split = true`")
COMMAND_LINE = Host('declare `{key} = "integer"` in the --schema file', "or allow {count} segments with `--split`")


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
    typed, problems = check_meaning(expression, "expression", schema, params, definitions)
    if typed is None:
        raise CompileError(problems)
    atoms = _plain_conjunction(typed.condition)
    if atoms is not None:
        return (to_filters(atoms, typed),)
    conjunctions, problems = _lower(typed, host, max_segments)
    if problems:
        raise CompileError(problems)
    return tuple(to_filters(conjunction, typed) for conjunction in conjunctions)


def _plain_conjunction(condition: Any) -> list[Atom] | None:
    """The atoms of a condition that is a conjunction as it stands: one rule for each part, and no field twice."""
    parts = condition.operands if type(condition) is And else (condition,)
    atoms = []
    for part in parts:
        atom = single_atom(part) if type(part) is Predicate else None
        if atom is None:
            return None
        atoms.append(atom)
    return atoms if len({atom.field for atom in atoms}) == len(atoms) else None


def _lower(
    typed: TypedExpression, host: Host, max_segments: int | None
) -> tuple[tuple[tuple[Atom, ...], ...], tuple[Diagnostic, ...]]:
    """The conjunctions, or why there are none."""
    positive, problems = push_negation_down(typed.condition)
    if problems:
        return (), problems
    planned = plan(positive)
    found = normal_form(planned, MAX_SEGMENTS if max_segments is None else max_segments)
    problem = _refusal(planned, found, typed, host, max_segments)
    if problem is not None or isinstance(found, TooMany):
        return (), (problem,) if problem else ()
    return found.conjunctions, ()


def _refusal(
    planned: Plan, found: NormalForm | TooMany, typed: TypedExpression, host: Host, max_segments: int | None
) -> Diagnostic | None:
    if isinstance(found, NormalForm) and not found.conjunctions:
        return never_matches(planned, typed)
    if max_segments is None and (isinstance(found, TooMany) or len(found.conjunctions) > 1):
        return needs_split(planned, found, typed, host.ways_out)
    return too_many(found, max_segments or MAX_SEGMENTS, typed) if isinstance(found, TooMany) else None


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
    expression, problems = read(text)
    if expression is None:
        return problems
    typed, problems = check_meaning(expression, "expression", schema, params, definitions)
    if typed is None:
        return problems
    _, problems = _lower(typed, PYTHON, max_segments)
    return problems


__all__ = ["COMMAND_LINE", "CONFIG", "PYTHON", "Host", "ParseError", "check", "compile", "compile_all", "compile_for"]
