"""`segdsl push`: creates the missing segments, each once."""

import sys
from collections.abc import Callable, Collection, Iterator
from contextlib import nullcontext
from typing import Any, TextIO

import click

from segdsl.cli import console
from segdsl.cli.account import Session, desired_segments, timeout_option
from segdsl.cli.console import counted
from segdsl.cli.failure import exit_code_of
from segdsl.cli.files import STDIN, stdin_filename_option
from segdsl.cli.plan_text import plan_lines
from segdsl.diagnostics.cells import visible
from segdsl.diagnostics.json_report import dump
from segdsl.errors import ApiError
from segdsl.planning.plan import Duplicate, Plan
from segdsl.planning.push import Ambiguous, ConcurrentDuplicates, Created, Push, PushReport, Refused, Result
from segdsl.remote.client import Client
from segdsl.remote.local_files import Memory, push_lock
from segdsl.remote.models import CreatedSegment
from segdsl.wire.segment import Segment

_FAILED = 1
_SOMETHING_TO_CREATE = 2
_SOMETHING_DIFFERS = 3


@click.command()
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(allow_dash=True))
@click.option("--yes", is_flag=True, help="Create without asking; needed where there is no terminal.")
@click.option("--dry-run", is_flag=True, help="Show the plan only: the account is read, not written.")
@click.option("--json", "as_json", is_flag=True, help="Print the plan, and the results, as JSON.")
@click.option(
    "--detailed-exitcode", is_flag=True, help="Exit with 3 if segments only differ, 2 for a dry run that would create."
)
@timeout_option
@stdin_filename_option
def push(  # noqa: PLR0913  one for each option
    *,
    files: tuple[str, ...],
    yes: bool,
    dry_run: bool,
    as_json: bool,
    detailed_exitcode: bool,
    timeout: float,
    stdin_filename: str | None,
) -> None:
    """Create the segments of FILEs that the account lacks, each once.

    \b
      segdsl push segments.toml
      segdsl push segments/*.toml --yes

    Nothing is sent unless all FILEs are right. The plan is shown, and you are
    asked. Run one push at a time. If it ends early, run it again: it does not
    create a segment that exists by then. After a create that "may have been
    created", wait a minute first, because a slow server may still be at work.

    The exit code is 1 if a segment was not created, may have been created, or
    differs in the account; the last line says why.
    """
    _require_answers(files, asks=not (yes or dry_run))
    desired = desired_segments(files, stdin_filename)
    session = Session(timeout)
    with nullcontext() if dry_run else push_lock(session.endpoint, console.err):
        memory = session.memory((lambda _: None) if dry_run else console.err)
        plan, known_by_now = session.plan(desired, memory.entries)
        if not dry_run:
            memory.forget(known_by_now)
        pushed = Push(plan)
        asks = not (yes or dry_run)
        if asks or not as_json:
            _show(plan, sys.stderr if as_json else sys.stdout)
        interruption: KeyboardInterrupt | None = None
        if plan.create and not dry_run and (not asks or click.confirm(_question(plan, session), err=True)):
            interruption = _carry_out(pushed, session, memory, as_json=as_json)
        report = pushed.report
        duplicates: tuple[Duplicate, ...] = ()
        if report.created and not interruption:
            duplicates, interruption = _concurrent_duplicates(plan, report, session)
    if as_json:
        twice = [duplicate.to_dict() for duplicate in duplicates]
        console.out(dump({**report.to_dict(), "createdTwice": twice, "plan": plan.to_dict()}))
    elif not dry_run:
        console.out("\n".join([*map(_duplicate_line, duplicates), *_closing_lines(report)]))
    if interruption:
        sys.exit(exit_code_of(interruption))
    code, reasons = _outcome(plan, report, duplicates, dry_run=dry_run, detailed=detailed_exitcode)
    if reasons:
        (console.err if as_json else console.out)(f"exit code {code}: {reasons}")
    sys.exit(code)


_TO_CHANGE_ONE = "; to change one, delete or rename it there and push again"


def _outcome(
    plan: Plan, report: PushReport, duplicates: Collection[Duplicate], *, dry_run: bool, detailed: bool
) -> tuple[int, str]:
    """The exit code, and the reasons for it in words; none for 0."""
    not_created = 0 if dry_run else len(report.refused) + len(report.not_tried)
    failures = {
        "not created": not_created,
        "may have been created": len(report.may_have_been_created),
        "created, but not as sent": len(report.differing),
        "created twice": len(duplicates),
        "not compared, so not created": len(plan.unreadable),
    }
    differing = {"differing in the account": len(plan.differs)}
    reasons = [f"{counted(number, 'segment')} {words}" for words, number in (failures | differing).items() if number]
    if any(failures.values()):
        code = _FAILED
    elif plan.differs:
        code = _SOMETHING_DIFFERS if detailed else _FAILED
    else:
        code = _SOMETHING_TO_CREATE if detailed and dry_run and plan.create else 0
    return code, ", ".join(reasons) + _TO_CHANGE_ONE * bool(plan.differs)


