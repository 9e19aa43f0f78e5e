"""Where a local server listens: on this machine only; no other machine can reach it."""

import os
import socket
from typing import Final

from segdsl.errors import ConfigError
from segdsl.remote.endpoint import is_loopback

SANDBOX_PORT: Final = 8765
STUDIO_PORT: Final = 8766
"""The usual ports of the local servers."""


def listening_socket(host: str, port: int) -> socket.socket:
    """A socket that accepts connections; port 0 takes a free port. Raises `ConfigError` if it cannot listen."""
    if not is_loopback(host):
        raise ConfigError(f"only this machine is served: {host!r} is not a loopback address")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else error  # its own words repeat the address
        raise ConfigError(f"cannot listen on {host} port {port}: {reason}") from error


def origin(host: str, listener: socket.socket) -> str:
    """The origin of `listener` in a URL: scheme, host and port."""
    name = f"[{host}]" if ":" in host else host
    return f"http://{name}:{listener.getsockname()[1]}"
