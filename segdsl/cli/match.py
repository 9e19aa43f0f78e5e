"""`segdsl match`: which users of a file an expression picks."""

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Protocol

import click
from msgspec import Struct

from segdsl.catalogue import Field
from segdsl.cli import console
from segdsl.cli.console import counted
from segdsl.cli.expressions import (
    ExpressionCommand,
    expression_argument,
    given,
    given_options,
    moment_option,
    read_expression,
)
from segdsl.cli.failure import Failure
from segdsl.cli.files import STDIN
from segdsl.cli.users import Asked, Entry, Input, Malformed, Record, form_of, opened, read_records
from segdsl.cli.users.records import ID
from segdsl.diagnostics.cells import visible
from segdsl.errors import UserError
from segdsl.semantics.names import field_of
from segdsl.semantics.schema import UNCHECKED
from segdsl.syntax.parser import parse
from segdsl.syntax.visitor import definitions_in, names_in

if TYPE_CHECKING:
    from segdsl.cli.asked import Asked as Question

MAX_PROBLEMS_TOLD = 20
"""Malformed records that are reported one by one; the others are counted."""

_STEP = 4096
"""Records between two updates of the progress bar."""

PARQUET, ROW = ".parquet", "row"
"""The ending of files that DuckDB reads, and the word of messages for a user's place in one."""

_DELIMITER_NAMES = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";", "pipe": "|"}

Matches = Callable[[Any], bool | None]


def _delimiter(_ctx: click.Context, _param: click.Parameter, text: str | None) -> str | None:
    delimiter = _DELIMITER_NAMES.get(text.lower(), text) if text is not None else None
    if delimiter is not None and (len(delimiter) != 1 or delimiter in '"\r\n'):
        raise click.BadParameter(f"{text!r} is not one character; for a tab write tab")
    return delimiter


