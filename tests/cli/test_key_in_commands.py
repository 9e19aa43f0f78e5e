"""The API key on its way through the commands: in the request's header, and nowhere else."""

import os
import subprocess
import threading
import traceback
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest
from click.testing import CliRunner, Result

import segdsl
from segdsl.cli.main import main
from segdsl.planning import matching
from segdsl.remote import create

from .accounts import Account, account_of_its_own, segment
from .command_line import SEGDSL, run

KEY = "sk-marker-0123456789"
PACKAGES = tuple(str(Path(origin).parent) + os.sep for origin in (str(segdsl.__file__), httpx.__file__))
SEGMENTS = (segment("A", "rating > 1"), segment("B", 'plan == "pro"'))
COMMANDS = {
    "plan": ("plan", "{config}"),
    "plan --json": ("plan", "{config}", "--json"),
    "push": ("push", "{config}", "--yes"),
    "push --json": ("push", "{config}", "--yes", "--json"),
    "push --dry-run": ("push", "{config}", "--dry-run"),
    "pull": ("pull",),
    "pull -o": ("pull", "-o", "{folder}/pulled.toml"),
}
READING = [name for name in COMMANDS if name.startswith(("plan", "pull"))]


class Echo(BaseHTTPRequestHandler):
    """Answers every request with its Authorization header, in one place or another."""

    status = 500
    received: list[str]

    def do_GET(self) -> None:
        self.received.append(self.headers["Authorization"])
        body = f'{{"error": "{self.headers["Authorization"]}"}}'.encode()
        self.send_response(self.status, self.headers["Authorization"])
        self.send_header("Location", f"http://127.0.0.1:9/{KEY}")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET  # noqa: N815  as http.server calls it

    def log_message(self, *_: object) -> None:
        """Nothing: stderr is the command's."""


@pytest.fixture
def account(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Account]:
    monkeypatch.setattr(create, "LOOK_WAITS", (0.01, 0.01))
    with account_of_its_own(tmp_path, api_key=KEY) as running:
        yield running


