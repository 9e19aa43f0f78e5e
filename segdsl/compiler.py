"""The pipeline: text → expression → typed expression → normal form → filters. All that is public about compiling."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from msgspec import Struct

from segdsl.diagnostics import Diagnostic
from segdsl.errors import CompileError
from segdsl.limits import MAX_SEGMENTS
from segdsl.lowering.atoms import Atom
from segdsl.lowering.joints import leaves
from segdsl.lowering.negation import push_negation_down
from segdsl.lowering.normal_form import NormalForm, TooMany, normal_form
from segdsl.lowering.oddities import oddities as condition_oddities
from segdsl.lowering.plain import plain_conjunctions, required_predicates
from segdsl.lowering.plan import Plan, plan
from segdsl.lowering.refusals import needs_split, never_matches, too_many
from segdsl.semantics.catalogue import Kind
from segdsl.semantics.checker import Definitions
from segdsl.semantics.checker import check as check_meaning
from segdsl.semantics.oddities import comment_oddities
from segdsl.semantics.oddities import oddities as value_oddities
from segdsl.semantics.schema import Schema
from segdsl.semantics.typed import TypedExpression
from segdsl.syntax.nodes import Expression
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
    conjunctions: Sequence[tuple[Atom, ...]] | None = plain_conjunctions(typed.condition, max_segments or 1)
    if conjunctions is None:
        lowering = lower(typed, host, max_segments)
        if lowering.problems:
            raise CompileError(lowering.problems)
        conjunctions = lowering.conjunctions
    return tuple([to_filters(conjunction, typed) for conjunction in conjunctions])


class Lowering(Struct, frozen=True):
    """What became of a typed expression: its plan and normal form, as far as it got, and why it got no further."""

    plan: Plan | None
    form: NormalForm | TooMany | None
    problems: tuple[Diagnostic, ...]

    @property
    def conjunctions(self) -> tuple[tuple[Atom, ...], ...]:
        """One for each segment; none where there are problems."""
        return self.form.conjunctions if isinstance(self.form, NormalForm) and not self.problems else ()


def lower(typed: TypedExpression, host: Host, max_segments: int | None) -> Lowering:
    """The normal form of a typed expression, in one segment (`max_segments` None) or several; or why there is none."""
    positive, problems = push_negation_down(typed.condition)
    if problems:
        return Lowering(None, None, problems)
    planned = plan(positive)
    form = normal_form(planned, MAX_SEGMENTS if max_segments is None else max_segments)
    problem = _refusal(planned, form, typed, host, max_segments)
    return Lowering(planned, form, (problem,) if problem else ())


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
    return check_for(PYTHON, text, schema, params, definitions, max_segments=max_segments)


def check_for(
    host: Host,
    text: str,
    schema: Schema | None = None,
    params: Mapping[str, Any] | None = None,
    definitions: Definitions | None = None,
    *,
    max_segments: int | None,
) -> tuple[Diagnostic, ...]:
    """`check`, for one segment when `max_segments` is None; with the advice that suits the host."""
    expression, problems = read(text)
    if expression is None:
        return problems
    typed, problems = check_meaning(expression, "expression", schema, params, definitions)
    if typed is None:
        return problems
    return in_order([*_findings(typed, host, max_segments), *comment_oddities(typed.origin.source)])


def _findings(typed: TypedExpression, host: Host, max_segments: int | None) -> list[Diagnostic]:
    """Why a typed expression cannot be compiled, and what is odd about it."""
    predicates = required_predicates(typed.condition)
    counted = predicates is None or any(predicate.field.kind is Kind.COUNT for predicate in predicates)
    if predicates is not None and not counted and plain_conjunctions(typed.condition, max_segments or 1):
        # no two parts speak of one field, so none can be redundant; and only a count can be sure to hold
        return value_oddities(predicates)
    lowering = lower(typed, host, max_segments)
    return [*lowering.problems, *warnings_of(lowering)]


def warnings_of(lowering: Lowering) -> list[Diagnostic]:
    """What is odd about an expression that was lowered."""
    if lowering.plan is None:
        return []
    predicates = [choice.predicate for choice in leaves(lowering.plan.condition)]
    found = value_oddities(predicates)
    if isinstance(lowering.form, NormalForm) and lowering.form.conjunctions:
        found += condition_oddities(lowering.plan)
    return found


def in_order(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Those about the expression itself first, each text's in its order, none twice."""
    unique = {(one.code, one.source, one.span, one.message): one for one in diagnostics}.values()
    return tuple(sorted(unique, key=lambda one: (one.source != "expression", one.source, one.span)))
