"""`segdsl studio`: the page on which segments are written, with the team's file and users."""

import os
from collections.abc import Sequence
from contextlib import ExitStack
from glob import glob
from typing import TYPE_CHECKING

import click

from segdsl.cli import console
from segdsl.cli.failure import Failure
from segdsl.cli.files import expanded
from segdsl.cli.users.csv_records import layout_of
from segdsl.config.check import declared_in
from segdsl.config.load import load
from segdsl.errors import ConfigError, needing_extra
from segdsl.loopback.address import STUDIO_PORT
from segdsl.sql.duckdb import CountError
from segdsl.sql.mapping import Mapping
from segdsl.sql.users import CsvLayout

if TYPE_CHECKING:
    from segdsl.config.model import Config
    from segdsl.studio.users import LiveUsers


@click.command()
@click.argument("file", required=False, type=click.Path(), metavar="[FILE]")
@click.option("--users", multiple=True, metavar="FILE", help="Where the users are.  [default: `file` of [source]]")
@click.option(
    "--port", default=STUDIO_PORT, show_default=True, type=click.IntRange(0, 65_535), help="0 takes a free port."
)
@click.option("--open", "opens", is_flag=True, help="Open the page in the browser.")
def studio(*, file: str | None, users: tuple[str, ...], port: int, opens: bool) -> None:
    """Serve a page on which segments are written, on this machine only.

    \b
      segdsl studio
      segdsl studio segments.toml --open
      segdsl studio segments.toml --users users.parquet

    The page shows errors with their fixes, completions, the JSON and SQL of a
    sentence, and who is in it, as one types. It knows the properties,
    definitions and segments of FILE, and sees when they change. With users
    it counts: members, share, unknown, and how many are in the segments of
    FILE, too; of very many it shows an estimate first.

    Nothing is written or sent to anybody, and the API key is not read. It
    serves until Ctrl-C.
    """
    with needing_extra("studio", "the studio"):
        from segdsl.studio.server import serve  # noqa: PLC0415  an extra
    config = _config_in(file)
    with ExitStack() as stack:
        found = _live_users(stack, users, config)
        serve(file, found, port=port, announce=lambda url: _announce(url, opens=opens))


def _announce(url: str, *, opens: bool) -> None:
    click.echo(f"studio listening on {url}")
    if opens:
        import webbrowser  # noqa: PLC0415  seldom asked for

        webbrowser.open(url)


def _config_in(file: str | None) -> "Config | None":
    """The config; None for a broken one, whose problems the page shows. Raises `ConfigError` for a missing file."""
    config, problems = (None, ()) if file is None else load(file)
    if config is None and problems and not problems[0].source.text:
        raise ConfigError(diagnostics=problems)
    return config


def _live_users(stack: ExitStack, users: Sequence[str], config: "Config | None") -> "LiveUsers | None":
    """The users to count: those of --users, or else those of [source] if they are on this machine."""
    from segdsl.studio.users import live_users  # noqa: PLC0415  click shows help without it

    mapping = config.mapping if config else None
    names = expanded(users, folders=False) if users else _files_here(mapping)
    if not names:
        return None
    try:
        found = stack.enter_context(live_users(names, _layout))
    except CountError as error:
        if users:
            raise
        console.err(f"nobody is counted: {error}")
        return None
    if users and (problem := found.people(declared_in(config)[0] if config else None, mapping).problem):
        raise Failure(problem)
    return found


def _files_here(mapping: Mapping | None) -> list[str]:
    name = mapping.file if mapping else None
    return [file for file in (glob(name, recursive=True) or [name] if name else []) if os.path.isfile(file)]


def _layout(file: str) -> CsvLayout:
    return CsvLayout(*layout_of(file))
