"""`segdsl compile`: an expression to the API's JSON."""

import sys
from collections.abc import Iterable
from typing import Any

import click
import msgspec

from segdsl.cli import console
from segdsl.cli.expressions import (
    ExpressionCommand,
    Given,
    expression_argument,
    given,
    given_options,
    read_expression,
)
from segdsl.cli.failure import Failure, report
from segdsl.diagnostics import Diagnostic
from segdsl.diagnostics.cells import visible
from segdsl.diagnostics.diagnostic import corrected
from segdsl.errors import CompileError, ParseError
from segdsl.limits import MAX_SEGMENTS
from segdsl.wire.filters import Filters
from segdsl.wire.segment import Segment


@click.command(cls=ExpressionCommand)
@expression_argument
@click.option("--split", is_flag=True, help="Allow several segments, whose union is EXPR; prints an array.")
@click.option(
    "--max-segments",
    type=click.IntRange(1),
    default=MAX_SEGMENTS,
    show_default=True,
    help="How many, with --split.",
)
@given_options
@click.option("--name", help="Print the whole body of the request, with this name.")
@click.option("--description", metavar="TEXT", help="The same, with this description.")
@click.option("--icon", help="The same, with this icon.")
def compile_expression(
    *, expression: str, split: bool, max_segments: int, params: dict[str, Any], schema: str | None, **texts: str | None
) -> None:
    """Print the filters JSON of EXPR (- reads stdin).

    \b
      segdsl compile 'commercialIntent >= 0.6 and plan == "enterprise"'
      segdsl compile 'plan == "pro" or seats > 10' --split
      segdsl compile 'plan in $plans' --param 'plans:=["pro", "team"]' --split
      segdsl compile 'seats >= 10' --schema segments.toml --name 'Big teams'

    With --split and --name, the parts are called "Name (1/3)" and so on.
    """
    expression, known = read_expression(expression), given(params, schema)
    limit = max_segments if split else 1
    try:
        with known.locating():
            filters = known.environment.compile_all(expression, known.params, limit)
    except (CompileError, ParseError) as error:
        raise Failure(error, _corrected(expression, error.diagnostics, known, limit)) from error
    printed = _bodies(filters, texts) if any(text is not None for text in texts.values()) else filters
    console.out(_json(printed if split else printed[0]))
    warnings = known.environment.check(expression, known.params, limit)
    if warnings:
        console.err(report(known.located(warnings), sys.stderr))


def _corrected(text: str, problems: Iterable[Diagnostic], known: Given, limit: int) -> str:
    """Last lines with the whole text after all preferred fixes, if no error is left; else nothing."""
    right = corrected(text, problems)
    if right is None or any(one.severity == "error" for one in known.environment.check(right, known.params, limit)):
        return ""
    shown = "\n".join(map(visible, right.splitlines()))
    return "corrected:" + ("\n" if "\n" in shown else " ") + shown


def _bodies(filters: tuple[Filters, ...], texts: dict[str, str | None]) -> list[dict[str, Any]]:
    """The body of the request for each segment."""
    name = texts.pop("name")
    if len(filters) == 1 or name is None:
        names: tuple[str | None, ...] = (name,) * len(filters)
    else:
        from segdsl.config.check import part_names  # noqa: PLC0415  the rest of `config` is not needed here

        names = part_names(name, len(filters))
    return [Segment(filters=one, name=part, **texts).to_dict() for one, part in zip(filters, names, strict=True)]


def _json(value: Any) -> str:
    return msgspec.json.format(msgspec.json.encode(value), indent=2).decode()
