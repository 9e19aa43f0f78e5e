"""The lowering as a whole: a typed condition → conjunctions of rules, one for each segment.

Conditions are grouped by field. The domain of each field returns the fewest alternatives that rules can express; the
segments are the product of the alternatives. Only an `or` that mixes fields takes cubes, and only for these fields.
"""

from collections.abc import Mapping, Sequence
from itertools import product
from math import prod
from operator import itemgetter
from typing import Any

from msgspec import Struct

from segdsl.catalogue import Field, Kind
from segdsl.limits import MAX_EXACT_CONJUNCTIONS, MAX_EXACT_FIELDS
from segdsl.lowering.alternatives import Alternative, alternatives
from segdsl.lowering.cubes import Work
from segdsl.lowering.domains.bounds import tightest
from segdsl.lowering.domains.cells import Test, whole_test
from segdsl.lowering.normal_form import TooManyError
from segdsl.lowering.rules import MAKERS
from segdsl.lowering.words import rule_order
from segdsl.semantics.typed import Condition, Predicate, leaves_of, parts_of
from segdsl.wire.rules import Rule

Conjunction = tuple[Rule, ...]


class Lowered(Struct, frozen=True):
    """The conjunctions of rules, in the order of the text; () if there are none, or more than the limit.

    `count` is their number, also beyond the limit; if not `exact`, their number before simplification. It is 0 for a
    condition that never holds. `inexpressible` are the predicates for which the API has no rule.
    """

    conjunctions: tuple[Conjunction, ...]
    count: int
    exact: bool = True
    inexpressible: tuple[Predicate, ...] = ()


class _Group(Struct, eq=False):
    """Parts that must hold, by number, and their fields; groups share no field."""

    fields: list[Field]
    parts: list[int]


def lower(condition: Condition, limit: int) -> Lowered:
    """The conjunctions of a condition, at most `limit`."""
    parts = parts_of(condition, every=True)
    rules: dict[Field, Any] = {}  # the fields in the order of the text, each with its rules; None: not known yet
    is_open = False
    for part in parts:
        if type(part) is Predicate:
            says = part.says
            make = MAKERS[says]
            rule = None if make is None or says.field in rules else make(part.value)
            rules[says.field] = rule
            is_open = is_open or rule is None
        else:
            rules.update(dict.fromkeys([one.says.field for one in leaves_of(part)]))
            is_open = True
    if not is_open:  # one rule for each field
        return Lowered((tuple(rules.values()),), 1)
    for field, predicates in _held_together(parts, rules).items():
        rules[field] = _tightest(field, predicates)
    if not any(found is None for found in rules.values()):
        return Lowered((tuple([rule for own in rules.values() for rule in _listed(own)]),), 1)
    return _with_alternatives(parts, rules, limit)


def _listed(rules: Any) -> Sequence[Rule]:
    return rules if type(rules) is list else (rules,)


def _held_together(parts: Sequence[Condition], rules: Mapping[Field, Any]) -> dict[Field, list[Predicate]]:
    """The predicates on each open field whose predicates must all hold."""
    held: dict[Field, list[Predicate]] = {field: [] for field, found in rules.items() if found is None}
    for part in parts:
        if type(part) is not Predicate:
            for one in leaves_of(part):
                held.pop(one.says.field, None)
        elif part.says.field in held:
            held[part.says.field].append(part)
    return held


def _tightest(field: Field, predicates: Sequence[Predicate]) -> list[Rule] | None:
    """The one conjunction for all predicates on a field, if they are bounds and single values; else None."""
    if field.kind is Kind.CONVERSATION_PROPERTY:
        return _each_once(predicates)
    if field.kind is not Kind.METRIC and field.kind is not Kind.PROPERTY:
        return None
    tests: list[Test] = []
    for predicate in predicates:
        operator = predicate.says.operator
        if operator == "not in":
            tests += [("!=", value) for value in predicate.value]
        elif operator == "in":
            return None
        else:
            whole = whole_test(predicate.says, predicate.value) if predicate.says.whole else None
            if whole is None and field.kind is Kind.PROPERTY and operator in ("<=", ">="):
                return None
            tests.append(whole or (operator, predicate.value))
    return tightest(field, tests)


def _each_once(predicates: Sequence[Predicate]) -> list[Rule] | None:
    """The rules of predicates that imply only themselves; None if one of them takes several rules."""
    rules: dict[Rule, None] = {}
    for predicate in predicates:
        make = MAKERS[predicate.says]
        rule = None if make is None else make(predicate.value)
        if rule is None:
            return None
        rules[rule] = None
    return sorted(rules, key=rule_order)


def _with_alternatives(parts: Sequence[Condition], fixed: Mapping[Field, Any], limit: int) -> Lowered:
    """The conjunctions if some fields have several alternatives, or none; the other fields have their rules already."""
    parts = [part for part in parts if type(part) is not Predicate or fixed[part.says.field] is None]
    inexpressible = [one for part in parts for one in leaves_of(part) if one.operator == "not contains"]
    if inexpressible:
        return Lowered((), 0, inexpressible=tuple(inexpressible))
    groups = _groups(parts)
    combined = _combined(parts, groups, limit)
    if isinstance(combined, Lowered):
        return combined
    return Lowered(_products(*combined, fixed), prod(map(len, combined[1])))


