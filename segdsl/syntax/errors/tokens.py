"""The tokens of any text, also of one that is not an expression: other text becomes malformed tokens.

The parser's lexer stops where no token begins. This one goes on: it takes as much as a person would call one word
(`10%`, `isn't`, `“pro”`, `31.01.2026`, `=in=`) as a malformed token. Linear in the text: repeated reading is bounded,
and in a text with many unclosed strings one of them takes the rest.
"""

import re
from functools import cache

from msgspec import Struct

from segdsl.limits import MAX_DIAGNOSTICS
from segdsl.source import Span
from segdsl.syntax.actions import UNREADABLE, Row
from segdsl.syntax.lexer import KIND_OF_WORD, WORDS, PlainTokens, terminal, terminal_of_literal
from segdsl.syntax.tables import TERMINALS

BLANK, CHARACTER, FENCE, NAME, NUMBER, PLACEHOLDER, SIGN, STRING = (
    "?blank", "?character", "?fence", "?name", "?number", "?placeholder", "?sign", "?string",
)  # fmt: skip
"""The kinds of malformed tokens; other tokens have the grammar's names."""

QUOTES = "\"'"
CURLY = "“”„‟«»"
_CURLY_SINGLE = "‘’‚‛‹›´"
DASHES = "‐‑‒–—−"
_BLANKS = "\u00a0\u1680\u2000-\u200f\u2028\u2029\u202f\u205f\u2060\u3000\ufeff\x0b\x0c\x85"
_ANY_QUOTE = QUOTES + CURLY + _CURLY_SINGLE + "`"
_COMPARISON_AHEAD = re.compile(r"[ \t]*[A-Za-z_][A-Za-z0-9_.-]*[ \t]*(?:[=<>!:]|(?ai:in|is|not|contains)[ \t])")
_AFTER_A_STRING = r"(?=\s*(?:\Z|[\])#,]|&&|\|\||(?ai:and|or|during|from|to|for)[ \t]))"
_STRING_OVER_LINES = {quote: re.compile(rf"[^{quote}]*+{quote}{_AFTER_A_STRING}") for quote in QUOTES}
_CONNECTIVE = r"(?ai:and|or|but|except|in|is|not|from|to|for|during|contains)(?![A-Za-z0-9_.-])"


class Token(Struct, frozen=True):
    """A token with its kind. `text` is what the grammar reads; the source has something else at the span if the token
    is `repaired`. Then the span may be that of a whole repaired phrase, in which the token has no place of its own.
    """

    kind: str
    text: str
    span: Span
    repaired: bool = False
    has_place: bool = True


_LITERALS = ("STRING", "DATE", "DURATION", "NUMBER", "PARAMETER", "DEFINITION")


def _inner_quotes(quote: str) -> str:
    """A string with its own quote inside, plain or doubled: `'Val d'Aosta'`, `'kim''s'`."""
    # a failed search starts again at each quote, so the number of pieces is bounded
    body = rf"[^{quote}\\\r\n]*+"
    return (
        rf"{quote}{body}(?:{quote}(?=[A-Za-z0-9{quote}])(?!{_CONNECTIVE}){body}){{1,20}}+{quote}(?![A-Za-z0-9{quote}])"
    )


