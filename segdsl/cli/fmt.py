"""`segdsl fmt`: rewrites the expressions of config files in canonical form, and no other character."""

import difflib
import sys

import click
from msgspec import Struct

from segdsl.cli import console
from segdsl.cli.console import counted
from segdsl.cli.expressions import read_expression
from segdsl.cli.failure import report
from segdsl.cli.files import STDIN, expanded, expanded_with_stdin, stdin_filename_option, write_file
from segdsl.config.document import FormatName
from segdsl.config.formats import FORMATS
from segdsl.config.load import read_data, read_file
from segdsl.config.model import Config
from segdsl.config.rewrite import formatted_config
from segdsl.diagnostics import Diagnostic
from segdsl.errors import ConfigError
from segdsl.syntax.formatting import format as format_text


class _Formatted(Struct, frozen=True):
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
@click.option("--format", "form", type=click.Choice(list(FORMATS)), help="FILE - is a config on stdin, in this format.")
@stdin_filename_option
def fmt(
    *, files: tuple[str, ...], check: bool, diff: bool, form: FormatName | None, stdin_filename: str | None
) -> None:
    """Rewrite the expressions of every FILE in their canonical form.

    \b
      segdsl fmt segments.toml
      segdsl fmt --check --diff 'segments/*.toml'
      echo 'seats>10 AND isAdmin' | segdsl fmt -

    Each where and each definition changes; everything else in the file stays
    as it is. Comments inside an expression stay where they are. A file with
    an expression that does not parse is left untouched, and the exit code is 1.
    A folder means its files segments*. FILE - is one expression on stdin, or
    with --format or --stdin-filename a config; the result goes to stdout.
    """
    if STDIN in files and len(files) > 1:
        raise click.UsageError("- stands for stdin, and can be the only FILE")
    stdin_filename = stdin_filename or (f"stdin.{form}" if form else None)
    run = _Run(check=check, diff=diff)
    if STDIN not in files:
        for name in expanded(files):
            run.format_file(name)
    elif stdin_filename is None:
        run.format_expression(read_expression(STDIN))
    else:
        (_,), data = expanded_with_stdin(files, stdin_filename)
        run.format_stdin(stdin_filename, data[stdin_filename])
    run.end()


class _Run:
    """Formats the texts one by one. A file is written, and its outcome reported, before the next one is read."""

    def __init__(self, *, check: bool, diff: bool) -> None:
        self._check = check
        self._diff = diff
        self._dry = check or diff
        self._changed = self._tidy = 0
        self._failed: list[ConfigError] = []
        self._has_files = False

    def format_expression(self, text: str) -> None:
        """An expression, to stdout."""
        one = _Formatted("stdin", text, format_text(text))
        self._show(one)
        if not self._dry:
            console.out(one.after)

    def format_stdin(self, name: str, data: bytes) -> None:
        """A config in bytes, to stdout."""
        try:
            one = _formatted(name, *read_data(data, name))
        except ConfigError as error:
            self._failed.append(error)
            return
        self._show(one)
        if not self._dry and one.config is not None:
            console.out_bytes(one.config.to_bytes(one.after))

    def format_file(self, name: str) -> None:
        """A config file, in place."""
        self._has_files = True
        try:
            one = _formatted(name, *read_file(name))
            if one.changed and not self._dry and one.config is not None:
                write_file(name, one.config.to_bytes(one.after), expected=one.config.to_bytes(one.before))
        except ConfigError as error:
            self._failed.append(error)
            return
        except OSError as error:
            self._failed.append(ConfigError(f"{name}: cannot be written: {error.strerror or error}"))
            return
        self._show(one)
        if one.changed:
            console.err(f"{'would rewrite' if self._dry else 'rewrote'} {name}")

    def end(self) -> None:
        """Reports failures and counts; exits with 1 if something failed or, with --check, would change."""
        for error in self._failed:
            if error.message:
                console.err(f"{console.paint('Error', 'red', sys.stderr)}: {error.message}")
        if problems := [problem for error in self._failed for problem in error.diagnostics]:
            console.err(report(problems, sys.stderr))
        if self._has_files and self._changed + self._tidy:
            done = "would change" if self._dry else "changed"
            console.err(f"{counted(self._changed, 'file')} {done}, {counted(self._tidy, 'file')} tidy")
        if self._failed or (self._check and self._changed):
            sys.exit(1)

    def _show(self, one: _Formatted) -> None:
        if self._diff and one.changed:
            console.out(_diff(one))
        self._changed += one.changed
        self._tidy += not one.changed


def _formatted(name: str, config: Config | None, problems: tuple[Diagnostic, ...]) -> _Formatted:
    """The file before and after. Raises `ConfigError` with the reasons why it must be left untouched."""
    if config is None:
        raise ConfigError(diagnostics=problems)
    return _Formatted(name, config.source.text, formatted_config(config), config)


def _diff(one: _Formatted) -> str:
    before, after = (text.removesuffix("\n").split("\n") for text in (one.before, one.after))
    lines = difflib.unified_diff(before, after, one.name, f"{one.name} (formatted)", lineterm="")
    return "\n".join(console.paint(line, _DIFF_STYLES[line[0]], sys.stdout) for line in lines)


_DIFF_STYLES = {"+": "green", "-": "red", "@": "cyan", " ": "plain"}
