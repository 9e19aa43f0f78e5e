"""The one place where SQL meets the rest of segdsl: a checked condition, its scope, and diagnostics about its parts."""

from collections.abc import Callable
from collections.abc import Mapping as Table
from typing import Any, TypeVar

from segdsl.diagnostics import Diagnostic
from segdsl.errors import CompileError
from segdsl.semantics.catalogue import BUILT_INS, Field, Kind, field_of
from segdsl.semantics.checker import Definitions, check
from segdsl.semantics.names import nearest
from segdsl.semantics.schema import Schema
from segdsl.semantics.typed import Predicate, TypedExpression
from segdsl.syntax import literals
from segdsl.syntax.fold import fold
from segdsl.syntax.nodes import And, Expression, Not, Or
from segdsl.syntax.parser import parse, read

__all__ = [
    "BUILT_INS", "Definitions", "Expression", "Field", "Kind", "Predicate", "Schema", "Table",
    "TypedExpression", "about", "about_scope", "field_named", "literals", "name_of", "nearest", "predicates",
    "pushed_down", "typed",
]  # fmt: skip

Result = TypeVar("Result")

_NAMESPACES = {Kind.PROPERTY: "user", Kind.CONVERSATION_PROPERTY: "conversation"}
_CLAUSES = ("during", "from_", "to", "products")


def typed(
    expression: Expression | str,
    schema: Schema | None = None,
    params: Table[str, Any] | None = None,
    definitions: Definitions | None = None,
) -> TypedExpression:
    """The expression with its names resolved, its parameters bound and its definitions in place.

    Raises `ParseError` for a text that is no expression, `CompileError` for one that is wrong in itself.
    """
    if not isinstance(expression, Expression):
        expression = parse(expression)
    checked, problems = check(expression, "expression", schema, params, definitions)
    if checked is None:
        raise CompileError(problems)
    return checked


def predicates(condition: Any) -> list[Predicate]:
    """The predicates of a typed condition, in the order of the text."""
    found: list[Predicate] = []
    fold(condition, found.append, lambda _node, _parts: None)
    return found


def pushed_down(
    condition: Any, leaf: Callable[[Predicate, bool], Result], join: Callable[[str, list[Result]], Result]
) -> Result:
    """The value of a typed condition from its predicates up, with every `not` moved down to them (De Morgan).

    `leaf` gives the value of a predicate, the second argument says whether it is negated; `join` that of an `AND` or
    `OR`. A walk without recursion.
    """
    done: list[Result] = []
    waiting: list[tuple[Any, bool, bool]] = [(condition, False, False)]
    while waiting:
        node, negated, ready = waiting.pop()
        kind = type(node)
        if kind is Not:
            waiting.append((node.operand, not negated, False))
        elif kind is not And and kind is not Or:
            done.append(leaf(node, negated))
        elif ready:
            parts = done[-len(node.operands) :]
            del done[-len(node.operands) :]
            done.append(join("AND" if (kind is And) is not negated else "OR", parts))
        else:
            waiting.append((node, negated, True))
            waiting.extend((operand, negated, False) for operand in reversed(node.operands))
    return done[0]


def about(predicate: Predicate, code: str, message: str, *help_: str, value: bool = False) -> Diagnostic:
    """A diagnostic that points at the predicate's name, or at its value."""
    positions, node = predicate.origin.positions, predicate.node
    span = positions.value(node, 0) if value else positions.name(node)
    return Diagnostic(code, message, span, predicate.origin.source, help_, predicate.origin.uses)


def about_scope(expression: TypedExpression, code: str, message: str, *help_: str) -> Diagnostic:
    """A diagnostic that points at the first scope clause."""
    origin = expression.origin
    clause = next(name for name in _CLAUSES if getattr(origin.expression, name))
    return Diagnostic(code, message, origin.positions.clause(clause), origin.source, help_)


def field_named(name: str) -> Field | None:
    """The field that a name (`plan`, `conversation.channel`, `user["2fa"]`) means; None for what is no name."""
    expression, _ = read(f"{name} == 1")
    if expression is None:
        return None
    node: Any = expression.condition
    written = getattr(node, "name", None)
    return field_of(written) if isinstance(written, str) and getattr(node, "operator", None) == "==" else None


def name_of(field: Field) -> str:
    """How an expression names the field, in its shortest spelling."""
    namespace = _NAMESPACES.get(field.kind)
    if namespace is None:
        return field.key
    for name in (field.key, f"{namespace}.{field.key}"):
        if field_named(name) == field:
            return name
    return f'{namespace}["{field.key}"]'
