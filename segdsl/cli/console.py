"""Writing to the terminal: streams, colours and width. Every decision about the terminal is made here."""

import codecs
import os
import sys
from typing import TextIO

_ESCAPES = "segdsl.escapes"
_DEFAULT_WIDTH = 80
_MAX_WIDTH = 100
"""Longer lines of prose are hard to read, even on a wide terminal."""

STYLES = {"plain": "0", "bold": "1", "dim": "2", "red": "31", "green": "32", "yellow": "33", "blue": "34", "cyan": "36"}
"""The styles of `paint`, with the parameters of their SGR sequences."""


def prepare() -> None:
    r"""Makes stdout and stderr accept any text.

    Results are UTF-8 unless stdout is a terminal. Characters that the encoding of a terminal or of stderr lacks are
    written as escapes such as `\u00e9`. A closed stream (`<&-`, as some daemons start programs) is replaced by an empty
    one, or by one that discards its text.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115 - open as long as the process
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is None:  # an embedder or a test replaced it by another kind of file
            continue
        if stream is sys.stdout and not stream.isatty():
            reconfigure(encoding="utf-8")
        reconfigure(errors=_ESCAPES)


def _escaped(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    units = error.object[error.start : error.end].encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4)), error.end


codecs.register_error(_ESCAPES, _escaped)


def out(text: str) -> None:
    """Writes a result, and a line break, to stdout."""
    sys.stdout.write(f"{text}\n")


def out_bytes(data: bytes) -> None:
    """Writes the content of a file to stdout as it is."""
    sys.stdout.flush()
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


def err(text: str) -> None:
    """Writes anything except results (a problem, progress, advice), and a line break, to stderr."""
    sys.stdout.flush()  # else the order is wrong if both go to the same place
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def is_terminal(stream: TextIO) -> bool:
    """Whether the stream is a terminal that can move its cursor."""
    return stream.isatty() and os.environ.get("TERM", "") != "dumb"


def colours(stream: TextIO) -> bool:
    """Whether to write in colours: only on a terminal, and not if `NO_COLOR` is set (no-color.org)."""
    return is_terminal(stream) and not os.environ.get("NO_COLOR")


def paint(text: str, style: str, stream: TextIO) -> str:
    """`text` in one of `STYLES`, if the stream shows colours."""
    return f"\x1b[{STYLES[style]}m{text}\x1b[0m" if colours(stream) else text


def columns(stream: TextIO) -> int | None:
    """The columns of the terminal; None if the stream is not one."""
    import shutil  # noqa: PLC0415  it imports three compression libraries

    return shutil.get_terminal_size((_DEFAULT_WIDTH, 24)).columns if is_terminal(stream) else None


def width() -> int:
    """The columns that prose fills: those of the terminal, at most 100; 80 without one."""
    import shutil  # noqa: PLC0415  as above

    return min(shutil.get_terminal_size((_DEFAULT_WIDTH, 24)).columns, _MAX_WIDTH)


def counted(number: int, thing: str, things: str = "") -> str:
    """`1 file`, `2 files`, `1,024 files`; `things` is the plural if it needs more than an s."""
    return f"{number:,} {thing if number == 1 else things or thing + 's'}"
