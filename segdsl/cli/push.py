"""`segdsl push`: creates the missing segments, each once."""

import sys
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from functools import partial
from typing import Any, TextIO

import click

from segdsl.cli import console
from segdsl.cli.account import desired_segments, read, server
from segdsl.cli.console import counted
from segdsl.cli.failure import INTERRUPTED
from segdsl.cli.plan_text import plan_lines
from segdsl.diagnostics.cells import visible
from segdsl.diagnostics.json_report import dump
from segdsl.errors import ApiError
from segdsl.planning.matching import make_plan, wanted_ids
from segdsl.planning.plan import Duplicate, Plan
from segdsl.planning.push import Ambiguous, ConcurrentDuplicates, Created, Push, PushReport, Refused, Result
from segdsl.remote.client import Client
from segdsl.remote.endpoint import find_endpoint
from segdsl.remote.local_files import push_lock


@click.command()
@click.argument("file", metavar="FILE", type=click.Path())
@click.option("--yes", is_flag=True, help="Create without asking; needed where there is no terminal.")
@click.option("--dry-run", is_flag=True, help="Show the plan only: the account is read, not written.")
@click.option("--json", "as_json", is_flag=True, help="Print the plan, and the results, as JSON.")
def push(*, file: str, yes: bool, dry_run: bool, as_json: bool) -> None:
    """Create the segments of FILE that the account lacks, each exactly once.

    \b
      segdsl push segments.toml
      segdsl push segments.toml --yes

    Nothing is sent unless all of FILE is right. The plan is shown, and you are
    asked. If a push ends early, run it again: it does not create a segment that
    exists by then. After a create that "may have been created", wait a minute
    first, because a slow server may still be at work.

    The exit code is 1 if a segment was not created, may have been created, or
    differs in the account.
    """
    if not (yes or dry_run or sys.stdin.isatty()):
        raise click.UsageError("there is no terminal to ask on; with --yes segments are created without asking")
    desired = desired_segments(file)
    with nullcontext() if dry_run else push_lock(find_endpoint(None), console.err):
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
        duplicates: tuple[Duplicate, ...] = ()
        if report.created and not interrupted:
            duplicates, interrupted = _concurrent_duplicates(plan, report)
    if as_json:
        twice = [duplicate.to_dict() for duplicate in duplicates]
        console.out(dump({**report.to_dict(), "createdTwice": twice, "plan": plan.to_dict()}))
    elif not dry_run:
        console.out("\n".join([*map(_duplicate_line, duplicates), *_closing_lines(report)]))
    if interrupted:
        sys.exit(INTERRUPTED)
    sys.exit(int(bool(plan.differs or duplicates) or not (dry_run or report.is_complete)))


def _question(plan: Plan) -> str:
    return f"Create {counted(len(plan.create), 'segment')} at {server()}?"


def _show(plan: Plan, stream: TextIO) -> None:
    stream.write("".join(f"{line}\n" for line in plan_lines(plan, stream, everything=False)))
    stream.flush()


def _carry_out(pushed: Push, number: int, *, as_json: bool) -> bool:
    """Creates one segment after the other; returns whether Ctrl-C ended it.

    On a terminal a bar shows the progress, and the results come after it. Elsewhere each result is written at once, so
    that a log has it even if this process dies.
    """
    tell = console.err if as_json else console.out
    has_bar = console.is_terminal(sys.stderr)
    shown, interrupted = 0, False
    try:
        with (
            Client() as client,
            click.progressbar(length=number, label="creating", file=sys.stderr, hidden=not has_bar) as bar,
        ):
            for result in pushed.steps(client):
                bar.update(1)
                if not has_bar:
                    tell(_result_line(result))
                    sys.stdout.flush()
                    shown += 1
    except KeyboardInterrupt:
        interrupted = True
    for result in pushed.report.results[shown:]:
        tell(_result_line(result))
    return interrupted


def _concurrent_duplicates(plan: Plan, report: PushReport) -> tuple[tuple[Duplicate, ...], bool]:
    """One more look at the list: has somebody else created the same segments? And whether Ctrl-C ended the look."""
    search = ConcurrentDuplicates(plan, report)
    try:
        return search.found(read(search.wanted).details), False
    except (ApiError, KeyboardInterrupt) as error:
        why = "interrupted" if isinstance(error, KeyboardInterrupt) else error
        console.err(f"segdsl could not find out whether somebody else created the same segments meanwhile: {why}")
        return (), why == "interrupted"


# ── the results as text ────────────────────────────────────────────────────────────────────────────────────────────


def _result_line(result: Result) -> str:
    return _LINES[type(result)](result)


def _created(created: Created) -> str:
    found = "; its answer was lost, and it was found in the list" * created.adopted
    return f"{_painted('created', 'green')} {visible(created.name)} (id {visible(created.id)}){found}"


def _refused(refused: Refused) -> str:
    return f"{_painted('not created', 'red')} {visible(refused.name)}: {visible(refused.reason)}"


def _ambiguous(ambiguous: Ambiguous) -> str:
    return f"{_painted('may have been created', 'yellow')} {visible(ambiguous.name)}: {visible(ambiguous.reason)}"


_LINES: dict[type, Callable[[Any], str]] = {Created: _created, Refused: _refused, Ambiguous: _ambiguous}


def _duplicate_line(duplicate: Duplicate) -> str:
    """Somebody else has created the same segment."""
    own, *others = map(visible, duplicate.ids)
    words = f"{visible(duplicate.name)}: this push created id {own}, somebody else at the same time {', '.join(others)}"
    return f"{_painted('created twice', 'yellow')} {words}"


def _closing_lines(report: PushReport) -> Iterator[str]:
    """The segments that were not tried, and the numbers."""
    if report.not_tried:
        yield f"{_painted('not tried', 'yellow')} {', '.join(map(visible, report.not_tried))}"
    numbers = {
        "created": report.created,
        "may have been created": report.may_have_been_created,
        "refused": report.refused,
        "not tried": report.not_tried,
    }
    parts = ", ".join(f"{len(some)} {word}" for word, some in numbers.items() if some)
    yield (parts or "nothing to create") + _advice(report)


def _advice(report: PushReport) -> str:
    if report.is_complete:
        return ""
    if report.may_have_been_created:
        return "; a segment that may have been created could still appear: wait a minute, then run it again"
    return "; run it again to create the rest"


def _painted(words: str, style: str) -> str:
    return console.paint(f"{words:<10}", style, sys.stdout)
