"""Operators of other languages: words, signs, ranges, text and patterns."""

import re

from segdsl.catalogue import SIGNS as SIGNS_OF_TREE
from segdsl.source import Span
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
    RANKS,
    SAFE_SIGNS,
    SIGNED_WORDS,
    SIGNS,
    STARTS,
)
from segdsl.syntax.errors.tokens import NAME, NUMBER, SIGN, STRING, content
from segdsl.syntax.literals import LiteralError, quote, unquote

BEGINNINGS = "the API cannot ask how a text begins or ends"
ANYWHERE = "`contains` finds a text anywhere in a value, not only at its beginning or end"
NO_PATTERNS = "there are no patterns or regular expressions"
NOT_CONTAINS = "the API cannot say that a text does not contain another"
RANGE_HELP = "a range is written `between 2 and 4`"
NO_ARITHMETIC = "there is no arithmetic: a name is compared with a fixed value"
NO_HISTORY = "conditions look at a user as it is now; there is no history of earlier values"
NO_RANKS = "users cannot be ranked: say a threshold, such as `mrr > 500`"

_NUMBER = r"[+-]?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?"
_SIGN_WORD = re.compile(r"-(not)?([a-z]+)|=([a-z]+)=")


# ── words ──────────────────────────────────────────────────────────────────────────────────────────────────────────


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
        if words[:length] == ["not"] and failure.kind_of(end) not in VALUES | {"NAME", STRING}:
            continue
        phrase = failure.written(start, end - 1)
        edits = failure.rewriting(start, end, operator)
        if not edits:
            continue
        span = failure.between(start, end - 1)
        message = f"there is no `{shown(phrase)}`"
        if operator == "not contains":
            message = f"there is no `{shown(phrase)}`, and {NOT_CONTAINS}"
        safe = operator != "not contains" and len(words[:length]) == 1 and words[0] in SIGNED_WORDS
        return failure.repair("foreign-operator", message, edits, f"use `{operator}`", span=span, safe=safe)
    return None


def _has_value(failure: Failure, number: int) -> bool:
    """Whether something that can be a value begins at a token."""
    kind = failure.kind_of(number)
    return (
        kind in VALUES | {"NAME", "LPAR", "LSQB", NUMBER, STRING, NAME}
        or failure.is_word(number)
        or (kind[:1] == "?" and failure.word(number)[:1] in "{“‘[$€£`@")
    )


def unsayable_word(failure: Failure) -> Repair | None:
    """An operator that asks what cannot be asked: patterns, beginnings, history, ranks, presence."""
    start = failure.name_end
    if start == failure.begin or not start <= failure.at <= start + 3:
        return None
    first = start
    while failure.word(first) in ("is", "not", "does", "doesn't", "has", "been", "-") and first < failure.at + 1:
        first += 1
    word = failure.word(first).strip("-=")
    negated = word.startswith("not") or any(failure.word(number) == "not" for number in range(start, first))
    word = word.removeprefix("not")
    span = failure.between(start, max(first, failure.at if failure.at <= first + 1 else first))
    written = shown(failure.written(start, first))
    if word in LIKE:
        return _like(failure, first, negated, span)
    if word in STARTS and not failure.touches(first + 1):
        help_ = () if negated else (ANYWHERE,)
        message = f"there is no `{written}`: {BEGINNINGS}, only what it contains"
        return failure.repair("foreign-operator", message, (), None, *help_, span=span)
    if word in ENDS:
        help_ = () if negated else (ANYWHERE,)
        message = f"there is no `{written}`: {BEGINNINGS}, only what the text contains"
        return failure.repair("foreign-operator", message, (), None, *help_, span=span)
    if word in PATTERNS:
        return _pattern(failure, written, span, negated)
    if word in HISTORY:
        return failure.repair("foreign-operator", f"there is no `{written}`: {NO_HISTORY}", span=span)
    if word in ARITHMETIC:
        return failure.repair("foreign-operator", f"there is no `{written}`: {NO_ARITHMETIC}", span=span)
    if word in PRESENCE and word not in ("has", "exists", "present"):
        return failure.repair(
            "foreign-operator", f"there is no `{written}`", (), None, *presence(failure.name), span=span
        )
    return None


