"""`segdsl plan`: shows what a push would do."""

import sys
from functools import partial

import click

from segdsl.cli import console
from segdsl.cli.account import desired_segments, read
from segdsl.cli.plan_text import plan_lines
from segdsl.diagnostics.json_report import dump
from segdsl.planning.matching import make_plan, wanted_ids

_SOMETHING_TO_DO = 2


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
@click.argument("file", metavar="FILE", type=click.Path())
@click.option("--json", "as_json", is_flag=True, help="Print the plan as JSON.")
def plan(*, file: str, as_json: bool) -> None:
    """Show what push would create, what exists already, and what differs.

    \b
      segdsl plan segments.toml
      segdsl plan segments.toml --json

    The account is read, never written. A segment that exists with other filters,
    description or icon "differs": the API cannot update it. Segments that only
    the account has are "unmanaged", and left alone.

    The exit code is 0 if there is nothing to do, 2 if a segment is to be created
    or differs, and 1 if something is wrong.
    """
    desired = desired_segments(file)
    account = read(partial(wanted_ids, desired))
    planned = make_plan(desired, account.listed, account.details)
    console.out(dump(planned.to_dict()) if as_json else "\n".join(plan_lines(planned, sys.stdout, everything=True)))
    if not planned.is_empty:
        sys.exit(_SOMETHING_TO_DO)
