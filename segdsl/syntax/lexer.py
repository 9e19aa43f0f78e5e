"""Text → tokens, by one compiled regular expression made of the grammar's own terminals.

A whole comparison (`seats > 10`) is one token wherever it can be, with the `and` or `or` before it: that is most of the
speed of the parser, and no less exact, for the grammar allows nothing else to begin with a name and a comparison sign.
The plain lexer does without, for error messages. Both find tokens with `findall`, which is fast and knows no offsets;
`TokenSpans` finds them again.
"""

import re
from bisect import bisect_right
from functools import cache

from segdsl.source import Span
from segdsl.syntax.actions import Row
from segdsl.syntax.tables import TERMINALS

_BLANKS = f"(?:{TERMINALS['BLANK']}|{TERMINALS['COMMENT']})*+"
_NAME_END = "(?![A-Za-z0-9_.-])"
# what may not be read as the name of a whole comparison, so that the grammar's actions get to see it; most names are
# known not to be by their first letter
_ODD_NAMES = (
    f"(?!(?=[ntfucNTFUC])(?:(?ai:not|true|false){_NAME_END}|(?:user|conversation){_NAME_END}"
    r"|(?!user\.|conversation\.)(?ai:user|conversation)\.))"
)
_EASY_STRING = (
    r""""[^"\\\x00-\x08\x0a-\x1f\x7f-\x9f\ud800-\udfff]*+"|'[^'\\\x00-\x08\x0a-\x1f\x7f-\x9f\ud800-\udfff]*+\'"""
)
_COMPARISON = (
    f"(?:(?=[aoAO])((?ai:and|or)){_NAME_END}{_BLANKS})?{_ODD_NAMES}({TERMINALS['NAME']}){_BLANKS}({TERMINALS['COMPARE']}){_BLANKS}"
    f"(?:({_EASY_STRING})|({TERMINALS['NUMBER']}|(?ai:true|false){_NAME_END}))"
)
_WORDS = "|".join(
    TERMINALS[name]
    for name in ("NAME", "COMPARE", "AMPERSANDS", "BARS", "BANG", "LPAR", "RPAR", "LSQB", "RSQB", "COMMA")
)
_LITERALS = "|".join(TERMINALS[name] for name in ("STRING", "DATE", "DURATION", "NUMBER", "PARAMETER", "DEFINITION"))
_TOKEN = rf"({_WORDS})|({_LITERALS})|([\s\S]++)"

SIGNS = {
    "(": "LPAR", ")": "RPAR", "[": "LSQB", "]": "RSQB", ",": "COMMA", "!": "BANG", "&&": "AMPERSANDS", "||": "BARS",
    **dict.fromkeys(("==", "!=", "<", "<=", ">", ">="), "COMPARE"),
}  # fmt: skip
WORDS = {
    word: name
    for name, pattern in TERMINALS.items()
    if (words := re.match(r"\(\?ai:([a-z|]+)\)", pattern))
    for word in words[1].split("|")
}
KIND_OF_WORD = {**SIGNS, **WORDS, **{word.upper(): name for word, name in WORDS.items()}}
KIND_OF_WORD |= {word.capitalize(): name for word, name in WORDS.items()}


@cache
def _lexer(whole_comparisons: bool) -> re.Pattern[str]:
    # a name after a sign belongs to that sign (`0.3 <= sentiment < 0.7`); a search starts where the last token ended
    # without whole comparisons their five groups are there all the same, and never match
    comparison = f"(?<![<>=]){_BLANKS}{_COMPARISON}" if whole_comparisons else "(?!)()()()()()"
    return re.compile(rf"{comparison}|{_BLANKS}(?:{_TOKEN}|\Z)")


tokens = _lexer(True).findall
"""The tokens of a text, a list of rows, and an empty row for its end.

Where no token begins, the rest of the text is one row with only its last part filled.
"""


scan = _lexer(True).finditer
"""The tokens of a text one by one, as matches whose groups are the row."""


