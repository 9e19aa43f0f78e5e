"""The FILE arguments of commands: wildcards, bounded reading (`-` is stdin), and writing in one step."""

import glob
import os
import sys
from collections.abc import Iterable
from pathlib import Path

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


def write_file(name: str, data: bytes) -> None:
    """Replaces the file's content in one step, or not at all; permissions stay, and a link still points to the file."""
    try:
        _replace(Path(os.path.realpath(name)), data)
    except OSError as error:
        error.filename, error.filename2 = name, None  # and not the temporary file, of which nobody has heard
        raise


def _replace(target: Path, data: bytes) -> None:
    from tempfile import mkstemp  # noqa: PLC0415  few commands write a file

    descriptor, temporary = mkstemp(dir=target.parent, prefix=".segdsl-")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(_permissions(target))
        Path(temporary).replace(target)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _permissions(target: Path) -> int:
    try:
        return target.stat().st_mode & 0o7777
    except FileNotFoundError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask
