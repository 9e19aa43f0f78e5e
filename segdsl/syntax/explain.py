"""Why a text could not be read, in the words of a person who writes segments."""

import re
from collections.abc import Callable

from segdsl.diagnostics import Diagnostic, Note
from segdsl.source import Source, Span
from segdsl.syntax.actions import Reading
from segdsl.syntax.driver import Refusal
from segdsl.syntax.expected import expected_words
from segdsl.syntax.foreign import FOREIGN_WORDS, NUMBER_WORDS, SAME_WORDS
from segdsl.syntax.lexer import WORDS, TokenSpans, terminal
from segdsl.syntax.literals import shortened
from segdsl.syntax.refused import CONNECTIVES, VALUES, Finding, Refused
from segdsl.syntax.unreadable import DATE_HELP, DURATION_HELP, explain_unreadable, is_unit

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


def explain_refusal(refusal: Refusal, reading: Reading, spans: TokenSpans, source: Source) -> Diagnostic:
    """The diagnostic for the token that could not be taken, by the first explanation that knows better."""
    kinds = [terminal(row) for row in reading.rows]
    refused = Refused(source, reading, refusal.token, spans, kinds, refusal.states)
    finding = next(found for explain in _EXPLANATIONS if (found := explain(refused)) is not None)
    return Diagnostic(finding.code, finding.message, finding.span, source, finding.help, finding.notes)


def _empty(refused: Refused) -> Finding | None:
    if refused.kind != "$END" or refused.token > 0:
        return None
    return Finding(
        "empty-expression", "the expression is empty", refused.span, ("say who is in the segment: `rating > 3`",)
    )


# ── words and signs of other languages ─────────────────────────────────────────────────────────────────────────────


def _foreign_word(refused: Refused) -> Finding | None:
    """A word of another language: what could not be taken, or the name just before it."""
    if refused.kind == "NAME" and (found := _about_word(refused, refused.token)):
        return found
    if refused.before() == "NAME" and refused.kind in _BEGINS_A_CONDITION:
        return _about_word(refused, refused.token - 1)
    return None


def _about_word(refused: Refused, token: int) -> Finding | None:
    word = refused.reading.text(token)
    known = SAME_WORDS.get(word.lower(), word.lower())
    if known not in FOREIGN_WORDS:
        return None
    message, help_ = FOREIGN_WORDS[known]
    code = "bad-number" if word.lower() in NUMBER_WORDS else "foreign-operator"
    return Finding(code, message.replace(f"no `{known}`", f"no `{word}`"), refused.span_of(token), (help_,))


def _negated_operator(refused: Refused) -> Finding | None:
    """`not between`, `not within`, `is not in`: an operator that is not negated in this way."""
    word = refused.word.lower()
    if refused.kind in ("IN", "CONTAINS") and _wants_boolean(refused):
        first, operator = (2, f"not {word}") if refused.before() == "NOT" else (1, word)
        span = refused.span_of(refused.token - first, refused.token)
        help_ = f"leave out `is`: `name {operator} …`"
        return Finding("foreign-operator", f"there is no `is {operator}`", span, (help_,))
    if refused.before() != "NOT" or refused.kind not in ("BETWEEN", "WITHIN", "BEFORE"):
        return None
    help_ = "write `not (name between low and high)`" if word == "between" else f"write `not lastSeen {word} 7d`"
    return Finding(
        "foreign-operator", f"there is no `not {word}`", refused.span_of(refused.token - 1, refused.token), (help_,)
    )


def _misplaced_sign(refused: Refused) -> Finding | None:
    """`&&` in a range, and `!` anywhere but before a condition."""
    if refused.kind == "AMPERSANDS" and refused.expected == {"AND"}:
        return Finding("foreign-operator", "`between` takes the word `and`", refused.span, (_RANGE_HELP,))
    if refused.kind != "BANG":
        return None
    help_ = "`!` stands before a condition; write `not in`, or `not (…)`"
    return Finding("foreign-operator", "`!` has no place here", refused.span, (help_,))


# ── half a comparison, or one and a half ───────────────────────────────────────────────────────────────────────────


def _two_of_a_kind(refused: Refused) -> Finding | None:
    """Two names or two literals compared."""
    if refused.wants_value and refused.kind == "NAME":
        if refused.before() in ("WITHIN", "BEFORE"):
            message = f"`{shortened(refused.word)}` is not a duration"
            return Finding("bad-duration", message, refused.span, (DURATION_HELP,))
        message = "a name is compared with a literal, not with another name"
        return Finding("bad-comparison", message, refused.span, (_quote_it(refused.word),))
    if refused.expected == {"NAME"} and refused.kind in VALUES:
        message = "a literal is compared with a name, not with another literal"
        quoted = refused.before(2) == "STRING"
        help_ = ('a name is written without quotes, or as `user["…"]`',) if quoted else ()
        return Finding("bad-comparison", message, refused.span, help_)
    return None


