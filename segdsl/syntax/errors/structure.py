"""How conditions are put together in other languages: frames around them, brackets, what joins them, calls."""

import re
from collections.abc import Sequence

from segdsl.diagnostics import Diagnostic, Edit, Fix, Note
from segdsl.source import Source, Span
from segdsl.syntax import literals
from segdsl.syntax.actions import ParseContext
from segdsl.syntax.driver import run
from segdsl.syntax.errors.expected import CONNECTIVES, VALUES
from segdsl.syntax.errors.failure import OPENING, OPERATORS, Failure, Repair, TokenEdit, shown
from segdsl.syntax.errors.foreign import (
    ABSENCE_CALLS,
    CASE,
    CASTS,
    ENDS,
    HEADS,
    LENGTH,
    LONGEST_PHRASE,
    NOWS,
    PATTERNS,
    PHRASES,
    PRESENCE,
    SIGNED_WORDS,
    STARTS,
    SUBJECTS,
    TAILS,
    TIMES,
)
from segdsl.syntax.errors.moments import ONLY_LAST_SEEN
from segdsl.syntax.errors.operators import ANYWHERE, BEGINNINGS, NO_PATTERNS, NOT_CONTAINS, presence
from segdsl.syntax.errors.tokens import NAME, NUMBER, SIGN, STRING, Token, content
from segdsl.syntax.lexer import tokens as fused_tokens
from segdsl.syntax.literals import LiteralError, quote
from segdsl.syntax.nodes import Expression

_JSON = re.compile(r"\s*(?:\{\s*(?:[\"'{}]|$|[$A-Za-z_][\w$.]*\s*:)|\[\s*[\[{\"])")
_FUNCTION = "there are no functions"


# ── the whole text ─────────────────────────────────────────────────────────────────────────────────────────────────


def json_text(source: Source) -> Diagnostic | None:
    """A text in JSON, which is not read as an expression at all."""
    text = source.text
    if not _JSON.match(text) or (text.lstrip()[0] == "{" and text.lstrip()[:2] == "{{"):
        return None
    start = len(text) - len(text.lstrip())
    help_ = 'write the condition itself, such as `plan == "pro" and seats > 10`'
    if re.search(r"[\"']rules[\"']\s*:", text):
        help_ = "`segdsl decompile` (in Python `segdsl.decompile`) makes an expression of filters in JSON"
    return Diagnostic.of(
        "unexpected-token", "this is JSON, not an expression", Span(start, len(text.rstrip())), source, help_
    )


def empty(failure: Failure) -> Repair | None:
    """Nothing but blanks and comments."""
    if failure.kind != "$END" or failure.at > 0:
        return None
    return failure.repair(
        "empty-expression", "the expression is empty", (), None, "say who is in the segment: `rating > 3`"
    )


def whole_in_quotes(failure: Failure) -> Repair | None:
    """An expression that stands in quotes as a whole."""
    if failure.kind != "$END" or failure.at != 1 or failure.before() != "STRING":
        return None
    token = failure.tokens[0]
    inside = token.text[1:-1]
    if "\\" in inside or not isinstance(run(ParseContext(inside, fused_tokens(inside))), Expression):
        return None
    start, end = token.span.start, token.span.end
    fix = Fix(
        "leave out the quotes around the expression", (Edit(Span(start, start + 1), ""), Edit(Span(end - 1, end), ""))
    )
    return failure.repair("bad-comparison", "a literal alone is not a condition", (), None, fix, span=token.span)


def invisible_blank(failure: Failure) -> Repair | None:
    """A blank that only looks like one; all of them are mended at once."""
    if failure.kind != "?blank":
        return None
    blanks = [number for number in range(failure.at, len(failure.tokens)) if failure.tokens[number].kind == "?blank"]
    edits = [TokenEdit(number, number + 1, "") for number in blanks]
    character = failure.token.text[0]
    message = f"the character U+{ord(character):04X} means nothing here"
    replaced = [Edit(failure.tokens[n].span, _plain_blank(failure.tokens[n].text)) for n in blanks]
    fix = Fix("write plain blanks: spaces, tabs and line breaks", tuple(replaced), safe=True)
    return failure.repair("unknown-character", message, edits, None, fix)


def _plain_blank(text: str) -> str:
    return "" if all(character in "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff" for character in text) else " "


def fence(failure: Failure) -> Repair | None:
    """The fences of a code block."""
    if failure.kind != "?fence":
        return None
    edits = [
        TokenEdit(n, n + 1, "") for n in range(failure.at, len(failure.tokens)) if failure.tokens[n].kind == "?fence"
    ]
    return failure.repair("unknown-character", "the fence of a code block is not part of the expression", edits,
                          "leave out the fences", safe=True)  # fmt: skip


