"""Pieces of text → lines no longer than a width, where breaks allow it. It knows nothing of the language.

The pieces are strings, `Break`s, and marks: `GROUP` to `END`, `INDENT` to `DEDENT`. A group that fits on the rest of
its line stays on it; otherwise each of its breaks is a line break, except those of inner groups, which are fitted on
their own. A group that holds `BROKEN` never fits; the text behind that mark, such as a comment, does not count when
groups before it are fitted. Linear, without recursion.
"""

from collections.abc import Iterable, Sequence
from enum import Enum, auto

from msgspec import Struct


class Mark(Enum):
    """Marks that group pieces and indent their lines."""

    GROUP = auto()
    END = auto()
    INDENT = auto()
    DEDENT = auto()
    BROKEN = auto()


GROUP, END, INDENT, DEDENT, BROKEN = Mark


class Break(Struct, frozen=True):
    """A possible line break; `flat` replaces it if the line is not broken."""

    flat: str


BLANK = Break(" ")
NOTHING = Break("")
Piece = str | Mark | Break

_INDENTATION = {INDENT: 4, DEDENT: -4}
_ENDLESS = 1 << 60
"""The length of a group that must not stay on one line."""


def on_one_line(pieces: Iterable[Piece]) -> str:
    """The text without line breaks."""
    return "".join([_flat(piece) for piece in pieces])


def within_width(pieces: Sequence[Piece], width: int) -> str:
    """The text in lines of at most `width` characters, as far as breaks allow; indented by at most half of that."""
    lengths = _group_lengths(pieces)
    written: list[str] = []
    column = indentation = 0
    unbroken = 0  # the number of open groups that stay on this line
    for piece, length in zip(pieces, lengths, strict=True):
        if isinstance(piece, Mark):
            indentation += _INDENTATION.get(piece, 0)
            if piece is GROUP:
                unbroken += bool(unbroken) or column + length <= width
            elif piece is END:
                unbroken -= bool(unbroken)
        elif isinstance(piece, Break) and not unbroken:
            column = max(0, min(indentation, width // 2))  # else a deep tree would be mostly indentation
            written.append("\n" + " " * column)
        else:
            text = _flat(piece)
            written.append(text)
            column += len(text)
    return "".join(written)


def _flat(piece: Piece) -> str:
    return piece if isinstance(piece, str) else piece.flat if isinstance(piece, Break) else ""


def _group_lengths(pieces: Sequence[Piece]) -> list[int]:
    """For each group the length of its text on one line, up to the next break after it; 0 for other pieces."""
    lengths = [0] * len(pieces)
    ends: list[int] = []  # for each open group, the length after it, minus the length right of its end
    right = tail = 0  # the length of all text to the right, and of the text up to the next break
    for at in range(len(pieces) - 1, -1, -1):
        piece = pieces[at]
        if piece is END:
            ends.append(tail - right)
        elif piece is GROUP:
            lengths[at] = right + ends.pop()
        length = _ENDLESS if piece is BROKEN else len(_flat(piece))
        right += length
        tail = 0 if isinstance(piece, Break) or piece is BROKEN else tail + length
    return lengths
