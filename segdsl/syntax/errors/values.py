"""Values that are not literals: words without quotes, numbers with a unit, dates and durations in other forms."""

import re
from collections.abc import Callable

from segdsl.catalogue import BUILT_INS
from segdsl.source import Span
from segdsl.syntax import literals
from segdsl.syntax.actions import UNREADABLE
from segdsl.syntax.errors.expected import CONNECTIVES, VALUES
from segdsl.syntax.errors.failure import OPENING, Failure, Repair, TokenEdit, shown
from segdsl.syntax.errors.foreign import COUNTED, MONEY, OTHER_UNITS, TAILS, UNITS, duration_of
from segdsl.syntax.errors.moments import ONLY_LAST_SEEN, is_last_seen
from segdsl.syntax.errors.operators import ANYWHERE, BEGINNINGS, NO_HISTORY, RANGE_HELP, presence
from segdsl.syntax.errors.tokens import CHARACTER, DASHES, NAME, NUMBER, SIGN, STRING, content
from segdsl.syntax.literals import PRESETS, LiteralError, quote
from segdsl.syntax.names import NO_CONDITIONS, NULL_WORDS, PRESENCE, TIME

DATE_HELP = "write it as 2026-01-31, or as 2026-01-31T14:30:00Z"
DURATION_HELP = "a whole number from 1 and m, h, d or w, such as 30m, 24h, 7d or 2w"
_VERSION = "a version is text, and text is compared in the order of the alphabet: 3.10 comes before 3.9"
NUMBER_HELP = "numbers are written as in JSON: 5, -0.6, 1e3; text goes in quotes"

_ORDER = ("<", "<=", ">", ">=")
_YES_NO = {"yes": "true", "no": "false"}
_SIGNS_INSIDE = re.compile(r"[:=<>!|&;(){}\[\]~?]")
_COLONS = re.compile(r"[0-9A-Fa-f]{1,4}(?::[0-9A-Fa-f]{1,4})+|[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?")
"""Addresses and times of day."""
_UUID = re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
_STOPS = CONNECTIVES | {"$END", "COMMA", "RPAR", "RSQB", "LPAR", "LSQB", "COMPARE", "STRING", STRING}


# ── strings ────────────────────────────────────────────────────────────────────────────────────────────────────────


def odd_string(failure: Failure) -> Repair | None:
    """Curly quotes, back quotes, a quote inside a string, a string without its end."""
    if failure.kind != STRING:
        return None
    written, at = failure.token.text, failure.at
    text = content(written)
    first, last = written[0], written[-1]
    edits = [TokenEdit(at, at + 1, quote(text))]
    if first == "`":
        name = failure.stack.begins_condition and re.fullmatch(r"[A-Za-z_][A-Za-z0-9_.-]*", text)
        if name:
            edits = [TokenEdit(at, at + 1, text)]
            title = "write the name without quotes"
        else:
            title = f"write `{shown(quote(text))}`"
        return failure.repair("unknown-character", "a back quote means nothing here", edits, title, safe=True)
    if first not in "\"'":
        message = f"the character `{first}` (U+{ord(first):04X}) means nothing here"
        return failure.repair(
            "unknown-character", message, edits, f"write straight quotes: `{shown(quote(text))}`", safe=True
        )
    if len(written) > 1 and first == last and not re.search(r"[\\\r\n]", written):
        message = "a quote within a string is written with a backslash"
        return failure.repair("bad-string", message, edits, f"write `{shown(quote(text))}`", safe=True)
    return _unclosed(failure, text, edits)


def _unclosed(failure: Failure, text: str, edits: list[TokenEdit]) -> Repair:
    quote_sign, message = failure.token.text[0], "this string does not end"
    if "\n" in text or "\r" in text:
        return failure.repair(
            "unterminated-string", message, edits, None, "a string stays on one line; write a line break as `\\n`"
        )
    if re.search(r"[\\\x00-\x1f]", text):
        return failure.repair("unterminated-string", message, edits, None, f"close it with {quote_sign}")
    ends_at_connective = re.search(r"[ \t](?ai:and|or)[ \t]", text)
    title = None if ends_at_connective or not text.strip() else f"close it with {quote_sign}"
    help_ = () if title else (f"close it with {quote_sign}",)
    return failure.repair("unterminated-string", message, edits, title, *help_)


# ── words without quotes ───────────────────────────────────────────────────────────────────────────────────────────