def head(failure: Failure) -> Repair | None:
    """`WHERE`, `IF`, `SELECT … WHERE` before the expression."""
    tokens = failure.tokens
    if failure.at == 0 and failure.kind == "COMPARE" and failure.token.text == "=" and failure.is_word(1):
        return failure.repair(
            "unexpected-token", "an expression begins without `=`", [TokenEdit(0, 1, "")], "leave out `=`", safe=True
        )
    if failure.word(0) in SUBJECTS and failure.begin == 0 and failure.at < 6:
        last = next(
            (n for n in range(1, 5) if failure.word(n) in ("where", "with", "whose", "having", "who", "that", "if")),
            None,
        )
        if last is not None:
            last += failure.word(last + 1) in ("have", "has", "are", "is") and failure.is_comparison(last + 2)
            word = failure.written(0, last)
            message = f"an expression begins without `{shown(word)}`"
            return failure.repair(
                "foreign-operator",
                message,
                [TokenEdit(0, last + 1, "")],
                "write the condition alone",
                span=failure.between(0, last),
            )
    if failure.at == 0 or failure.at > 60 or failure.word(0) not in HEADS or failure.kind_of(1) in OPERATORS:
        return None
    if failure.begin != 0:
        return None
    where = next((n for n in range(1, min(len(tokens), 60)) if failure.word(n) in ("where", "having")), None)
    if failure.word(0) in ("select", "query", "filter", "find", "show", "segment", "let"):
        if where is None and failure.word(0) == "select" and failure.is_word(1):
            message = f"there is no `{failure.tokens[0].text}`"
            span = failure.tokens[0].span
            return failure.repair("foreign-operator", message, (), None, "write the condition alone", span=span)
        if where is None:
            return None
        last = where
    else:
        last = 0
    if failure.kind_of(last + 1) == "$END":
        return None
    word = failure.written(0, last)
    message = f"an expression begins without `{shown(word)}`"
    safe, span = failure.word(0) in ("where", "select", "having"), failure.between(0, last)
    edits = [TokenEdit(0, last + 1, "")]
    return failure.repair("foreign-operator", message, edits, "write the condition alone", span=span, safe=safe)


def tail(failure: Failure) -> Repair | None:
    """`ORDER BY …`, `THEN`, `LIMIT 10`, `;` after the expression."""
    at = failure.at
    if not failure.is_complete and failure.clause < 0:
        return None
    word = failure.word(at)
    if not (word in TAILS or (word in (";", ".") and failure.kind_of(at + 1) == "$END")):
        return None
    if word == "then" and failure.kind_of(at + 1) not in ("$END",):
        return failure.repair("foreign-operator", "an expression has no `then`", (), None, "write the condition alone")
    end = len(failure.tokens) - 1
    written = shown(failure.written(at, end - 1))
    message = f"an expression has no `{shown(failure.token.text)}`" if word in TAILS else f"`{word}` means nothing here"
    return failure.repair("foreign-operator", message, [TokenEdit(at, end, "")], f"leave out `{written}`",
                          span=failure.between(at, end - 1))  # fmt: skip


def placeholder(failure: Failure) -> Repair | None:
    """`{{plan}}`, `?`: something to be filled in."""
    if failure.kind != "?placeholder" and not (
        failure.kind == SIGN and failure.token.text == "?" and failure.wants_value
    ):
        return None
    message = f"`{shown(failure.token.text)}` is a placeholder of another program"
    return failure.repair("unexpected-token", message, (), None, "write the value, or a parameter such as `$plan`")


# ── brackets ───────────────────────────────────────────────────────────────────────────────────────────────────────


def square_brackets(failure: Failure) -> Repair | None:
    """`[…]` or `{…}` around conditions."""
    if not (failure.kind == "LSQB" or failure.token.text == "{") or not failure.stack.begins_condition:
        return None
    at, opening = failure.at, failure.token.text
    if failure.kind == "LSQB":
        end = failure.partner(at)
    else:
        end = next((n for n in range(at, len(failure.tokens)) if failure.tokens[n].text == "}"), None)
    message = f"`{opening}` does not open a group of conditions"
    if end is None or end == at + 1:
        return failure.repair("unexpected-token", message, (), None, "conditions are grouped with `( )`")
    if end == at + 2 and failure.kind_of(at + 1) == "NAME" and failure.kind_of(end + 1) in OPERATORS | {"NOT"}:
        edits = [TokenEdit(at, at + 1, ""), TokenEdit(end, end + 1, "")]
        return failure.repair(
            "unexpected-token", "a name stands without brackets", edits, "leave out the brackets", safe=True
        )
    edits = [TokenEdit(at, at + 1, "("), TokenEdit(end, end + 1, ")")]
    return failure.repair("unexpected-token", message, edits, "conditions are grouped with `( )`", safe=True)


def unopened(failure: Failure) -> Repair | None:
    """A bracket that closes nothing."""
    if failure.kind not in OPENING or failure.open_bracket() is not None:
        return None
    opening = "(" if failure.kind == "RPAR" else "["
    message = f"`{failure.token.text}` has no `{opening}` before it"
    if not failure.is_complete:
        return failure.repair("unexpected-token", message)
    return failure.repair(
        "unexpected-token", message, [TokenEdit(failure.at, failure.at + 1, "")], f"leave out `{failure.token.text}`"
    )


