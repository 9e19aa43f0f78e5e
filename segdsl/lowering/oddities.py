"""Warnings about a condition as a whole: parts that change nothing, that always hold, that can hardly hold together."""

from collections.abc import Iterator
from typing import Any

from segdsl.diagnostics import Diagnostic, Note
from segdsl.lowering.boxes import Box, is_covered
from segdsl.lowering.joints import Joint, leaves
from segdsl.lowering.lines import Count, Line, Opaque
from segdsl.lowering.normal_form import boxes_of, product_of
from segdsl.lowering.places import place
from segdsl.lowering.plan import Choice, Plan, tests_of
from segdsl.lowering.property_values import MAX_STRING_CLASSES, PropertyValues, string_classes
from segdsl.lowering.refusals import conjuncts, sets_of
from segdsl.semantics.catalogue import Field, Kind
from segdsl.syntax.literals import shortened

MAX_PARTS = 200
"""Parts of one `and` or `or` that are compared with one another; among more, none is called redundant."""

MAX_BOXES = 64
"""Conjunctions that a part may make and still be compared."""


def oddities(plan: Plan) -> list[Diagnostic]:
    """All warnings about the condition of a plan, in no particular order."""
    found = [*_redundant(plan), *_always_true(plan), *_clashing_conversations(plan)]
    return [diagnostic for diagnostic in found if diagnostic is not None]


def _warning(code: str, message: str, part: Any, *notes: Note) -> Diagnostic:
    span, origin = place(part)
    return Diagnostic(code, message, span, origin.source, (), (*notes, *origin.uses))


def _joints(plan: Plan) -> Iterator[tuple[Joint, list[Any]]]:
    """Each `and` and `or` that is not part of a like one, with its parts, those of nested like ones among them."""
    waiting = [plan.condition]
    while waiting:
        node = waiting.pop()
        if type(node) is Joint:
            parts = conjuncts(node)
            yield node, parts
            waiting.extend(parts)


# ── redundant ──────────────────────────────────────────────────────────────────────────────────────────────────────


def _redundant(plan: Plan) -> Iterator[Diagnostic]:
    for node, parts in _joints(plan):
        if len(parts) > MAX_PARTS:
            continue
        boxes = [boxes_of(part, MAX_BOXES) for part in parts]
        known = [(part, own) for part, own in zip(parts, boxes, strict=True) if own is not None]
        if not node.every:
            for part, own in known:
                if not own:
                    yield _warning("redundant", "no user can match this part, which changes nothing", part)
        known = [(part, own) for part, own in known if own]
        reason = "the rest implies it" if node.every else "the rest covers it"
        for part in _implied(plan, node.every, known):
            yield _warning("redundant", f"this part changes nothing: {reason}", part)


def _implied(plan: Plan, every: bool, known: list[tuple[Any, list[Box]]]) -> list[Any]:
    """The parts that follow from the others, the last written first."""
    kept = list(known)
    implied = []
    for part, boxes in reversed(known):
        others = [other for other in kept if other[0] is not part and _share(boxes, other[1])]
        if others and _follows(plan, every, boxes, [own for _, own in others]):
            kept = [other for other in kept if other[0] is not part]
            implied.append(part)
    return implied


def _share(one: list[Box], other: list[Box]) -> bool:
    """Whether two parts speak of a field in common; else neither follows from the other."""
    return bool({field for box in one for field in box} & {field for box in other for field in box})


def _follows(plan: Plan, every: bool, boxes: list[Box], others: list[list[Box]]) -> bool:
    if not every:
        union = [box for other in others for box in other]
        return all(is_covered(box, union, plan.universe) for box in boxes)
    joined = product_of(others, MAX_BOXES)
    return joined is not None and bool(joined) and all(is_covered(box, boxes, plan.universe) for box in joined)


# ── always true ────────────────────────────────────────────────────────────────────────────────────────────────────


def _always_true(plan: Plan) -> Iterator[Diagnostic]:
    for part in [plan.condition, *(part for _, parts in _joints(plan) for part in parts)]:
        covered = _one_line(part)
        if covered and _holds_for_all(plan.lines[covered[0]], covered[1]):
            name = shortened(plan.lines[covered[0]].field.key)
            yield _warning(
                "always-true", f"this holds for every user who has `{name}`; it is kept, and says just that", part
            )


def _one_line(part: Any) -> tuple[int, int] | None:
    """The one field and set that a part is, an `or` being the union of its parts."""
    if type(part) is Joint and part.every:
        return None
    if type(part) is Joint and any(type(inner) is Joint for inner in part.parts):
        return None
    sets = [sets_of(choice) for choice in leaves(part)]
    fields = {field for own in sets for field, _ in own}
    if len(fields) != 1 or [] in sets:
        return None
    union = 0
    for own in sets:
        for _, mask in own:
            union |= mask
    return fields.pop(), union


def _holds_for_all(line: Line, mask: int) -> bool:
    if isinstance(line, Opaque):
        return False
    if isinstance(line, Count):
        return not line.natural & ~mask
    return mask == line.full


# ── conversation properties ────────────────────────────────────────────────────────────────────────────────────────


def _clashing_conversations(plan: Plan) -> Iterator[Diagnostic]:
    """Tests of one conversation property that no one value passes: odd, but some user's conversations may."""
    for node, parts in _joints(plan):
        if not node.every:
            continue
        by_field: dict[Field, list[Choice]] = {}
        for part in parts:
            if type(part) is Choice and part.predicate.field.kind is Kind.CONVERSATION_PROPERTY:
                by_field.setdefault(part.predicate.field, []).append(part)
        for field, choices in by_field.items():
            if clash := _conversation_clash(field, choices):
                first, second = clash
                span, origin = place(first)
                message = (
                    f"no one conversation can be both, as to `{shortened(field.key)}`; a user with several may match"
                )
                yield _warning("may-never-match", message, second, Note("the other is here", span, origin.source))


def _conversation_clash(field: Field, choices: list[Choice]) -> tuple[Choice, Choice] | None:
    tests = [test for choice in choices for test in tests_of(choice.predicate)[1]]
    if len(choices) < 2 or string_classes(tests) > MAX_STRING_CLASSES:
        return None
    line = PropertyValues(Field(Kind.PROPERTY, field.key), tests)
    left = line.full
    for at, choice in enumerate(choices):
        every, own = tests_of(choice.predicate)
        mask = line.full if every else 0
        for test in own:
            mask = mask & line.mask(test) if every else mask | line.mask(test)
        if not left & mask:
            return choices[max(at - 1, 0)], choice
        left &= mask
    return None
