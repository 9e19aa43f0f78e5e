"""The tree of an expression: immutable, hashable, n-ary, compared by meaning.

Two nodes are equal when they say the same: where they stand in a text does not count, the *type* of a literal does
(`True`, `1` and `1.0` are three literals). Names stand in their canonical spelling: `plan`, `user.plan`,
`user["-x"]`. Strings, numbers and booleans are Python's own; what JSON has no word for has a class here.

    Expression ─ condition: And · Or · Not · Comparison · Chain · Between · BareName · Reference
               └ during, from_, to, products: the scope clauses
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Self

from msgspec import Struct
from msgspec.structs import force_setattr

MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}
"""The sign that says the same when the sides change places: `3 < seats` is `seats > 3`."""


class Literal(Struct, frozen=True):
    """A literal that is written without quotes and is no number, such as a duration."""

    text: str


class Duration(Literal, frozen=True):
    """A length of time as written: a whole number and m, h, d or w (`7d`)."""


class Date(Literal, frozen=True):
    """A day or moment as written: `2026-01-01`, or an RFC 3339 date-time."""


class Parameter(Struct, frozen=True):
    """`$name`: a literal, list, duration, date or product that the host binds later."""

    name: str


Value = str | bool | int | float | Duration | Date | Parameter


class Node(Struct, frozen=True, eq=False, gc=False):
    """The base of all nodes. A leaf keeps the numbers of its first and last token (-1: it does not come from a text);
    `segdsl.syntax.positions` turns them into offsets when somebody asks.

    Equality, hash, `repr` and pickling walk the tree with a stack of their own, for it may be deeper than the
    interpreter's.
    """

    def _fields(self) -> tuple[str, ...]:
        return tuple(name for name in self.__struct_fields__ if name not in ("first", "last"))

    def _meaning(self) -> list[Any]:
        """The tree written out flat: each node as its type and then its parts, each literal with its type."""
        flat: list[Any] = []
        waiting: list[Any] = [self]
        while waiting:
            part = waiting.pop()
            if isinstance(part, Node):
                flat.append(type(part))
                waiting.extend([getattr(part, name) for name in part._fields()])
            elif type(part) is tuple:
                flat.append(len(part))
                waiting.extend(part)
            else:
                flat.append((type(part), part))
        return flat

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Node) and type(self) is type(other) and self._meaning() == other._meaning()

    def __ne__(self, other: object) -> bool:
        return not self == other  # a Struct's own would compare by identity

    def __hash__(self) -> int:
        return hash(tuple(self._meaning()))

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuilt, (_flattened(self),)

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, _: dict[int, Any]) -> Self:
        return self  # immutable all the way down

    def __repr__(self) -> str:
        pieces: list[str] = []
        waiting: list[Any] = [self]
        while waiting:
            part = waiting.pop()
            if isinstance(part, _Text):
                pieces.append(part.text)
            elif isinstance(part, Node):
                inside = [(_Text(f"{name}="), getattr(part, name)) for name in part._fields()]
                waiting += _bracketed(f"{type(part).__name__}(", inside, ")")
            elif type(part) is tuple:
                waiting += _bracketed("(", [(item,) for item in part], ",)" if len(part) == 1 else ")")
            else:
                pieces.append(repr(part))
        return "".join(pieces)


def _flattened(root: Node) -> list[tuple[Any, Any]]:
    """A tree as a list: (type, number of parts) before the parts of a node or tuple, else (None, value)."""
    flat: list[tuple[Any, Any]] = []
    waiting: list[Any] = [root]
    while waiting:
        part = waiting.pop()
        if isinstance(part, Node):
            names = part.__struct_fields__
            flat.append((type(part), len(names)))
            waiting.extend([getattr(part, name) for name in reversed(names)])
        elif type(part) is tuple:
            flat.append((tuple, len(part)))
            waiting.extend(reversed(part))
        else:
            flat.append((None, part))
    return flat


def _rebuilt(flat: list[tuple[Any, Any]]) -> Any:
    """The tree that was flattened."""
    parts: list[Any] = []
    for kind, value in reversed(flat):
        if kind is None:
            parts.append(value)
            continue
        own = [parts.pop() for _ in range(value)]
        parts.append(tuple(own) if kind is tuple else kind(*own))
    return parts[0]


class _Text(Struct, frozen=True):
    """A piece of a `repr` that is ready."""

    text: str


def _bracketed(opening: str, items: list[tuple[Any, ...]], closing: str) -> list[Any]:
    """What a stack holds to write items with commas between brackets: the last first."""
    parts: list[Any] = [_Text(opening)]
    for at, item in enumerate(items):
        parts += [_Text(", "), *item] if at else item
    return [*parts, _Text(closing)][::-1]


class Comparison(Node, frozen=True, eq=False, gc=False):
    """One name against one literal, the name on the left.

    `operator` is one of == != < <= > >= · contains · not contains · within · before · in · not in; the last two take
    a tuple of literals, or a parameter.
    """

    name: str
    operator: str
    value: Value | tuple[Value, ...]
    first: int = -1
    last: int = -1


class Chain(Node, frozen=True, eq=False, gc=False):
    """`low <= name < high`, written upwards; each operator is `<` or `<=`."""

    low: Value
    low_operator: str
    name: str
    high_operator: str
    high: Value
    first: int = -1
    last: int = -1
    downwards: bool = False

    def _fields(self) -> tuple[str, ...]:
        return ("low", "low_operator", "name", "high_operator", "high")


class Between(Node, frozen=True, eq=False, gc=False):
    """`name between low and high`, both ends included."""

    name: str
    low: Value
    high: Value
    first: int = -1
    last: int = -1


class BareName(Node, frozen=True, eq=False, gc=False):
    """A name alone: the flag is set, the property is `true`."""

    name: str
    first: int = -1
    last: int = -1


class Reference(Node, frozen=True, eq=False, gc=False):
    """`@name`: a definition, standing for its condition."""

    name: str
    first: int = -1
    last: int = -1


class Not(Node, frozen=True, eq=False, gc=False):
    """The operand is false."""

    operand: Condition
    first: int = -1


class _Junction(Node, frozen=True, eq=False, gc=False):
    operands: tuple[Condition, ...]

    def __post_init__(self) -> None:
        operands = self.operands
        if type(self) in map(type, operands):
            flat: list[Condition] = []
            for operand in operands:
                flat.extend(operand.operands if isinstance(operand, type(self)) else (operand,))
            force_setattr(self, "operands", tuple(flat))
        if len(operands) < 2 and len(self.operands) < 2:
            raise ValueError(f"{type(self).__name__} joins at least two operands")


class And(_Junction, frozen=True, eq=False, gc=False):
    """Every operand is true. Nested `And`s flatten on construction."""


class Or(_Junction, frozen=True, eq=False, gc=False):
    """Some operand is true. Nested `Or`s flatten on construction."""


Condition = And | Or | Not | Comparison | Chain | Between | BareName | Reference


class Expression(Node, frozen=True, eq=False, gc=False):
    """A condition with its scope clauses. `text` is what it was read from, None for one that was built.

    `a & b`, `a | b` and `~a` are the expressions that say `and`, `or` and `not`; of these, neither may have scope
    clauses (`ValueError`), for they hold for a whole segment.
    """

    condition: Condition
    during: str | Parameter | None = None
    from_: Date | Parameter | None = None
    to: Date | Parameter | None = None
    products: tuple[str | Parameter, ...] = ()
    text: str | None = None
    clause_tokens: tuple[tuple[str, int, int], ...] = ()

    def _fields(self) -> tuple[str, ...]:
        return ("condition", "during", "from_", "to", "products")

    def __and__(self, other: Expression) -> Expression:
        return joined(And, (self, other)) if isinstance(other, Expression) else NotImplemented

    def __or__(self, other: Expression) -> Expression:
        return joined(Or, (self, other)) if isinstance(other, Expression) else NotImplemented

    def __invert__(self) -> Expression:
        return Expression(Not(_unscoped(self)))

    def __bool__(self) -> bool:
        """One that was read is an object like any other; one that was built may be half of a Python `and`."""
        if self.text is None:
            raise TypeError(NO_TRUTH)
        return True


NO_TRUTH = (
    "a condition is neither true nor false in Python: write `(a) & (b)`, `(a) | (b)` and `~(a)` for `and`, `or` and "
    "`not`, and a range as `.between(low, high)` or `(a >= low) & (a < high)`"
)
"""What Python's own `and`, `or`, `not` and chained comparisons run into."""


def joined(kind: type[And | Or], expressions: Iterable[Expression]) -> Expression:
    """The expression that joins others, two at least; raises `ValueError` when one has scope clauses."""
    return Expression(kind(tuple([_unscoped(expression) for expression in expressions])))


def _unscoped(expression: Expression) -> Condition:
    if (expression.during, expression.from_, expression.to, expression.products) != (None, None, None, ()):
        raise ValueError("scope clauses belong to the whole segment: combine the conditions first, then say the scope")
    return expression.condition