def unclosed(failure: Failure) -> Repair | None:
    """The end, or a connective, where a bracket is still open and could be closed."""
    opening = failure.open_bracket()
    closes = failure.expected & {"RPAR", "RSQB"}
    if (
        opening is None
        or not closes
        or not (failure.kind == "$END" or (failure.kind in CONNECTIVES and not failure.is_complete))
    ):
        return None
    sign = ")" if failure.kind_of(opening) == "LPAR" else "]"
    note = Note("it is opened here", failure.tokens[opening].span, failure.source)
    edits = [TokenEdit(failure.at, failure.at, sign)]
    joins = {_connective(failure, n) for n in range(opening, failure.at) if failure.kind_of(n) in CONNECTIVES}
    title = f"close it with `{sign}`" if len(joins) < 2 else None
    return failure.repair("unexpected-end", f"`{sign}` is missing", edits, title, notes=(note,))


def _connective(failure: Failure, number: int) -> str:
    return "and" if failure.kind_of(number) in ("AND", "AMPERSANDS") else "or"


# ── what joins conditions ──────────────────────────────────────────────────────────────────────────────────────────


def doubled_connective(failure: Failure) -> Repair | None:
    """`and and`, `, and`, `and` at the end."""
    at = failure.at
    if failure.kind in CONNECTIVES and failure.before() in CONNECTIVES and failure.begin == at:
        if _connective(failure, at) != _connective(failure, at - 1):
            return failure.repair("unexpected-token", f"expected a condition, found `{failure.token.text}`")
        edits = [TokenEdit(at, at + 1, "")]
        message = f"`{failure.token.text}` stands twice"
        return failure.repair("unexpected-token", message, edits, f"leave out one `{failure.token.text}`", safe=True)
    return None


def dangling_connective(failure: Failure) -> Repair | None:
    """`and and` where the second was taken for a name, and a connective at the end."""
    at = failure.at
    if failure.before() in CONNECTIVES and failure.before(2) in CONNECTIVES and failure.begin == at - 1:
        if _connective(failure, at - 1) != _connective(failure, at - 2):
            return None
        word = failure.tokens[at - 1].text
        edits = [TokenEdit(at - 1, at, "")]
        return failure.repair("unexpected-token", f"`{word}` stands twice", edits, f"leave out one `{word}`",
                              span=failure.tokens[at - 1].span, safe=True)  # fmt: skip
    if failure.kind in ("$END", "RPAR") and failure.before() in CONNECTIVES and failure.begin == at and at > 1:
        word = failure.tokens[at - 1].text
        edits = [TokenEdit(at - 1, at, "")]
        code = "unexpected-end" if failure.kind == "$END" else "unexpected-token"
        found = "but the expression ends here" if failure.kind == "$END" else "found `)`"
        return failure.repair(code, f"expected a condition, {found}", edits, f"leave out the last `{word}`")
    return None


def exception(failure: Failure) -> Repair | None:
    """`except staff`, `but not staff`, `without`, `unless`, `excluding`, `plus`."""
    word, at = failure.word(failure.at), failure.at
    if not failure.is_complete or failure.at == failure.begin:
        return None
    nots = {"except": "and not", "excluding": "and not", "without": "and not", "unless": "and not", "minus": "and not"}
    if word in ("xor", "nor"):
        return failure.repair(
            "foreign-operator",
            f"there is no `{failure.token.text}`",
            (),
            None,
            "write `(a and not b) or (b and not a)`",
        )
    if word in nots and (failure.is_word(at + 1) or failure.kind_of(at + 1) in ("LPAR", "DEFINITION")):
        last = at + 1 + (failure.word(at + 1) in ("for", "if", "when"))
        edits = [TokenEdit(at, last, nots[word])]
        return failure.repair("foreign-operator", f"there is no `{failure.token.text}`", edits, "use `and not`")
    if word in ("but", "plus", "also", "yet") and (failure.is_word(at + 1) or failure.kind_of(at + 1) == "LPAR"):
        last = at + 1 + (failure.word(at + 1) in ("and", "also"))
        return failure.repair(
            "foreign-operator", f"there is no `{failure.token.text}`", [TokenEdit(at, last, "and")], "use `and`"
        )
    return None


def comma(failure: Failure) -> Repair | None:
    """`,` and `;` between conditions."""
    at, text = failure.at, failure.token.text
    if text not in (",", ";") or not failure.is_complete or (failure.at - failure.begin < 2 and text == ","):
        return None
    if failure.kind_of(at + 1) in CONNECTIVES:  # `a, and b`
        return failure.repair("unexpected-token", f"expected `and`, `or` or the end, found `{text}`",
                              [TokenEdit(at, at + 1, "")], f"leave out `{text}`", safe=True)  # fmt: skip
    code, message = "unexpected-token" if text == "," else "unknown-character", f"`{text}` does not join conditions"
    # without a blank, or between parentheses, it may be the `or` of FIQL
    if text == "," and failure.kind_of(at + 1) in VALUES and failure.before() in VALUES:
        return failure.repair(code, message, (), None, "several values go in a list: `name in [1, 2]`")
    may_be_or = text == "," and (failure.touches(at + 1) or failure.open_bracket() is not None)
    if may_be_or or not _begins_condition(failure, at + 1):
        return failure.repair(code, message, (), None, "join conditions with `and` or `or`")
    return failure.repair(code, message, [TokenEdit(at, at + 1, "and")], "join conditions with `and` or `or`")


