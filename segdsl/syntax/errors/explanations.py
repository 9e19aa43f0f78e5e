"""The error where a parse cannot go on: the first explanation that fits, in the order of one table."""

import re
from collections.abc import Callable

from segdsl.catalogue import BUILT_INS
from segdsl.diagnostics import Diagnostic
from segdsl.source import Source
from segdsl.syntax.errors import (
    amounts,
    brackets,
    calls,
    clauses,
    connectives,
    degrees,
    frames,
    lists,
    lone_literals,
    moments,
    names,
    numbers,
    operators,
    ranges,
    signs,
    strings,
    subjects,
    words,
)
from segdsl.syntax.errors.expected import CONNECTIVES, VALUES, expected_words
from segdsl.syntax.errors.failure import Explanation, Failure, Repair, shown
from segdsl.syntax.errors.foreign import CHARACTERS
from segdsl.syntax.errors.operators import presence
from segdsl.syntax.errors.tokens import CHARACTER, NAME, NUMBER, SIGN
from segdsl.syntax.lexer import WORDS
from segdsl.syntax.literals import quote
from segdsl.syntax.names import NO_CONDITIONS, NULL_WORDS, PRESENCE

_KEYWORDS = frozenset(WORDS.values()) - {"NOT", "TRUE", "FALSE"}
_BEGINS_A_CONDITION = VALUES | {"NAME", "LPAR", "NOT", "DEFINITION"}


def refusal_of_whole(source: Source) -> Diagnostic | None:
    """The diagnostic of a text that is not meant as an expression at all."""
    return frames.json_text(source)


def explain(failure: Failure) -> Repair:
    """The error of the token, and how to go on."""
    return failure.first_of(_EXPLANATIONS) or _unexpected(failure)


# ── everything else ────────────────────────────────────────────────────────────────────────────────


def _presence(failure: Failure, number: int) -> tuple[str, ...]:
    """`mrr exists`, `has mrr`: the help with the name beside the word."""
    if number == failure.at:
        return presence(failure, failure.name)
    named = failure.at + (failure.word(failure.at) in _BEFORE_NOUNS)
    return presence(failure, failure.tokens[named].text if failure.kind_of(named) == "NAME" else "")


_FOREIGN_WORDS: dict[str, Callable[[Failure, int], tuple[str, ...]]] = {
    **dict.fromkeys(NULL_WORDS, _presence),
    **dict.fromkeys(("exists", "is_null", "has"), _presence),
    "xor": lambda *_: (connectives.EXCLUSIVE,),
}
"""Words of other languages, each with the help."""
_BEFORE_NOUNS = ("a", "an", "any", "the")
_STATES = frozenset(word for word, topic in NO_CONDITIONS.items() if topic == PRESENCE)
"""Words after a name that ask whether it is present."""
_FOREIGN_OPERATORS = {
    **dict.fromkeys(("equals", "equal", "eq"), "use `==`"),
    **dict.fromkeys(("like", "matches"), operators.CONTAINS),
}


def _foreign_word(failure: Failure) -> Repair | None:
    """A word of another language in place of a condition or operator, or with a condition after it."""
    for number in _odd_words(failure):
        token, word = failure.tokens[number], failure.word(number)
        help_: tuple[str, ...] | None = None
        if word in _FOREIGN_WORDS:
            help_ = _FOREIGN_WORDS[word](failure, number)
        elif word in _STATES and number == failure.at and failure.name:
            help_ = _presence(failure, number)
        elif word in _FOREIGN_OPERATORS and number == failure.at:
            help_ = (_FOREIGN_OPERATORS[word],)
        if help_ is not None:
            message = f"there is no `{token.text}`"
            return failure.repair("foreign-operator", message, (), None, *help_, span=token.span)
        if word in ("nan", "infinity", "inf"):
            message, finite = f"`{token.text}` is not a number", "use a finite number"
            return failure.repair("bad-number", message, (), None, finite, span=token.span)
    return None


def _odd_words(failure: Failure) -> list[int]:
    """The numbers of the tokens that may be a word of another language."""
    before = [failure.at - 1] if failure.before() == "NAME" and failure.kind in _BEGINS_A_CONDITION else []
    return [failure.at, *before] if failure.kind == "NAME" else before


