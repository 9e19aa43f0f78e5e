"""Warnings about a whole condition: parts that change nothing, that always hold, or that can hardly hold together."""

from collections.abc import Iterator, Sequence
from typing import Any

from segdsl.catalogue import Field, Kind
from segdsl.diagnostics import Diagnostic, Note
from segdsl.limits import MAX_COMPARED_PARTS, MAX_PART_CONJUNCTIONS
from segdsl.lowering.cubes import Cube, Work, WorkExceededError, is_covered
from segdsl.lowering.domains import OpaqueDomain, domain_of
from segdsl.lowering.domains.cells import alternatives_of
from segdsl.lowering.domains.properties import fits_in_cells
from segdsl.lowering.normal_form import cubes_of, product_of
from segdsl.lowering.space import Choice, Space, space_of
from segdsl.lowering.split_errors import place_of
from segdsl.semantics.typed import Connective, Origin, Predicate, TypedExpression, Uses, leaves_of
from segdsl.source import Span
from segdsl.syntax.literals import shortened
from segdsl.syntax.nodes import Between, Chain


def condition_lints(typed: TypedExpression) -> list[Diagnostic]:
    """All warnings about the condition of a typed expression, in no particular order."""
    predicates = leaves_of(typed.condition)
    fields = {one.field for one in predicates}
    if len(fields) == len(predicates) and not any(field.kind is Kind.COUNT for field in fields):
        return []  # no two parts have a field in common, so none can be redundant; and only a count can always hold
    if any(one.operator == "not contains" for one in predicates):
        return []  # no rule of the API says it: this is a definition, to be used under `not`
    space = space_of(typed.condition)
    uses = typed.uses
    return [*_redundant(space, uses), *_always_true(space, uses), *_clashing_conversations(space, uses)]


def _warning(code: str, message: str, part: Any, uses: Uses, *notes: Note) -> Diagnostic:
    span, origin = _narrow_place(part, uses)
    return Diagnostic(code, message, span, origin.source, (), (*notes, *uses.notes(origin.name)))


def _narrow_place(part: Any, uses: Uses) -> tuple[Span, Origin]:
    """The span of a part; for one bound of a range, that of the bound."""
    if type(part) is Choice and isinstance(part.predicate.node, Chain | Between):
        predicate: Predicate = part.predicate
        return predicate.origin.spans.bound(predicate.leaf, predicate.bound), predicate.origin
    return place_of(part, uses)


def _connectives(space: Space) -> Iterator[tuple[Connective, list[Any]]]:
    """Each maximal `and` and `or`, with its parts, including those of nested ones of its kind."""
    waiting = [space.condition]
    while waiting:
        node = waiting.pop()
        if type(node) is Connective:
            parts = _parts(node)
            yield node, parts
            waiting.extend(parts)


def _parts(node: Connective) -> list[Any]:
    """The parts of an `and` or `or`, including those of nested ones of its kind, except the bounds of one day."""
    found: list[Any] = []
    waiting = [node]
    while waiting:
        part: Any = waiting.pop()
        if type(part) is not Connective or part.every is not node.every or (part is not node and _is_day(part)):
            found.append(part)
        else:
            waiting.extend(reversed(part.parts))
    return found


def _is_day(node: Connective) -> bool:
    """Whether a connective comes from one literal: a date as two bounds."""
    return node.is_leaf and not isinstance(leaves_of(node)[0].predicate.node, Chain | Between)


# ── redundant ──────────────────────────────────────────────────────────────────────────────────────────────────────

_Known = tuple[Any, list[Cube], frozenset[int]]
"""A part, its cubes, and their dimensions."""


_NEVER_TRUE = "no user can match this part, which changes nothing"
_NEVER_FALSE = "no user can fail this part, so its negation changes nothing"


def _redundant(space: Space, uses: Uses) -> Iterator[Diagnostic]:
    work = Work()
    for node, parts in _connectives(space):
        if len(parts) > MAX_COMPARED_PARTS:
            continue
        known = [found for part in parts if (found := _known(part, work)) is not None]
        if not node.every:
            for part, cubes, _ in known:
                if not cubes:
                    is_opposite = _is_written_as_its_opposite(part, uses)
                    yield _warning("redundant", _NEVER_FALSE if is_opposite else _NEVER_TRUE, part, uses)
        reason = "the rest implies it" if node.every else "the rest covers it"
        for part in _implied(space, node.every, [one for one in known if one[1]], work):
            yield _warning("redundant", f"this part changes nothing: {reason}", part, uses)


def _known(part: Any, work: Work) -> _Known | None:
    try:
        cubes = cubes_of(part, work, MAX_PART_CONJUNCTIONS)
    except WorkExceededError:
        return None
    return part, cubes, frozenset(dimension for cube in cubes for dimension in cube)


