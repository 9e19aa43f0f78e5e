"""A terminal in miniature: runs the command lines of the documentation inside this process, which is fast."""

import gzip
import os
import re
import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from click.testing import CliRunner

from segdsl import sandbox
from segdsl.cli.main import main
from segdsl.loopback.address import SANDBOX_PORT, STUDIO_PORT
from segdsl.sandbox import RunningSandbox

KEY = "any-key-will-do"
"""The key in the documentation; the sandbox of the command takes any, this one needs a certain one."""

_OPERATORS = "|>"


class TerminalSession:
    """Knows `segdsl`, `echo`, `cat`, `gzip -dc` and `export`, pipes, `> FILE` and `$?`; each works in the same folder.

    `status` is the exit code of the last `segdsl`, which is run inside this process.

    `segdsl sandbox` is a server that runs already, on a port of its own, wherever a line says the usual one.
    """

    def __init__(self, folder: Path, server: RunningSandbox) -> None:
        self._folder = folder
        self._base_url = server.base_url
        self._usual_url = re.sub(r":[0-9]+/", f":{SANDBOX_PORT}/", server.base_url)
        self._environment = {"COLUMNS": "80"}
        self.status = 0

    def run(self, line: str) -> str:
        """Everything that the line writes, to stdout or stderr."""
        output = ""
        for stage, target in _stages(line.replace("$?", str(self.status))):
            output = self._run_one(stage, output)
            if target is not None:
                (self._folder / target).write_text(output, encoding="utf-8")
                output = ""
        return output

    def _run_one(self, words: list[str], stdin: str) -> str:
        match words:
            case ["export", setting]:
                name, _, value = setting.partition("=")
                self._environment[name] = value.replace(self._usual_url, self._base_url)
                return ""
            case ["echo", *texts]:
                return " ".join(texts) + "\n"
            case ["cat", name]:
                return (self._folder / name).read_text(encoding="utf-8")
            case ["gzip", "-dc", name]:
                return gzip.decompress((self._folder / name).read_bytes()).decode()
            case ["segdsl", "sandbox" | "studio" as name, *_]:
                url = self._usual_url if name == "sandbox" else f"http://127.0.0.1:{STUDIO_PORT}/"
                return f"{name} listening on {url}\n"
            case ["segdsl", *arguments]:
                result = CliRunner().invoke(main, arguments, input=stdin or None, env=self._environment)
                self.status = result.exit_code
                return result.output
        raise AssertionError(f"no test knows how to run {shlex.join(words)}")


@contextmanager
def terminal_session(folder: Path) -> Iterator[TerminalSession]:
    """A session in `folder`, which is the current one meanwhile, with a server of its own."""
    before = Path.cwd()
    os.chdir(folder)
    try:
        with sandbox.running(api_key=KEY) as server:
            yield TerminalSession(folder, server)
    finally:
        os.chdir(before)


def _stages(line: str) -> Iterator[tuple[list[str], str | None]]:
    """The commands of a pipe, each with the file that its output goes to, if it does."""
    lexer = shlex.shlex(line, posix=True, punctuation_chars=_OPERATORS)
    lexer.whitespace_split = True
    words: list[str] = []
    target = None
    tokens = iter(list(lexer))
    for token in tokens:
        if token == "|":
            yield words, target
            words, target = [], None
        elif token == ">":
            target = next(tokens)
        else:
            words.append(token)
    yield words, target
