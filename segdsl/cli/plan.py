"""`segdsl plan`: shows what a push would do."""

import sys
from collections.abc import Callable

import click

from segdsl.cli import console
from segdsl.cli.account import Session, desired_segments, timeout_option
from segdsl.cli.files import stdin_filename_option
from segdsl.cli.plan_text import plan_lines, plan_markdown
from segdsl.diagnostics.json_report import dump
from segdsl.planning.plan import Plan

_NOT_COMPARED = 1
_SOMETHING_TO_DO = 2
_SOMETHING_DIFFERS = 3

_FORMATS: dict[str, Callable[[Plan], str]] = {
    "text": lambda plan: "\n".join(plan_lines(plan, sys.stdout, everything=True)),
    "json": lambda plan: dump(plan.to_dict()),
    "markdown": plan_markdown,
}


class _MisuseError(click.UsageError):
    """Misuse exits with 1 here, because 2 means that there is something to do."""

    exit_code = 1


class _PlanCommand(click.Command):
    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Like click's, with another exit code."""
        try:
            return super().parse_args(ctx, args)
        except click.UsageError as error:
            raise _MisuseError(error.format_message(), ctx) from error


@click.command(cls=_PlanCommand)
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(allow_dash=True))
@click.option("--format", "form", type=click.Choice(list(_FORMATS)), default="text", show_default=True)
@click.option("--json", "form", flag_value="json", help="The same as --format json.")
@click.option("--detailed-exitcode", is_flag=True, help="Exit with 3 if anything differs, 2 to create only.")
@timeout_option
@stdin_filename_option
def plan(
    *, files: tuple[str, ...], form: str, detailed_exitcode: bool, timeout: float, stdin_filename: str | None
) -> None:
    """Show what push would create, what exists already, and what differs.

    \b
      segdsl plan segments.toml
      segdsl plan segments.toml --json
      segdsl plan 'segments/*.toml' --format markdown > comment.md

    Several FILEs make one plan; a folder means its files segments*, and - is
    stdin. The account is read, never written. A segment that exists with other
    filters, description or icon "differs": the API cannot update it. Segments
    that only the account has are "unmanaged", and left alone.

    The exit code is 0 if there is nothing to do, 2 if a segment is to be created
    or differs, and 1 if something is wrong.
    """
    desired = desired_segments(files, stdin_filename)
    session = Session(timeout)
    memory = session.memory(lambda _: None)
    planned, _ = session.plan(desired, memory.entries)
    console.out(_FORMATS[form](planned))
    sys.exit(_exit_code(planned, detailed=detailed_exitcode))


def _exit_code(plan: Plan, *, detailed: bool) -> int:
    if plan.unreadable:
        return _NOT_COMPARED
    if plan.differs and detailed:
        return _SOMETHING_DIFFERS
    return 0 if plan.is_empty else _SOMETHING_TO_DO
