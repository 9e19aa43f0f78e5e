"""Where the sandbox listens: on this machine, where no other machine can reach it."""

import ipaddress
import os
import socket
from typing import Final

from segdsl.errors import ConfigError

DEFAULT_PORT: Final = 8765


def is_loopback(host: str) -> bool:
    """Whether `host` is a loopback address, or the name `localhost`."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def listening_socket(host: str, port: int) -> socket.socket:
    """A socket that accepts connections; port 0 takes a free one. Raises `ConfigError` when that cannot be."""
    if not is_loopback(host):
        raise ConfigError(f"the sandbox serves this machine only: {host!r} is not a loopback address")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else error  # its own words repeat the address
        raise ConfigError(f"cannot listen on {host} port {port}: {reason}") from error


def origin(host: str, listener: socket.socket) -> str:
    """The address of `listener` as a client writes it: scheme, host and port."""
    name = f"[{host}]" if ":" in host else host
    return f"http://{name}:{listener.getsockname()[1]}"
