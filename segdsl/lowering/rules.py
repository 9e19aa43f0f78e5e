"""Rules straight from predicates: the rule of one predicate alone, looked up in the catalogue."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from segdsl.catalogue import OPERATORS, Field, Kind
from segdsl.limits import MAX_SAFE_INTEGER
from segdsl.lowering.domains.cells import alternatives_of, whole_test
from segdsl.lowering.words import COMPARING, Cut, test_rule, wire_duration, wire_words
from segdsl.semantics.resolution import Resolution
from segdsl.semantics.typed import Predicate
from segdsl.wire.rules import AnalysisFlagRule, ConversationCountRule, LastSeenRule, Rule

Maker = Callable[[Any], Rule | None]
"""Makes the rule of a literal; None if that needs the field's domain."""


class RuleMakers(dict[Resolution, Maker | None]):
    """For each resolution the maker of a literal's rule; None if it depends on more, or several rules are needed."""

    def __missing__(self, says: Resolution) -> Maker | None:
        if len(self) >= _MOST:
            self.clear()
        found = self[says] = _maker(says)
        return found


_MOST = 16_384
MAKERS = RuleMakers()


def _maker(says: Resolution) -> Maker | None:
    field, operator = says.field, says.operator
    words = wire_words(field, operator)
    if says.date or says.whole:
        return _declared_maker(says)
    if len(words) == 1:
        return partial(COMPARING[field.kind], field.key, words[0])
    shift = OPERATORS[operator].count
    if field.kind is Kind.COUNT and shift is not None:
        return partial(_count_rule, *shift)
    if field.kind is Kind.FLAG:
        return lambda value: AnalysisFlagRule(field.key, value is (operator == "=="))
    if field.kind is Kind.LAST_SEEN:
        recency: Any = operator
        return lambda value: LastSeenRule(recency, wire_duration(value))
    return None


def _declared_maker(says: Resolution) -> Maker | None:
    """For a property that is declared as an integer or a date, whose bounds are one rule."""
    field, operator = says.field, says.operator
    if says.date and operator in ("<", ">="):
        return lambda value: test_rule(field, (operator, Cut(value)))
    if says.whole and OPERATORS[operator].whole is not None:
        return partial(_whole_rule, says)
    words = wire_words(field, operator)
    return partial(COMPARING[field.kind], field.key, words[0]) if len(words) == 1 else None


def _whole_rule(says: Resolution, value: int) -> Rule | None:
    test = whole_test(says, value)
    return None if test is None else test_rule(says.field, test)


def _count_rule(word: Any, step: int, value: int) -> Rule | None:
    """A bound of the count; None for one that holds for every count, or for none."""
    bound = value + step
    return ConversationCountRule(word, bound) if 0 <= bound <= MAX_SAFE_INTEGER else None


def single_alternatives(predicate: Predicate) -> Sequence[Sequence[Rule]] | None:
    """The alternatives for the only predicate on a field, as written: one conjunction of rules must hold.

    None if the predicate needs the field's domain: the count, and lists that are not plain.
    """
    field, operator = predicate.field, predicate.operator
    make = MAKERS[predicate.says]
    rule = None if make is None else make(predicate.value)
    if rule is not None:
        return [[rule]]
    if field.kind is Kind.COUNT:
        return None
    if operator in ("in", "not in"):
        return _listed(field, operator, predicate.value)
    return [[test_rule(field, test)] for test in alternatives_of(predicate)]


def _listed(field: Field, operator: str, values: tuple[Any, ...]) -> Sequence[Sequence[Rule]] | None:
    if field.kind is Kind.METRIC and operator == "not in":
        return None
    if bool in set(map(type, values)) and len(set(map(type, values))) > 1:  # `True` and 1 are equal, and two values
        return None
    sign = "==" if operator == "in" else "!="
    rules = [test_rule(field, (sign, value)) for value in dict.fromkeys(values)]
    return [[rule] for rule in rules] if operator == "in" else [rules]
