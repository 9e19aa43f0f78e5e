"""Why an expression matches a user or not: the verdict of each term, and the terms that decided."""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import count
from typing import Any, NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from segdsl.catalogue import Kind
from segdsl.evaluation.matcher import fixed
from segdsl.evaluation.predicates import Verdict, connective, predicate_test
from segdsl.evaluation.records import User, reader, reading_order, require_record
from segdsl.semantics.typed import Condition, Connective, Predicate, fold, leaves_of
from segdsl.syntax.literals import quote, shortened
from segdsl.syntax.nodes import Between, Chain, Comparison, Duration
from segdsl.syntax.printer import unparse

MAX_DECIDING_TERMS_SHOWN = 5
_WORDS: dict[Verdict, str] = {True: "true", False: "false", None: "unknown"}


class TermVerdict(Struct, frozen=True):
    """One term of the expression, its verdict, and in `finding` what the user has: `plan is "free"`."""

    text: str
    verdict: Verdict
    finding: str

    def __str__(self) -> str:
        return f"{self.text} is {_WORDS[self.verdict]}: {self.finding}"


class EvaluationExplanation(Struct, frozen=True):
    """The verdict of a whole expression, its terms in the order of the text, and the terms that decided.

    The other terms could have any verdict without changing it; `str()` gives it in a sentence.
    """

    verdict: Verdict
    terms: tuple[TermVerdict, ...]
    deciding: tuple[TermVerdict, ...]

    def __str__(self) -> str:
        shown = [str(term) for term in self.deciding[:MAX_DECIDING_TERMS_SHOWN]]
        if len(self.deciding) > len(shown):
            shown.append(f"and {len(self.deciding) - len(shown)} more")
        return f"{_WORDS[self.verdict].capitalize()}, because {'; '.join(shown)}"


def explain_evaluation(condition: Condition, user: User, now: datetime) -> EvaluationExplanation:
    """The matcher's verdict on the user, with its reasons; raises what the matcher raises."""
    moment = fixed(now)
    require_record(user)
    fields = {predicate.field for predicate in leaves_of(condition)}
    values = {field: reader(field)(user) for field in sorted(fields, key=reading_order)}
    terms: dict[int, TermVerdict] = {}
    numbers = count()

    def verdict_of(predicate: Predicate) -> Verdict:
        value = values[predicate.field]
        return None if value is None else predicate_test(predicate, moment)(value)

    def leaf(said: Condition) -> _Seen:
        """A leaf as written: one predicate, or several that it combines."""
        found = fold(said, verdict_of, lambda node, verdicts: connective(node.every)(verdicts))
        predicates, number = leaves_of(said), next(numbers)
        first = predicates[0]
        verdict = found if found is None else found is not first.negated  # of the leaf without the `not`s around it
        finding = _finding(first, values[first.field], verdict, moment)
        terms[number] = TermVerdict(_text(predicates), verdict, finding)
        return _Seen(found, (), number)

    def join(node: Connective, operands: list[_Seen]) -> _Seen:
        return _Seen(connective(node.every)([one.verdict for one in operands]), operands)

    whole = fold(condition, leaf, join, as_written=True)
    return EvaluationExplanation(
        whole.verdict, tuple(terms.values()), tuple([terms[number] for number in _deciding(whole)])
    )


class _Seen(NamedTuple):
    """A connective's verdict, with its operands; a term has none, but its number."""

    verdict: Verdict
    operands: Sequence["_Seen"]
    term: int = -1


def _deciding(whole: _Seen) -> Iterator[int]:
    """The terms that decide the verdict, from left to right.

    The operands with the same verdict as their `and` or `or` decide it: one false operand makes an `and` false, all of
    them together make it true.
    """
    waiting = [whole]
    while waiting:
        node = waiting.pop()
        if not node.operands:
            yield node.term
        else:
            waiting.extend(operand for operand in reversed(node.operands) if operand.verdict is node.verdict)


# ── terms as written, and the user's values in words ─────────────────────────────────────────────────────────────────


def _text(bounds: Sequence[Predicate]) -> str:
    """The leaf with values in place of its parameters; a date as written."""
    node = bounds[0].node
    if bounds[0].says.date:
        return unparse(node)
    if isinstance(node, Chain | Between):
        low, high = sorted(bounds, key=lambda one: one.bound)
        return unparse(replace(node, low=low.value, high=high.value))
    if isinstance(node, Comparison):
        value = bounds[0].value
        return unparse(replace(node, value=Duration(value) if bounds[0].field.kind is Kind.LAST_SEEN else value))
    return unparse(node)


def _finding(predicate: Predicate, value: Any, verdict: Verdict, now: datetime) -> str:
    name, field = predicate.node.name, predicate.field
    if value is None:
        return f"{name} is missing"
    if field.kind is Kind.LAST_SEEN:
        return f"{name} is {value.isoformat()}, {_age(now - value)}"
    what = "a list, which no condition compares" if isinstance(value, list) else "a value of another type"
    return f"{name} is {_shown(value)}" + (f", {what}" if verdict is None else "")


def _age(age: timedelta) -> str:
    if age < timedelta():
        return "in the future"
    minutes = age // timedelta(minutes=1)
    length, unit = next(((length, unit) for length, unit in ((1440, "d"), (60, "h")) if minutes >= length), (1, "m"))
    return f"{minutes // length}{unit} ago"


def _shown(value: Any) -> str:
    if isinstance(value, str):
        return quote(shortened(value))
    try:
        return shortened(json.dumps(value))
    except (TypeError, ValueError, RecursionError):
        return f"a {type(value).__name__}"