_PARTS = [
    (FENCE, r"```[A-Za-z]*+"),
    (PLACEHOLDER, r"\{\{[^{}\r\n]*+\}\}|\$\{[^{}\r\n]*+\}|<%[^%\r\n]*+%>|\{%[^%\r\n]*+%\}"),
    (BLANK, rf"[{_BLANKS}]+"),
    (STRING, "|".join([
        _inner_quotes("'"), _inner_quotes('"'),
        rf"[{CURLY}][^{CURLY}\"\r\n]*+[{CURLY}\"]",
        rf"[{_CURLY_SINGLE}][^{_CURLY_SINGLE}'\r\n]*+[{_CURLY_SINGLE}']",
        r"`[^`\r\n]*+`",
    ])),
    (NUMBER, "|".join([
        r"[0-9]{1,4}(?P<dot>[./-])[0-9]{1,2}(?P=dot)(?:[0-9]{4}|[0-9]{2})(?![0-9A-Za-z_.+-])"
        r"(?<![0-9]{4}-[0-9]{2}-[0-9]{2})",
        rf"[0-9]{{1,3}}(?:[{_CURLY_SINGLE}'_][0-9]{{3}}){{1,9}}+(?![0-9A-Za-z_])",
        # `$1` is a parameter of another language, if it is not an amount
        r"(?:[€£¥]|\$(?!\d(?![\d.,kKmM])))[ ]?+[0-9][0-9.,]*+[kKmM]?(?![A-Za-z0-9_])",
        rf"[{DASHES}]\.?[0-9][0-9.]*+(?![A-Za-z0-9_])",
        r"[+-](?ai:inf|infinity|nan)(?![A-Za-z0-9_.-])",
    ])),
    ("literal", "|".join(TERMINALS[name] for name in _LITERALS)),
    (NAME, "|".join([
        r"[A-Za-z]+n['’]t(?![A-Za-z0-9_])|[A-Z][a-z]*+['’][A-Z][a-z]++(?!['’])",
        r"(?=[A-Za-z0-9_.-]{0,200}(?:\?\.|/[A-Za-z_]))[A-Za-z_][A-Za-z0-9_-]*+(?:(?:\?\.|[./])[A-Za-z0-9_][A-Za-z0-9_-]*+)++",
        rf"[A-Za-z_][A-Za-z0-9_]*+(?:[{DASHES}][A-Za-z0-9_]++)++",
        r"(?=[A-Za-z0-9_.-]{0,200}[^\W\x00-\x7f])[^\W\d][\w.-]*+",
    ])),
    (NAME, r"(?:\.|--)[A-Za-z_][A-Za-z0-9_.-]*+"),
    (SIGN, r"=[A-Za-z]++="),
    ("word", "|".join(
        TERMINALS[name]
        for name in ("NAME", "COMPARE", "AMPERSANDS", "BARS", "BANG", "LPAR", "RPAR", "LSQB", "RSQB", "COMMA")
    )),
    (NUMBER, r"[+-]?+\.?[0-9][A-Za-z0-9_.:+-]*+"),
    (SIGN, r"-(?:not)?[A-Za-z]++(?![A-Za-z0-9_.-])|:?[=!<>~]{1,3}|[:&|]+|[≥≤≠∧∨¬∈%*/+?^;-]"),
    (NAME, r"[$@]?[A-Za-z0-9_][A-Za-z0-9_.-]*+|[$@]"),
    (CHARACTER, r"[\s\S]"),
]  # fmt: skip


@cache
def _scanner() -> tuple[re.Pattern[str], list[str]]:
    groups = "|".join(f"(?P<g{number}>{pattern})" for number, (_, pattern) in enumerate(_PARTS))
    blanks = rf"(?:{TERMINALS['BLANK']}|{TERMINALS['COMMENT']})*+"
    return re.compile(rf"{blanks}(?:\Z|{groups})"), [kind for kind, _ in _PARTS]


def tolerant_tokens(text: str) -> list[Token]:
    """All tokens; the last is the end of the text, an empty one after the last token."""
    pattern, kinds = _scanner()
    found: list[Token] = []
    at = end = depth = unclosed = 0
    while (match := pattern.match(text, at)) and match.lastgroup:
        group = match.lastgroup
        start, at = match.span(group)
        written, kind = match[group], kinds[int(group[1:])]
        if kind == "literal":
            kind = terminal_of_literal(written)
        elif kind == "word":
            kind = KIND_OF_WORD.get(written) or WORDS.get(written.lower(), "NAME")
        elif kind == CHARACTER and written in "\"'":
            kind, unclosed = STRING, unclosed + 1
            at = _end_of_unclosed(text, start, depth) if unclosed < MAX_DIAGNOSTICS else len(text)
            written = text[start:at]
        depth += (kind == "LPAR") - (kind == "RPAR" and depth > 0)
        end = at
        found.append(Token(kind, written, Span(start, at)))
    found.append(Token("$END", "", Span(end, end)))
    return found