def presence(name: str) -> tuple[str, str]:
    """What can be asked about a field being there or not."""
    name = name or "plan"
    return (
        f'everyone who has a `{shown(name)}`, but for the empty text, is `{shown(name)} != ""`',
        "users who lack a field cannot be asked for: no condition on it holds for them",
    )


def _pattern(failure: Failure, written: str, span: Span, negated: bool) -> Repair:
    help_ = (NOT_CONTAINS,) if negated else ("use `contains`, for a text anywhere in a value",)
    return failure.repair(
        "foreign-operator",
        f"there is no `{written}`: {NO_PATTERNS}",
        (),
        None,
        *help_,
        span=span,
    )


def _like(failure: Failure, at: int, negated: bool, span: Span) -> Repair:
    """`like`, whose wildcards say which part of a text is meant."""
    written = failure.tokens[at].text
    text = _string_at(failure, at + 1)
    if text is None:
        message = f"there is no `{written}`"
        return failure.repair("foreign-operator", message, (), None, "use `contains`, for text anywhere in a value",
                              span=span)  # fmt: skip
    if negated:
        message = f"there is no `not {written}`: {NOT_CONTAINS}, nor how it begins or ends"
        return failure.repair("foreign-operator", message, span=span)
    inner = text.strip("%*")
    wild_start, wild_end = text[:1] in "%*" and bool(text), text[-1:] in "%*" and bool(text)
    if wild_start and wild_end and inner and not re.search(r"[%*_?]", inner):
        edits = [TokenEdit(at, at + 2, f"contains {quote(inner)}")]
        title = f"use `contains {shown(quote(inner))}`"
        return failure.repair("foreign-operator", f"there is no `{written}`", edits, title, span=span)
    if not re.search(r"[%*_?]", text):
        return failure.repair(
            "foreign-operator", f"there is no `{written}`", (), None,
            f"use `== {shown(quote(text))}` for exactly this text, or `contains` for text anywhere in a value",
            span=span,
        )  # fmt: skip
    return failure.repair(
        "foreign-operator",
        f"there is no `{written}`: {BEGINNINGS}, only what it contains",
        (),
        None,
        ANYWHERE,
        span=span,
    )


def _string_at(failure: Failure, number: int) -> str | None:
    kind = failure.kind_of(number)
    if kind == STRING:
        return content(failure.tokens[number].text)
    if kind != "STRING":
        return None
    try:
        return unquote(failure.tokens[number].text)
    except LiteralError:
        return None


# ── signs ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def split_sign(failure: Failure) -> Repair | None:
    """`= =`, `! =`: one sign written as two."""
    at = failure.at
    pair = (failure.word(at - 1), failure.word(at))
    if pair in (("=", "="), ("==", "=")) or pair in (("<", "="), (">", "=")):
        first, last = at - 1, at
    elif failure.kind == "BANG" and failure.word(at + 1) in ("=", "==") and failure.is_after_name:
        first, last, pair = at, at + 1, ("!", "=")
    else:
        return None
    sign = {"=": "==", "==": "==", "!": "!=", "<": "<=", ">": ">="}[pair[0]]
    edits = [TokenEdit(first, last + 1, sign)]
    message = f"`{failure.written(first, last)}` is not an operator here"
    return failure.repair(
        "foreign-operator", message, edits, f"use `{sign}`", span=failure.between(first, last), safe=True
    )


def two_operators(failure: Failure) -> Repair | None:
    """`!= in [..]`, `== not "free"`."""
    at = failure.at
    if (
        failure.before() != "COMPARE"
        or failure.kind not in ("IN", "NOT", "CONTAINS", "BANG")
        or not failure.wants_value
    ):
        return None
    sign = SIGNS_OF_TREE.get(failure.word(at - 1), "")
    span, written = failure.between(at - 1, at), failure.written(at - 1, at)
    message = f"`{written}` is two operators"
    if failure.kind == "IN" and failure.kind_of(at + 1) in ("LSQB", "LPAR") and sign in ("==", "!="):
        meant = "in" if sign == "==" else "not in"
    elif failure.kind in ("NOT", "BANG") and failure.kind_of(at + 1) in VALUES and sign == "==":
        meant = "!="
    elif failure.kind == "NOT" and failure.kind_of(at + 1) == "IN" and sign == "==":
        meant = ""
    else:
        return None
    edits = [TokenEdit(at - 1, at + 1, meant)] if meant else [TokenEdit(at - 1, at, "")]
    return failure.repair("foreign-operator", message, edits, f"use `{meant or 'not in'}`", span=span)


