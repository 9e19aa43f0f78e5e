"""A local server with the API's three segment endpoints: for trying things without an account, and for tests.

    with segdsl.sandbox.running() as sandbox:
        client = segdsl.Client(api_key=sandbox.api_key, base_url=sandbox.base_url)

It needs starlette and uvicorn (`pip install 'segdsl[sandbox]'`). They are loaded when a name is first used, so the
command's help works without them.
"""

from typing import TYPE_CHECKING, Any

from segdsl.errors import needing_extra

if TYPE_CHECKING:
    from segdsl.sandbox.app import create_app
    from segdsl.sandbox.server import RunningSandbox, running, serve
    from segdsl.sandbox.store import Store

__all__ = ["RunningSandbox", "Store", "create_app", "running", "serve"]

_HOMES = {
    "RunningSandbox": "segdsl.sandbox.server",
    "Store": "segdsl.sandbox.store",
    "create_app": "segdsl.sandbox.app",
    "running": "segdsl.sandbox.server",
    "serve": "segdsl.sandbox.server",
}


def __getattr__(name: str) -> Any:
    """The public names, imported on first use (PEP 562). Raises `ConfigError` if the extra is not installed."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module  # noqa: PLC0415  needed only here

    with needing_extra("sandbox", "the sandbox"):
        value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value
