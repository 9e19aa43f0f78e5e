"""`segdsl count`: how many users each segment has, before it is created."""

import json
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

import click
from msgspec import Struct
from msgspec.structs import replace

from segdsl.cli import console
from segdsl.cli.asked import Asked, asked, progress_bar, segments_argument
from segdsl.cli.expressions import ExpressionCommand, given_options, moment_option
from segdsl.cli.failure import Failure, report
from segdsl.cli.files import expanded
from segdsl.cli.users.csv_records import layout_of
from segdsl.diagnostics.cells import visible, width
from segdsl.evaluation.records import wanted_of
from segdsl.sql.counting import Counter, Counts, Part, SegmentCount
from segdsl.sql.duckdb import Database, database
from segdsl.sql.expression import name_of, terms
from segdsl.sql.selection import MalformedRow, Selection
from segdsl.sql.users import CsvLayout, Users, Wanted, users_in
from segdsl.syntax.literals import shortened

_LONGEST_NAME = 48
"""Cells of a segment's name in a table."""

_NOTE = " *"
WITHOUT_SCOPE = "counted without its scope"
WHY_WITHOUT_SCOPE = f"{WITHOUT_SCOPE} (`during`, `from`, `to`, `for product`): a row is a user, not a conversation"
"""The words about a segment with a scope that a count cannot apply."""


class Term(Struct, frozen=True):
    """A necessary part of a segment, counted alone."""

    text: str
    true: int
    false: int
    unknown: int