def _begins_condition(failure: Failure, number: int) -> bool:
    kind = failure.kind_of(number)
    return (
        failure.is_comparison(number)
        or kind in ("LPAR", "NOT", "BANG", "DEFINITION")
        or (kind in ("NAME", NAME) and failure.kind_of(number + 1) in ("NAME", "$END", "COMMA", "LPAR", *CONNECTIVES))
    )


def excluded(failure: Failure) -> Repair | None:
    """`-plan:free` at the beginning of a condition."""
    at = failure.at
    if failure.kind != SIGN or not failure.stack.begins_condition or failure.word(at + 1) != ":":
        return None
    found = re.fullmatch(r"-([A-Za-z_][A-Za-z0-9_]*)", failure.token.text)
    if found is None or found[1].lower() in ("is", "has", "no"):
        return None
    edits = [TokenEdit(at, at + 2, f"{found[1]} !=")]
    span = failure.between(at, at + 1)
    return failure.repair(
        "foreign-operator", f"`{failure.written(at, at + 1)}` is not an operator here", edits, "use `!=`", span=span
    )


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
    message = f"`{sign}` does not begin a comment"
    if sign == "/*":
        return failure.repair(
            "foreign-operator", message, (), None, "a comment begins with `#` and ends with its line", span=span
        )
    fix = Fix("a comment begins with `#`", (Edit(span, "#"),), safe=True)
    return failure.repair("foreign-operator", message, [TokenEdit(failure.at, end, "")], None, fix, span=span)


def without_connective(failure: Failure) -> Repair | None:
    """Two complete conditions side by side."""
    at = failure.at
    if not failure.is_complete or failure.at - failure.begin < 2 or failure.clause >= 0:
        return None
    message = f"expected `and`, `or` or the end, found `{shown(failure.token.text)}`"
    if failure.kind == SIGN and re.fullmatch(r"-[A-Za-z]+", failure.token.text) and failure.word(at + 1) == ":":
        name = failure.token.text[1:]
        edits = [TokenEdit(at, at + 2, f"and {name} !=")]
        return failure.repair("unexpected-token", message, edits, "join conditions with `and`; `!=` leaves out a value")
    if failure.kind == SIGN and failure.token.text == "-" and failure.is_word(at + 1) and failure.word(at + 2) == ":":
        edits = [TokenEdit(at, at + 1, "and"), TokenEdit(at + 2, at + 3, "!=")]
        return failure.repair("unexpected-token", message, edits, "join conditions with `and`; `!=` leaves out a value")
    if failure.is_comparison(at) or (failure.kind == "LPAR" and failure.before() in ("RPAR", *VALUES)):
        if failure.word(at - 1) in ("<", ">") or _mixes(failure):
            return failure.repair(
                "unexpected-token", message, [TokenEdit(at, at, "and")], None, "join conditions with `and` or `or`"
            )
        return failure.repair(
            "unexpected-token", message, [TokenEdit(at, at, "and")], "join conditions with `and` or `or`"
        )
    return None


def _mixes(failure: Failure) -> bool:
    """Whether `or` stands beside, so that an `and` could bind in another way than was meant."""
    depth = 0
    for number in range(failure.at - 1, -1, -1):
        kind = failure.kind_of(number)
        depth += (kind in OPENING) - (kind in OPENING.values())
        if depth < 0:
            return False
        if depth == 0 and kind in ("OR", "BARS"):
            return True
    return False


def missing_name(failure: Failure) -> Repair | None:
    """`seats > 5 and < 9`: a comparison without its name."""
    at = failure.at
    if failure.kind not in ("COMPARE", "IN", "CONTAINS") or failure.begin != at:
        return None
    name = _name_before(failure, at - 1)
    message = f"expected a name, found `{failure.token.text}`"
    help_ = "say the name again: `seats > 1 and seats < 5`"
    if name is None or failure.kind_of(at + 1) not in VALUES | {"LPAR", "LSQB"} or failure.before() not in CONNECTIVES:
        return failure.repair("unexpected-token", message, (), None, *((help_,) if name else ()))
    return failure.repair(
        "unexpected-token",
        message,
        [TokenEdit(at, at, name)],
        f"say the name again: `{shown(name)} {failure.token.text} …`",
    )


def phrase_without_name(failure: Failure) -> Repair | None:
    """`and less than 20`."""
    first = failure.begin
    for length in range(LONGEST_PHRASE, 1, -1):
        operator = PHRASES.get(tuple(failure.word(number) for number in range(first, first + length)))
        name = _name_before(failure, first - 1)
        end = first + length
        if operator and name and failure.at <= end and failure.kind_of(end) in VALUES:
            message = f"expected a name, found `{shown(failure.written(first, end - 1))}`"
            edits = [TokenEdit(first, end, f"{name} {operator}")]
            title = f"say the name again: `{shown(name)} {operator} …`"
            return failure.repair("unexpected-token", message, edits, title, span=failure.between(first, end - 1))
    return None


def _name_before(failure: Failure, connective: int) -> str | None:
    """The name of the comparison before a connective."""
    if failure.kind_of(connective) not in CONNECTIVES:
        return None
    first = connective - 1
    while (
        first > 0
        and failure.kind_of(first - 1) not in (*CONNECTIVES, "LPAR", "NOT", "BANG")
        and first > connective - 12
    ):
        first -= 1
    if failure.kind_of(first) == "NAME" and failure.kind_of(first + 1) in OPERATORS | {"NOT"}:
        return failure.tokens[first].text
    return None


