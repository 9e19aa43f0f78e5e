"""Where requests may go: one origin, over TLS or loopback. The parsed host decides, never the text."""

import ipaddress
import os
import re
from collections.abc import Mapping
from urllib.parse import SplitResult, urljoin, urlsplit

from msgspec import Struct

from segdsl.errors import ConfigError
from segdsl.limits import MAX_URL_LENGTH

BASE_URL_VARIABLE = "GREENFLASH_BASE_URL"
DEFAULT_BASE_URL = "https://www.greenflash.ai/api/v1"

_DEFAULT_PORTS = {"https": 443, "http": 80}
# Strict on purpose: characters that another parser might read differently (blanks, quotes, backslashes …) are refused.
_URL = re.compile(rf"[!#-;=?-\[\]_a-z~]{{1,{MAX_URL_LENGTH}}}")
_AUTHORITY = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(:[0-9]{1,5})?")


class Endpoint(Struct, frozen=True):
    """A checked base URL in its parts. `path` has no slash at its end."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def origin(self) -> str:
        """Scheme, host and port as in a URL: `https://www.greenflash.ai`, `http://[::1]:8080`."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == _DEFAULT_PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{host}{port}"

    @property
    def is_loopback(self) -> bool:
        return is_loopback(self.host)

    def target(self, path: str) -> str:
        """The request target of a path of the API, such as `/segments`."""
        return self.path + path

    def same_origin_target(self, link: str, current: str) -> str | None:
        """The request target of `link`, a link in the answer to the target `current`.

        None if it leads to another origin or is not a URL: the key must not go there.
        """
        parts = _split(link, self.origin + current)
        if parts is None or _origin(parts) != (self.scheme, self.host, self.port):
            return None
        return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def find_endpoint(given: str | None, environment: Mapping[str, str] = os.environ) -> Endpoint:
    """The given base URL, else `GREENFLASH_BASE_URL`, else Greenflash's own; raises `ConfigError`."""
    if given is None:
        given = environment.get(BASE_URL_VARIABLE, "").strip() or DEFAULT_BASE_URL
    del environment  # a traceback that shows locals must not show the key in it
    return parse_base_url(given)


def parse_base_url(text: str) -> Endpoint:
    """The endpoint that `text` names.

    Raises `ConfigError` unless it is https, or http on a loopback address or `localhost`, with no user info, query or
    fragment. The message quotes at most the host, because the rest of a URL may be a secret.
    """
    if "@" in text:
        raise ConfigError("the base URL must not hold a user name or password; the API key is all that https needs")
    parts = _split(text)
    if parts is None:
        raise ConfigError(f"the base URL must be an https URL such as {DEFAULT_BASE_URL}")
    scheme, host, port = _origin(parts)
    if scheme == "http" and not is_loopback(host):
        raise ConfigError(f"the base URL must be https; plain http is for loopback only, and `{host}` is not loopback")
    if "?" in text or "#" in text:
        raise ConfigError("the base URL must not hold a query or a fragment")
    return Endpoint(scheme, host, port, parts.path.rstrip("/"))


def origin_of(url: str) -> str | None:
    """Scheme, host and port of an absolute URL, for an error message; None for any other text."""
    parts = _split(url)
    return Endpoint(*_origin(parts), "").origin if parts else None


def _split(url: str, base: str = "") -> SplitResult | None:
    """The parts of an http or https URL without user info, absolute or relative to `base`; None for anything else."""
    try:
        parts = urlsplit(urljoin(base, url)) if _URL.fullmatch(url) else None
        if parts and parts.scheme in _DEFAULT_PORTS and _AUTHORITY.fullmatch(parts.netloc) and parts.port != 0:
            return parts
    except ValueError:  # a port beyond 65535, brackets that hold no address
        pass
    return None


def _origin(parts: SplitResult) -> tuple[str, str, int]:
    return parts.scheme, parts.hostname or "", parts.port or _DEFAULT_PORTS[parts.scheme]


def is_loopback(host: str) -> bool:
    """Whether `host` is a loopback address, or the name `localhost`."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:  # a name
        return False
