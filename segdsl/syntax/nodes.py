"""The tree of an expression: immutable, hashable, n-ary, compared by meaning.

Two nodes are equal if they mean the same: their place in a text does not count, but the *type* of a literal does
(`True`, `1` and `1.0` are three literals). Names have their canonical spelling: `plan`, `user.plan`, `user["-x"]`.
Strings, numbers and booleans are Python's own; literals that JSON does not have are classes here.

    Expression ─ condition: And · Or · Not · Comparison · Chain · Between · BareName · Reference
               └ during, from_, to, products: the scope clauses

A tree holds only what a text can hold: nesting is bounded when an inner node is made (`NestingError`), and an
`Expression` that is built in Python checks its names, operators and values (`ValueError`).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Self

from msgspec import Struct
from msgspec.structs import force_setattr

from segdsl.errors import NestingError
from segdsl.limits import MAX_NESTING


class Literal(Struct, frozen=True):
    """A literal that is written without quotes and is not a number, such as a duration."""

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
    """The base of all nodes.

    `==`, `hash`, `repr` and pickling walk the tree with their own stack. The usual ones recurse: a tree of 200 levels
    takes 800 calls, and the interpreter allows 1,000, including the caller's.
    """

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Node) and type(self) is type(other) and _flattened(self) == _flattened(other)

    def __ne__(self, other: object) -> bool:
        return not self == other  # a Struct's own `!=` compares identities

    def __hash__(self) -> int:
        return hash(tuple(_flattened(self)))

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuilt, (_flattened(self), getattr(self, "text", None))

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, _: dict[int, Any]) -> Self:
        return self  # immutable down to the leaves

    def __repr__(self) -> str:
        pieces: list[str] = []
        waiting: list[Any] = [self]
        while waiting:
            part = waiting.pop()
            if isinstance(part, _Text):
                pieces.append(part.text)
            elif isinstance(part, Node):
                inside = [(_Text(f"{name}="), getattr(part, name)) for name in type(part).__match_args__]
                waiting += _bracketed(f"{type(part).__name__}(", inside, ")")
            elif type(part) is tuple:
                waiting += _bracketed("(", [(item,) for item in part], ",)" if len(part) == 1 else ")")
            else:
                pieces.append(repr(part))
        return "".join(pieces)


def _flattened(root: Node) -> list[tuple[type, Any]]:
    """A tree as a list: for a node its type, for a tuple its length, each before its parts; a value with its type."""
    flat: list[tuple[type, Any]] = []
    waiting: list[Any] = [root]
    while waiting:
        part = waiting.pop()
        if isinstance(part, Node):
            names = type(part).__match_args__
            flat.append((type(part), len(names)))
            waiting.extend([getattr(part, name) for name in reversed(names)])
        elif type(part) is tuple:
            flat.append((tuple, len(part)))
            waiting.extend(reversed(part))
        else:
            flat.append((type(part), part))
    return flat


def _rebuilt(flat: list[tuple[type, Any]], text: str | None) -> Any:
    """The tree of such a list; an expression that was read also gets its text."""
    parts: list[Any] = []
    for kind, value in reversed(flat):
        if kind is tuple:
            parts.append(tuple([parts.pop() for _ in range(value)]))
        elif kind is Expression and text is not None:
            parts.append(valid_expression(*[parts.pop() for _ in range(value)], text=text))
        elif issubclass(kind, Node):
            parts.append(kind(*[parts.pop() for _ in range(value)]))
        else:
            parts.append(value)
    return parts[0]


class _Text(Struct, frozen=True):
    """A finished piece of a `repr`."""

    text: str


def _bracketed(opening: str, items: list[tuple[Any, ...]], closing: str) -> list[Any]:
    """Items with commas between brackets, in the order of a stack: the last first."""
    parts: list[Any] = [_Text(opening)]
    for at, item in enumerate(items):
        parts += [_Text(", "), *item] if at else item
    return [*parts, _Text(closing)][::-1]


# ── leaves ─────────────────────────────────────────────────────────────────────────────────────────────────────────


class Comparison(Node, frozen=True, eq=False, gc=False):
    """One name against one literal, the name on the left.

    `operator` is one of == != < <= > >= · contains · not contains · within · before · in · not in; the last two take
    a tuple of literals, or a parameter.
    """

    name: str
    operator: str
    value: Value | tuple[Value, ...]


class Chain(Node, frozen=True, eq=False, gc=False):
    """`low <= name < high`, written upwards; each operator is `<` or `<=`."""

    low: Value
    low_operator: str
    name: str
    high_operator: str
    high: Value


class Between(Node, frozen=True, eq=False, gc=False):
    """`name between low and high`, both ends included."""

    name: str
    low: Value
    high: Value


class BareName(Node, frozen=True, eq=False, gc=False):
    """A name alone: the flag is set, the property is `true`."""

    name: str


class Reference(Node, frozen=True, eq=False, gc=False):
    """`@name`: a definition, standing for its condition."""

    name: str


class Unreadable(Node, frozen=True, eq=False, gc=False):
    """An unreadable condition; only in the repaired tree of a text with errors."""


# ── inner nodes ────────────────────────────────────────────────────────────────────────────────────────────────────


class _Inner(Node, frozen=True, eq=False, gc=False, kw_only=True):
    """`nesting` counts the levels of parentheses and `not` in the canonical text; it is derived, and never compared."""

    nesting: int = 0


def _nest(node: _Inner, nesting: int) -> None:
    if nesting > MAX_NESTING:
        raise NestingError(f"nested deeper than {MAX_NESTING} levels of parentheses and `not`")
    force_setattr(node, "nesting", nesting)


class Not(_Inner, frozen=True, eq=False, gc=False):
    """The operand is false."""

    operand: Condition

    def __post_init__(self) -> None:
        operand: Any = self.operand
        kind = type(operand)
        _nest(self, 1 if kind not in _INNER else operand.nesting + 1 + (kind is not Not))


class _Junction(_Inner, frozen=True, eq=False, gc=False):
    operands: tuple[Condition, ...]

    def __post_init__(self) -> None:
        operands = self.operands
        if _INNER.isdisjoint(map(type, operands)):
            if self.nesting:  # from the node that `replace` copied
                _nest(self, 0)
        else:
            own = type(self)
            parenthesised = Or if own is And else None  # an `and` in an `or` needs no parentheses
            levels = [one.nesting + (type(one) is parenthesised) for one in operands if isinstance(one, _Inner)]
            _nest(self, max(levels))
            if own in map(type, operands):
                flat: list[Condition] = []
                for operand in operands:
                    flat.extend(operand.operands if isinstance(operand, own) else (operand,))
                operands = tuple(flat)
                force_setattr(self, "operands", operands)
        if len(operands) < 2:
            raise ValueError(f"{type(self).__name__} joins at least two operands")


class And(_Junction, frozen=True, eq=False, gc=False):
    """All operands are true. Nested `And`s flatten on construction."""


class Or(_Junction, frozen=True, eq=False, gc=False):
    """At least one operand is true. Nested `Or`s flatten on construction."""


_INNER = frozenset([And, Or, Not])

Condition = And | Or | Not | Comparison | Chain | Between | BareName | Reference


# ── expressions ────────────────────────────────────────────────────────────────────────────────────────────────────


class _Read(Node, frozen=True, eq=False, gc=False, kw_only=True):
    text: str | None = None
    places: Any = None
    """The tokens of a repaired tree and their places; see `segdsl.syntax.spans`."""


class Expression(_Read, frozen=True, eq=False, gc=False):
    """A condition with its scope clauses. `text` is the text that it was read from, None for a built one.

    Building one checks the whole tree: `ValueError` for parts that no text can hold, `TypeError` for a text instead of
    a tree. `a & b`, `a | b` and `~a` make `and`, `or` and `not`; the parts may not have scope clauses (`ValueError`),
    because these apply to a whole segment.
    """

    condition: Condition
    during: str | Parameter | None = None
    from_: Date | Parameter | None = None
    to: Date | Parameter | None = None
    products: tuple[str | Parameter, ...] = ()

    def __post_init__(self) -> None:
        text: Any = self.text
        if type(text) is _Valid:
            force_setattr(self, "text", text.text)
        else:  # built, or a changed copy of a parsed one
            if text is not None:
                force_setattr(self, "text", None)
            from segdsl.syntax.validation import validate  # noqa: PLC0415  only trees that are built in Python need it

            validate(self)

    def to_dict(self) -> dict[str, Any]:
        """The tree as plain data, tagged and versioned, for storing it and for other languages."""
        from segdsl.syntax.stored import to_dict  # noqa: PLC0415  compiling stores nothing

        return to_dict(self)

    @staticmethod
    def from_dict(stored: Any) -> Expression:
        """The tree from the data of `to_dict`. Raises `ValueError` with the place of the first error."""
        from segdsl.syntax.stored import from_dict  # noqa: PLC0415  as above

        return from_dict(stored)

    def __and__(self, other: Expression) -> Expression:
        return joined(And, (self, other)) if isinstance(other, Expression) else NotImplemented

    def __or__(self, other: Expression) -> Expression:
        return joined(Or, (self, other)) if isinstance(other, Expression) else NotImplemented

    def __invert__(self) -> Expression:
        return valid_expression(Not(_unscoped(self)))

    def __bool__(self) -> bool:
        """A parsed expression is an ordinary object; a built one may be half of a Python `and`."""
        if self.text is None:
            raise TypeError(NO_TRUTH)
        return True


class _Valid(Struct, frozen=True):
    """The text of a tree that needs no validation."""

    text: str | None


def valid_expression(
    condition: Condition,
    during: Any = None,
    from_: Any = None,
    to: Any = None,
    products: Any = (),
    *,
    text: str | None = None,
) -> Expression:
    """An expression from valid parts: read from `text`, or taken from other expressions."""
    valid: Any = _Valid(text)  # `__post_init__` unwraps it
    return Expression(condition, during, from_, to, products, text=valid)


NO_TRUTH = (
    "a condition is neither true nor false in Python: write `(a) & (b)`, `(a) | (b)` and `~(a)` for `and`, `or` and "
    "`not`, and a range as `.between(low, high)` or `(a >= low) & (a < high)`"
)
"""The answer to Python's own `and`, `or`, `not` and chained comparisons."""


def joined(kind: type[And | Or], expressions: Iterable[Expression]) -> Expression:
    """The expression that joins two or more others; raises `ValueError` if one has scope clauses."""
    return valid_expression(kind(tuple([_unscoped(expression) for expression in expressions])))


def _unscoped(expression: Expression) -> Condition:
    if (expression.during, expression.from_, expression.to, expression.products) != (None, None, None, ()):
        raise ValueError("scope clauses belong to the whole segment: combine the conditions first, then add the scope")
    return expression.condition
