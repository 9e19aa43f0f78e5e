"""The command reference: every command's own help, as a page."""

import re
from collections.abc import Iterator
from inspect import cleandoc

import click

from docsgen.markdown import cell, code
from segdsl.cli.main import SECTIONS, main


def body() -> str:
    """A section for each command, in the order of `segdsl --help`."""
    return "\n".join(line for section in SECTIONS for line in _section(section))


def command_of(name: str) -> click.Command:
    """The command with this name."""
    command = main.get_command(click.Context(main), name)
    assert command is not None
    return command


def _section(section: str) -> Iterator[str]:
    yield f"## {section}\n"
    for name in SECTIONS[section]:
        yield from _command(name)


def _command(name: str) -> Iterator[str]:
    command = command_of(name)
    context = click.Context(command, info_name=name, parent=click.Context(main, info_name="segdsl"))
    yield f"### segdsl {name}\n"
    yield f"```text\nsegdsl {' '.join([name, *command.collect_usage_pieces(context)])}\n```\n"
    yield from _prose(command.help or "")
    options = [parameter for parameter in command.params if isinstance(parameter, click.Option)]
    records = [record for option in options if (record := option.get_help_record(context))]
    if records:
        yield "| option | |"
        yield "|---|---|"
        for option, means in records:
            yield f"| {code(option)} | {cell(_literal(means))} |"
        yield ""
    yield from _prose(command.epilog or "")


def _prose(text: str) -> Iterator[str]:
    r"""Paragraphs; those after click's `\b` keep their lines."""
    for paragraph in cleandoc(text).split("\n\n"):
        if paragraph.startswith("\b\n"):
            title, lines = _titled(paragraph.removeprefix("\b\n").split("\n"))
            if title:
                yield f"{title}\n"
            language = "sh" if any(line.startswith(("segdsl ", 'eval "')) for line in lines) else "text"
            yield "\n".join([f"```{language}", *lines, "```\n"])
        elif paragraph.strip():
            yield _literal(" ".join(paragraph.split())) + "\n"


def _titled(lines: list[str]) -> tuple[str, list[str]]:
    """The line that ends with a colon above indented ones, if there is one, and these without their indent."""
    title = lines[0] if lines[0].endswith(":") and not lines[0].startswith(" ") else ""
    return title, [line.removeprefix("  ") for line in (lines[1:] if title else lines) if line.strip()]


_MARKUP = re.compile(r"[<>*_\[\]]")
_NAME = re.compile(r"(?<![\w-])(?:--[a-z-]+|[A-Z]+(?:_[A-Z]+)+)")


def _literal(text: str) -> str:
    """Options and environment variables as code; markup characters escaped."""
    parts = text.split("`")
    for at in range(0, len(parts), 2):
        names = [f"`{name}`" for name in _NAME.findall(parts[at])] + [""]
        between = [_MARKUP.sub(r"\\\g<0>", plain) for plain in _NAME.split(parts[at])]
        parts[at] = "".join(plain + name for plain, name in zip(between, names, strict=True))
    return "`".join(parts)
