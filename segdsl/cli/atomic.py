"""Files that are replaced in one step, or not at all."""

import os
import tempfile
from pathlib import Path


def write_atomically(name: str, data: bytes) -> None:
    """Replaces the file's content in one step, or not at all; permissions stay, and a link still points to the file."""
    try:
        _replace(Path(os.path.realpath(name)), data)
    except OSError as error:
        error.filename, error.filename2 = name, None  # and not the temporary file, of which nobody has heard
        raise


def _replace(target: Path, data: bytes) -> None:
    descriptor, temporary = tempfile.mkstemp(dir=target.parent, prefix=".segdsl-")
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
