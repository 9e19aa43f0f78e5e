"""Why an expression does not become one segment, or any: the diagnostics of the lowering."""

from collections.abc import Sequence
from typing import Any

from segdsl.diagnostics import Diagnostic, Note
from segdsl.limits import MAX_SEGMENTS
from segdsl.lowering.atoms import Atom
from segdsl.lowering.joints import Joint, leaves
from segdsl.lowering.normal_form import NormalForm, TooMany, boxes_of
from segdsl.lowering.places import place
from segdsl.lowering.plain import required_predicates, splits
from segdsl.lowering.plan import Choice, Plan
from segdsl.semantics.catalogue import Kind
from segdsl.semantics.typed import Origin, Predicate, TypedExpression
from segdsl.source import Span
from segdsl.syntax.literals import shortened
from segdsl.syntax.nodes import Between, Chain, Or

_THINGS = {
    Kind.METRIC: "metrics",
    Kind.COUNT: "the conversation count",
    Kind.PROPERTY: "user properties",
    Kind.CONVERSATION_PROPERTY: "conversation properties",
    Kind.FLAG: "flags",
    Kind.LAST_SEEN: "lastSeen",
}
_Part = tuple[Span, Origin, str, Predicate | None]
"""A part that splits: its place, why it does, and the predicate if it is one."""

_MAX_NOTES = 3
_COUNTABLE = 1_000_000  # beyond it the digits say nothing more


def needs_split(
    plan: Plan, found: NormalForm | TooMany, typed: TypedExpression, ways_out: tuple[str, str]
) -> Diagnostic:
    """More than one segment is needed: the first part that splits, how many it takes, and the ways out.

    `ways_out` are the host's words for declaring an integer (with `{key}`) and for allowing `{count}` segments.
    """
    parts = _in_order_of_text(_splitting_parts(plan, found), typed.origin) or [
        (typed.origin.positions.node(typed.origin.expression.condition), typed.origin, "the API has no `or`", None)
    ]
    return _needs_split(parts, found, ways_out)


def plain_needs_split(
    conjunctions: Sequence[tuple[Atom, ...]], typed: TypedExpression, ways_out: tuple[str, str]
) -> Diagnostic:
    """`needs_split` for a plain condition (see `plain`), of which these are the conjunctions."""
    predicates = required_predicates(typed.condition) or ()
    parts = [(*place(one), _reason(one), one) for one in predicates if splits(one)]
    found = NormalForm(tuple(conjunctions), ())
    return _needs_split(_in_order_of_text(parts, typed.origin), found, ways_out)


def _needs_split(parts: list[_Part], found: NormalForm | TooMany, ways_out: tuple[str, str]) -> Diagnostic:
    span, origin, reason, predicate = parts[0]
    also = [Note(f"this splits, too: {why}", place, where.source) for place, where, why, _ in parts[1 : _MAX_NOTES + 1]]
    notes = (*also, *origin.uses)
    message = f"{reason}; this needs {_segments(found)}"
    return Diagnostic("needs-split", message, span, origin.source, _ways_out(found, predicate, ways_out), notes)


def _ways_out(found: NormalForm | TooMany, predicate: Predicate | None, words: tuple[str, str]) -> tuple[str, ...]:
    if isinstance(found, TooMany):
        several = f"say less at once: even split, an expression makes at most {MAX_SEGMENTS} segments"
    else:
        several = words[1].format(count=len(found.conjunctions))
    if predicate is None or not _could_be_integer(predicate):
        return (several,)
    return _integer_help(predicate, words[0]), f"or {several}"


def too_many(found: TooMany, limit: int, typed: TypedExpression) -> Diagnostic:
    """More segments than the limit."""
    origin = typed.origin
    message = f"this needs {_segments(found)}; the limit is {limit}"
    span = origin.positions.node(origin.expression.condition)
    return Diagnostic(
        "too-many-segments", message, span, origin.source, ("say less at once, or in several expressions",)
    )


def never_matches(plan: Plan, typed: TypedExpression) -> Diagnostic:
    """No user can match: the parts that contradict one another, when they stand side by side; else the whole."""
    found = contradiction(plan)
    if found is None:
        origin = typed.origin
        span = origin.positions.node(origin.expression.condition)
        return Diagnostic("never-matches", "no user can match: its parts contradict one another", span, origin.source)
    last, others = found
    span, origin = place(last)
    if all(other.node is last.node for other in others):
        message, notes = "no user can match: this range is empty", origin.uses
    else:
        message = f"no user can match: this contradicts what else is said of `{shortened(last.field.key)}`"
        words = "it contradicts this" if len(others) == 1 else "it contradicts this, taken together"
        places = [place(other) for other in others[:_MAX_NOTES]]
        notes = (*(Note(words, other, where.source) for other, where in places), *origin.uses)
    return Diagnostic("never-matches", message, span, origin.source, (), notes)


