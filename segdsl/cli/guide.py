"""`segdsl guide`: how to write an expression, on one page."""

import click

from segdsl.cli import console
from segdsl.cli.expressions import given
from segdsl.guide import authoring_guide


@click.command()
@click.option(
    "--schema",
    metavar="FILE",
    type=click.Path(),
    help="Write it for the properties and definitions of this config.",
)
def guide(schema: str | None) -> None:
    """Print a guide to writing expressions, for an assistant or a person.

    \b
      segdsl guide
      segdsl guide --schema segments.toml > AUTHORING.md

    Short and exact: all names and operators, what expressions mean, and
    accepted and refused examples, all of them compiled.
    """
    known = given({}, schema)
    console.out(authoring_guide(known.schema, known.definitions))
