"""Which proxy to use: the environment's, but never for loopback, where it would get to see the key in clear."""

from urllib.request import getproxies, proxy_bypass

from segdsl.remote.endpoint import Endpoint


def proxy_for(endpoint: Endpoint) -> str | None:
    """The URL of the proxy that `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY` (or the system) name for `endpoint`."""
    if endpoint.is_loopback or proxy_bypass(endpoint.host):
        return None
    proxies = getproxies()
    found = proxies.get(endpoint.scheme) or proxies.get("all")
    return f"http://{found}" if found and "://" not in found else found
