"""`segdsl decompile`: from the API's JSON to expressions."""

import sys
from collections.abc import Mapping
from typing import Any

import click
import msgspec

from segdsl.cli import console
from segdsl.cli.failure import Failure
from segdsl.cli.files import name_of, read_text
from segdsl.compiler.decompile_segment import decompile_segment
from segdsl.diagnostics.cells import visible
from segdsl.errors import InvalidSegmentError
from segdsl.limits import MAX_CONFIG_BYTES
from segdsl.syntax.printer import unparse


@click.command()
@click.argument("file", type=click.Path(allow_dash=True))
@click.option("--width", type=click.IntRange(1), help="Break lines that are longer. [default: one line each]")
def decompile(*, file: str, width: int | None) -> None:
    """Print the expression of the JSON in FILE (- reads stdin).

    \b
      segdsl decompile filters.json
      segdsl compile 'plan == "pro"' | segdsl decompile -

    FILE holds filters, a segment as the API returns it, or a list of these.
    The expressions of a list come with the segments' names as comments.
    Filters that no expression can say are reported, and the exit code is 1.
    """
    data = _decoded(file)
    if not isinstance(data, list):
        console.out(unparse(decompile_segment(data), width))
        return
    shown, refused = name_of(file), False
    for index, item in enumerate(data):
        try:
            text = unparse(decompile_segment(item), width)
        except InvalidSegmentError as error:
            refused = True
            console.err(f"{shown}: item {index}{_named(item)} has no expression: {error}")
        else:
            console.out("\n".join([""] * (index > 0) + [f"# {name}" for name in _names(item)] + [text]))
    if refused:
        sys.exit(1)


def _decoded(file: str) -> Any:
    text = read_text(file, MAX_CONFIG_BYTES, "a list of segments")
    try:
        return msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError) as error:
        raise Failure(f"{name_of(file)}: not JSON: {error}") from error


def _names(item: Any) -> list[str]:
    name = item.get("name") if isinstance(item, Mapping) else None
    return [visible(name)] if isinstance(name, str) else []


def _named(item: Any) -> str:
    return "".join(f' ("{name}")' for name in _names(item))
