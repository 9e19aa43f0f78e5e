"""Operators in other languages' words, and tests that the API lacks: patterns, beginnings, history, presence."""

import re
from collections.abc import Callable

from msgspec import Struct

from segdsl.catalogue import BUILT_INS
from segdsl.source import Span
from segdsl.syntax.actions import UNREADABLE
from segdsl.syntax.errors.expected import VALUES
from segdsl.syntax.errors.failure import Failure, Repair, TokenEdit, shown
from segdsl.syntax.errors.foreign import (
    ARITHMETIC,
    ENDS,
    HISTORY,
    LIKE,
    LONGEST_PHRASE,
    PATTERNS,
    PHRASES,
    PRESENCE,
    SIGNED_WORDS,
    STARTS,
)
from segdsl.syntax.errors.tokens import NAME, NUMBER, STRING, content
from segdsl.syntax.literals import LiteralError, quote, unquote
from segdsl.syntax.names import WHICH_VALUES, present

ORDER = ("<", "<=", ">", ">=")
BEGINNINGS = "the API cannot ask how a text begins or ends"
ANYWHERE = "`contains` finds a text anywhere in a value, not only at its beginning or end"
NO_PATTERNS = "there are no patterns or regular expressions"
CONTAINS = "use `contains`, for a text anywhere in a value"
NOT_CONTAINS = "the API cannot say that a text does not contain another"
NO_HISTORY = "conditions look at a user as it is now; there is no history of earlier values"
_NO_ARITHMETIC = "there is no arithmetic: a name is compared with a fixed value"


def operator_phrase(failure: Failure) -> Repair | None:
    """`is one of`, `at least`, `eq`, `doesn't contain` … between a name and a value."""
    start = failure.name_end
    if start == failure.begin or failure.at < start:
        return None
    words = [failure.word(number) for number in range(start, min(start + LONGEST_PHRASE, len(failure.tokens)))]
    for length in range(len(words), 0, -1):
        operator = PHRASES.get(tuple(words[:length]))
        end = start + length
        if operator is None or failure.at > end or not _has_value(failure, end):
            continue
        if words[length - 1] == "before" and failure.kind_of(end) == "DURATION":  # `not before 7d`
            continue
        if words[:length] == ["not"] and failure.kind_of(end) not in VALUES | {"NAME", STRING}:
            continue
        phrase = failure.written(start, end - 1)
        edits = failure.rewriting(start, end, operator)
        span = failure.between(start, end - 1)
        if operator == "not contains" and (refused := not_contains(failure, span)):
            return refused
        message = f"there is no `{shown(phrase)}`"
        safe = length == 1 and words[0] in SIGNED_WORDS and words[0] != "not"
        return failure.repair("foreign-operator", message, edits, f"use `{operator}`", span=span, safe=safe)
    return None


def not_contains(failure: Failure, span: Span) -> Repair | None:
    """The refusal of `does not contain` and its like at a span; None under a `not`, where `not contains` is right."""
    before = failure.begin - 1 - (failure.kind_of(failure.begin - 1) == "LPAR")
    if failure.kind_of(before) in ("NOT", "BANG"):
        return None
    written = shown(failure.source.text[span.start : span.end])
    end = failure.end_of_phrase(failure.begin)
    edits = [TokenEdit(failure.begin, max(end, failure.at), UNREADABLE)]
    message = f"there is no `{written}`: {NOT_CONTAINS}"
    return failure.repair("foreign-operator", message, edits, None, WHICH_VALUES, span=span)


def _has_value(failure: Failure, number: int) -> bool:
    """Whether a possible value begins at a token."""
    kind = failure.kind_of(number)
    return (
        kind in VALUES | {"NAME", "LPAR", "LSQB", NUMBER, STRING, NAME}
        or failure.is_word(number)
        or (kind[:1] == "?" and failure.word(number)[:1] in "{“‘[$€£`@")
    )


class _Word(Struct, frozen=True):
    """A word after a name, the token `number`, that means no operator; `text` is it without the `not` before it."""

    failure: Failure
    number: int
    text: str
    negated: bool

    @property
    def span(self) -> Span:
        """The span from the end of the name to the word, or to the token that cannot be taken if that is next."""
        at = self.failure.at
        return self.failure.between(self.failure.name_end, max(self.number, at if at <= self.number + 1 else 0))

    @property
    def written(self) -> str:
        """The text from the name to the word, for a message."""
        return shown(self.failure.written(self.failure.name_end, self.number))

    def repair(self, further: str, *help_: str) -> Repair:
        """There is no such operator."""
        message = f"there is no `{self.written}`{further}"
        return self.failure.repair("foreign-operator", message, (), None, *help_, span=self.span)


