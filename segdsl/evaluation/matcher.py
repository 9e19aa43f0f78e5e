"""Matching users against a condition, prepared once as a list of predicates and connectives over their results.

Every predicate is evaluated, in a fixed order: an unusable value is an error even if other values decide. Deep
expressions need no recursion.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timezone

from segdsl.evaluation.predicates import Verdict, connective, predicate_test
from segdsl.evaluation.records import User, reader, reading_order, require_record
from segdsl.semantics.typed import Condition, Connective, Predicate, fold

Question = Callable[[User], Verdict]
Join = Callable[[Sequence[Verdict]], Verdict]


def matcher(condition: Condition, now: datetime) -> Question:
    """Whether a user is in the segment at the moment `now`, an aware datetime, as a function of the user.

    Raises `UserError` when a field of the condition has an impossible value; other fields are ignored.
    """
    predicates, joins = _listed(condition)
    order = sorted(range(len(predicates)), key=lambda number: reading_order(predicates[number].field))
    moment = fixed(now)
    questions = [_question(predicates[number], moment) for number in order]
    if not joins:
        return _one(questions[0])
    if len(joins) == 1:
        return _joined(questions, joins[0][0])
    places = {number: place for place, number in enumerate(order)}
    places |= {-1 - number: len(order) + number for number in range(len(joins))}
    return _program(questions, [(join, [places[number] for number in operands]) for join, operands in joins])


def fixed(now: datetime) -> datetime:
    """The moment at a fixed offset: Python subtracts datetimes that share a tzinfo as wall-clock times.

    UTC does not do, because a moment near an end of the calendar may have no date there.
    """
    offset = now.utcoffset()
    if offset is None:
        raise ValueError("now must be an aware datetime")
    return now.replace(tzinfo=timezone(offset))


def _listed(condition: Condition) -> tuple[list[Predicate], list[tuple[Join, list[int]]]]:
    """The predicates, and the connectives with the numbers of their operands.

    Predicates count from 0 up, connectives from -1 down.
    """
    predicates: list[Predicate] = []
    joins: list[tuple[Join, list[int]]] = []

    def leaf(predicate: Predicate) -> int:
        predicates.append(predicate)
        return len(predicates) - 1

    def join(node: Connective, operands: list[int]) -> int:
        joins.append((connective(node.every), operands))
        return -len(joins)

    fold(condition, leaf, join)
    return predicates, joins


def _question(predicate: Predicate, now: datetime) -> Question:
    read, test = reader(predicate.field), predicate_test(predicate, now)

    def ask(user: User) -> Verdict:
        value = read(user)
        return None if value is None else test(value)

    return ask


def _one(ask: Question) -> Question:
    def matches(user: User) -> Verdict:
        require_record(user)
        return ask(user)

    return matches


def _joined(questions: list[Question], join: Join) -> Question:
    """A single `and` or `or` over predicates, whose order has no meaning."""

    def matches(user: User) -> Verdict:
        require_record(user)
        return join([ask(user) for ask in questions])

    return matches


def _program(questions: list[Question], joins: list[tuple[Join, list[int]]]) -> Question:
    """Connectives, each after its operands; the last one is the whole condition."""

    def matches(user: User) -> Verdict:
        require_record(user)
        verdicts = [ask(user) for ask in questions]
        for join, operands in joins:
            verdicts.append(join([verdicts[place] for place in operands]))
        return verdicts[-1]

    return matches
