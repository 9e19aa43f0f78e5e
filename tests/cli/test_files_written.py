"""Whom the files that segdsl writes belong to, and that none is left half written or lying about."""

import os
import stat
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from segdsl.remote.endpoint import parse_base_url
from segdsl.remote.local_files import push_lock
from segdsl.sandbox.store import Store

from .accounts import Account, account_of_its_own, segment

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="POSIX permissions")


@pytest.fixture
def account(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Account]:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with account_of_its_own(tmp_path) as running:
        yield running


@pytest.fixture(params=[0o022, 0o077, 0o000])
def umask(request: pytest.FixtureRequest) -> Iterator[int]:
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_the_lock_is_the_users_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, umask: int) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    with push_lock(parse_base_url("http://localhost"), pytest.fail):
        folder = tmp_path / "state" / "segdsl"
        assert mode(folder) & 0o077 == 0
        (lock,) = folder.iterdir()
        assert mode(lock) & 0o077 == 0
        assert lock.read_bytes() == b""
        assert "localhost" not in lock.name


def test_the_data_of_the_sandbox_are_the_users_alone(tmp_path: Path, umask: int) -> None:
    data = tmp_path / "sandbox.db"
    with closing(Store(data)):
        for file in tmp_path.iterdir():
            assert mode(file) & 0o077 == 0, file


def test_a_pulled_config_is_as_open_as_the_umask_lets_new_files_be(account: Account, umask: int) -> None:
    account.holds("A", "rating > 1")
    pulled = account.folder / "pulled.toml"
    assert account.run("pull", "-o", str(pulled)).exit_code == 0
    assert mode(pulled) == 0o666 & ~umask


def test_a_file_that_is_replaced_keeps_its_permissions(account: Account) -> None:
    for number in (0o600, 0o640, 0o644):
        config = Path(account.file(segment("A", "rating>1")))
        config.chmod(number)
        assert account.run("fmt", str(config)).exit_code == 0
        assert mode(config) == number


def test_no_temporary_file_is_left(account: Account) -> None:
    account.holds("A", "rating > 1")
    config = Path(account.file(segment("A", "rating>1")))
    pulled = account.folder / "pulled.toml"
    assert account.run("fmt", str(config)).exit_code == 0
    assert account.run("pull", "-o", str(pulled)).exit_code == 0
    assert sorted(account.folder.iterdir()) == sorted([config, pulled])


def test_a_file_that_cannot_be_written_stays_as_it_was(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    config = Path(account.file(segment("A", "rating>1")))
    before, listed = config.read_bytes(), sorted(account.folder.iterdir())

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    result = account.run("fmt", str(config))
    assert result.exit_code == 1
    assert "No space left" in result.stderr
    assert (config.read_bytes(), sorted(account.folder.iterdir())) == (before, listed)


def test_a_name_as_long_as_names_can_be_is_written(account: Account) -> None:
    account.holds("A", "rating > 1")
    pulled = account.folder / ("x" * 250 + ".toml")
    assert account.run("pull", "-o", str(pulled)).exit_code == 0
    assert account.run("fmt", str(pulled)).exit_code == 0
    assert "rating > 1" in pulled.read_text()


def test_errors_of_writing_name_the_file_as_it_was_given(account: Account) -> None:
    account.holds("A", "rating > 1")
    nowhere = account.folder / "nowhere" / "pulled.toml"
    result = account.run("pull", "-o", str(nowhere))
    assert (result.exit_code, result.stderr) == (1, f"Error: {nowhere}: No such file or directory\n")
