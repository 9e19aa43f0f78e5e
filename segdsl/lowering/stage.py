"""The lowering as a whole: a typed expression → its normal form, or why there is none; and what is odd about it."""

from msgspec import Struct

from segdsl.diagnostics import Diagnostic
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
from segdsl.semantics.oddities import comment_oddities
from segdsl.semantics.oddities import oddities as value_oddities
from segdsl.semantics.typed import TypedExpression


class Lowering(Struct, frozen=True):
    """What became of a typed expression: its plan and normal form, as far as it got, and why it got no further."""

    plan: Plan | None
    form: NormalForm | TooMany | None
    problems: tuple[Diagnostic, ...]

    @property
    def conjunctions(self) -> tuple[tuple[Atom, ...], ...]:
        """One for each segment; none where there are problems."""
        return self.form.conjunctions if isinstance(self.form, NormalForm) and not self.problems else ()


def lower(typed: TypedExpression, ways_out: tuple[str, str], max_segments: int | None) -> Lowering:
    """The normal form of a typed expression, in one segment (`max_segments` None) or several; or why there is none.

    `ways_out` are the host's words for declaring an integer and for allowing several segments (see `refusals`).
    """
    positive, problems = push_negation_down(typed.condition)
    if problems:
        return Lowering(None, None, problems)
    planned = plan(positive)
    form = normal_form(planned, MAX_SEGMENTS if max_segments is None else max_segments)
    problem = _refusal(planned, form, typed, ways_out, max_segments)
    return Lowering(planned, form, (problem,) if problem else ())


def _refusal(
    planned: Plan,
    found: NormalForm | TooMany,
    typed: TypedExpression,
    ways_out: tuple[str, str],
    max_segments: int | None,
) -> Diagnostic | None:
    if isinstance(found, NormalForm) and not found.conjunctions:
        return never_matches(planned, typed)
    if max_segments is None and (isinstance(found, TooMany) or len(found.conjunctions) > 1):
        return needs_split(planned, found, typed, ways_out)
    return too_many(found, max_segments or MAX_SEGMENTS, typed) if isinstance(found, TooMany) else None


def findings(typed: TypedExpression, ways_out: tuple[str, str], max_segments: int | None) -> list[Diagnostic]:
    """Why a typed expression cannot be compiled, and what is odd about it."""
    predicates = required_predicates(typed.condition)
    counted = predicates is None or any(predicate.field.kind is Kind.COUNT for predicate in predicates)
    if predicates is not None and not counted and plain_conjunctions(typed.condition, max_segments or 1):
        # no two parts speak of one field, so none can be redundant; and only a count can be sure to hold
        return [*value_oddities(predicates), *comment_oddities(typed.origin.source)]
    lowering = lower(typed, ways_out, max_segments)
    return [*lowering.problems, *warnings_of(lowering), *comment_oddities(typed.origin.source)]


def warnings_of(lowering: Lowering) -> list[Diagnostic]:
    """What is odd about an expression that was lowered."""
    if lowering.plan is None:
        return []
    predicates = [choice.predicate for choice in leaves(lowering.plan.condition)]
    found = value_oddities(predicates)
    if isinstance(lowering.form, NormalForm) and lowering.form.conjunctions:
        found += condition_oddities(lowering.plan)
    return found