def _combined(
    parts: Sequence[Condition], groups: Sequence[_Group], limit: int
) -> "tuple[Sequence[_Group], list[list[Alternative]]] | Lowered":
    """The groups with their alternatives; or the result, if they cannot be combined."""
    work = Work()
    found: list[list[Alternative]] = []
    counts: list[int] = []
    exact = True
    for group in groups:
        try:
            found.append(alternatives(group.fields, [parts[at] for at in group.parts], limit, work))
            counts.append(len(found[-1]))
        except TooManyError as error:
            counts.append(error.count)
            exact = exact and error.exact
    count = prod(counts)
    if len(found) < len(counts) or not count:
        return Lowered((), count, exact)
    together = _worth_a_search(groups, found)
    if together:
        return _combined(parts, _as_one(together, groups), limit)
    return Lowered((), count) if count > limit else (groups, found)


def _groups(parts: Sequence[Condition]) -> list[_Group]:
    """The parts in groups, in the order of their first parts."""
    group_of: dict[Field, _Group] = {}
    for number, part in enumerate(parts):
        fields = list(dict.fromkeys([one.says.field for one in leaves_of(part)]))
        group = group_of.get(fields[0])
        if group is None:
            group = group_of[fields[0]] = _Group([fields[0]], [])
        group.parts.append(number)
        for field in fields[1:]:
            other = group_of.get(field)
            if other is None:
                group.fields.append(field)
                group_of[field] = group
            elif other is not group:
                group = _united(group, other, group_of)
    return list({id(group): group for group in group_of.values()}.values())


def _united(one: _Group, other: _Group, group_of: dict[Field, _Group]) -> _Group:
    """Two groups merged: the smaller one into the larger."""
    if len(one.fields) < len(other.fields):
        one, other = other, one
    one.fields += other.fields
    one.parts = sorted(one.parts + other.parts)
    group_of.update(dict.fromkeys(other.fields, one))
    return one


def _worth_a_search(groups: Sequence[_Group], found: Sequence[Sequence[Alternative]]) -> list[_Group]:
    """The groups for which fewer segments than their product might do, if the exact minimum is promised for them."""
    free = [group for group, own in zip(groups, found, strict=True) if len(own) > 1 and not _is_forced(group, own)]
    fields = sum(len(group.fields) for group in free)
    count = prod([len(own) for group, own in zip(groups, found, strict=True) if group in free])
    is_small = count <= MAX_EXACT_CONJUNCTIONS and fields <= MAX_EXACT_FIELDS
    return free if len(free) > 1 and is_small else []


def _is_forced(group: _Group, found: Sequence[Alternative]) -> bool:
    """Whether each alternative has its own values, which no other conjunction of rules inside the group's part has.

    Then each choice of the other groups needs all of these alternatives. Only properties may have a choice: "any value"
    is `!=` any two of the constants, and texts may be covered in several ways. Nothing is known about conversation
    properties beside other fields.
    """
    if len(group.fields) > 1:
        return any(field.kind is Kind.CONVERSATION_PROPERTY for field in group.fields)
    (field,) = group.fields
    return field.kind is not Kind.PROPERTY or not any(_has_a_choice(one.rules[field][0]) for one in found)


def _has_a_choice(rule: Any) -> bool:
    return rule.operator in ("neq", "contains") or (rule.operator in ("gt", "lt") and type(rule.value) is str)


def _as_one(together: Sequence[_Group], groups: Sequence[_Group]) -> list[_Group]:
    """The groups, with some of them merged."""
    one = _Group(
        [field for group in together for field in group.fields], sorted(at for group in together for at in group.parts)
    )
    others = [group for group in groups if group not in together]
    return sorted([one, *others], key=lambda group: group.parts[0])


def _products(
    groups: Sequence[_Group], found: Sequence[Sequence[Alternative]], fixed: Mapping[Field, Any]
) -> tuple[Conjunction, ...]:
    """One conjunction for each choice of an alternative from every group, in the order of the text."""
    chosen = list(product(*found))
    if len(chosen) > 1:
        parts = sorted(
            (part, at, index)
            for at, group in enumerate(groups)
            for index, part in enumerate(group.parts)
            if len(found[at]) > 1
        )
        chosen.sort(key=lambda choice: [choice[at].ranks[index] for _, at, index in parts])
    order = {field: number for number, field in enumerate(fixed)}
    settled = [(order[field], _listed(rules)) for field, rules in fixed.items() if rules is not None]
    conjunctions = []
    for choice in chosen:
        own = [(order[field], rules) for alternative in choice for field, rules in alternative.rules.items()]
        in_order = sorted(settled + own, key=_first) if own else settled
        conjunctions.append(tuple([rule for _, rules in in_order for rule in rules]))
    return tuple(conjunctions)


_first = itemgetter(0)
