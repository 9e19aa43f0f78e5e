"""An expression whose names and literals are known to fit: what the lowering starts from."""

from functools import cached_property
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from segdsl.diagnostics import Note
from segdsl.semantics.catalogue import Field
from segdsl.source import Source, Span
from segdsl.syntax.nodes import And, Expression, Not, Or

if TYPE_CHECKING:
    from segdsl.syntax.positions import Positions


class Origin(Struct, eq=False, dict=True):
    """The expression that a predicate stands in, and what its text is called.

    That of a definition also knows where it is used (first), for what spans both.
    """

    expression: Expression
    name: str
    used: "tuple[Origin, Span] | None" = None

    @cached_property
    def positions(self) -> "Positions":
        """Where its parts stand; found when a diagnostic asks."""
        from segdsl.syntax.positions import Positions  # noqa: PLC0415  only diagnostics ask

        return Positions(self.expression)

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
