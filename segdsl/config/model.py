"""A config as values: segments, definitions and declared properties, each with its location in the file."""

import datetime
import operator
from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from segdsl.config.document import Document, LocatedText, Path
from segdsl.diagnostics import Diagnostic
from segdsl.limits import MAX_SEGMENTS
from segdsl.source import Source, Span

Declarations = dict[str, str | tuple[str, ...]]
"""Declared properties: `string`, `number`, `integer`, `boolean`, or the allowed strings."""


Loaded = tuple["Config | None", tuple[Diagnostic, ...]]
"""A config, None if the file is unreadable, and every problem. A config with errors holds its usable parts."""


class Example(msgspec.Struct, frozen=True):
    """A user who must be in the segment (`matches`), or must not. `user` has the shape that `evaluate` takes."""

    user: Mapping[str, Any]
    matches: bool
    now: datetime.datetime | None
    path: Path
    document: Document

    @property
    def span(self) -> Span:
        """Where the example stands in the file."""
        return self.document.location(self.path).value


class Expectation(msgspec.Struct, frozen=True):
    """How many members a segment is expected to have among the users of a file: `operator` and `number`."""

    operator: str
    number: int
    path: Path
    document: Document

    def holds(self, members: int) -> bool:
        """Whether this number of members is as expected."""
        return _COMPARED[self.operator](members, self.number)

    @property
    def span(self) -> Span:
        """Where the comparison stands in the file."""
        return self.document.location(self.path).value


_COMPARED: dict[str, Callable[[int, int], bool]] = {
    ">=": operator.ge, "<=": operator.le, ">": operator.gt, "<": operator.lt, "==": operator.eq, "!=": operator.ne,
}  # fmt: skip


class SegmentConfig(msgspec.Struct, frozen=True):
    """One `[[segment]]`."""

    name: str
    where: LocatedText
    path: Path
    document: Document
    description: str | None = None
    icon: str | None = None
    split: bool = False
    expect: Expectation | None = None
    examples: tuple[Example, ...] = ()

    @property
    def label(self) -> str:
        """The name of the segment in diagnostics."""
        return segment_label(self.name, self.path)

    @property
    def max_segments(self) -> int:
        """How many segments the expression may become."""
        return MAX_SEGMENTS if self.split else 1

    def span(self, key: str | None = None) -> Span:
        """Where the value of `key` stands in the file; for None, or without such a key, where the segment stands."""
        return self.document.location(self.path if key is None else (*self.path, key)).value


class Config(msgspec.Struct, frozen=True):
    """The contents of a config file, with those that its includes bring if it was loaded with them.

    `properties` None means unchecked, `{}` that none are allowed. A config with errors holds its usable parts, so that
    they can be checked in the same run; it must not be pushed. A segment without a usable name has the name "".
    `complete` is false if definitions are missing because they, or an include, cannot be used. `declares_all` is false
    if a declaration of its own is unusable, `includes_all` if an include, or a declaration there, is; then its
    properties are unchecked. `bom` is true if a byte order mark begins the file; it is not part of the source.
    `mapping` is the `segdsl.sql.Mapping` of `[source]`.
    """

    document: Document
    include: tuple[LocatedText, ...] = ()
    properties: Declarations | None = None
    conversation_properties: Declarations | None = None
    definitions: dict[str, LocatedText] = {}
    mapping: Any = None
    segments: tuple[SegmentConfig, ...] = ()
    complete: bool = True
    declares_all: bool = True
    includes_all: bool = True
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
    """`segment "Big teams"`, or `segment 3` if it has no usable name."""
    return f'segment "{name}"' if name else f"segment {int(path[-1]) + 1}"
