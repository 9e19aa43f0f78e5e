"""`segdsl pull`: the account's custom segments as a config."""

import os
from pathlib import Path

import click

from segdsl.cli import console
from segdsl.cli.account import Session, timeout_option
from segdsl.cli.failure import Failure
from segdsl.cli.files import STDIN, write_file
from segdsl.planning.pull import PulledConfig, to_config


@click.command()
@click.option("-o", "--output", metavar="FILE", default=STDIN, help="Write to this file.  [default: stdout]")
@click.option("--force", is_flag=True, help="Replace FILE if it is there.")
@timeout_option
def pull(*, output: str, force: bool, timeout: float) -> None:
    """Print the account's custom segments as a TOML config.

    \b
      segdsl pull > segments.toml
      segdsl pull -o segments.toml

    A segment that a config cannot say, or that cannot be read, is kept as a
    comment. Pushing the unchanged config changes nothing.
    """
    _require_free(output, force=force)
    account = Session(timeout).read(lambda listed: [summary.id for summary in listed if summary.is_custom])
    pulled = to_config(account)
    if output == STDIN:
        console.out(pulled.text.removesuffix("\n"))
    else:
        _require_free(output, force=force)  # somebody may have written the file while the account was read
        write_file(output, pulled.text.encode())
    console.err(_summary(pulled))


def _require_free(output: str, *, force: bool) -> None:
    """Raises `Failure` when the file must not be replaced. A device or a pipe is never replaced."""
    if output == STDIN or not os.path.lexists(output):
        return
    if not force:
        raise Failure(f"{output} exists; --force replaces it")
    if Path(output).exists() and not Path(output).is_file():
        raise Failure(f"{output} is not a plain file")


def _summary(pulled: PulledConfig) -> str:
    said = f"{len(pulled.said)} segment{'s' * (len(pulled.said) != 1)}"
    kept = len(pulled.kept_as_comments)
    return said + f"; {kept} more kept as {'a comment' if kept == 1 else 'comments'}, with the reason" * bool(kept)
