"""The language server over its pipes: how long an edit takes to reach its diagnostics, in a file of 1,000 segments."""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import IO, Any, NamedTuple

from benchmarks.config_check import SEGMENTS, write_config
from benchmarks.report import Section, milli, table

Json = dict[str, Any]


class Editor:
    """An editor with one file open. `edit` returns when the diagnostics of the new version have arrived."""

    def __init__(self, stdin: IO[bytes], stdout: IO[bytes], uri: str) -> None:
        self._stdin, self._stdout = stdin, stdout
        self._document = {"uri": uri}
        self._version = 0

    def open(self, text: str) -> list[Json]:
        """The diagnostics of the file."""
        self.ask("initialize", {"processId": None, "rootUri": None, "capabilities": {}})
        self._send(method="initialized", params={})
        document = {**self._document, "languageId": "toml", "version": 0, "text": text}
        self._send(method="textDocument/didOpen", params={"textDocument": document})
        return self._diagnostics()

    def edit(self, text: str) -> list[Json]:
        """The diagnostics of the file after an edit."""
        self._version += 1
        document = {**self._document, "version": self._version}
        self._send(
            method="textDocument/didChange", params={"textDocument": document, "contentChanges": [{"text": text}]}
        )
        return self._diagnostics()

    def ask(self, method: str, params: Any) -> Any:
        """The result of a request."""
        self._send(id=1, method=method, params=params)
        while True:
            message = self._read()
            if message.get("id") == 1:
                return message["result"]

    def complete(self, line: int, character: int) -> Any:
        """The completions at a position."""
        position = {"line": line, "character": character}
        return self.ask("textDocument/completion", {"textDocument": self._document, "position": position})

    def _diagnostics(self) -> list[Json]:
        while True:
            message = self._read()
            params = message.get("params", {})
            if message.get("method") == "textDocument/publishDiagnostics" and params["version"] == self._version:
                found: list[Json] = params["diagnostics"]
                return found

    def _send(self, **message: Any) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self._stdin.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
        self._stdin.flush()

    def _read(self) -> Json:
        length = 0
        while line := self._stdout.readline().strip():
            name, _, value = line.partition(b": ")
            length = int(value) if name == b"Content-Length" else length
        message: Json = json.loads(self._stdout.read(length))
        return message


@contextmanager
def editor(uri: str) -> Iterator[tuple[Editor, int]]:
    """An editor with its own server, and the server's process id."""
    command = [sys.executable, "-m", "segdsl", "lsp"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        try:
            yield Editor(server.stdin, server.stdout, uri), server.pid
        finally:
            server.kill()


class Spent(NamedTuple):
    """Seconds of wall-clock time, and of the server's processor time."""

    clock: float
    processor: float


def language_server(rounds: int) -> Section:
    """Edits of one expression, completions in it, and edits that break the file."""
    with tempfile.TemporaryDirectory() as folder:
        path = write_config(Path(folder))
        text = path.read_text(encoding="utf-8")
        with editor(path.as_uri()) as (client, server):
            found = {"opened": [_cost(server, lambda: client.open(text))], "edited": [], "completed": [], "broken": []}
            for start in _strings(text, rounds):
                line, edited = text.count("\n", 0, start), f"{text[:start]}ratng > 3 and {text[start:]}"
                broken = f"{text[:start]}'{text[start:]}"
                found["edited"].append(_cost(server, partial(client.edit, edited)))
                found["completed"].append(_cost(server, partial(client.complete, line, len("where = 'rat"))))
                found["broken"].append(_cost(server, partial(client.edit, broken)))
    medians = {kind: Spent(*map(statistics.median, zip(*costs, strict=True))) for kind, costs in found.items()}
    rows = [[words, milli(medians[kind].clock), milli(medians[kind].processor)] for kind, words in _WORDS.items()]
    text = "\n\n".join(
        [
            f"{SEGMENTS:,} segments in one TOML file, `segdsl lsp` over its pipes; milliseconds, medians. Diagnostics "
            "wait for a pause of 50 ms in typing, which is in the times on the clock.",
            table(["", "on the clock", "processor time of the server"], rows),
        ]
    )
    return Section("The language server", text, {"edit": medians["edited"].clock})


_WORDS = {
    "opened": "started and opened → diagnostics",
    "edited": "an expression edited → diagnostics",
    "broken": "an edit after which the file is no TOML → diagnostics",
    "completed": "a completion in an edited expression",
}


def _strings(text: str, count: int) -> list[int]:
    """The beginnings of some expressions, spread over the file."""
    mark = "where = '"
    return [text.index(mark, len(text) * number // (count + 1)) + len(mark) for number in range(count)]


def _cost(server: int, work: Callable[[], object]) -> Spent:
    processor, clock = _processor_seconds(server), time.perf_counter()
    work()
    return Spent(time.perf_counter() - clock, _processor_seconds(server) - processor)


def _processor_seconds(server: int) -> float:
    """The processor seconds of a process so far; Linux counts hundredths."""
    fields = Path(f"/proc/{server}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
