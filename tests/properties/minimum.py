"""The least number of segments that say what a tree says, by brute force.

A field's values fall into finitely many classes that no atom tells apart; one *sample* stands for each, with one for
"lacking". A user is a choice of one sample for each field, a conjunction of atoms is a box of users, and the least
number of segments is the least number of boxes whose union is exactly the users for whom the tree is true. Sets of
samples and of users are integers used as bit sets.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, reduce
from itertools import pairwise, product
from typing import Any

from .meaning import compared, meaning
from .strategies import duration_minutes
from .trees import And, Between, Chain, Comparison, Field, In, Not, Or, Seen, Tree, literals, predicates

Atom = tuple[str, Any]
"""An operator of the wire (`gt`, `within`, `is` for flags) and its value; a duration's value is in minutes."""

ATOM_OPERATORS = {
    "metric": ("gt", "gte", "lt", "lte", "eq"),
    "count": ("gte", "lte"),
    "flag": ("is",),
    "instant": ("within", "before"),
    "property": ("eq", "neq", "gt", "lt", "contains"),
}
LIKE = {"gt": ">", "gte": ">=", "lt": "<", "lte": "<=", "eq": "==", "neq": "!=", "contains": "contains", "is": "=="}


@dataclass(frozen=True)
class Space:
    """The users worth telling apart: for each field its samples, and the sets of samples that atoms can say."""

    fields: tuple[Field, ...]
    samples: tuple[tuple[Any, ...], ...]
    sayable: tuple[tuple[int, ...], ...]

    def users(self) -> Iterable[tuple[Any, ...]]:
        return product(*self.samples)


def space_of(tree: Tree) -> Space:
    """Samples and sayable sets from the constants that occur in the tree."""
    fields = tuple(dict.fromkeys(predicate.field for predicate in predicates(tree)))
    constants = {field: constants_of(tree, field) for field in fields}
    samples = tuple(samples_for(field.kind, constants[field]) for field in fields)
    sayable = tuple(
        sayable_sets(atoms_for(field.kind, constants[field]), known)
        for field, known in zip(fields, samples, strict=True)
    )
    return Space(fields, samples, sayable)


def constants_of(tree: Tree, field: Field) -> list[Any]:
    found: list[Any] = []
    for predicate in predicates(tree):
        if predicate.field != field:
            continue
        if isinstance(predicate, Seen):
            found.append(duration_minutes(predicate.duration))
        else:
            found += literals(predicate)
    return found


def atoms_for(kind: str, constants: Sequence[Any]) -> list[Atom]:
    """Everything that one rule can say with these constants; for the count also with their neighbours."""
    if kind == "flag":
        return [("is", True), ("is", False)]
    if kind == "count":
        constants = [0, *(int(value) + step for value in constants for step in (-1, 0, 1))]
    return [
        (operator, value)
        for operator in ATOM_OPERATORS[kind]
        for value in constants
        if operator in ("eq", "neq")
        or (isinstance(value, str) is (operator == "contains") and not isinstance(value, bool))
    ]


def holds(atom: Atom, value: Any) -> bool:
    """Whether the atom is true of the value; a lacking one is None."""
    operator, constant = atom
    if value is None:
        return False
    if operator in ("within", "before"):
        return (value <= constant) is (operator == "within")
    return compared(value, LIKE[operator], constant) is True


def samples_for(kind: str, constants: Sequence[Any]) -> tuple[Any, ...]:
    """One value of each class: at, between and outside the constants, of other types, and lacking."""
    if kind == "flag":
        return True, False, None
    if kind == "count":
        return (*range(max(map(int, constants)) + 3), None)
    numbers = sorted({value for value in constants if isinstance(value, int | float) and not isinstance(value, bool)})
    between = [(low + high) / 2 for low, high in pairwise(numbers)]
    outside = [numbers[0] - 1, numbers[-1] + 1] if numbers else []
    if kind in ("metric", "instant"):
        return (*numbers, *between, *outside, None)
    strings = list(dict.fromkeys(value for value in constants if isinstance(value, str)))
    mixtures = ["|".join(chosen) + "|~" for chosen in _subsets(strings)]
    return (*numbers, *between, *(outside or [0]), *strings, *mixtures, True, False, [], None)


def _subsets(values: list[str]) -> list[list[str]]:
    return reduce(lambda found, value: found + [[*chosen, value] for chosen in found], values, [[]])