def _end_of_unclosed(text: str, start: int, depth: int) -> int:
    """The end of a string that is not closed on its line by its own quote.

    On a later line, if the text after it can follow a string; at the other kind of quote, if that comes before a
    connective; else before a connective with another comparison after it; else at the end of its line, without the open
    parentheses.
    """
    if goes_on := _STRING_OVER_LINES[text[start]].match(text, start + 1):
        return goes_on.end()
    line = re.compile(r"[^\r\n]*").match(text, start)
    assert line is not None  # noqa: S101  for the type checker: the pattern takes nothing, too
    rest = line[0]
    other = re.search(f"[{CURLY}{_CURLY_SINGLE}{QUOTES.replace(rest[0], '')}]", rest[1:])
    connective = re.search(r"[ \t](?ai:and|or)[ \t]", rest)
    if other and (connective is None or other.start() < connective.start()):
        return start + 1 + other.end()
    if connective and _COMPARISON_AHEAD.match(rest, connective.end()):
        return start + connective.start()
    end = len(rest.rstrip(" \t"))
    while depth and end > 1 and rest[end - 1] == ")":
        end, depth = end - 1, depth - 1
    return start + end


def row_of(token: Token) -> Row:
    """The token as the parser takes it."""
    word, literal = ("", token.text) if token.kind in _LITERALS else (token.text, "")
    return ("", "", "", "", "", "", "", word, literal, "")


def content(written: str) -> str:
    """The text of a malformed string, without its quotes."""
    if written[0] in QUOTES and len(written) > 1 and written[-1] == written[0]:
        return written[1:-1].replace(written[0] * 2, written[0])
    return written[1:-1] if len(written) > 1 and written[-1] in _ANY_QUOTE else written[1:]


def tokens_of(text: str, span: Span) -> list[Token]:
    """The tokens of a text that a repair puts at a span."""
    if text == UNREADABLE:
        return [Token("DEFINITION", text, span, repaired=True)]
    return [
        Token(terminal(row), row[7] or row[8], span, repaired=True)
        for row in PlainTokens(text).rows
        if row[7] or row[8]
    ]


def placed(tokens: list[Token], source: str) -> list[Token]:
    """The tokens of a repair of a whole phrase, each with its own place in the phrase if its text is there.

    The tokens are in the order of the phrase, or have no place.
    """
    found: list[Token] = []
    at, missing = tokens[0].span.start, 0
    for token in tokens:
        place = None
        if token.kind in _LITERALS or token.kind == "NAME":
            text = content(token.text) if token.kind == "STRING" else token.text
            pattern = re.compile(rf"(?<![A-Za-z0-9_]){re.escape(text)}(?![A-Za-z0-9_])")
            match = pattern.search(source, at, token.span.end) if text and missing < _MOST_MISSING else None
            missing += match is None
            if match is not None:
                place, at = _with_quotes(source, match.start(), match.end(), token.span), match.end()
        found.append(Token(token.kind, token.text, place or token.span, token.repaired, has_place=place is not None))
    return found


_MOST_MISSING = 8
"""Each text that a phrase does not hold is looked for in the rest of it, so this bounds the work."""


def _with_quotes(source: str, start: int, end: int, phrase: Span) -> Span:
    """The span of a value in a phrase, with the quotes around it."""
    is_quoted = (
        phrase.start < start and end < phrase.end and source[start - 1] in _ANY_QUOTE and source[end] in _ANY_QUOTE
    )
    return Span(start - is_quoted, end + is_quoted)
