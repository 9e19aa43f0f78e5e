"""Operators of other languages written with signs: `===`, `= =`, `-eq`, `plan:pro`, `~`, `!`."""

import re

from segdsl.catalogue import SIGNS as SIGNS_OF_TREE
from segdsl.source import Span
from segdsl.syntax.errors.connectives import may_be_value
from segdsl.syntax.errors.expected import VALUES
from segdsl.syntax.errors.failure import Failure, Repair, TokenEdit, shown
from segdsl.syntax.errors.foreign import SAFE_SIGNS, SIGNED_WORDS, SIGNS
from segdsl.syntax.errors.operators import (
    ANYWHERE,
    BEGINNINGS,
    CONTAINS,
    NO_PATTERNS,
    between_wildcards,
    not_contains,
    string_at,
)
from segdsl.syntax.errors.ranges import ABOUT, as_text, range_of
from segdsl.syntax.errors.tokens import NUMBER, SIGN, STRING
from segdsl.syntax.literals import quote

_SIGN_WORD = re.compile(r"-(not)?([a-z]+)|=([a-z]+)=")
_STUCK_WORD = re.compile(r"(.+)-(eq|ne|gt|ge|lt|le|in|notin|contains|notcontains)")
_TERMINALS = {"and": "AND", "or": "OR", "not": "NOT", "in": "IN", "contains": "CONTAINS"}


# ── one sign too many ──────────────────────────────────────────────────────────────────────────────────────────────


_SPLIT = {("=", "="): "==", ("==", "="): "==", ("<", "="): "<=", (">", "="): ">="}


def split_sign(failure: Failure) -> Repair | None:
    """`= =`, `! =`: one sign written as two."""
    first = failure.at - 1
    sign = _SPLIT.get((failure.word(first), failure.word(first + 1)))
    if sign is None and failure.kind == "BANG" and failure.is_after_name:
        first = failure.at
        sign = "!=" if failure.word(first + 1) in ("=", "==") else None
    if sign is None:
        return None
    message = f"`{failure.written(first, first + 1)}` is not an operator here"
    edits, span = [TokenEdit(first, first + 2, sign)], failure.between(first, first + 1)
    return failure.repair("foreign-operator", message, edits, f"use `{sign}`", span=span, safe=True)


def two_operators(failure: Failure) -> Repair | None:
    """`!= in [..]`, `== not "free"`."""
    at = failure.at
    if failure.before() != "COMPARE" or not failure.wants_value:
        return None
    sign, following = SIGNS_OF_TREE.get(failure.word(at - 1), ""), failure.kind_of(at + 1)
    if failure.kind == "IN" and following in ("LSQB", "LPAR") and sign in ("==", "!="):
        meant = "in" if sign == "==" else "not in"
        edits = [TokenEdit(at - 1, at + 1, meant)]
    elif failure.kind in ("NOT", "BANG") and following in VALUES | {"NAME"} and sign == "==":
        meant, edits = "!=", [TokenEdit(at - 1, at + 1, "!=")]
    elif failure.kind == "NOT" and following == "IN" and sign == "==":
        meant, edits = "not in", [TokenEdit(at - 1, at, "")]
    else:
        return None
    message = f"`{failure.written(at - 1, at)}` is two operators"
    return failure.repair("foreign-operator", message, edits, f"use `{meant}`", span=failure.between(at - 1, at))


def misplaced(failure: Failure) -> Repair | None:
    """`not within`, `!` after a name."""
    word, at = failure.word(failure.at), failure.at
    if failure.before() == "NOT" and failure.kind in ("WITHIN", "BEFORE"):
        opposite, span = "before" if word == "within" else "within", failure.between(at - 1, at)
        edits = failure.rewriting(at - 1, at + 1, opposite)
        return failure.repair("foreign-operator", f"there is no `not {word}`", edits, f"use `{opposite}`", span=span)
    if failure.kind != "BANG":
        return None
    if failure.is_after_name and failure.kind_of(at + 1) in ("IN", "CONTAINS"):
        span = failure.between(at, at + 1)
        if failure.kind_of(at + 1) == "CONTAINS" and (refused := not_contains(failure, span)):
            return refused
        return failure.repair(
            "foreign-operator", "`!` has no place here", [failure.edit("not")], "use `not`", safe=True
        )
    help_ = "`!` stands before a condition; write `not in`, or `not (…)`"
    return failure.repair("foreign-operator", "`!` has no place here", (), None, help_)


# ── words with signs ───────────────────────────────────────────────────────────────────────────────────────────────