def _word_as_name(failure: Failure) -> Repair | None:
    """A word of the language that was tried as a name, because nothing else fits in its place."""
    if "COMPARE" not in failure.expected or failure.before() not in _KEYWORDS or failure.before(2) in VALUES:
        return None
    wanted = "a name" if failure.before(2) == "COMPARE" else "a condition"
    span = failure.tokens[failure.at - 1].span
    message = f"expected {wanted}, found `{failure.tokens[failure.at - 1].text}`"
    return failure.repair("unexpected-token", message, span=span)


def _character(failure: Failure) -> Repair | None:
    """A character or sign that the language does not use."""
    if failure.kind not in (CHARACTER, SIGN):
        return None
    text = failure.token.text
    if failure.wants_value and re.fullmatch("-[A-Za-z]+", text):
        message = f"`{shown(text)}` is not a number"
        return failure.repair("bad-number", message, (), None, numbers.NUMBER_HELP)
    is_sign = failure.kind == SIGN and text not in CHARACTERS and text != "-"
    if is_sign and (len(text) > 1 or text in ":&|~=<>!"):
        help_ = {":": "use `==`, or `contains` for text inside a value"}.get(text)
        return failure.repair(
            "foreign-operator", f"`{shown(text)}` is not an operator here", (), None, *((help_,) if help_ else ())
        )
    if text in "*/+^-%?":
        help_ = CHARACTERS.get(text, "there is no arithmetic")
        return failure.repair("foreign-operator", f"`{text}` is not an operator here", (), None, help_)
    name = f"`{text}` (U+{ord(text[0]):04X})" if text.isprintable() else f"U+{ord(text[0]):04X}"
    help_ = CHARACTERS.get(text)
    if help_ is None and text.isdigit():
        help_ = "numbers are written with the digits 0 to 9"
    elif help_ is None and not text.isprintable():
        help_ = "it cannot be seen; blanks are spaces, tabs and line breaks"
    return failure.repair(
        "unknown-character", f"the character {name} means nothing here", (), None, *((help_,) if help_ else ())
    )


def _malformed(failure: Failure) -> Repair | None:
    """A malformed number or name where neither is possible."""
    text = failure.token.text
    if failure.kind == NUMBER:
        message = f"`{shown(text)}` is not a number"
        return failure.repair("bad-number", message, (), None, numbers.NUMBER_HELP)
    if failure.kind == NAME:
        if not text.isascii():
            return failure.repair("unknown-character", f"`{shown(text)}` is not a name: names are written in ASCII")
        return failure.repair("bad-name", f"`{shown(text)}` is not a name")
    return None


def _unexpected(failure: Failure) -> Repair:
    wanted = expected_words(failure.expected)
    if failure.wants_value and failure.before() in ("WITHIN", "BEFORE"):
        wanted = "a duration such as 7d"
    if failure.kind == "$END":
        return failure.repair("unexpected-end", f"expected {wanted}, but the expression ends here")
    message = f"expected {wanted}, found `{shown(failure.token.text)}`"
    help_ = next((found for advise in _ADVICE if (found := advise(failure))), [])
    return failure.repair("unexpected-token", message, (), None, *help_)


def _advise_on_quotes(failure: Failure) -> list[str]:
    """A string right after another one with the same quotes: a quote that was doubled to escape it."""
    last = failure.tokens[failure.at - 1].text if failure.at else ""
    if failure.before() != "STRING" or failure.kind != "STRING" or not failure.touches(failure.at):
        return []
    sign = failure.token.text[0]
    return [f"a quote within a string is written `\\{sign}`"] if last[0] == sign else []


def _advise_on_value(failure: Failure) -> list[str]:
    is_word = failure.kind in _KEYWORDS - CONNECTIVES and failure.before() not in ("WITHIN", "BEFORE")
    word = failure.token.text
    return [f"if `{shown(word)}` is text, write `{shown(quote(word))}`"] if failure.wants_value and is_word else []


def _advise_on_scope(failure: Failure) -> list[str]:
    if failure.kind in ("DURING", "FROM", "TO", "FOR") and "RPAR" in failure.expected:
        return ["scope clauses stand at the end, outside the parentheses"]
    if failure.clause >= 0 and failure.kind in CONNECTIVES:
        return ["scope clauses stand at the end, after all conditions"]
    return []


