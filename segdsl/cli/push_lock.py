"""One push at a time from this machine: a lock that the system lets go of when its holder ends, however it ends."""

import getpass
import hashlib
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from segdsl.errors import ConfigError
from segdsl.limits import LOCK_WAIT

_POLL_SECONDS = 0.2


@contextmanager
def push_lock(
    server: str, waiting: Callable[[str], None], *, folder: Path | None = None, patience: float = LOCK_WAIT
) -> Iterator[None]:
    """Holds the lock on pushes to `server` by this user of this machine.

    Whoever comes second is told so once, by `waiting`, and waits `patience` seconds at most; then, or when there can
    be no lock file in `folder` (default: one of the user's in the machine's temporary folder), raises `ConfigError`.
    """
    path = _lock_file(folder or _private_folder(), server)
    deadline, told = time.monotonic() + patience, False
    while (held := _locked(path)) is None:
        if not told:
            waiting(f"another push to {server} is under way on this machine; waiting for it to end")
            told = True
        if time.monotonic() >= deadline:
            raise ConfigError(f"another push to {server} is still under way after {patience:g} s; its lock is {path}")
        time.sleep(_POLL_SECONDS)
    try:
        yield
    finally:
        held.close()


def _private_folder() -> Path:
    """A folder that only this user can write to, in a place that is there on every machine, homeless ones included."""
    folder = Path(tempfile.gettempdir()) / f"segdsl-{_user()}"
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        found = folder.lstat()
    except OSError as error:
        raise ConfigError(f"there can be no lock file in {folder}: {error.strerror}") from error
    if sys.platform != "win32" and (found.st_uid != os.getuid() or found.st_mode & 0o022 or folder.is_symlink()):
        raise ConfigError(f"{folder} is not a folder that only you can write to; remove it, and try again")
    return folder


def _user() -> str:
    if sys.platform == "win32":
        return getpass.getuser()
    return str(os.getuid())


def _lock_file(folder: Path, server: str) -> Path:
    """A name of its own for each server; whose account it is makes no difference, so that no key comes near a file."""
    return folder / f"push-{hashlib.sha256(server.encode()).hexdigest()[:16]}.lock"


def _locked(path: Path) -> IO[bytes] | None:
    """The lock file, open and locked; None while somebody else has it."""
    try:
        file = path.open("ab")
    except OSError as error:
        raise ConfigError(f"the lock file {path} cannot be opened: {error.strerror}") from error
    if _try_lock(file.fileno()) and _is_still_there(file, path):
        return file
    file.close()
    return None


def _is_still_there(file: IO[bytes], path: Path) -> bool:
    """Whether the path still leads to the locked file: temporary folders are cleaned, and another could be locked."""
    try:
        return os.path.samestat(os.fstat(file.fileno()), path.stat())
    except FileNotFoundError:
        return False


if sys.platform == "win32":
    import msvcrt

    def _try_lock(descriptor: int) -> bool:
        try:
            os.lseek(descriptor, 0, os.SEEK_SET)
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _try_lock(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
