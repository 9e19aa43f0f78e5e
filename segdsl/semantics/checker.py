"""Expression + schema → typed expression: every name resolved, every literal fit, parameters and definitions in place.

All problems are found in one walk, as values; nothing is raised here.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from msgspec import Struct

from segdsl.diagnostics import Diagnostic, Note
from segdsl.limits import MAX_CONDITIONS, MAX_DIAGNOSTICS
from segdsl.semantics import parameters
from segdsl.semantics.catalogue import Kind
from segdsl.semantics.fitting import misfit, undeclared, wire_value
from segdsl.semantics.names import nearest
from segdsl.semantics.parameters import Parameters, UnfitParameterError
from segdsl.semantics.schema import UNCHECKED, Schema
from segdsl.semantics.signatures import SIGNATURES, Objection, example, signature, without_operator
from segdsl.semantics.typed import Origin, Predicate, TypedExpression
from segdsl.source import Span
from segdsl.syntax import literals
from segdsl.syntax.fold import fold, leaves
from segdsl.syntax.literals import shortened
from segdsl.syntax.nodes import (
    MIRRORED,
    UNBOUNDED,
    And,
    BareName,
    Between,
    Chain,
    Comparison,
    Condition,
    Date,
    Expression,
    Not,
    Parameter,
    Reference,
)
from segdsl.syntax.parser import read

Definitions = Mapping[str, str | Expression]


def check(
    expression: Expression,
    name: str = "expression",
    schema: Schema | None = None,
    params: Parameters | None = None,
    definitions: Definitions | None = None,
) -> tuple[TypedExpression | None, tuple[Diagnostic, ...]]:
    """The typed expression, or None and everything that is wrong with it, in the order of the text."""
    checker = _Checker(schema or UNCHECKED, params or {}, definitions or {})
    origin = Origin(expression, name)
    if expression.text is None or "@" in expression.text:
        checker.check_definitions(expression, origin)
    condition = checker.condition(expression.condition, origin)
    typed = checker.scoped(expression, condition, origin)
    if checker.problems:
        return None, _in_order(checker.problems, name)
    return typed, ()


def _in_order(problems: list[Diagnostic], name: str) -> tuple[Diagnostic, ...]:
    unique = {(p.code, p.source_name, p.span, p.message): p for p in problems}.values()
    return tuple(sorted(unique, key=lambda p: (p.source_name != name, p.source_name, p.span))[:MAX_DIAGNOSTICS])


_CLAUSES = ("during", "from_", "to", "products")
_SIMPLE = frozenset([str, int, float, bool])


class _Definition(Struct, frozen=True):
    """A definition that was checked: its condition (None when broken) and how many predicates it expands to."""

    condition: Any
    size: int


_BROKEN = _Definition(None, 0)
_SHOWN = 5  # definitions named at most in one diagnostic


class _Checker(Struct, eq=False):
    schema: Schema
    params: Parameters
    definitions: Definitions
    problems: list[Diagnostic] = []
    _checked: dict[str, _Definition] = {}
    _open: list[tuple[str, Note]] = []
    """The definitions being expanded, and where each is used."""
    _expanded: int = 0
    """The predicates that references in the condition being read stand for."""

    # ── conditions ─────────────────────────────────────────────────────────────────────────────────────────────────

    def condition(self, root: Condition, origin: Origin) -> Any:
        """The typed condition; None when it is broken."""
        typed = fold(root, lambda node: self._leaf(node, origin), _join)
        if self._expanded > MAX_CONDITIONS:
            message = f"with its definitions this holds more than {MAX_CONDITIONS} conditions"
            self._report("too-long", message, origin, origin.positions.node(root))
            self._expanded = 0  # said once
            return None
        return typed

    def _leaf(self, node: Any, origin: Origin) -> Any:
        if type(node) is Comparison and self.schema is UNCHECKED:
            # most leaves of most expressions: nothing to bind, nothing declared, nothing to be whole
            value: Any = node.value
            literal: Any = type(value)
            if literal in _SIMPLE and node.operator != "not contains":
                field, objection = signature(node.name, node.operator, literal, False)
                if objection is None and field.kind is not Kind.COUNT:
                    return Predicate(
                        field, node.operator, wire_value(value) if literal is float else value, node, origin
                    )
        return _READERS[type(node)](self, node, origin)

    def _comparison(self, node: Comparison, origin: Origin) -> Any:
        value = node.value
        if type(value) is Parameter:
            value = self._bound(node, value, origin)
            if value is None:
                return None
        negated = node.operator == "not contains"
        predicate: Any = self._predicate(node, node.name, "contains" if negated else node.operator, value, origin)
        return Not(predicate) if negated and predicate else predicate

    def _bare_name(self, node: BareName, origin: Origin) -> Any:
        field, _ = signature(node.name, "==", bool, True)
        if field.kind in (Kind.METRIC, Kind.COUNT, Kind.LAST_SEEN):
            message, help_ = (
                f"`{shortened(node.name)}` alone is neither true nor false",
                f"compare it: `{example(field)}`",
            )
            self._report("not-a-condition", message, origin, origin.positions.node(node), help_)
            return None
        return self._predicate(node, node.name, "==", True, origin)

    def _chain(self, node: Chain, origin: Origin) -> Any:
        return self._range(node, origin, (MIRRORED[node.low_operator], node.low), (node.high_operator, node.high))

    def _between(self, node: Between, origin: Origin) -> Any:
        return self._range(node, origin, (">=", node.low), ("<=", node.high))

    def _range(self, node: Chain | Between, origin: Origin, *bounds: tuple[str, Any]) -> Any:
        simple = self._simple_range(node, origin, *bounds)
        if simple is not None:
            return simple
        field, _ = signature(node.name, "<", int, True)
        if "<" not in SIGNATURES[field.kind]:
            word = "between" if isinstance(node, Between) else node.high_operator
            self._object(without_operator(field, node.name, word, type(node.high)), node, origin, 0)
            return None
        predicates: list[Any] = [
            self._predicate(node, node.name, operator, bound, origin, index)
            for index, (operator, value) in enumerate(bounds)
            if (bound := self._bound(node, value, origin, index)) is not None
        ]
        return And(tuple(predicates)) if len(predicates) == 2 and None not in predicates else None

    def _simple_range(self, node: Chain | Between, origin: Origin, *bounds: tuple[str, Any]) -> And | None:
        """The range, when nothing in it needs a second look (see `_leaf`)."""
        predicates: list[Any] = []
        for operator, value in bounds:
            literal: Any = type(value)
            if self.schema is not UNCHECKED or literal not in _SIMPLE:
                return None
            field, objection = signature(node.name, operator, literal, False)
            if objection is not None or field.kind is Kind.COUNT:
                return None
            predicates.append(Predicate(field, operator, wire_value(value), node, origin))
        return And(tuple(predicates))

    def _predicate(
        self, node: Any, name: str, operator: str, value: Any, origin: Origin, index: int = 0
    ) -> Predicate | None:
        if type(value) is tuple:
            return self._membership(node, name, operator, value, origin)
        schema = self.schema
        declared = schema.properties is not None and name in schema.properties
        literal: Any = type(value)
        field, objection = signature(name, operator, literal, declared)
        if objection is None and schema is UNCHECKED and field.kind is not Kind.COUNT:
            return Predicate(field, operator, wire_value(value), node, origin)
        objection = objection or undeclared(schema, field) or misfit(schema, field, name, operator, value)
        if objection:
            self._object(objection, node, origin, index)
            return None
        whole = schema.type_of(field) == "integer"
        return Predicate(field, operator, wire_value(value), node, origin, whole)

    def _membership(
        self, node: Any, name: str, operator: str, values: tuple[Any, ...], origin: Origin
    ) -> Predicate | None:
        """A list: each value must fit by itself."""
        kinds = set(map(type, values))
        if self.schema is UNCHECKED and len(kinds) == 1 and _SIMPLE.issuperset(kinds):
            literal: Any = kinds.pop()
            field, objection = signature(name, operator, literal, False)
            if objection is None and field.kind is not Kind.COUNT:
                return Predicate(field, operator, tuple(map(wire_value, values)), node, origin)
        checked: list[Any] = []
        for index, value in enumerate(values):
            if type(value) is Parameter:
                value = self._bound(node, value, origin, index)  # noqa: PLW2901  bound in place
            if value is not None:
                checked.append(self._predicate(node, name, operator, value, origin, index))
        if len(checked) < len(values) or None in checked:
            return None
        first = checked[0]
        return Predicate(first.field, operator, tuple(one.value for one in checked), node, origin, first.whole)

    # ── parameters ─────────────────────────────────────────────────────────────────────────────────────────────────

    def _bound(self, node: Any, value: Any, origin: Origin, index: int = 0) -> Any:
        """The value with its parameter replaced; None, and a problem, when that cannot be."""
        if type(value) is not Parameter:
            return value
        operator = getattr(node, "operator", "<")
        span = origin.positions.value(node, index)
        if operator in ("within", "before"):
            return self._parameter(value, parameters.duration, origin, span)
        whole_list = operator in ("in", "not in") and type(node.value) is Parameter
        return self._parameter(value, parameters.many if whole_list else parameters.scalar, origin, span)

    def _parameter(self, parameter: Parameter, fit: Callable[[Any], Any], origin: Origin, span: Span) -> Any:
        name = parameter.name
        if name not in self.params:
            meant = nearest(name, self.params)
            help_ = (f"did you mean `${meant}`?",) if meant else ("give it a value",)
            self._report("unbound-parameter", f"no value is given for `${shortened(name)}`", origin, span, *help_)
            return None
        try:
            return fit(self.params[name])
        except UnfitParameterError as error:
            self._report("bad-parameter", f"`${shortened(name)}` is {error}", origin, span)
            return None

    # ── definitions ────────────────────────────────────────────────────────────────────────────────────────────────

    def _reference(self, node: Reference, _: Origin) -> Any:
        definition = self._checked.get(node.name, _BROKEN)
        self._expanded += definition.size
        return definition.condition

    def check_definitions(self, expression: Expression, origin: Origin) -> None:
        """Check the definitions that an expression uses, by way of others too, each after those that it uses itself.

        A walk with a stack of its own: definitions may be stacked deeper than the interpreter's.
        """
        walk = [(expression, origin, _references(expression))]
        while walk:
            current, where, waiting = walk[-1]
            node = next(waiting, None)
            if node is not None:
                used = self._to_be_checked(node, where)
                if used is not None:
                    walk.append((used.expression, used, _references(used.expression)))
                continue
            walk.pop()
            if walk:
                name, _ = self._open[-1]
                self._checked[name] = self._definition(current, where)
                self._open.pop()

    def _to_be_checked(self, node: Reference, where: Origin) -> Origin | None:
        """The definition that a reference names, as something to check; None when it was, or cannot be."""
        name, span = node.name, where.positions.node(node)
        chain = [opened for opened, _ in self._open]
        if name in chain:
            circle = _circle([*chain[chain.index(name) :], name])
            self._report("definition-cycle", f"definitions go round in a circle: {circle}", where, span)
        elif name not in self._checked and name not in self.definitions:
            meant = nearest(name, self.definitions.keys() - set(chain))
            help_ = (f"did you mean `@{meant}`?",) if meant else ()
            path = "".join(f", in `@{shortened(opened)}`" for opened in reversed(chain[-_SHOWN:]))
            self._report(
                "unknown-definition", f"there is no definition `@{shortened(name)}`{path}", where, span, *help_
            )
        elif name not in self._checked:
            self._open.append((name, Note(f"`@{shortened(name)}` is used here", span, where.source)))
            given = self.definitions[name]
            expression, problems = (given, ()) if isinstance(given, Expression) else read(given, f"@{name}")
            if expression is not None:
                return Origin(expression, f"@{name}", (where, span))
            self.problems += [_with_notes(problem, self._notes()) for problem in problems]
            self._checked[name] = _BROKEN
            self._open.pop()
        return None

    def _definition(self, expression: Expression, origin: Origin) -> _Definition:
        for clause in _clauses(expression):
            message = "a definition is a condition; scope clauses belong to the whole segment"
            self._report("scope-in-definition", message, origin, origin.positions.clause(clause))
        self._expanded = 0
        condition = self.condition(expression.condition, origin)
        size = self._expanded + len(leaves(expression.condition))
        self._expanded = 0
        return _Definition(condition, size)

    def _notes(self) -> tuple[Note, ...]:
        """Where the definitions that are being read are used: the innermost first, and the outermost."""
        notes = [note for _, note in reversed(self._open)]
        return tuple(notes if len(notes) <= _SHOWN else [*notes[: _SHOWN - 1], notes[-1]])

    # ── scope ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def scoped(self, expression: Expression, condition: Any, origin: Origin) -> TypedExpression:
        """The condition in its scope, the clauses bound."""
        if not (expression.during or expression.from_ or expression.to or expression.products):
            return TypedExpression(condition, None, None, None, (), origin)
        preset = expression.during
        if isinstance(preset, Parameter):
            preset = self._parameter(preset, parameters.preset, origin, origin.positions.clause("during"))
        start, end = (self._moment(expression, clause, origin) for clause in ("from_", "to"))
        products: list[str] = []
        for product in expression.products:
            if isinstance(product, Parameter):
                products += (
                    self._parameter(product, parameters.products, origin, origin.positions.clause("products")) or ()
                )
            else:
                products.append(product)
        if start and end and literals.instant(start) > literals.instant(end):  # type: ignore[operator]  # dates, checked
            self._report("empty-date-range", "`from` is after `to`", origin, origin.positions.clause("to"))
        unique = tuple({product.lower(): product for product in reversed(products)}.values())[::-1]
        return TypedExpression(condition, preset, start, end, unique, origin)

    def _moment(self, expression: Expression, clause: str, origin: Origin) -> str | None:
        value: Date | Parameter | None = getattr(expression, clause)
        if isinstance(value, Parameter):
            bound: Date | None = self._parameter(value, parameters.moment, origin, origin.positions.clause(clause))
            return bound.text if bound else None
        return value.text if value else None

    # ── reporting ──────────────────────────────────────────────────────────────────────────────────────────────────

    def _object(self, objection: Objection, node: Any, origin: Origin, index: int) -> None:
        positions = origin.positions
        if objection.part == "value":
            span = positions.value(node, index)  # of a name alone, which has none, the name
        else:
            span = positions.name(node) if objection.part == "name" else positions.operator(node)
        self._report(objection.code, objection.message, origin, span, *objection.help)

    def _report(self, code: str, message: str, origin: Origin, span: Span, *help_: str) -> None:
        self.problems.append(Diagnostic(code, message, span, origin.source, help_, self._notes()))


_READERS: dict[type, Callable[[_Checker, Any, Origin], Any]] = {
    Comparison: _Checker._comparison,
    Chain: _Checker._chain,
    Between: _Checker._between,
    BareName: _Checker._bare_name,
    Reference: _Checker._reference,
}


def _join(node: Any, parts: list[Any]) -> Any:
    """The node over its checked parts; None when one of them is broken."""
    if not all(parts):
        return None
    return Not(parts[0], nesting=UNBOUNDED) if type(node) is Not else type(node)(tuple(parts), nesting=UNBOUNDED)


def _circle(names: list[str]) -> str:
    """The way round, without its middle when it is long."""
    shown = [f"`@{shortened(name)}`" for name in names]
    if len(shown) > 2 * _SHOWN:
        shown[_SHOWN:-_SHOWN] = [f"… {len(shown) - 2 * _SHOWN} more …"]
    return " → ".join(shown)


def _references(expression: Expression) -> Iterator[Reference]:
    return iter([leaf for leaf in leaves(expression.condition) if isinstance(leaf, Reference)])


def _clauses(expression: Expression) -> Iterable[str]:
    return [name for name in _CLAUSES if getattr(expression, name)]


def _with_notes(problem: Diagnostic, notes: tuple[Note, ...]) -> Diagnostic:
    return Diagnostic(problem.code, problem.message, problem.span, problem.source, problem.help, notes)
