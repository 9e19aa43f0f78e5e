"""The lock that serialises pushes: exclusive, let go of by whatever ends its holder, and in a folder of one's own."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from segdsl.cli import push_lock as lock_module
from segdsl.cli.push_lock import push_lock
from segdsl.errors import ConfigError

HOLDER = """
import sys, time
from pathlib import Path
from segdsl.cli.push_lock import push_lock
with push_lock("https://a", print, folder=Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


def taken(folder: Path, server: str = "https://a") -> bool:
    """Whether somebody holds the lock; who would wait for it is told so."""
    told: list[str] = []
    try:
        with push_lock(server, told.append, folder=folder, patience=0.0):
            pass
    except ConfigError as error:
        return "still under way after 0 s" in str(error) and len(told) == 1
    return False


def test_it_is_exclusive_for_each_server(tmp_path: Path) -> None:
    with push_lock("https://a", print, folder=tmp_path):
        assert taken(tmp_path)
        assert not taken(tmp_path, "https://b")
    assert not taken(tmp_path)


def test_it_is_let_go_of_when_a_push_fails(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), push_lock("https://a", print, folder=tmp_path):
        raise ZeroDivisionError
    assert not taken(tmp_path)


def test_it_does_not_outlive_its_holder(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", HOLDER, str(tmp_path)], stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        assert taken(tmp_path)
        holder.send_signal(signal.SIGKILL)
        holder.wait()
        assert not taken(tmp_path)


def test_who_waits_goes_on_when_it_is_free(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = push_lock("https://a", print, folder=tmp_path)
    first.__enter__()
    waits: list[float] = []

    def sleep(seconds: float) -> None:
        waits.append(seconds)
        if len(waits) == 3:
            first.__exit__(None, None, None)

    monkeypatch.setattr("time.sleep", sleep)
    told: list[str] = []
    with push_lock("https://a", told.append, folder=tmp_path):
        assert len(waits) == 3
        assert len(told) == 1


def test_a_lock_on_a_file_that_was_removed_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Cleaned up between opening and locking: somebody else may hold the lock on the file that is there now."""
    try_lock, attempts = lock_module._try_lock, []

    def remove_and_lock(descriptor: int) -> bool:
        if not attempts:
            next(tmp_path.iterdir()).unlink()
        attempts.append(descriptor)
        return try_lock(descriptor)

    monkeypatch.setattr(lock_module, "_try_lock", remove_and_lock)
    monkeypatch.setattr("time.sleep", lambda _: None)
    with push_lock("https://a", lambda _: None, folder=tmp_path):
        assert len(attempts) == 2
        assert len(list(tmp_path.iterdir())) == 1


def test_its_folder_is_the_users_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    folder = tmp_path / f"segdsl-{os.getuid()}"
    with push_lock("https://a", print):
        assert folder.stat().st_mode & 0o777 == 0o700
        assert [file.suffix for file in folder.iterdir()] == [".lock"]
    folder.chmod(0o777)
    with pytest.raises(ConfigError, match="not a folder that only you can write to"), push_lock("https://a", print):
        pass


def test_a_link_in_place_of_the_folder_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    (tmp_path / "elsewhere").mkdir(mode=0o700)
    (tmp_path / f"segdsl-{os.getuid()}").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(ConfigError, match="not a folder that only you can write to"), push_lock("https://a", print):
        pass


def test_no_place_for_a_lock_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "nowhere"))
    with pytest.raises(ConfigError, match="there can be no lock file in"), push_lock("https://a", print):
        pass
    with pytest.raises(ConfigError, match="cannot be opened"), push_lock("https://a", print, folder=tmp_path / "no"):
        pass
