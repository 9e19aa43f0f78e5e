"""Every command: the table, the help, and the reports of failures."""

import errno
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import click
import pytest
from click.testing import Result

import segdsl
from segdsl.cli import main as main_module
from segdsl.cli.main import COMMANDS, Entry
from segdsl.errors import ConfigError, InvalidSegmentError

from .command_line import SEGDSL, process, run


@pytest.mark.parametrize("name", COMMANDS)
def test_every_entry_is_a_command_with_examples_and_fits_80_columns(name: str) -> None:
    result = run(name, "--help")
    assert result.exit_code == 0
    assert result.stdout.startswith(f"Usage: segdsl {name} ")
    assert max(map(len, result.stdout.splitlines())) <= 80
    assert result.stdout.isascii()
    assert "segdsl " in result.stdout.partition("Options:")[0]


def test_the_list_of_commands_names_all_and_imports_no_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(main_module, "import_module", None)
    shown = run("--help").stdout
    assert [
        line.split()[0] for line in shown.splitlines() if line.startswith("  ") and line.split()[0] in COMMANDS
    ] == [*COMMANDS]
    assert max(map(len, shown.splitlines())) <= 80


def test_the_version() -> None:
    assert run("--version").stdout == f"segdsl {segdsl.__version__}\n"


def test_an_unknown_command_gets_the_nearest_one() -> None:
    result = run("chek", "segments.toml")
    assert result.exit_code == 2
    assert result.stderr.endswith("Error: No such command 'chek'. Did you mean 'check'?\n")
    assert run("nonsense").stderr.endswith("Error: No such command 'nonsense'.\n")


def test_no_command_is_misuse() -> None:
    assert run().exit_code == 2


# ── failures ───────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Runs a command that raises what it is given, after it has written something."""

    def run_failing(error: BaseException, **environment: str) -> Result:
        @click.command()
        def boom() -> None:
            click.echo("before")
            raise error

        monkeypatch.setattr(sys.modules[__name__], "boom", boom, raising=False)
        monkeypatch.setitem(COMMANDS, "boom", Entry(f"{__name__}:boom", ""))
        return run("boom", **environment)

    return run_failing


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (ConfigError("the key has a line break"), "Error: the key has a line break\n"),
        (
            InvalidSegmentError(["name: must not be blank", "icon: too long"]),
            "Error: name: must not be blank; icon: too long\n",
        ),
        (OSError(errno.ENOSPC, "No space left on device", "out.json"), "Error: out.json: No space left on device\n"),
        (OSError(errno.ENOSPC, "No space left on device"), "Error: No space left on device\n"),
    ],
)
def test_an_error_is_one_line(failing: Callable[..., Result], error: BaseException, told: str) -> None:
    result = failing(error)
    assert (result.exit_code, result.stdout, result.stderr) == (1, "before\n", told)


def test_diagnostics_are_rendered_with_a_count(failing: Callable[..., Result]) -> None:
    result = failing(ConfigError("two problems", diagnostics=segdsl.check("a > > 3")))
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: two problems\nerror[unexpected-token]: ")
    assert result.stderr.endswith("\n\n1 error\n")


def test_an_interruption_is_130_and_tells_its_notes(failing: Callable[..., Result]) -> None:
    interrupt = KeyboardInterrupt()
    interrupt.add_note("segment 'A' may have been created")
    result = failing(interrupt)
    assert result.exit_code == 130
    assert result.stderr == "Interrupted\nsegment 'A' may have been created\n"


def test_a_fault_of_its_own_is_no_traceback_unless_asked_for(failing: Callable[..., Result]) -> None:
    told = failing(ZeroDivisionError("secret words"))
    assert told.exit_code == 1
    assert told.stderr.startswith(
        f"Error: segdsl itself failed, which it never should: ZeroDivisionError in {__name__}:"
    )
    assert "secret words" not in told.stderr
    assert isinstance(failing(ZeroDivisionError("secret words"), SEGDSL_DEBUG="1").exception, ZeroDivisionError)


