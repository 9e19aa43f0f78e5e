"""`segdsl test`: the examples beside the segments, run on the expressions and on their compiled filters."""

import sys
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import click
from msgspec import Struct

from segdsl.cli import console
from segdsl.cli.console import counted
from segdsl.cli.expressions import moment_option
from segdsl.cli.failure import report
from segdsl.cli.files import expanded
from segdsl.config.check import Checker, CompiledSegment, in_order
from segdsl.config.load import load_all
from segdsl.config.model import Config, Example, SegmentConfig
from segdsl.diagnostics.cells import visible
from segdsl.environment import evaluate, explain_evaluation
from segdsl.errors import UserError
from segdsl.evaluation.explanation import MAX_DECIDING_TERMS_SHOWN, EvaluationExplanation
from segdsl.semantics.schema import Schema

_IS = {True: "is true", False: "is false", None: "is unknown"}


class _Failed(Struct, frozen=True):
    """A failed example: its place, its segment, and the reasons, line by line."""

    place: str
    owner: str
    reasons: tuple[str, ...]


class _Tally(Struct):
    """The counts so far. `expected` segments have an `expect`; `counted` of them were tried."""

    examples: int = 0
    segments: int = 0
    without: int = 0
    expected: int = 0
    counted: int = 0
    failed: int = 0


@click.command()
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path())
@click.option("--coverage", is_flag=True, help="List the segments without an example, too.")
@click.option(
    "--users",
    multiple=True,
    metavar="FILE",
    help="Users among whom members are counted, for `expect`.  [default: `file` of [source]]",
)
@moment_option
def test(*, files: tuple[str, ...], coverage: bool, users: tuple[str, ...], now: datetime | None) -> None:
    """Run the examples written beside the segments of every FILE.

    \b
      segdsl test segments.toml
      segdsl test 'segments/*.toml' --coverage
      segdsl test segments.toml --users users.parquet

    \b
      [[segment.example]]
      user = { properties = { plan = "enterprise" } }
      matches = true

    \b
      [[segment]]
      expect = { members = ">= 100" }

    Each runs on the expression and on the filters that it compiles to. A
    failing one names the terms that decided. `matches = false` means "not a
    member": the expression is false, or unknown. `expect` checks the number
    of a file's users in a segment; see `segdsl count` for the files. The exit
    code is 1 if an example or an expected count fails, or a file has errors.
    """
    names = expanded(files)
    configs, problems = load_all(names)
    tally, moment, checker = _Tally(), now or datetime.now(UTC), Checker()
    for config in configs:
        segments = checker.compile(config)
        for segment in segments:
            _run(segment, config, moment, tally, coverage=coverage)
        _count([segment.config for segment in segments], config, moment, tally, users)
    errors = [one for one in in_order((*problems, *checker.problems), names) if one.severity == "error"]
    if errors:
        console.err(report(errors, sys.stderr))
    console.out(_summary(tally, coverage=coverage))
    if tally.failed or errors:
        sys.exit(1)


def _run(segment: CompiledSegment, config: Config, now: datetime, tally: _Tally, *, coverage: bool) -> None:
    """Runs the examples of a segment; reports each failure at once."""
    examples = segment.config.examples
    tally.segments += 1
    tally.examples += len(examples)
    if not examples:
        tally.without += 1
        if coverage:
            place = _place(config, segment.config.span("name").start)
            console.out(f"{console.paint('untested', 'yellow', sys.stdout)} {place} {visible(segment.config.label)}")
    for failed in _failures(segment, config, now):
        _report(failed, tally)


def _report(failed: _Failed, tally: _Tally) -> None:
    tally.failed += 1
    console.out(f"{console.paint('failed', 'red', sys.stdout)} {failed.place} {visible(failed.owner)}")
    console.out("\n".join(line for reason in failed.reasons for line in _lines(visible(reason))))


def _lines(reason: str) -> list[str]:
    """A reason, indented; on a terminal in lines that fit."""
    indent = " " * (4 + len(reason) - len(reason.lstrip()))
    if not console.is_terminal(sys.stdout):
        return [f"    {reason}"]
    return textwrap.wrap(reason.lstrip(), console.width(), initial_indent=indent, subsequent_indent=indent + "  ")