def signed_word(failure: Failure) -> Repair | None:
    """`-eq` and `=in=`, also stuck to a name."""
    at = failure.at
    if failure.kind == SIGN and (found := _SIGN_WORD.fullmatch(failure.word(at))):
        word = (found[1] or "") + (found[2] or found[3])
        operator = SIGNED_WORDS.get(word)
        if operator is None or ((operator in ("and", "or")) != failure.is_complete and not failure.is_after_name):
            return None
        edits = [TokenEdit(at, at + 1, operator)]
        message = f"there is no `{failure.token.text}`"
        return failure.repair("foreign-operator", message, edits, f"use `{operator}`", safe=True)
    stuck = re.fullmatch(r"(.+)-(eq|ne|gt|ge|lt|le|in|notin|contains|notcontains)", failure.word(at - 1))
    if stuck and failure.before() == "NAME" and failure.kind in VALUES | {"LPAR", "LSQB", STRING}:
        name = failure.tokens[at - 1].text[: len(stuck[1])]
        operator = SIGNED_WORDS[stuck[2]]
        edits = [TokenEdit(at - 1, at, f"{name} {operator}")]
        message = f"there is no `-{stuck[2]}`"
        return failure.repair(
            "foreign-operator", message, edits, f"use `{operator}`", span=failure.tokens[at - 1].span, safe=True
        )
    return None


def colon(failure: Failure) -> Repair | None:
    """`plan:pro`, `plan:(a OR b)`, `seats:[1 TO 5]`, `is:open`."""
    at = failure.at
    if failure.kind != SIGN or failure.token.text not in (":", "::") or not failure.is_after_name:
        return None
    word, message = failure.word(at - 1), "`:` is not an operator here"
    if word in ("is", "has", "no"):
        end = failure.end_of_phrase(at)
        what = shown(failure.written(at - 1, min(at + 1, end)))
        help_ = ('name the property and its value, such as `plan == "pro"` or `isAdmin`',)
        return failure.repair(
            "foreign-operator", f"`{what}` is a search filter of another program", (), None, *help_,
            span=failure.between(at - 1, min(at + 1, max(end - 1, at))),
        )  # fmt: skip
    following = failure.kind_of(at + 1)
    if following == "COMPARE" or (following == SIGN and failure.word(at + 1) in SIGNS):
        return failure.repair("foreign-operator", message, [TokenEdit(at, at + 1, "")], "leave out `:`")
    if following in ("LPAR", "LSQB") and (edits := _colon_list(failure)):
        return failure.repair("foreign-operator", message, edits, "use a list with `in`")
    if following == "LSQB" and (edits := _colon_range(failure)):
        return failure.repair("foreign-operator", message, edits, "use `between`")
    if following == NUMBER and (ends := range_of(failure.word(at + 1))):
        edits = [TokenEdit(at, at + 2, f"between {ends[0]} and {ends[1]}")]
        return failure.repair("foreign-operator", message, edits, "use `between`")
    if following in ("LPAR", "LSQB"):
        return failure.repair("foreign-operator", message, (), None, 'use a list with `in`: `plan in ["a", "b"]`')
    edits = [TokenEdit(at, at + 1, "==")]
    return failure.repair("foreign-operator", message, edits, "use `==`", "use `contains` for text inside a value")


def _colon_list(failure: Failure) -> list[TokenEdit] | None:
    """`:(a OR b)` and `:[a,b]` as a list."""
    at = failure.at
    end = failure.partner(at + 1)
    if end is None or end == at + 2:
        return None
    inside = range(at + 2, end)
    separators = {number for number in inside if failure.kind_of(number) in ("OR", "BARS", "COMMA")}
    others = [failure.kind_of(number) for number in inside if number not in separators]
    if any(kind in ("AND", "AMPERSANDS", "LPAR", "LSQB", "COMPARE", "NOT", "TO") for kind in others):
        return None
    edits = [TokenEdit(at, at + 1, "in")]
    if failure.kind_of(at + 1) == "LPAR":
        edits += [TokenEdit(at + 1, at + 2, "["), TokenEdit(end, end + 1, "]")]
    edits += [TokenEdit(number, number + 1, ",") for number in separators if failure.kind_of(number) != "COMMA"]
    return edits


