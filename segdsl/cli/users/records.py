"""The entries of a file of users: records, unusable records, and notices about the whole file."""

import gzip
import io
import os
import sys
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, cast

from msgspec import Struct

from segdsl.catalogue import Field, Kind
from segdsl.cli.files import STDIN, name_of
from segdsl.errors import SegdslError
from segdsl.semantics.schema import UNCHECKED, Schema

ID = "id"
PARTS: Mapping[Kind, str] = {
    Kind.METRIC: "analysis",
    Kind.FLAG: "flags",
    Kind.PROPERTY: "properties",
    Kind.CONVERSATION_PROPERTY: "conversationProperties",
}
"""The key in a record that holds the fields of a kind. Fields of other kinds are at the top level of the record."""

_GZIP = b"\x1f\x8b"


class Record(Struct, frozen=True, gc=False):
    """A user. `number` is its line, or its position in an array, from 1; `raw` is its line, if it has one."""

    number: int
    user: Any
    raw: bytes | None = None


class Malformed(Struct, frozen=True):
    """An unusable record, and why. The next ones may be usable."""

    number: int
    problem: str


class Notice(Struct, frozen=True):
    """A sentence about the whole file, such as which columns are left out."""

    text: str


Entry = Record | Malformed | Notice


class UnreadableError(SegdslError):
    """The rest of the file cannot be read."""


class Asked(Struct, frozen=True):
    """The fields that an expression needs, by their names in it, and their declared types."""

    fields: Mapping[str, Field] = {}
    schema: Schema = UNCHECKED


class Input(Struct, frozen=True):
    """`stream` gives the decompressed bytes; `size` is the file's size on disk, None if it has none."""

    name: str
    stream: io.BufferedReader
    size: int | None
    file: BinaryIO

    def position(self) -> int:
        """The number of bytes read, of `size`."""
        return self.file.tell()


@contextmanager
def opened(name: str) -> Iterator[Input]:
    """The file, or stdin for `-`. Data that begins like gzip is decompressed, even if the file's name does not say so.

    Raises `UnreadableError` if the compressed data, read anywhere in the `with` block, is damaged.
    """
    try:
        if name == STDIN:
            stdin = sys.stdin.buffer
            yield _input("stdin", stdin if isinstance(stdin, io.BufferedReader) else _buffered(stdin))
            return
        with Path(name).open("rb") as file:
            yield _input(name, file)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise UnreadableError(f"{name_of(name)}: the compressed data is damaged: {error}") from error


def _input(name: str, file: io.BufferedReader) -> Input:
    compressed = file.peek(len(_GZIP))[: len(_GZIP)] == _GZIP
    stream = _buffered(gzip.GzipFile(fileobj=file)) if compressed else file
    return Input(name, stream, _size(file), file)


def _buffered(stream: BinaryIO | gzip.GzipFile) -> io.BufferedReader:
    return io.BufferedReader(cast("io.RawIOBase", stream))


def _size(file: BinaryIO) -> int | None:
    try:
        return os.fstat(file.fileno()).st_size if file.seekable() else None
    except OSError:  # a stream without a file
        return None
