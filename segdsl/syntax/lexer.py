"""Text → tokens, by one compiled regular expression made of the grammar's own terminals.

A whole condition (`seats > 10`, `plan in ["pro", "free"]`, `0.3 <= sentiment < 0.7`) is one token wherever it can be,
with the `and` or `or` before it: that is most of the speed of the parser, and no less exact, for the grammar reads the
same there or refuses the text. The plain lexer does without, for messages and for the places of a part. Both
find tokens with `findall`, which is fast and knows no offsets; `TokenSpans` finds them again.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import cache

from segdsl.source import Span
from segdsl.syntax.actions import Row
from segdsl.syntax.tables import TERMINALS

_BLANK = TERMINALS["BLANK"].replace("++", "*+")  # some, or none
_BLANKS = f"{_BLANK}(?:{TERMINALS['COMMENT']}{_BLANK})*+"
_NAME_END = "(?![A-Za-z0-9_.-])"
# what may not be read as the name of a whole condition, so that the grammar's actions get to see it; most names are
# known not to be by their first letter
_ODD_NAMES = (
    f"(?!(?=[ntfucNTFUC])(?:(?ai:not|true|false){_NAME_END}|(?:user|conversation){_NAME_END}"
    r"|(?!user\.|conversation\.)(?ai:user|conversation)\.))"
)
_EASY_STRING = (
    r""""[^"\\\x00-\x08\x0a-\x1f\x7f-\x9f\ud800-\udfff]*+"|'[^'\\\x00-\x08\x0a-\x1f\x7f-\x9f\ud800-\udfff]*+\'"""
)
_NUMERAL = f"{TERMINALS['NUMBER']}|(?ai:true|false){_NAME_END}"
_ITEM = f"(?:{TERMINALS['STRING']}|{_NUMERAL})"
ITEM = f"({TERMINALS['STRING']})|({_NUMERAL})"
"""A string, or a number or boolean."""
_LIST = rf"[\[(]{_BLANK}{_ITEM}(?:{_BLANK},{_BLANK}{_ITEM})*+{_BLANK},?+{_BLANK}[\])]"
# what may stand after a name but a comparison sign; `whole.phrase` reads it once more
_PHRASE = (
    f"(?=[iInNbBcCwW])(?:(?ai:(?:not{TERMINALS['BLANK']})?in){_NAME_END}{_BLANK}{_LIST}"
    f"|(?ai:between){_NAME_END}{_BLANK}{_ITEM}{_BLANK}(?ai:and){_NAME_END}{_BLANK}{_ITEM}"
    f"|(?ai:contains){_NAME_END}{_BLANK}(?:{TERMINALS['STRING']})"
    f"|(?ai:within|before){_NAME_END}{_BLANK}{TERMINALS['DURATION']})"
)
_CONDITION = (
    f"(?:(?=[aoAO])((?ai:and|or)){_NAME_END}{_BLANKS})?"
    f"(?:(?=[0-9+.-])({TERMINALS['NUMBER']}{_BLANK}[<>]=?+){_BLANKS})?"
    f"{_ODD_NAMES}({TERMINALS['NAME']}){_BLANKS}"
    f"(?:(?(2)(?=[<>]))({TERMINALS['COMPARE']}){_BLANKS}(?:({_EASY_STRING})|({_NUMERAL}))|(?(2)(?!))({_PHRASE}))"
)
_WORDS = "|".join(
    TERMINALS[name]
    for name in ("NAME", "COMPARE", "AMPERSANDS", "BARS", "BANG", "LPAR", "RPAR", "LSQB", "RSQB", "COMMA")
)
_LITERALS = "|".join(TERMINALS[name] for name in ("STRING", "DATE", "DURATION", "NUMBER", "PARAMETER", "DEFINITION"))
_TOKEN = rf"({_WORDS})|({_LITERALS})|([\s\S]++)"