def unquoted(failure: Failure) -> Repair | None:
    """A run of words where a value should stand."""
    if not failure.wants_value:
        return None
    if failure.before() == "AND" and failure.is_comparison(failure.at):  # the `and` joins conditions, and ends no range
        edits = [TokenEdit(failure.begin, failure.at - 1, UNREADABLE)]
        span = failure.between(failure.name_end, failure.at - 2)
        return failure.repair("bad-comparison", "`between` takes two values", edits, None, RANGE_HELP, span=span)
    end = end_of_words(failure, failure.at)
    if end is None:
        return None
    raw = failure.written(failure.at, end - 1)
    if failure.kind_of(end) == STRING and failure.touches(end) and failure.word(end) in ('"', "'"):
        edits = [TokenEdit(failure.at, end + 1, quote(raw))]
        span = failure.between(failure.at, end)
        return failure.repair(
            "unterminated-string", "this string does not begin", edits, f"write `{shown(quote(raw))}`", span=span
        )
    span = failure.between(failure.at, end - 1)
    known = _known_word(failure, raw, span)
    if known is not None:
        return known
    operator = failure.word(failure.at - 1)
    edits = [TokenEdit(failure.at, end, quote(raw))]
    if operator in ("within", "before") and failure.before() in ("WITHIN", "BEFORE"):
        return _no_duration(failure, raw, span)
    message = f"`{shown(raw)}` is a name, and a name is compared with a literal, not with another name"
    if " " in raw or not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_.-]*", raw):
        message = f"`{shown(raw)}` is not a literal: text is written in quotes"
    if raw[:1] in "*%" or raw[-1:] in "*%":
        return _wildcard(failure, raw, end, span)
    if _SIGNS_INSIDE.search(raw) and not _COLONS.fullmatch(raw):
        help_ = f"if it is text, write `{shown(quote(raw))}`"
        return failure.repair("bad-comparison", message, edits, None, help_, span=span)
    quoted = shown(quote(raw))
    if raw in BUILT_INS:
        return failure.repair("bad-comparison", message, (), None, f"if it is text, write `{quoted}`", span=span)
    if operator in _ORDER or failure.before() in ("BETWEEN", "AND"):
        help_ = f"if `{shown(raw)}` is text, write `{quoted}`; text is compared in the order of the alphabet"
        return failure.repair("bad-comparison", message, edits, None, help_, span=span)
    if "." in raw and re.fullmatch(r"[A-Za-z_$][A-Za-z0-9_.-]*", raw):
        return failure.repair("bad-comparison", message, edits, None, f"if it is text, write `{quoted}`", span=span)
    if (lists := _further_values(failure, end, raw)) is not None:
        return lists
    if (
        " " in raw
        and failure.open_bracket_kind() in ("LSQB", "LPAR")
        and "RSQB" not in failure.expected
        and _has_no_comma(failure)
    ):
        help_ = f"values of a list are separated by `,`; if `{shown(raw)}` is one text, write `{quoted}`"
        return failure.repair("bad-comparison", message, edits, None, help_, span=span)
    if _is_ambiguous(failure, end):
        help_ = f"if `{shown(raw)}` is text, write `{quoted}`"
        return failure.repair("bad-comparison", message, edits, None, help_, span=span)
    return failure.repair("bad-comparison", message, edits, f"if `{shown(raw)}` is text, write `{quoted}`", span=span)


def _wildcard(failure: Failure, raw: str, end: int, span: Span) -> Repair:
    message, inner, start = (
        f"`{shown(raw)}` is not a literal: there are no wildcards",
        raw.strip("*%"),
        failure.name_end,
    )
    edits = [TokenEdit(failure.at, end, quote(raw))]
    both = raw[:1] in "*%" and raw[-1:] in "*%" and inner and not re.search(r"[*%]", inner)
    if both and start == failure.at - 1 and failure.word(start) in ("=", "==", ":", "is", "contains"):
        contains = [TokenEdit(start, end, f"contains {quote(inner)}")]
        return failure.repair("bad-comparison", message, contains, f"use `contains {shown(quote(inner))}`", span=span)
    return failure.repair(
        "bad-comparison", message, edits, None, ANYWHERE, f"{BEGINNINGS}, only what it contains", span=span
    )


def end_of_words(failure: Failure, start: int) -> int | None:
    """The number of the token after a run of unquoted words; None if none begins."""
    if failure.kind_of(start) in CONNECTIVES:  # a value such as `OR`, the state
        after = failure.kind_of(start + 1)
        alone = failure.is_word(start) and after in CONNECTIVES | {"COMMA", "RPAR", "RSQB", "$END"}
        return start + 1 if alone else None
    starred = failure.word(start) in ("*", "%") and failure.is_word(start + 1) and failure.touches(start + 1)
    if not (failure.is_word(start) or starred or failure.kind_of(start) in (NAME, NUMBER)):
        return None
    number = start + 1
    while not _ends_words(failure, number):
        number += 1
    return number


def _ends_words(failure: Failure, number: int) -> bool:
    kind, word = failure.kind_of(number), failure.word(number)
    if word[:1] in "@$" and not failure.touches(number):
        return True
    if failure.touches(number) and kind in (SIGN, NAME, NUMBER, "NAME", "NUMBER", "DURATION", "DEFINITION", CHARACTER):
        return word[:1] in ";="
    if kind in _STOPS or failure.begins_clause(number) or failure.is_comparison(number):
        return True
    if word in ("except", "but", *TAILS) or kind in (SIGN, CHARACTER, "?fence", "?placeholder", "?blank", "BANG"):
        return True
    gap = failure.source.text[failure.tokens[number - 1].span.end : failure.tokens[number].span.start]
    return "\n" in gap or "\r" in gap or "#" in gap


