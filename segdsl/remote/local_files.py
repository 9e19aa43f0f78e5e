"""The files that segdsl keeps on this machine, in the user's state folder.

A lock serialises pushes, and a memory of created segments bridges the time until the server lists them.
"""

import hashlib
import os
import socket
import time
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from ipaddress import ip_address
from pathlib import Path

import msgspec
from msgspec import Struct

from segdsl.errors import ConfigError
from segdsl.limits import LOCK_WAIT, MAX_MEMORY_BYTES, MEMORY_DAYS
from segdsl.remote.api_key import ApiKey
from segdsl.remote.endpoint import Endpoint
from segdsl.wire.filters import Filters

POLL_SECONDS = 0.2
"""Between two attempts to get the lock."""

_MOST_ADDRESSES = 16
"""Addresses of one server that are locked; names with more are behind a network that serves everybody."""


def state_folder() -> Path:
    """The user's state folder of segdsl. Raises `OSError` if the user has no home folder."""
    from platformdirs import user_state_path  # noqa: PLC0415  only a push needs it

    folder = user_state_path("segdsl", appauthor=False)
    if not folder.is_absolute():
        raise FileNotFoundError("this user has no home folder")
    return folder


def _create(folder: Path) -> None:
    """Creates the folder, for this user only."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)


# ── the lock ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@contextmanager
def push_lock(
    endpoint: Endpoint, tell: Callable[[str], None], *, folder: Path | None = None, longest_wait: float = LOCK_WAIT
) -> Iterator[None]:
    """Holds the lock on pushes to the server by this user of this machine.

    The server is known by its addresses, so `localhost` and `127.0.0.1` share a lock. A second push says so through
    `tell`, and waits at most `longest_wait` seconds; then it raises `ConfigError`. If there can be no lock file in
    `folder` (default: the state folder), `tell` gets a warning, and the push goes on without a lock.
    """
    with ExitStack() as held:
        try:
            folder = folder or state_folder()
            _create(folder)
            for path in _lock_files(folder, endpoint):
                held.enter_context(_locked(path, endpoint.origin, tell, longest_wait))
        except OSError as error:
            tell(f"warning: without a lock, two pushes from this machine are not kept apart: {_words(error)}")
        yield


def _lock_files(folder: Path, endpoint: Endpoint) -> list[Path]:
    """The files to lock, in an order that all pushes share. Two pushes to one server have a file in common.

    Not the account is locked but the server, so that no file depends on the key.
    """
    names = sorted({f"{name}:{endpoint.port}" for name in _names(endpoint)})
    return [folder / f"push-{hashlib.sha256(name.encode()).hexdigest()[:16]}.lock" for name in names]


def _names(endpoint: Endpoint) -> set[str]:
    """The host by its name and its addresses, because each look-up of a name may give other addresses."""
    if endpoint.is_loopback:
        return {"loopback"}
    try:
        found = socket.getaddrinfo(endpoint.host, endpoint.port, type=socket.SOCK_STREAM)
    except OSError:  # without a name service the push itself will fail
        found = []
    addresses = sorted({str(address[0]) for *_, address in found})[:_MOST_ADDRESSES]
    return {endpoint.host} | {"loopback" if ip_address(one.partition("%")[0]).is_loopback else one for one in addresses}


@contextmanager
def _locked(path: Path, server: str, tell: Callable[[str], None], longest_wait: float) -> Iterator[None]:
    from filelock import FileLock, Timeout  # noqa: PLC0415  only a push needs it

    lock = FileLock(path, mode=0o600)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        tell(f"another push to {server} is running on this machine; waiting for its end")
        try:
            lock.acquire(timeout=longest_wait, poll_interval=POLL_SECONDS)
        except Timeout:
            message = f"another push to {server} is still running after {longest_wait:g} s; its lock is {path}"
            raise ConfigError(message) from None
    try:
        yield
    finally:
        lock.release()


def _words(error: OSError) -> str:
    place = f"{error.filename}: " if error.filename else ""
    return f"{place}{error.strerror or error}"


# ── the memory ───────────────────────────────────────────────────────────────────────────────────────────────────────


class Remembered(Struct, frozen=True):
    """A segment that a push from this machine created: `at` is in Unix seconds, `filters` a hash of what was sent."""

    id: str
    name: str
    at: float
    filters: str


class Memory:
    """The segments that pushes from this machine created in one account, until the server lists them.

    A server's list may lag behind its creates. The file is named after the server and the key, so that no other
    account is mixed up with it, and does not show either. If it cannot be used, `tell` gets one warning.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        key: ApiKey,
        tell: Callable[[str], None],
        *,
        folder: Path | None = None,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._tell = tell
        self._now = now
        self._path: Path | None = None
        self._entries: dict[str, Remembered] = {}
        try:
            self._path = (folder or state_folder()) / f"created-{key.fingerprint(endpoint.origin)}.jsonl"
            self._entries = {entry.id: entry for entry in _entries_in(self._path)}
        except OSError as error:
            self._give_up(error)

    @property
    def entries(self) -> tuple[Remembered, ...]:
        """The segments that are remembered; after `limits.MEMORY_DAYS` they are forgotten."""
        oldest = self._now() - MEMORY_DAYS * 86_400
        return tuple(entry for entry in self._entries.values() if entry.at >= oldest)

    def remember(self, id_: str, name: str, filters: Filters) -> None:
        """Adds a segment to the file, on disk when this returns."""
        entry = Remembered(id_, name, self._now(), filters_hash(filters))
        self._entries[id_] = entry
        if self._path is not None:
            try:
                _append(self._path, [entry])
            except OSError as error:
                self._give_up(error)

    def forget(self, ids: Collection[str]) -> None:
        """Removes these segments, and all that are too old. Only the holder of the push lock may do that."""
        kept = {entry.id: entry for entry in self.entries if entry.id not in ids}
        if self._path is None or len(kept) == len(self._entries):
            return
        self._entries = kept
        replacement = self._path.with_suffix(".new")
        try:
            replacement.unlink(missing_ok=True)
            _append(replacement, kept.values())
            replacement.replace(self._path)
        except OSError as error:
            self._give_up(error)

    def _give_up(self, error: OSError) -> None:
        self._path = None
        self._tell(f"warning: created segments are not remembered until the server lists them: {_words(error)}")


def filters_hash(filters: Filters) -> str:
    """A hash of filters in normal form: equal for equal filters."""
    return hashlib.sha256(filters.to_json()).hexdigest()


def _entries_in(path: Path) -> Iterator[Remembered]:
    """The entries of the file; a line that an interruption cut off is left out."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_MEMORY_BYTES)
    except FileNotFoundError:
        return
    for line in data.split(b"\n"):
        try:
            yield msgspec.json.decode(line, type=Remembered)
        except msgspec.MsgspecError:
            continue


def _append(path: Path, entries: Iterable[Remembered]) -> None:
    _create(path.parent)
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    with open(descriptor, "wb") as file:
        # A line break first, in case an interruption cut off the last line.
        file.write(b"".join(b"\n" + msgspec.json.encode(entry) + b"\n" for entry in entries))
        file.flush()
        os.fsync(file.fileno())
