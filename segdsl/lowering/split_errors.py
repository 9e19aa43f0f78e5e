"""The diagnostics of the lowering: why an expression does not become one segment, or any."""

from collections.abc import Sequence
from typing import Any

from msgspec import Struct

from segdsl.catalogue import KIND_WORDS, OPPOSITES, Field, Kind
from segdsl.diagnostics import Diagnostic, Note
from segdsl.limits import MAX_SAFE_INTEGER, MAX_SEGMENTS
from segdsl.lowering.alternatives import alternatives
from segdsl.lowering.cubes import Work, WorkExceededError
from segdsl.lowering.lower import Lowered
from segdsl.lowering.normal_form import TooManyError, cubes_of
from segdsl.lowering.space import Choice, space_of
from segdsl.lowering.words import field_of_rule
from segdsl.semantics import dates
from segdsl.semantics.advice import Advice
from segdsl.semantics.typed import (
    Condition,
    Connective,
    Origin,
    Predicate,
    TypedExpression,
    Uses,
    leaves_of,
    parts_of,
)
from segdsl.source import Span
from segdsl.syntax.literals import shortened
from segdsl.syntax.names import WHICH_VALUES
from segdsl.syntax.nodes import Between, Chain, Comparison

_MAX_NOTES = 3
_COUNTABLE = 1_000_000  # beyond it exact digits are not useful


def split_errors(typed: TypedExpression, lowered: Lowered, advice: Advice, max_segments: int) -> tuple[Diagnostic, ...]:
    """Why a typed expression does not fit into `max_segments` segments."""
    if lowered.inexpressible:
        return tuple([_not_expressible(one, typed.uses) for one in lowered.inexpressible])
    if lowered.count == 0:
        return (_never_matches(typed),)
    if max_segments == 1 and lowered.count > 1:
        return (_needs_split(typed, lowered, advice),)
    return (_too_many(typed, lowered, max_segments),)


# ── places ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def place_of(part: Any, uses: Uses) -> tuple[Span, Origin]:
    """The span of a part of the condition: in one text if possible, else where its definitions are used.

    `part` is over predicates or over `Choice`s. One bound of a range has the span of the range.
    """
    predicates = _predicates_of(part)
    first, last = predicates[0], predicates[-1]
    if first.origin is last.origin:
        origin, start, end = first.origin, first.leaf, last.leaf
    else:
        (origin, start), (_, end) = uses.lifted(first), uses.lifted(last)
    return origin.spans.part(start, end), origin


def _predicates_of(part: Any) -> list[Predicate]:
    return [leaf.predicate if type(leaf) is Choice else leaf for leaf in leaves_of(part)]


# ── no rule, no user ───────────────────────────────────────────────────────────────────────────────────────────────


def _not_expressible(predicate: Predicate, uses: Uses) -> Diagnostic:
    what = "conversation" if predicate.field.kind is Kind.CONVERSATION_PROPERTY else "user"
    span, origin = place_of(predicate, uses)
    message = f"the API cannot say that a {what} property does not contain a text"
    return Diagnostic("not-expressible", message, span, origin.source, (WHICH_VALUES,), uses.notes(origin.name))


def _never_matches(typed: TypedExpression) -> Diagnostic:
    """No user can match: marks the parts that contradict one another if they are side by side, else the whole."""
    uses = typed.uses
    found = contradiction(typed.condition)
    if found is None:
        origin = typed.origin
        message = "no user can match: its parts contradict one another"
        return Diagnostic("never-matches", message, origin.spans.condition(), origin.source)
    last, others = found
    span, origin = place_of(last, uses)
    notes = uses.notes(origin.name)
    if all(_stand_together(other, last) for other in others):
        name = shortened(last.field.key)
        why = "this range is empty" if others else f"this holds for no value of `{name}`"
        message = f"no user can match: {why}"
    else:
        message = f"no user can match: this contradicts another condition on `{shortened(last.field.key)}`"
        words = "it contradicts this" if len(others) == 1 else "it contradicts this, taken together"
        places = [place_of(other, uses) for other in others[:_MAX_NOTES]]
        notes = (*(Note(words, other, where.source) for other, where in places), *notes)
    return Diagnostic("never-matches", message, span, origin.source, (), notes)


def _stand_together(one: Predicate, other: Predicate) -> bool:
    return one.origin is other.origin and one.leaf == other.leaf


