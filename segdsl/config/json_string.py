"""JSON's strings, from value to spelling and back."""

import json
import re

from segdsl.config.characters import Characters, scan
from segdsl.config.document import Surroundings

_SPELLING = re.compile(
    r"\\u[dD][89abAB][0-9A-Fa-f]{2}\\u[dD][c-fC-F][0-9A-Fa-f]{2}"  # two escapes, one character
    r"|\\u[0-9A-Fa-f]{4}|\\[^u]|[^\\]"
)
_ESCAPED_LETTER = re.compile(r"(?<!\\)(?:\\\\)*\\u(?!00[01])")


def characters(literal: str, value: str) -> Characters:
    """The characters of `value` as offsets into its literal."""
    end = len(literal) - 1
    return Characters.verbatim(1, end) if literal[1:end] == value else scan(literal, 1, end, _SPELLING)


def spell(value: str, literal: str, _: Surroundings) -> str:
    """`value` as a JSON string; letters beyond ASCII are escaped where `literal` escaped some."""
    return json.dumps(value, ensure_ascii=bool(_ESCAPED_LETTER.search(literal)))
