"""Why a text could not be read, in the words of a person who writes segments."""

import re
from collections.abc import Callable

from msgspec import Struct

from segdsl.diagnostics import Diagnostic, Note
from segdsl.source import Source, Span
from segdsl.syntax.actions import Reading
from segdsl.syntax.driver import Refusal, acceptable
from segdsl.syntax.lexer import WORDS, TokenSpans, terminal
from segdsl.syntax.literals import shortened

_KEYWORDS = frozenset(WORDS.values()) - {"NOT", "TRUE", "FALSE"}
VALUES = frozenset(["NUMBER", "STRING", "PARAMETER", "TRUE", "FALSE", "DURATION", "DATE"])
_WORDS_FOR = [
    (frozenset(["NAME", "NOT", "LPAR"]), "a condition"),
    (frozenset(["NUMBER", "STRING"]), "a value"),
    (frozenset(["NAME"]), "a name"),
    (frozenset(["LSQB", "LPAR"]), "a list such as `[1, 2]`"),
    (frozenset(["COMPARE", "IN"]), "a comparison such as `==`, `<` or `in`"),
    (frozenset(["IN", "CONTAINS"]), "`in` or `contains`"),
    (frozenset(["COMPARE"]), "a comparison such as `==` or `<`"),
    (frozenset(["TRUE", "FALSE"]), "`true` or `false`"),
    (frozenset(["DATE"]), "a date such as 2026-01-31"),
    (frozenset(["DURATION", "ALL"]), "7d, 30d, 90d or all"),
    (frozenset(["PRODUCT"]), "`product` or `products`"),
    (frozenset(["STRING", "PARAMETER"]), "a product id in quotes"),
    (frozenset(["STRING"]), "a key in quotes"),
    (frozenset(["RSQB", "STRING"]), "`]`"),
    (frozenset(["COMMA"]), "`,`"),
    (frozenset(["RSQB"]), "`]`"),
    (frozenset(["RPAR"]), "`)`"),
    (frozenset(["AND", "OR"]), "`and`, `or`"),
    (frozenset(["AND"]), "`and`"),
    (frozenset(["DURING", "FROM"]), "a scope clause"),
    (frozenset(["$END"]), "the end"),
]
"""For each set of terminals that can come next, the words for it; the first that fits is said, and its set used up."""

