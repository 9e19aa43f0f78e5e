"""Why an expression says what it says of a user: the verdict of each term, and the terms that decided."""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from msgspec import Struct

from segdsl.semantics.catalogue import Kind, field_of
from segdsl.semantics.evaluator import condition_of, field_values, fixed, verdict_of
from segdsl.semantics.terms import JOINTS, Leaf, Verdict
from segdsl.semantics.users import User
from segdsl.syntax.fold import fold
from segdsl.syntax.literals import quote, shortened
from segdsl.syntax.nodes import Condition, Expression
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


class Explanation(Struct, frozen=True):
    """The verdict of a whole expression, its terms in the order of the text, and those of them that decided.

    The verdict stays what it is whatever the terms that did not decide say; `str()` gives it in a sentence.
    """

    verdict: Verdict
    terms: tuple[TermVerdict, ...]
    deciding: tuple[TermVerdict, ...]

    def __str__(self) -> str:
        shown = [str(term) for term in self.deciding[:MAX_DECIDING_TERMS_SHOWN]]
        if len(self.deciding) > len(shown):
            shown.append(f"and {len(self.deciding) - len(shown)} more")
        return f"{_WORDS[self.verdict].capitalize()}, because {'; '.join(shown)}"


def explain_evaluation(expression: Expression | Condition, user: User, now: datetime) -> Explanation:
    """`evaluate` with its reasons; the same contract, and the same verdict."""
    moment = fixed(now)
    condition = condition_of(expression)
    values = field_values(condition, user)
    terms: list[TermVerdict] = []

    def leaf(node: Leaf) -> _Seen:
        value = values[field_of(node.name)]
        verdict = verdict_of(node, value, moment)
        terms.append(TermVerdict(unparse(node), verdict, _finding(node, value, verdict, moment)))
        return _Seen(verdict, (), len(terms) - 1)

    def join(node: Any, operands: list[_Seen]) -> _Seen:
        return _Seen(JOINTS[type(node)]([operand.verdict for operand in operands]), operands)

    whole = fold(condition, leaf, join)
    return Explanation(whole.verdict, tuple(terms), tuple(terms[number] for number in _deciding(whole)))


class _Seen(NamedTuple):
    """A node's verdict, with its operands; a leaf has none, but the number of its term."""

    verdict: Verdict
    operands: Sequence["_Seen"]
    term: int = -1


def _deciding(whole: _Seen) -> Iterator[int]:
    """The terms on which the verdict rests, from left to right.

    An `and` or `or` has the verdict of some of its operands, and these alone decide it: one false one makes an `and`
    false, all of them together make it true. The one operand of a `not` always decides.
    """
    waiting = [whole]
    while waiting:
        node = waiting.pop()
        if not node.operands:
            yield node.term
        elif len(node.operands) == 1:
            waiting.append(node.operands[0])
        else:
            waiting.extend(operand for operand in reversed(node.operands) if operand.verdict is node.verdict)


# ── what the user has, in words ────────────────────────────────────────────────────────────────────────────────────


def _finding(leaf: Leaf, value: Any, verdict: Verdict, now: datetime) -> str:
    if value is None:
        return f"{leaf.name} is missing"
    if field_of(leaf.name).kind is Kind.LAST_SEEN:
        return f"{leaf.name} is {value.isoformat()}, {_age(now - value)}"
    return f"{leaf.name} is {_shown(value)}" + (", a value of another type" if verdict is None else "")


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
