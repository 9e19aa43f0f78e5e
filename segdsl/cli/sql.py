"""`segdsl sql`: expressions as SQL with the same meaning."""

import sys
from datetime import datetime
from typing import Any

import click
from msgspec.structs import replace

from segdsl.cli import console
from segdsl.cli.asked import asked, segments_argument
from segdsl.cli.expressions import ExpressionCommand, given_options, moment_option
from segdsl.cli.failure import report
from segdsl.sql.dialects import DIALECTS, dialect_named
from segdsl.sql.mapping import Mapping
from segdsl.sql.statements import Statements
from segdsl.syntax.literals import quote


@click.command(cls=ExpressionCommand)
@segments_argument
@click.option(
    "--dialect",
    type=click.Choice(list(DIALECTS)),
    metavar="NAME",
    default="duckdb",
    help=f"{', '.join(list(DIALECTS)[:-1])} or {list(DIALECTS)[-1]}.  [default: duckdb]",
)
@click.option("--where", "form", flag_value="where", default="where", help="A condition for a WHERE.  [default]")
@click.option("--count", "form", flag_value="count", help="A query that counts.")
@click.option("--view", "form", flag_value="view", help="A view with a column for each segment.")
@click.option("--table", metavar="NAME", help="The table of users.  [default: the table of [source], or users]")
@moment_option
@given_options
def sql(  # noqa: PLR0913  one for each option
    *,
    expression: str,
    dialect: str,
    form: str,
    table: str | None,
    now: datetime | None,
    params: dict[str, Any],
    schema: str | None,
) -> None:
    """Print SQL with the same meaning as EXPR, or as the segments of FILE.

    \b
      segdsl sql 'plan == "pro" and seats > 10' --dialect postgres
      segdsl sql segments.toml --dialect snowflake --view
      segdsl sql segments.toml --dialect spark --count --table crm.users

    \b
      [source]
      table = "crm.users"
      [source.columns]
      commercialIntent = "commercial_intent"
      lastSeen = { column = "seen_at", type = "timestamp" }

    With [source.columns] each field needs an entry; without it, a column has
    the name of its field. A condition is true for members; a view tells true,
    false and unknown (NULL) apart. Without --now the SQL uses the engine's
    clock when it runs.
    """
    question = asked(expression, params, schema)
    mapping = question.mapping or Mapping()
    if table is not None:
        mapping = replace(mapping, table=table, file=None)
    d = dialect_named(dialect)
    question.require(lambda typed: Statements([("", typed)], mapping, d, now, question.schema).where())
    statements = Statements(question.named, mapping, d, now, question.schema)
    if form == "where":
        conditions = statements.where()
        named = len(conditions) > 1 or question.segments[0].name != question.segments[0].text
        for segment, condition in zip(question.segments, conditions, strict=True):
            console.out(f"-- {quote(segment.name)}\n{condition}" if named else condition)
    else:
        console.out((statements.count() if form == "count" else statements.view("segments")) + ";")
    if warnings := question.warnings():
        console.err(report(warnings, sys.stderr))
