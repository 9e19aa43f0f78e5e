"""A checked expression, from which lowering, evaluation and SQL start.

TypedExpression ─ condition: Predicate · Connective (of conditions); `not` is pushed down to the predicates
                └ preset, start, end, products: the scope, bound, as the wire writes it
"""

import re
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from msgspec import Struct

from segdsl.catalogue import Field
from segdsl.diagnostics import Note
from segdsl.semantics.resolution import Resolution
from segdsl.source import Source
from segdsl.syntax.fold import leaves as leaves_of_tree
from segdsl.syntax.literals import shortened
from segdsl.syntax.nodes import Between, Chain, Comparison, Expression, Reference

if TYPE_CHECKING:
    from segdsl.semantics.definitions import Definitions
    from segdsl.syntax.spans import Spans

Result = TypeVar("Result")


THOUSANDTHS = re.compile(r"(?<![0-9A-Za-z_.-])[1-9][0-9]{0,2}\.[0-9]{3}(?![0-9A-Za-z_.])")
"""A number below 1,000 with three digits after the point: many countries write thousands like that."""


COMMA_IN_DIGITS = re.compile("[0-9],[0-9]")
"""A comma without a blank between two numbers of a list: many people write thousands or decimals like that."""


class Origin(Struct, eq=False, dict=True):
    """The expression or definition that holds a predicate, and the name of its text."""

    expression: Expression
    name: str

    @cached_property
    def spans(self) -> "Spans":
        """The spans of its parts; computed when a diagnostic needs them."""
        from segdsl.syntax.spans import Spans  # noqa: PLC0415  only diagnostics ask

        return Spans(self.expression)

    @cached_property
    def leaves(self) -> list[Any]:
        """The leaves of the tree as written, in the order of the text."""
        return leaves_of_tree(self.expression.condition)

    @cached_property
    def source(self) -> Source:
        """The text that spans point into."""
        return Source(self.spans.text, self.name)

    @cached_property
    def texts(self) -> dict[str, set[str]]:
        """The texts with which each name is compared in it."""
        found: dict[str, set[str]] = {}
        for leaf in self.leaves:
            if isinstance(leaf, Comparison):
                values = leaf.value if type(leaf.value) is tuple else (leaf.value,)
                found.setdefault(leaf.name, set()).update([value for value in values if type(value) is str])
        return found

    @cached_property
    def has_thousandths(self) -> bool:
        """Whether its text has a number such as `1.500`; the text is searched only once."""
        return self.expression.text is not None and THOUSANDTHS.search(self.expression.text) is not None

    @cached_property
    def has_commas_in_digits(self) -> bool:
        """Whether its text has a comma directly between digits; the text is searched only once."""
        return self.expression.text is not None and COMMA_IN_DIGITS.search(self.expression.text) is not None


class Predicate(Struct, frozen=True, eq=False, gc=False):
    """One field compared with values that fit it.

    `value` is a scalar, a tuple of scalars (`in`, `not in`) or the text of a duration; numbers as JavaScript writes
    them (`5.0` is 5). `leaf` is the number of its leaf in `origin`, which may hold both bounds of a range. `negated`
    says that a `not` turned the written operator into its opposite.
    """

    says: Resolution
    value: Any
    origin: Origin
    leaf: int
    negated: bool = False

    @property
    def field(self) -> Field:
        """The field that is compared."""
        return self.says.field

    @property
    def operator(self) -> str:
        """One of == != < <= > >= · contains · not contains · within · before · in · not in."""
        return self.says.operator

    @property
    def node(self) -> Any:
        """The leaf as written."""
        return self.origin.leaves[self.leaf]

    @property
    def bound(self) -> int:
        """The number of the predicate's literal in its leaf: 1 for the upper bound of a range, else 0."""
        if not isinstance(self.node, Chain | Between):
            return 0
        return int(self.operator.startswith("<") is not self.negated)


class Connective(Struct, frozen=True, eq=False):
    """`and` (`every`) or `or` of at least two parts; `negated` if a `not` made it from the other one.

    `is_leaf` if its predicates come from one leaf: the bounds of a range, or of a day.
    """

    every: bool
    parts: tuple[Any, ...]
    negated: bool = False
    is_leaf: bool = False


Condition = Predicate | Connective


