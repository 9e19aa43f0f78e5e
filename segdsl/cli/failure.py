"""How a command reports that it failed: one place for every error, and never a traceback."""

import errno
import os
import signal
import sys
import threading
from collections.abc import Coroutine, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import IO, Any, NoReturn, TextIO, TypeVar

import click

from segdsl.cli import console
from segdsl.diagnostics import Diagnostic
from segdsl.errors import SegdslError

Result = TypeVar("Result")

INTERRUPTED = 130
TERMINATED = 143
"""The exit codes of commands that Ctrl-C and SIGTERM stopped: 128 plus the number of the signal, as in shells."""

DEBUG = "SEGDSL_DEBUG"
"""An environment variable: if it is set, an internal error of segdsl shows its traceback."""


class Failure(click.ClickException):
    """Ends a command; reported on stderr as a sentence, as diagnostics, or as both, with an optional last line."""

    def __init__(self, error: SegdslError | str, last_line: str = "") -> None:
        self.last_line = last_line
        self.diagnostics = getattr(error, "diagnostics", ())
        super().__init__(getattr(error, "message", "") if self.diagnostics else str(error))

    def show(self, file: IO[Any] | None = None) -> None:
        """Writes the message to stderr; `file` is ignored."""
        if self.message:
            console.err(f"{console.paint('Error', 'red', sys.stderr)}: {self.message}")
        if self.diagnostics:
            console.err(report(self.diagnostics, sys.stderr))
        if self.last_line:
            console.err(self.last_line)


def report(diagnostics: Sequence[Diagnostic], stream: TextIO) -> str:
    """All diagnostics for people who read `stream`, and a last line that counts them."""
    from segdsl.diagnostics.render import render_all  # noqa: PLC0415  only when something is wrong

    return render_all(diagnostics, colour=console.colours(stream), width=console.columns(stream))


class TerminatedError(KeyboardInterrupt):
    """SIGTERM, which CI systems, `timeout` and `docker stop` send. It ends a command as Ctrl-C does."""


def exit_code_of(interruption: BaseException) -> int:
    """The exit code of a command that the interruption stopped."""
    return TERMINATED if isinstance(interruption, TerminatedError) else INTERRUPTED


@contextmanager
def sigterm_interrupts() -> Iterator[None]:
    """Inside, SIGTERM raises `TerminatedError`, unless the process already handles or ignores it."""
    if threading.current_thread() is not threading.main_thread() or signal.getsignal(signal.SIGTERM) != signal.SIG_DFL:
        yield
        return
    signal.signal(signal.SIGTERM, _terminate)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _terminate(_signal: int, _frame: object) -> NoReturn:
    raise TerminatedError


def run_async(coroutine: Coroutine[Any, Any, Result]) -> Result:
    """`asyncio.run`, in which SIGTERM cancels the work and then raises `TerminatedError`.

    The loop handles the signal, because a handler that raises could run in a callback whose errors Python ignores.
    """
    import asyncio  # noqa: PLC0415  only commands that talk to a server need it

    terminated = False

    async def cancelled_by_sigterm() -> Result:
        loop, task = asyncio.get_running_loop(), asyncio.current_task()

        def cancel() -> None:
            nonlocal terminated
            terminated = True
            assert task is not None  # noqa: S101  this coroutine runs in it
            task.cancel()

        if signal.getsignal(signal.SIGTERM) is not _terminate:
            return await coroutine
        with suppress(NotImplementedError):  # Windows has no SIGTERM
            loop.add_signal_handler(signal.SIGTERM, cancel)
        try:
            return await coroutine
        finally:
            with suppress(NotImplementedError):
                loop.remove_signal_handler(signal.SIGTERM)
            signal.signal(signal.SIGTERM, _terminate)

    try:
        return asyncio.run(cancelled_by_sigterm())
    except asyncio.CancelledError:
        if terminated:
            raise TerminatedError from None
        raise


class _InterruptedError(click.ClickException):
    """Ctrl-C or SIGTERM. Shows the notes of the interrupted work, such as that a segment may have been created."""

    exit_code = INTERRUPTED

    def __init__(self, interruption: BaseException) -> None:
        super().__init__("\n".join(["Interrupted", *getattr(interruption, "__notes__", ())]))

    def show(self, file: IO[Any] | None = None) -> None:
        console.err("\n" * sys.stderr.isatty() + self.message)  # the terminal has written ^C on this line


class _TerminatedCommandError(_InterruptedError):
    exit_code = TERMINATED


def _ended_by(interruption: BaseException) -> _InterruptedError:
    return (_TerminatedCommandError if isinstance(interruption, TerminatedError) else _InterruptedError)(interruption)


@contextmanager
def told() -> Iterator[None]:
    """Turns every error inside into one that click shows, and flushes stdout.

    A closed pipe passes unchanged: click ends the command silently.
    """
    try:
        try:
            yield
        finally:
            _flush()
    except SegdslError as error:
        raise Failure(error) from error
    except KeyboardInterrupt as interrupt:
        raise _ended_by(interrupt) from interrupt
    except click.Abort as abort:  # click's own, at a prompt
        if isinstance(abort.__context__, KeyboardInterrupt):
            raise _ended_by(abort.__context__) from abort
        raise
    except (click.ClickException, click.exceptions.Exit):
        raise
    except OSError as error:
        if error.errno == errno.EPIPE:
            raise
        place = f"{error.filename}: " if error.filename else ""
        raise Failure(f"{place}{error.strerror or error}") from error
    except Exception as error:
        _own_fault(error)


def _flush() -> None:
    """Writes the rest of stdout while a failure can still be reported."""
    try:
        sys.stdout.flush()
    except OSError:
        # Python would try again at its end, and report the failure in its own words.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise


def _own_fault(error: Exception) -> NoReturn:
    if os.environ.get(DEBUG):
        raise error
    innermost = error.__traceback__
    while innermost is not None and innermost.tb_next is not None:
        innermost = innermost.tb_next
    place = f"{innermost.tb_frame.f_globals.get('__name__')}:{innermost.tb_lineno}" if innermost else "?"
    message = f"segdsl itself failed, which it never should: {type(error).__name__} in {place}"
    raise Failure(f"{message}\nPlease report it; {DEBUG}=1 shows the traceback.") from error
