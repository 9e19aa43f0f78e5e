"""The body of `POST /segments`: filters with a name, a description and an icon."""

import unicodedata
from typing import Any

from msgspec import Struct

from segdsl.errors import InvalidSegmentError
from segdsl.limits import MAX_ICON_LENGTH, MAX_NAME_LENGTH
from segdsl.wire.filters import Filters


class Segment(Struct, frozen=True, kw_only=True):
    """A segment to create. `name` None lets the server make one up.

    Raises `InvalidSegmentError` when the name is empty, blank or over 255, or the icon over 50 UTF-16 code units
    (a JavaScript server counts those), or when a text holds a lone surrogate, which no JSON can carry.
    """

    filters: Filters
    name: str | None = None
    description: str | None = None
    icon: str | None = None

    def __post_init__(self) -> None:
        problems = [
            *_text_problems("name", self.name, MAX_NAME_LENGTH),
            *_text_problems("description", self.description, None),
            *_text_problems("icon", self.icon, MAX_ICON_LENGTH),
        ]
        if not isinstance(self.filters, Filters):
            problems.append("filters: must be a Filters")
        if self.name is not None and isinstance(self.name, str) and not self.name.strip():
            problems.append("name: must not be blank")
        if problems:
            raise InvalidSegmentError(problems)

    def to_dict(self) -> dict[str, Any]:
        """The body of the request: `filters`, then `name`, `description` and `icon` if they are set."""
        texts = {"name": self.name, "description": self.description, "icon": self.icon}
        return {"filters": self.filters.to_dict()} | {key: text for key, text in texts.items() if text is not None}


def plain_name(name: str) -> str:
    """The name without outer blanks, in Unicode's NFC: a server may trim or normalise a name."""
    return unicodedata.normalize("NFC", name).strip()


def utf16_length(text: str) -> int:
    """The length of `text` as JavaScript counts it: characters beyond U+FFFF count twice."""
    return len(text) + sum(character > "\uffff" for character in text)


def _text_problems(key: str, text: object, limit: int | None) -> list[str]:
    if text is None:
        return []
    if not isinstance(text, str):
        return [f"{key}: must be a string"]
    problems = []
    if limit is not None and utf16_length(text) > limit:
        counted = f"{utf16_length(text)} UTF-16 code units ({len(text)} characters)"
        problems.append(f"{key}: must be at most {limit} UTF-16 code units, this has {counted}")
    if any("\ud800" <= character <= "\udfff" for character in text):
        problems.append(f"{key}: must not hold a lone surrogate")
    return problems
