"""Why a text could not be read, in the words of a person who writes segments."""

import re
from collections.abc import Callable

from segdsl.diagnostics import Diagnostic, Note
from segdsl.source import Source, Span
from segdsl.syntax.actions import ParseContext
from segdsl.syntax.driver import UnexpectedToken
from segdsl.syntax.errors.failure import CONNECTIVES, VALUES, Finding, ParseFailure, expected_words
from segdsl.syntax.errors.foreign import FOREIGN_WORDS, NUMBER_WORDS, SAME_WORDS
from segdsl.syntax.errors.malformed import DATE_HELP, DURATION_HELP, explain_malformed, is_unit
from segdsl.syntax.lexer import WORDS, PlainTokens, terminal
from segdsl.syntax.literals import shortened

_KEYWORDS = frozenset(WORDS.values()) - {"NOT", "TRUE", "FALSE"}
_OPERATORS = frozenset(["IN", "CONTAINS", "BETWEEN", "WITHIN", "BEFORE", "IS"])
_SCOPE_WORDS = frozenset(["DURING", "FROM", "TO", "FOR"])
_BEGINS_A_CONDITION = VALUES | {"NAME", "LPAR", "NOT", "DEFINITION"}
_COMPARISONS = {"DURATION": "lastSeen within {}", "DATE": 'name == "{}"'}
"""What a literal that no property equals is compared in."""
_PRODUCT_HELP = 'a product id is a UUID in quotes, such as "182bd5e5-6e1a-4fe4-a799-aa6d9a6ab26e"'
_NAME_AGAIN = "say the name again: `seats > 1 and seats < 5`"
_RANGE_HELP = "a range is written `between 2 and 4`"
_THOUSANDS = re.compile(r"(?:,[0-9]{3})+(?![0-9A-Za-z_])")


def explain_failure(
    unexpected: UnexpectedToken, context: ParseContext, spans: PlainTokens, source: Source
) -> Diagnostic:
    """The diagnostic for a token that the parser could not take, by the first explanation that fits."""
    kinds = [terminal(row) for row in context.rows]
    failure = ParseFailure(source, context, unexpected.token, spans, kinds, unexpected.states)
    finding = next(found for explain in _EXPLANATIONS if (found := explain(failure)) is not None)
    return Diagnostic(finding.code, finding.message, finding.span, source, finding.help, finding.notes)


def _empty(failure: ParseFailure) -> Finding | None:
    if failure.kind != "$END" or failure.token > 0:
        return None
    return Finding(
        "empty-expression", "the expression is empty", failure.span, ("say who is in the segment: `rating > 3`",)
    )


# ── words and signs of other languages ─────────────────────────────────────────────────────────────────────────────


def _foreign_word(failure: ParseFailure) -> Finding | None:
    """A word of another language: what could not be taken, or the name just before it."""
    if failure.kind == "NAME" and (found := _about_word(failure, failure.token)):
        return found
    if failure.before() == "NAME" and failure.kind in _BEGINS_A_CONDITION:
        return _about_word(failure, failure.token - 1)
    return None


def _about_word(failure: ParseFailure, token: int) -> Finding | None:
    word = failure.context.text(token)
    known = SAME_WORDS.get(word.lower(), word.lower())
    if known not in FOREIGN_WORDS:
        return None
    message, help_ = FOREIGN_WORDS[known]
    code = "bad-number" if word.lower() in NUMBER_WORDS else "foreign-operator"
    return Finding(code, message.replace(f"no `{known}`", f"no `{word}`"), failure.span_of(token), (help_,))


