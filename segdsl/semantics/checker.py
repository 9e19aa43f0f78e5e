"""Expression + schema → typed expression: names resolved, literals checked, parameters and definitions inserted.

All problems are found in one walk, as values; nothing is raised here.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from segdsl.catalogue import MIRRORED, Field, Kind
from segdsl.diagnostics import Diagnostic, Edit, Fix
from segdsl.limits import MAX_CONDITIONS, MAX_DIAGNOSTICS
from segdsl.semantics import parameters
from segdsl.semantics.advice import PYTHON, Advice
from segdsl.semantics.dates import COMPARED, comparison_of, cuts, in_utc
from segdsl.semantics.definitions import BROKEN, NO_DEFINITIONS, Definition, Definitions, references
from segdsl.semantics.names import is_bare, name_everywhere, nearest
from segdsl.semantics.objections import (
    OF_SEVERAL,
    SIGNATURES,
    Change,
    Declaration,
    GivenWay,
    Objection,
    insist,
    wire_value,
    without_operator,
)
from segdsl.semantics.parameters import Parameters, UnfitParameterError
from segdsl.semantics.resolution import UNCHECKED_RESOLVER, Resolution, Resolver
from segdsl.semantics.typed import Condition, Connective, Origin, Predicate, TypedExpression, Uses, negation
from segdsl.source import Span
from segdsl.syntax import literals
from segdsl.syntax.literals import shortened
from segdsl.syntax.names import OPEN_ENDS
from segdsl.syntax.nodes import (
    And,
    BareName,
    Between,
    Chain,
    Comparison,
    Date,
    Duration,
    Expression,
    Not,
    Or,
    Parameter,
    Reference,
    Unreadable,
    valid_expression,
)
from segdsl.syntax.printer import unparse


def check(
    expression: Expression,
    name: str = "expression",
    resolver: Resolver = UNCHECKED_RESOLVER,
    params: Parameters | None = None,
    definitions: Definitions = NO_DEFINITIONS,
    advice: Advice = PYTHON,
) -> tuple[TypedExpression | None, tuple[Diagnostic, ...]]:
    """The typed expression, or None and all its errors, in the order of the text."""
    origin = Origin(expression, name)
    checker = _Checker(resolver, params or {}, definitions, advice)
    if expression.text is None or "@" in expression.text:
        checker.check_definitions(origin)
    condition = checker.condition(origin)
    typed = checker.scoped(condition, origin)
    if checker.problems or condition is None:
        return None, _with_uses(checker.problems, Uses(origin, checker.definitions), name)
    return typed, ()


def is_of_a_guess(problem: Diagnostic, name: str, guesses: Iterable[Span]) -> bool:
    """Whether a problem of the text `name` is at a guessed repair; a warning also at text that was taken as written."""
    start, end = problem.span.start, problem.span.end
    return problem.source_name == name and any(
        (guess.start < end and start < guess.end) or (problem.severity == "warning" and start <= guess.start <= end)
        for guess in guesses
    )


def without_repeats(syntax: Iterable[Diagnostic], meaning: Sequence[Diagnostic], name: str) -> list[Diagnostic]:
    """The problems of a repaired text `name`: one error for each span, that of its meaning.

    None is about a part without a place in the text, such as an insertion. A value that belongs in brackets has both.
    """
    meaning = [one for one in meaning if one.span.start < one.span.end or one.source_name != name]
    spans = {one.span for one in meaning if one.severity == "error" and one.source_name == name}
    final = {one.span for one in meaning for fix in one.fixes if fix.edits[0].span.start < one.span.start}
    kept = [one for one in syntax if one.span not in spans or (one.span not in final and _adds_brackets(one))]
    return [*kept, *meaning]


def _adds_brackets(problem: Diagnostic) -> bool:
    return bool(problem.fixes) and problem.fixes[0].edits[0].text.lstrip().startswith("[")


def in_order(problems: Iterable[Diagnostic], name: str = "expression") -> tuple[Diagnostic, ...]:
    """Each problem once, those of the text `name` first, in the order of each text; the limit drops warnings first."""
    unique = {(one.code, one.source_name, one.span, one.message): one for one in problems}
    found = sorted(unique.values(), key=lambda one: (one.source_name != name, one.source_name, one.span))
    if len(found) > MAX_DIAGNOSTICS:
        errors = [one for one in found if one.severity == "error"][:MAX_DIAGNOSTICS]
        kept = {id(one) for one in [*errors, *(one for one in found if one.severity != "error")][:MAX_DIAGNOSTICS]}
        found = [one for one in found if id(one) in kept]
    return tuple(found)


def _with_uses(problems: list[Diagnostic], uses: Uses, name: str) -> tuple[Diagnostic, ...]:
    """The problems in order; those of a definition get notes about its uses."""
    found = [replace(one, notes=(*one.notes, *uses.notes(one.source_name))) for one in problems]
    return in_order(found, name)


_CONVERTED = frozenset([float, Duration])  # literals with another spelling on the wire
_CLAUSES = ("during", "from_", "to", "products")
_SHOWN = 5  # the most definitions that a diagnostic names


class _Leaf(Struct, frozen=True, gc=False):
    """A leaf that is being checked: its number in its text, and whether it is under a `not`."""

    origin: Origin
    number: int
    negated: bool

    def predicate(self, says: Resolution, value: Any) -> Predicate:
        """The meaning of the leaf, including `not`."""
        return Predicate(says.opposite if self.negated else says, value, self.origin, self.number, self.negated)


class _Checker(Struct, eq=False):
    resolver: Resolver
    params: Parameters
    definitions: Definitions
    advice: Advice
    problems: list[Diagnostic] = []
    _checked: dict[str, Definition] = {}
    _expanded: int = 0
    """The number of predicates in the definitions of the condition being checked."""
    _bindings: int = 0
    """The number of parameters read."""

    # ── conditions ─────────────────────────────────────────────────────────────────────────────────────────────────

    def condition(self, origin: Origin) -> Condition | None:
        """The typed condition; None if it has errors."""
        root: Any = origin.expression.condition
        operands = root.operands if type(root) is And else (root,)
        resolver, leaf = self.resolver, 0
        parts: list[Condition | None] = []
        for node in operands:
            if type(node) is Comparison:
                value: Any = node.value
                literal: Any = type(value)
                says = resolver[node.name, node.operator, literal]
                if says.objection is None and says.misfit is None:
                    parts.append(Predicate(says, wire_value(value) if literal in _CONVERTED else value, origin, leaf))
                else:
                    parts.append(self._comparison(node, _Leaf(origin, leaf, False)))
                leaf += 1
            else:
                part, leaf = self._part(node, origin, leaf)
                parts.append(part)
        if self._expanded > MAX_CONDITIONS:
            message = f"with its definitions this holds more than {MAX_CONDITIONS:,} conditions"
            self._report("too-long", message, origin, origin.spans.condition())
            self._expanded = 0  # reported once
            return None
        if None in parts:
            return None
        return parts[0] if len(parts) == 1 else Connective(True, tuple(parts))

    def _part(self, root: Any, origin: Origin, leaf: int) -> tuple[Condition | None, int]:
        """The typed condition of a part that begins at a leaf, `not` pushed down; and the leaf after it."""
        done: list[Any] = []
        waiting: list[tuple[Any, bool, int]] = [(root, False, -1)]
        while waiting:
            node, negated, count = waiting.pop()
            kind = type(node)
            if count >= 0:
                parts = tuple(done[len(done) - count :])
                del done[len(done) - count :]
                done.append(None if None in parts else Connective((kind is And) is not negated, parts, negated))
            elif kind is Not:
                waiting.append((node.operand, not negated, -1))
            elif kind is And or kind is Or:
                waiting.append((node, negated, len(node.operands)))
                waiting.extend([(operand, negated, -1) for operand in reversed(node.operands)])
            else:
                done.append(_READERS[kind](self, node, _Leaf(origin, leaf, negated)))
                leaf += 1
        return done[0], leaf

    def _comparison(self, node: Comparison, leaf: _Leaf) -> Condition | None:
        value = node.value
        if type(value) is Parameter:
            value = self._bound(node, value, leaf)
            if value is None:
                return None
        return self._predicate(node.name, node.operator, value, leaf)

    def _bare_name(self, node: BareName, leaf: _Leaf) -> Condition | None:
        if node.name.lower() in OPEN_ENDS and (bound := self._open_end(node, leaf)) is not None:
            self._report("not-a-condition", f"`{node.name}` alone is not a condition", *bound)
            return None
        if (help_ := self._as_value(node, leaf)) is not None:
            message, span = f"there is no user property `{shortened(node.name)}`", leaf.origin.spans.name(leaf.number)
            self._report("undeclared-property", message, leaf.origin, span, help_)
            return None
        if meant := self._meant_definition(node, leaf):
            name, span = shortened(node.name), leaf.origin.spans.name(leaf.number)
            fix = Fix(f"write `@{shortened(meant)}`", (Edit(span, f"@{meant}"),))
            message = f"`{name}` is not a property; did you mean the definition `@{shortened(meant)}`?"
            way_out = insist(node.name, self.resolver.schema)
            self._report("near-miss", message, leaf.origin, span, fix, *([way_out] if way_out else []))
            return None
        return self._scalar(node.name, "", True, leaf, 0)

    def _as_value(self, node: BareName, leaf: _Leaf) -> str | None:
        """The help for `trial` in `plan is not free or trial`, a declared value of a property; None for other names."""
        objection = self.resolver[node.name, "", bool].objection
        if objection is None or objection.code != "undeclared-property" or node.name in self.definitions:
            return None
        types = self.resolver.schema.declared(Kind.PROPERTY) or {}
        names = [name for name, values in types.items() if type(values) is tuple and node.name in values]
        before = leaf.origin.leaves[leaf.number - 1] if leaf.number else None
        if not names or types.keys() & {node.name}:
            return None
        if type(before) is Comparison and before.name in names:
            return _with_further_value(before, node.name, leaf.negated)
        name = name_everywhere(Field(Kind.PROPERTY, names[0]))
        meant = Comparison(name, "!=" if leaf.negated else "==", node.name)
        return f"`{shortened(node.name)}` is a value of `{shortened(name)}`: write `{shortened(unparse(meant), 60)}`"

    def _meant_definition(self, node: BareName, leaf: _Leaf) -> str | None:
        """The definition that an undeclared name alone probably means.

        That is the definition of this name, but not inside that definition itself. Where the properties are declared it
        is also the nearest one, unless a property is as near.
        """
        if not self.definitions or not is_bare(node.name):
            return None
        says, name = self.resolver[node.name, "", bool], node.name
        if says.declared or says.field.kind is not Kind.PROPERTY:
            return None
        if name in self.definitions:
            meant: str | None = name
        elif says.objection is not None and says.objection.code == "undeclared-property":
            has_nearer = isinstance(says.objection.ways[0], Change)
            meant = None if has_nearer else nearest(name, self.definitions)
        else:
            meant = None
        return meant if meant and leaf.origin.name != f"@{meant}" and self._is_sound(meant) else None

    def _open_end(self, node: BareName, leaf: _Leaf) -> tuple[Origin, Span, Fix] | None:
        """The place of `more` in `seats = 10 or more`, and the fix; None if it is a name."""
        from segdsl.semantics.changes import with_open_end  # noqa: PLC0415  most texts are right

        origin, operator = leaf.origin, OPEN_ENDS[node.name.lower()]
        before = origin.leaves[leaf.number - 1] if leaf.number and not leaf.negated else None
        if type(before) is not Comparison or self.resolver[node.name, "", bool].declared:
            return None
        if self.resolver[before.name, operator, type(before.value)].objection is not None:
            return None
        fix = with_open_end(before, operator, origin.spans, leaf.number)
        return None if fix is None else (origin, origin.spans.leaf(leaf.number), fix)

    def _chain(self, node: Chain, leaf: _Leaf) -> Condition | None:
        bounds = (MIRRORED[node.low_operator], node.low), (node.high_operator, node.high)
        return self._range(node, bounds, leaf)

    def _between(self, node: Between, leaf: _Leaf) -> Condition | None:
        return self._range(node, ((">=", node.low), ("<=", node.high)), leaf)

    def _range(self, node: Chain | Between, bounds: Sequence[tuple[str, Any]], leaf: _Leaf) -> Condition | None:
        field = self.resolver[node.name, "<", int].field
        if "<" not in SIGNATURES[field.kind]:
            word = "between" if isinstance(node, Between) else node.high_operator
            self._object(without_operator(field, node.name, word, type(node.high)), leaf, 0, node.low)
            return None
        predicates: list[Any] = []
        for index, (operator, value) in enumerate(bounds):
            bound = self._bound(node, value, leaf, index) if type(value) is Parameter else value
            predicates.append(None if bound is None else self._scalar(node.name, operator, bound, leaf, index))
        return None if None in predicates else Connective(not leaf.negated, tuple(predicates), leaf.negated, True)

    def _predicate(self, name: str, operator: str, value: Any, leaf: _Leaf) -> Condition | None:
        if type(value) is tuple:
            return self._membership(name, operator, value, leaf)
        return self._scalar(name, operator, value, leaf, 0)

    def _scalar(self, name: str, operator: str, value: Any, leaf: _Leaf, index: int) -> Condition | None:
        """The predicate that compares a name with one literal; for a date, its bounds."""
        literal: Any = type(value)
        says = self.resolver[name, operator, literal]
        objection = says.objection
        if objection is None and says.misfit is not None:
            objection = says.misfit(value)
        if objection is not None:
            meant = comparison_of(operator, value) if says.date and literal is str else None
            if meant is not None:  # the text of a compiled bound, as `decompile` and `pull` write it without a schema
                return self._date(name, self.resolver[name, meant[0], Date], meant[1], leaf)
            self._object(objection, leaf, index, value)
            return None
        if says.date:
            return self._date(name, says, value.text if literal is Date else value, leaf)
        return leaf.predicate(says, wire_value(value))

    def _date(self, name: str, says: Resolution, text: str, leaf: _Leaf) -> Condition:
        """A date as bounds, at cuts between days or seconds.

        A user may have several conversations, so different ones could meet the two bounds: there `==` compares the
        text.
        """
        bounds = COMPARED["==" if says.operator == "in" else "!=" if says.operator == "not in" else says.operator]
        if says.field.kind is Kind.CONVERSATION_PROPERTY and len(bounds) > 1:
            return leaf.predicate(says, in_utc(text))
        at = cuts(text)
        parts = tuple([leaf.predicate(self.resolver[name, sign, str], at[cut]) for sign, cut in bounds])
        every = bounds[0][0] == ">="
        return parts[0] if len(parts) == 1 else Connective(every is not leaf.negated, parts, leaf.negated, True)

    def _membership(self, name: str, operator: str, values: tuple[Any, ...], leaf: _Leaf) -> Condition | None:
        """A list: each value must fit by itself."""
        literal: Any = type(values[0])
        says = self.resolver[name, operator, literal]
        if says.objection is None and says.misfit is None:
            types = set(map(type, values))
            if types <= SIGNATURES[says.field.kind][operator]:
                wire = tuple(map(wire_value, values)) if float in types else values
                return leaf.predicate(says, wire)
        checked: list[Any] = []
        for index, value in enumerate(values):
            bound = value
            if type(value) is Parameter:
                bound = self._bound(None, value, leaf, index)
            checked.append(None if bound is None else self._scalar(name, operator, bound, leaf, index))
        if None in checked:
            return None
        first: Condition = checked[0]
        if type(first) is Connective:
            every = (operator == "not in") is not leaf.negated
            return first if len(checked) == 1 else Connective(every, tuple(checked), leaf.negated, True)
        return replace(first, value=tuple([one.value for one in checked]))

    # ── parameters ─────────────────────────────────────────────────────────────────────────────────────────────────

    def _bound(self, node: Any, parameter: Parameter, leaf: _Leaf, index: int = 0) -> Any:
        """The value of a parameter; None, and a problem, if it has none that fits."""
        fit = _FITS.get(node.operator, parameters.scalar) if type(node) is Comparison else parameters.scalar
        return self._value(parameter, fit, leaf.origin, lambda: leaf.origin.spans.value(leaf.number, index))

    def _value(self, parameter: Parameter, fit: Callable[[Any], Any], origin: Origin, span: Callable[[], Span]) -> Any:
        self._bindings += 1
        name = parameter.name
        if name not in self.params:
            meant = nearest(name, self.params)
            place = span()
            way = _renamed(f"${name}", f"${meant}", place, origin) if meant else "give it a value"
            self._report("unbound-parameter", f"no value is given for `${shortened(name)}`", origin, place, way)
            return None
        try:
            return fit(self.params[name])
        except UnfitParameterError as error:
            self._report("bad-parameter", f"`${shortened(name)}` is {error}", origin, span())
            return None

    # ── definitions ────────────────────────────────────────────────────────────────────────────────────────────────

    def _reference(self, node: Reference, leaf: _Leaf) -> Condition | None:
        definition = self._checked.get(node.name, BROKEN)
        self._expanded += definition.size
        self._bindings += definition.has_parameters
        if definition.condition is None or not leaf.negated:
            return definition.condition
        return negation(definition.condition)

    def check_definitions(self, root: Origin) -> None:
        """Checks the definitions that an expression uses, directly or through others, each after the ones it uses.

        The walk has its own stack, because definitions may be nested deeper than the interpreter's.
        """
        walk = [(root, references(root), self._bindings)]
        opened: dict[str, None] = {}
        while walk:
            origin, waiting, before = walk[-1]
            found = next(waiting, None)
            if found is not None:
                used = self._to_be_checked(found[1].name, found[0], origin, opened)
                if used is not None:
                    opened[found[1].name] = None
                    walk.append((used, references(used), self._bindings))
                continue
            walk.pop()
            if walk:
                name, _ = opened.popitem()
                self._checked[name] = self._definition(name, origin, before)

    def _to_be_checked(self, name: str, leaf: int, where: Origin, opened: Mapping[str, None]) -> Origin | None:
        """The definition of this name, if it is to be checked; None if it was checked, or cannot be."""
        if name in opened:
            chain = list(opened)
            circle = _circle([*chain[chain.index(name) :], name])
            self._report(
                "definition-cycle", f"definitions go round in a circle: {circle}", where, where.spans.leaf(leaf)
            )
        elif name in self._checked:
            pass
        elif name in self.definitions.checked:
            self._checked[name] = self.definitions.checked[name]
        elif name not in self.definitions:
            meant = nearest(name, set(self.definitions) - opened.keys())
            span = where.spans.leaf(leaf)
            ways = (_renamed(f"@{name}", f"@{meant}", span, where),) if meant and self._is_sound(meant) else ()
            self._report("unknown-definition", f"there is no definition `@{shortened(name)}`", where, span, *ways)
        else:
            text = self.definitions.text(name)
            if text.origin is not None:
                return text.origin
            self.problems += text.problems
            self._checked[name] = BROKEN
        return None

    def _is_sound(self, name: str) -> bool:
        """Whether a definition has no errors."""
        root = Origin(valid_expression(Reference(name)), "expression")
        checker = _Checker(self.resolver, self.params, self.definitions, self.advice)
        checker.check_definitions(root)
        return not checker.problems

    def _definition(self, name: str, origin: Origin, bindings_before: int) -> Definition:
        problems_before = len(self.problems)
        for clause in _clauses(origin.expression):
            message = "a definition is a condition; scope clauses belong to the whole segment"
            self._report("scope-in-definition", message, origin, origin.spans.clause(clause))
        self._expanded = 0
        condition = self.condition(origin)
        size = self._expanded + len(origin.leaves)
        self._expanded = 0
        text = self.definitions.text(name)
        if text.problems:
            meant = [
                one for one in self.problems[problems_before:] if not is_of_a_guess(one, origin.name, text.guesses)
            ]
            self.problems[problems_before:] = without_repeats(text.problems, meant, origin.name)
            return BROKEN
        definition = Definition(condition, size, self._bindings > bindings_before)
        is_right = condition is not None and len(self.problems) == problems_before and not definition.has_parameters
        if is_right and all(used.name in self.definitions.checked for _, used in references(origin)):
            self.definitions.checked[name] = definition
        return definition

    # ── scope ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def scoped(self, condition: Any, origin: Origin) -> TypedExpression:
        """The condition in its scope, with bound clauses."""
        expression = origin.expression
        if not (expression.during or expression.from_ or expression.to or expression.products):
            return TypedExpression(condition, None, None, None, (), origin, self.definitions)
        preset = expression.during
        if isinstance(preset, Parameter):
            preset = self._clause_value(preset, parameters.preset, origin, "during")
        start, end = self._moment(expression.from_, origin, "from_"), self._moment(expression.to, origin, "to")
        products: list[str] = []
        for product in expression.products:
            if isinstance(product, Parameter):
                products += self._clause_value(product, parameters.products, origin, "products") or ()
            else:
                products.append(product)
        if start and end and literals.instant(start) > literals.instant(end):  # type: ignore[operator]  # dates, checked
            span = origin.spans.clause("to")
            self._report("empty-date-range", "`from` is after `to`", origin, span)
        unique = tuple({product.lower(): product for product in reversed(products)}.values())[::-1]
        return TypedExpression(condition, preset, start, end, unique, origin, self.definitions)

    def _moment(self, value: Date | Parameter | None, origin: Origin, clause: str) -> str | None:
        if isinstance(value, Parameter):
            value = self._clause_value(value, parameters.moment, origin, clause)
        return value.text if isinstance(value, Date) else None

    def _clause_value(self, parameter: Parameter, fit: Callable[[Any], Any], origin: Origin, clause: str) -> Any:
        return self._value(parameter, fit, origin, lambda: origin.spans.clause(clause))

    # ── reporting ──────────────────────────────────────────────────────────────────────────────────────────────────

    def _object(self, objection: Objection, leaf: _Leaf, index: int, value: Any, node: Any = None) -> None:
        """Reports an objection to a leaf with this value, or to the `node` after a fix of its name."""
        spans, node = leaf.origin.spans, node or leaf.origin.leaves[leaf.number]
        if objection.part == "value":
            span = spans.value(leaf.number, index)
        else:
            span = spans.name(leaf.number) if objection.part == "name" else spans.operator(leaf.number)
        given = [way(value) if callable(way) else way for way in objection.ways]
        ways = [way for one in given if (way := self._way_out(one, leaf, index, node)) is not None]
        self._report(objection.code, objection.message, leaf.origin, span, *ways)

    def _way_out(self, found: GivenWay, leaf: _Leaf, index: int, node: Any) -> Fix | str | None:
        """A help as a fix of the text, or in words; None if it leads to another objection."""
        if isinstance(found, Declaration):
            return f"{found.before}{self.advice.to_declare(found.field, found.type)}{found.after}"
        if not isinstance(found, Change):
            return found or None
        from segdsl.semantics.changes import changed, edits  # noqa: PLC0415  most texts are right

        result = changed(node, found, index)
        objections = [] if result is None else self._objections(result, leaf)
        if found.name is None and found.operator is None:  # other values of a list stay as wrong as they were
            objections = [one for one in objections if one[1] == index]
        if result is None or any(found.name is None or one.part != "value" for one, *_ in objections):
            return None
        for one, at, value in objections:
            self._object(one, leaf, at, value, result)
        title, pieces = edits(found, node, result, leaf.origin, leaf.number, index)
        return Fix(title, pieces, found.safe)

    def _objections(self, node: Any, leaf: _Leaf) -> "list[_Found]":
        """The objections to a leaf if it were another one."""
        probe = _Probe(self.resolver, self.params, self.definitions, self.advice)
        _READERS[type(node)](probe, node, leaf)
        return probe.found

    def _report(self, code: str, message: str, origin: Origin, span: Span, *ways_out: Fix | str) -> None:
        self.problems.append(Diagnostic.of(code, message, span, origin.source, *ways_out))


_Found = tuple[Objection, int, Any]
"""An objection to a leaf, the number of the literal that it is about, and its value."""


class _Probe(_Checker, eq=False):
    """Checks one leaf that is not in the text, and notes the objections to it."""

    found: list[_Found] = []

    def _object(self, objection: Objection, leaf: _Leaf, index: int, value: Any, node: Any = None) -> None:
        self.found.append((objection, index, value))

    def _value(self, parameter: Parameter, fit: Callable[[Any], Any], origin: Origin, span: Callable[[], Span]) -> Any:
        try:
            return fit(self.params[parameter.name])
        except (KeyError, UnfitParameterError):
            return None  # already reported for the leaf as written


_READERS: dict[type, Callable[[_Checker, Any, _Leaf], Condition | None]] = {
    Comparison: _Checker._comparison,
    Chain: _Checker._chain,
    Between: _Checker._between,
    BareName: _Checker._bare_name,
    Reference: _Checker._reference,
    Unreadable: lambda *_: None,
}
_FITS: dict[str, Callable[[Any], Any]] = {
    "in": parameters.many,
    "not in": parameters.many,
    "within": parameters.duration,
    "before": parameters.duration,
}


def _renamed(old: str, new: str, span: Span, origin: Origin) -> Fix:
    """The fix of a parameter's or definition's name, which may follow a keyword in the span."""
    start = origin.source.text.index(old, span.start)
    return Fix(f"write `{shortened(new)}`", (Edit(Span(start, start + len(old)), new),))


def _with_further_value(before: Comparison, value: str, negated: bool) -> str:
    """The help for a value that belongs to the comparison before it."""
    operator = OF_SEVERAL.get(before.operator, before.operator)
    says = f"`{shortened(value)}` is a value of `{shortened(before.name)}`: write"
    if negated or operator not in OF_SEVERAL.values():
        return f"{says} `{shortened(unparse(Comparison(before.name, '!=' if negated else '==', value)), 60)}`"
    values = before.value if type(before.value) is tuple else (before.value,)
    return f"{says} `{shortened(unparse(Comparison(before.name, operator, (*values, value))), 60)}`"


def _circle(names: list[str]) -> str:
    """The names of the circle, without the middle ones if there are many."""
    shown = [f"`@{shortened(name)}`" for name in names]
    if len(shown) > 2 * _SHOWN:
        shown[_SHOWN:-_SHOWN] = [f"… {len(shown) - 2 * _SHOWN} more …"]
    return " → ".join(shown)


def _clauses(expression: Expression) -> Iterator[str]:
    return (name for name in _CLAUSES if getattr(expression, name))
