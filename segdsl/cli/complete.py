"""`segdsl complete`: what can stand at a place of an expression, for people and programs in other languages."""

from typing import Any

import click

from segdsl.cli import console
from segdsl.cli.expressions import (
    ExpressionCommand,
    expression_argument,
    given,
    given_options,
    read_expression,
)
from segdsl.diagnostics.cells import visible


@click.command(cls=ExpressionCommand)
@expression_argument
@click.option("--offset", type=click.IntRange(0), metavar="N", help="Where the cursor is.  [default: the end]")
@click.option("--utf16", is_flag=True, help="Count offsets in UTF-16 code units, as JavaScript does.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@given_options
def complete(
    *, expression: str, offset: int | None, utf16: bool, as_json: bool, params: dict[str, Any], schema: str | None
) -> None:
    """List what can stand at an offset of EXPR (- reads stdin).

    \b
      segdsl complete 'intent'
      segdsl complete 'plan == ' --schema segments.toml
      segdsl complete 'plan == "fr" and seats > 3' --offset 11 --json

    The JSON has the start and end of the text to replace, the items, and what
    is expected in words. Any text gets an answer; the exit code is 0.
    """
    text, known = read_expression(expression), given(params, schema)
    end = 2 * len(text) if utf16 else len(text)  # an offset past the end means the end
    found = known.environment.complete(text, end if offset is None else offset, known.params, utf16=utf16)
    if as_json:
        from segdsl.diagnostics.json_report import dump  # noqa: PLC0415  people read lines

        console.out(dump(found.to_dict()))
        return
    width = max((len(item.label) for item in found.items), default=0)
    for item in found.items:
        console.out(visible(f"{item.label.ljust(width)}  {item.detail or item.kind}"))
    if not found.items and found.expected:
        console.err(f"expected: {found.expected}")