def test_ctrl_c_in_a_process_is_a_clean_line(tmp_path: Path) -> None:
    pipe = tmp_path / "expression"
    os.mkfifo(pipe)
    started = subprocess.Popen(
        [*SEGDSL, "match", "rating > 3", str(pipe)], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    with pipe.open("wb", buffering=0) as writer:  # opens when the command has opened its end
        writer.write(b"{}\n")
        started.send_signal(signal.SIGINT)
        out, err = started.communicate(timeout=100)
    assert (started.returncode, out, err) == (130, b"", b"Interrupted\n")


def test_a_closed_pipe_is_quiet(tmp_path: Path) -> None:
    users = tmp_path / "users.jsonl"
    users.write_text('{"properties": {"seats": 5}}\n' * 100_000)
    shell = f"{' '.join(SEGDSL)} match 'seats > 4' {users} | head -n 1"
    done = subprocess.run(["bash", "-c", shell], capture_output=True, timeout=100, check=False)
    assert (done.stdout, done.stderr) == (b"1\n", b"")


def test_a_closed_pipe_is_quiet_for_little_output() -> None:
    shell = f"{' '.join(SEGDSL)} explain-code | true"
    assert subprocess.run(["bash", "-c", shell], capture_output=True, timeout=100, check=False).stderr == b""


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs a device that is always full")
def test_a_full_disk_is_one_line() -> None:
    with open("/dev/full", "wb") as full:
        done = subprocess.run([*SEGDSL, "schema"], stdout=full, stderr=subprocess.PIPE, check=False, timeout=100)
    assert (done.returncode, done.stderr) == (1, b"Error: No space left on device\n")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs a device that is always full")
@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["push", "--help"]])
def test_a_full_disk_is_one_line_for_help_too(arguments: list[str]) -> None:
    with open("/dev/full", "wb") as full:
        done = subprocess.run([*SEGDSL, *arguments], stdout=full, stderr=subprocess.PIPE, check=False, timeout=100)
    assert (done.returncode, done.stderr) == (1, b"Error: No space left on device\n")


@pytest.mark.parametrize(
    ("command", "code", "said"),
    [
        ("compile - <&-", 1, b"error[empty-expression]"),
        ("fmt - <&-", 1, b"error[empty-expression]"),
        ("decompile - <&-", 1, b"Error: stdin: "),
        ("match 'rating > 3' - <&-", 0, b"0 of 0 users match"),
        ("push config.toml <&-", 2, b"there is no terminal to ask on"),
        ("compile 'rating > 3' >&-", 0, b""),
        ("compile 'rating >' >&-", 1, b"error[unexpected-end]"),
        ("check no.toml >&-", 1, b""),
        ("--help >&-", 0, b""),
        ("compile 'rating > 3' 2>&-", 0, b""),
        ("compile 'rating >' 2>&-", 1, b""),
        ("compile 'rating >' <&- >&- 2>&-", 1, b""),
    ],
)
def test_streams_that_are_closed_are_empty_and_take_anything(command: str, code: int, said: bytes) -> None:
    done = subprocess.run(
        ["bash", "-c", f"exec {' '.join(SEGDSL)} {command}"], capture_output=True, check=False, timeout=100
    )
    assert done.returncode == code, done.stderr
    assert said in done.stderr
    assert b"Traceback" not in done.stderr
    assert b"segdsl itself" not in done.stderr


# ── the terminal ───────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252", "ascii"])
def test_results_are_utf_8_under_any_code_page(encoding: str) -> None:
    done = process("compile", 'name == "Zoë 😀"', PYTHONIOENCODING=encoding)
    assert '"value": "Zoë 😀"' in done.stdout.decode()
    again = process("decompile", "-", stdin=done.stdout, PYTHONIOENCODING=encoding)
    assert again.stdout.decode() == 'name == "Zoë 😀"\n'


def test_messages_in_another_encoding_have_escapes() -> None:
    done = process("compile", 'sentiment > "Zoë 😀"', PYTHONIOENCODING="ascii")
    assert done.returncode == 1
    assert b"Zo\\u00eb \\ud83d\\ude00" in done.stderr


def test_an_argument_that_is_not_text_is_an_error_with_a_place() -> None:
    done = subprocess.run([*map(str.encode, SEGDSL), b"compile", b'plan == "\xff"'], capture_output=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith(b"error[bad-string]: ")
    assert b"\xff" not in done.stderr


def test_help_in_ascii_does_not_crash() -> None:
    assert process("explain-code", PYTHONIOENCODING="ascii").returncode == 0


def test_the_module_is_the_command() -> None:
    assert process("--version").stdout == f"segdsl {segdsl.__version__}\n".encode()
