"""`segdsl check`: every problem of config files, for people, scripts, GitHub and code scanning."""

import sys
from collections.abc import Sequence

import click

from segdsl import __version__
from segdsl.cli import console
from segdsl.cli.console import counted
from segdsl.cli.failure import report
from segdsl.cli.files import STDIN_FILENAME, expanded_with_stdin, stdin_filename_option
from segdsl.config.check import check_files
from segdsl.config.model import Config
from segdsl.diagnostics import Diagnostic
from segdsl.diagnostics.formats import FORMATS
from segdsl.diagnostics.sarif import to_sarif
from segdsl.diagnostics.summary import summary


@click.command()
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(allow_dash=True))
@click.option("--format", "form", type=click.Choice(list(FORMATS)), default="text", show_default=True)
@stdin_filename_option
def check(*, files: tuple[str, ...], form: str, stdin_filename: str | None) -> None:
    """Report every problem of every segment of every FILE, in one run.

    \b
      segdsl check segments.toml
      segdsl check 'segments/*.toml' --format github
      segdsl check segments.toml --format sarif > segdsl.sarif

    A folder means its files segments*, and - is a config on stdin. The report
    goes to stdout. The exit code is 1 if there is an error; warnings alone
    leave it 0. Names must be unique across all files.
    """
    configs, found = check_files(*expanded_with_stdin(files, stdin_filename or STDIN_FILENAME))
    console.out(_report(form, found, configs))
    if any(problem.severity == "error" for problem in found):
        sys.exit(1)


def _report(form: str, problems: tuple[Diagnostic, ...], configs: Sequence[Config]) -> str:
    if form == "sarif":
        return to_sarif(problems, version=__version__)
    if form != "text":
        return FORMATS[form](problems)
    if problems:
        return report(problems, sys.stdout)
    segments = sum(len(config.segments) for config in configs)
    checked = f"{counted(segments, 'segment')} in {counted(len(configs), 'file')}"
    return f"{checked}: {console.paint(summary(problems), 'green', sys.stdout)}"
