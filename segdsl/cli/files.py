"""The FILE arguments of commands: wildcards, bounded reading (`-` is stdin), and writing in one step."""

import errno
import glob
import os
import re
import shlex
import signal
import stat
import sys
from collections import deque
from collections.abc import Callable, Container, Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

import click

from segdsl.cli import console
from segdsl.cli.console import counted
from segdsl.cli.failure import Failure
from segdsl.diagnostics.cells import visible
from segdsl.errors import ConfigError
from segdsl.limits import MAX_CONFIG_BYTES, MAX_ENTRIES_BELOW
from segdsl.syntax.literals import shortened

Command = TypeVar("Command", bound=Callable[..., Any])

STDIN = "-"
STDIN_FILENAME = "stdin.toml"
"""The default name of a config on stdin."""

_NO_SOURCES = ("node_modules", "__pycache__", "venv", "site-packages")
"""Folders of installed and generated files."""


def expanded(names: Iterable[str], *, folders: bool = True) -> tuple[str, ...]:
    """The config files that `names` mean, each once.

    With `folders` a folder means its files `segments*.toml`, `.yaml`, `.yml` and `.json`, and a pattern only files with
    these endings. Wildcards (`*`, `?`, `[…]`, `**`) that the shell left are expanded. Raises `Failure` for a folder or
    pattern without files. A file whose own name holds a wildcard is meant literally.
    """
    names = tuple(names)
    files: dict[str, str] = {}
    for name in names:
        for file in _matches(name, folders=folders):
            files.setdefault(os.path.realpath(file), file)
    for folder in filter(os.path.isdir, names if folders else ()):
        _tell_of_others_below(folder, files)
    return tuple(files.values())


def expanded_with_stdin(names: Iterable[str], stdin_filename: str) -> tuple[tuple[str, ...], dict[str, bytes]]:
    """`expanded`, where `-` is a config on stdin with the name `stdin_filename`; and its bytes by that name."""
    names = tuple(names)
    others = expanded(name for name in names if name != STDIN)
    if STDIN not in names:
        return others, {}
    data = sys.stdin.buffer.read(MAX_CONFIG_BYTES + 1)
    if len(data) > MAX_CONFIG_BYTES:
        raise Failure(f"stdin: larger than a config can be ({MAX_CONFIG_BYTES} bytes)")
    return (stdin_filename, *others), {stdin_filename: data}


def stdin_filename_option(command: Command) -> Command:
    """`--stdin-filename`: the name of a config on stdin."""
    return click.option(
        "--stdin-filename",
        metavar="FILE",
        help="The name of a config on stdin (-): its ending is the format.  [default: stdin.toml]",
    )(command)


def _matches(name: str, *, folders: bool) -> list[str]:
    if folders and os.path.isdir(name):
        return _segment_files(name)
    if folders and _is_expression(name):
        raise Failure(
            f"there is no file {visible(shortened(name))}: this command takes files;"
            " for an expression there are `segdsl compile` and `segdsl explain`"
        )
    if not glob.has_magic(name) or os.path.lexists(name):
        return [name]
    found = sorted(glob.glob(name, recursive=True))
    if folders:
        found = [file for file in found if _is_config(file)]
    if not found:
        raise Failure(f"no file matches {name}")
    return found


def _is_expression(name: str) -> bool:
    """Whether an argument is no file, and probably an expression."""
    return not (os.path.lexists(name) or _is_config(name)) and re.search(r"[\s<>=@$]", name) is not None


def _is_config(name: str) -> bool:
    """Whether the ending is that of a config."""
    from segdsl.config.formats import EXTENSIONS  # noqa: PLC0415  not every command reads a config

    return os.path.splitext(name)[1].lower() in EXTENSIONS


def _segment_files(folder: str) -> list[str]:
    from segdsl.config.formats import EXTENSIONS  # noqa: PLC0415  not every command reads a config

    names = sorted(name for name in os.listdir(folder) if name.startswith("segments") and _is_config(name))
    found = [os.path.normpath(os.path.join(folder, name)) for name in names]
    if not found:
        raise Failure(
            f"{folder}: this folder holds no file segments* that ends in {', '.join(EXTENSIONS)};"
            f" {_pattern_below(folder)} looks in the folders below it, too"
        )
    return found


def _pattern_below(folder: str) -> str:
    """The pattern, as a shell takes it, for the files `segments*` of a folder and of all folders below it."""
    inside = "" if os.path.normpath(folder) == os.curdir else glob.escape(os.path.normpath(folder))
    return shlex.quote(os.path.join(inside, "**", "segments*"))


def _tell_of_others_below(folder: str, read: Container[str]) -> None:
    """A note on stderr if folders below hold files `segments*` that are not `read` (real paths)."""
    number = sum(os.path.realpath(file) not in read for file in _segment_files_below(folder))
    if number:
        is_not, them = ("is not", "it") if number == 1 else ("are not", "them")
        more = f"{counted(number, 'more file')} in folders below {folder} {is_not} read"
        console.err(visible(f"{more}: {_pattern_below(folder)} reads {them}, too"))