def _known_word(failure: Failure, raw: str, span: Span) -> Repair | None:
    """A word that is never text: one for nothing, for a moment, for yes and no."""
    lowered = raw.lower()
    first = lowered.split(None, 1)[0] if lowered.split() else lowered
    negated = failure.before() == "NOT"
    if lowered in NULL_WORDS or NO_CONDITIONS.get(lowered) == PRESENCE:
        asks, _ = presence(failure.name)
        help_ = (asks,) if negated else (asks, "a condition on a field that a user lacks never holds")
        message = f"there is no `{shown(raw)}`: users who lack a field cannot be asked for"
        if negated:
            message = f"there is no `not {shown(raw)}`"
        return failure.repair("foreign-operator", message, (), None, *help_, span=span)
    if NO_CONDITIONS.get(first) == TIME:
        message = f"there is no `{shown(raw)}`: a value is fixed"
        help_ = ("only `lastSeen` takes relative times, as in `lastSeen within 7d`; for a property write a fixed date",)
        return failure.repair("foreign-operator", message, (), None, *help_, NO_HISTORY, span=span)
    if lowered in NO_CONDITIONS:
        return failure.repair("foreign-operator", f"`{shown(raw)}` is not a value", span=span)
    if lowered in ("nan", "infinity", "inf"):
        return failure.repair(
            "bad-number", f"`{shown(raw)}` is not a number", (), None, "use a finite number", span=span
        )
    if (
        lowered in _YES_NO
        and raw != "NO"
        and failure.before() in ("COMPARE", "IS", "NOT")
        and failure.word(failure.at - 1) not in _ORDER
    ):
        boolean = _YES_NO[lowered]
        return failure.repair(
            "bad-comparison", f"`{raw}` is not a literal", [TokenEdit(failure.at, failure.at + 1, boolean)],
            f"if it is meant as a boolean, write `{boolean}`", f"if it is text, write `{quote(raw)}`", span=span,
        )  # fmt: skip
    return None


def _no_duration(failure: Failure, raw: str, span: Span) -> Repair:
    message = f"`{shown(raw)}` is not a duration"
    if length := duration_of(raw):
        edits = [TokenEdit(failure.at, failure.at + len(raw.split()), length)]
        return failure.repair("bad-duration", message, edits, f"write `{length}`", span=span, safe=True)
    return failure.repair("bad-duration", message, (), None, DURATION_HELP, span=span)


def _further_values(failure: Failure, end: int, raw: str) -> Repair | None:
    """`= PT or ES`: more values of the same kind, which belong in a list."""
    operator = failure.at - 1
    is_equality = failure.word(operator) in ("=", "==") or failure.kind_of(operator) == "IS"
    if not is_equality or operator != failure.name_end or failure.name_end == failure.begin:
        return None
    edits = [TokenEdit(operator, operator + 1, "in ["), TokenEdit(failure.at, end, quote(raw))]
    number = end
    while failure.kind_of(number) == "OR" and failure.kind_of(number + 1) not in CONNECTIVES:
        following = end_of_words(failure, number + 1)
        if following is None or failure.kind_of(following) not in CONNECTIVES | {"RPAR", "$END"}:
            break
        word = failure.written(number + 1, following - 1)
        if not _is_alike(failure, raw, word):
            break
        edits += [TokenEdit(number, number + 1, ","), TokenEdit(number + 1, following, quote(word))]
        number = following
    if number == end:
        return None
    edits.append(TokenEdit(number, number, "]"))
    span, message = failure.between(failure.at, number - 1), "text is written in quotes, and several values in a list"
    return failure.repair("bad-comparison", message, edits, "use a list with `in`", span=span)


def _is_alike(failure: Failure, raw: str, word: str) -> bool:
    """Whether a word is a further value like the one before, rather than the name of a condition."""
    if failure.declared is not None:
        return word not in failure.declared and word.split(".", 1)[-1] not in failure.declared
    return bool(_shape(raw)) and _shape(word) == _shape(raw)


def _shape(word: str) -> str:
    """How a code is written that has others like it: all capitals, or a capital first; "" for other words."""
    return "capitals" if word.isupper() else "capital" if word.istitle() else ""


def _has_no_comma(failure: Failure) -> bool:
    """Whether the list that is open has no comma."""
    opening = failure.open_bracket()
    end = None if opening is None else failure.partner(opening)
    if opening is None or end is None or failure.kind_of(opening - 1) != "IN":
        return False
    return not any(failure.tokens[number].text in (",", ";") for number in range(opening, end))


def _is_ambiguous(failure: Failure, end: int) -> bool:
    """Whether a bare name is joined to the value: a value of the same list, or a condition of its own."""
    if failure.kind_of(end) not in CONNECTIVES or failure.open_bracket_kind() == "LSQB":
        return False
    after = end + 1
    if failure.declared is not None and failure.tokens[after].text in failure.declared:
        return False
    return failure.kind_of(after) == "NAME" and failure.kind_of(after + 1) in CONNECTIVES | {"RPAR", "$END"}