@click.command(cls=ExpressionCommand)
@segments_argument
@click.option("--users", multiple=True, metavar="FILE", help="Where the users are.  [default: `file` of [source]]")
@click.option("--overlap", is_flag=True, help="Also how many users are in both of two segments.")
@click.option("--explain", is_flag=True, help="Also how many each condition alone holds for, and is unknown for.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@moment_option
@given_options
def count(  # noqa: PLR0913  one for each option
    *,
    expression: str,
    users: tuple[str, ...],
    overlap: bool,
    explain: bool,
    as_json: bool,
    now: datetime | None,
    params: dict[str, Any],
    schema: str | None,
) -> None:
    """Count the users whom EXPR, or each segment of FILE, picks.

    \b
      segdsl count 'plan == "pro" and seats > 10' --users users.parquet
      segdsl count segments.toml --users 'users/*.parquet' --overlap
      segdsl count segments.toml --users users.jsonl.gz --json

    The file is .parquet, .csv, .jsonl, .json or .duckdb; its columns have the
    names of the fields, or those in [source.columns]. JSON files hold the
    records that `match` takes. Users who lack a field of a condition may be
    unknown: they are not members, and are counted apart. So are malformed
    records.
    """
    question = asked(expression, params, schema)
    moment = now or datetime.now(UTC)
    names = _files(users, question)
    with database() as db, progress_bar(_label(names), shown=console.is_terminal(sys.stderr)) as progress:
        found = users_of(db, names, question, moment)
        counts = Counter(found, question.named, moment, question.schema).count(db, overlap=overlap, progress=progress)
        odd = _first_malformed(db, found, question, counts, moment)
        explained = [_terms(db, found, question, at, moment) for at in range(len(question.segments))] if explain else []
    if as_json:
        console.out(json.dumps(_document(counts, explained), ensure_ascii=False, indent=2))
        if warnings := question.warnings():
            console.err(report(warnings, sys.stderr))
    else:
        console.out("\n".join(_report(question, counts, explained, _label(names), odd)))


def count_users(question: Asked, users: Sequence[str], now: datetime, parts: Sequence[Part] = ()) -> Counts:
    """The counts of the segments, and then of the parts, among the users of files.

    It is for commands that show counts beside other results.
    """
    names = _files(users, question)
    with database() as db, progress_bar(_label(names), shown=console.is_terminal(sys.stderr)) as progress:
        found = users_of(db, names, question, now)
        return Counter(found, question.named, now, question.schema, parts).count(db, progress=progress)


def _files(users: Sequence[str], question: Asked) -> list[str]:
    if users:
        return list(expanded(users, folders=False))
    if question.mapping is None or question.mapping.file is None:
        raise Failure("say where the users are: --users FILE, or `file` under [source]")
    return list(expanded([question.mapping.file], folders=False))


def _label(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{len(names)} files"


def users_of(db: Database, names: Sequence[str], question: Asked, now: datetime) -> Users:
    """The users in files, with all columns that the segments need. Raises `CompileError` with every problem."""
    schema = question.schema
    declared: Callable[[Any], Any] = schema.type_of if schema else lambda _field: None
    found = users_in(db, names, Wanted(question.fields, declared, _layout), question.mapping)
    question.require(lambda one: Counter(found, [("", one)], now, schema))
    return found


def _layout(file: str) -> CsvLayout:
    delimiter, skipped = layout_of(file)
    return CsvLayout(delimiter, skipped)


def _terms(db: Database, users: Users, question: Asked, at: int, now: datetime) -> list[Term]:
    """The parts that must all hold in a segment, each by itself; without users who are malformed for the segment."""
    parts = [Part(0, text, typed) for text, typed in terms(question.segments[at].typed, **question.arguments)]
    counts = Counter(users, [question.named[at]], now, question.schema, parts).count(db)
    return [Term(one.name, one.members, one.others, one.unknown) for one in counts.segments[1:]]


def _first_malformed(db: Database, users: Users, question: Asked, counts: Counts, now: datetime) -> str | None:
    """The first malformed row of the first segment that has one, in words. Rows of joined tables have no numbers."""
    at = next((at for at, one in enumerate(counts.segments) if one.malformed), None)
    if at is None or users.conversations:
        return None
    selection = Selection(
        db, replace(users, mapping=replace(users.mapping, id=None)), question.segments[at].typed, now, question.schema
    )
    first = selection.malformed(1)[0]
    return f"{'record' if users.is_json else 'row'} {first.row}: {problem_of(first)}"


def problem_of(malformed: MalformedRow) -> str:
    """What is wrong with a row."""
    if malformed.field is None:
        return "not a JSON object"
    name, wanted = name_of(malformed.field), wanted_of(malformed.field.kind)
    if malformed.value is None or not wanted:
        return f"`{name}` cannot be read, because its column holds no object"
    return f"`{name}` must be {wanted}, not {shortened(malformed.value, 80)}"


# ── output ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def figures_of(one: SegmentCount, users: int) -> dict[str, Any]:
    """The figures of a segment as plain data."""
    return {
        "name": one.name,
        "members": one.members,
        "unknown": one.unknown,
        "malformed": one.malformed,
        "share": one.members / users if users else 0.0,
    }


def _document(counts: Counts, explained: Sequence[Sequence[Term]]) -> dict[str, Any]:
    segments = [figures_of(one, counts.users) | {"onlyHere": one.only_here} for one in counts.segments]
    for segment, parts in zip(segments, explained, strict=False):
        segment["terms"] = [
            {"text": part.text, "true": part.true, "false": part.false, "unknown": part.unknown} for part in parts
        ]
    document: dict[str, Any] = {"users": counts.users, "segments": segments, "inNone": counts.in_none}
    return document | ({"overlap": counts.overlap} if counts.overlap is not None else {})


def _report(
    question: Asked, counts: Counts, explained: Sequence[Sequence[Term]], label: str, odd: str | None
) -> list[str]:
    lines = [f"{console.counted(counts.users, 'user')} in {visible(label)}", ""]
    malformed = any(one.malformed for one in counts.segments)
    several = len(counts.segments) > 1
    columns = ["members", "share", "unknown", *["malformed"] * malformed, *["only here"] * several]
    without_scope = [bool(question.scope_warnings(segment)) for segment in question.segments]
    rows = [
        [_short(one.name) + _NOTE * noted, *_figures(one, counts.users, malformed=malformed, several=several)]
        for one, noted in zip(counts.segments, without_scope, strict=True)
    ]
    if several:
        rows.append(["in none of them", f"{counts.in_none:,}", _share(counts.in_none, counts.users)])
    lines += _table(["segment", *columns], rows)
    if any(without_scope):
        lines.append(f"{_NOTE.lstrip()} {WHY_WITHOUT_SCOPE}")
    if odd is not None:
        lines.append(f"the first malformed one is {visible(odd)}")
    for one, parts in zip(counts.segments, explained, strict=False):
        rows = [[_short(part.text), f"{part.true:,}", f"{part.false:,}", f"{part.unknown:,}"] for part in parts]
        lines += ["", *_table([_short(one.name), "true", "false", "unknown"], rows)]
    if counts.overlap is not None:
        numbers = [str(at) for at in range(1, len(counts.segments) + 1)]
        rows = [
            [f"{number} {_short(one.name)}", *(f"{common:,}" for common in row)]
            for number, one, row in zip(numbers, counts.segments, counts.overlap, strict=True)
        ]
        lines += ["", *_table(["in both", *numbers], rows)]
    return lines


def _figures(one: SegmentCount, users: int, *, malformed: bool, several: bool) -> list[str]:
    figures = [f"{one.members:,}", _share(one.members, users), f"{one.unknown:,}"]
    return figures + [f"{one.malformed:,}"] * malformed + [f"{one.only_here:,}"] * several


def _share(members: int, users: int) -> str:
    return f"{100 * members / users if users else 0:.1f} %"


def _short(name: str) -> str:
    shown = " ".join(visible(name).split())
    return shown if width(shown) <= _LONGEST_NAME else f"{shown[: _LONGEST_NAME - 1]}…"


def _table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Lines in columns: the first aligned to the left, figures to the right."""
    whole = [header, *rows]
    widths = [max(width(row[at]) for row in whole if at < len(row)) for at in range(len(header))]
    lines = []
    for row in whole:
        first = row[0] + " " * (widths[0] - width(row[0]))
        figures = [cell.rjust(size) for cell, size in zip(row[1:], widths[1:], strict=False)]
        lines.append("  ".join([first, *figures]).rstrip())
    lines[0] = console.paint(lines[0], "dim", sys.stdout)
    return lines
