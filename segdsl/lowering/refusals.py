"""Why an expression does not become one segment, or any: the diagnostics of the lowering."""

from typing import Any

from segdsl.diagnostics import Diagnostic, Note
from segdsl.lowering.joints import Joint, leaves
from segdsl.lowering.normal_form import NormalForm, TooMany
from segdsl.lowering.plan import Choice, Plan
from segdsl.semantics.catalogue import Kind
from segdsl.semantics.typed import Origin, Predicate, TypedExpression
from segdsl.source import Span
from segdsl.syntax.nodes import Or

_THINGS = {
    Kind.METRIC: "metrics",
    Kind.COUNT: "the conversation count",
    Kind.PROPERTY: "user properties",
    Kind.CONVERSATION_PROPERTY: "conversation properties",
    Kind.FLAG: "flags",
    Kind.LAST_SEEN: "lastSeen",
}
_MAX_NOTES = 3
_COUNTABLE = 10**15  # beyond it the digits say nothing more


def needs_split(
    plan: Plan, found: NormalForm | TooMany, typed: TypedExpression, ways_out: tuple[str, str]
) -> Diagnostic:
    """More than one segment is needed: the first part that splits, how many it takes, and the ways out.

    `ways_out` are the host's words for declaring an integer (with `{key}`) and for allowing `{count}` segments.
    """
    parts = _splitting_parts(plan, found) or [
        (typed.origin.positions.node(typed.origin.expression.condition), typed.origin, "the API has no `or`", None)
    ]
    span, origin, reason, predicate = parts[0]
    notes = tuple(
        Note(f"this splits, too: {why}", place, where.source) for place, where, why, _ in parts[1 : _MAX_NOTES + 1]
    )
    help_ = [_integer_help(predicate, ways_out[0])] if predicate and _could_be_integer(predicate) else []
    help_.append("or " * bool(help_) + ways_out[1].format(count=_amount(found)))
    return Diagnostic(
        "needs-split", f"{reason}; this needs {_segments(found)}", span, origin.source, tuple(help_), notes
    )


def too_many(found: TooMany, limit: int, typed: TypedExpression) -> Diagnostic:
    """More segments than the limit."""
    origin = typed.origin
    message = f"this needs {_segments(found)}; the limit is {limit}"
    span = origin.positions.node(origin.expression.condition)
    return Diagnostic("too-many-segments", message, span, origin.source, ("say less at once, or allow more segments",))


def never_matches(plan: Plan, typed: TypedExpression) -> Diagnostic:
    """No user can match: the two parts that contradict each other, when two do; else the whole."""
    clash = contradiction(plan)
    if clash is None:
        origin = typed.origin
        span = origin.positions.node(origin.expression.condition)
        return Diagnostic("never-matches", "no user can match: its parts contradict one another", span, origin.source)
    first, second = clash
    span, origin = place(second)
    other_span, other_origin = place(first)
    note = Note("it contradicts this", other_span, other_origin.source)
    name = first.field.key
    return Diagnostic(
        "never-matches",
        f"no user can match: this contradicts what else is said of `{name}`",
        span,
        origin.source,
        (),
        (note,),
    )


def contradiction(plan: Plan) -> tuple[Predicate, Predicate] | None:
    """Two predicates that must both hold and cannot."""
    waiting = [plan.condition]
    while waiting:
        node = waiting.pop()
        if type(node) is not Joint:
            continue
        if node.every and (clash := _clash([part for part in conjuncts(node) if type(part) is Choice])):
            return clash
        waiting.extend(reversed(node.parts))
    return None


def conjuncts(node: Joint) -> list[Any]:
    """The parts of an `and` (or of an `or`), through nested ones of its kind, in the order of the text."""
    found: list[Any] = []
    waiting: list[Any] = [node]
    while waiting:
        part = waiting.pop()
        if part is node or (type(part) is Joint and part.every is node.every):
            waiting.extend(reversed(part.parts))
        else:
            found.append(part)
    return found


def _clash(choices: list[Choice]) -> tuple[Predicate, Predicate] | None:
    last: dict[int, tuple[int, Choice]] = {}
    seen: dict[int, list[tuple[int, Choice]]] = {}
    for choice in choices:
        for field, mask in sets_of(choice):
            so_far = last[field][0] if field in last else mask
            if not so_far & mask:
                first = next((other for known, other in seen[field] if not known & mask), seen[field][0][1])
                return first.predicate, choice.predicate
            last[field] = (so_far & mask, choice)
            seen.setdefault(field, []).append((mask, choice))
    return None


