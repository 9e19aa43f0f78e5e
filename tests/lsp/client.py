"""A client of the language server that shares no code with it: JSON over the pipes of a real process."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

COMMAND = [sys.executable, "-c", "from segdsl.cli.main import main; main()", "lsp"]

Json = dict[str, Any]


class Client:
    """An editor. Messages are read in the order in which the server sends them."""

    def __init__(self, *command: str) -> None:
        self.process = subprocess.Popen([*(command or COMMAND)], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.published: list[Json] = []
        """The parameters of all diagnostics that were published."""
        self.others: list[Json] = []
        """All other messages that were not asked for."""
        self.capabilities: Json = {}
        """The capabilities of the server."""
        self._versions: dict[str, int] = {}
        self._ids = 0

    # ── messages ───────────────────────────────────────────────────────────────────────────────────────────────────

    def send_bytes(self, body: bytes) -> None:
        assert self.process.stdin
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
        self.process.stdin.flush()

    def send(self, **message: Any) -> None:
        self.send_bytes(json.dumps({"jsonrpc": "2.0", **message}).encode())

    def read(self) -> Json:
        assert self.process.stdout
        length = 0
        while line := self.process.stdout.readline().strip():
            name, _, value = line.partition(b": ")
            if name == b"Content-Length":
                length = int(value)
        assert length, "the server has ended"
        message: Json = json.loads(self.process.stdout.read(length))
        if message.get("method") == "textDocument/publishDiagnostics":
            self.published.append(message["params"])
        elif "method" in message:
            self.others.append(message)
        return message

    def notify(self, method: str, params: Any) -> None:
        self.send(method=method, params=params)

    def reply(self, method: str, params: Any) -> Json:
        """The whole answer to a request."""
        self._ids += 1
        self.send(id=self._ids, method=method, params=params)
        return self.answer_to(self._ids)

    def answer_to(self, request: int | None) -> Json:
        while True:
            message = self.read()
            if "method" not in message and message["id"] == request:
                return message

    def ask(self, method: str, params: Any) -> Any:
        """The result of a request."""
        reply = self.reply(method, params)
        assert "error" not in reply, reply
        return reply["result"]

    # ── documents ──────────────────────────────────────────────────────────────────────────────────────────────────

    def initialize(self, *encodings: str, watches: bool = False) -> Json:
        general = {"positionEncodings": list(encodings)} if encodings else {}
        workspace = {"didChangeWatchedFiles": {"dynamicRegistration": watches}}
        capabilities = {"general": general, "workspace": workspace}
        params = {"processId": None, "rootUri": None, "capabilities": capabilities}
        result: Json = self.ask("initialize", params)
        self.capabilities = result["capabilities"]
        self.notify("initialized", {})
        return result

    def open(self, uri: str, text: str, language: str = "toml") -> None:
        self._versions[uri] = 1
        document = {"uri": uri, "languageId": language, "version": 1, "text": text}
        self.notify("textDocument/didOpen", {"textDocument": document})

    def change(self, uri: str, text: str) -> None:
        self._versions[uri] += 1
        document = {"uri": uri, "version": self._versions[uri]}
        self.notify("textDocument/didChange", {"textDocument": document, "contentChanges": [{"text": text}]})

    def close(self, uri: str) -> None:
        self.notify("textDocument/didClose", {"textDocument": {"uri": uri}})

    def diagnostics(self, uri: str) -> list[Json]:
        """Those of the newest version."""
        while True:
            for published in self.published:
                if (published["uri"], published.get("version")) == (uri, self._versions[uri]):
                    found: list[Json] = published["diagnostics"]
                    self.published.clear()
                    return found
            self.read()

    def about(self, method: str, uri: str, **params: Any) -> Any:
        """The result of a request about a document."""
        return self.ask(f"textDocument/{method}", {"textDocument": {"uri": uri}, **params})

    def actions(self, uri: str, diagnostic: Json) -> list[Json]:
        context = {"diagnostics": [diagnostic]}
        found: list[Json] = self.about("codeAction", uri, range=diagnostic["range"], context=context)
        return found

    # ── the end ────────────────────────────────────────────────────────────────────────────────────────────────────

    def shut_down(self) -> int:
        """The exit code."""
        self.ask("shutdown", None)
        self.send(method="exit")
        return self.wait()

    def wait(self) -> int:
        for pipe in (self.process.stdin, self.process.stdout):
            assert pipe
            pipe.close()
        return self.process.wait(60)


@contextmanager
def editor(*encodings: str, watches: bool = False) -> Iterator[Client]:
    """An editor with a server, which is shut down in the end. One that `watches` files tells the server of changes."""
    client = Client()
    try:
        client.initialize(*encodings, watches=watches)
        yield client
        assert client.shut_down() == 0
    finally:
        client.process.kill()
        client.wait()


def edited(text: str, edits: list[Json]) -> str:
    """The text with an editor's edits made. Positions are in UTF-16; lines end at LF, CRLF or CR."""
    for edit in sorted(edits, key=lambda edit: list(edit["range"]["start"].values()), reverse=True):
        start, end = (offset(text, edit["range"][side]) for side in ("start", "end"))
        text = text[:start] + edit["newText"] + text[end:]
    return text


def offset(text: str, position: Json) -> int:
    """The offset of a position in UTF-16."""
    start = 0
    for _ in range(position["line"]):
        first = min(at for mark in "\r\n" if (at := text.find(mark, start)) >= 0)
        start = first + (2 if text.startswith("\r\n", first) else 1)
    before = text[start:].encode("utf-16-le")[: 2 * position["character"]]
    return start + len(before.decode("utf-16-le"))


def covered(text: str, found: Json) -> str:
    """The text that a range covers."""
    return text[offset(text, found["start"]) : offset(text, found["end"])]