_LOW, _NAME, _WORD, _LITERAL = 2, 3, 8, 9  # groups of the expression

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
def _lexer(whole_conditions: bool) -> re.Pattern[str]:
    # a name after a sign belongs to that sign (`$low <= sentiment < 0.7`); a search starts where the last token ended
    # without whole conditions their seven groups are there all the same, and never match
    condition = f"(?<![<>=]){_BLANKS}{_CONDITION}" if whole_conditions else "(?!)()()()()()()()"
    return re.compile(rf"{condition}|{_BLANKS}(?:\Z|{_TOKEN})")


tokens = _lexer(True).findall
"""The tokens of a text, a list of rows, and an empty row for its end.

Where no token begins, the rest of the text is one row with only its last part filled.
"""


scan = _lexer(True).finditer
"""The tokens of a text one by one, as matches whose groups are the row."""


def plain_tokens(text: str) -> list[Row]:
    """`tokens` without whole conditions."""
    return _lexer(False).findall(text)


def terminal(row: Row) -> str:
    """What the grammar calls the token, of a whole condition the connective before it; "" for what is no token."""
    connective, _, name, _, _, _, _, word, literal, rest = row
    if literal:
        return _terminal_of_literal(literal)
    if word or connective:
        return KIND_OF_WORD.get(word or connective) or WORDS.get((word or connective).lower(), "NAME")
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
    last = found.lastindex
    if last is None:
        return Span(found.start(), found.start())
    if last >= _WORD:
        return Span(found.start(last), found.end())
    return Span(found.start(_NAME) if found.start(_LOW) < 0 else found.start(_LOW), found.end())


class TokenSpans:
    """The offsets of the tokens of a text."""

    def __init__(self, text: str, *, whole_conditions: bool) -> None:
        self._matches = list(_lexer(whole_conditions).finditer(text))

    def span(self, first: int, last: int) -> Span:
        """From the start of one token to the end of another; the end of the text is empty, after the last token."""
        return Span(span_of(self._matches[first]).start, span_of(self._matches[last]).end)

    def around(self, span: Span) -> Span:
        """The span with the parentheses that are opened or closed in it, and with the `not`s before it."""
        first, last = self._number_at(span.start), self._number_at(span.end - 1)
        depth = unopened = 0
        for found in self._matches[first : last + 1]:
            depth += (found[_WORD] == "(") - (found[_WORD] == ")")
            unopened = max(unopened, -depth)
        unclosed = depth + unopened
        while unopened:
            first -= 1
            unopened -= self._matches[first][_WORD] == "("
        while unclosed:
            last += 1
            unclosed -= self._matches[last][_WORD] == ")"
        while first and (self._matches[first - 1][_WORD] or "").lower() in ("not", "!"):
            first -= 1
        return self.span(first, last)

    def covers(self, offset: int) -> bool:
        """Whether a token, rather than a blank or comment, stands at the offset."""
        found = self._matches[self._number_at(offset)]
        return found.lastindex is not None and span_of(found).start <= offset

    def _number_at(self, offset: int) -> int:
        """The token that stands at the offset, or the one after the blank that does."""
        return bisect_right(self._matches, offset, key=re.Match.end)


def words_in(text: str, within: Span) -> list[tuple[str, Span]]:
    """The words and signs in a part of the text, with their spans."""
    return [(found[_WORD], Span(*found.span(_WORD))) for found in _plain_matches(text, within) if found[_WORD]]


def literals_in(text: str, within: Span) -> list[Span]:
    """The spans of the literals (strings, numbers, parameters …, `true` and `false`) in a part of the text."""
    spans = []
    for found in _plain_matches(text, within):
        if found[_LITERAL]:
            spans.append(Span(*found.span(_LITERAL)))
        elif (found[_WORD] or "").lower() in ("true", "false"):
            spans.append(Span(*found.span(_WORD)))
    return spans


def _plain_matches(text: str, within: Span) -> Iterator[re.Match[str]]:
    return _lexer(False).finditer(text, within.start, within.end)
