"""The lock that serialises pushes: exclusive for a server, released however its holder ends, in the state folder."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from segdsl.errors import ConfigError
from segdsl.remote.endpoint import parse_base_url
from segdsl.remote.local_files import push_lock, state_folder

HOLDER = """
import sys, time
from pathlib import Path
from segdsl.remote.endpoint import parse_base_url
from segdsl.remote.local_files import push_lock
with push_lock(parse_base_url(sys.argv[2]), print, folder=Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""
HERE = "http://127.0.0.1:8765/api"
A = parse_base_url("https://a.example/api/v1")


@pytest.fixture(autouse=True)
def addresses(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """The name service of these tests: the addresses of each host."""
    known: dict[str, list[str]] = {"a.example": ["192.0.2.1"]}

    def look_up(host: str, port: int, **_: Any) -> list[Any]:
        if host not in known:
            raise socket.gaierror("no such name")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in known[host]]

    monkeypatch.setattr("socket.getaddrinfo", look_up)
    return known


def taken(folder: Path, url: str = "https://a.example/api/v1") -> bool:
    """Whether somebody holds the lock. A push that would have to wait says so."""
    told: list[str] = []
    try:
        with push_lock(parse_base_url(url), told.append, folder=folder, longest_wait=0.0):
            pass
    except ConfigError as error:
        return "still running after 0 s" in str(error) and len(told) == 1
    assert told == []
    return False


def test_it_is_exclusive_for_each_server(tmp_path: Path) -> None:
    with push_lock(A, pytest.fail, folder=tmp_path):
        assert taken(tmp_path)
        assert taken(tmp_path, "https://a.example/another/path")
        assert not taken(tmp_path, "https://b.example/api/v1")
        assert not taken(tmp_path, "https://a.example:8443/api/v1")
    assert not taken(tmp_path)


@pytest.mark.parametrize("other", ["http://localhost:8765", "http://[::1]:8765/x", "http://127.0.0.1:8765"])
def test_loopback_is_one_server_by_every_name(other: str, tmp_path: Path) -> None:
    with push_lock(parse_base_url(HERE), pytest.fail, folder=tmp_path):
        assert taken(tmp_path, other)
        assert not taken(tmp_path, "http://localhost:8766")


def test_two_names_of_one_address_are_one_server(tmp_path: Path, addresses: dict[str, list[str]]) -> None:
    addresses |= {"b.example": ["192.0.2.9", "192.0.2.1"], "c.example": ["192.0.2.9"], "d.example": ["127.0.1.1"]}
    with push_lock(A, pytest.fail, folder=tmp_path):
        assert taken(tmp_path, "https://b.example")
        assert not taken(tmp_path, "https://c.example")
    with push_lock(parse_base_url("https://localhost"), pytest.fail, folder=tmp_path):
        assert taken(tmp_path, "https://d.example")


def test_a_host_name_is_one_server_though_its_address_changes(tmp_path: Path, addresses: dict[str, list[str]]) -> None:
    with push_lock(A, pytest.fail, folder=tmp_path):
        addresses["a.example"] = ["192.0.2.77"]
        assert taken(tmp_path)
        del addresses["a.example"]
        assert taken(tmp_path)


def test_it_is_released_when_a_push_fails(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), push_lock(A, pytest.fail, folder=tmp_path):
        raise ZeroDivisionError
    assert not taken(tmp_path)


def test_it_does_not_outlive_its_holder(tmp_path: Path) -> None:
    command = [sys.executable, "-c", HOLDER, str(tmp_path), HERE]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        assert taken(tmp_path, HERE)
        holder.send_signal(signal.SIGKILL)
        holder.wait()
        assert not taken(tmp_path, HERE)


def test_a_second_push_goes_on_when_the_first_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = push_lock(A, pytest.fail, folder=tmp_path)
    first.__enter__()
    waits: list[float] = []

    def sleep(seconds: float) -> None:
        waits.append(seconds)
        if len(waits) == 3:
            first.__exit__(None, None, None)

    monkeypatch.setattr("time.sleep", sleep)
    told: list[str] = []
    with push_lock(A, told.append, folder=tmp_path):
        assert len(waits) == 3
        assert told == ["another push to https://a.example is running on this machine; waiting for its end"]


def test_it_is_in_the_users_state_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("TMPDIR", str(tmp_path / "elsewhere"))
    with push_lock(A, pytest.fail):
        assert state_folder() == tmp_path / "state" / "segdsl"
        assert state_folder().stat().st_mode & 0o777 == 0o700
        assert [file.suffix for file in state_folder().iterdir()] == [".lock"] * 2


@pytest.mark.parametrize("home", ["a file", "relative"])
def test_without_a_place_for_the_lock_a_push_goes_on_with_a_warning(
    home: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    if home == "a file":
        monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
    else:
        monkeypatch.setattr("platformdirs.user_state_path", lambda *_, **__: Path("~/.local/state/segdsl"))
    monkeypatch.chdir(tmp_path)
    told: list[str] = []
    done = []
    with push_lock(A, told.append):
        done.append(True)
    assert done == [True]
    assert len(told) == 1
    assert told[0].startswith("warning: without a lock, two pushes from this machine are not kept apart: ")
    assert os.listdir(tmp_path) == ["file"]


def test_an_error_of_the_push_itself_is_not_taken_for_one_of_the_lock(tmp_path: Path) -> None:
    told: list[str] = []
    with pytest.raises(PermissionError), push_lock(A, told.append, folder=tmp_path):
        raise PermissionError
    assert told == []
