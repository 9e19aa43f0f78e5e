"""`segdsl check`: every problem of config files, for people, scripts, GitHub and code scanning."""

import sys
from collections.abc import Sequence

import click

from segdsl import __version__
from segdsl.cli import console
from segdsl.cli.console import counted
from segdsl.cli.failure import report
from segdsl.cli.files import STDIN, STDIN_FILENAME, expanded, expanded_with_stdin, stdin_filename_option, write_file
from segdsl.config.check import check_files
from segdsl.config.fixes import fix_files
from segdsl.config.model import Config
from segdsl.diagnostics import Diagnostic
from segdsl.diagnostics.cells import visible
from segdsl.diagnostics.formats import FORMATS
from segdsl.diagnostics.sarif import to_sarif
from segdsl.diagnostics.summary import summary


@click.command()
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(allow_dash=True))
@click.option("--format", "form", type=click.Choice(list(FORMATS)), default="text", show_default=True)
@click.option("--fix", is_flag=True, help="Apply the safe fixes, then report what is left.")
@click.option("--unsafe-fixes", is_flag=True, help="Apply all preferred fixes, also those that may change a meaning.")
@stdin_filename_option
def check(*, files: tuple[str, ...], form: str, fix: bool, unsafe_fixes: bool, stdin_filename: str | None) -> None:
    """Report every problem of every segment of every FILE, in one run.

    \b
      segdsl check segments.toml
      segdsl check 'segments/*.toml' --format github
      segdsl check segments.toml --format sarif > segdsl.sarif
      segdsl check segments.toml --fix

    A folder means its files segments*, and - is a config on stdin. The report
    goes to stdout. The exit code is 1 if there is an error; warnings alone
    leave it 0. Names must be unique across all files.
    """
    if not (fix or unsafe_fixes):
        configs, found = check_files(*expanded_with_stdin(files, stdin_filename or STDIN_FILENAME))
    elif STDIN in files:
        raise click.UsageError("a config on stdin cannot be fixed; save it as a file")
    else:
        configs, found = _fix(expanded(files), unsafe=unsafe_fixes)
    console.out(_report(form, found, configs))
    if form == "text":
        _tell_of_fixes(found, unsafe_told=not unsafe_fixes)
    if any(problem.severity == "error" for problem in found):
        sys.exit(1)


def _fix(names: tuple[str, ...], *, unsafe: bool) -> tuple[tuple[Config, ...], tuple[Diagnostic, ...]]:
    """Fixes the files, and reports each fix; returns the configs afterwards, and the problems that are left."""
    fixed = fix_files(names, unsafe=unsafe)
    for name, (before, after) in fixed.changed.items():
        write_file(name, after, expected=before)
    for one in fixed.applied:
        place = f"{one.problem.source_name}:{one.problem.line}:{one.problem.column}"
        console.err(f"fixed {visible(f'{place}: {one.fix.title} [{one.problem.code}]')}")
    console.err(f"{counted(len(fixed.applied), 'fix', 'fixes')} in {counted(len(fixed.changed), 'file')}")
    return fixed.configs, fixed.problems


def _tell_of_fixes(problems: Sequence[Diagnostic], *, unsafe_told: bool) -> None:
    """The number of problems with fixes that can be applied."""
    fixes = [problem.fixes[0] for problem in problems if problem.fixes]
    safe = sum(fix.safe for fix in fixes)
    options = [(safe, "--fix"), (len(fixes) - safe, "--unsafe-fixes")]
    told = [f"{number} with `{option}`" for number, option in options if number and unsafe_told]
    if told:
        console.err(f"fixable: {', '.join(told)}")


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
