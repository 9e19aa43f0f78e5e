"""What reading records gives: a record, one that is malformed, or the news that there is no going on."""

from typing import Any

from msgspec import Struct

from segdsl.errors import SegdslError


class Record(Struct, frozen=True, gc=False):
    """A user, with the number of its line (or of its place in an array), from 1. `raw` is the line, if it has one."""

    number: int
    user: Any
    raw: bytes | None = None


class Malformed(Struct, frozen=True):
    """A record that cannot be read, and why; the ones after it can."""

    number: int
    problem: str


class UnreadableError(SegdslError):
    """The rest of the file cannot be read."""
