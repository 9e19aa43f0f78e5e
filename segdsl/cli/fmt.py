"""`segdsl fmt`: the expressions of config files in their canonical text, and not a character else."""

import difflib
import sys
from collections.abc import Iterator

import click
from msgspec import Struct

from segdsl.cli import console
from segdsl.cli.console import counted
from segdsl.cli.expressions import read_expression
from segdsl.cli.failure import report
from segdsl.cli.files import STDIN, expanded, write_file
from segdsl.config.document import LocatedText, definition_label, relocate
from segdsl.config.load import read_file
from segdsl.config.model import Config
from segdsl.config.rewrite import expressions, rewrite, with_final_break
from segdsl.diagnostics import Diagnostic
from segdsl.errors import ConfigError, ParseError
from segdsl.syntax.formatting import format as format_text


class _Tidied(Struct, frozen=True):
    """A text before and after."""

    name: str
    before: str
    after: str
    config: Config | None = None

    @property
    def changed(self) -> bool:
        return self.before != self.after


@click.command()
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(allow_dash=True))
@click.option("--check", is_flag=True, help="Write nothing; exit with 1 if a file would change.")
@click.option("--diff", is_flag=True, help="Write nothing; print what would change.")
def fmt(*, files: tuple[str, ...], check: bool, diff: bool) -> None:
    """Rewrite the expressions of every FILE in their canonical form.

    \b
      segdsl fmt segments.toml
      segdsl fmt --check --diff 'segments/*.toml'
      echo 'seats>10 AND isAdmin' | segdsl fmt -

    Each where and each definition changes; everything else in the file stays
    as it is. Comments inside an expression stay where they are. A file with
    an expression that does not parse is left untouched, and the exit code is 1.
    FILE - is one expression on stdin, printed to stdout.
    """
    failed: list[ConfigError] = []
    if STDIN in files:
        if len(files) > 1:
            raise click.UsageError("- stands for stdin, and can be the only FILE")
        tidied = [_tidied_text(read_expression(STDIN))]
    else:
        tidied, failed = _tidied_files(expanded(files))
    for one in tidied:
        if diff and one.changed:
            console.out(_diff(one))
    if not (check or diff):
        tidied, unwritten = _written(tidied)
        failed += unwritten
    _tell(tidied, failed, dry=check or diff)
    if failed or (check and any(one.changed for one in tidied)):
        sys.exit(1)


def _tidied_text(text: str) -> _Tidied:
    return _Tidied("stdin", text, format_text(text))


def _tidied_files(names: tuple[str, ...]) -> tuple[list[_Tidied], list[ConfigError]]:
    """The files that can be formatted, and why the others cannot."""
    tidied, failed = [], []
    for name in names:
        try:
            tidied.append(_tidied_file(name))
        except ConfigError as error:
            failed.append(error)
    return tidied, failed


def _tidied_file(name: str) -> _Tidied:
    """The file before and after. Raises `ConfigError` with the reasons why it must be left untouched."""
    config, problems = read_file(name)
    if config is None:
        raise ConfigError(diagnostics=problems)
    edits: list[tuple[LocatedText, str]] = []
    broken: list[Diagnostic] = []
    for text, label in _labelled(config):
        try:
            new = format_text(text.value)
        except ParseError as error:
            broken += [relocate(problem, text, label, config.definitions) for problem in error.diagnostics]
            continue
        edits.append((text, with_final_break(text, new)))
    if broken:
        raise ConfigError(diagnostics=broken)
    return _Tidied(name, config.source.text, rewrite(config, edits), config)


def _labelled(config: Config) -> Iterator[tuple[LocatedText, str]]:
    """The expressions of a file, each with what a diagnostic calls its owner."""
    labels = {segment.where.path: segment.label for segment in config.segments}
    labels |= {text.path: definition_label(name) for name, text in config.definitions.items()}
    for text in expressions(config):
        yield text, labels[text.path]


def _written(tidied: list[_Tidied]) -> tuple[list[_Tidied], list[ConfigError]]:
    """Writes what changed; what was written, and why the rest was not."""
    written, failed = [], []
    for one in tidied:
        try:
            if one.config is None:
                console.out(one.after)
            elif one.changed:
                write_file(one.name, one.config.to_bytes(one.after))
            written.append(one)
        except OSError as error:
            if one.config is None:
                raise
            failed.append(ConfigError(f"{one.name}: cannot be written: {error.strerror or error}"))
    return written, failed


def _tell(tidied: list[_Tidied], failed: list[ConfigError], *, dry: bool) -> None:
    """What was done, and what was not, on stderr."""
    for error in failed:
        if error.message:
            console.err(f"{console.paint('Error', 'red', sys.stderr)}: {error.message}")
    if problems := [problem for error in failed for problem in error.diagnostics]:
        console.err(report(problems, sys.stderr))
    files = [one for one in tidied if one.config is not None]
    changed = [one for one in files if one.changed]
    for one in changed:
        console.err(f"{'would rewrite' if dry else 'rewrote'} {one.name}")
    if files:
        done = "would change" if dry else "changed"
        console.err(f"{counted(len(changed), 'file')} {done}, {counted(len(files) - len(changed), 'file')} tidy")


def _diff(one: _Tidied) -> str:
    before, after = (text.removesuffix("\n").split("\n") for text in (one.before, one.after))
    lines = difflib.unified_diff(before, after, one.name, f"{one.name} (formatted)", lineterm="")
    return "\n".join(console.paint(line, _DIFF_STYLES[line[0]], sys.stdout) for line in lines)


_DIFF_STYLES = {"+": "green", "-": "red", "@": "cyan", " ": "plain"}