def _implied(space: Space, every: bool, known: Sequence[_Known], work: Work) -> list[Any]:
    """The parts that the others imply, the last written first."""
    kept = list(known)
    implied = []
    for one in reversed(known):
        part, cubes, dimensions = one
        others = [other for other in kept if other is not one and other[2] & dimensions]
        if others and _follows(space, every, cubes, [other[1] for other in others], work):
            kept = [other for other in kept if other is not one]
            implied.append(part)
    return implied


def _follows(space: Space, every: bool, cubes: list[Cube], others: list[list[Cube]], work: Work) -> bool:
    if not every:
        union = [cube for other in others for cube in other]
        return all(is_covered(cube, union, space.universe) for cube in cubes)
    try:
        joined = product_of(others, work, MAX_PART_CONJUNCTIONS)
    except WorkExceededError:
        return False
    return bool(joined) and all(is_covered(cube, cubes, space.universe) for cube in joined)


# ── always true ────────────────────────────────────────────────────────────────────────────────────────────────────


def _always_true(space: Space, uses: Uses) -> Iterator[Diagnostic]:
    for part in [space.condition, *(part for _, parts in _connectives(space) for part in parts)]:
        covered = _one_dimension(part)
        if covered is None or isinstance(space.domains[covered[0]], OpaqueDomain):
            continue
        domain = space.domains[covered[0]]
        if covered[1] == domain.full:
            name = shortened(domain.field.key)
            if _is_written_as_its_opposite(part, uses):
                message = (
                    f"this holds for no user who has `{name}`, so its negation changes nothing but asks for `{name}`"
                )
            else:
                message = f"this holds for every user who has `{name}`; it is kept, and says just that"
            yield _warning("always-true", message, part, uses)


def _is_written_as_its_opposite(part: Any, uses: Uses) -> bool:
    """Whether the underlined text means the opposite of the part, because of an outer `not`."""
    if type(part) is Choice:
        predicate: Predicate = part.predicate
        span, origin = _narrow_place(part, uses)
        return predicate.negated and span.start == origin.spans.leaf(predicate.leaf).start
    return bool(part.negated) and place_of(part, uses)[0] == _from_first_leaf(part, uses)


def _from_first_leaf(part: Any, uses: Uses) -> Span:
    """The span of a part without the `not`s and parentheses before it, if its leaves are in one text."""
    predicates = [leaf.predicate for leaf in leaves_of(part)]
    first, last = predicates[0], predicates[-1]
    if first.origin is not last.origin:
        return Span(-1, -1)
    spans = first.origin.spans
    return Span(spans.leaf(first.leaf).start, spans.leaf(last.leaf).end)


def _one_dimension(part: Any) -> tuple[int, int] | None:
    """The dimension and set of a part on one dimension; an `or` is the union of its parts."""
    if type(part) is Connective and (part.every or any(type(inner) is Connective for inner in part.parts)):
        return None
    sets = [choice.sets for choice in leaves_of(part)]
    dimensions = {dimension for own in sets for dimension, _ in own}
    if len(dimensions) != 1 or () in sets:
        return None
    union = 0
    for own in sets:
        for _, mask in own:
            union |= mask
    return dimensions.pop(), union


# ── conversation properties ────────────────────────────────────────────────────────────────────────────────────────


def _clashing_conversations(space: Space, uses: Uses) -> Iterator[Diagnostic]:
    """Tests of one conversation property that no single value passes; several conversations of a user may."""
    for node, parts in _connectives(space):
        if not node.every:
            continue
        by_field: dict[Field, list[Predicate]] = {}
        for part in parts:
            if type(part) is Choice and part.predicate.field.kind is Kind.CONVERSATION_PROPERTY:
                by_field.setdefault(part.predicate.field, []).append(part.predicate)
        for field, predicates in by_field.items():
            if clash := _conversation_clash(field, predicates):
                first, second = clash
                span, origin = place_of(first, uses)
                message = (
                    f"no single conversation has both values of `{shortened(field.key)}`; a user with several may match"
                )
                note = Note("the other is here", span, origin.source)
                yield _warning("may-never-match", message, second, uses, note)


def _conversation_clash(field: Field, predicates: Sequence[Predicate]) -> tuple[Predicate, Predicate] | None:
    if any(predicate.says.date for predicate in predicates):  # `==` compares the text of a date, `<` its order
        predicates = [predicate for predicate in predicates if predicate.operator in ("<", ">=")]
    tests = [test for predicate in predicates for test in alternatives_of(predicate)]
    if len(predicates) < 2 or not fits_in_cells(tests):
        return None
    domain = domain_of(Field(Kind.PROPERTY, field.key), tests)
    left = domain.full
    for at, predicate in enumerate(predicates):
        mask = domain.predicate_mask(predicate)
        if not left & mask:
            return predicates[max(at - 1, 0)], predicate
        left &= mask
    return None