# ── lists ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def not_a_list(failure: Failure) -> Repair | None:
    """A value, or several without brackets, after `in`."""
    if not failure.wants_list or failure.kind == "$END":
        return None
    at = failure.at
    if failure.kind == CHARACTER and failure.token.text == "{":
        return braces(failure)
    if failure.token.text == "@" and failure.kind_of(at + 1) == "LPAR":
        return failure.repair(
            "unknown-character", "a list has no `@`", [TokenEdit(at, at + 1, "")], "leave out `@`", safe=True
        )
    items, is_list = _listed_words(failure)
    if not items or failure.word(at)[:1] in "$@":
        return None
    end = items[-1][1]
    raw, span = failure.written(at, end - 1), failure.between(at, end - 1)
    known = _known_word(failure, raw, span) if failure.kind not in VALUES else None
    if known is not None:
        return known
    values = [_as_literal(failure, first, last) for first, last in items]
    edits = failure.rewriting(at, end, f"[{', '.join(values)}]")
    message = f"expected a list such as `[1, 2]`, found `{shown(raw)}`"
    written = f"write `[{shown(', '.join(values))}]`"
    if not is_list:
        return failure.repair("unexpected-token", message, edits, None, written, span=span)
    return failure.repair("unexpected-token", message, edits, written, span=span)


def _listed_words(failure: Failure) -> tuple[list[tuple[int, int]], bool]:
    """The values that follow `in` without brackets, and whether it is clear where they end."""
    items: list[tuple[int, int]] = []
    number = failure.at
    while True:
        end = number + 1 if failure.kind_of(number) in VALUES | {STRING} else end_of_words(failure, number)
        if end is None:
            return items, False
        items.append((number, end))
        following = failure.kind_of(end)
        if following != "COMMA":
            if following not in CONNECTIVES or not _is_lone(failure, end + 1):
                return items, True
            if following not in ("OR", "BARS") or len(items) > 2:  # a further value, or a condition
                return items, False
        number = end + 1 + (following == "COMMA" and failure.kind_of(end + 1) in ("OR", "AND"))


def _is_lone(failure: Failure, number: int) -> bool:
    """Whether a value or bare name stands alone between connectives."""
    if failure.kind_of(number) not in VALUES | {"NAME", STRING, NAME}:
        return False
    return failure.kind_of(number + 1) in CONNECTIVES | {"$END", "RPAR"}


def _as_literal(failure: Failure, first: int, last: int) -> str:
    token = failure.tokens[first]
    if token.kind in VALUES:
        return token.text
    return quote(content(token.text) if token.kind == STRING else failure.written(first, last - 1))


def braces(failure: Failure) -> Repair | None:
    """`{…}` as a list."""
    at = failure.at
    end = next((n for n in range(at, len(failure.tokens)) if failure.tokens[n].text == "}"), None)
    if failure.token.text != "{" or not failure.wants_list or end is None:
        return None
    edits = [TokenEdit(at, at + 1, "["), TokenEdit(end, end + 1, "]")]
    message = "the character `{` (U+007B) means nothing here"
    return failure.repair("unknown-character", message, edits, "a list is written with `[ ]`", safe=True)


def list_for_value(failure: Failure) -> Repair | None:
    """`== ["a", "b"]` and `contains ["a", "b"]`."""
    if failure.kind not in ("LSQB", "LPAR") or not failure.wants_value:
        return None
    at, start = failure.at, failure.name_end
    end = failure.partner(at)
    operator = failure.word(start) if start > failure.begin else ""
    items = [] if end is None else [n for n in range(at + 1, end) if failure.kind_of(n) != "COMMA"]
    simple = end is not None and bool(items) and all(failure.kind_of(n) in VALUES for n in items)
    if failure.kind == "LPAR" and len(items) == 1 and simple and end is not None:
        edits = [TokenEdit(at, at + 1, ""), TokenEdit(end, end + 1, "")]
        wanted = "a duration such as 7d" if failure.before() in ("WITHIN", "BEFORE") else "a value"
        message = f"expected {wanted}, found `(`"
        return failure.repair("unexpected-token", message, edits, "leave out the parentheses")
    if failure.before() == "CONTAINS":
        help_ = 'ask for one text at a time: `name contains "a" or name contains "b"`'
        if simple and end is not None and failure.begin + 1 == start:
            joined = " or ".join(f"{failure.name} contains {failure.tokens[n].text}" for n in items)
            text = joined if _is_alone(failure, end + 1) else f"({joined})"
            edits = failure.rewriting(failure.begin, end + 1, text)
            return failure.repair(
                "unexpected-token", "`contains` takes one text, not a list", edits, f"write `{shown(text, 80)}`"
            )
        return failure.repair("unexpected-token", "`contains` takes one text, not a list", (), None, help_)
    if operator in ("=", "==", "!=", "<>", "is") and end is not None:
        negated = operator in ("!=", "<>") or failure.before() == "NOT"
        meant = "not in" if negated else "in"
        edits = [TokenEdit(start, at, meant)]
        return failure.repair(
            "unexpected-token", f"expected a value, found `{failure.token.text}`", edits, f"a list goes with `{meant}`"
        )
    if failure.kind == "LSQB" and failure.before() == "COMPARE":
        return failure.repair(
            "unexpected-token", "expected a value, found `[`", (), None, "a list goes with `in`: `name in [1, 2]`"
        )
    return None