def signed_word(failure: Failure) -> Repair | None:
    """`-eq` and `=in=`."""
    found = _SIGN_WORD.fullmatch(failure.word(failure.at)) if failure.kind == SIGN else None
    operator = SIGNED_WORDS.get((found[1] or "") + (found[2] or found[3])) if found else None
    if operator is None or ((operator in ("and", "or")) != failure.is_complete and not failure.is_after_name):
        return None
    if operator == "not contains" and (refused := not_contains(failure, failure.span)):
        return refused
    message, edits = f"there is no `{failure.token.text}`", [failure.edit(operator)]
    return failure.repair("foreign-operator", message, edits, f"use `{operator}`", safe=True)


def stuck_word(failure: Failure) -> Repair | None:
    """`plan-eq "pro"`."""
    at, stuck = failure.at, _STUCK_WORD.fullmatch(failure.word(failure.at - 1))
    if stuck is None or failure.before() != "NAME" or failure.kind not in VALUES | {"LPAR", "LSQB", STRING}:
        return None
    token, operator = failure.tokens[at - 1], SIGNED_WORDS[stuck[2]]
    span = Span(token.span.start + len(stuck[1]), token.span.end)
    if operator == "not contains" and (refused := not_contains(failure, span)):
        return refused
    edits, message = [TokenEdit(at - 1, at, f"{token.text[: len(stuck[1])]} {operator}")], f"there is no `-{stuck[2]}`"
    return failure.repair("foreign-operator", message, edits, f"use `{operator}`", span=token.span, safe=True)


# ── colons ─────────────────────────────────────────────────────────────────────────────────────────────────────────


_COLON = "`:` is not an operator here"


def colon(failure: Failure) -> Repair | None:
    """`plan:pro`, `plan:(a OR b)`, `seats:[1 TO 5]`, `is:open`."""
    is_colon = failure.kind == SIGN and failure.token.text in (":", "::") and failure.is_after_name
    return failure.first_of(_COLONS) if is_colon else None


def _qualifier(failure: Failure) -> Repair | None:
    """`is:open`."""
    at = failure.at
    if failure.word(at - 1) not in ("is", "has", "no"):
        return None
    end = failure.end_of_phrase(at)
    message = f"`{shown(failure.written(at - 1, min(at + 1, end)))}` is a search filter of another program"
    help_ = 'name the property and its value, such as `plan == "pro"` or `isAdmin`'
    span = failure.between(at - 1, min(at + 1, max(end - 1, at)))
    return failure.repair("foreign-operator", message, (), None, help_, span=span)


def _colon_before_sign(failure: Failure) -> Repair | None:
    """`seats: > 5`."""
    following = failure.kind_of(failure.at + 1)
    if following != "COMPARE" and not (following == SIGN and failure.word(failure.at + 1) in SIGNS):
        return None
    return failure.repair("foreign-operator", _COLON, [failure.edit("")], "leave out `:`")


def _colon_list(failure: Failure) -> Repair | None:
    """`:(a OR b)` and `:[a,b]` as a list."""
    at = failure.at
    end = failure.partner(at + 1) if failure.kind_of(at + 1) in ("LPAR", "LSQB") else None
    if end is None or end == at + 2:
        return None
    inside = range(at + 2, end)
    separators = {number for number in inside if failure.kind_of(number) in ("OR", "BARS", "COMMA")}
    others = {failure.kind_of(number) for number in inside if number not in separators}
    if others & {"AND", "AMPERSANDS", "LPAR", "LSQB", "COMPARE", "NOT", "TO"}:
        return None
    edits = [failure.edit("in")]
    if failure.kind_of(at + 1) == "LPAR":
        edits += [TokenEdit(at + 1, at + 2, "["), TokenEdit(end, end + 1, "]")]
    edits += [TokenEdit(number, number + 1, ",") for number in separators if failure.kind_of(number) != "COMMA"]
    return failure.repair("foreign-operator", _COLON, edits, "use a list with `in`")


def _colon_range(failure: Failure) -> Repair | None:
    """`:[1 TO 5]`, `:5..20`."""
    at = failure.at
    if failure.kind_of(at + 1) == NUMBER and (ends := range_of(failure.word(at + 1))):
        edits = [TokenEdit(at, at + 2, f"between {ends[0]} and {ends[1]}")]
        if text := as_text(failure, failure.tokens[at + 1].text):
            return failure.repair("foreign-operator", _COLON, edits, None, "if it is a range, use `between`", text)
        return failure.repair("foreign-operator", _COLON, edits, "use `between`")
    if [failure.kind_of(number) for number in (at + 1, at + 3, at + 5)] != ["LSQB", "TO", "RSQB"]:
        return None
    low, high = failure.tokens[at + 2].text, failure.tokens[at + 4].text
    if "*" in (low, high) and low != high:
        edits = [TokenEdit(at, at + 6, f">= {low}" if high == "*" else f"<= {high}")]
    elif {failure.kind_of(at + 2), failure.kind_of(at + 4)} <= VALUES:
        edits = [TokenEdit(at, at + 2, "between"), TokenEdit(at + 3, at + 4, "and"), TokenEdit(at + 5, at + 6, "")]
    else:
        return None
    return failure.repair("foreign-operator", _COLON, edits, "use `between`")