# ── literals where conditions should be ────────────────────────────────────────────────────────────────────────────

_COMPARISONS = {"DURATION": "lastSeen within {}", "DATE": 'name == "{}"'}
"""A comparison for a literal that no property equals."""


def literal_first(failure: Failure) -> Repair | None:
    """A literal that is not compared with a name: alone, before `in`, or a name in quotes."""
    if failure.expected != {"COMPARE"} and not (failure.expected == {"NAME"} and failure.before(2) == "STRING"):
        return None
    if failure.expected == {"NAME"}:
        return name_in_quotes(failure, failure.at - 2)
    at = failure.at
    literal = failure.tokens[at - 1]
    if failure.kind in ("IN", "CONTAINS", "BETWEEN", "IS", "WITHIN", "BEFORE") or (
        failure.kind == "NOT" and failure.kind_of(at + 1) in ("IN", "CONTAINS")
    ):
        negated = failure.kind == "NOT"
        following = at + 1 + negated
        if (
            failure.kind_of(at + negated) == "IN"
            and failure.kind_of(following) == "NAME"
            and literal.kind in ("STRING", "PARAMETER")
        ):
            return _literal_in_name(failure, at, following, negated)
        if failure.kind == "CONTAINS" and failure.kind_of(following) == "NAME":
            return failure.repair("bad-comparison", "the name comes first", (), None, 'write `company contains "text"`')
        if literal.kind == "STRING":
            return name_in_quotes(failure, at - 1)
    if (more := repeated_value(failure)) is not None:
        return more
    if literal.kind == "STRING" and failure.kind in ("NAME", NAME) and (phrase := PHRASES.get((failure.word(at),))):
        return name_in_quotes(failure, at - 1, f" {phrase}")
    return _alone(failure, literal)


def _literal_in_name(failure: Failure, at: int, name: int, negated: bool) -> Repair:
    """`"nordic" in company`."""
    text = f"{failure.tokens[name].text} contains {failure.tokens[at - 1].text}"
    span = failure.between(at - 1, name)
    if negated:
        return failure.repair("foreign-operator", f"the name comes first; {NOT_CONTAINS}", span=span)
    edits = [TokenEdit(at - 1, name + 1, text)]
    help_ = f"for a value that is one of several write `{failure.tokens[name].text} in [{failure.tokens[at - 1].text}]`"
    return failure.repair("bad-comparison", "the name comes first", edits, f"write `{shown(text)}`", help_, span=span)


def name_in_quotes(failure: Failure, at: int, _: str = "") -> Repair | None:
    """`"plan" == "pro"`: a name in quotes before an operator."""
    try:
        name = literals.unquote(failure.tokens[at].text)
    except LiteralError:
        return None
    message, span = "a name stands without quotes", failure.tokens[at].span
    if re.fullmatch(r"[A-Za-z_][A-Za-z0-9_-]*(?:\.[A-Za-z0-9_][A-Za-z0-9_-]*)*", name) and name.lower() not in (
        "not",
        "true",
        "false",
        "user",
        "conversation",
    ):
        return failure.repair(
            "bad-comparison", message, [TokenEdit(at, at + 1, name)], f"write `{shown(name)}`", span=span
        )
    if re.fullmatch(r"[A-Za-z0-9._-]+", name):
        text = f'user["{name}"]'
        return failure.repair(
            "bad-comparison", message, [TokenEdit(at, at + 1, text)], f"write `{shown(text)}`", span=span
        )
    help_ = "a name holds only letters, digits, `.`, `-` and `_`; the API takes no other keys"
    return failure.repair("bad-comparison", f"`{shown(name)}` cannot be a name", (), None, help_, span=span)


def repeated_value(failure: Failure) -> Repair | None:
    """`market == "NO" or "SE" or "DK"`: further values of the comparison before."""
    first = failure.begin
    if failure.kind_of(first - 1) not in CONNECTIVES or failure.at != first + 1 or failure.kind_of(first) not in VALUES:
        return None
    further = [first]
    while (
        failure.kind_of(further[-1] + 1) == failure.kind_of(first - 1)
        and failure.kind_of(further[-1] + 2) in VALUES
        and (failure.kind_of(further[-1] + 3) in (*CONNECTIVES, "$END", "RPAR"))
    ):
        further.append(further[-1] + 2)
    end = further[-1] + 1
    if failure.kind_of(end) not in (*CONNECTIVES, "$END", "RPAR"):
        return None
    return _into_list(failure, further) or _into_texts(failure, further)