def contradiction(condition: Condition) -> tuple[Predicate, list[Predicate]] | None:
    """A predicate, and one or more others on its field that must hold, too, but cannot."""
    waiting: list[Any] = [space_of(condition).condition]
    work = Work()
    while waiting:
        node = waiting.pop()
        every = type(node) is not Connective or node.every
        parts = parts_of(node, every=every)
        if every and (clash := _clash([part for part in parts if type(part) is Choice])):
            return clash
        inner = [part for part in parts if type(part) is Connective]
        if every or all(type(part) is Connective and _is_empty(part, work) for part in parts):
            waiting.extend(reversed(inner))
    return None


def _is_empty(part: Connective, work: Work) -> bool:
    try:
        return cubes_of(part, work) == []
    except WorkExceededError:
        return False


def _clash(choices: Sequence[Choice]) -> tuple[Predicate, list[Predicate]] | None:
    left: dict[int, int] = {}
    seen: dict[int, list[tuple[int, Predicate]]] = {}
    for choice in choices:
        for dimension, mask in choice.sets:
            earlier = seen.setdefault(dimension, [])
            left[dimension] = left.get(dimension, mask) & mask
            if not left[dimension]:
                alone = [other for known, other in earlier if not known & mask][:1]
                return choice.predicate, alone or [other for _, other in earlier]
            earlier.append((mask, choice.predicate))
    return None


# ── several segments ───────────────────────────────────────────────────────────────────────────────────────────────


class _Splitter(Struct, frozen=True):
    """A part that splits the expression: its span, the reason, and the predicate if it is one."""

    span: Span
    origin: Origin
    reason: str
    predicate: Predicate | None


def _needs_split(typed: TypedExpression, lowered: Lowered, advice: Advice) -> Diagnostic:
    """More than one segment is needed: the first part that splits, the number of segments, and help."""
    parts = _in_order_of_text(_splitters(typed, lowered), typed.origin) or [
        _Splitter(typed.origin.spans.condition(), typed.origin, "the API has no `or`", None)
    ]
    first = parts[0]
    also = [
        Note(f"this splits, too: {other.reason}", other.span, other.origin.source)
        for other in parts[1 : _MAX_NOTES + 1]
    ]
    message = f"{first.reason}; this needs {_segments(lowered)}"
    help_ = _ways_out(typed, lowered, first.predicate, advice)
    notes = (*also, *typed.uses.notes(first.origin.name))
    return Diagnostic("needs-split", message, first.span, first.origin.source, help_, notes)


def _too_many(typed: TypedExpression, lowered: Lowered, limit: int) -> Diagnostic:
    origin = typed.origin
    message = f"this needs {_segments(lowered)}; the limit is {limit}"
    help_ = "say less at once, or in several expressions"
    return Diagnostic("too-many-segments", message, origin.spans.condition(), origin.source, (help_,))


def _segments(lowered: Lowered) -> str:
    amount = f"{lowered.count}" if lowered.count <= _COUNTABLE else "more than a million"
    if lowered.exact:
        return f"{amount} segments"
    bound = amount if lowered.count > _COUNTABLE else f"up to {amount}"
    return f"{bound} segments (counted before simplification, which would take too much work)"


def _ways_out(typed: TypedExpression, lowered: Lowered, predicate: Predicate | None, advice: Advice) -> tuple[str, ...]:
    if not lowered.conjunctions:
        several = f"say less at once: even split, an expression makes at most {MAX_SEGMENTS} segments"
    else:
        several = advice.to_allow(lowered.count)
    if predicate is None:
        return (several,)
    name = shortened(predicate.node.name)
    if became := _as_integer(typed, predicate):
        declare = advice.to_declare(predicate.field, "integer")
        return f"if {name} is always a whole number, {declare} and it becomes `{became}`", f"or {several}"
    if _bounds_dates(typed, predicate):
        declare = advice.to_declare(predicate.field, "date")
        return f"if {name} holds dates, {declare} and it needs one rule", f"or {several}"
    return (several,)


def _bounds_dates(typed: TypedExpression, predicate: Predicate) -> bool:
    """Whether a comparison is a bound, or two, at texts that are dates."""
    bounds = {one.operator: one.value for one in leaves_of(typed.condition) if _stand_together(one, predicate)}
    return bool(bounds.keys() & {">=", "<="}) and all(
        type(value) is str and dates.date_problem(value) is None for value in bounds.values()
    )


