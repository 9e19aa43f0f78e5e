"""`filters` → Expression, as a person would have written it.

A lower and an upper bound become a chain, a count between 5 and 5 is `== 5`, a flag stands alone. A user property gets
its bare name where that is a valid name and cannot mean anything else.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any

from msgspec import UNSET

from segdsl.catalogue import BUILT_INS, MIRRORED, NAMESPACES, OPERATORS, Field, Kind
from segdsl.errors import InvalidSegmentError
from segdsl.lowering.words import field_of_rule
from segdsl.semantics.dates import comparison_of
from segdsl.semantics.resolution import UNCHECKED_RESOLVER
from segdsl.semantics.schema import UNCHECKED, Schema
from segdsl.syntax import literals
from segdsl.syntax.literals import LiteralError
from segdsl.syntax.names import KEYWORDS, NO_CONDITIONS, OPEN_ENDS, spelling
from segdsl.syntax.nodes import And, BareName, Chain, Comparison, Condition, Date, Duration, Expression, Not
from segdsl.syntax.tables import TERMINALS
from segdsl.wire.filters import DateRange, Filters
from segdsl.wire.rules import (
    AnalysisFlagRule,
    LastSeenRule,
    Rule,
)

_BARE_NAME = re.compile(TERMINALS["NAME"])
_SIGNS = {word: row.sign for row in OPERATORS.values() for words in (row.metric, row.property) if len(words) == 1
          for word in words}  # fmt: skip
"""The operator for each of the API's words."""

_LOWER = {"gt": "<", "gte": "<="}
_UPPER = {"lt": "<", "lte": "<="}


def decompile(filters: Filters | Mapping[str, Any]) -> Expression:
    """The expression with the meaning of the filters, which are a `Filters` or the wire's JSON; it needs no schema.

    Compiling it gives the filters back in normal form, or fails with `never-matches` if their rules contradict one
    another. Raises `InvalidSegmentError` with every problem of invalid data, and for a duration longer than the
    language allows.
    """
    return decompiled(filters, UNCHECKED)


def decompiled(filters: Filters | Mapping[str, Any], schema: Schema) -> Expression:
    """`decompile` with a schema: properties declared as dates are compared with dates."""
    valid = Filters.from_dict(filters.to_dict() if isinstance(filters, Filters) else filters)
    by_field: dict[Field, list[Rule]] = {}
    for index, rule in enumerate(valid.rules):
        _require_sayable(rule, index)
        by_field.setdefault(field_of_rule(rule), []).append(rule)
    conditions: list[Condition] = []
    for field, rules in by_field.items():
        name = _name(field, rules)
        in_dates = _dates(name, rules) if schema.type_of(field) == "date" else None
        conditions += _conditions(name, rules) if in_dates is None else in_dates
    dates = DateRange() if valid.date_range is UNSET else valid.date_range
    return Expression(
        And(tuple(conditions)) if len(conditions) > 1 else conditions[0],
        during=None if dates.preset is UNSET else dates.preset,
        from_=None if dates.from_ is UNSET else Date(dates.from_),
        to=None if dates.to is UNSET else Date(dates.to),
        products=() if valid.product_ids is UNSET else valid.product_ids,
    )


def _require_sayable(rule: Rule, index: int) -> None:
    if isinstance(rule, LastSeenRule):
        try:
            literals.duration(rule.value)
        except LiteralError as error:
            raise InvalidSegmentError([f"rules[{index}].value: {error.message}"]) from error


# ── names ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _name(field: Field, rules: Sequence[Rule]) -> str:
    """How the field is written; a user property by its bare name if that needs no declaration."""
    if field.kind is Kind.CONVERSATION_PROPERTY:
        return spelling("conversation", field.key)
    if field.kind is not Kind.PROPERTY:
        return field.key
    is_bare = _is_bare_name(field.key) and not any(_is_refused(field.key, rule) for rule in rules)
    return field.key if is_bare else spelling("user", field.key)