def sayable_sets(atoms: list[Atom], samples: tuple[Any, ...]) -> tuple[int, ...]:
    """Every set of samples that a conjunction of atoms can say, the empty conjunction included, the empty set not."""
    single = {sum(1 << index for index, value in enumerate(samples) if holds(atom, value)) for atom in atoms}
    found = {(1 << len(samples)) - 1}
    for one in single:
        found |= {one & other for other in found}
    return tuple(sorted(found - {0}, key=int.bit_count, reverse=True))


def true_users(tree: Tree, space: Space) -> int:
    """The users for whom the tree is true, as a bit set over `space.users()`."""
    return sum(
        1 << index
        for index, user in enumerate(space.users())
        if meaning(tree, dict(zip(space.fields, user, strict=True))) is True
    )


def box(sets: Sequence[int], space: Space) -> int:
    """The users whose every sample is in that field's set."""
    users, size = 1, 1
    for chosen, known in zip(reversed(sets), reversed(space.samples), strict=True):
        users = sum(users << (index * size) for index in range(len(known)) if chosen >> index & 1)
        size *= len(known)
    return users


def boxes_inside(wanted: int, space: Space) -> list[int]:
    """The boxes that hold only wanted users; every such box is inside one of them."""
    sizes = [len(known) for known in space.samples]

    @cache
    def inside(depth: int, wanted: int) -> tuple[int, ...]:
        if depth == len(sizes):
            return (wanted,)
        size = _product(sizes[depth + 1 :])
        slices = [wanted >> (index * size) & ((1 << size) - 1) for index in range(sizes[depth])]
        largest: dict[int, list[int]] = {}  # by what they leave of the other fields; larger sets come first
        for sayable in space.sayable[depth]:
            rest = reduce(int.__and__, (part for index, part in enumerate(slices) if sayable >> index & 1))
            if rest and not any(sayable & ~other == 0 for other in largest.setdefault(rest, [])):
                largest[rest].append(sayable)
        found = {
            sum(users << (index * size) for index in range(sizes[depth]) if sayable >> index & 1)
            for rest, sets in largest.items()
            for sayable in sets
            for users in inside(depth + 1, rest)
        }
        return tuple(users for users in found if not any(users != other and users & ~other == 0 for other in found))

    return list(inside(0, wanted))


def coverable(wanted: int, boxes: Sequence[int], number: int) -> bool:
    """Whether `number` of the boxes cover the wanted users."""
    if wanted == 0:
        return True
    if number == 0 or max(map(int.bit_count, boxes)) * number < wanted.bit_count():
        return False
    lowest = wanted & -wanted
    return any(coverable(wanted & ~users, boxes, number - 1) for users in boxes if users & lowest)


def naive_size(tree: Tree, *, negated: bool = False) -> int:  # noqa: PLR0911  one for each kind of node
    """How many conjunctions plain distribution makes, before anything is simplified."""
    match tree:
        case Not(operand):
            return naive_size(operand, negated=not negated)
        case And(operands) | Or(operands):
            sizes = [naive_size(operand, negated=negated) for operand in operands]
            return _product(sizes) if isinstance(tree, And) is not negated else sum(sizes)
        case Comparison(field, operator, _):
            return _comparison_size(field.kind, operator, negated=negated)
        case Chain(_, left, field, right, _):
            sizes = [_comparison_size(field.kind, operator, negated=negated) for operator in (left, right)]
            return sum(sizes) if negated else _product(sizes)
        case Between(field, _, _):
            sizes = [_comparison_size(field.kind, operator, negated=negated) for operator in (">=", "<=")]
            return sum(sizes) if negated else _product(sizes)
        case In(field, values, flipped):
            outside = negated is not flipped
            sizes = [_comparison_size(field.kind, "!=" if outside else "==", negated=False) for _ in values]
            return _product(sizes) if outside else sum(sizes)
        case _:
            return 1


def _comparison_size(kind: str, operator: str, *, negated: bool) -> int:
    opposite = {"==": "!=", "!=": "==", ">": "<=", "<=": ">", "<": ">=", ">=": "<"}
    said = opposite[operator] if negated else operator
    split = ("<=", ">=") if kind in ("property", "conversation") else ("!=",)
    return 2 if said in split else 1


def _product(sizes: list[int]) -> int:
    return reduce(lambda one, other: one * other, sizes, 1)
