"""What is wrong where a parse cannot go on: the first explanation that fits, in the order of one table."""

import re
from collections.abc import Callable

from segdsl.diagnostics import Diagnostic
from segdsl.source import Source
from segdsl.syntax.errors import moments, operators, structure, values
from segdsl.syntax.errors.expected import CONNECTIVES, VALUES, expected_words
from segdsl.syntax.errors.failure import OPERATORS, Failure, Repair, shown
from segdsl.syntax.errors.foreign import CHARACTERS
from segdsl.syntax.errors.operators import presence
from segdsl.syntax.errors.tokens import CHARACTER, NAME, NUMBER, SIGN
from segdsl.syntax.lexer import WORDS
from segdsl.syntax.literals import quote
from segdsl.syntax.names import NULL_WORDS

_KEYWORDS = frozenset(WORDS.values()) - {"NOT", "TRUE", "FALSE"}
_BEGINS_A_CONDITION = VALUES | {"NAME", "LPAR", "NOT", "DEFINITION"}


def refusal_of_whole(source: Source) -> Diagnostic | None:
    """The diagnostic of a text that is something else altogether."""
    return structure.json_text(source)


def explain(failure: Failure) -> Repair:
    """What is wrong with the token, and how to go on."""
    return next(found for one in _EXPLANATIONS if (found := one(failure)) is not None)


# ── what no other explanation knows ────────────────────────────────────────────────────────────────────────────────


def _foreign_word(failure: Failure) -> Repair | None:
    """A word of another language where a condition or operator should stand."""
    at = failure.at
    for number in (at, at - 1):
        word = failure.word(number)
        if number == at - 1 and not (failure.before() == "NAME" and failure.kind in _BEGINS_A_CONDITION):
            continue
        if number == at and failure.kind != "NAME":
            continue
        span = failure.tokens[number].span
        written = failure.tokens[number].text
        if word in NULL_WORDS:
            return failure.repair(
                "foreign-operator", f"there is no `{written}`", (), None, *presence(failure.name), span=span
            )
        if word in ("exists", "is_null", "has"):
            return failure.repair("foreign-operator", f"there is no `{written}`", (), None, *presence(""), span=span)
        if word in ("nan", "infinity", "inf"):
            return failure.repair(
                "bad-number", f"`{written}` is not a number", (), None, "use a finite number", span=span
            )
        if word == "xor":
            help_ = "write `(a and not b) or (b and not a)`"
            return failure.repair("foreign-operator", f"there is no `{written}`", (), None, help_, span=span)
        if word in ("equals", "equal", "like", "matches", "eq") and number == at:
            help_ = "use `contains`, for text anywhere in a value" if word in ("like", "matches") else "use `==`"
            return failure.repair("foreign-operator", f"there is no `{written}`", (), None, help_, span=span)
    return None


def _word_as_name(failure: Failure) -> Repair | None:
    """A word of the language that was tried as a name, because nothing else fits where it stands."""
    if "COMPARE" not in failure.expected or failure.before() not in _KEYWORDS or failure.before(2) in VALUES:
        return None
    if failure.before(2) == "COMPARE" and failure.before(3) not in VALUES:
        return None
    wanted = "a name" if failure.before(2) == "COMPARE" else "a condition"
    span = failure.tokens[failure.at - 1].span
    help_: tuple[str, ...] = ()
    if failure.before() in OPERATORS and failure.before(2) in CONNECTIVES:
        help_ = ("say the name again: `seats > 1 and seats < 5`",)
    message = f"expected {wanted}, found `{failure.tokens[failure.at - 1].text}`"
    return failure.repair("unexpected-token", message, (), None, *help_, span=span)


def _misplaced_operator(failure: Failure) -> Repair | None:
    """`not within`, `is in`, `!` after a name."""
    word, at = failure.word(failure.at), failure.at
    if failure.before() == "NOT" and failure.kind in ("WITHIN", "BEFORE"):
        span = failure.between(at - 1, at)
        opposite = "before" if word == "within" else "within"
        edits = failure.rewriting(at - 1, at + 1, opposite)
        return failure.repair("foreign-operator", f"there is no `not {word}`", edits, f"use `{opposite}`", span=span)
    if failure.kind == "BANG":
        help_ = "`!` stands before a condition; write `not in`, or `not (…)`"
        if failure.is_after_name and failure.kind_of(at + 1) in ("IN", "CONTAINS"):
            edits = failure.rewriting(at, at + 1, "not")
            return failure.repair("foreign-operator", "`!` has no place here", edits, "use `not`", safe=True)
        return failure.repair("foreign-operator", "`!` has no place here", (), None, help_)
    return None