@pytest.fixture
def everything_logged(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(1)
    for name in ("segdsl", "httpx", "httpcore", "asyncio"):
        caplog.set_level(1, logger=name)
    return caplog


def arguments(command: str, account: Account) -> list[str]:
    config = account.file(*SEGMENTS)
    return [part.format(config=config, folder=account.folder) for part in COMMANDS[command]]


def said(result: Result) -> str:
    """Everything that came out, and what a crash report would read off the exception: frames with their locals."""
    pieces = [result.output, result.stdout, result.stderr]
    error = result.exception
    while error is not None:
        pieces += [repr(error), str(error), repr(vars(error))]
        for frame, _ in traceback.walk_tb(error.__traceback__):
            if frame.f_code.co_filename.startswith(PACKAGES):
                pieces += [f"{name}={value!r}" for name, value in frame.f_locals.items()]
        error = error.__cause__ or error.__context__
    return "\n".join(pieces)


def files(folder: Path) -> str:
    """The names and contents of all files below a folder."""
    return "\n".join(f"{file}\n{file.read_bytes()!r}" for file in folder.rglob("*") if file.is_file())


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_that_works(command: str, account: Account, everything_logged: pytest.LogCaptureFixture) -> None:
    account.holds("A", "rating > 1")
    result = account.run(*arguments(command, account))
    assert result.exit_code in (0, 2), result.output
    assert KEY not in said(result) + everything_logged.text + files(account.folder)
    assert "httpcore" in everything_logged.text


@pytest.mark.parametrize("command", COMMANDS)
def test_a_key_that_the_server_refuses(
    command: str, account: Account, everything_logged: pytest.LogCaptureFixture
) -> None:
    account.environment["GREENFLASH_API_KEY"] = wrong = "sk-another-987654321"
    result = account.run(*arguments(command, account))
    assert result.exit_code == 1
    assert "401" in result.stderr
    assert wrong not in said(result) + everything_logged.text + files(account.folder)


@pytest.mark.parametrize("status", [301, 401, 404])
@pytest.mark.parametrize("command", READING)
def test_a_server_that_echoes_it(command: str, status: int, account: Account) -> None:
    handler: Any = type("Handler", (Echo,), {"status": status, "received": []})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        account.environment["GREENFLASH_BASE_URL"] = f"http://127.0.0.1:{server.server_port}/api/v1"
        result = account.run(*arguments(command, account))
        server.shutdown()
    assert result.exit_code == 1
    assert set(handler.received) == {f"Bearer {KEY}"}
    assert KEY not in said(result) + files(account.folder)


@pytest.mark.parametrize("command", COMMANDS)
def test_nobody_there(
    command: str, account: Account, everything_logged: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("segdsl.cli.account.READ_RETRIES", 0)
    account.environment["GREENFLASH_BASE_URL"] = "http://127.0.0.1:9/api/v1"
    result = account.run(*arguments(command, account))
    assert result.exit_code == 1
    assert KEY not in said(result) + everything_logged.text + files(account.folder)


@pytest.mark.parametrize("debug", ["", "1"])
@pytest.mark.parametrize("command", ["plan", "plan --json", "push"])
def test_a_fault_of_segdsl_itself(command: str, debug: str, account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr(matching, "wanted_ids", fail)
    for module in ("segdsl.cli.plan", "segdsl.cli.push", "segdsl.cli.account", "segdsl.planning.account"):
        monkeypatch.setattr(f"{module}.wanted_ids", fail, raising=False)
        monkeypatch.setattr(f"{module}.make_plan", fail, raising=False)
    account.environment["SEGDSL_DEBUG"] = debug
    result = account.run(*arguments(command, account))
    assert result.exit_code == 1
    assert "RuntimeError" in said(result)
    assert KEY not in said(result)


@pytest.fixture
def config(tmp_path: Path) -> Path:
    file = tmp_path / "segments.toml"
    file.write_text("\n".join(f"[[segment]]\n{segment}\n" for segment in SEGMENTS))
    return file


@pytest.mark.parametrize("bad", [f"{KEY}\nsecond", f"{KEY} {KEY}", f"{KEY}é", f'"{KEY}"'])
@pytest.mark.parametrize("command", COMMANDS)
def test_a_malformed_key(command: str, bad: str, config: Path) -> None:
    line = [part.format(config=config, folder=config.parent) for part in COMMANDS[command]]
    result = run(*line, GREENFLASH_API_KEY=bad, GREENFLASH_BASE_URL="http://127.0.0.1:9")
    assert result.exit_code == 1
    assert "the API key" in result.stderr
    assert KEY not in said(result)


@pytest.mark.parametrize(
    "elsewhere", ["http://evil.example/api/v1", "http://localhost.evil.com/api/v1", f"https://{KEY}@www.greenflash.ai/"]
)
@pytest.mark.parametrize("command", COMMANDS)
def test_another_origin_over_plain_http_is_refused_before_anything_is_sent(
    command: str, elsewhere: str, config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("socket.getaddrinfo", lambda *_, **__: pytest.fail("a name is looked up"))
    line = [part.format(config=config, folder=config.parent) for part in COMMANDS[command]]
    result = run(*line, GREENFLASH_API_KEY=KEY, GREENFLASH_BASE_URL=elsewhere)
    assert result.exit_code == 1
    assert KEY not in said(result)


def test_the_key_is_no_option_of_any_command_that_sends_it() -> None:
    for command in ("plan", "push", "pull"):
        assert "key" not in CliRunner().invoke(main, [command, "--help"]).output.lower()


def test_it_is_not_in_the_arguments_of_a_process(account: Account) -> None:
    config = account.file(*SEGMENTS)
    done = subprocess.run(
        [*SEGDSL, "plan", config, "--json"],
        env=os.environ | account.environment | {"PYTHONDEVMODE": "1", "PYTHONASYNCIODEBUG": "1"},
        capture_output=True,
        check=False,
        timeout=100,
    )
    assert done.returncode == 2
    assert KEY.encode() not in done.stdout + done.stderr
