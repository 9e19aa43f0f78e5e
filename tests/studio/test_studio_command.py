"""`segdsl studio` as a process: what it prints, what it leaves alone, how it ends, and what it refuses."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import httpx
import pytest

from segdsl.studio.session import METHODS

from ..cli.command_line import run
from .conftest import EXAMPLES

KEY = "marker-key-8d1f"
WATCHED = """
import json, os, sys
read, written, connected = set(), [], []
class Watched(type(os.environ)):
    def __getitem__(self, name):
        read.add(name)
        return super().__getitem__(name)
os.environ.__class__ = Watched
def watch(event, arguments):
    if event == "open" and isinstance(arguments[2], int) and arguments[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
        written.append(str(arguments[0]))
    elif event == "open" and ".greenflash" in str(arguments[0]):
        read.add(".greenflash")
    elif event in ("os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.truncate", "shutil.move"):
        written.append(str(arguments[0]))
    elif event in ("socket.connect", "subprocess.Popen", "os.exec", "os.posix_spawn"):
        connected.append(str(arguments))
sys.addaudithook(watch)
from segdsl.cli.main import main
try:
    main(prog_name="segdsl")
finally:
    print(json.dumps([sorted(read), written, connected]))
"""


@contextmanager
def started(folder: Path, *arguments: str, **environment: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The process and its URL, read from the one line that it prints."""
    process = subprocess.Popen(
        [sys.executable, "-c", WATCHED, "studio", *arguments, "--port", "0"],
        cwd=folder,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        line = process.stdout.readline()
        assert line.startswith("studio listening on http://127.0.0.1:"), line + process.communicate()[1]
        yield process, line.removeprefix("studio listening on ").strip()
    finally:
        process.kill()
        process.communicate()


@pytest.fixture
def team(tmp_path: Path) -> Path:
    """A folder with a config, users and a key."""
    folder = tmp_path / "team"
    folder.mkdir()
    shutil.copy(EXAMPLES / "segments.toml", folder)
    shutil.copy(EXAMPLES / "users.parquet", folder)
    (folder / ".greenflash").write_text(KEY)
    return folder


def state_of(folder: Path) -> dict[str, tuple[int, bytes]]:
    """All that could be written: the files with their times and contents."""
    files = {str(path): (path.stat().st_mtime_ns, path.read_bytes()) for path in folder.iterdir()}
    return files | {"": (folder.stat().st_mtime_ns, b"")}


def test_it_reads_no_key_writes_nothing_connects_to_nobody_and_ends_with_ctrl_c(team: Path) -> None:
    temporary = team.parent / "tmp"
    temporary.mkdir()
    before = state_of(team)
    given = {"GREENFLASH_API_KEY": KEY, "TMPDIR": str(temporary), "HOME": str(team)}
    given |= {"PYTHONDONTWRITEBYTECODE": "1"}  # in a new checkout Python itself would write what it compiles
    with started(team, "segments.toml", "--users", "users.parquet", **given) as (process, url):
        with httpx.Client(base_url=url, trust_env=False) as http:
            assert http.get("/").status_code == 200
            for method in METHODS:
                params: dict[str, Any] = {"text": "@paying and seats > 3"} if method != "start" else {}
                params |= {"offset": 3} if method in ("complete", "hover") else {}
                answer = http.post("/ask", json={"method": method, "params": params})
                assert answer.status_code == 200
                assert KEY not in answer.text
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (0, "")
    read, written, connected = json.loads(out)
    assert "TMPDIR" in read
    assert not {"GREENFLASH_API_KEY", ".greenflash"} & set(read)
    assert [path for path in written if not path.startswith(f"{temporary}/")] == []
    assert connected == []
    assert state_of(team) == before
    assert list(temporary.iterdir()) == []


def test_sigterm_ends_it_in_the_middle_of_a_count(tmp_path: Path) -> None:
    with duckdb.connect(str(tmp_path / "users.duckdb")) as connection:
        connection.execute("CREATE VIEW users AS SELECT i AS id, i % 1000 AS seats FROM range(10_000_000_000_000) t(i)")
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    with started(tmp_path, "--users", "users.duckdb", TMPDIR=str(temporary)) as (process, url):
        port = int(url.rpartition(":")[2].strip("/"))
        body = b'{"method": "count", "params": {"text": "seats > 3"}}'
        head = f"POST /ask HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\n"
        before = threads_of(process.pid)
        with socket.create_connection(("127.0.0.1", port)) as connection:
            connection.sendall(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
            while threads_of(process.pid) <= before:
                time.sleep(0.01)
            process.send_signal(signal.SIGTERM)
            _, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (0, "")
    assert list(temporary.iterdir()) == []


def threads_of(pid: int) -> int:
    """How many threads a process has, as Linux shows it."""
    return len(os.listdir(f"/proc/{pid}/task"))


def test_without_a_file_it_works_on_a_bare_sentence_and_opens_the_browser_only_if_asked_to(tmp_path: Path) -> None:
    browser = tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\necho "$1" > {tmp_path}/opened\n')
    browser.chmod(0o755)
    for options, opens in (((), False), (("--open",), True)):
        with started(tmp_path, *options, BROWSER=str(browser)) as (process, url):
            with httpx.Client(base_url=url, trust_env=False) as http:
                start = http.post("/ask", json={"method": "start"}).json()
                read = http.post("/ask", json={"method": "read", "params": {"text": "rating > 3"}}).json()
            process.send_signal(signal.SIGINT)
            process.communicate(timeout=60)
        assert (start["file"], start["segments"], start["users"], start["counts"]) == (None, [], None, False)
        assert read["segments"][0]["filters"]["rules"][0]["field"] == "rating"
        assert process.returncode == 0
        opened = tmp_path / "opened"
        assert (opened.read_text().strip() if opened.exists() else None) == (url if opens else None)


# ── what it refuses ────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["gone.toml"], "there is no such file"),
        (["users.parquet"], "the format of this file is unknown"),
        (["segments.toml", "--users", "gone.parquet"], "gone.parquet: there is no such file"),
        (["--users", "*.csv"], "no file matches *.csv"),
        (["--users", "segments.toml"], "the form of this file is unknown"),
    ],
)
def test_unusable_files_are_refused_at_once(
    team: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], sentence: str
) -> None:
    monkeypatch.chdir(team)
    result = run("studio", *arguments)
    assert result.exit_code == 1
    assert sentence in result.stderr


@pytest.mark.parametrize(
    ("library", "extra", "arguments"),
    [("starlette", "studio", []), ("duckdb", "sql", ["--users", "users.parquet"])],
)
def test_a_missing_extra_is_named(team: Path, library: str, extra: str, arguments: list[str]) -> None:
    program = f"import sys; sys.modules[{library!r}] = None\nfrom segdsl.cli.main import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", program, "studio", *arguments], cwd=team, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert done.stderr.endswith(f"pip install 'segdsl[{extra}]'\n")


def test_a_port_in_use_is_said_in_one_line() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = run("studio", "--port", str(port))
    assert result.exit_code == 1
    assert result.stderr == f"Error: cannot listen on 127.0.0.1 port {port}: Address already in use\n"


def test_users_of_the_source_that_are_not_here_are_no_failure(team: Path) -> None:
    (team / "segments.toml").write_text('[source]\nfile = "elsewhere/*.parquet"\n')
    with started(team, "segments.toml") as (_, url), httpx.Client(base_url=url, trust_env=False) as http:
        assert http.post("/ask", json={"method": "start", "params": {}}).json()["counts"] is False