def _character(failure: Failure) -> Repair | None:
    """A character or sign that the language does not use."""
    if failure.kind not in (CHARACTER, SIGN):
        return None
    text = failure.token.text
    if failure.wants_value and re.fullmatch("-[A-Za-z]+", text):
        message = f"`{shown(text)}` is not a number"
        return failure.repair("bad-number", message, (), None, values.NUMBER_HELP)
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
    elif help_ is None and text[0].isalpha():
        help_ = "names are written in ASCII"
    elif help_ is None and not text.isprintable():
        help_ = "it cannot be seen; blanks are spaces, tabs and line breaks"
    return failure.repair(
        "unknown-character", f"the character {name} means nothing here", (), None, *((help_,) if help_ else ())
    )


def _malformed(failure: Failure) -> Repair | None:
    """A malformed number or name where neither can stand."""
    text = failure.token.text
    if failure.kind == NUMBER:
        message = f"`{shown(text)}` is not a number"
        return failure.repair("bad-number", message, (), None, values.NUMBER_HELP)
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
    help_ = next((found for advise in _ADVICE if (found := advise(failure))), None)
    return failure.repair("unexpected-token", message, (), None, *((help_,) if help_ else ()))


def _advise_on_quotes(failure: Failure) -> str | None:
    """A string right after another one of the same quotes: a quote that was doubled to escape it."""
    last = failure.tokens[failure.at - 1].text if failure.at else ""
    if failure.before() != "STRING" or failure.kind != "STRING" or not failure.touches(failure.at):
        return None
    sign = failure.token.text[0]
    return f"a quote within a string is written `\\{sign}`" if last[0] == sign else None


def _advise_on_value(failure: Failure) -> str | None:
    if not failure.wants_value:
        return None
    is_word = failure.kind in _KEYWORDS - CONNECTIVES and failure.before() not in ("WITHIN", "BEFORE")
    word = failure.token.text
    return f"if `{shown(word)}` is text, write `{shown(quote(word))}`" if is_word else None


def _advise_on_scope(failure: Failure) -> str | None:
    if failure.kind in ("DURING", "FROM", "TO", "FOR") and "RPAR" in failure.expected:
        return "scope clauses stand at the end, outside the parentheses"
    if failure.clause >= 0 and failure.kind in CONNECTIVES:
        return "scope clauses stand at the end, after all conditions"
    return None


def _advise_on_joining(failure: Failure) -> str | None:
    joins = "OR" in failure.expected and (failure.kind in _BEGINS_A_CONDITION or failure.kind in (NAME, "COMMA"))
    return "join conditions with `and` or `or`" if joins else None


_ADVICE: list[Callable[[Failure], str | None]] = [
    _advise_on_quotes,
    _advise_on_value,
    _advise_on_scope,
    _advise_on_joining,
]

_EXPLANATIONS: list[Callable[[Failure], Repair | None]] = [
    structure.empty,
    structure.whole_in_quotes,
    structure.invisible_blank,
    structure.fence,
    structure.placeholder,
    structure.comment,
    structure.head,
    structure.tail,
    values.odd_string,
    values.in_clause,
    operators.split_sign,
    operators.two_operators,
    moments.last_seen,
    moments.not_seen,
    moments.counted,
    structure.call_as_value,
    structure.call,
    operators.unsayable_word,
    moments.relative,
    operators.signed_word,
    operators.between_and,
    operators.one_word_range,
    operators.colon,
    operators.ranks,
    moments.since,
    moments.period,
    operators.operator_phrase,
    operators.foreign_sign,
    _misplaced_operator,
    structure.is_false,
    structure.square_brackets,
    structure.unopened,
    structure.missing_name,
    structure.phrase_without_name,
    structure.excluded,
    structure.doubled_connective,
    structure.dangling_connective,
    structure.exception,
    structure.literal_first,
    structure.two_literals,
    structure.odd_name,
    structure.number_as_name,
    values.after_number,
    operators.and_of_range,
    values.odd_number,
    values.list_for_value,
    values.unquoted,
    values.not_a_list,
    values.list_end,
    operators.chain,
    structure.comma,
    structure.without_connective,
    _foreign_word,
    structure.missing_sign,
    structure.unclosed,
    _word_as_name,
    _character,
    _malformed,
    _unexpected,
]