def contradiction(plan: Plan) -> tuple[Predicate, list[Predicate]] | None:
    """A predicate, and others on its field that must hold with it and cannot: one, or several together."""
    waiting = [plan.condition]
    while waiting:
        node = waiting.pop()
        if type(node) is not Joint:
            continue
        if node.every and (clash := _clash([part for part in conjuncts(node) if type(part) is Choice])):
            return clash
        if node.every or all(boxes_of(part, MAX_SEGMENTS) == [] for part in node.parts):
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


def _clash(choices: list[Choice]) -> tuple[Predicate, list[Predicate]] | None:
    left: dict[int, int] = {}
    seen: dict[int, list[tuple[int, Predicate]]] = {}
    for choice in choices:
        for field, mask in sets_of(choice):
            earlier = seen.setdefault(field, [])
            left[field] = left.get(field, mask) & mask
            if not left[field]:
                alone = [other for known, other in earlier if not known & mask][:1]
                return choice.predicate, alone or [other for _, other in earlier]
            earlier.append((mask, choice.predicate))
    return None


def sets_of(choice: Choice) -> list[tuple[int, int]]:
    """The sets, each of one field, that a choice asks for together; none where one of several fields will do."""
    fields = {field for field, _ in choice.tests}
    if len(fields) > 1:
        return list(choice.tests) if choice.every else []
    total = choice.tests[0][1]
    for _, mask in choice.tests[1:]:
        total = total & mask if choice.every else total | mask
    return [(choice.tests[0][0], total)]


# ── what splits ────────────────────────────────────────────────────────────────────────────────────────────────────


def _splitting_parts(plan: Plan, found: NormalForm | TooMany) -> list[_Part]:
    """The parts that make for several segments, each with the reason."""
    differing = _differing_fields(found)
    parts: list[_Part] = []
    waiting = [plan.condition]
    while waiting:
        node = waiting.pop()
        if type(node) is Joint:
            if not node.every and (differing is None or _fields(node) & differing):
                parts.append((*place(node), _reason_for_or(node), None))
            waiting.extend(reversed(node.parts))
        elif _splits(node, plan) and (differing is None or {field for field, _ in node.tests} & differing):
            parts.append((*place(node.predicate), _reason(node.predicate), node.predicate))
    return parts


def _in_order_of_text(parts: Sequence[_Part], root: Origin) -> list[_Part]:
    """Each place once, those in the text of `root` first."""
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


def _splits(choice: Choice, plan: Plan) -> bool:
    sets = sets_of(choice)
    return not sets or any(len(plan.lines[field].pieces(mask)) > 1 for field, mask in sets)


def _reason_for_or(node: Joint) -> str:
    if isinstance(node.node, Or):
        return "the API has no `or`"
    ranges = {id(choice.predicate.node) for choice in leaves(node)}
    negated = "a range that is negated" if len(ranges) == 1 else "`not (… and …)`"
    return f"the API has no `or`, and {negated} is one"


def _reason(predicate: Predicate) -> str:
    operator, written = predicate.operator, _written(predicate)
    things = _THINGS[predicate.field.kind]
    if written in (operator, "between"):
        return f"the API has no `{written}`" + ("" if written == "in" else f" for {things}")
    return f"`not … {written}` means `{operator}`, which the API does not have for {things}"


def _written(predicate: Predicate) -> str:
    """The operator as it was written, but with the name on the left."""
    node = predicate.node
    if isinstance(node, Between) or (isinstance(node, Chain) and node.low_operator == node.high_operator == "<="):
        return "between"
    return predicate.operator if isinstance(node, Chain) else getattr(node, "operator", "==")


def _could_be_integer(predicate: Predicate) -> bool:
    return predicate.operator in (">=", "<=") and isinstance(predicate.value, int)


def _integer_help(predicate: Predicate, template: str) -> str:
    key, name = shortened(predicate.field.key), shortened(predicate.node.name)
    table = "conversation_properties" if predicate.field.kind is Kind.CONVERSATION_PROPERTY else "properties"
    became = _without_equality(predicate.node, name)
    if became is None:
        step = 1 if predicate.operator == "<=" else -1
        became = f"{name} {predicate.operator[0]} {predicate.value + step}"
    return f"if {name} is always a whole number, {template.format(key=key, table=table)} and it becomes `{became}`"


def _without_equality(node: Any, name: str) -> str | None:
    """A range of whole numbers with bounds that lie outside it; None for what is no such range."""
    if not isinstance(node, Chain | Between) or type(node.low) is not int or type(node.high) is not int:
        return None
    low = node.low - (isinstance(node, Between) or node.low_operator == "<=")
    high = node.high + (isinstance(node, Between) or node.high_operator == "<=")
    return f"{low} < {name} < {high}"


def _amount(found: NormalForm | TooMany) -> str:
    count = len(found.conjunctions) if isinstance(found, NormalForm) else found.count
    return str(count) if count <= _COUNTABLE else "more than a million"


def _segments(found: NormalForm | TooMany) -> str:
    if isinstance(found, NormalForm) or found.exact:
        return f"{_amount(found)} segments"
    bound = _amount(found) if found.count > _COUNTABLE else f"up to {_amount(found)}"
    return f"{bound} segments (counted before simplification)"
