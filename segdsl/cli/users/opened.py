"""A file or stdin as a stream of bytes, decompressed, with the part of it that is read already."""

import gzip
import io
import os
import sys
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from msgspec import Struct

from segdsl.cli.operands import STDIN, name_of
from segdsl.cli.users.record import UnreadableError

_GZIP = b"\x1f\x8b"


class Input(Struct, frozen=True):
    """`stream` gives the bytes of the records; `size` is that of the file on disk, None when it has none."""

    name: str
    stream: io.BufferedReader
    size: int | None
    file: BinaryIO

    def position(self) -> int:
        """How much of `size` is read."""
        return self.file.tell()


@contextmanager
def opened(name: str) -> Iterator[Input]:
    """The file, or stdin for `-`. What begins like gzip is decompressed on the way, whatever its name.

    Raises `UnreadableError` when the compressed data, wherever it is read in the `with` block, is damaged.
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
    stream = file
    if file.peek(len(_GZIP))[: len(_GZIP)] == _GZIP:
        stream = _buffered(gzip.GzipFile(fileobj=file))
    return Input(name, stream, _size(file), file)


def _buffered(stream: BinaryIO | gzip.GzipFile) -> io.BufferedReader:
    return io.BufferedReader(cast("io.RawIOBase", stream))


def _size(file: BinaryIO) -> int | None:
    try:
        return os.fstat(file.fileno()).st_size if file.seekable() else None
    except OSError:  # a stream that is no file
        return None
