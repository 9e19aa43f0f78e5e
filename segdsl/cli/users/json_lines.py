"""A record on each line, as JSON (jsonlines.org)."""

import codecs
from collections.abc import Iterator
from typing import BinaryIO

import msgspec

from segdsl.cli.users.record import Malformed, Record
from segdsl.limits import MAX_RECORD_BYTES
from segdsl.semantics.schema import Schema


def read(stream: BinaryIO, _schema: Schema) -> Iterator[Record | Malformed]:
    """The records; blank lines are none."""
    decode = msgspec.json.Decoder().decode
    for number, line in enumerate(_lines(stream), start=1):
        if line is None:
            yield Malformed(number, f"longer than {MAX_RECORD_BYTES} bytes")
            continue
        raw = line.removeprefix(codecs.BOM_UTF8) if number == 1 else line
        try:
            yield Record(number, decode(raw), raw)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            if raw.strip():
                yield Malformed(number, f"not JSON: {error}")


def _lines(stream: BinaryIO) -> Iterator[bytes | None]:
    """The lines of a stream, None for one that is too long to be held."""
    while line := stream.readline(MAX_RECORD_BYTES + 1):
        if len(line) > MAX_RECORD_BYTES and not line.endswith(b"\n"):
            while line and not line.endswith(b"\n"):
                line = stream.readline(MAX_RECORD_BYTES)
            yield None
        else:
            yield line
