"""`segdsl push`: creates what is missing, each segment once."""

import sys
from contextlib import nullcontext
from functools import partial
from typing import TextIO

import click

from segdsl.cli import console
from segdsl.cli.account import desired_segments, read, server
from segdsl.cli.failure import INTERRUPTED
from segdsl.cli.plan_text import plan_lines
from segdsl.cli.push_lock import push_lock
from segdsl.cli.push_text import closing_lines, outcome_line, twin_line
from segdsl.diagnostics.json_report import dump
from segdsl.errors import ApiError
from segdsl.planning.actions import Duplicate, Plan, plain
from segdsl.planning.matching import make_plan, wanted_ids
from segdsl.planning.push import Push, PushReport, Twins
from segdsl.remote.client import Client


@click.command()
@click.argument("file", metavar="FILE", type=click.Path())
@click.option("--yes", is_flag=True, help="Create without asking; needed where there is no terminal.")
@click.option("--dry-run", is_flag=True, help="Show the plan only: the account is read, not written.")
@click.option("--json", "as_json", is_flag=True, help="Print the plan, and what became of it, as JSON.")
def push(*, file: str, yes: bool, dry_run: bool, as_json: bool) -> None:
    """Create the segments of FILE that the account has not, each exactly once.

    \b
      segdsl push segments.toml
      segdsl push segments.toml --yes

    Nothing is sent unless all of FILE is right. The plan is shown, and you are
    asked. Run it again to go on where it ended: what the account has by then is
    not created again. After a create that "may have been created" wait a minute
    first, for a slow server may still be at it.

    The exit code is 1 when a segment was not created, may have been created, or
    differs in the account.
    """
    if not (yes or dry_run or sys.stdin.isatty()):
        raise click.UsageError("there is no terminal to ask on; with --yes segments are created without asking")
    desired = desired_segments(file)
    with nullcontext() if dry_run else push_lock(server(), console.err):
        account = read(partial(wanted_ids, desired))
        plan = make_plan(desired, account.listed, account.details)
        pushed = Push(plan)
        asks = not (yes or dry_run)
        if asks or not as_json:
            _show(plan, sys.stderr if as_json else sys.stdout)
        interrupted = False
        if plan.create and not dry_run and (not asks or click.confirm(_question(plan), err=True)):
            interrupted = _carry_out(pushed, len(plan.create), as_json=as_json)
        report = pushed.report
        twins: tuple[Duplicate, ...] = ()
        if report.created and not interrupted:
            twins, interrupted = _twins(plan, report)
    if as_json:
        console.out(dump({**report.to_dict(), "createdTwice": plain(twins), "plan": plan.to_dict()}))
    elif not dry_run:
        console.out("\n".join([*map(twin_line, twins), *closing_lines(report)]))
    if interrupted:
        sys.exit(INTERRUPTED)
    sys.exit(int(bool(plan.differs or twins) or not (dry_run or report.is_complete)))


def _question(plan: Plan) -> str:
    return f"Create {len(plan.create)} segment{'s' * (len(plan.create) > 1)} at {server()}?"


def _show(plan: Plan, stream: TextIO) -> None:
    stream.write("".join(f"{line}\n" for line in plan_lines(plan, stream, everything=False)))
    stream.flush()


def _carry_out(pushed: Push, number: int, *, as_json: bool) -> bool:
    """Creates one segment after the other; returns whether Ctrl-C ended it.

    On a terminal a bar shows how far it is, and the outcomes come after it. Elsewhere each is written at once, so that
    a log holds them whatever happens to this process.
    """
    tell = console.err if as_json else console.out
    has_bar = console.is_terminal(sys.stderr)
    told, interrupted = 0, False
    try:
        with (
            Client() as client,
            click.progressbar(length=number, label="creating", file=sys.stderr, hidden=not has_bar) as bar,
        ):
            for outcome in pushed.steps(client):
                bar.update(1)
                if not has_bar:
                    tell(outcome_line(outcome))
                    sys.stdout.flush()
                    told += 1
    except KeyboardInterrupt:
        interrupted = True
    for outcome in pushed.report.outcomes[told:]:
        tell(outcome_line(outcome))
    return interrupted


def _twins(plan: Plan, report: PushReport) -> tuple[tuple[Duplicate, ...], bool]:
    """One more look at the list: has somebody else created the same meanwhile? And whether Ctrl-C ended the look."""
    twins = Twins(plan, report)
    try:
        return twins.found(read(twins.wanted).details), False
    except (ApiError, KeyboardInterrupt) as error:
        why = "interrupted" if isinstance(error, KeyboardInterrupt) else error
        console.err(f"whether somebody else created the same segments meanwhile could not be found out: {why}")
        return (), why == "interrupted"
