"""`not` pushed down to the predicates, where the operators take it up (De Morgan holds in Kleene's logic)."""

from typing import Any

from msgspec.structs import replace

from segdsl.diagnostics import Diagnostic
from segdsl.lowering.joints import Joint
from segdsl.semantics.catalogue import Kind
from segdsl.semantics.typed import Predicate
from segdsl.syntax.nodes import And, Not, Or

OPPOSITES = {
    "==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">",
    "in": "not in", "not in": "in", "within": "before", "before": "within",
}  # fmt: skip


def push_negation_down(condition: Any) -> tuple[Any, tuple[Diagnostic, ...]]:
    """The condition as `Joint`s over predicates, without a `not`; and what cannot be said for lack of an opposite."""
    problems: list[Diagnostic] = []
    done: list[Any] = []
    waiting: list[tuple[Any, bool, int]] = [(condition, False, -1)]
    while waiting:
        node, negated, count = waiting.pop()
        kind = type(node)
        if count >= 0:
            parts = tuple(done[len(done) - count :])
            del done[len(done) - count :]
            done.append(Joint((kind is And) is not negated, parts, node))
        elif kind is Not:
            waiting.append((node.operand, not negated, -1))
        elif kind is And or kind is Or:
            waiting.append((node, negated, len(node.operands)))
            waiting.extend((operand, negated, -1) for operand in reversed(node.operands))
        elif not negated:
            done.append(node)
        else:
            done.append(_opposite(node, problems))
    return done[0], tuple(sorted(problems, key=lambda problem: (problem.source_name, problem.span)))


def _opposite(predicate: Predicate, problems: list[Diagnostic]) -> Predicate:
    operator = OPPOSITES.get(predicate.operator)
    if operator is None:
        problems.append(_no_opposite(predicate))
        return predicate
    return replace(predicate, operator=operator)


def _no_opposite(predicate: Predicate) -> Diagnostic:
    what = "conversation" if predicate.field.kind is Kind.CONVERSATION_PROPERTY else "user"
    origin = predicate.origin
    span = origin.positions.around(origin.positions.node(predicate.node))
    message = f"the API cannot say that a {what} property does not contain a text"
    help_ = "say which values are meant (`in`, `==`), or which are not (`!=`, `not in`)"
    return Diagnostic("not-expressible", message, span, origin.source, (help_,), origin.uses)