def _advise_on_words(failure: Failure) -> list[str]:
    """`plan pro`, `paying customer`, `no beta`."""
    if failure.before() != "NAME" or failure.kind != "NAME" or failure.begin != failure.at - 1:
        return []
    name, word = failure.tokens[failure.at - 1].text, failure.token.text
    if "never" in (name.lower(), word.lower()):
        return [_NEVER]
    if word in BUILT_INS or name in BUILT_INS:
        return [connectives.JOIN]
    if word.lower() in _BEFORE_NOUNS and failure.kind_of(failure.at + 1) == "NAME":
        word = failure.tokens[failure.at + 1].text
    if name.lower() in ("no", "without"):
        type_ = failure.type_of(word)
        may_be = {type_} if type_ is not None else set() if failure.declared is not None else {"boolean", "number"}
        return [*(help_.format(shown(word)) for kind, help_ in _LACKING.items() if kind in may_be), operators.LACK]
    type_, help_ = failure.type_of(name), []
    if failure.declared is None or type_ == "string" or (isinstance(type_, tuple) and word in type_):
        help_.append(f"if `{shown(word)}` is a value, write `{shown(name)} == {shown(quote(word))}`")
    if failure.declared is None:
        joined = shown(f"{name}_{word}")
        help_.append(f"if both words are one name, write it as it is called, such as `{joined}`")
    return [*help_, connectives.JOIN]


_NEVER = (
    f"{operators.LACK}: a user who was never seen has no `lastSeen`; `lastSeen before 90d` is everyone seen longer ago"
)
_LACKING = {
    "boolean": "if `{0}` is true or false, write `not {0}`",
    "number": "if `{0}` is a number, write `{0} == 0`",
    "integer": "write `{0} == 0`",
}
"""What `no beta` may mean, by the type of the property."""


def _advise_on_joining(failure: Failure) -> list[str]:
    joins = "OR" in failure.expected and (failure.kind in _BEGINS_A_CONDITION or failure.kind in (NAME, "COMMA"))
    return [connectives.JOIN] if joins else []


_ADVICE = (_advise_on_quotes, _advise_on_value, _advise_on_scope, _advise_on_words, _advise_on_joining)

_EXPLANATIONS: list[Explanation] = [
    frames.empty,
    frames.whole_in_quotes,
    frames.invisible_blank,
    frames.fence,
    frames.placeholder,
    frames.comment,
    frames.equals_sign,
    subjects.choosing,
    subjects.subject,
    frames.head,
    frames.tail,
    strings.odd_string,
    ranges.two_numbers,
    clauses.in_clause,
    signs.split_sign,
    signs.two_operators,
    amounts.amount_first,
    degrees.degree,
    names.aggregate,
    names.missing,
    connectives.neither,
    moments.last_seen,
    moments.not_seen,
    moments.flag_in_period,
    moments.conversations_in,
    amounts.any_conversations,
    calls.list_call,
    calls.optional_call,
    calls.call_as_value,
    calls.call,
    operators.unsayable_word,
    moments.relative,
    signs.signed_word,
    signs.stuck_word,
    ranges.between_and,
    ranges.one_word,
    signs.colon,
    ranges.ranks,
    moments.date_word,
    moments.since,
    moments.period,
    moments.between_dates,
    operators.operator_phrase,
    signs.foreign_sign,
    signs.misplaced,
    brackets.is_false,
    brackets.square_brackets,
    brackets.unopened,
    names.missing_before_phrase,
    signs.excluded,
    connectives.doubled,
    connectives.doubled_as_name,
    connectives.dangling,
    connectives.other_word,
    lone_literals.literal_first,
    lone_literals.two_literals,
    names.odd_name,
    names.number_as_name,
    numbers.after_number,
    ranges.no_and,
    numbers.odd_number,
    lists.list_for_value,
    lists.any_of_texts,
    lists.equal_to_several,
    words.half_range,
    words.words,
    subjects.people_in,
    lists.not_a_list,
    lists.list_end,
    ranges.chain,
    connectives.comma,
    connectives.missing,
    _foreign_word,
    names.in_words,
    lone_literals.without_sign,
    brackets.unclosed,
    _word_as_name,
    _character,
    _malformed,
]
"""Kinds of mistakes, the narrower ones first. `_unexpected` is the last, because it fits everywhere."""
