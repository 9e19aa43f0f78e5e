"""The fenced blocks of a Markdown file, and the commands of those that show a terminal."""

import re
from pathlib import Path
from typing import NamedTuple

_FENCE = re.compile(
    r'^```(?P<language>[^\s`]+)(?: title="(?P<title>[^"\n]*)")?\n(?P<text>.*?)^```$', re.MULTILINE | re.DOTALL
)
_LINK = re.compile(r"\]\((?P<target>[^)\s]+)\)")


class Block(NamedTuple):
    """A fenced block: its language, its text, the line in the file where the text begins, and its title if it has one:
    the file that it shows."""

    language: str
    text: str
    line: int
    title: str = ""

    def __str__(self) -> str:
        return f"{self.language}:{self.line}"


class Command(NamedTuple):
    """A command of a `console` block, and everything that it is shown to print."""

    line: str
    output: str


def blocks(path: Path, language: str | None = None) -> list[Block]:
    """The fenced blocks of a file in their order, all or those of one language."""
    text = path.read_text(encoding="utf-8")
    found = [
        Block(match["language"], match["text"], text.count("\n", 0, match.start()) + 2, match["title"] or "")
        for match in _FENCE.finditer(text)
    ]
    return [block for block in found if language in (None, block.language)]


def links(path: Path) -> list[str]:
    """The targets of all links, outside fenced blocks."""
    return [match["target"] for match in _LINK.finditer(_FENCE.sub("", path.read_text(encoding="utf-8")))]


def commands(block: Block) -> list[Command]:
    """What follows each `$ `, with the lines up to the next."""
    _, *parts = re.split(r"^\$ ", block.text, flags=re.MULTILINE)
    return [Command(line, output) for line, _, output in (part.partition("\n") for part in parts)]


def is_shown(output: str, shown: str) -> bool:
    """Whether a command printed the shown text; `…` on a line matches anything."""
    pattern = ".*".join(re.escape(part) for part in shown.strip().split("…"))
    return re.fullmatch(pattern, "\n".join(line.rstrip() for line in output.strip().splitlines())) is not None
