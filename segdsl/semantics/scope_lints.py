"""Warnings about scope clauses: they choose conversations, and people take them for conditions on dates of users."""

from collections.abc import Iterator
from typing import Any

from segdsl.catalogue import Kind
from segdsl.diagnostics import Diagnostic, Edit, Fix
from segdsl.semantics.typed import Predicate, TypedExpression, leaves_of
from segdsl.source import Span
from segdsl.syntax.literals import instant, is_after, shortened
from segdsl.syntax.names import is_of_boolean
from segdsl.syntax.nodes import BareName, Between, Comparison, Date, Expression
from segdsl.syntax.printer import unparse

_OF_USERS = frozenset([Kind.PROPERTY, Kind.LAST_SEEN])
"""The kinds of fields that do not come from the chosen conversations, as docs/unknowns.md says."""


def scope_lints(typed: TypedExpression) -> Iterator[Diagnostic]:
    """All warnings about the scope clauses of an expression."""
    names = [name for name in ("during", "from_", "to", "products") if getattr(typed.origin.expression, name)]
    if not names:
        return
    source, clauses = typed.origin.source, {name: typed.origin.spans.clause(name) for name in names}
    whole = Span(min(clauses.values()).start, max(clauses.values(), key=lambda span: span.end).end)
    written = shortened(source.text[whole.start : whole.end])
    predicates = leaves_of(typed.condition)
    meant = _as_range(typed, predicates[-1], whole) if clauses.keys() <= {"from_", "to"} else None
    if {predicate.field.kind for predicate in predicates} <= _OF_USERS:
        what = "with that product" if clauses.keys() == {"products"} else "in that time"
        way = f"for users with a conversation {what}, add `conversationCount >= 1`"
        message = f"`{written}` chooses conversations, and no condition here is about conversations"
        yield Diagnostic.of("misplaced-clause", message, whole, source, *([meant] if meant else []), way)
    elif meant and type(predicates[-1].node) is Comparison:
        message = f"`{written}` chooses conversations; it is not the end of a range"
        yield Diagnostic.of("misplaced-clause", message, whole, source, meant)
    if "during" in clauses and not clauses.keys().isdisjoint(("from_", "to")):
        message = "`during` and dates together: it is not documented whether the API takes one of them or both"
        way = "keep `during`, or `from` and `to`"
        yield Diagnostic.of("two-periods", message, clauses["during"], source, way)


def _as_range(typed: TypedExpression, last: Predicate, whole: Span) -> Fix | None:
    """The fix of `renewal >= 2026-01-01 to 2026-03-31` and `renewal from 2026-01-01`; `last` is the last predicate."""
    origin = typed.origin
    if last.origin is not origin or last.field.kind is not Kind.PROPERTY:
        return None
    place = origin.spans.leaf(last.leaf)
    if not origin.source.text[place.end : whole.start].isspace():
        return None  # a parenthesis, or a comment
    meant = _range(last, typed.origin.expression)
    if meant is None or "#" in origin.source.text[whole.start : whole.end]:
        return None
    remark = f"if `{shortened(last.node.name)}` is a date, " if type(last.node) is BareName else ""
    text = unparse(meant)
    return Fix(f"{remark}write `{shortened(text, 80)}`", (Edit(Span(place.start, whole.end), text),))


def _range(last: Predicate, expression: Expression) -> Any:
    """The comparison with the dates that the clauses name; None if it is probably not meant."""
    node, low, high = last.node, _text(expression.from_), _text(expression.to)
    if isinstance(node, Comparison) and low is None and node.operator in ("==", ">="):
        low = _text(node.value)
        if low is None or high is None or is_after(low, high):
            return None
        is_date = isinstance(node.value, Date)
        return Between(node.name, *((Date(low), Date(high)) if is_date else (low, high)))
    if type(node) is not BareName or last.says.declared or is_of_boolean(node.name):
        return None
    if low and high:
        return Between(node.name, low, high)
    return Comparison(node.name, ">=", low) if low else Comparison(node.name, "<=", high) if high else None


def _text(value: Any) -> str | None:
    """The text of a date; None for anything else, such as a parameter."""
    if isinstance(value, Date):
        return value.text
    return value if isinstance(value, str) and instant(value) is not None else None