def _segment_files_below(folder: str) -> Iterator[str]:
    """The files `segments*` in folders below, breadth first, among the first `MAX_ENTRIES_BELOW` names.

    Links to folders are not followed. Dot folders and folders of installed packages are left out.
    """
    folders, left = deque([folder]), MAX_ENTRIES_BELOW
    while folders and left:
        inside = folders.popleft()
        try:
            with os.scandir(inside) as found:
                entries = list(islice(found, left))
        except OSError:  # a folder that may not be listed holds nothing that a pattern finds
            continue
        left -= len(entries)
        for entry in sorted(entries, key=lambda entry: entry.name):
            if entry.is_dir(follow_symlinks=False):
                if not entry.name.startswith(".") and entry.name not in _NO_SOURCES:
                    folders.append(entry.path)
            elif inside != folder and entry.name.startswith("segments") and _is_config(entry.name):
                yield entry.path


# ── reading ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def read_stdin(limit: int, what: str) -> str:
    """All of stdin as text, without a byte order mark.

    Raises `Failure` for more than `limit` bytes or text that is not UTF-8.
    """
    return _decoded(sys.stdin.buffer.read(limit + 1), limit, "stdin", what)


def name_of(file: str) -> str:
    """The name of a FILE in messages."""
    return "stdin" if file == STDIN else file


def read_text(name: str, limit: int, what: str) -> str:
    """The text of a file, or of stdin for `-`; raises like `read_stdin`."""
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


# ── writing ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def write_file(name: str, data: bytes, *, expected: bytes | None = None) -> None:
    """Replaces the content of a file in one step, or not at all. A new file gets the usual permissions.

    A link still points to the file; permissions, owner, hard links and extended attributes stay. Signals wait until
    the file is written, so that none leaves a temporary file behind. Raises `ConfigError` if the file no longer holds
    `expected`, and `OSError` if it may not be written, or is not a plain file.
    """
    target = os.path.realpath(name)
    try:
        with _signals_waiting():
            old = _content(target)
            if expected is not None and old != expected:
                raise ConfigError(f"{name}: has changed since it was read, and is left as it is: run this again")
            _write(target, data, old)
    except OSError as error:
        error.filename, error.filename2 = name, None  # the user did not name the real path, nor the temporary file
        raise


@contextmanager
def _signals_waiting() -> Iterator[None]:
    """Blocks the signals that end a process. Those that arrive meanwhile are delivered at the end."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT))
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _content(target: str) -> bytes | None:
    """The content of a file; None if there is no file. Raises `OSError` for a file that must not be written."""
    try:
        mode = os.stat(target).st_mode
    except FileNotFoundError:
        return None
    if not stat.S_ISREG(mode):
        raise OSError(errno.EINVAL, "this is not a plain file")
    if not mode & 0o222 or not os.access(target, os.W_OK):  # root may write even these
        raise PermissionError(errno.EACCES, "the file is read-only")
    with open(target, "rb") as file:
        return file.read()


def _write(target: str, data: bytes, old: bytes | None) -> None:
    """Writes a temporary file and renames it, or writes in place where a rename would lose something."""
    if old is None:
        _replace(target, data, None)
        return
    status = os.stat(target)
    attributes = os.listxattr(target) if hasattr(os, "listxattr") else []
    if status.st_nlink > 1 or any(name != "security.selinux" for name in attributes):
        _overwrite(target, data, old)
        return
    try:
        _replace(target, data, status)
    except PermissionError:  # the folder may not be written, or the owner cannot be kept
        _overwrite(target, data, old)


def _replace(target: str, data: bytes, like: os.stat_result | None) -> None:
    temporary = os.path.join(os.path.dirname(target), f".segdsl-{os.urandom(8).hex()}")
    file = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
    try:
        try:
            _put(file, data)
        finally:
            os.close(file)
        if like is not None and hasattr(os, "chown") and (like.st_uid, like.st_gid) != _owner(temporary):
            os.chown(temporary, like.st_uid, like.st_gid)
        os.chmod(temporary, stat.S_IMODE(like.st_mode) if like else _usual_permissions())
        os.replace(temporary, target)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _overwrite(target: str, data: bytes, old: bytes) -> None:
    """Writes in place. If that fails, on a full disk for example, the old content comes back."""
    file = os.open(target, os.O_RDWR | getattr(os, "O_BINARY", 0))
    try:
        try:
            _put(file, data)
        except OSError:
            os.lseek(file, 0, os.SEEK_SET)
            _put(file, old)
            raise
    finally:
        os.close(file)


def _put(file: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(file, rest) :]
    os.truncate(file, len(data))
    os.fsync(file)


def _owner(path: str) -> tuple[int, int]:
    status = os.stat(path)
    return status.st_uid, status.st_gid


def _usual_permissions() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