def _into_list(failure: Failure, further: list[int]) -> Repair | None:
    """The values in one list with that of the comparison before."""
    connective, end = further[0] - 1, further[-1] + 1
    joins_or = _connective(failure, connective) == "or"
    message, span = "a literal alone is not a condition", failure.between(further[0], further[-1])
    commas = [TokenEdit(number - 1, number, ",") for number in further]
    value, operator = connective - 1, connective - 2
    if failure.kind_of(value) == "RSQB" and (opening := failure.partner(value)) is not None:
        negated = failure.kind_of(opening - 2) == "NOT"
        if failure.kind_of(opening - 1) != "IN" or not (joins_or or negated):
            return None
        edits = [TokenEdit(value, value + 1, ""), *commas, TokenEdit(end, end, "]")]
        return failure.repair("bad-comparison", message, edits, "put it in the list, too", span=span)
    negated = failure.word(operator) in ("!=", "<>") or (
        failure.kind_of(operator) == "NOT" and failure.kind_of(operator - 1) == "IS"
    )
    equal = failure.word(operator) in ("=", "==") or failure.kind_of(operator) == "IS"
    start = operator - (failure.kind_of(operator) == "NOT")
    if failure.kind_of(value) not in VALUES or failure.kind_of(start - 1) not in ("NAME", "RSQB"):
        return None
    if not ((equal and joins_or) or negated):
        return None
    meant = "not in" if negated else "in"
    edits = [TokenEdit(start, operator + 1, f"{meant} ["), *commas, TokenEdit(end, end, "]")]
    return failure.repair("bad-comparison", message, edits, f"use a list with `{meant}`", span=span)


def _into_texts(failure: Failure, further: list[int]) -> Repair | None:
    """`contains "a" or "b"`, with the name and `contains` before each."""
    connective = further[0] - 1
    if failure.kind_of(connective - 1) not in VALUES or failure.kind_of(connective - 2) != "CONTAINS":
        return None
    if failure.kind_of(connective - 3) != "NAME":
        return None
    name = failure.tokens[connective - 3].text
    edits = [TokenEdit(number, number, f"{name} contains") for number in further]
    span = failure.between(further[0], further[-1])
    return failure.repair(
        "bad-comparison", "a literal alone is not a condition", edits, "say the name and `contains` again", span=span
    )


def _alone(failure: Failure, literal: Token) -> Repair:
    message, text = "a literal alone is not a condition", shown(literal.text)
    comparison = _COMPARISONS.get(literal.kind, "name == {}").format(text)
    joined = failure.before(2) in CONNECTIVES
    if failure.kind in ("IN", "CONTAINS") and literal.kind in ("STRING", "PARAMETER"):
        help_ = f"the name comes first: `name contains {text}`, `name in [{text}]`"
    elif literal.kind in _COMPARISONS:
        help_ = f"compare it with a name: `{comparison}`"
    elif failure.kind == "IN":
        help_ = f"the name comes first: `name in [{text}]`"
    elif joined:
        help_ = f"say the name again, `{comparison}`; several values also go in a list, `name in [1, 2]`"
    else:
        help_ = f"compare it with a name: `{comparison}`"
    return failure.repair("bad-comparison", message, (), None, help_, span=literal.span)


def two_literals(failure: Failure) -> Repair | None:
    """A literal compared with another one."""
    if failure.expected == {"NAME"} and failure.kind in VALUES:
        return failure.repair("bad-comparison", "a literal is compared with a name, not with another literal")
    return None


def missing_sign(failure: Failure) -> Repair | None:
    """`role "editor"`: a name and a value without an operator."""
    at = failure.at
    if failure.name_end != at or failure.name_end == failure.begin:
        return None
    if failure.kind == NUMBER and (many := re.fullmatch(r"([0-9]+)\+", failure.token.text)):
        message = f"`{failure.token.text}` is not a number"
        return failure.repair("bad-number", message, [TokenEdit(at, at + 1, f">= {many[1]}")], f"write `>= {many[1]}`")
    if failure.kind not in VALUES - {"DURATION"}:
        return None
    message = f"expected a comparison such as `==` or `<`, found `{shown(failure.token.text)}`"
    if failure.before() == "NAME" and failure.kind == "NUMBER":
        return failure.repair("unexpected-token", message, [TokenEdit(at, at, "==")], "use `==`, or another comparison")
    return failure.repair("unexpected-token", message, [TokenEdit(at, at, "==")], "use `==`")


def is_false(failure: Failure) -> Repair | None:
    """`(…) IS FALSE`, `(…) == false`."""
    at = failure.at
    if failure.before() != "RPAR" or failure.kind not in ("IS", "COMPARE"):
        return None
    negated = failure.kind_of(at + 1) == "NOT" or failure.word(at) in ("!=", "<>")
    value = at + 1 + (failure.kind_of(at + 1) == "NOT")
    opening = failure.partner(at - 1)
    if failure.kind_of(value) not in ("TRUE", "FALSE") or opening is None:
        return None
    end = value + 1
    span = failure.between(at, value)
    message = f"`{shown(failure.written(at, value))}` stands after a name, not after conditions"
    if (failure.kind_of(value) == "FALSE") is not negated:
        edits = [TokenEdit(opening, opening, "not"), TokenEdit(at, end, "")]
        return failure.repair("unexpected-token", message, edits, "write `not (…)`", span=span)
    return failure.repair("unexpected-token", message, [TokenEdit(at, end, "")], "leave it out", span=span)


# ── calls ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def call(failure: Failure) -> Repair | None:
    """`name(…)`: there are no functions; some say what an operator says."""
    at = failure.at
    if failure.kind != "LPAR" or at == 0 or not failure.touches(at) or not (failure.is_word(at - 1)):
        return None
    if failure.before() in ("IN", "NOT") and not failure.wants_value and failure.kind_of(at - 2) == "NAME":
        return None
    written = failure.tokens[at - 1].text
    path, _, method = written.rpartition(".")
    name = (method or written).lower().lstrip("-")
    end = failure.partner(at)
    arguments = [] if end is None else _arguments(failure, at, end)
    span = failure.between(at - 1, end if end is not None else at)
    if end is None:
        return failure.repair("foreign-operator", f"there is no `{shown(written)}()`: {_FUNCTION}", span=span)
    for build in (_joining_call, _comparing_call, _containing_call, _casting_call):
        if (found := build(failure, name, path, end, arguments, span)) is not None:
            return found
    return _no_such_call(failure, name, written, path, span)


def _arguments(failure: Failure, opening: int, end: int) -> list[tuple[int, int]]:
    """The arguments between two parentheses: the numbers of the first token and the one after the last."""
    found, depth, start = [], 0, opening + 1
    for number in range(opening + 1, end):
        kind = failure.kind_of(number)
        depth += (kind in OPENING.values()) - (kind in OPENING)
        if depth == 0 and failure.tokens[number].text in (",", ";"):
            found.append((start, number))
            start = number + 1
    return [*found, (start, end)] if end > opening + 1 else []


def _joining_call(
    failure: Failure, name: str, path: str, end: int, arguments: Sequence[tuple[int, int]], span: Span
) -> Repair | None:
    """`AND(a; b)`, `OR(a, b)`."""
    if name not in ("and", "or") or path or (not failure.stack.begins_condition and failure.begin != failure.at - 1):
        return None
    if not arguments:
        return None
    edits = [
        TokenEdit(failure.at - 1, failure.at, ""),
        *(TokenEdit(last, last + 1, name) for _, last in arguments[:-1]),
    ]
    message = f"`{name}` stands between conditions, not before them"
    return failure.repair(
        "foreign-operator", message, edits, f"write `(a {name} b)`", span=failure.tokens[failure.at - 1].span
    )


def _comparing_call(
    failure: Failure, name: str, path: str, end: int, arguments: Sequence[tuple[int, int]], span: Span
) -> Repair | None:
    """`eq(plan, "pro")`, `in(plan, ["pro"])`."""
    operator = SIGNED_WORDS.get(name) or {"equals": "==", "equal": "=="}.get(name)
    if operator is None or path or len(arguments) != 2 or operator in ("and", "or", "not", "contains", "not contains"):
        return None
    if (
        arguments[0][1] - arguments[0][0] != 1
        or failure.kind_of(arguments[0][0]) != "NAME"
        or failure.begin != failure.at - 1
    ):
        return None
    edits = [
        TokenEdit(failure.at - 1, failure.at + 1, ""),
        TokenEdit(arguments[0][1], arguments[0][1] + 1, operator),
        TokenEdit(end, end + 1, ""),
    ]
    message = f"there is no `{name}()`: {_FUNCTION}"
    return failure.repair(
        "foreign-operator",
        message,
        edits,
        f"use `{operator}` between name and value",
        span=failure.tokens[failure.at - 1].span,
    )


def _containing_call(
    failure: Failure, name: str, path: str, end: int, arguments: Sequence[tuple[int, int]], span: Span
) -> Repair | None:
    """`contains(company, "nordic")`, `company.includes("nordic")`."""
    if name not in ("contains", "includes", "include", "has_text", "icontains"):
        return None
    if path and len(arguments) == 1:
        field, (first, last) = path, arguments[0]
    elif (
        not path
        and len(arguments) == 2
        and failure.kind_of(arguments[0][0]) in ("NAME", NAME)
        and arguments[0][1] == arguments[0][0] + 1
    ):
        field, (first, last) = failure.tokens[arguments[0][0]].text, arguments[1]
    else:
        return None
    token = failure.tokens[first]
    if (
        last != first + 1
        or token.kind not in ("STRING", STRING, "PARAMETER")
        or not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_.-]*", field)
    ):
        return None
    value = quote(content(token.text)) if token.kind == STRING else token.text
    text = f"{field} contains {value}"
    edits = [TokenEdit(failure.at - 1, end + 1, text)]
    message = f"there is no `{name}()`: {_FUNCTION}"
    return failure.repair("foreign-operator", message, edits, f"write `{shown(text)}`", span=span, safe=True)


def _casting_call(
    failure: Failure, name: str, path: str, end: int, arguments: Sequence[tuple[int, int]], span: Span
) -> Repair | None:
    """`int(seats) > 5`, `timestamp("2026-01-01") < opened`."""
    if path or len(arguments) != 1 or arguments[0][1] != arguments[0][0] + 1:
        return None
    token = failure.tokens[arguments[0][0]]
    if (name in CASTS and token.kind in ("NAME", "NUMBER")) or (name in TIMES and token.kind == "STRING"):
        edits = [TokenEdit(failure.at - 1, end + 1, token.text)]
        message = f"there is no `{name}()`: {_FUNCTION}, and a number or date is taken as it is"
        return failure.repair("foreign-operator", message, edits, f"write `{shown(token.text)}`", span=span)
    return None


