"""The files that segdsl keeps on this machine, in the user's state folder: the lock that serialises pushes."""

import hashlib
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from ipaddress import ip_address
from pathlib import Path

from segdsl.errors import ConfigError
from segdsl.limits import LOCK_WAIT
from segdsl.remote.endpoint import Endpoint

POLL_SECONDS = 0.2
"""Between two attempts to get the lock."""

_MOST_ADDRESSES = 16
"""Addresses of one server that are locked; names with more are behind a network that serves everybody."""


def state_folder() -> Path:
    """The user's state folder of segdsl, created if missing, for this user only. Raises `OSError`."""
    from platformdirs import user_state_path  # noqa: PLC0415  only a push needs it

    folder = user_state_path("segdsl", appauthor=False)
    if not folder.is_absolute():
        raise FileNotFoundError("this user has no home folder")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


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
            for path in _lock_files(folder or state_folder(), endpoint):
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
    """The host by its name and its addresses, because a name may have other addresses each time it is looked up."""
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

    lock = FileLock(path)
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
