"""The alternatives for a group of parts that must all hold: the fewest conjunctions whose union means the same.

A group is about one field, or about several fields that an `or` mixes. Groups share no field.
"""

from collections.abc import Mapping, Sequence
from functools import reduce
from itertools import product
from math import prod
from typing import Any

from msgspec import Struct

from segdsl.catalogue import Field, Kind
from segdsl.limits import MAX_EXACT_CONJUNCTIONS
from segdsl.lowering.cubes import Cube, Work
from segdsl.lowering.domains import FieldDomain, OpaqueDomain, PropertyDomain, Test, domain_of
from segdsl.lowering.domains.cells import alternatives_of
from segdsl.lowering.domains.properties import fits_in_cells, is_textual, without_implied_texts
from segdsl.lowering.normal_form import TooManyError, normal_form
from segdsl.lowering.order import Order, Rank
from segdsl.lowering.rules import single_alternatives
from segdsl.lowering.space import Choice, Space, space_of
from segdsl.lowering.words import rule_order, test_rule
from segdsl.semantics.typed import Condition, Connective, Predicate, fold, leaves_of, parts_of
from segdsl.wire.rules import Rule


class Alternative(Struct, frozen=True):
    """The rules of each of its fields, and for each part of the group the rank of the alternative."""

    rules: Mapping[Field, Sequence[Rule]]
    ranks: tuple[Rank, ...] = ()


def alternatives(fields: Sequence[Field], parts: Sequence[Condition], limit: int, work: Work) -> list[Alternative]:
    """The alternatives for a group of parts, in the order of the text; none if the parts contradict one another.

    Raises `TooManyError` for more than `limit`.
    """
    if len(fields) > 1:
        return _apart(parts, limit) or _mixed(fields, parts, limit, work)
    (field,) = fields
    if len(parts) == 1 and type(parts[0]) is Predicate:
        found = single_alternatives(parts[0])
        if found is not None:
            return [Alternative({field: rules}, ((at,),)) for at, rules in enumerate(found)]
    if field.kind is Kind.CONVERSATION_PROPERTY:
        return _mixed(fields, parts, limit, work)
    tests = [test for predicate in _leaves(parts) for test in alternatives_of(predicate)]
    if field.kind is Kind.PROPERTY and any(map(is_textual, tests)):
        return _textual(field, parts, tests, limit, work)
    return _within_cells(domain_of(field, tests), parts, limit)


def _leaves(parts: Sequence[Condition]) -> list[Predicate]:
    return [predicate for part in parts for predicate in leaves_of(part)]


# ── one field ──────────────────────────────────────────────────────────────────────────────────────────────────────


def _within_cells(domain: FieldDomain, parts: Sequence[Condition], limit: int) -> list[Alternative]:
    mask = reduce(int.__and__, map(domain.condition_mask, parts), domain.full)
    pieces = domain.pieces(mask) if mask else []
    if len(pieces) > max(limit, MAX_EXACT_CONJUNCTIONS):  # their order, which costs pieces × parts, is not needed
        raise TooManyError(len(pieces), exact=True)
    if len(pieces) == 1:
        return [Alternative({domain.field: domain.rules(pieces[0])}, ((),) * len(parts))]
    ranks = zip(*(_ranks(_over_masks(domain, part), pieces) for part in parts), strict=True)
    found = [Alternative({domain.field: domain.rules(piece)}, rank) for piece, rank in zip(pieces, ranks, strict=True)]
    return sorted(found, key=lambda alternative: alternative.ranks)


def _textual(field: Field, parts: Sequence[Condition], tests: list[Test], limit: int, work: Work) -> list[Alternative]:
    """The alternatives of a property with tests for a part of a text, or for the order of texts."""
    required = [test for part in parts if (test := _textual_test(part)) is not None]
    others = [part for part in parts if _textual_test(part) is None]
    if not any(is_textual(test) for predicate in _leaves(others) for test in alternatives_of(predicate)):
        return _required_texts(field, parts, tests, list(dict.fromkeys(required)), others)
    if len(parts) == 1 and (union := _union_of_texts(field, parts[0])) is not None:
        return union
    if fits_in_cells(tests):
        return _within_cells(domain_of(field, tests), parts, limit)
    return _mixed((field,), parts, limit, work)


def _textual_test(part: Condition) -> Test | None:
    """The textual test of a part that is only one; None for every other part."""
    if type(part) is not Predicate:
        return None
    tests = alternatives_of(part)
    return tests[0] if len(tests) == 1 and is_textual(tests[0]) else None


def _required_texts(
    field: Field, parts: Sequence[Condition], tests: list[Test], required: list[Test], others: Sequence[Condition]
) -> list[Alternative]:
    """Textual tests that must all hold need no cells: they restrict the values that the other parts leave."""
    domain = PropertyDomain(field, [test for test in tests if not is_textual(test)])
    mask = reduce(int.__and__, map(domain.condition_mask, others), domain.full)
    found = domain.with_texts(mask, required, tests) if mask else []
    if len(found) < 2:
        return [Alternative({field: rules}, ((),) * len(parts)) for rules in found]
    points = [domain.mask(("==", rules[-1].value)) for rules in found]  # the last is an `eq`
    no_rank: list[Rank] = [()] * len(points)
    by_part = [
        no_rank if _textual_test(part) is not None else _ranks(_over_masks(domain, part), points) for part in parts
    ]
    ranked = [Alternative({field: rules}, rank) for rules, rank in zip(found, zip(*by_part, strict=True), strict=True)]
    return sorted(ranked, key=lambda alternative: alternative.ranks)