def _no_such_call(failure: Failure, name: str, written: str, path: str, span: Span) -> Repair:
    message, help_ = f"there is no `{shown(written)}()`: {_FUNCTION}", list[str]()
    plain = name.replace("_", "")
    if name in STARTS or plain in STARTS or name in ENDS or plain in ENDS:
        message, help_ = f"{message}, and {BEGINNINGS}", [ANYWHERE]
    elif name in PRESENCE or plain in PRESENCE or name in ABSENCE_CALLS or plain in ABSENCE_CALLS:
        is_of_one_name = failure.kind_of(failure.at + 1) in ("NAME", NAME) and failure.kind_of(failure.at + 2) == "RPAR"
        help_ = list(presence(failure.written(failure.at + 1, failure.at + 1) if is_of_one_name else path))
    elif name in CASE:
        help_ = ["text is compared as it is stored, upper and lower case included"]
    elif name in LENGTH:
        help_ = ["the API cannot ask how long a text is or how many items a list has"]
    elif name in PATTERNS or plain in PATTERNS:
        message, help_ = (
            f"{message}, and {NO_PATTERNS[len('there are ') :]}",
            ["use `contains`, for a text anywhere in a value"],
        )
    elif plain in NOWS:
        help_ = [ONLY_LAST_SEEN]
    elif name in ("contains", "includes"):
        help_ = ['write `company contains "text"`']
    elif failure.wants_value or failure.begin < failure.at - 1:
        help_ = ["a name is compared with a fixed value"]
    return failure.repair("foreign-operator", message, (), None, *help_, span=span)


def call_as_value(failure: Failure) -> Repair | None:
    """`owner == currentUser()`."""
    at = failure.at
    if (
        not failure.wants_value
        or not failure.is_word(at)
        or failure.kind_of(at + 1) != "LPAR"
        or not failure.touches(at + 1)
    ):
        return None
    end = failure.partner(at + 1)
    name, written = failure.word(at), failure.tokens[at].text
    last = end if end is not None else at + 1
    arguments = [] if end is None else _arguments(failure, at + 1, end)
    if name in TIMES | CASTS and len(arguments) == 1 and end is not None:
        first, after = arguments[0]
        if after == first + 1 and failure.kind_of(first) in VALUES:
            message = f"there is no `{name}()`: {_FUNCTION}, and a number or date is taken as it is"
            edits = [TokenEdit(at, end + 1, failure.tokens[first].text)]
            return failure.repair(
                "foreign-operator",
                message,
                edits,
                f"write `{shown(failure.tokens[first].text)}`",
                span=failure.between(at, end),
            )
    return _no_such_call(failure, name.rpartition(".")[2], written, "", failure.between(at, last))


# ── names ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def odd_name(failure: Failure) -> Repair | None:
    """A name with `?.`, `/`, a dash or a letter that names do not have."""
    if failure.kind != NAME:
        return None
    at, text = failure.at, failure.token.text
    is_name = "NAME" in failure.expected or failure.stack.begins_condition
    if not is_name and not (text[0] == "$" and "PARAMETER" in failure.expected):
        return None
    if text[0] in "$@":
        sign, kind = text[0], "parameter" if text[0] == "$" else "definition"
        help_ = f"write `{sign}name`: letters, digits, `_` and `-`, without dots"
        return failure.repair("bad-name", f"`{shown(text)}` is not a {kind}", (), None, help_)
    if not text.isascii() and (plain := re.sub("[‐‑‒–—−]", "-", text)).isascii():
        message = f"`{shown(text)}` has a dash that names do not have"
        return failure.repair("bad-name", message, [TokenEdit(at, at + 1, plain)], f"write `{shown(plain)}`", safe=True)
    if not text.isascii():
        return failure.repair("unknown-character", f"`{shown(text)}` is not a name: names are written in ASCII")
    if "?." in text or "/" in text:
        plain = text.replace("?.", ".").replace("/", ".")
        message = f"`{shown(text)}` is not a name: parts of a name are joined by dots"
        if "/" in text and PHRASES.get((failure.word(at + 1),)) is None:
            help_ = f"if it is a path, write `{shown(plain)}`; there is no arithmetic"
            return failure.repair("bad-name", message, [TokenEdit(at, at + 1, plain)], None, help_)
        return failure.repair("bad-name", message, [TokenEdit(at, at + 1, plain)], f"write `{shown(plain)}`")
    help_ = 'parts of a name are joined by single dots and begin with a letter, digit or `_`; other keys: `user["…"]`'
    return failure.repair("bad-name", f"`{shown(text)}` is not a name", (), None, help_)


def number_as_name(failure: Failure) -> Repair | None:
    """A name that begins with a digit."""
    if failure.kind != NUMBER or not failure.stack.begins_condition:
        return None
    text = failure.token.text
    if re.fullmatch(r"[0-9]+[A-Za-z_][A-Za-z0-9_-]*", text) and failure.kind_of(failure.at + 1) in OPERATORS | {
        "NOT",
        "NAME",
    }:
        key = f'user["{text}"]'
        message = f"`{shown(text)}` is not a number, and a name does not begin with a digit"
        return failure.repair(
            "bad-number",
            message,
            [TokenEdit(failure.at, failure.at + 1, key)],
            f"a key that begins with a digit is written `{shown(key)}`",
        )
    return None