def _colon_range(failure: Failure) -> list[TokenEdit] | None:
    """`:[1 TO 5]`."""
    at = failure.at
    if [failure.kind_of(number) for number in (at + 3, at + 5)] != ["TO", "RSQB"]:
        return None
    low, high = failure.tokens[at + 2].text, failure.tokens[at + 4].text
    if "*" in (low, high) and low != high:
        return [TokenEdit(at, at + 6, f">= {low}" if high == "*" else f"<= {high}")]
    if not {failure.kind_of(at + 2), failure.kind_of(at + 4)} <= VALUES:
        return None
    return [TokenEdit(at, at + 2, "between"), TokenEdit(at + 3, at + 4, "and"), TokenEdit(at + 5, at + 6, "")]


def range_of(text: str) -> tuple[str, str] | None:
    """The ends of a range in one word: `5..20`, `10-50`."""
    found = re.fullmatch(rf"({_NUMBER})(?:\.\.\.?|-|–|:)({_NUMBER})", text)
    return (found[1], found[2]) if found else None


def foreign_sign(failure: Failure) -> Repair | None:
    """A sign with one meaning."""
    if failure.kind != SIGN:
        return None
    sign = failure.token.text
    known = next((sign[:end] for end in range(len(sign), 0, -1) if sign[:end] in SIGNS), None)
    if known is None:
        return None
    span = failure.span if known == sign else Span(failure.span.start, failure.span.start + len(known))
    meant = SIGNS[known]
    message = f"`{known}` is not an operator here"
    if known == sign and known in ("~", "~=", "=~", ":~"):
        return _tilde(failure, known, message)
    if not _fits(failure, meant):
        return failure.repair("foreign-operator", message, (), None, f"use `{meant}`", span=span)
    edits = [TokenEdit(failure.at, failure.at + 1, meant)]
    return failure.repair(
        "foreign-operator", message, edits if known == sign else (), f"use `{meant}`" if known == sign else None,
        *(() if known == sign else (f"use `{meant}`",)), span=span, safe=known in SAFE_SIGNS,
    )  # fmt: skip


def _fits(failure: Failure, operator: str) -> bool:
    kind = {"and": "AND", "or": "OR", "not": "NOT", "in": "IN", "contains": "CONTAINS"}.get(operator, "COMPARE")
    return kind in failure.expected


def _tilde(failure: Failure, sign: str, message: str) -> Repair:
    """`~` before a condition is `not`; before a text `contains`, unless it is a pattern."""
    at = failure.at
    if not failure.is_after_name:
        edits = [TokenEdit(at, at + 1, "not")] if "NOT" in failure.expected and sign == "~" else []
        return failure.repair("foreign-operator", message, edits, "use `not`" if edits else None,
                              *(() if edits else ("use `contains`, or `not`",)))  # fmt: skip
    text = _string_at(failure, at + 1)
    if failure.kind_of(at + 1) == SIGN or (sign == "=~" and text is None):
        return failure.repair("foreign-operator", f"{message}: {NO_PATTERNS}", (), None,
                              "use `contains`, for a text anywhere in a value")  # fmt: skip
    if text is not None and re.search(r"[%*^$]|\.\*|\\", text):
        inner = text.strip("%*")
        if text[:1] in "%*" and text[-1:] in "%*" and not re.search(r"[%*^$\\]", inner) and inner:
            edits = [TokenEdit(at, at + 2, f"contains {quote(inner)}")]
            return failure.repair("foreign-operator", message, edits, f"use `contains {shown(quote(inner))}`")
        return failure.repair("foreign-operator", f"{message}; {BEGINNINGS}, and {NO_PATTERNS}", (), None, ANYWHERE)
    return failure.repair("foreign-operator", message, [TokenEdit(at, at + 1, "contains")], "use `contains`")


# ── ranges and chains ──────────────────────────────────────────────────────────────────────────────────────────────


