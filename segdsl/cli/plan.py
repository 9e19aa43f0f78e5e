"""`segdsl plan`: shows what a push would do."""

import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

import click

from segdsl.cli import console
from segdsl.cli.account import Session, desired_segments, timeout_option
from segdsl.cli.console import counted
from segdsl.cli.expressions import moment_option
from segdsl.cli.files import stdin_filename_option
from segdsl.cli.plan_text import plan_lines, plan_markdown
from segdsl.config.check import CompiledSegment
from segdsl.diagnostics.json_report import dump
from segdsl.planning.plan import Plan

_NOT_COMPARED = 1
_SOMETHING_TO_DO = 2
_SOMETHING_DIFFERS = 3

Figures = dict[str, dict[str, Any]]
"""The numbers of users by the names of the segments. A split segment has those of its parts under `parts`."""


def _sentences(figures: Figures) -> dict[str, str]:
    """The numbers in words, by the names of the segments in a plan."""
    return {one["name"]: _sentence(**one) for whole in figures.values() for one in whole.get("parts", [whole])}


def _sentence(*, members: int, share: float, unknown: int, note: str = "", **_: Any) -> str:
    sentence = f"{counted(members, 'member')} ({100 * share:.1f} %)"
    return sentence + (f"; unknown for {unknown:,}" if unknown else "") + (f"; {note}" if note else "")


_FORMATS: dict[str, Callable[[Plan, Figures], str]] = {
    "text": lambda plan, figures: "\n".join(plan_lines(plan, sys.stdout, _sentences(figures), everything=True)),
    "json": lambda plan, figures: dump(plan.to_dict() | ({"counts": list(figures.values())} if figures else {})),
    "markdown": lambda plan, figures: plan_markdown(plan, _sentences(figures)),
}


class _MisuseError(click.UsageError):
    """Misuse exits with 1 here, because 2 means that something is to do."""

    exit_code = 1


class _PlanCommand(click.Command):
    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Like click's method, with another exit code."""
        try:
            return super().parse_args(ctx, args)
        except click.UsageError as error:
            raise _MisuseError(error.format_message(), ctx) from error


@click.command(cls=_PlanCommand)
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(allow_dash=True))
@click.option("--format", "form", type=click.Choice(list(_FORMATS)), default="text", show_default=True)
@click.option("--json", "form", flag_value="json", help="The same as --format json.")
@click.option("--detailed-exitcode", is_flag=True, help="Exit with 3 if anything differs, 2 to create only.")
@click.option("--users", multiple=True, metavar="FILE", help="Show how many of these users each segment has.")
@moment_option
@timeout_option
@stdin_filename_option
def plan(  # noqa: PLR0913  one for each option
    *,
    files: tuple[str, ...],
    form: str,
    detailed_exitcode: bool,
    users: tuple[str, ...],
    now: datetime | None,
    timeout: float,
    stdin_filename: str | None,
) -> None:
    """Show what push would create, what exists already, and what differs.

    \b
      segdsl plan segments.toml
      segdsl plan segments.toml --json
      segdsl plan 'segments/*.toml' --format markdown > comment.md
      segdsl plan segments.toml --users users.parquet

    Several FILEs make one plan; a folder means its files segments*, and - is
    stdin. The account is read, never written. A segment that exists with other
    filters, description or icon "differs": the API cannot update it. Segments
    that only the account has are "unmanaged", and left alone.

    The exit code is 0 if there is nothing to do, 2 if a segment is to be created
    or differs, and 1 if something is wrong.
    """
    desired = desired_segments(files, stdin_filename)
    figures = _figures(desired, users, now or datetime.now(UTC)) if users else {}
    session = Session(timeout)
    memory = session.memory(lambda _: None)
    planned, _ = session.plan(desired, memory.entries)
    console.out(_FORMATS[form](planned, figures))
    sys.exit(_exit_code(planned, detailed=detailed_exitcode))


def _figures(desired: Sequence[CompiledSegment], users: Sequence[str], now: datetime) -> Figures:
    """Counts the segments, config by config, because each has its own declarations and source."""
    from segdsl.cli.asked import asked_of  # noqa: PLC0415  most plans count nothing
    from segdsl.cli.count import WITHOUT_SCOPE, count_users, figures_of  # noqa: PLC0415
    from segdsl.sql.counting import Part  # noqa: PLC0415
    from segdsl.sql.expression import typed_filters  # noqa: PLC0415

    figures: Figures = {}
    for _, group in groupby(desired, key=lambda segment: id(segment.holder)):
        segments = list(group)
        parts = [
            Part(at, name, typed_filters(filters))
            for at, segment in enumerate(segments)
            if len(segment.parts) > 1
            for name, filters in segment.parts
        ]
        question = asked_of(segments[0].holder, [one.config for one in segments])
        counts = count_users(question, users, now, parts)
        found = [figures_of(one, counts.users) for one in counts.segments]
        for one, at in zip(found, [*range(len(segments)), *(part.of for part in parts)], strict=True):
            if question.scope_warnings(question.segments[at]):
                one["note"] = WITHOUT_SCOPE
        for part, one in zip(parts, found[len(segments) :], strict=True):
            found[part.of].setdefault("parts", []).append(one)
        figures |= {whole["name"]: whole for whole in found[: len(segments)]}
    return figures


def _exit_code(plan: Plan, *, detailed: bool) -> int:
    if plan.unreadable:
        return _NOT_COMPARED
    if plan.differs and detailed:
        return _SOMETHING_DIFFERS
    return 0 if plan.is_empty else _SOMETHING_TO_DO
