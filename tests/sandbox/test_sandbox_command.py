"""`segdsl sandbox` as a process: what it prints, how it stops, and what it refuses."""

import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner

from segdsl import sandbox as local_server
from segdsl.cli.sandbox import sandbox
from segdsl.loopback.address import listening_socket, origin
from segdsl.remote.endpoint import is_loopback
from segdsl.sandbox.faults import FAULTS

KEY = "marker-key-8d1f"
COMMAND = [sys.executable, "-c", "from segdsl.cli.sandbox import sandbox; sandbox(prog_name='segdsl sandbox')"]


@contextmanager
def started(*options: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The process and its base URL, read from the one line that it prints."""
    process = subprocess.Popen([*COMMAND, *options], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stdout
        assert process.stderr
        line = process.stdout.readline()
        assert line.startswith("sandbox listening on http://127.0.0.1:"), line + process.stderr.read()
        yield process, line.removeprefix("sandbox listening on ").strip()
    finally:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_serves_keeps_and_stops_without_a_word_of_the_key(tmp_path: Path, number: signal.Signals) -> None:
    options = ["--port", "0", "--data", str(tmp_path / "a.db"), "--api-key", KEY, "--max-segments", "1"]
    body = {"filters": {"rules": [{"type": "analysis_flag", "field": "jailbreakDetected", "value": True}]}}

    with started(*options) as (process, url):
        with httpx.Client(headers={"Authorization": f"Bearer {KEY}"}, trust_env=False) as http:
            statuses = [http.post(f"{url}/segments", json=body).status_code for _ in range(2)]
            wrong = http.get(f"{url}/segments", headers={"Authorization": "Bearer other"}).status_code
        process.send_signal(number)
        out, err = process.communicate(timeout=100)

    assert (statuses, wrong) == ([201, 403], 401)
    assert process.returncode == 0
    assert out == ""
    assert err.splitlines() == [
        "POST /api/v1/segments 201",
        "POST /api/v1/segments 403",
        "GET /api/v1/segments 401",
    ]


def test_a_port_in_use_is_said_in_one_line() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = CliRunner().invoke(sandbox, ["--port", str(port)])

    assert result.exit_code == 1
    assert result.stderr == f"Error: cannot listen on 127.0.0.1 port {port}: Address already in use\n"


def test_an_unusable_file_is_said_in_one_line(tmp_path: Path) -> None:
    result = CliRunner().invoke(sandbox, ["--port", "0", "--data", str(tmp_path / "no" / "a.db")])

    assert result.exit_code == 1
    assert result.stderr == f"Error: cannot open {tmp_path}/no/a.db: No such file or directory\n"


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--host", "0.0.0.0"], "serves this machine only"),
        (["--host", "192.168.1.2"], "serves this machine only"),
        (["--host", "example.com"], "serves this machine only"),
        (["--host", "localhost.evil.com"], "serves this machine only"),
        (["--host", ""], "serves this machine only"),
        (["--api-key", ""], "visible ASCII"),
        (["--api-key", "two words"], "visible ASCII"),
        (["--api-key", "schlüssel"], "visible ASCII"),
        (["--port", "65536"], "65536 is not in the range"),
        (["--max-segments", "-1"], "-1 is not in the range"),
        (["--fault", "drop-after-comit=0.2"], "did you mean drop-after-commit?"),
        (["--fault", "slow=2"], "the probability of slow must be a number from 0 to 1"),
    ],
)
def test_misuse_is_refused(options: list[str], words: str) -> None:
    result = CliRunner().invoke(sandbox, options)

    assert result.exit_code == 2
    assert words in " ".join(result.stderr.split())
    assert "two words" not in result.stderr


def test_help_tells_every_fault() -> None:
    shown = " ".join(CliRunner().invoke(sandbox, ["--help"]).stdout.split())

    assert all(f"{name} " in shown and fault.meaning in shown for name, fault in FAULTS.items())


@pytest.mark.parametrize("missing", ["starlette", "uvicorn"])
def test_without_the_extra_it_says_what_to_install(missing: str) -> None:
    hide = f"import sys; sys.modules[{missing!r}] = None; "

    done = subprocess.run(
        [*COMMAND[:2], hide + COMMAND[2], "--port", "0"], capture_output=True, text=True, check=False, timeout=100
    )

    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.startswith("Error: the sandbox needs ")
    assert done.stderr.endswith("not installed: pip install 'segdsl[sandbox]'\n")
    assert done.stderr.count("\n") == 1


def test_the_other_loopback_addresses_are_served_too() -> None:
    for host, written in [("localhost", "localhost"), ("127.0.0.2", "127.0.0.2"), ("::1", "[::1]")]:
        assert is_loopback(host)
        with listening_socket("127.0.0.1", 0) as listener:
            assert origin(host, listener) == f"http://{written}:{listener.getsockname()[1]}"


def test_the_package_refuses_unknown_names_as_any_module_does() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = local_server.nothing
