"""The cursor in a text: the tokens before it, the word that it touches, and the parser's stack there.

Nothing after the cursor counts, except for how far the touched word goes on.
"""

import re

from msgspec import Struct

from segdsl.syntax.lexer import is_condition, scan_all, span_of, terminal
from segdsl.syntax.literals import LiteralError, unquote
from segdsl.syntax.stack import EMPTY, Stack

CONDITION = "condition"
"""The kind of a token that is a whole condition. The lexer reads most conditions as one."""

_FOLLOW_CONDITION = frozenset(["AND", "OR", "AMPERSANDS", "BARS", "RPAR", "DURING", "FROM", "TO", "FOR"])
"""The kinds of token at which reading goes on after something broken."""

_WORD_START = re.compile(r"[A-Za-z0-9_$@.+-]")
_WORD_REST = re.compile(r"[A-Za-z0-9_.-]*+")
_SIGN_REST = re.compile(r"[=<>&|]*+")
_EXTENSIBLE = frozenset("=<>!&|")
"""Signs with which longer ones begin."""


class Token(Struct, frozen=True):
    """A piece of the text. Its kind is a terminal of the grammar, `condition`, or "" if it is not a token.

    A `condition` is a whole one with its `connective`, the word before it if there is one, which `start` leaves out.
    """

    kind: str
    start: int
    end: int
    connective: str = ""


class Cursor(Struct, frozen=True):
    """`tokens` are those before the touched word, which is `text[start:offset]` and goes on to `end`.

    `is_open` is False in a comment and after something broken: there is nothing to say there.
    """

    text: str
    tokens: list[Token]
    stack: Stack
    expected: frozenset[str]
    start: int
    offset: int
    end: int
    is_open: bool

    @property
    def prefix(self) -> str:
        """The typed part of the word, quotes included."""
        return self.text[self.start : self.offset]

    def written(self, first: int, last: int) -> str:
        """The text from one token to another."""
        return self.text[self.tokens[first].start : self.tokens[last].end]


def cursor_at(text: str, offset: int) -> Cursor:
    """The cursor at an offset, which is inside the text."""
    tokens = _tokens(text, offset)
    last_end = tokens[-1].end if tokens else 0
    in_comment = _ends_in_comment(text[last_end:offset])
    touched = tokens.pop() if tokens and last_end == offset and _is_begun(text, tokens[-1]) else None
    stack, is_whole = _stack_after(tokens)
    expected = stack.expected() if is_whole else frozenset[str]()
    negated = stack.after("BANG", len(tokens)) if touched is not None and touched.kind == "BANG" and is_whole else None
    if touched is not None and negated is not None:
        tokens.append(touched)
        stack, touched, expected = negated, None, negated.expected()
    start = touched.start if touched else offset
    return Cursor(
        text, tokens, stack, expected, start, offset, _word_end(text, start, offset), is_whole and not in_comment
    )


# ── tokens ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _tokens(text: str, end: int) -> list[Token]:
    """The tokens up to the cursor; whole conditions are one token, except for one that the cursor touches."""
    found: list[Token] = []
    for match in scan_all(text, 0, end, fused=True):
        if not is_condition(match):
            found += _token(match)
        elif match.end() == end:
            return found + _split(text, match.start(), end)
        else:
            span = span_of(match)
            found.append(Token(CONDITION, span.start, span.end, match[1] or ""))
    return found


def _split(text: str, start: int, end: int) -> list[Token]:
    """The tokens between two offsets, without whole conditions."""
    return [token for match in scan_all(text, start, end, fused=False) for token in _token(match)]


def _token(match: re.Match[str]) -> tuple[Token, ...]:
    """The token of a match that is not a condition. The end of the text has none."""
    if match.lastindex is None:
        return ()
    kind = terminal(match.groups(""))  # type: ignore[arg-type]  # as many groups as a row has parts
    return (Token(kind, match.start(match.lastindex), match.end()),)


def tokens_of(text: str) -> list[Token]:
    """All tokens of a text without whole conditions, and the stretches between them that are not tokens."""
    return _split(text, 0, len(text))


def _ends_in_comment(gap: str) -> bool:
    """Whether a gap after a token ends inside a comment."""
    return "#" in gap[max(gap.rfind("\n"), gap.rfind("\r")) + 1 :]


# ── the parser's stack ─────────────────────────────────────────────────────────────────────────────────────────────


def _stack_after(tokens: list[Token]) -> tuple[Stack, bool]:
    """The stack after the tokens; and False if it ends in a broken stretch, which nothing can continue.

    A stretch from something broken to the next connective, `)` or scope clause counts as a condition.
    """
    stack, is_broken = EMPTY, False
    for number, token in enumerate(tokens):
        can_follow = bool(token.connective) or token.kind in _FOLLOW_CONDITION
        if is_broken and not can_follow:
            continue
        after = _taken(stack, token, number)
        if after is None and not is_broken:
            stack = stack.before_condition().after_condition(number) or stack
            after = _taken(stack, token, number) if can_follow else None
            is_broken = True
        if after is not None:
            stack, is_broken = after, False
    return stack, not is_broken


def _taken(stack: Stack, token: Token, number: int) -> Stack | None:
    """The stack with one more token; None if it cannot be taken."""
    if token.connective:
        return stack.after_connected(token.connective, number)
    return stack.after_condition(number) if token.kind == CONDITION else stack.after(token.kind, number)


# ── the word that the cursor touches ───────────────────────────────────────────────────────────────────────────────


def _is_begun(text: str, token: Token) -> bool:
    """Whether a token that ends at the cursor may go on there."""
    first = text[token.start]
    if first in "\"'":
        return not token.kind
    return bool(_WORD_START.match(first)) or text[token.start : token.end] in _EXTENSIBLE or first in "&|"


def _word_end(text: str, start: int, offset: int) -> int:
    """Where the word that begins at `start` ends, at the cursor or after it."""
    if start == offset:
        return offset
    first = text[start]
    if first in "\"'":
        line_end = _line_end(text, offset)
        # an odd number of quotes after the cursor: the first of them closes this string
        if text.count(first, offset, line_end) % 2:
            return text.index(first, offset) + 1
    rest = _SIGN_REST if first in _EXTENSIBLE else _WORD_REST
    found = rest.match(text, offset)
    return found.end() if found else offset


def _line_end(text: str, offset: int) -> int:
    ends = [at for sign in "\r\n" if (at := text.find(sign, offset)) >= 0]
    return min(ends, default=len(text))


def string_begun(prefix: str) -> str | None:
    """The value of a string as far as it is typed, or of a word without quotes; None if it is not a string."""
    if prefix[:1] not in ('"', "'"):
        return prefix
    for body in (prefix[1:], prefix[1 : max(prefix.rfind("\\"), 1)]):  # without an escape that is half typed
        try:
            return unquote(prefix[0] + body + prefix[0])
        except LiteralError:
            continue
    return None
