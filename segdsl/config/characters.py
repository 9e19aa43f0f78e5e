"""Which characters of a literal each character of its value comes from."""

import re
from collections.abc import Iterable, Sequence

import msgspec

from segdsl.source import Span


class Characters(msgspec.Struct, frozen=True):
    """A map from the characters of a value to their spelling in a text.

    Character `i` of the value is spelled `text[starts[i]:ends[i]]`; `starts` has one entry more, the place behind the
    last character. Between two neighbours may lie what the value does not hold: indentation, a continued line.
    """

    starts: Sequence[int]
    ends: Sequence[int]

    @classmethod
    def verbatim(cls, start: int, end: int) -> "Characters":
        """A value that stands in the text as it is."""
        return cls(range(start, end + 1), range(start + 1, end + 1))

    @classmethod
    def whole(cls, start: int, end: int, length: int) -> "Characters":
        """A value of which only the whole literal is known: every character points at all of it."""
        return cls((start,) * (length + 1), (end,) * length)

    @classmethod
    def of(cls, spelled: Iterable[tuple[int, int]], end: int) -> "Characters":
        """A value whose characters are spelled at the given places, and that ends at `end`."""
        pairs = tuple(spelled)
        return cls((*(start for start, _ in pairs), end), tuple(end for _, end in pairs))

    def __len__(self) -> int:
        return len(self.ends)

    def span(self, span: Span, base: int = 0) -> Span:
        """Where the characters `span` of the value are spelled, shifted by `base`; an empty span stays empty."""
        if span.end <= span.start:
            place = base + self.starts[min(span.start, len(self))]
            return Span(place, place)
        return Span(base + self.starts[span.start], base + self.ends[min(span.end, len(self)) - 1])


def scan(literal: str, start: int, end: int, spelling: re.Pattern[str]) -> Characters:
    """The characters of `literal[start:end]`: each match of `spelling` spells one, or none when its group
    `nothing` matched."""
    matches = spelling.finditer(literal, start, end)
    return Characters.of((match.span() for match in matches if match.lastgroup != "nothing"), end)