class TypedExpression(Struct, frozen=True, eq=False, dict=True):
    """A checked condition and its scope, bound and in the form of the wire."""

    condition: Condition
    preset: str | None
    start: str | None
    end: str | None
    products: tuple[str, ...]
    origin: Origin
    definitions: "Definitions"

    @cached_property
    def uses(self) -> "Uses":
        """Where definitions are used."""
        return Uses(self.origin, self.definitions)


class Uses:
    """The first use of each definition in the expression, direct or through others."""

    def __init__(self, root: Origin, definitions: "Definitions") -> None:
        self._users: dict[str, tuple[Origin, int]] = {}
        known = {root.name}
        waiting = [root]
        while waiting:
            user = waiting.pop()
            found: list[Origin] = []
            for number, leaf in enumerate(user.leaves):
                if isinstance(leaf, Reference) and leaf.name in definitions and f"@{leaf.name}" not in known:
                    known.add(f"@{leaf.name}")
                    self._users[f"@{leaf.name}"] = (user, number)
                    used = definitions.text(leaf.name).origin
                    if used is not None:
                        found.append(used)
            waiting += reversed(found)

    def notes(self, name: str) -> tuple[Note, ...]:
        """The uses of the definition `name` (with its `@`), the innermost first; () for the expression itself."""
        uses: list[tuple[str, Origin, int]] = []
        while name in self._users:
            user, leaf = self._users[name]
            uses.append((name, user, leaf))
            name = user.name
        shown = uses if len(uses) <= _MOST_USES else [*uses[: _MOST_USES - 1], uses[-1]]
        return tuple(
            [
                Note(f"`{shortened(used)}` is used here", user.spans.leaf(leaf), user.source)
                for used, user, leaf in shown
            ]
        )

    def lifted(self, predicate: Predicate) -> tuple[Origin, int]:
        """The leaf of the expression itself for a predicate: its own, or the use of its definition."""
        origin, leaf = predicate.origin, predicate.leaf
        while origin.name in self._users:
            origin, leaf = self._users[origin.name]
        return origin, leaf


_MOST_USES = 5


# ── walking ────────────────────────────────────────────────────────────────────────────────────────────────────────


def fold(
    root: Any,
    leaf: Callable[[Any], Result],
    join: Callable[[Connective, list[Result]], Result],
    *,
    as_written: bool = False,
) -> Result:
    """The value of a tree of `Connective`s and leaves, from the leaves up, leaves in the order of the text.

    With `as_written`, a connective from one leaf goes to `leaf`, too. No recursion, because definitions may be nested
    deeper than the interpreter's stack.
    """
    done: list[Result] = []
    waiting: list[tuple[Any, int]] = [(root, -1)]
    while waiting:
        node, count = waiting.pop()
        if type(node) is not Connective or (as_written and node.is_leaf):
            done.append(leaf(node))
        elif count < 0:
            waiting.append((node, len(node.parts)))
            waiting.extend([(part, -1) for part in reversed(node.parts)])
        else:
            parts = done[len(done) - count :]
            del done[len(done) - count :]
            done.append(join(node, parts))
    return done[0]


def leaves_of(root: Any) -> list[Any]:
    """The leaves of a tree of `Connective`s, in the order of the text: the predicates of a condition."""
    found: list[Any] = []
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if type(node) is Connective:
            waiting.extend(reversed(node.parts))
        else:
            found.append(node)
    return found


def negation(root: Condition) -> Condition:
    """The condition that holds exactly where `root` does not (De Morgan's laws hold in Kleene's logic)."""

    def opposite(predicate: Predicate) -> Condition:
        return Predicate(
            predicate.says.opposite, predicate.value, predicate.origin, predicate.leaf, not predicate.negated
        )

    def turned(node: Connective, parts: list[Condition]) -> Condition:
        return Connective(not node.every, tuple(parts), not node.negated, node.is_leaf)

    return fold(root, opposite, turned)


def parts_of(root: Any, *, every: bool) -> list[Any]:
    """The parts of an `and` (`every`) or `or`, including those of nested ones of its kind, in the order of the text."""
    if type(root) is Connective and root.every is every and Connective not in map(type, root.parts):
        return list(root.parts)  # nothing is nested, the usual case
    found: list[Any] = []
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if type(node) is Connective and node.every is every:
            waiting.extend(reversed(node.parts))
        else:
            found.append(node)
    return found