def _failures(segment: CompiledSegment, config: Config, now: datetime) -> Iterator[_Failed]:
    known = {
        "schema": Schema(config.properties, config.conversation_properties),
        "definitions": {name: text.value for name, text in config.definitions.items()},
    }
    for number, example in enumerate(segment.config.examples, start=1):
        reasons = _reasons(segment, example, example.now or now, known)
        if reasons:
            owner = f"{segment.config.label}, example {number}"
            yield _Failed(_place(config, example.span.start), owner, tuple(reasons))


def _reasons(segment: CompiledSegment, example: Example, now: datetime, known: Mapping[str, Any]) -> list[str]:
    """Why an example fails; empty if it holds."""
    where = segment.config.where.value
    try:
        explained = explain_evaluation(where, example.user, now, **known)
        by_filters = any(evaluate(filters, example.user, now) is True for filters in segment.filters)
    except UserError as error:
        return [f"the user cannot be evaluated: {error}"]
    if by_filters is not (explained.verdict is True):
        return [
            f"the expression {_IS[explained.verdict]}, the compiled filters have another result",
            "this is a fault of segdsl: please report it",
        ]
    if by_filters is example.matches:
        return []
    wanted = "the segment should hold this user" if example.matches else "the segment should not hold this user"
    return [f"{wanted}; the expression {_IS[explained.verdict]}:", *_deciding(explained)]


def _deciding(explained: EvaluationExplanation) -> list[str]:
    shown = [f"  {term}" for term in explained.deciding[:MAX_DECIDING_TERMS_SHOWN]]
    more = len(explained.deciding) - len(shown)
    return [*shown, *([f"  and {more} more"] if more else [])]


def _count(
    segments: Iterable[SegmentConfig], config: Config, now: datetime, tally: _Tally, users: Sequence[str]
) -> None:
    """Counts the members of the segments with an `expect`; reports each unexpected count."""
    expecting = [(one, one.expect) for one in segments if one.expect is not None]
    tally.expected += len(expecting)
    names_users = users or (config.mapping is not None and config.mapping.file is not None)
    if not names_users or not expecting:
        return
    from segdsl.cli.asked import asked_of  # noqa: PLC0415  most tests count nothing
    from segdsl.cli.count import WHY_WITHOUT_SCOPE, count_users  # noqa: PLC0415

    question = asked_of(config, [segment for segment, _ in expecting])
    counts = count_users(question, users, now)
    tally.counted += len(expecting)
    for (segment, expected), asked, found in zip(expecting, question.segments, counts.segments, strict=True):
        if question.scope_warnings(asked):
            place = f"{_place(config, expected.span.start)} {visible(segment.label)}"
            console.out(f"{console.paint('note', 'yellow', sys.stdout)} {place} is {WHY_WITHOUT_SCOPE}")
        if not expected.holds(found.members):
            reason = f"{expected.operator} {expected.number:,} members are expected, and it has {found.members:,}"
            unknown = f"; unknown for {found.unknown:,}" if found.unknown else ""
            _report(_Failed(_place(config, expected.span.start), segment.label, (reason + unknown,)), tally)


def _place(config: Config, offset: int) -> str:
    line, column = config.source.position(offset)
    return f"{visible(config.name)}:{line}:{column}"


def _summary(tally: _Tally, *, coverage: bool) -> str:
    tried = tally.examples + tally.counted
    outcome = f"{tally.failed} failed" if tally.failed else "all hold" if tried else "nothing to run"
    style = "red" if tally.failed else "green" if tried else "yellow"
    ran = f"{counted(tally.examples, 'example')} of {counted(tally.segments - tally.without, 'segment')}"
    ran += f" and {counted(tally.counted, 'expected count')}" if tally.counted else ""
    summary = f"{ran}: {console.paint(outcome, style, sys.stdout)}"
    if untried := tally.expected - tally.counted:
        summary += f"; {counted(untried, 'expected count')} not tried (--users FILE)"
    return f"{summary}; {counted(tally.without, 'segment')} without an example" if coverage else summary