def _is_bare_name(key: str) -> bool:
    """Whether a key can be written without `user.` and still means the property."""
    namespace = key.partition(".")[0].lower()
    return bool(
        _BARE_NAME.fullmatch(key)
        and key.lower() not in KEYWORDS
        and namespace not in NAMESPACES
        and key not in BUILT_INS
    )


def _is_refused(key: str, rule: Any) -> bool:
    """Whether the compiler would take the bare key in this rule for something else."""
    says = UNCHECKED_RESOLVER[key, _SIGNS[rule.operator], type(rule.value)]
    return says.objection is not None or (says.misfit is not None and says.misfit(rule.value) is not None)


# ── conditions ───────────────────────────────────────────────────────────────────────────────────────────────────────


def _conditions(name: str, rules: Sequence[Rule]) -> list[Condition]:
    """The conditions for the rules on one field, in their order; two bounds become one range."""
    found = _range(name, rules)
    if found is None:
        return _one_by_one(name, rules)
    bounds, condition = found
    first = next(index for index, rule in enumerate(rules) if rule in bounds)
    others = [rule for rule in rules if rule not in bounds]
    return [*_one_by_one(name, others[:first]), condition, *_one_by_one(name, others[first:])]


def _dates(name: str, rules: Sequence[Rule]) -> list[Condition] | None:
    """The bounds of a date as comparisons with dates, two as a range; None if no comparison makes these rules."""
    found: list[tuple[str, Date]] = []
    for rule in rules:
        sign = _SIGNS.get(_operator(rule))
        said = comparison_of(sign, rule.value) if sign and isinstance(rule.value, str) else None
        if said is None:
            return None
        found.append((said[0], Date(said[1])))
    if [sign[0] for sign, _ in found] == [">", "<"]:
        (low, lowest), (high, highest) = found
        return [Chain(lowest, MIRRORED[low], name, high, highest)]
    return [Comparison(name, sign, day) for sign, day in found]


def _range(name: str, rules: Sequence[Rule]) -> tuple[tuple[Rule, Rule], Condition] | None:
    """The field's lower and upper bound as a range, if it has one of each and a value lies between them."""
    low, high = ([rule for rule in rules if _operator(rule) in operators] for operators in (_LOWER, _UPPER))
    if len(low) != 1 or len(high) != 1:
        return None
    lowest, highest = low[0].value, high[0].value
    if isinstance(lowest, str) is not isinstance(highest, str) or lowest > highest:  # type: ignore[operator]
        return None
    below, above = _LOWER[_operator(low[0])], _UPPER[_operator(high[0])]
    if lowest == highest:
        point = below == above == "<="
        return ((low[0], high[0]), Comparison(name, "==", lowest)) if point else None
    return (low[0], high[0]), Chain(lowest, below, name, above, highest)


def _operator(rule: Rule) -> str:
    return "" if isinstance(rule, AnalysisFlagRule) else rule.operator


def _one_by_one(name: str, rules: Iterable[Rule]) -> list[Condition]:
    """Each rule by itself, except that neighbouring `neq`s become one `not in`."""
    conditions: list[Condition] = []
    for unequal, neighbours in groupby(rules, key=lambda rule: _operator(rule) == "neq"):
        listed = list(neighbours)
        if unequal and len(listed) > 1:
            conditions.append(Comparison(name, "not in", tuple(rule.value for rule in listed)))
        else:
            conditions += [_condition(name, rule) for rule in listed]
    return conditions


def _condition(name: str, rule: Rule) -> Condition:
    if isinstance(rule, AnalysisFlagRule):
        return BareName(name) if rule.value else Not(BareName(name))
    if isinstance(rule, LastSeenRule):
        return Comparison(name, rule.operator, Duration(rule.value))
    if rule.operator == "eq" and rule.value is True and _stands_alone(name):
        return BareName(name)
    return Comparison(name, _SIGNS[rule.operator], rule.value)


def _stands_alone(name: str) -> bool:
    """Whether the name of a property reads as a condition: `isAdmin`, `conversation.escalated`."""
    is_word = name.lower() in NO_CONDITIONS.keys() | OPEN_ENDS.keys()
    return not name.startswith("user.") and not name.endswith("]") and not is_word
