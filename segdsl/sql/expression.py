"""The only link between SQL and the rest of segdsl: a checked condition, its scope, diagnostics about its parts."""

from collections.abc import Callable
from collections.abc import Mapping as Table
from typing import Any, TypeVar

from segdsl.catalogue import BUILT_INS, Field, Kind
from segdsl.compiler.decompile import decompile
from segdsl.compiler.pipeline import compiled
from segdsl.diagnostics import Diagnostic
from segdsl.errors import CompileError
from segdsl.limits import MAX_CONJUNCTIONS
from segdsl.semantics.advice import PYTHON
from segdsl.semantics.checker import check
from segdsl.semantics.definitions import Definitions as Declared
from segdsl.semantics.names import field_of, name_of, nearest
from segdsl.semantics.resolution import resolver_of
from segdsl.semantics.schema import UNCHECKED, Schema
from segdsl.semantics.typed import Predicate, TypedExpression, fold
from segdsl.semantics.typed import leaves_of as predicates
from segdsl.syntax import literals
from segdsl.syntax.nodes import And, Expression
from segdsl.syntax.parser import parse, parse_or_none
from segdsl.syntax.printer import unparse
from segdsl.wire.filters import Filters

__all__ = [
    "BUILT_INS", "Definitions", "Expression", "Field", "Kind", "Predicate", "Schema", "Table",
    "TypedExpression", "about", "about_scope", "field_named", "folded", "literals", "name_of", "nearest", "predicates",
    "rules_of", "terms", "typed", "typed_filters",
]  # fmt: skip

Result = TypeVar("Result")

_CLAUSES = ("during", "from_", "to", "products")


Definitions = Table[str, str | Expression]


def typed(
    expression: TypedExpression | Expression | str,
    schema: Schema | None = None,
    params: Table[str, Any] | None = None,
    definitions: Definitions | None = None,
) -> TypedExpression:
    """The expression with its names resolved, its parameters bound and its definitions inserted.

    Raises `ParseError` for a text that is not an expression, `CompileError` for an invalid expression.
    """
    if isinstance(expression, TypedExpression):
        return expression
    tree = expression if isinstance(expression, Expression) else parse(expression)
    checked, problems = check(tree, "expression", resolver_of(schema or UNCHECKED), params, Declared(definitions))
    if checked is None:
        raise CompileError(problems)
    return checked


def terms(
    expression: TypedExpression,
    schema: Schema | None = None,
    params: Table[str, Any] | None = None,
    definitions: Definitions | None = None,
) -> list[tuple[str, TypedExpression]]:
    """The conditions that must all hold in an expression, each with its text, as a separate expression."""
    whole = expression.origin.expression
    parts = whole.condition.operands if isinstance(whole.condition, And) else (whole.condition,)
    scope = (whole.during, whole.from_, whole.to, whole.products)
    return [(unparse(part), typed(Expression(part, *scope), schema, params, definitions)) for part in parts]


def rules_of(expression: TypedExpression) -> list[list[TypedExpression]]:
    """The rules of each segment that the expression compiles to, each as a separate expression.

    Raises `CompileError` for an expression that segments cannot express.
    """
    segments, problems = compiled(expression, MAX_CONJUNCTIONS, PYTHON)
    if problems:
        raise CompileError(problems)
    return [[typed_filters(Filters((rule,))) for rule in filters.rules] for filters in segments]


def typed_filters(filters: Filters) -> TypedExpression:
    """The filters of a segment, or of one part of it, as an expression."""
    return typed(decompile(filters))


def folded(condition: Any, leaf: Callable[[Predicate], Result], join: Callable[[str, list[Result]], Result]) -> Result:
    """The value of a typed condition from its predicates up; `join` returns that of an `AND` or `OR`. No recursion."""
    return fold(condition, leaf, lambda node, parts: join("AND" if node.every else "OR", parts))


def about(predicate: Predicate, code: str, message: str, *help_: str, value: bool = False) -> Diagnostic:
    """A diagnostic that points at the predicate's name, or at its value."""
    spans = predicate.origin.spans
    span = spans.value(predicate.leaf, predicate.bound) if value else spans.name(predicate.leaf)
    return Diagnostic(code, message, span, predicate.origin.source, help_)


def about_scope(expression: TypedExpression, code: str, message: str, *help_: str) -> Diagnostic:
    """A diagnostic that points at the first scope clause."""
    origin = expression.origin
    clause = next(name for name in _CLAUSES if getattr(origin.expression, name))
    return Diagnostic(code, message, origin.spans.clause(clause), origin.source, help_)


def field_named(name: str) -> Field | None:
    """The field that a name (`plan`, `conversation.channel`, `user["2fa"]`) means; None for an invalid name."""
    expression = parse_or_none(f"{name} == 1")
    if expression is None:
        return None
    node: Any = expression.condition
    written = getattr(node, "name", None)
    return field_of(written) if isinstance(written, str) and getattr(node, "operator", None) == "==" else None