def plain_tokens(text: str) -> list[Row]:
    """`tokens` without whole comparisons."""
    return _lexer(False).findall(text)


def terminal(row: Row) -> str:
    """What the grammar calls the token, of a whole comparison the connective before it; "" for what is no token."""
    connective, name, _, _, _, word, literal, rest = row
    if word or connective:
        return KIND_OF_WORD.get(word or connective) or WORDS.get((word or connective).lower(), "NAME")
    if literal:
        return _terminal_of_literal(literal)
    return "" if rest or name else "$END"


def _terminal_of_literal(text: str) -> str:
    first, last = text[0], text[-1]
    if first in "\"'":
        return "STRING"
    if first in "$@":
        return "PARAMETER" if first == "$" else "DEFINITION"
    if last in "mhdw":
        return "DURATION"
    return "DATE" if text[4:5] == "-" and text[7:8] == "-" else "NUMBER"


def span_of(found: re.Match[str]) -> Span:
    """The place of a token, without the blanks and the connective before it; that of the end of the text is empty."""
    start = next((found.start(group) for group in (2, 6, 7, 8) if found.start(group) >= 0), found.start())
    return Span(start, found.end() if found.lastindex else found.start())


class TokenSpans:
    """The offsets of the tokens of a text."""

    def __init__(self, text: str, *, whole_comparisons: bool = True) -> None:
        self._matches = list(_lexer(whole_comparisons).finditer(text))

    def span(self, first: int, last: int) -> Span:
        """From the start of one token to the end of another; the end of the text is empty, after the last token."""
        return Span(span_of(self._matches[first]).start, span_of(self._matches[last]).end)

    def around(self, span: Span) -> Span:
        """The span with the parentheses that are opened or closed in it, and with the `not`s before it."""
        first, last = self._number_at(span.start), self._number_at(span.end - 1)
        depth = unopened = 0
        for found in self._matches[first : last + 1]:
            depth += (found[6] == "(") - (found[6] == ")")
            unopened = max(unopened, -depth)
        unclosed = depth + unopened
        while unopened:
            first -= 1
            unopened -= self._matches[first][6] == "("
        while unclosed:
            last += 1
            unclosed -= self._matches[last][6] == ")"
        while first and (self._matches[first - 1][6] or "").lower() in ("not", "!"):
            first -= 1
        return self.span(first, last)

    def covers(self, offset: int) -> bool:
        """Whether a token, rather than a blank or comment, stands at the offset."""
        found = self._matches[self._number_at(offset)]
        return any(found.start(group) <= offset < found.end(group) for group in range(1, 9))

    def _number_at(self, offset: int) -> int:
        """The token that stands at the offset, or the one after the blank that does."""
        return bisect_right(self._matches, offset, key=re.Match.end)

    def parts(self, number: int) -> tuple[Span, Span, Span] | None:
        """The spans of name, sign and literal, when the token is a whole comparison."""
        found = self._matches[number]
        if found.start(2) < 0:
            return None
        return Span(*found.span(2)), Span(*found.span(3)), Span(*found.span(4 if found.start(4) >= 0 else 5))

    def literals(self, first: int, last: int) -> list[Span]:
        """The spans of the literals (strings, numbers, parameters …, `true` and `false`) among the tokens."""
        spans = []
        for found in self._matches[first : last + 1]:
            if found.start(2) >= 0:
                spans.append(Span(*found.span(4 if found.start(4) >= 0 else 5)))
            elif found.start(7) >= 0:
                spans.append(Span(*found.span(7)))
            elif found[6] and found[6].lower() in ("true", "false"):
                spans.append(Span(*found.span(6)))
        return spans

    def words(self, first: int, last: int) -> list[tuple[str, Span]]:
        """The words and signs among the tokens, with their spans."""
        return [(found[6], Span(*found.span(6))) for found in self._matches[first : last + 1] if found.start(6) >= 0]