@click.command(cls=ExpressionCommand)
@expression_argument
@click.argument("users", type=click.Path(allow_dash=True))
@click.option("--records", is_flag=True, help="Print whole records instead of ids.")
@click.option("--count", is_flag=True, help="Print only the number of matching users.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object, with all counts.")
@click.option("--csv", is_flag=True, help="USERS is CSV, even if its name has another ending.")
@click.option(
    "--delimiter",
    metavar="CHAR",
    callback=_delimiter,
    help="USERS is CSV with this delimiter.  [default: found in its header]",
)
@click.option("--strict", is_flag=True, help="Stop at the first malformed record, with exit code 1.")
@moment_option
@given_options
def match(  # noqa: PLR0913  one for each option
    *,
    expression: str,
    users: str,
    records: bool,
    count: bool,
    as_json: bool,
    csv: bool,
    delimiter: str | None,
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

    USERS holds a JSON object on each line, or one JSON array, or CSV with a
    header that names the columns as an expression does. It may be compressed
    with gzip; - reads stdin. A .parquet file needs the extra `sql`; its columns
    have the names of the fields, or those in [source.columns] of --schema.
    Users who lack a field of EXPR may be unknown, and are counted apart.
    Malformed records are reported with their line, and skipped.
    """
    if expression == STDIN == users:
        raise click.UsageError("EXPR and USERS cannot both come from stdin")
    output = _output(records=records, count=count, as_json=as_json)
    if users.lower().endswith(PARQUET) and not csv and not delimiter:
        from segdsl.cli.asked import asked_expression  # noqa: PLC0415  only for this form

        question = asked_expression(read_expression(expression), params, schema)
        listed = None if count else records
        tally = _match_parquet(users, question, now or datetime.now(UTC), output, strict=strict, records=listed)
        _finish(tally, ROW, as_json=as_json)
        return
    expression, known = read_expression(expression), given(params, schema)
    with known.locating():
        matches = known.environment.matcher(expression, known.params, now)
    asked = Asked(_fields(expression, known.definitions), known.schema or UNCHECKED)
    with opened(users) as source:
        form = form_of(source, csv=csv, delimiter=delimiter)
        bar = _has_bar(source) and (count or not sys.stdout.isatty())
        run = _Run(matches, output)
        problems = _Problems(source.name, form.place, strict=strict, over_bar=bar)
        with _progress(source, shown=bar) as progress:
            run.take(progress(read_records(source, form, asked)), problems)
    run.end(malformed=problems.count)
    _finish(run.tally, form.place, as_json=as_json)


def _finish(tally: "_Tally", place: str, *, as_json: bool) -> None:
    if not as_json:
        console.err(_summary(tally, place))
    if tally.malformed and not tally.users:
        sys.exit(1)


def _fields(expression: str, definitions: Mapping[str, str]) -> dict[str, Field]:
    """The fields of the expression and its definitions, by their names there."""
    waiting, seen, names = [expression], set[str](), list[str]()
    while waiting:
        tree = parse(waiting.pop())
        names += names_in(tree)
        used = [name for name in definitions_in(tree) if name not in seen]
        seen.update(used)
        waiting += [definitions[name] for name in used]
    return {name: field_of(name) for name in names}


# ── the run ──────────────────────────────────────────────────────────────────────────────────────────────────────────


class _Tally(Struct):
    """How many users match, do not match, or are unknown; and how many records are malformed."""

    matching: int = 0
    others: int = 0
    unknown: int = 0
    malformed: int = 0

    @property
    def users(self) -> int:
        """The users with a verdict, "unknown" included."""
        return self.matching + self.others + self.unknown


class _Problems:
    """Reports unusable records, the first ones one by one. With `strict` the first one ends the command."""

    def __init__(self, file: str, place: str, *, strict: bool, over_bar: bool) -> None:
        self._file = file
        self._place = "" if place == "line" else f"{place} "
        self._start = "\r\x1b[K" if over_bar else ""  # overwrites the bar, which is drawn again below
        self._strict = strict
        self.count = 0

    def add(self, number: int, problem: str) -> None:
        """Reports one record."""
        message = f"{self._file}:{self._place}{number}: {visible(problem)}"
        if self._strict:
            raise Failure(message)
        self.count += 1
        if self.count <= MAX_PROBLEMS_TOLD:
            console.err(self._start + message)
        elif self.count == MAX_PROBLEMS_TOLD + 1:
            console.err(f"{self._start}more malformed records are counted, not shown")

    def notice(self, text: str) -> None:
        """Reports a notice about the whole file."""
        console.err(f"{self._start}{self._file}: {text}")


class _Run:
    """Evaluates every record, and writes the matching users."""

    def __init__(self, matches: Matches, output: "_Output") -> None:
        self._matches = matches
        self._output = output
        self.tally = _Tally()

    def take(self, entries: Iterable[Entry], problems: _Problems) -> None:
        """Goes through the file."""
        tally = self.tally
        for entry in entries:
            if not isinstance(entry, Record):
                if isinstance(entry, Malformed):
                    problems.add(entry.number, entry.problem)
                else:
                    problems.notice(entry.text)
                continue
            try:
                verdict = self._matches(entry.user)
            except UserError as error:
                problems.add(entry.number, str(error))
                continue
            if verdict:
                tally.matching += 1
                self._output.add(entry)
            elif verdict is None:
                tally.unknown += 1
            else:
                tally.others += 1

    def end(self, malformed: int) -> None:
        """Finishes the output."""
        self.tally.malformed = malformed
        self._output.end(self.tally)


# ── Parquet ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _match_parquet(
    file: str, question: "Question", now: datetime, output: "_Output", *, strict: bool, records: bool | None
) -> _Tally:
    """Queries DuckDB, once for the counts and once for the members; with `records` None for the counts only."""
    from segdsl.cli.asked import progress_bar  # noqa: PLC0415  only for this form
    from segdsl.cli.count import problem_of, users_of  # noqa: PLC0415
    from segdsl.sql.counting import Counter  # noqa: PLC0415
    from segdsl.sql.duckdb import database  # noqa: PLC0415
    from segdsl.sql.selection import Selection  # noqa: PLC0415

    shown = console.is_terminal(sys.stderr)
    with database() as db:
        users = users_of(db, [file], question, now)
        selection = Selection(db, users, question.segments[0].typed, now, question.schema)
        with progress_bar(file, shown=shown) as progress:
            (figures,) = Counter(users, question.named, now, question.schema).count(db, progress=progress).segments
        problems = _Problems(file, ROW, strict=strict, over_bar=False)
        for one in selection.malformed(MAX_PROBLEMS_TOLD + 1) if figures.malformed else ():
            problems.add(one.row, problem_of(one))
        for row, value in selection.members(records=records) if records is not None else ():
            output.add(Record(row, None, value.encode()) if records else Record(row, {ID: value}))
    tally = _Tally(figures.members, figures.others, figures.unknown, figures.malformed)
    output.end(tally)
    return tally


# ── progress, and the summary ────────────────────────────────────────────────────────────────────────────────────────

Through = Callable[[Iterable[Entry]], Iterable[Entry]]


def _has_bar(source: Input) -> bool:
    return bool(source.size) and console.is_terminal(sys.stderr)


@contextmanager
def _progress(source: Input, *, shown: bool) -> Iterator[Through]:
    """Passes entries on, with a progress bar over the bytes of the file if `shown`."""
    if not shown or source.size is None:
        yield lambda entries: entries
        return
    with click.progressbar(length=source.size, file=sys.stderr, label=click.format_filename(source.name)) as bar:

        def through(entries: Iterable[Entry]) -> Iterable[Entry]:
            for number, entry in enumerate(entries):
                yield entry
                if number % _STEP == 0:
                    bar.update(source.position() - bar.pos)
            bar.update(source.position() - bar.pos)

        yield through


def _summary(tally: _Tally, place: str) -> str:
    summary = f"{tally.matching:,} of {tally.users:,} users match"
    if tally.unknown:
        summary += f"; unknown for {tally.unknown:,}"
    return f"{summary}; {counted(tally.malformed, place)} skipped" if tally.malformed else summary


# ── output ───────────────────────────────────────────────────────────────────────────────────────────────────────────


class _Output(Protocol):
    """Writes matching users as they are found."""

    def add(self, record: Record) -> None:
        """Takes a user, in the order of the file."""

    def end(self, tally: _Tally) -> None:
        """Finishes the output."""


def _output(*, records: bool, count: bool, as_json: bool) -> _Output:
    """The output that the options ask for; `count` overrides `records`."""
    if as_json:
        return _JsonObject(None if count else "records" if records else "ids")
    return _Count() if count else _Lines(_record_text if records else _id_text)


class _Lines:
    def __init__(self, text_of: Callable[[Record], str]) -> None:
        self._text_of = text_of

    def add(self, record: Record) -> None:
        console.out(self._text_of(record))

    def end(self, tally: _Tally) -> None:
        pass


class _Count:
    def add(self, record: Record) -> None:
        pass

    def end(self, tally: _Tally) -> None:
        console.out(str(tally.matching))


class _JsonObject:
    """`{"version": 1, "ids": […], "matching": 2, "notMatching": 1, "unknown": 0, "malformed": 0}`, in flat memory."""

    def __init__(self, key: str | None) -> None:
        self._key = key
        self._waiting = f'{{"version": 1, "{key}": ['  # the line is written once it is known whether a comma ends it
        self._comma = ""

    def add(self, record: Record) -> None:
        if self._key is None:
            return
        text = _record_text(record) if self._key == "records" else _json(_identity(record))
        console.out(self._waiting + self._comma)
        self._waiting, self._comma = f"  {text}", ","

    def end(self, tally: _Tally) -> None:
        counts = {
            "matching": tally.matching,
            "notMatching": tally.others,
            "unknown": tally.unknown,
            "malformed": tally.malformed,
        }
        if self._key is None:
            console.out(_json({"version": 1} | counts))
        else:
            console.out(self._waiting)
            console.out(f"], {_json(counts)[1:]}")


def _identity(record: Record) -> str | int:
    """The user's id, or the number of the record if it has none."""
    given = record.user.get("id")
    return given if isinstance(given, str | int) and not isinstance(given, bool) else record.number


def _id_text(record: Record) -> str:
    """The id on one line, as JSON if it would take several."""
    known = _identity(record)
    return known if isinstance(known, str) and known.isprintable() else _json(known)


def _record_text(record: Record) -> str:
    return _json(record.user) if record.raw is None else record.raw.decode().strip()


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
