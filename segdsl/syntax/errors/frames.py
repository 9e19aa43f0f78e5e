"""Text around an expression: quotes, fences, comments, `WHERE` before it, `ORDER BY` after it."""

import re

from segdsl.diagnostics import Diagnostic, Edit, Fix
from segdsl.source import Source, Span
from segdsl.syntax.actions import ParseContext
from segdsl.syntax.driver import run
from segdsl.syntax.errors.failure import OPERATORS, Failure, Repair, TokenEdit, shown
from segdsl.syntax.errors.foreign import HEADS, SUBJECTS, TAILS
from segdsl.syntax.errors.tokens import NAME, SIGN
from segdsl.syntax.lexer import tokens as fused_tokens
from segdsl.syntax.nodes import Expression

_JSON = re.compile(r"\s*(?:\{\s*(?:[\"'{}]|$|[$A-Za-z_][\w$.]*\s*:)|\[\s*[\[{\"])")
_LIST_CALL = re.compile(r"\s*\[[^\[\]{}]*+\]\s*\.[A-Za-z]")
_INVISIBLE = frozenset("\u200b\u200c\u200d\u200e\u200f\u2060\ufeff")
_ALONE = "write the condition alone"
_LONGEST_HEAD = 60
"""Tokens after `SELECT` among which `WHERE` is looked for."""


def json_text(source: Source) -> Diagnostic | None:
    """A text in JSON, which is not read as an expression at all."""
    text = source.text
    if not _JSON.match(text) or _LIST_CALL.match(text) or (text.lstrip()[0] == "{" and text.lstrip()[:2] == "{{"):
        return None
    start = len(text) - len(text.lstrip())
    help_ = 'write the condition itself, such as `plan == "pro" and seats > 10`'
    if re.search(r"[\"']rules[\"']\s*:", text):
        help_ = "`segdsl decompile` (in Python `segdsl.decompile`) makes an expression of filters in JSON"
    message = "this is JSON, not an expression"
    return Diagnostic.of("unexpected-token", message, Span(start, len(text.rstrip())), source, help_)


def empty(failure: Failure) -> Repair | None:
    """A text with only blanks and comments."""
    if failure.kind != "$END" or failure.at > 0:
        return None
    help_ = "say who is in the segment: `rating > 3`"
    return failure.repair("empty-expression", "the expression is empty", (), None, help_)


def whole_in_quotes(failure: Failure) -> Repair | None:
    """A whole expression in quotes."""
    if failure.kind != "$END" or failure.at != 1 or failure.before() != "STRING":
        return None
    token = failure.tokens[0]
    inside = token.text[1:-1]
    if "\\" in inside or not isinstance(run(ParseContext(inside, fused_tokens(inside))), Expression):
        return None
    start, end = token.span.start, token.span.end
    quotes = (Edit(Span(start, start + 1), ""), Edit(Span(end - 1, end), ""))
    fix = Fix("leave out the quotes around the expression", quotes)
    return failure.repair("bad-comparison", "a literal alone is not a condition", (), None, fix, span=token.span)


# ── text that is not part of an expression ────────────────────────────────────────────────────────────────────────────


def invisible_blank(failure: Failure) -> Repair | None:
    """Characters that only look like blanks; all of them are fixed at once."""
    if failure.kind != "?blank":
        return None
    blanks = failure.numbers_of("?blank")
    message = f"the character U+{ord(failure.token.text[0]):04X} means nothing here"
    replaced = [Edit(failure.tokens[n].span, "" if {*failure.tokens[n].text} <= _INVISIBLE else " ") for n in blanks]
    fix = Fix("write plain blanks: spaces, tabs and line breaks", tuple(replaced), safe=True)
    return failure.repair("unknown-character", message, [TokenEdit(n, n + 1, "") for n in blanks], None, fix)


def fence(failure: Failure) -> Repair | None:
    """The fences of a code block."""
    if failure.kind != "?fence":
        return None
    edits = [TokenEdit(n, n + 1, "") for n in failure.numbers_of("?fence")]
    message = "the fence of a code block is not part of the expression"
    return failure.repair("unknown-character", message, edits, "leave out the fences", safe=True)


def placeholder(failure: Failure) -> Repair | None:
    """`{{plan}}`, `?`: placeholders."""
    is_question_mark = failure.kind == SIGN and failure.token.text == "?" and failure.wants_value
    if failure.kind != "?placeholder" and not is_question_mark:
        return None
    message = f"`{shown(failure.token.text)}` is a placeholder of another program"
    return failure.repair("unexpected-token", message, (), None, "write the value, or a parameter such as `$plan`")