def _literal_alone(refused: Refused) -> Finding | None:
    if refused.expected != {"COMPARE"}:
        return None
    literal, comparison = shortened(refused.reading.text(refused.token - 1)), _comparison_with(refused, -1)
    if refused.kind in ("IN", "CONTAINS") and refused.before() in ("STRING", "PARAMETER"):
        help_ = f"the name comes first: `name contains {literal}`, `name in [{literal}]`"
    elif refused.before() in _COMPARISONS:
        help_ = f"compare it with a name: `{comparison}`"
    elif refused.kind == "IN":
        help_ = f"the name comes first: `name in [{literal}]`"
    elif refused.before(2) in CONNECTIVES:
        help_ = f"say the name again, `{comparison}`; several values also go in a list, `name in [1, 2]`"
    else:
        help_ = f"compare it with a name: `{comparison}`"
    span = refused.span_of(refused.token - 1)
    return Finding("bad-comparison", "a literal alone is not a condition", span, (help_,))


def _comparison_with(refused: Refused, offset: int = 0) -> str:
    """A comparison that can hold the literal so far from the refused token, for the help to show."""
    literal = shortened(refused.reading.text(refused.token + offset))
    return _COMPARISONS.get(refused.kind_of(refused.token + offset), "name == {}").format(literal)


def _comparison_of_comparison(refused: Refused) -> Finding | None:
    if refused.kind != "COMPARE" or "OR" not in refused.expected:
        return None
    help_ = "a chain has its name in the middle: `0.3 <= sentiment < 0.7`; join other comparisons with `and`"
    return Finding("bad-chain", "a comparison cannot be compared again", refused.span, (help_,))


def _word_as_name(refused: Refused) -> Finding | None:
    """A word of the language that was tried as a name, because nothing else fits where it stands."""
    if "COMPARE" not in refused.expected or refused.before() not in _KEYWORDS or refused.before(2) in VALUES:
        return None
    wanted = "a name" if refused.before(2) == "COMPARE" else "a condition"
    word, span = refused.reading.text(refused.token - 1), refused.span_of(refused.token - 1)
    help_ = (_NAME_AGAIN,) if refused.before() in _OPERATORS and refused.before(2) in CONNECTIVES else ()
    return Finding("unexpected-token", f"expected {wanted}, found `{word}`", span, help_)


# ── literals that are nearly right ─────────────────────────────────────────────────────────────────────────────────


def _only_one_kind_of_literal(refused: Refused) -> Finding | None:
    """A literal where only dates, only products, or only the periods of `during` fit."""
    word = shortened(refused.word)
    if refused.expected == {"DATE", "PARAMETER"} and refused.kind in VALUES:
        if refused.kind == "STRING":
            return Finding("bad-date", "a date is written without quotes, as 2026-01-31", refused.span)
        return Finding("bad-date", f"`{word}` is not a date", refused.span, (DATE_HELP,))
    if refused.expected == {"DURATION", "ALL", "PARAMETER"} and refused.kind != "$END":
        message = f"`during` does not take `{word}`"
        return Finding("bad-duration", message, refused.span, ("it takes 7d, 30d, 90d or all",))
    if refused.expected & VALUES == {"STRING", "PARAMETER"} and refused.kind in ("NAME", "NUMBER", "DURATION"):
        return Finding("bad-product", "expected a product id in quotes", refused.span, (_PRODUCT_HELP,))
    return None


def _cut_literal(refused: Refused) -> Finding | None:
    """A literal with something in it that ends it: `7 days`, `1,000`."""
    if refused.before() != "NUMBER" or "OR" not in refused.expected:
        return None
    before = refused.span_of(refused.token - 1)
    if refused.kind == "NAME" and is_unit(refused.word):
        span = refused.span_of(refused.token - 1, refused.token)
        shown = refused.source.text[span.start : span.end]
        return Finding("bad-duration", f"`{shortened(shown)}` is not a duration", span, (DURATION_HELP,))
    if refused.kind == "COMMA" and refused.touches_the_last and (found := _THOUSANDS.match(refused.rest)):
        span = Span(before.start, before.end + found.end())
        shown = refused.source.text[span.start : span.end]
        return Finding("bad-number", f"`{shown}` is not a number", span, ("write it without `,`",))
    return None


# ── brackets ───────────────────────────────────────────────────────────────────────────────────────────────────────


def _unopened(refused: Refused) -> Finding | None:
    if refused.kind not in ("RPAR", "RSQB") or refused.open_bracket() is not None:
        return None
    opening = "(" if refused.kind == "RPAR" else "["
    return Finding("unexpected-token", f"`{refused.word}` has no `{opening}` before it", refused.span)


