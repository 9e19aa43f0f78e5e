"""A config as values: segments, definitions and declared properties, each knowing where it was written."""

import datetime
from collections.abc import Mapping
from typing import Any

import msgspec

from segdsl.config.document import Document, Path
from segdsl.source import Source, Span

Declarations = dict[str, str | tuple[str, ...]]
"""Declared properties: `string`, `number`, `integer`, `boolean`, or the allowed strings."""


class LocatedText(msgspec.Struct, frozen=True):
    """A string of a config file. Every character of `value` knows where the file spells it."""

    value: str
    path: Path
    document: Document

    @property
    def span(self) -> Span:
        """The whole literal in the file, quotes included."""
        return self.document.place(self.path).value

    def in_file(self, span: Span) -> Span:
        """Where the file spells the characters `span` of the value."""
        return self.document.characters(self.path, self.value).span(span, self.span.start)


class Example(msgspec.Struct, frozen=True):
    """A person that a segment must hold (`matches`), or must not. `user` has the shape that `evaluate` takes."""

    user: Mapping[str, Any]
    matches: bool
    now: datetime.datetime | None
    path: Path
    document: Document

    @property
    def span(self) -> Span:
        """Where the example stands in the file."""
        return self.document.place(self.path).value


class SegmentConfig(msgspec.Struct, frozen=True):
    """One `[[segment]]`."""

    name: str
    where: LocatedText
    path: Path
    document: Document
    description: str | None = None
    icon: str | None = None
    split: bool = False
    examples: tuple[Example, ...] = ()

    @property
    def label(self) -> str:
        """What a diagnostic calls the segment."""
        return segment_label(self.name, self.path)

    def span(self, key: str | None = None) -> Span:
        """Where the value of `key` stands in the file; the segment itself when it has no such key, or for None."""
        return self.document.place(self.path if key is None else (*self.path, key)).value


class Config(msgspec.Struct, frozen=True):
    """What a config file says.

    `properties` None means unchecked, `{}` that none are allowed. A config that was loaded with errors holds what is
    usable in spite of them, so that the rest can be checked in the same run; it must not be pushed. A segment whose
    name is unusable has the name "". `bom` tells of a byte order mark before the text, which the source has not.
    """

    document: Document
    properties: Declarations | None = None
    conversation_properties: Declarations | None = None
    definitions: dict[str, LocatedText] = {}
    segments: tuple[SegmentConfig, ...] = ()
    bom: bool = False

    @property
    def name(self) -> str:
        """The path of the file, as given."""
        return self.document.source.name

    @property
    def source(self) -> Source:
        """The text of the file."""
        return self.document.source

    def to_bytes(self, text: str) -> bytes:
        """`text` as this file's bytes."""
        return text.encode("utf-8-sig" if self.bom else "utf-8")


def segment_label(name: str, path: Path) -> str:
    """`segment "Big teams"`, or `segment 3` while it has no usable name."""
    return f'segment "{name}"' if name else f"segment {int(path[-1]) + 1}"


def definition_label(name: str) -> str:
    """What a diagnostic calls a definition."""
    return f"definition @{name}"