def _colon_bracket(failure: Failure) -> Repair | None:
    if failure.kind_of(failure.at + 1) not in ("LPAR", "LSQB"):
        return None
    return failure.repair("foreign-operator", _COLON, (), None, 'use a list with `in`: `plan in ["a", "b"]`')


def _colon_value(failure: Failure) -> Repair:
    """`plan:pro`."""
    help_ = "use `contains` for text inside a value"
    return failure.repair("foreign-operator", _COLON, [failure.edit("==")], "use `==`", help_)


_COLONS = (_qualifier, _colon_before_sign, _colon_list, _colon_range, _colon_bracket, _colon_value)


# ── signs with one meaning ─────────────────────────────────────────────────────────────────────────────────────────


def foreign_sign(failure: Failure) -> Repair | None:
    """A sign with one meaning."""
    if failure.kind != SIGN:
        return None
    sign = failure.token.text
    known = next((sign[:end] for end in range(len(sign), 0, -1) if sign[:end] in SIGNS), None)
    if known is None:
        return None
    message, meant = f"`{known}` is not an operator here", SIGNS[known]
    if known == sign and known in ("~", "~=", "=~", ":~"):
        return _about(failure, message) or _tilde(failure, known, message)
    if known != sign or _TERMINALS.get(meant, "COMPARE") not in failure.expected:
        span = Span(failure.span.start, failure.span.start + len(known))
        return failure.repair("foreign-operator", message, (), None, f"use `{meant}`", span=span)
    edits, title = [failure.edit(meant)], f"use `{meant}`"
    if meant in ("and", "or") and may_be_value(failure, failure.at + 1):  # `plan = free & trial`
        return failure.repair("foreign-operator", message, edits, None, title)
    return failure.repair("foreign-operator", message, edits, title, safe=known in SAFE_SIGNS)


def _about(failure: Failure, message: str) -> Repair | None:
    """`seats ~ 10`."""
    if not failure.is_after_name or failure.kind_of(failure.at + 1) != "NUMBER":
        return None
    return failure.repair("foreign-operator", message, [failure.edit("==")], None, ABOUT)


def _tilde(failure: Failure, sign: str, message: str) -> Repair:
    """`~` before a condition is `not`; before a text `contains`, unless it is a pattern."""
    at, text = failure.at, string_at(failure, failure.at + 1)
    if not failure.is_after_name:
        if sign == "~" and "NOT" in failure.expected:
            return failure.repair("foreign-operator", message, [failure.edit("not")], "use `not`")
        return failure.repair("foreign-operator", message, (), None, "use `contains`, or `not`")
    if failure.kind_of(at + 1) == SIGN or (sign == "=~" and text is None):
        return failure.repair("foreign-operator", f"{message}: {NO_PATTERNS}", (), None, CONTAINS)
    if text is None or not re.search(r"[%*^$]|\.\*|\\", text):
        return failure.repair("foreign-operator", message, [failure.edit("contains")], "use `contains`")
    if (inner := between_wildcards(text, r"[%*^$\\]")) is not None:
        edits, title = [TokenEdit(at, at + 2, f"contains {quote(inner)}")], f"use `contains {shown(quote(inner))}`"
        return failure.repair("foreign-operator", message, edits, title)
    return failure.repair("foreign-operator", f"{message}; {BEGINNINGS}, and {NO_PATTERNS}", (), None, ANYWHERE)


def excluded(failure: Failure) -> Repair | None:
    """`-plan:free` at the beginning of a condition."""
    at = failure.at
    if failure.kind != SIGN or not failure.stack.begins_condition or failure.word(at + 1) != ":":
        return None
    found = re.fullmatch(r"-([A-Za-z_][A-Za-z0-9_]*)", failure.token.text)
    if found is None or found[1].lower() in ("is", "has", "no"):
        return None
    edits, span = [TokenEdit(at, at + 2, f"{found[1]} !=")], failure.between(at, at + 1)
    message = f"`{failure.written(at, at + 1)}` is not an operator here"
    return failure.repair("foreign-operator", message, edits, "use `!=`", span=span)