def _negated_operator(failure: ParseFailure) -> Finding | None:
    """`not within`, `is in`, `is not in`: an operator that is not written in this way."""
    word = failure.word.lower()
    if failure.kind in ("IN", "CONTAINS") and _is_after_is(failure):
        first, operator = (2, f"not {word}") if failure.before() == "NOT" else (1, word)
        span = failure.span_of(failure.token - first, failure.token)
        help_ = f"leave out `is`: `name {operator} …`"
        return Finding("foreign-operator", f"there is no `is {operator}`", span, (help_,))
    if failure.before() != "NOT" or failure.kind not in ("WITHIN", "BEFORE"):
        return None
    help_ = f"write `not lastSeen {word} 7d`"
    return Finding(
        "foreign-operator", f"there is no `not {word}`", failure.span_of(failure.token - 1, failure.token), (help_,)
    )


def _misplaced_sign(failure: ParseFailure) -> Finding | None:
    """`&&` in a range, and `!` anywhere but before a condition."""
    if failure.kind == "AMPERSANDS" and failure.expected == {"AND"}:
        return Finding("foreign-operator", "`between` takes the word `and`", failure.span, (_RANGE_HELP,))
    if failure.kind != "BANG":
        return None
    help_ = "`!` stands before a condition; write `not in`, or `not (…)`"
    return Finding("foreign-operator", "`!` has no place here", failure.span, (help_,))


# ── half a comparison, or one and a half ───────────────────────────────────────────────────────────────────────────


def _two_of_a_kind(failure: ParseFailure) -> Finding | None:
    """Two names or two literals compared."""
    if failure.wants_value and failure.kind == "NAME":
        if failure.before() in ("WITHIN", "BEFORE"):
            message = f"`{shortened(failure.word)}` is not a duration"
            return Finding("bad-duration", message, failure.span, (DURATION_HELP,))
        message = "a name is compared with a literal, not with another name"
        return Finding("bad-comparison", message, failure.span, (_quote_it(failure.word),))
    if failure.expected == {"NAME"} and failure.kind in VALUES:
        message = "a literal is compared with a name, not with another literal"
        quoted = failure.before(2) == "STRING"
        help_ = ('a name is written without quotes, or as `user["…"]`',) if quoted else ()
        return Finding("bad-comparison", message, failure.span, help_)
    return None


def _literal_alone(failure: ParseFailure) -> Finding | None:
    if failure.expected != {"COMPARE"}:
        return None
    literal, comparison = shortened(failure.context.text(failure.token - 1)), _comparison_with(failure, -1)
    if failure.kind in ("IN", "CONTAINS") and failure.before() in ("STRING", "PARAMETER"):
        help_ = f"the name comes first: `name contains {literal}`, `name in [{literal}]`"
    elif failure.before() in _COMPARISONS:
        help_ = f"compare it with a name: `{comparison}`"
    elif failure.kind == "IN":
        help_ = f"the name comes first: `name in [{literal}]`"
    elif failure.before(2) in CONNECTIVES:
        help_ = f"say the name again, `{comparison}`; several values also go in a list, `name in [1, 2]`"
    else:
        help_ = f"compare it with a name: `{comparison}`"
    span = failure.span_of(failure.token - 1)
    return Finding("bad-comparison", "a literal alone is not a condition", span, (help_,))


def _comparison_with(failure: ParseFailure, offset: int = 0) -> str:
    """A comparison that can hold the literal so far from the failure token, for the help to show."""
    literal = shortened(failure.context.text(failure.token + offset))
    return _COMPARISONS.get(failure.kind_of(failure.token + offset), "name == {}").format(literal)


def _comparison_of_comparison(failure: ParseFailure) -> Finding | None:
    if failure.kind != "COMPARE" or "OR" not in failure.expected:
        return None
    help_ = "a chain has its name in the middle: `0.3 <= sentiment < 0.7`; join other comparisons with `and`"
    return Finding("bad-chain", "a comparison cannot be compared again", failure.span, (help_,))