_ABSENCE = "to ask for users who have the field at all, use two conditions such as `seats < 1 or seats >= 1`"
_FOREIGN_WORDS: dict[str, tuple[str, str]] = {
    "null": ("there is no `null`", f"a condition on a field that a user lacks never holds; {_ABSENCE}"),
    "like": ("there is no `like`", "use `contains`, for text anywhere in a value"),
    "equals": ("there is no `equals`", "use `==`"),
    "is_null": ("there is no `is_null`", _ABSENCE),
    "exists": ("there is no `exists`", _ABSENCE),
    "nan": ("`NaN` is not a number", "use a finite number"),
    "infinity": ("infinity is not a number here", "leave the bound out"),
    "xor": ("there is no `xor`", "write `(a and not b) or (b and not a)`"),
    "where": ("an expression begins without `where`", "write the condition alone"),
    "having": ("there is no `having`", "write the condition alone"),
    "then": ("an expression has no `then`", "write the condition alone"),
    "has": ("there is no `has`", "use `contains`, or the name alone for a boolean"),
    "after": ("there is no `after`", "for when a user was last seen, use `lastSeen within 7d`"),
    **{word: (f"there is no `{word}`", f"use `{sign}`") for word, sign in (
        ("eq", "=="), ("ne", "!="), ("neq", "!="), ("gt", ">"), ("lt", "<"), ("ge", ">="), ("gte", ">="),
        ("le", "<="), ("lte", "<="), ("includes", "contains"), ("include", "contains"), ("nin", "not in"),
    )},
}  # fmt: skip
_SAME_WORD = {
    "none": "null", "nil": "null", "undefined": "null", "ilike": "like", "matches": "like", "startswith": "like",
    "starts_with": "like", "endswith": "like", "ends_with": "like", "regex": "like", "rlike": "like",
    "equal": "equals", "inf": "infinity", "since": "after",
}  # fmt: skip
_FOREIGN_SIGNS = {
    "=": "use `==`", "===": "use `==`", "!==": "use `!=`", "=<": "use `<=`", "=>": "use `>=`", "<>": "use `!=`",
    ":": "use `==`, or `contains` for text inside a value", "&": "use `and`", "|": "use `or`",
    "=~": "use `contains`", "~=": "use `contains`", "!~": "patterns cannot be said; `contains` can",
    "~": "use `not`, or `contains`", "<=>": "use `==`",
    "≥": "use `>=`", "≤": "use `<=`", "≠": "use `!=`", "∧": "use `and`", "∨": "use `or`", "¬": "use `not`",
    "∈": "use `in`",
    **dict.fromkeys("*/+-^%", "there is no arithmetic"),
    "?": "there is no `? :`; use `and`, `or` and `not`",
}  # fmt: skip
_FOREIGN_CHARACTERS = {
    **dict.fromkeys("“”„«»", 'write straight quotes: "…"'),
    **dict.fromkeys("‘’‚", "write straight quotes: '…'"),
    "`": 'a name is written without quotes, or as `user["…"]`',
    "{": "a list is written with `[ ]`",
    "}": "a list is written with `[ ]`",
    ";": "join conditions with `and` or `or`",
}
_SIGN_RUN = re.compile(r"[=!<>~&|]+|[:≥≤≠∧∨¬∈%*/+?^-]")
_NUMBER_RUN = re.compile(r"[+-]?[.]?[0-9][A-Za-z0-9_.:+-]*|[+-][A-Za-z][A-Za-z0-9_]*")
_NAME_RUN = re.compile(r"[$@]?[A-Za-z0-9_.-]+|[$@]")
_DURATION_LIKE = re.compile(r"[0-9]+(?:\.[0-9]+)?([A-Za-z]+)")
_UNITS = frozenset("m h d w y ms sec second min minute mo month hr hour day week wk yr year".split()) | {""}
_UUID_LIKE = re.compile(r"[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-")
_DATE_LIKE = re.compile(r"[0-9]{4}-[0-9]{1,2}")


class _Finding(Struct, frozen=True):
    code: str
    message: str
    span: Span
    help: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()


class _Context(Struct, frozen=True):
    """What the reader was at: the token that could not be taken, and what stands around it."""

    source: Source
    span: Span
    kind: str
    word: str
    before: tuple[str, ...]
    expected: set[str]
    reading: Reading
    token: int
    spans: TokenSpans

    @property
    def rest(self) -> str:
        return self.source.text[self.span.start :]


def explain_refusal(refusal: Refusal, reading: Reading, spans: TokenSpans, source: Source) -> Diagnostic:
    """The diagnostic for the token that could not be taken, by the first explanation that knows better."""
    row = reading.rows[refusal.token]
    kind = terminal(row)
    context = _Context(
        source,
        spans.span(refusal.token, refusal.token),
        kind,
        row[5] or row[6],
        tuple(terminal(reading.rows[at]) if at >= 0 else "" for at in range(refusal.token - 3, refusal.token)),
        acceptable(refusal.states),
        reading,
        refusal.token,
        spans,
    )
    finding = next(found for explain in _EXPLANATIONS if (found := explain(context)) is not None)
    return Diagnostic(finding.code, finding.message, finding.span, source, finding.help, finding.notes)


# ── text that is no token ──────────────────────────────────────────────────────────────────────────────────────────


