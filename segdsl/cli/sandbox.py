"""`segdsl sandbox`: serves the API's segment endpoints on this machine."""

import random
import re
import textwrap
from pathlib import Path

import click

from segdsl import sandbox as local_server
from segdsl.errors import ConfigError
from segdsl.loopback.address import SANDBOX_PORT
from segdsl.remote.endpoint import is_loopback
from segdsl.sandbox.faults import FAULTS, Faults, FaultSetting


def _fault_line(name: str) -> str:
    indent = " " * 27
    return textwrap.fill(f"  {name:<24} {FAULTS[name].meaning}", 78, subsequent_indent=indent)


_EPILOG = "\b\nFaults:\n" + "\n".join(map(_fault_line, FAULTS))


def _sendable(_ctx: click.Context, _param: click.Parameter, key: str | None) -> str | None:
    if key is not None and not re.fullmatch(r"[!-~]+", key):
        raise click.BadParameter("a key is one or more visible ASCII characters; no client could send this one")
    return key


def _parsed(_ctx: click.Context, _param: click.Parameter, faults: tuple[str, ...]) -> list[FaultSetting]:
    try:
        return [FaultSetting.parse(text) for text in faults]
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


def _loopback(_ctx: click.Context, _param: click.Parameter, host: str) -> str:
    if not is_loopback(host):
        raise click.BadParameter(f"{host!r} is not a loopback address, and the sandbox serves this machine only")
    return host


@click.command(epilog=_EPILOG)
@click.option(
    "--host", default="127.0.0.1", show_default=True, callback=_loopback, help="A loopback address; others are refused."
)
@click.option(
    "--port", default=SANDBOX_PORT, show_default=True, type=click.IntRange(0, 65_535), help="0 takes a free port."
)
@click.option(
    "--data",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Keep the segments in this SQLite file, made if missing. [default: in memory]",
)
@click.option("--max-segments", type=click.IntRange(0), help="The plan's quota of custom segments. [default: none]")
@click.option("--api-key", metavar="KEY", callback=_sendable, help="Accept this key only. [default: any]")
@click.option(
    "--fault",
    "faults",
    multiple=True,
    metavar="NAME=PROBABILITY[:SECONDS]",
    callback=_parsed,
    help="Let requests go wrong; may be repeated.",
)
@click.option("--seed", type=int, help="Makes the faults repeatable.")
def sandbox(  # noqa: PLR0913  one for each option
    *,
    host: str,
    port: int,
    data: Path | None,
    max_segments: int | None,
    api_key: str | None,
    faults: list[FaultSetting],
    seed: int | None,
) -> None:
    """Serve the API's segment endpoints on this machine, for trying things without an account.

    Prints its base URL, for GREENFLASH_BASE_URL, and serves until Ctrl-C. Any key is accepted unless --api-key is
    given. A fault strikes with the given probability; for faults with a length, SECONDS may follow:

    \b
      segdsl sandbox --fault drop-after-commit=0.2 --fault slow=1:0.5
    """
    try:
        local_server.serve(
            host=host,
            port=port,
            api_key=api_key,
            max_segments=max_segments,
            data=data,
            faults=Faults(faults, chance=random.Random(seed)),  # noqa: S311  not for secrets
            announce=lambda url: click.echo(f"sandbox listening on {url}"),
            log=lambda line: click.echo(line, err=True),
        )
    except ConfigError as error:
        raise click.ClickException(str(error)) from error