def comment(failure: Failure) -> Repair | None:
    """`// …` and `-- …`: comments of other languages."""
    start = failure.span.start
    sign = failure.source.text[start : start + 2]
    if failure.kind not in (SIGN, NAME) or sign not in ("//", "--", "/*"):
        return None
    line = re.compile(r"[^\r\n]*").match(failure.source.text, start)
    end = next(
        n
        for n in range(failure.at, len(failure.tokens))
        if failure.kind_of(n) == "$END" or line is None or failure.tokens[n].span.start >= line.end()
    )
    if not failure.is_complete and (failure.at > 0 or failure.kind_of(end) == "$END"):
        return None
    span = Span(start, start + 2)
    message, title = f"`{sign}` does not begin a comment", "a comment begins with `#`"
    if sign == "/*":
        return failure.repair("foreign-operator", message, (), None, f"{title} and ends with its line", span=span)
    fix = Fix(title, (Edit(span, "#"),), safe=True)
    return failure.repair("foreign-operator", message, [TokenEdit(failure.at, end, "")], None, fix, span=span)


# ── before the expression ──────────────────────────────────────────────────────────────────────────────────────────


def equals_sign(failure: Failure) -> Repair | None:
    """The `=` at the beginning of a spreadsheet formula."""
    if failure.at or failure.kind != "COMPARE" or failure.token.text != "=" or not failure.is_word(1):
        return None
    message = "an expression begins without `=`"
    return failure.repair("unexpected-token", message, [TokenEdit(0, 1, "")], "leave out `=`", safe=True)


def head(failure: Failure) -> Repair | None:
    """`WHERE`, `IF`, `SELECT … WHERE`."""
    first = failure.word(0)
    if first not in HEADS or failure.kind_of(1) in OPERATORS or failure.begin or not 0 < failure.at <= _LONGEST_HEAD:
        return None
    limit = min(len(failure.tokens), _LONGEST_HEAD)
    where = next((n for n in range(1, limit) if failure.word(n) in ("where", "having")), None)
    last = 0 if first in ("where", "if", "when", "having") else where
    if last is None and first != "select" and failure.is_comparison(1):  # `find seats > 5`
        last = 0
    if last is None and first == "select" and failure.is_word(1):
        message, span = f"there is no `{failure.tokens[0].text}`", failure.tokens[0].span
        return failure.repair("foreign-operator", message, (), None, _ALONE, span=span)
    if last is None or failure.kind_of(last + 1) == "$END":
        return None
    words = {failure.word(number) for number in range(last)}
    table = next((failure.word(number + 1) for number in range(last) if failure.word(number) == "from"), "users")
    is_safe = first in ("where", "select", "having") and table in SUBJECTS
    return without(failure, last, safe=is_safe, chooses=not words.isdisjoint(_CHOOSE))


_CHOOSE = frozenset("top join limit distinct".split())
"""Words of a head that chooses users, too."""


def without(failure: Failure, last: int, *, safe: bool = False, chooses: bool = False) -> Repair:
    """An expression that begins after the token `last`."""
    message = f"an expression begins without `{shown(failure.written(0, last))}`"
    edits, span = [TokenEdit(0, last + 1, "")], failure.between(0, last)
    if chooses:
        help_ = "a segment is all users for whom a condition holds, and only the condition can be said"
        return failure.repair("foreign-operator", message, edits, None, help_, span=span)
    return failure.repair("foreign-operator", message, edits, _ALONE, span=span, safe=safe)


# ── after the expression ───────────────────────────────────────────────────────────────────────────────────────────


def tail(failure: Failure) -> Repair | None:
    """`ORDER BY …`, `THEN`, `LIMIT 10`, `;` after the expression."""
    at = failure.at
    if not failure.is_complete and failure.clause < 0:
        return None
    word, is_last = failure.word(at), failure.kind_of(at + 1) == "$END"
    if not (word in TAILS or (word in (";", ".") and is_last)):
        return None
    if word == "then" and not is_last:
        return failure.repair("foreign-operator", "an expression has no `then`", (), None, _ALONE)
    end = len(failure.tokens) - 1
    message = f"an expression has no `{shown(failure.token.text)}`" if word in TAILS else f"`{word}` means nothing here"
    title = f"leave out `{shown(failure.written(at, end - 1))}`"
    span = failure.between(at, end - 1)
    return failure.repair("foreign-operator", message, [TokenEdit(at, end, "")], title, span=span)