def _unreadable(context: _Context) -> _Finding | None:
    if context.kind:
        return None
    character = context.rest[0]
    if character in "\"'":
        return _unterminated(context)
    for pattern, explain in ((_NUMBER_RUN, _bad_number), (_NAME_RUN, _bad_name), (_SIGN_RUN, _foreign_sign)):
        if run := pattern.match(context.rest):
            span = Span(context.span.start, context.span.start + run.end())
            if found := explain(run[0], span):
                return found
    shown = (
        f"`{character}` (U+{ord(character):04X})"
        if character.isprintable()
        else f"the character U+{ord(character):04X}"
    )
    help_ = _FOREIGN_CHARACTERS.get(character) or ("names are written in ASCII" if character.isalpha() else None)
    message = f"{shown} means nothing here" if character != "`" else "a back quote means nothing here"
    return _Finding("unknown-character", message, _first(context.span), (help_,) if help_ else ())


def _unterminated(context: _Context) -> _Finding:
    line = re.match(r"[^\r\n]*", context.rest)
    end = context.span.start + (line.end() if line else 0)
    broken = context.rest[0] in context.rest[end - context.span.start :]
    help_ = (
        ("a string stays on one line; write a line break as `\\n`",)
        if broken
        else (f"close it with {context.rest[0]}",)
    )
    return _Finding("unterminated-string", "this string does not end", Span(context.span.start, end), help_)


def _bad_number(text: str, span: Span) -> _Finding:
    if _DATE_LIKE.match(text):
        help_ = ("write it as 2026-01-31, or as 2026-01-31T14:30:00Z",)
        return _Finding("bad-date", f"`{shortened(text)}` is not a date", span, help_)
    if _UUID_LIKE.match(text):
        return _Finding("bad-product", "a product id is written in quotes", span)
    if (unit := _DURATION_LIKE.fullmatch(text)) and unit[1].lower().rstrip("s") in _UNITS:
        help_ = ("a whole number from 1 and m, h, d or w, such as 30m, 24h, 7d or 2w",)
        return _Finding("bad-duration", f"`{shortened(text)}` is not a duration", span, help_)
    return _Finding("bad-number", f"`{shortened(text)}` is not a number", span, (_number_help(text),))


def _number_help(text: str) -> str:
    digits = text.lstrip("+-")
    for wrong, help_ in (
        (digits[:2].lower() in ("0x", "0b", "0o"), "write it in decimal"),
        ("_" in digits, "write it without `_`"),
        (digits.lower() in ("infinity", "inf", "nan"), "use a finite number"),
        (len(digits) > 1 and digits[0] == "0" and digits.isdigit(), "write it without leading zeros"),
        (digits.endswith("."), "write a digit after the point, or no point"),
        (
            re.fullmatch(r"[0-9.]+[A-Za-z]+", digits) is not None,
            "put a blank after the number, or quotes around the text",
        ),
        (re.fullmatch(r"[0-9.]+[+-][0-9.+-]+", digits) is not None, "there is no arithmetic; text goes in quotes"),
    ):
        if wrong:
            return help_
    return "numbers are written as in JSON: 5, -0.6, 1e3; text goes in quotes"


def _bad_name(text: str, span: Span) -> _Finding:
    if text[0] in "$@":
        message = f"`{shortened(text)}` is not a {'parameter' if text[0] == '$' else 'definition'}"
        return _Finding(
            "bad-name", message, span, (f"write `{text[0]}name`: letters, digits, `_` and `-`, without dots",)
        )
    if text == "-":
        return _Finding("foreign-operator", "`-` is not an operator here", span, (_FOREIGN_SIGNS["-"],))
    help_ = 'parts of a name are joined by single dots and begin with a letter, digit or `_`; other keys: `user["…"]`'
    return _Finding("bad-name", f"`{shortened(text)}` is not a name", span, (help_,))


def _foreign_sign(text: str, span: Span) -> _Finding | None:
    sign = text
    while sign and sign not in _FOREIGN_SIGNS:
        sign = sign[:-1]
    if not sign:
        return _Finding("foreign-operator", f"`{shortened(text)}` is not an operator here", span)
    return _Finding(
        "foreign-operator",
        f"`{sign}` is not an operator here",
        Span(span.start, span.start + len(sign)),
        (_FOREIGN_SIGNS[sign],),
    )