def _is_alone(failure: Failure, after: int) -> bool:
    """Whether nothing is joined to the condition."""
    return failure.kind_of(failure.begin - 1) in ("", "LPAR") and failure.kind_of(after) in ("$END", "RPAR")


def list_end(failure: Failure) -> Repair | None:
    """A list that is closed by the wrong bracket, or has `;` or `or` for `,`."""
    if "COMMA" not in failure.expected or not failure.expected & {"RSQB", "RPAR"} or failure.is_complete:
        return None
    at, opening = failure.at, failure.open_bracket()
    sign = ")" if opening is not None and failure.kind_of(opening) == "LPAR" else "]"
    message = f"expected `,` or `{sign}`, found `{shown(failure.token.text)}`"
    if failure.word(at) in (";", "|", "or", "||", "and", "&") and failure.kind_of(at + 1) in VALUES | {
        "NAME",
        STRING,
        NUMBER,
    }:
        if failure.kind in CONNECTIVES and failure.is_comparison(at + 1):
            return None
        edits = [TokenEdit(at, at + 1, ",")]
        code = "unknown-character" if failure.word(at) == ";" else "unexpected-token"
        return failure.repair(code, message, edits, "values of a list are separated by `,`")
    if failure.kind in VALUES | {STRING} and failure.before() in VALUES and not failure.touches(at):
        return failure.repair(
            "unexpected-token", message, [TokenEdit(at, at, ",")], "values of a list are separated by `,`"
        )
    if failure.kind in OPENING and opening is not None:
        message = f"expected `{sign}`, found `{failure.token.text}`"
        return failure.repair(
            "unexpected-token", message, [TokenEdit(at, at + 1, sign)], f"close the list with `{sign}`"
        )
    return None


# ── numbers ────────────────────────────────────────────────────────────────────────────────────────────────────────


def after_number(failure: Failure) -> Repair | None:
    """What follows a number and belongs to it: a unit, `%`, a thing that is counted, `,` and digits."""
    if failure.before() != "NUMBER" or (failure.begin == failure.at - 1 and not failure.is_word(failure.at)):
        return None
    if failure.is_comparison(failure.at) and "AND" in failure.expected:
        return None  # a condition of its own
    at = failure.at
    number = failure.tokens[at - 1].text
    word = failure.word(at)
    both = failure.between(at - 1, at)
    written = shown(failure.written(at - 1, at))
    in_end = failure.is_complete or "COMMA" in failure.expected or failure.expected == {"AND"}
    if failure.is_word(at) and word in UNITS and in_end and failure.before(2) != "NOT":
        return _unit(failure, number, word, both, written)
    if word in OTHER_UNITS and in_end:
        return failure.repair("bad-duration", f"`{written}` is not a duration", (), None, DURATION_HELP, span=both)
    if word in ("%", "percent") or (word == "per" and failure.word(at + 1) == "cent"):
        last = at + (word == "per")
        raw = failure.written(at - 1, last)
        edits = [TokenEdit(at - 1, last + 1, quote(raw))]
        help_ = f"there is no `%`: write the share as the field has it, {number} or {_share(number)}"
        return failure.repair(
            "bad-number", f"`{shown(raw)}` is not a number", edits, None, help_, span=failure.between(at - 1, last)
        )
    if word in COUNTED and in_end:
        edits = [TokenEdit(at, at + 1, "")]
        return failure.repair(
            "bad-number", f"`{written}` is not a number", edits, f"write `{number}`", span=both, safe=True
        )
    if failure.token.text[:1] in MONEY and failure.kind == CHARACTER:
        return failure.repair(
            "bad-number",
            f"`{written}` is not a number",
            [TokenEdit(at, at + 1, "")],
            f"write `{number}`",
            span=both,
            safe=True,
        )
    if re.fullmatch(r"[0-9]{3}", failure.token.text) and re.fullmatch(r"[1-9][0-9]{0,2}", number):
        last = at
        while re.fullmatch(r"[0-9]{3}", failure.word(last + 1)):
            last += 1
        meant = number + "".join(failure.word(n) for n in range(at, last + 1))
        span = failure.between(at - 1, last)
        message = f"`{shown(failure.written(at - 1, last))}` is not a number"
        return failure.repair(
            "bad-number", message, [TokenEdit(at - 1, last + 1, meant)], f"write `{meant}`", span=span
        )
    if word == "+" and failure.touches(at):
        return _at_least(failure, at - 1, at + 1, number)
    is_single = failure.is_complete or failure.expected == {"AND"}
    if failure.kind == "COMMA" and failure.touches(at) and failure.touches(at + 1) and is_single:
        return _comma(failure, number)
    return None


