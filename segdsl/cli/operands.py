"""What commands are given in files and on stdin: names with wildcards, and bounded reading."""

import glob
import os
import sys
from collections.abc import Iterable

from segdsl.cli.failure import Failure

STDIN = "-"


def expanded(names: Iterable[str]) -> tuple[str, ...]:
    """The files that `names` mean, each once, wildcards (`*`, `?`, `[…]`, `**`) expanded where the shell left them.

    Raises `Failure` for a pattern that matches nothing. A file whose own name holds a wildcard is meant literally.
    """
    files: dict[str, str] = {}
    for name in names:
        for file in _matches(name):
            files.setdefault(os.path.realpath(file), file)
    return tuple(files.values())


def _matches(name: str) -> list[str]:
    if not glob.has_magic(name) or os.path.lexists(name):
        return [name]
    found = sorted(glob.glob(name, recursive=True))
    if not found:
        raise Failure(f"no file matches {name}")
    return found


def read_stdin(limit: int, what: str) -> str:
    """All of stdin as text, without a byte order mark. Raises `Failure` past `limit` bytes, or when not UTF-8."""
    return _decoded(sys.stdin.buffer.read(limit + 1), limit, "stdin", what)


def name_of(file: str) -> str:
    """What a message calls a FILE."""
    return "stdin" if file == STDIN else file


def read_text(name: str, limit: int, what: str) -> str:
    """The text of a file, or of stdin for `-`; raises as `read_stdin` does."""
    if name == STDIN:
        return read_stdin(limit, what)
    with open(name, "rb") as file:
        return _decoded(file.read(limit + 1), limit, name, what)


def _decoded(data: bytes, limit: int, name: str, what: str) -> str:
    if len(data) > limit:
        raise Failure(f"{name}: larger than {what} can be ({limit} bytes)")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Failure(f"{name}: not UTF-8: byte 0x{data[error.start]:02x} at offset {error.start}") from error