# ── tokens in the wrong place ──────────────────────────────────────────────────────────────────────────────────────


def _empty(context: _Context) -> _Finding | None:
    if context.kind != "$END" or context.token > 0:
        return None
    return _Finding(
        "empty-expression", "the expression is empty", context.span, ("say who is in the segment: `rating > 3`",)
    )


def _foreign_word(context: _Context) -> _Finding | None:
    """A word of another language, either what could not be taken or the name just before it."""
    if context.kind == "NAME" and (found := _word_finding(context.word, context.span)):
        return found
    if context.token and context.before[-1] == "NAME":
        word = context.reading.text(context.token - 1)
        preceded = context.before[-2] in ("NAME", "RSQB", "IS", "NOT", *VALUES)
        if preceded:
            return _word_finding(word, context.spans.span(context.token - 1, context.token - 1))
    return None


def _word_finding(word: str, span: Span) -> _Finding | None:
    lowered = word.lower()
    found = _FOREIGN_WORDS.get(_SAME_WORD.get(lowered, lowered))
    if found is None:
        return None
    code = "bad-number" if lowered in ("nan", "infinity", "inf") else "foreign-operator"
    message = found[0] if lowered in _FOREIGN_WORDS else found[0].replace(f"`{_SAME_WORD[lowered]}`", f"`{word}`")
    return _Finding(code, message, span, (found[1],))


def _word_as_name(context: _Context) -> _Finding | None:
    """A word of the language that was tried as a name, because nothing else fits where it stands."""
    if "COMPARE" not in context.expected or context.before[-1] not in _KEYWORDS or context.before[-2] in VALUES:
        return None
    word, span = context.reading.text(context.token - 1), context.spans.span(context.token - 1, context.token - 1)
    return _Finding("unexpected-token", f"expected a condition, found `{word}`", span)


def _unopened(context: _Context) -> _Finding | None:
    if context.kind not in ("RPAR", "RSQB") or context.expected & {"RPAR", "RSQB", "NAME", "NUMBER"}:
        return None
    opening = "(" if context.kind == "RPAR" else "["
    return _Finding("unexpected-token", f"`{context.word}` has no `{opening}` before it", context.span)


def _negated_between(context: _Context) -> _Finding | None:
    if context.kind == "BETWEEN" and context.before[-1] == "NOT":
        help_ = ("write `not (name between low and high)`",)
        span = context.spans.span(context.token - 1, context.token)
        return _Finding("foreign-operator", "there is no `not between`", span, help_)
    if context.kind in ("WITHIN", "BEFORE") and context.before[-1] == "NOT":
        help_ = (f"write `not lastSeen {context.word.lower()} 7d`",)
        span = context.spans.span(context.token - 1, context.token)
        return _Finding("foreign-operator", f"there is no `not {context.word.lower()}`", span, help_)
    return None


def _doubled_ampersands(context: _Context) -> _Finding | None:
    if context.kind == "AMPERSANDS" and context.expected == {"AND"}:
        return _Finding(
            "foreign-operator", "`between` takes the word `and`", context.span, ("write `between 2 and 4`",)
        )
    if context.kind == "BANG":
        help_ = ("`!` stands before a condition; write `not in`, or `not (…)`",)
        return _Finding("foreign-operator", "`!` has no place here", context.span, help_)
    return None


def _two_of_a_kind(context: _Context) -> _Finding | None:
    """Two names or two literals compared, or a literal alone."""
    if context.expected >= {"NUMBER", "STRING"} and "NAME" not in context.expected and context.kind == "NAME":
        help_ = (f'if `{shortened(context.word)}` is text, write `"{shortened(context.word)}"`',)
        message = "a name is compared with a literal, not with another name"
        return _Finding("bad-comparison", message, context.span, help_)
    if context.expected == {"NAME"} and context.kind in VALUES:
        message = "a literal is compared with a name, not with another literal"
        return _Finding("bad-comparison", message, context.span)
    if context.expected == {"COMPARE"} and context.before[-1] in VALUES:
        span = context.spans.span(context.token - 1, context.token - 1)
        help_ = ('compare it with a name: `plan == "pro"`',)
        return _Finding("bad-comparison", "a literal alone is not a condition", span, help_)
    return None