def _share(number: str) -> str:
    return f"{float(number) / 100:g}" if re.fullmatch(r"[0-9.]{1,12}", number) else "0.3"


def _unit(failure: Failure, number: str, word: str, span: Span, written: str) -> Repair:
    length = duration_of(f"{number} {word}")
    message = f"`{written}` is not a duration"
    if length is not None and failure.name and failure.clause < 0 and not is_last_seen(failure.name):
        edits = [TokenEdit(failure.at - 1, failure.at + 1, length)]
        if failure.before(2) in ("WITHIN", "BEFORE"):
            return failure.repair("bad-duration", message, edits, None, ONLY_LAST_SEEN, span=span)
        help_ = f"if `{shown(failure.name)}` is a number, write `{number}` alone"
        return failure.repair(
            "bad-duration", message, [TokenEdit(failure.at, failure.at + 1, "")], None, help_, ONLY_LAST_SEEN, span=span
        )
    if length is None:
        return failure.repair("bad-duration", message, (), None, DURATION_HELP, span=span)
    edits = [TokenEdit(failure.at - 1, failure.at + 1, length)]
    return failure.repair("bad-duration", message, edits, f"write `{length}`", span=span, safe=True)


def _at_least(failure: Failure, first: int, last: int, number: str) -> Repair:
    span = failure.between(first, last - 1)
    message = f"`{shown(failure.written(first, last - 1))}` is not a number"
    if failure.name_end == first and failure.name_end > failure.begin:
        edits = [TokenEdit(first, last, f">= {number}")]
        return failure.repair("bad-number", message, edits, f"write `>= {number}`", span=span)
    if failure.word(first - 1) in ("=", "==", "is", ">=") and failure.name_end == first - 1:
        edits = [TokenEdit(first - 1, last, f">= {number}")]
        return failure.repair("bad-number", message, edits, f"write `>= {number}`", span=span)
    return failure.repair("bad-number", message, (), None, f"for at least that many, write `>= {number}`", span=span)


def _comma(failure: Failure, number: str) -> Repair | None:
    """`0,25` and `1,000`, outside of lists."""
    at = failure.at
    text, last = number, at
    while (
        failure.kind_of(last) == "COMMA"
        and re.fullmatch(r"[0-9]+", failure.word(last + 1))
        and failure.touches(last + 1)
    ):
        text, last = f"{text},{failure.tokens[last + 1].text}", last + 2
    if last == at or not re.fullmatch(r"[+-]?[0-9]+(,[0-9]+)+", text):
        return None
    span = failure.between(at - 1, last - 1)
    message = f"`{shown(text)}` is not a number"
    parts = text.split(",")
    if len(parts) == 2 and (len(parts[1]) != 3 or parts[0].lstrip("+-") == "0"):
        meant = ".".join(parts)
    elif all(len(part) == 3 for part in parts[1:]) and len(parts) > 2:
        meant = "".join(parts)
    else:  # a thousand here, one there
        help_ = (
            f"write it without `,`: `{''.join(parts)}`",
            f"or with a point, if it is a fraction: `{'.'.join(parts)}`",
        )
        return failure.repair("bad-number", message, [TokenEdit(at - 1, last, "".join(parts))], None, *help_, span=span)
    edits = [TokenEdit(at - 1, last, meant)]
    return failure.repair("bad-number", message, edits, f"write `{meant}`", span=span)


def odd_number(failure: Failure) -> Repair | None:
    """One word that begins like a number."""
    if failure.kind != NUMBER:
        return None
    text = failure.token.text
    if failure.expected & VALUES == {"STRING", "PARAMETER"} or not failure.wants_value:
        return None
    for read in _ODD_NUMBERS:
        if (found := read(failure, text)) is not None:
            return found
    return None


def _plain_number(failure: Failure, text: str) -> Repair | None:
    """A number with a sign of money, marks between thousands, a `k`, a `+`, or a dash for its minus."""
    plain = text.translate({ord(sign): None for sign in f"{MONEY} "})
    plain = re.sub(rf"^[{DASHES}]", "-", plain)
    plain = re.sub(r"(?<=[0-9])[‘’‚‛‹›'_](?=[0-9]{3})", "", plain)
    found = re.fullmatch(r"([+-]?)0*([0-9][0-9,.]*)([kKmM+]?)", plain)
    if found is None or re.search(r"\..*\.|,.*\.|\..*,", found[2]) or not found[2][-1].isdigit():
        return None
    sign, digits, suffix = found.groups()
    if "," in digits:
        parts = digits.split(",")
        digits = (
            "".join(parts) if all(len(part) == 3 for part in parts[1:]) else ".".join(parts) if len(parts) == 2 else ""
        )
        if not digits:
            return None
    if suffix == "+":
        return _at_least(failure, failure.at, failure.at + 1, sign + digits)
    if suffix in "mM" and suffix and failure.before() in ("WITHIN", "BEFORE"):
        return None
    if suffix:
        factor = 1_000 if suffix in "kK" else 1_000_000
        value = float(digits) * factor
        digits = str(int(value)) if value.is_integer() else repr(value)
    meant = sign + digits
    if meant == text or (
        re.fullmatch(r"[0-9]+", text)
        and len(text) > 1
        and failure.before() not in ("COMPARE", "AND", "BETWEEN", "COMMA", "LSQB", "LPAR")
    ):
        return None
    leading_zeros = re.fullmatch(r"[+-]?0+[0-9]+", text) is not None
    help_ = () if sign or not leading_zeros else (f"if it is an identifier, write it as text: `{quote(text)}`",)
    title = f"write `{meant}`" if not leading_zeros else None
    more = ("write it without leading zeros",) if leading_zeros else ()
    edits = [TokenEdit(failure.at, failure.at + 1, meant)]
    safe = not suffix and not leading_zeros
    return failure.repair("bad-number", f"`{shown(text)}` is not a number", edits, title, *more, *help_, safe=safe)


