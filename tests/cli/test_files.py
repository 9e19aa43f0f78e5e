"""Writing a file in one step: what it keeps, what it refuses, and what a signal leaves behind."""

import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from segdsl.cli.files import write_file
from segdsl.errors import ConfigError

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="POSIX permissions")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "a").write_bytes(b"before")
    return tmp_path / "a"


def listed(file: Path) -> list[str]:
    return sorted(os.listdir(file.parent))


def test_a_new_file_has_the_usual_permissions(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        write_file(str(tmp_path / "new"), b"x")
    finally:
        os.umask(before)
    assert (tmp_path / "new").read_bytes() == b"x"
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o640


def test_a_file_is_replaced_so_that_readers_see_all_or_nothing(file: Path) -> None:
    with file.open("rb") as reader:
        write_file(str(file), b"after")
        assert reader.read() == b"before"
    assert file.read_bytes() == b"after"


def test_permissions_and_owner_stay(file: Path) -> None:
    file.chmod(0o4751)
    owner = (file.stat().st_uid, file.stat().st_gid)
    if os.geteuid() == 0:  # nobody else may give files away
        owner = (1234, 2345)
        os.chown(file, *owner)
        file.chmod(0o4751)
    write_file(str(file), b"after")
    status = file.stat()
    assert (stat.S_IMODE(status.st_mode), status.st_uid, status.st_gid) == (0o4751, *owner)


def test_a_link_still_points_to_the_file(file: Path) -> None:
    link = file.with_name("link")
    link.symlink_to("a")
    write_file(str(link), b"after")
    assert link.is_symlink()
    assert file.read_bytes() == b"after"


@pytest.mark.parametrize("data", [b"after, and longer", b"", b"x"])
def test_hard_links_stay(file: Path, data: bytes) -> None:
    os.link(file, file.with_name("b"))
    write_file(str(file), data)
    assert file.with_name("b").read_bytes() == data
    assert listed(file) == ["a", "b"]


@pytest.mark.parametrize(("attribute", "in_place"), [("user.note", True), ("security.selinux", False)])
def test_a_file_with_extended_attributes_is_written_in_place(
    file: Path, monkeypatch: pytest.MonkeyPatch, attribute: str, in_place: bool
) -> None:
    monkeypatch.setattr(os, "listxattr", lambda _path: [attribute], raising=False)
    number = file.stat().st_ino
    write_file(str(file), b"after")
    assert (file.read_bytes(), file.stat().st_ino == number) == (b"after", in_place)


def test_a_file_is_written_in_place_if_no_other_can_be_made(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    number = file.stat().st_ino

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "replace", refuse)
    write_file(str(file), b"after")
    assert (file.read_bytes(), file.stat().st_ino, listed(file)) == (b"after", number, ["a"])


@pytest.mark.parametrize("linked", [False, True])
def test_a_failed_write_keeps_the_file_and_leaves_no_temporary_file(
    file: Path, monkeypatch: pytest.MonkeyPatch, linked: bool
) -> None:
    if linked:
        os.link(file, file.with_name("b"))
    write, calls = os.write, []

    def full(descriptor: int, data: bytes) -> int:
        calls.append(len(data))
        if len(calls) == 2:
            raise OSError(28, "No space left on device")
        return write(descriptor, data[:3])

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(OSError, match="No space left") as caught:
        write_file(str(file), b"after, and longer")
    assert caught.value.filename == str(file)
    assert file.read_bytes() == b"before"
    assert listed(file) == (["a", "b"] if linked else ["a"])


def test_an_interrupt_keeps_the_file_and_leaves_no_temporary_file(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(_: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_file(str(file), b"after")
    assert (file.read_bytes(), listed(file)) == (b"before", ["a"])


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGQUIT])
@pytest.mark.parametrize("linked", [False, True])
def test_a_signal_leaves_no_temporary_and_no_half_written_file(
    file: Path, number: signal.Signals, linked: bool
) -> None:
    if linked:
        os.link(file, file.with_name("b"))
    program = (
        "import os, signal, resource\n"
        "from segdsl.cli.files import write_file\n"
        "resource.setrlimit(resource.RLIMIT_CORE, (0, 0))\n"
        # under `nohup`, or in the background, they are ignored
        "signal.signal(signal.SIGHUP, signal.SIG_DFL)\n"
        "signal.signal(signal.SIGQUIT, signal.SIG_DFL)\n"
        "write = os.write\n"
        "def slowly(descriptor, data):\n"
        f"    os.kill(os.getpid(), {int(number)})\n"
        "    return write(descriptor, data[:2])\n"
        "os.write = slowly\n"
        f"write_file({str(file)!r}, b'after')\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, timeout=20, check=False)
    assert done.returncode in (-number, 1), done.stderr  # KeyboardInterrupt, which nobody catches here, is 1 or -2
    assert done.returncode == -number or b"KeyboardInterrupt" in done.stderr
    assert file.read_bytes() == b"after"
    assert listed(file) == (["a", "b"] if linked else ["a"])


@pytest.mark.parametrize("mode", [0o444, 0o555, 0o400])
def test_a_read_only_file_is_refused(file: Path, mode: int) -> None:
    file.chmod(mode)
    with pytest.raises(PermissionError, match="the file is read-only"):
        write_file(str(file), b"after")
    assert file.read_bytes() == b"before"


def test_only_plain_files_are_replaced(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for name in (str(tmp_path / "pipe"), str(tmp_path), "/dev/null"):
        with pytest.raises(OSError, match="this is not a plain file"):
            write_file(name, b"after")


def test_a_file_that_changed_is_left(file: Path) -> None:
    with pytest.raises(ConfigError, match="has changed since it was read"):
        write_file(str(file), b"after", expected=b"other")
    assert file.read_bytes() == b"before"
    write_file(str(file), b"after", expected=b"before")
    with pytest.raises(ConfigError, match="has changed since it was read"):
        write_file(str(file.with_name("gone")), b"after", expected=b"before")
    assert listed(file) == ["a"]