def unsayable_word(failure: Failure) -> Repair | None:
    """An operator without a counterpart: patterns, beginnings, history, arithmetic, presence."""
    start = failure.name_end
    if start == failure.begin or not start <= failure.at <= start + 3:
        return None
    first = start
    while failure.word(first) in _BEFORE_WORD and first < failure.at + 1:
        first += 1
    text = failure.word(first).strip("-=")
    negated = text.startswith("not") or any(failure.word(number) == "not" for number in range(start, first))
    word = _Word(failure, first, text.removeprefix("not"), negated)
    return next((explain(word) for words, explain in _UNSAYABLE if word.text in words), None)


_BEFORE_WORD = ("is", "not", "does", "doesn't", "has", "been", "-")


def _beginning(word: _Word) -> Repair | None:
    is_call = word.failure.kind_of(word.number + 1) == "LPAR" and word.failure.touches(word.number + 1)
    if word.text in STARTS and is_call:  # a call, or part of a name
        return None
    what = "it" if word.text in STARTS else "the text"
    return word.repair(f": {BEGINNINGS}, only what {what} contains", *(() if word.negated else (ANYWHERE,)))


def _pattern(word: _Word) -> Repair:
    return word.repair(f": {NO_PATTERNS}", NOT_CONTAINS if word.negated else CONTAINS)


def presence(failure: Failure, name: str) -> tuple[str, str]:
    """The help about fields that are present or missing: a condition that holds for all values of the field's type."""
    rest = f"{LACK}, because none on it holds for them"
    if name not in BUILT_INS and failure.type_of(name) is None and not failure.is_unknown(name):
        return ANY_CONDITION, rest
    type_ = _type_of(failure, name)
    except_ = ", except for the empty text," if type_ == "string" else ""
    condition = present(shown(name), type_)
    return f"everyone who has `{shown(name)}`{except_} is `{condition}`", rest


LACK = "no condition finds users who lack a field"
ANY_CONDITION = "a condition on a field holds only for users who have it: compare it with a value"


def _type_of(failure: Failure, name: str) -> str:
    """The type of a property or the kind of a built-in; a property that is not declared is taken for text."""
    declared = failure.type_of(name)
    if declared is None and name in BUILT_INS:
        return BUILT_INS[name].kind
    return declared if isinstance(declared, str) else "string"


def _like(word: _Word) -> Repair:
    """`like`, whose wildcards show which part of a text is meant."""
    failure, at = word.failure, word.number
    text, message = string_at(failure, at + 1), f"there is no `{failure.tokens[at].text}`"
    if text is None:
        return failure.repair("foreign-operator", message, (), None, CONTAINS, span=word.span)
    if word.negated:
        message = f"there is no `not {failure.tokens[at].text}`: {NOT_CONTAINS}, nor how it begins or ends"
        return failure.repair("foreign-operator", message, span=word.span)
    if (inner := between_wildcards(text)) is not None:
        edits, title = [TokenEdit(at, at + 2, f"contains {quote(inner)}")], f"use `contains {shown(quote(inner))}`"
        return failure.repair("foreign-operator", message, edits, title, span=word.span)
    if re.search(r"[%*_?]", text):
        message = f"{message}: {BEGINNINGS}, only what it contains"
        return failure.repair("foreign-operator", message, (), None, ANYWHERE, span=word.span)
    help_ = f"use `== {shown(quote(text))}` for exactly this text, or `contains` for text anywhere in a value"
    return failure.repair("foreign-operator", message, (), None, help_, span=word.span)


def between_wildcards(text: str, wild: str = r"[%*_?]") -> str | None:
    """The text between two wildcards, at the beginning and the end; None if there are not both, or others inside."""
    inner = text.strip("%*")
    is_between = text[:1] in "%*" and text[-1:] in "%*" and inner and not re.search(wild, inner)
    return inner if is_between else None


def string_at(failure: Failure, number: int) -> str | None:
    kind = failure.kind_of(number)
    if kind == STRING:
        return content(failure.tokens[number].text)
    if kind != "STRING":
        return None
    try:
        return unquote(failure.tokens[number].text)
    except LiteralError:
        return None


_UNSAYABLE: list[tuple[frozenset[str], Callable[[_Word], Repair | None]]] = [
    (LIKE, _like),
    (STARTS, _beginning),
    (ENDS, _beginning),
    (PATTERNS, _pattern),
    (HISTORY, lambda word: word.repair(f": {NO_HISTORY}")),
    (ARITHMETIC, lambda word: word.repair(f": {_NO_ARITHMETIC}")),
    (PRESENCE - {"has", "exists", "present"}, lambda word: word.repair("", *presence(word.failure, word.failure.name))),
]
"""Words, each with its explanation."""