def _duration(failure: Failure, text: str) -> Repair | None:
    found = re.fullmatch(r"([+-]?[0-9]+(?:\.[0-9]+)?)([A-Za-z]+)", text)
    if found is None or (found[2].lower() not in UNITS and found[2].lower() not in OTHER_UNITS):
        return None
    message, length = f"`{shown(text)}` is not a duration", duration_of(text)
    if length is None:
        return failure.repair("bad-duration", message, (), None, DURATION_HELP)
    return failure.repair(
        "bad-duration", message, [TokenEdit(failure.at, failure.at + 1, length)], f"write `{length}`", safe=True
    )


def _date(failure: Failure, text: str) -> Repair | None:
    """`31.01.2026`, `01/02/2026`, `2026-1-5`."""
    parts = re.fullmatch(r"([0-9]{1,4})([./-])([0-9]{1,2})\2([0-9]{1,4})", text)
    if parts is None:
        return (
            failure.repair("bad-date", f"`{shown(text)}` is not a date", (), None, DATE_HELP)
            if re.match(r"[0-9]{4}-[0-9]{1,2}", text)
            else None
        )
    first, sign, second, third = parts.groups()
    days = {_iso(*fields) for fields in ((first, second, third), (third, second, first), (third, first, second))} - {
        None
    }
    if sign == ".":
        days = {_iso(third, second, first)} - {None}
    message = f"`{shown(text)}` is not a date"
    if sign == "." and len(first) < 4 and len(third) < 4 and failure.clause < 0:
        return None
    if len(days) == 1 and (len(first) == 4 or len(third) == 4):
        day = days.pop()
        written = day if failure.expected == {"DATE", "PARAMETER"} else quote(str(day))
        return failure.repair(
            "bad-date", message, [TokenEdit(failure.at, failure.at + 1, str(written))], f"write `{written}`"
        )
    shapes = "the day and the month could be either: write it as 2026-01-31" if len(days) > 1 else DATE_HELP
    return failure.repair("bad-date", message, (), None, shapes)


def _iso(year: str, month: str, day: str) -> str | None:
    if len(year) != 4 or len(month) > 2 or len(day) > 2:
        return None
    text = f"{year}-{month:>02}-{day:>02}"
    return text if literals.instant(text) is not None else None


def _uuid(failure: Failure, text: str) -> Repair | None:
    return (
        failure.repair("bad-product", "a product id is written in quotes")
        if re.match(r"[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-", text)
        else None
    )


def _as_text(failure: Failure, text: str) -> Repair | None:
    """Anything else: perhaps text, if it is a run with letters."""
    digits = text.lstrip("+-")
    message = f"`{shown(text)}` is not a number"
    for wrong, way_out in (
        (digits[:2].lower() in ("0x", "0b", "0o"), "write it in decimal"),
        ("_" in digits, "write it without `_`"),
        (digits.lower() in ("infinity", "inf", "nan"), "use a finite number"),
        (digits.endswith(".") and digits[:-1].isdigit(), "write a digit after the point, or no point"),
        (
            re.fullmatch(r"[0-9]+(\.[0-9]+){2,}", digits) is not None and failure.word(failure.at - 1) in _ORDER,
            _VERSION,
        ),
        (re.fullmatch(r"[0-9.]+[+-][0-9.+-]+", digits) is not None, "there is no arithmetic; text goes in quotes"),
    ):
        if wrong:
            return failure.repair("bad-number", message, (), None, way_out)
    end = end_of_words(failure, failure.at) or failure.at + 1
    raw = failure.written(failure.at, end - 1)
    edits = [TokenEdit(failure.at, end, quote(raw))]
    title = None
    help_: tuple[str, ...] = (NUMBER_HELP,)
    if (
        re.search(r"[A-Za-z:]|\..*\.", raw)
        and not (_SIGNS_INSIDE.search(raw) and not _COLONS.fullmatch(raw))
        and failure.word(failure.at - 1) not in _ORDER
    ):
        title, help_ = f"if it is text, write `{shown(quote(raw))}`", ()
    return failure.repair("bad-number", message, edits, title, *help_, span=failure.between(failure.at, end - 1))


