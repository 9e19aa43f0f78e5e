"""A config file as plain data, with the place of every value in the file, worked out when somebody asks."""

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any, Literal

import msgspec

from segdsl.config.characters import Characters
from segdsl.diagnostics import Diagnostic
from segdsl.source import Source, Span

Path = tuple[str | int, ...]
"""Keys and 0-based list positions from the top of the file down to a value."""

FormatName = Literal["toml", "yaml", "json"]


class Place(msgspec.Struct, frozen=True):
    """Where an entry stands: its key (the value itself, for an item of a list) and its value, as file offsets.

    The value of a table that a header opens is the header. `flow` marks what stands inside YAML's `[ ]` or `{ }`.
    """

    key: Span
    value: Span
    flow: bool = False


Places = Mapping[Path, Place]


class Reading(msgspec.Struct, frozen=True):
    """What a format's reader makes of a text: plain data with a way to its places, or the problems that prevent it."""

    values: Any = None
    problems: tuple[Diagnostic, ...] = ()
    places: Callable[[], Places] = dict


class Surroundings(msgspec.Struct, frozen=True):
    """What a string's new spelling depends on beside its old one.

    The column of its key, from 0; whether it stands inside YAML's `[ ]` or `{ }`; whether nothing, not even a blank,
    follows it on its line; and the file's line break.
    """

    indent: int
    flow: bool
    alone: bool
    newline: str


class Format(msgspec.Struct, frozen=True):
    """What one file format knows.

    `read(source)` is the judge of what is valid and what the values are; `characters(literal, value)` maps a string's
    characters into its literal; `spell(value, literal, surroundings)` writes a string in the literal's style. `table`
    is what the format calls a table.
    """

    name: FormatName
    table: str
    read: Callable[[Source], Reading]
    characters: Callable[[str, str], Characters]
    spell: Callable[[str, str, Surroundings], str]


class Document:
    """A readable config file. Values are at hand; places cost a second look at the text, which few files ever need."""

    def __init__(self, source: Source, form: Format, values: Any, places: Callable[[], Places]) -> None:
        self.source = source
        self.format = form
        self.values = values
        self._find_places = places
        self._characters: dict[Path, Characters] = {}

    @cached_property
    def places(self) -> Places:
        """The place of every key and list item, by path."""
        return self._find_places()

    def place(self, path: Path) -> Place:
        """Where `path` stands, or the nearest table around it that has a place of its own."""
        for length in range(len(path), 0, -1):
            found = self.places.get(path[:length])
            if found is not None:
                return found
        return Place(Span(0, 0), Span(0, 0))

    def characters(self, path: Path, value: str) -> Characters:
        """The characters of the string `value` at `path`, as offsets into its literal."""
        known = self._characters.get(path)
        if known is None:
            span = self.place(path).value
            known = self.format.characters(self.source.text[span.start : span.end], value)
            if len(known) != len(value) or path not in self.places:
                known = Characters.whole(0, span.end - span.start, len(value))
            self._characters[path] = known
        return known
