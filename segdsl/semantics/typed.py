"""An expression whose names and literals are known to fit: what the lowering starts from."""

from functools import cached_property
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from segdsl.diagnostics import Note
from segdsl.semantics.catalogue import Field
from segdsl.source import Source, Span
from segdsl.syntax.fold import leaves
from segdsl.syntax.nodes import And, Expression, Not, Or

if TYPE_CHECKING:
    from segdsl.syntax.spans import Spans


class Positions:
    """The spans of an expression by node instead of number; of a node that stands twice, the first."""

    def __init__(self, expression: Expression, spans: "Spans") -> None:
        self.text = spans.text
        self.clause = spans.clause
        self._condition = expression.condition
        self._spans = spans
        found = leaves(expression.condition)
        self._numbers = {id(leaf): number for number, leaf in reversed(list(enumerate(found)))}
        places = [spans.leaf(number) for number in range(len(found))]
        self._starts = {place.start: number for number, place in enumerate(places)}
        self._ends = {place.end: number for number, place in enumerate(places)}

    def node(self, node: Any) -> Span:
        """A leaf, or the whole condition."""
        return self._spans.condition() if node is self._condition else self._spans.leaf(self._numbers[id(node)])

    def name(self, node: Any) -> Span:
        """The name in a leaf."""
        return self._spans.name(self._numbers[id(node)])

    def operator(self, node: Any) -> Span:
        """The operator of a leaf."""
        return self._spans.operator(self._numbers[id(node)])

    def value(self, node: Any, index: int = 0) -> Span:
        """A value of a leaf."""
        return self._spans.value(self._numbers[id(node)], index)

    def around(self, span: Span) -> Span:
        """The span from one leaf to another with the parentheses and `not`s that belong to it."""
        return self._spans.part(self._starts[span.start], self._ends[span.end])


class Origin(Struct, eq=False, dict=True):
    """The expression that a predicate stands in, and what its text is called.

    That of a definition also knows where it is used (first), for what spans both.
    """

    expression: Expression
    name: str
    used: "tuple[Origin, Span] | None" = None

    @cached_property
    def positions(self) -> Positions:
        """Where its parts stand; found when a diagnostic asks."""
        from segdsl.syntax.spans import Spans  # noqa: PLC0415  only diagnostics ask

        return Positions(self.expression, Spans(self.expression))

    @cached_property
    def source(self) -> Source:
        """The text that spans point into."""
        return Source(self.positions.text, self.name)

    @property
    def uses(self) -> tuple[Note, ...]:
        """Where a definition is used, the innermost use first; nothing for what is no definition."""
        notes: list[Note] = []
        origin = self
        while origin.used is not None:
            user, span = origin.used
            notes.append(Note(f"`{origin.name}` is used here", span, user.source))
            origin = user
        return tuple(notes)

    def lifted(self, span: Span) -> "tuple[Origin, Span]":
        """The span in the text of the whole expression: of what stands in a definition, the place of its use."""
        origin, place = self, span
        while origin.used is not None:
            origin, place = origin.used
        return origin, place


class Predicate(Struct, frozen=True, eq=False, gc=False):
    """One field against values that fit it.

    `operator` is one of == != < <= > >= · contains · within · before · in · not in (these two with a tuple
    of values); `not contains` is a `Not`. Numbers are as JavaScript writes them (`5.0` is 5), durations are their text.
    `whole` says that the field is declared an integer.
    """

    field: Field
    operator: str
    value: Any
    node: Any
    origin: Origin
    whole: bool = False


TypedCondition = And | Or | Not | Predicate
"""`And`, `Or` and `Not` as in the syntax, over predicates; definitions are expanded in place."""


class TypedExpression(Struct, frozen=True, eq=False):
    """A checked condition, and the scope it stands in, bound and as the wire writes it."""

    condition: Any
    preset: str | None
    start: str | None
    end: str | None
    products: tuple[str, ...]
    origin: Origin