def _word_as_name(failure: ParseFailure) -> Finding | None:
    """A word of the language that was tried as a name, because nothing else fits where it stands."""
    if "COMPARE" not in failure.expected or failure.before() not in _KEYWORDS or failure.before(2) in VALUES:
        return None
    wanted = "a name" if failure.before(2) == "COMPARE" else "a condition"
    word, span = failure.context.text(failure.token - 1), failure.span_of(failure.token - 1)
    help_ = (_NAME_AGAIN,) if failure.before() in _OPERATORS and failure.before(2) in CONNECTIVES else ()
    return Finding("unexpected-token", f"expected {wanted}, found `{word}`", span, help_)


# ── literals that are nearly right ─────────────────────────────────────────────────────────────────────────────────


def _only_one_kind_of_literal(failure: ParseFailure) -> Finding | None:
    """A literal where only dates, only products, or only the periods of `during` fit."""
    word = shortened(failure.word)
    if failure.expected == {"DATE", "PARAMETER"} and failure.kind in VALUES:
        if failure.kind == "STRING":
            return Finding("bad-date", "a date is written without quotes, as 2026-01-31", failure.span)
        return Finding("bad-date", f"`{word}` is not a date", failure.span, (DATE_HELP,))
    if failure.expected == {"DURATION", "ALL", "PARAMETER"} and failure.kind != "$END":
        message = f"`during` does not take `{word}`"
        return Finding("bad-duration", message, failure.span, ("it takes 7d, 30d, 90d or all",))
    if failure.expected & VALUES == {"STRING", "PARAMETER"} and failure.kind in ("NAME", "NUMBER", "DURATION"):
        return Finding("bad-product", "expected a product id in quotes", failure.span, (_PRODUCT_HELP,))
    return None


def _cut_literal(failure: ParseFailure) -> Finding | None:
    """A literal with something in it that ends it: `7 days`, `1,000`."""
    if failure.before() != "NUMBER" or "OR" not in failure.expected:
        return None
    before = failure.span_of(failure.token - 1)
    if failure.kind == "NAME" and is_unit(failure.word):
        span = failure.span_of(failure.token - 1, failure.token)
        shown = failure.source.text[span.start : span.end]
        return Finding("bad-duration", f"`{shortened(shown)}` is not a duration", span, (DURATION_HELP,))
    if failure.kind == "COMMA" and failure.touches_the_last and (found := _THOUSANDS.match(failure.rest)):
        span = Span(before.start, before.end + found.end())
        shown = failure.source.text[span.start : span.end]
        return Finding("bad-number", f"`{shown}` is not a number", span, ("write it without `,`",))
    return None


# ── brackets ───────────────────────────────────────────────────────────────────────────────────────────────────────


def _unopened(failure: ParseFailure) -> Finding | None:
    if failure.kind not in ("RPAR", "RSQB") or failure.open_bracket() is not None:
        return None
    opening = "(" if failure.kind == "RPAR" else "["
    return Finding("unexpected-token", f"`{failure.word}` has no `{opening}` before it", failure.span)


def _unclosed(failure: ParseFailure) -> Finding | None:
    """The end, where a bracket is still open and could be closed: the note shows which."""
    opening = failure.open_bracket() if failure.kind == "$END" else None
    if opening is None or not failure.expected & {"RPAR", "RSQB"}:
        return None
    note = Note("it is opened here", failure.span_of(opening), failure.source)
    sign = ")" if failure.kind_of(opening) == "LPAR" else "]"
    return Finding("unexpected-end", f"`{sign}` is missing", failure.span, (), (note,))


# ── anything else ──────────────────────────────────────────────────────────────────────────────────────────────────


def _unexpected(failure: ParseFailure) -> Finding:
    wanted = expected_words(failure.expected)
    if failure.wants_value and failure.before() in ("WITHIN", "BEFORE"):
        wanted = "a duration such as 7d"
    help_ = next((found for advise in _ADVICE if (found := advise(failure))), None)
    if failure.kind == "$END":
        message = f"expected {wanted}, but the expression ends here"
        return Finding("unexpected-end", message, failure.span)
    message = f"expected {wanted}, found `{shortened(failure.word)}`"
    return Finding("unexpected-token", message, failure.span, (help_,) if help_ else ())