_ODD_NUMBERS: list[Callable[[Failure, str], Repair | None]] = [_uuid, _date, _duration, _plain_number, _as_text]


# ── products, presets, dates of scope clauses ──────────────────────────────────────────────────────────────────────


def in_clause(failure: Failure) -> Repair | None:
    """A value of a scope clause in another form."""
    if failure.clause < 0 or failure.kind == "$END":
        return None
    at = failure.at
    if failure.expected & VALUES == {"STRING", "PARAMETER"}:
        return _product(failure)
    if failure.expected == {"DATE", "PARAMETER"}:
        return _clause_date(failure)
    if failure.expected == {"DURATION", "ALL", "PARAMETER"}:
        return _preset(failure)
    if failure.expected == {"PRODUCT"}:
        return _for_period(failure)
    keyword = failure.word(failure.clause)
    if (
        failure.before() in ("DATE",)
        and failure.word(at) in ("until", "till", "through", "-", "and")
        and keyword == "from"
    ):
        edits = [TokenEdit(at, at + 1, "to")]
        return failure.repair("foreign-operator", f"there is no `{failure.token.text}`", edits, "use `to`", safe=True)
    return None


def _for_period(failure: Failure) -> Repair | None:
    """`for 30 days`."""
    first = failure.at
    while failure.word(first) in ("the", "last", "past", "previous"):
        first += 1
    last = first + (failure.kind_of(first) == "NUMBER")
    length = duration_of(failure.written(first, last)) if failure.kind_of(first) in ("NUMBER", "DURATION") else None
    if length not in PRESETS or failure.kind_of(failure.clause - 1) not in (*VALUES, "RPAR", "RSQB"):
        return None
    edits = [TokenEdit(failure.clause, last + 1, f"during {length}")]
    message = f"`{shown(failure.written(failure.clause, last))}` is not how a period is written"
    return failure.repair(
        "unexpected-token", message, edits, f"write `during {length}`", span=failure.between(failure.clause, last)
    )


def _product(failure: Failure) -> Repair | None:
    help_ = 'a product id is a UUID in quotes, such as "182bd5e5-6e1a-4fe4-a799-aa6d9a6ab26e"'
    start = failure.span.start
    found = _UUID.match(failure.source.text, start)
    if found:
        end = (
            next(
                (n for n in range(failure.at, len(failure.tokens)) if failure.tokens[n].span.end >= found.end()),
                failure.at,
            )
            + 1
        )
        edits = [TokenEdit(failure.at, end, quote(found[0]))]
        return failure.repair(
            "bad-product",
            "a product id is written in quotes",
            edits,
            f"write `{quote(found[0])}`",
            span=Span(start, found.end()),
            safe=True,
        )
    if failure.kind == STRING:
        return None
    return failure.repair("bad-product", "expected a product id in quotes", (), None, help_)


def _clause_date(failure: Failure) -> Repair | None:
    text = failure.token.text
    at = failure.at
    if (
        failure.kind == "NUMBER"
        and failure.word(at - 1) == "from"
        and failure.word(at + 1) == "to"
        and failure.kind_of(at + 2) == "NUMBER"
    ):
        edits = [TokenEdit(at - 1, at, "between"), TokenEdit(at + 1, at + 2, "and")]
        span = failure.between(at - 1, at + 2)
        return failure.repair("bad-date", "`from` and `to` take dates", edits, RANGE_HELP, span=span)
    if failure.kind == "STRING":
        try:
            day = literals.date(literals.unquote(text))
        except LiteralError:
            return failure.repair("bad-date", f"`{shown(text)}` is not a date", (), None, DATE_HELP)
        edits = [TokenEdit(failure.at, failure.at + 1, day)]
        return failure.repair("bad-date", "a date is written without quotes", edits, f"write `{day}`", safe=True)
    if failure.kind == NUMBER:
        return _date(failure, text)
    if failure.kind in VALUES:
        return failure.repair("bad-date", f"`{shown(text)}` is not a date", (), None, DATE_HELP)
    return None


def _preset(failure: Failure) -> Repair | None:
    if failure.kind in OPENING:
        return None
    text, first = failure.token.text, failure.at
    while failure.word(first) in ("the", "last", "past", "previous"):
        first += 1
    number = failure.kind_of(first) in ("NUMBER", NUMBER, "DURATION")
    last = first + (failure.kind_of(first) == "NUMBER" and failure.is_word(first + 1)) if number else failure.at
    raw = failure.written(failure.at, last) if number else text
    length = duration_of(failure.written(first, last) if number else literals_text(raw))
    span = failure.between(failure.at, last)
    message = f"`during` does not take `{shown(raw)}`"
    if length in PRESETS:
        edits = [TokenEdit(failure.at, last + 1, str(length))]
        return failure.repair("bad-duration", message, edits, f"write `{length}`", span=span, safe=True)
    return failure.repair("bad-duration", message, (), None, "it takes 7d, 30d, 90d or all", span=span)


def literals_text(written: str) -> str:
    """The text without quotes around it."""
    return written[1:-1] if written[:1] in ('"', "'") else written
