"""`segdsl match`: which users of a file an expression picks."""

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import click

from segdsl.cli import console
from segdsl.cli.counting import counted
from segdsl.cli.expressions import (
    ExpressionCommand,
    expression_argument,
    given,
    given_options,
    read_expression,
)
from segdsl.cli.failure import Failure
from segdsl.cli.hits import Hits, Tally, hits
from segdsl.cli.operands import STDIN
from segdsl.cli.users import Form, Input, Malformed, Record, form_of, opened, read_records
from segdsl.diagnostics.cells import visible
from segdsl.errors import UserError
from segdsl.evaluation import matcher
from segdsl.syntax.literals import instant

MAX_PROBLEMS_TOLD = 20
"""Malformed records that are told one by one; the rest are counted."""

_STEP = 4096
"""Records between two looks at the progress."""

Matches = Callable[[Any], bool | None]


def _moment(_ctx: click.Context, _param: click.Parameter, text: str | None) -> datetime | None:
    moment = instant(text) if text is not None else None
    if text is not None and moment is None:
        raise click.BadParameter(f"{text!r} is neither a date nor an RFC 3339 date-time with its offset")
    return moment


@click.command(cls=ExpressionCommand)
@expression_argument
@click.argument("users", type=click.Path(allow_dash=True))
@click.option("--records", is_flag=True, help="Print whole records instead of ids.")
@click.option("--count", is_flag=True, help="Print only how many match.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object, with all counts.")
@click.option("--csv", is_flag=True, help="USERS is CSV, whatever its name.")
@click.option("--strict", is_flag=True, help="Stop at the first malformed record, with exit code 1.")
@click.option("--now", metavar="DATE", callback=_moment, help="The present, for lastSeen. [default: this moment]")
@given_options
def match(  # noqa: PLR0913  one for each option
    *,
    expression: str,
    users: str,
    records: bool,
    count: bool,
    as_json: bool,
    csv: bool,
    strict: bool,
    now: datetime | None,
    params: dict[str, Any],
    schema: str | None,
) -> None:
    """List the users in USERS who match EXPR: their ids, or line numbers.

    \b
      segdsl match 'sentiment < 0.3 and plan == "pro"' users.jsonl
      segdsl match 'seats > 10' users.csv --count
      gzip -dc users.jsonl.gz | segdsl match 'lastSeen within 7d' -

    USERS holds a JSON object on each line, or one JSON array, or CSV, whose
    columns are called as in an expression; it may be compressed with gzip; -
    reads stdin. Users of whom it is unknown, because they lack something that
    EXPR asks about, are counted apart. Malformed records are told with their
    numbers, and skipped.
    """
    if expression == STDIN == users:
        raise click.UsageError("EXPR and USERS cannot both come from stdin")
    expression, known = read_expression(expression), given(params, schema)
    with known.locating():
        matches = matcher(expression, now, **known.arguments)
    with opened(users) as source:
        form = form_of(source, csv=csv)
        found = hits(records=records, count=count, as_json=as_json)
        tally = Tally()
        bar = _has_bar(source) and (count or not sys.stdout.isatty())
        problems = _Problems(source, form, tally, strict=strict, over_bar=bar)
        with _progress(source, shown=bar) as progress:
            _run(progress(read_records(source, form, known.schema)), matches, found, problems, tally)
    found.end(tally)
    if not as_json:
        console.err(_summary(tally, form))


class _Problems:
    """Tells of records that cannot be used: the first of them one by one. With `strict` the first is the end."""

    def __init__(self, source: Input, form: Form, tally: Tally, *, strict: bool, over_bar: bool) -> None:
        self._name = f"{source.name}:{'' if form.place == 'line' else f'{form.place} '}"
        self._start = "\r\x1b[K" if over_bar else ""  # over the bar, which is drawn again below
        self._tally = tally
        self._strict = strict

    def add(self, number: int, problem: str) -> None:
        message = f"{self._name}{number}: {visible(problem)}"
        if self._strict:
            raise Failure(message)
        self._tally.malformed += 1
        if self._tally.malformed <= MAX_PROBLEMS_TOLD:
            console.err(self._start + message)
        elif self._tally.malformed == MAX_PROBLEMS_TOLD + 1:
            console.err(f"{self._start}and more, which are counted only")


def _run(
    records: Iterable[Record | Malformed], matches: Matches, found: Hits, problems: _Problems, tally: Tally
) -> None:
    for record in records:
        if isinstance(record, Malformed):
            problems.add(record.number, record.problem)
            continue
        try:
            verdict = matches(record.user)
        except UserError as error:
            problems.add(record.number, str(error))
            continue
        if verdict:
            tally.matching += 1
            found.add(record)
        elif verdict is None:
            tally.unknown += 1
        else:
            tally.others += 1


Through = Callable[[Iterable[Record | Malformed]], Iterable[Record | Malformed]]


def _has_bar(source: Input) -> bool:
    return bool(source.size) and console.is_terminal(sys.stderr)


@contextmanager
def _progress(source: Input, *, shown: bool) -> Iterator[Through]:
    """Lets records through, with a bar on a terminal where nothing else is written; it counts bytes of the file."""
    if not shown or source.size is None:
        yield lambda records: records
        return
    with click.progressbar(length=source.size, file=sys.stderr, label=click.format_filename(source.name)) as bar:

        def through(records: Iterable[Record | Malformed]) -> Iterable[Record | Malformed]:
            for number, record in enumerate(records):
                yield record
                if number % _STEP == 0:
                    bar.update(source.position() - bar.pos)
            bar.update(source.position() - bar.pos)

        yield through


def _summary(tally: Tally, form: Form) -> str:
    said = f"{tally.matching:,} of {counted(tally.users, 'user')} match"
    if tally.unknown:
        said += f", of {tally.unknown:,} it is unknown"
    return f"{said}; {counted(tally.malformed, form.place)} skipped" if tally.malformed else said
