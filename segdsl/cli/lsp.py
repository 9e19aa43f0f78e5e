"""`segdsl lsp`: the language server."""

import sys

import click

from segdsl.errors import ConfigError


@click.command()
def lsp() -> None:
    """Serve an editor over the Language Server Protocol, on stdin and stdout.

    \b
      segdsl lsp

    An editor starts it. It serves the files segments*.toml, .yaml, .yml and
    .json, *.segments.* with these endings, and other files with these endings
    and a list `segment` at the top level; it ignores all other files.
    """
    try:
        from segdsl.lsp.server import serve  # noqa: PLC0415  an extra
    except ModuleNotFoundError as missing:
        library = (missing.name or "").partition(".")[0]
        if library == "segdsl":
            raise
        raise ConfigError(
            f"the language server needs {library}, which is not installed: pip install 'segdsl[lsp]'"
        ) from missing
    sys.exit(serve())