def _unclosed(refused: Refused) -> Finding | None:
    """The end, where a bracket is still open and could be closed: the note shows which."""
    opening = refused.open_bracket() if refused.kind == "$END" else None
    if opening is None or not refused.expected & {"RPAR", "RSQB"}:
        return None
    note = Note("it is opened here", refused.span_of(opening), refused.source)
    sign = ")" if refused.kind_of(opening) == "LPAR" else "]"
    return Finding("unexpected-end", f"`{sign}` is missing", refused.span, (), (note,))


# ── anything else ──────────────────────────────────────────────────────────────────────────────────────────────────


def _unexpected(refused: Refused) -> Finding:
    wanted = expected_words(refused.expected)
    if refused.wants_value and refused.before() in ("WITHIN", "BEFORE"):
        wanted = "a duration such as 7d"
    help_ = next((found for advise in _ADVICE if (found := advise(refused))), None)
    if refused.kind == "$END":
        message = f"expected {wanted}, but the expression ends here"
        return Finding("unexpected-end", message, refused.span)
    message = f"expected {wanted}, found `{shortened(refused.word)}`"
    return Finding("unexpected-token", message, refused.span, (help_,) if help_ else ())


def _advise_on_value(refused: Refused) -> str | None:
    """Where a literal should stand."""
    if not refused.wants_value:
        return None
    if refused.kind == "LSQB" and refused.before() == "CONTAINS":
        return 'ask for one text at a time: `name contains "a" or name contains "b"`'
    if refused.kind == "LSQB" and refused.before() == "COMPARE":
        return "a list goes with `in`: `name in [1, 2]`"
    is_word = refused.kind in _KEYWORDS - CONNECTIVES and refused.before() not in ("WITHIN", "BEFORE")
    return _quote_it(refused.word) if is_word else None


def _advise_on_list(refused: Refused) -> str | None:
    """Where a list or a boolean should stand."""
    word = shortened(refused.word)
    if refused.expected == {"LPAR", "LSQB", "PARAMETER"} and refused.kind in VALUES:
        return f"write `[{word}]`"
    if _wants_boolean(refused) and refused.kind in VALUES | {"NAME"}:
        return f"`is` goes with `true` and `false` only; use `{'!=' if refused.before() == 'NOT' else '=='}`"
    return None


def _wants_boolean(refused: Refused) -> bool:
    return "TRUE" in refused.expected and "NUMBER" not in refused.expected


def _advise_on_range(refused: Refused) -> str | None:
    """Where the `and` of a `between` should stand."""
    return _RANGE_HELP if refused.expected == {"AND"} else None


def _advise_on_scope(refused: Refused) -> str | None:
    """Where only scope clauses can follow, or none can."""
    if refused.kind in CONNECTIVES and "DURING" in refused.expected:
        return "scope clauses stand at the end, after all conditions"
    if refused.kind in _SCOPE_WORDS and "RPAR" in refused.expected and "OR" in refused.expected:
        return "scope clauses stand at the end, outside the parentheses"
    return None


def _advise_on_repetition(refused: Refused) -> str | None:
    """A comparison whose name was said before an `and` or `or`, and not again."""
    return _NAME_AGAIN if refused.kind == "COMPARE" and refused.before() in CONNECTIVES else None


def _advise_on_joining(refused: Refused) -> str | None:
    """After a condition."""
    if "OR" not in refused.expected:
        return None
    if refused.kind == "LPAR" and refused.before() == "NAME" and refused.touches_the_last:
        return "there are no functions; join conditions with `and` or `or`"
    if refused.kind in VALUES and refused.before() in ("NAME", "RSQB"):
        return f"compare them: `{_comparison_with(refused)}`"
    if refused.kind == "COMMA" and refused.before() in VALUES:
        return "several values go in a list: `name in [1, 2]`"
    return "join conditions with `and` or `or`" if refused.kind in _BEGINS_A_CONDITION | {"COMMA"} else None


def _advise_on_quotes(refused: Refused) -> str | None:
    """A string right after another: in SQL, one string with a quote in it."""
    if refused.kind != "STRING" or not refused.touches_the_last:
        return None
    quote, last = refused.word[0], refused.reading.text(refused.token - 1)
    return f"a quote within a string is written `\\{quote}`" if last[0] == quote else None


def _quote_it(word: str) -> str:
    return f'if `{shortened(word)}` is text, write `"{shortened(word)}"`'


_ADVICE: list[Callable[[Refused], str | None]] = [
    _advise_on_quotes,
    _advise_on_value,
    _advise_on_list,
    _advise_on_range,
    _advise_on_scope,
    _advise_on_repetition,
    _advise_on_joining,
]

_EXPLANATIONS: list[Callable[[Refused], Finding | None]] = [
    explain_unreadable,
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