def _advise_on_value(failure: ParseFailure) -> str | None:
    """Where a literal should stand."""
    if not failure.wants_value:
        return None
    if failure.kind == "LSQB" and failure.before() == "CONTAINS":
        return 'ask for one text at a time: `name contains "a" or name contains "b"`'
    if failure.kind == "LSQB" and failure.before() == "COMPARE":
        return "a list goes with `in`: `name in [1, 2]`"
    is_word = failure.kind in _KEYWORDS - CONNECTIVES and failure.before() not in ("WITHIN", "BEFORE")
    return _quote_it(failure.word) if is_word else None


def _advise_on_list(failure: ParseFailure) -> str | None:
    """Where a list should stand."""
    word = shortened(failure.word)
    if failure.expected == {"LPAR", "LSQB", "PARAMETER"} and failure.kind in VALUES:
        return f"write `[{word}]`"
    return None


def _is_after_is(failure: ParseFailure) -> bool:
    return failure.wants_value and "IS" in (failure.before(), failure.before() == "NOT" and failure.before(2))


def _advise_on_range(failure: ParseFailure) -> str | None:
    """Where the `and` of a `between` should stand."""
    return _RANGE_HELP if failure.expected == {"AND"} else None


def _advise_on_scope(failure: ParseFailure) -> str | None:
    """Where only scope clauses can follow, or none can."""
    if failure.kind in CONNECTIVES and "DURING" in failure.expected:
        return "scope clauses stand at the end, after all conditions"
    if failure.kind in _SCOPE_WORDS and "RPAR" in failure.expected and "OR" in failure.expected:
        return "scope clauses stand at the end, outside the parentheses"
    return None


def _advise_on_repetition(failure: ParseFailure) -> str | None:
    """A comparison whose name was said before an `and` or `or`, and not again."""
    return _NAME_AGAIN if failure.kind == "COMPARE" and failure.before() in CONNECTIVES else None


def _advise_on_joining(failure: ParseFailure) -> str | None:
    """After a condition."""
    if "OR" not in failure.expected:
        return None
    if failure.kind == "LPAR" and failure.before() == "NAME" and failure.touches_the_last:
        return "there are no functions; join conditions with `and` or `or`"
    if failure.kind in VALUES and failure.before() in ("NAME", "RSQB"):
        return f"compare them: `{_comparison_with(failure)}`"
    if failure.kind == "COMMA" and failure.before() in VALUES:
        return "several values go in a list: `name in [1, 2]`"
    return "join conditions with `and` or `or`" if failure.kind in _BEGINS_A_CONDITION | {"COMMA"} else None


def _advise_on_quotes(failure: ParseFailure) -> str | None:
    """A string right after another: in SQL, one string with a quote in it."""
    if failure.kind != "STRING" or not failure.touches_the_last:
        return None
    quote, last = failure.word[0], failure.context.text(failure.token - 1)
    return f"a quote within a string is written `\\{quote}`" if last[0] == quote else None


def _quote_it(word: str) -> str:
    return f'if `{shortened(word)}` is text, write `"{shortened(word)}"`'


_ADVICE: list[Callable[[ParseFailure], str | None]] = [
    _advise_on_quotes,
    _advise_on_value,
    _advise_on_list,
    _advise_on_range,
    _advise_on_scope,
    _advise_on_repetition,
    _advise_on_joining,
]

_EXPLANATIONS: list[Callable[[ParseFailure], Finding | None]] = [
    explain_malformed,
    _empty,
    _negated_operator,
    _misplaced_sign,
    _foreign_word,
    _word_as_name,
    _unopened,
    _two_of_a_kind,
    _literal_alone,
    _comparison_of_comparison,
    _only_one_kind_of_literal,
    _cut_literal,
    _unclosed,
    _unexpected,
]
