"""How a terminal shows text: what it shows for each character, and how many cells that takes."""

import re
from unicodedata import category, east_asian_width, name

_NO_INK = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180d\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
"""Printable by category but invisible: joiners and fillers of scripts, variation selectors."""

_SHORT = {"\t": r"\t", "\n": r"\n", "\r": r"\r"}


def visible(text: str) -> str:
    r"""`text` safe to print, on one line: invisible and cursor-moving characters become escapes such as `\u202e`.

    These are all control, format (direction, joiner), surrogate, unassigned and private characters, all blanks except
    the plain and the ideographic space, and the invisible characters above. Terminals agree on the width of the others.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(map(_shown, text))


def named(character: str) -> str:
    """The name of a character that cannot be shown: `U+202E (right-to-left override)`."""
    return f"U+{ord(character):04X} ({name(character).lower()})"


def width(text: str) -> int:
    """The cells that `text`, made visible, takes: 2 for a wide character, 0 for one that combines with the last."""
    return len(text) if text.isascii() else sum(map(_cells, text))


def _shown(character: str) -> str:
    if (character.isprintable() and not _NO_INK.match(character)) or character == "\u3000":
        return character
    number = ord(character)
    return _SHORT.get(character) or (f"\\u{number:04x}" if number <= 0xFFFF else f"\\U{number:08x}")


def _cells(character: str) -> int:
    # Vowels and finals of conjoining Hangul are letters by category, but share the cell of the initial.
    if category(character) in ("Mn", "Me") or "\u1161" <= character <= "\u11ff" or "\ud7b0" <= character <= "\ud7fb":
        return 0
    return 2 if east_asian_width(character) in "WF" else 1