def _union_of_texts(field: Field, part: Condition) -> list[Alternative] | None:
    """The alternatives for an `or` of tests without `!=`: one rule each, without the implied ones; None for others."""
    choices = part.parts if type(part) is Connective else ()
    if not all(type(one) is Predicate and one.operator not in ("!=", "not in") for one in choices):
        return None
    tests = [test for predicate in choices for test in alternatives_of(predicate)]
    if not choices or any(type(value) in (int, float) and operator != "==" for operator, value in tests):
        return None
    kept = without_implied_texts(tests)
    return [Alternative({field: [test_rule(field, test)]}, ((at,),)) for at, test in enumerate(kept)]


def _over_masks(domain: FieldDomain, part: Condition) -> Any:
    """A part on one field over the masks of its tests, in dimension 0."""

    def choice(predicate: Predicate) -> Choice:
        tests = tuple([(0, domain.mask(test)) for test in alternatives_of(predicate)])
        return Choice(predicate.operator == "not in", tests, predicate)

    return fold(part, choice, lambda node, parts: Connective(node.every, tuple(parts), node.negated, node.is_leaf))


def _ranks(part: Any, pieces: Sequence[int]) -> list[Rank]:
    """The rank of each piece of a field's values in a part."""
    order = Order(part)
    return [order.rank({0: piece}) for piece in pieces]


# ── several fields ─────────────────────────────────────────────────────────────────────────────────────────────────


def _apart(parts: Sequence[Condition], limit: int) -> list[Alternative]:
    """The alternatives of an `or` in which every field appears once: none of them implies or covers another one.

    Empty for every other condition. Raises `TooManyError` for more than `limit`.
    """
    disjuncts = parts_of(parts[0], every=False) if len(parts) == 1 else ()
    if len(disjuncts) < 2:
        return []
    leaves = leaves_of(parts[0])
    if len({leaf.says.field for leaf in leaves}) < len(leaves):
        return []
    by_disjunct: list[dict[Field, Sequence[Sequence[Rule]]]] = []
    for disjunct in disjuncts:
        choices: dict[Field, Sequence[Sequence[Rule]]] = {}
        for one in parts_of(disjunct, every=True):
            found = single_alternatives(one) if type(one) is Predicate else None
            if not found:
                return []
            choices[one.says.field] = found
        by_disjunct.append(choices)
    count = sum(prod(map(len, choices.values())) for choices in by_disjunct)
    if count > limit:
        raise TooManyError(count, exact=True)
    return [alternative for at, choices in enumerate(by_disjunct) for alternative in _each_choice(at, choices)]


def _each_choice(at: int, choices: Mapping[Field, Sequence[Sequence[Rule]]]) -> list[Alternative]:
    """One alternative for each choice of rules for the fields of the disjunct with this number."""
    return [
        Alternative(
            {field: rules for field, (_, rules) in zip(choices, chosen, strict=True)},
            ((at, *(number for number, _ in chosen)),),
        )
        for chosen in product(*map(enumerate, choices.values()))
    ]


def _mixed(fields: Sequence[Field], parts: Sequence[Condition], limit: int, work: Work) -> list[Alternative]:
    space = space_of(parts[0] if len(parts) == 1 else Connective(True, tuple(parts)))
    by_part = [space.condition] if len(parts) == 1 else space.condition.parts
    orders = [Order(part) for part in by_part]
    found: list[Alternative] = []
    for cube in normal_form(space, limit, work):
        ranks = tuple([order.rank(cube) for order in orders])
        found += [Alternative(rules, ranks) for rules in _rules_of(cube, space)]
    found.sort(key=lambda alternative: alternative.ranks)
    return found if all(map(space.is_in_cells, fields)) else _without_implied(found)


def _rules_of(cube: Cube, space: Space) -> list[Mapping[Field, Sequence[Rule]]]:
    """The rules of a cube by field: one conjunction, or several or none if textual tests restrict it."""
    sides: dict[Field, list[tuple[FieldDomain, int]]] = {}
    for dimension in sorted(cube):
        domain = space.domains[dimension]
        sides.setdefault(domain.field, []).append((domain, cube[dimension]))
    by_field = [_field_rules(field, own, space) for field, own in sides.items()]
    return [dict(zip(sides, chosen, strict=True)) for chosen in product(*by_field)]


def _field_rules(field: Field, sides: Sequence[tuple[FieldDomain, int]], space: Space) -> Sequence[Sequence[Rule]]:
    texts = [domain.test for domain, _ in sides if isinstance(domain, OpaqueDomain)]
    if field.kind is Kind.PROPERTY and texts:
        domain = space.property_domain(field)
        masks = [mask for one, mask in sides if one is domain]
        return domain.with_texts(masks[0] if masks else domain.full, texts, space.written[field])
    rules = [rule for domain, mask in sides for rule in domain.rules(mask)]
    return [sorted(rules, key=rule_order) if len(sides) > 1 else rules]


def _without_implied(found: list[Alternative]) -> list[Alternative]:
    """The alternatives whose rules are not a superset of another's; of equal ones the first stays."""
    sets = [frozenset(rule for rules in one.rules.values() for rule in rules) for one in found]
    return [
        one
        for at, one in enumerate(found)
        if not any(other < sets[at] or (other == sets[at] and before < at) for before, other in enumerate(sets))
    ]