def between_and(failure: Failure) -> Repair | None:
    """What stands between the ends of a range, where `and` should."""
    if failure.expected != {"AND"}:
        return None
    at = failure.at
    if failure.kind == "COMMA" and failure.touches(at) and failure.touches(at + 1):
        return None  # digits in groups
    words = {"to", "-", "..", "&", "&&", ",", "–", "—", "until", "through", "or"}
    if failure.word(at) in words and failure.kind_of(at + 1) in VALUES | {NUMBER, STRING, "NAME"}:
        edits = [TokenEdit(at, at + 1, "and")]
        message = f"`between` takes the word `and`, not `{failure.token.text}`"
        code = "unexpected-token" if failure.kind in ("OR", "TO", "COMMA") else "foreign-operator"
        return failure.repair(code, message, edits, "use `and`", safe=failure.word(at) != "or")
    return None


def and_of_range(failure: Failure) -> Repair | None:
    """Anything else between the ends of a range."""
    negative = failure.kind in VALUES and failure.token.text[:1] == "-" and failure.touches(failure.at)
    if failure.expected != {"AND"} or failure.kind == "$END" or negative:
        return None
    message = f"expected `and`, found `{shown(failure.token.text)}`"
    return failure.repair("unexpected-token", message, (), None, RANGE_HELP)


def one_word_range(failure: Failure) -> Repair | None:
    """`in 5..20`, `= 10-50`, `between 5-20`, `seats 5-20`."""
    ends = range_of(failure.word(failure.at)) if failure.kind == NUMBER else None
    at, start = failure.at, failure.name_end
    if ends is not None and start == at and start > failure.begin:
        message, title = f"`{shown(failure.token.text)}` is not a number", f"write `between {ends[0]} and {ends[1]}`"
        return failure.repair("bad-number", message, [TokenEdit(at, at + 1, title[len("write `") : -1])], title)
    if ends is None or not (failure.wants_value or failure.wants_list):
        return None
    if failure.before() == "BETWEEN":
        edits = [TokenEdit(at, at + 1, f"{ends[0]} and {ends[1]}")]
    elif start > failure.begin and start == at - 1 and failure.word(start) in ("in", "=", "==", "is"):
        edits = [TokenEdit(start, at + 1, f"between {ends[0]} and {ends[1]}")]
    else:
        return None
    message = f"`{shown(failure.token.text)}` is not a number"
    return failure.repair("bad-number", message, edits, f"write `between {ends[0]} and {ends[1]}`")


_FACING = {">": "<", ">=": "<=", "<": "<", "<=": "<="}


def chain(failure: Failure) -> Repair | None:
    """`seats > 5 < 20`: a comparison that is compared again."""
    if failure.kind != "COMPARE" or not failure.is_complete:
        return None
    at, start = failure.at, failure.name_end
    span, message = failure.span, "a comparison cannot be compared again"
    help_ = "a chain has its name in the middle: `0.3 <= sentiment < 0.7`; join other comparisons with `and`"
    if start > failure.begin and start == at - 2 and failure.kind_of(at + 1) in VALUES:
        one, two = failure.word(start), failure.word(at)
        name, first, second = failure.name, failure.tokens[at - 1].text, failure.tokens[at + 1].text
        if one in (">", ">=") and two in ("<", "<="):
            text = f"{first} {_FACING[one]} {name} {two} {second}"
        elif one in ("<", "<=") and two in (">", ">="):
            text = f"{second} {_FACING[two]} {name} {one} {first}"
        else:
            return failure.repair("bad-chain", message, (), None, help_)
        edits = failure.rewriting(failure.begin, at + 2, text)
        return failure.repair("bad-chain", message, edits, f"write `{shown(text)}`", span=span)
    return failure.repair("bad-chain", message, (), None, help_)


def ranks(failure: Failure) -> Repair | None:
    """`in the top 20 percent`."""
    end = failure.end_of_phrase(failure.begin)
    if failure.word(failure.begin) in RANKS and failure.kind_of(failure.begin + 1) in ("NUMBER", NUMBER, "NAME"):
        return failure.repair(
            "foreign-operator", NO_RANKS, span=failure.between(failure.begin, max(end - 1, failure.begin))
        )
    for number in range(failure.name_end, min(end, failure.name_end + 6)):
        if failure.word(number) in RANKS and failure.at >= failure.name_end:
            span = failure.between(failure.name_end, max(end - 1, number))
            return failure.repair("foreign-operator", NO_RANKS, span=span)
    return None
