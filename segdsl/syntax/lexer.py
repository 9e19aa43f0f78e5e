"""Text → tokens, by one regular expression made from the grammar's own terminals.

The fused lexer takes a whole condition (`seats > 10`, `plan in ["pro", "free"]`, `0.3 <= sentiment < 0.7`) as one
token, with the `and` or `or` before it. Most of the parser's speed comes from this. It does not change the language: at
such a place the grammar reads the same condition, or refuses the text. It finds tokens with `findall`, which is fast
and gives no offsets. `PlainTokens` are the tokens without fused conditions, with offsets: for messages and for spans.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import cache, cached_property

from segdsl.catalogue import SIGNS as COMPARISON_SIGNS
from segdsl.source import Span
from segdsl.syntax.actions import Row
from segdsl.syntax.tables import TERMINALS

_BLANK = TERMINALS["BLANK"].replace("++", "*+")  # some, or none
_BLANKS = f"{_BLANK}(?:{TERMINALS['COMMENT']}{_BLANK})*+"
_NAME_END = "(?![A-Za-z0-9_.-])"
# not the name of a fused condition, so that the grammar's actions see it; the first letter rules out most names
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
# follows a name if no comparison sign does; `fused_conditions.phrase` reads it again
_PHRASE = (
    f"(?=[iInNbBcCwW])(?:(?ai:(?:not{TERMINALS['BLANK']})?in){_NAME_END}{_BLANK}{_LIST}"
    f"|(?ai:between){_NAME_END}{_BLANK}{_ITEM}{_BLANK}(?ai:and){_NAME_END}{_BLANK}{_ITEM}"
    f"|(?ai:is(?:{TERMINALS['BLANK']}not)?){_NAME_END}{_BLANK}{_ITEM}"
    f"|(?ai:contains){_NAME_END}{_BLANK}(?:{TERMINALS['STRING']})"
    f"|(?ai:within|before){_NAME_END}{_BLANK}{TERMINALS['DURATION']})"
)
_CONDITION = (
    f"(?:(?=[aoAO])((?ai:and|or)){_NAME_END}{_BLANKS})?"
    f"(?:(?=[0-9+.-])({TERMINALS['NUMBER']}{_BLANK}[<>]=?+){_BLANKS})?"
    f"{_ODD_NAMES}({TERMINALS['NAME']}){_BLANKS}"
    f"(?:(?(2)(?=[<>](?!>)))({TERMINALS['COMPARE']}){_BLANKS}(?:({_EASY_STRING})|({_NUMERAL}))|(?(2)(?!))({_PHRASE}))"
)
_WORDS = "|".join(
    TERMINALS[name]
    for name in ("NAME", "COMPARE", "AMPERSANDS", "BARS", "BANG", "LPAR", "RPAR", "LSQB", "RSQB", "COMMA")
)
_LITERALS = "|".join(TERMINALS[name] for name in ("STRING", "DATE", "DURATION", "NUMBER", "PARAMETER", "DEFINITION"))
_TOKEN = f"({_WORDS})|({_LITERALS})"
_REST = r"[\s\S]++"
_STRETCH = r"""["'][^\r\n]*+|[$@]?+[A-Za-z0-9_.+:-]++|[=!<>&|~]++|[\s\S]"""
"""Text that is not a token: a string without end, a word, signs, or one character."""

_LOW, _NAME, _WORD, _LITERAL = 2, 3, 8, 9  # groups of the expression

SIGNS = {
    "(": "LPAR", ")": "RPAR", "[": "LSQB", "]": "RSQB", ",": "COMMA", "!": "BANG", "&&": "AMPERSANDS", "||": "BARS",
    **dict.fromkeys(COMPARISON_SIGNS, "COMPARE"),
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
def _lexer(fused: bool, other: str = _REST) -> re.Pattern[str]:
    # a name after a sign belongs to that sign (`$low <= sentiment < 0.7`); a search starts where the last token ended
    # the plain lexer has the seven groups of a condition, too, and they never match
    condition = f"(?<![<>=]){_BLANKS}{_CONDITION}" if fused else "(?!)()()()()()()()"
    return re.compile(rf"{condition}|{_BLANKS}(?:\Z|{_TOKEN}|({other}))")


tokens = _lexer(True).findall
"""The tokens of a text, a list of rows, and an empty row for its end.

If no token begins, the rest of the text is one row with only its last part filled.
"""

scan = _lexer(True).finditer
"""The tokens of a text one by one, as matches whose groups are the row."""


def scan_all(text: str, start: int, end: int, *, fused: bool) -> Iterator[re.Match[str]]:
    """The same between two offsets, continuing after text that is not a token, which is one match.

    Conditions are one match only if `fused`.
    """
    return _lexer(fused, _STRETCH).finditer(text, start, end)


def terminal(row: Row) -> str:
    """The grammar's name of a token; for a fused condition, that of the connective before it; "" if it is not one."""
    connective, _, name, _, _, _, _, word, literal, rest = row
    if literal:
        return terminal_of_literal(literal)
    if word or connective:
        return KIND_OF_WORD.get(word or connective) or WORDS.get((word or connective).lower(), "NAME")
    return "" if rest or name else "$END"


def terminal_of_literal(text: str) -> str:
    """The grammar's name of a literal, parameter or definition."""
    first, last = text[0], text[-1]
    if first in "\"'":
        return "STRING"
    if first in "$@":
        return "PARAMETER" if first == "$" else "DEFINITION"
    if last in "mhdw":
        return "DURATION"
    return "DATE" if text[4:5] == "-" and text[7:8] == "-" else "NUMBER"


def is_condition(found: re.Match[str]) -> bool:
    """Whether a token is a whole condition."""
    return found.lastindex is not None and found.lastindex < _WORD


def span_of(found: re.Match[str]) -> Span:
    """The span of a token other than the end of the text, without the blanks and the connective before it."""
    if not is_condition(found):
        return Span(found.start(found.lastindex or 0), found.end())
    return Span(found.start(_NAME) if found.start(_LOW) < 0 else found.start(_LOW), found.end())


class PlainTokens:
    """The tokens of a text without fused conditions, with their offsets. The last one is the end of the text."""

    def __init__(self, text: str) -> None:
        self._matches = list(_lexer(False).finditer(text))
        if len(self._matches) > 1 and self._matches[-2].lastindex is None:
            self._matches.pop()  # after blanks, the end of the text matches twice

    @cached_property
    def rows(self) -> list[Row]:
        """The tokens as the parser takes them."""
        return [found.groups("") for found in self._matches]  # type: ignore[misc]  # as many groups as a row has parts

    def span(self, first: int, last: int) -> Span:
        """The span from one token to another."""
        return Span(span_of(self._matches[first]).start, span_of(self._matches[last]).end)

    def spans(self) -> list[Span]:
        """The spans of all tokens except the end of the text."""
        return [span_of(found) for found in self._matches[:-1]]

    def words(self) -> list[str]:
        """The texts of all tokens except the end, in lower case."""
        return [(row[_WORD - 1] or row[_LITERAL - 1]).lower() for row in self.rows[:-1]]

    def covers(self, offset: int) -> bool:
        """Whether a token is at the offset, and not a blank or comment."""
        found = self._matches[bisect_right(self._matches, offset, key=re.Match.end)]
        return found.lastindex is not None and span_of(found).start <= offset