def _require_answers(files: Collection[str], *, asks: bool) -> None:
    """Raises a `UsageError` if the push would ask a question that nobody can answer."""
    if asks and not sys.stdin.isatty():
        raise click.UsageError("there is no terminal to ask on; --yes creates segments without asking")
    if asks and STDIN in files:
        raise click.UsageError("stdin is the config, so nobody can be asked; --yes creates segments without asking")


def _question(plan: Plan, session: Session) -> str:
    return f"Create {counted(len(plan.create), 'segment')} at {session.server}?"


def _show(plan: Plan, stream: TextIO) -> None:
    stream.write("".join(f"{line}\n" for line in plan_lines(plan, stream, everything=False)))
    stream.flush()


class _Remembering:
    """Creates segments, and remembers each before `push` prints that it exists."""

    def __init__(self, client: Client, memory: Memory) -> None:
        self._client = client
        self._memory = memory

    def create_segment(self, segment: Segment, *, known_ids: Collection[str]) -> CreatedSegment:
        created = self._client.create_segment(segment, known_ids=known_ids)
        self._memory.remember(created.id, segment.name or "", segment.filters)
        return created


def _carry_out(pushed: Push, session: Session, memory: Memory, *, as_json: bool) -> KeyboardInterrupt | None:
    """Creates the segments one by one; returns the interruption that ended it, if any.

    On a terminal a bar shows the progress, and the results come after it. Elsewhere each result is written at once, so
    that a log has it even if this process dies.
    """
    tell = console.err if as_json else console.out
    has_bar = console.is_terminal(sys.stderr)
    number, shown, interruption = len(pushed.report.not_tried), 0, None
    try:
        with (
            session.creator() as (client, waiting),
            click.progressbar(length=number, label="creating", file=sys.stderr, hidden=not has_bar) as bar,
        ):
            waiting.what = f"creating segments, 0 of {number}"
            for done, result in enumerate(pushed.steps(_Remembering(client, memory)), 1):
                waiting.progress(f"creating segments, {done} of {number}")
                bar.update(1)
                if not has_bar:
                    tell(_result_line(result))
                    sys.stdout.flush()
                    shown += 1
    except KeyboardInterrupt as interrupt:
        interruption = interrupt
    for result in pushed.report.results[shown:]:
        tell(_result_line(result))
    return interruption


_NOT_FOUND_OUT = "segdsl could not find out whether somebody else created the same segments meanwhile"


def _concurrent_duplicates(
    plan: Plan, report: PushReport, session: Session
) -> tuple[tuple[Duplicate, ...], KeyboardInterrupt | None]:
    """One more look at the list: has somebody else created the same segments? And the interruption that ended it."""
    search = ConcurrentDuplicates(plan, report)
    try:
        account = session.read(search.wanted)
    except ApiError as error:
        console.err(f"{_NOT_FOUND_OUT}: {error}")
        return (), None
    except KeyboardInterrupt as interruption:
        console.err(f"{_NOT_FOUND_OUT}: interrupted")
        return (), interruption
    names = {segment.id: segment.name for segment in account.listing.segments}
    for id_, why in account.unreadable.items():
        console.err(f"{_NOT_FOUND_OUT}: `{visible(names[id_])}` cannot be read: {visible(why)}")
    return search.found(account.details), None


# ── the results as text ──────────────────────────────────────────────────────────────────────────────────────────────


def _result_line(result: Result) -> str:
    return _LINES[type(result)](result)


def _created(created: Created) -> str:
    found = "; its answer was lost, and it was found in the list" * created.adopted
    differs = "".join(f"; but {visible(difference)}" for difference in created.differs)
    return f"{_painted('created', 'green')} {visible(created.name)} (id {visible(created.id)}){found}{differs}"


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
    if report.may_have_been_created:
        return "; a segment that may have been created could still appear: wait a minute, then run it again"
    return "; run it again to create the rest" if report.refused or report.not_tried else ""


def _painted(words: str, style: str) -> str:
    return console.paint(f"{words:<10}", style, sys.stdout)