def _as_integer(typed: TypedExpression, predicate: Predicate) -> str | None:
    """What the comparison would become if its property were an integer; None if that would not help."""
    same_leaf = [one for one in leaves_of(typed.condition) if _stand_together(one, predicate)]
    bounds = {one.operator: one.value for one in same_leaf}
    is_whole = all(type(value) is int and abs(value) < MAX_SAFE_INTEGER for value in bounds.values())
    if not is_whole or not (bounds.keys() & {">=", "<="}) or (len(bounds) > 1 and predicate.negated):
        return None
    name = shortened(predicate.node.name)
    lower = [value - (operator == ">=") for operator, value in bounds.items() if operator[0] == ">"]
    upper = [value + (operator == "<=") for operator, value in bounds.items() if operator[0] == "<"]
    if lower and upper:
        return f"{lower[0]} < {name} < {upper[0]}"
    return f"{name} > {lower[0]}" if lower else f"{name} < {upper[0]}"


# ── what splits ────────────────────────────────────────────────────────────────────────────────────────────────────


def _splitters(typed: TypedExpression, lowered: Lowered) -> list[_Splitter]:
    """The parts that split the expression, each with the reason."""
    differing = _differing_fields(lowered)
    found: list[_Splitter] = []
    waiting: list[Any] = [typed.condition]
    while waiting:
        node = waiting.pop()
        if type(node) is Connective:
            fields = {one.field for one in leaves_of(node)} if differing is not None else set()
            if not node.every and (differing is None or fields & differing):
                found.append(_Splitter(*place_of(node, typed.uses), _reason_for_or(node), None))
            waiting.extend(reversed(node.parts))
        elif (differing is None or node.field in differing) and _splits(node):
            found.append(_Splitter(*place_of(node, typed.uses), _reason(node), node))
    return found


def _in_order_of_text(parts: Sequence[_Splitter], root: Origin) -> list[_Splitter]:
    """The causes, one for each place, those in the text of `root` first."""
    unique = {(part.span.start, part.span.end, part.origin.name): part for part in reversed(parts)}
    return sorted(
        unique.values(), key=lambda part: (part.origin is not root, part.origin.name, part.span.start, -part.span.end)
    )


def _differing_fields(lowered: Lowered) -> set[Field] | None:
    """The fields for which the segments hold different rules; None if the segments are not known."""
    if not lowered.conjunctions:
        return None
    by_segment: list[dict[Field, list[Any]]] = []
    for conjunction in lowered.conjunctions:
        rules: dict[Field, list[Any]] = {}
        for rule in conjunction:
            rules.setdefault(field_of_rule(rule), []).append(rule)
        by_segment.append(rules)
    fields = {field for rules in by_segment for field in rules}
    first = by_segment[0]
    return {field for field in fields if any(rules.get(field) != first.get(field) for rules in by_segment)}


def _splits(predicate: Predicate) -> bool:
    try:
        return len(alternatives([predicate.field], [predicate], MAX_SEGMENTS, Work())) > 1
    except TooManyError:
        return True


def _reason_for_or(node: Connective) -> str:
    first = leaves_of(node)[0]
    if node.is_leaf and isinstance(first.node, Comparison):
        return _reason_for_dates(first.node.operator, is_negated=first.negated)
    if not node.negated:
        return "the API has no `or`"
    leaves = {(id(one.origin), one.leaf) for one in leaves_of(node)}
    negated = "a range that is negated" if len(leaves) == 1 else "`not (… and …)`"
    return f"the API has no `or`, and {negated} is one"


def _reason_for_dates(written: str, *, is_negated: bool) -> str:
    if is_negated:
        return f"`not … {written}` means `{OPPOSITES[written]}`, which the API does not have for dates"
    return f"the API has no `{written}`" + ("" if written == "in" else " for dates")


def _reason(predicate: Predicate) -> str:
    operator, written = predicate.operator, _written(predicate)
    things = KIND_WORDS[predicate.field.kind].several
    if written in (operator, "between"):
        return f"the API has no `{written}`" + ("" if written == "in" else f" for {things}")
    return f"`not … {written}` means `{operator}`, which the API does not have for {things}"


def _written(predicate: Predicate) -> str:
    """The operator as written, with the name on the left."""
    node = predicate.node
    if isinstance(node, Between) or (isinstance(node, Chain) and node.low_operator == node.high_operator == "<="):
        return "between"
    return predicate.operator if isinstance(node, Chain) else getattr(node, "operator", "==")
