"""An account on a sandbox of its own, and the command line pointed at it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

import segdsl
from segdsl import sandbox
from segdsl.cli.main import main
from segdsl.sandbox import RunningSandbox
from tests.remote.fault_server import FaultServer


class Account:
    """`run("push", …)` runs the command with the account's key; `file` writes a config and names it."""

    def __init__(self, server: RunningSandbox, folder: Path) -> None:
        self.server = server
        self.folder = folder
        self.environment = {
            "GREENFLASH_BASE_URL": server.base_url,
            "GREENFLASH_API_KEY": server.api_key,
            "NO_PROXY": "127.0.0.1",
            "XDG_STATE_HOME": str(folder / "state"),
        }

    def run(self, *arguments: str, input: str | None = None) -> Result:  # noqa: A002  as click calls it
        return CliRunner().invoke(main, arguments, env=self.environment, input=input)

    def run_json(self, *arguments: str) -> tuple[int, Any]:
        """The exit code and the text on stdout."""
        result = self.run(*arguments, "--json")
        return result.exit_code, json.loads(result.stdout)

    def file(self, *segments: str, name: str = "segments.toml") -> str:
        """A config of segments given as the lines of their tables."""
        path = self.folder / name
        path.write_text("\n".join(f"[[segment]]\n{segment}\n" for segment in segments), "utf-8")
        return str(path)

    def holds(self, name: str, where: str, **texts: str) -> str:
        """Puts a segment into the account, and returns its id."""
        return self.server.store.create(segdsl.Segment(name=name, filters=segdsl.compile(where), **texts)).id

    @property
    def names(self) -> list[str]:
        return [segment.name for segment in self.server.store.custom()]


class FaultAccount(Account):
    """The commands against a server that misbehaves on request."""

    def __init__(self, server: FaultServer, folder: Path) -> None:
        self.faulty = server
        self.folder = folder
        self.environment = {
            "GREENFLASH_BASE_URL": server.url,
            "GREENFLASH_API_KEY": "a-key",
            "NO_PROXY": "127.0.0.1",
            "XDG_STATE_HOME": str(folder / "state"),
        }


@contextmanager
def account_of_its_own(folder: Path, **settings: Any) -> Iterator[Account]:
    with sandbox.running(**settings) as server:
        yield Account(server, folder)


def segment(name: str, where: str, *lines: str) -> str:
    """The lines of a segment's table; the expression must not hold an apostrophe."""
    return "\n".join([f"name = {json.dumps(name)}", f"where = '{where}'", *lines])