def _comparison_of_comparison(context: _Context) -> _Finding | None:
    if context.kind != "COMPARE" or "AND" not in context.expected:
        return None
    help_ = ("a chain has its name in the middle: `0.3 <= sentiment < 0.7`; join other comparisons with `and`",)
    return _Finding("bad-chain", "a comparison cannot be compared again", context.span, help_)


def _quoted_or_missing_literal(context: _Context) -> _Finding | None:
    """A literal that is right but for its form, where only one kind of literal fits."""
    if context.expected & VALUES == {"DATE", "PARAMETER"} and context.kind in VALUES:
        return _Finding("bad-date", "a date is written without quotes, as 2026-01-31", context.span)
    if context.expected == {"DURATION", "ALL", "PARAMETER"} and context.kind != "$END":
        return _Finding(
            "bad-duration",
            f"`during` does not take `{shortened(context.word)}`",
            context.span,
            ("it takes 7d, 30d, 90d or all",),
        )
    if context.expected & VALUES == {"STRING", "PARAMETER"} and context.kind in ("NAME", "NUMBER", "DURATION"):
        help_ = ('a product id is a UUID in quotes, such as "182bd5e5-6e1a-4fe4-a799-aa6d9a6ab26e"',)
        return _Finding("bad-product", "expected a product id in quotes", context.span, help_)
    return None


def _unclosed(context: _Context) -> _Finding | None:
    """The end, where a bracket is still open: the note shows which."""
    closing = {"RPAR": "LPAR", "RSQB": "LSQB"}.get(next(iter(context.expected & {"RPAR", "RSQB"}), ""))
    if context.kind != "$END" or closing is None:
        return None
    depth = 0
    for at in range(context.token - 1, -1, -1):
        kind = terminal(context.reading.rows[at])
        depth += (kind in ("RPAR", "RSQB")) - (kind in ("LPAR", "LSQB"))
        if depth < 0:
            note = Note("it is opened here", context.spans.span(at, at), context.source)
            sign = ")" if kind == "LPAR" else "]"
            return _Finding("unexpected-end", f"`{sign}` is missing", context.span, (), (note,))
    return None


def _unexpected(context: _Context) -> _Finding:
    wanted = expected_words(context.expected)
    if context.kind == "$END":
        return _Finding("unexpected-end", f"expected {wanted}, but the expression ends here", context.span)
    help_: tuple[str, ...] = ()
    if "AND" in context.expected and context.kind in ("NAME", "LPAR", "NOT", "DEFINITION", *VALUES):
        help_ = ("join conditions with `and` or `or`",)
    return _Finding("unexpected-token", f"expected {wanted}, found `{shortened(context.word)}`", context.span, help_)


_EXPLANATIONS: list[Callable[[_Context], _Finding | None]] = [
    _unreadable,
    _empty,
    _negated_between,
    _doubled_ampersands,
    _foreign_word,
    _word_as_name,
    _unopened,
    _two_of_a_kind,
    _comparison_of_comparison,
    _quoted_or_missing_literal,
    _unclosed,
    _unexpected,
]


def expected_words(expected: set[str]) -> str:
    """The terminals as a person would say them: "a value", "`and`, `or` or the end"."""
    left = set(expected)
    words: list[str] = []
    for terminals, word in _WORDS_FOR:
        if terminals <= left:
            words.append(word)
            left -= terminals | (VALUES if "NUMBER" in terminals or word == "a condition" else frozenset())
            if "a condition" in words:
                break
    if "`and`, `or`" in words:
        words = [word for word in words if word in ("`and`, `or`", "`)`", "the end")]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"


def _first(span: Span) -> Span:
    return Span(span.start, span.start + 1)