def sets_of(choice: Choice) -> list[tuple[int, int]]:
    """The one set that a choice on one field is; nothing for one on several."""
    fields = {field for field, _ in choice.tests}
    if len(fields) > 1:
        return list(choice.tests) if choice.every else []
    total = choice.tests[0][1]
    for _, mask in choice.tests[1:]:
        total = total & mask if choice.every else total | mask
    return [(choice.tests[0][0], total)]


def place(part: Any) -> tuple[Span, Origin]:
    """Where a part of the condition stands: in one text where it can, else where its definitions are used."""
    choices = leaves(part)
    (first, start), (last, end) = _leaf_place(choices[0]), _leaf_place(choices[-1])
    if start is not end:
        (start, first), (end, last) = start.lifted(first), end.lifted(last)
    return Span(first.start, max(first.end, last.end)), start


def _leaf_place(leaf: Choice | Predicate) -> tuple[Span, Origin]:
    predicate = leaf.predicate if isinstance(leaf, Choice) else leaf
    return predicate.origin.positions.node(predicate.node), predicate.origin


# ── what splits ────────────────────────────────────────────────────────────────────────────────────────────────────


def _splitting_parts(plan: Plan, found: NormalForm | TooMany) -> list[tuple[Span, Origin, str, Predicate | None]]:
    """The parts that make for several segments, in the order of the text, each with the reason."""
    differing, root = _differing_fields(found), _origin(plan.condition)
    parts: list[tuple[Span, Origin, str, Predicate | None]] = []
    waiting = [plan.condition]
    while waiting:
        node = waiting.pop()
        if type(node) is Joint:
            if not node.every and (differing is None or _fields(node) & differing):
                parts.append((*place(node), _reason_for_or(node), None))
            waiting.extend(reversed(node.parts))
        elif _splits(node, plan) and (differing is None or {field for field, _ in node.tests} & differing):
            parts.append((*place(node.predicate), _reason(node.predicate), node.predicate))
    unique = {(part[0].start, part[0].end, part[1].name): part for part in reversed(parts)}
    return sorted(unique.values(), key=lambda part: (part[1] is not root, part[0].start, -part[0].end))


def _differing_fields(found: NormalForm | TooMany) -> set[int] | None:
    """The fields of which the segments say different things; None when the segments are not known."""
    if isinstance(found, TooMany):
        return None
    fields = {field for box in found.boxes for field in box}
    return {field for field in fields if len({box.get(field) for box in found.boxes}) > 1}


def _fields(node: Any) -> set[int]:
    return {field for choice in leaves(node) for field, _ in choice.tests}


def _origin(node: Any) -> Origin:
    origin: Origin = leaves(node)[0].predicate.origin
    return origin


def _splits(choice: Choice, plan: Plan) -> bool:
    sets = sets_of(choice)
    return len(sets) != 1 or len(plan.lines[sets[0][0]].pieces(sets[0][1])) > 1


def _reason_for_or(node: Joint) -> str:
    return "the API has no `or`" if isinstance(node.node, Or) else "the API has no `or`, and `not (… and …)` is one"


def _reason(predicate: Predicate) -> str:
    operator = predicate.operator
    if operator == "not in":
        operator = "!="
    return f"the API has no `{operator}`" + ("" if operator == "in" else f" for {_THINGS[predicate.field.kind]}")


def _could_be_integer(predicate: Predicate) -> bool:
    return predicate.operator in (">=", "<=") and isinstance(predicate.value, int)


def _integer_help(predicate: Predicate, template: str) -> str:
    key, value = predicate.field.key, predicate.value
    shorter = f"{key} > {value - 1}" if predicate.operator == ">=" else f"{key} < {value + 1}"
    table = "conversation_properties" if predicate.field.kind is Kind.CONVERSATION_PROPERTY else "properties"
    return f"if {key} is always a whole number, {template.format(key=key, table=table)} and it becomes `{shorter}`"


def _amount(found: NormalForm | TooMany) -> str:
    count = len(found.conjunctions) if isinstance(found, NormalForm) else found.count
    return str(count) if count < _COUNTABLE else f"more than {_COUNTABLE}"


def _segments(found: NormalForm | TooMany) -> str:
    if isinstance(found, NormalForm) or found.exact:
        return f"{_amount(found)} segments"
    bound = _amount(found) if found.count >= _COUNTABLE else f"up to {_amount(found)}"
    return f"{bound} segments (counted before simplification)"
