"""`segdsl lsp`: the language server."""

import sys

import click

from segdsl.errors import needing_extra


@click.command()
def lsp() -> None:
    """Serve an editor over the Language Server Protocol, on stdin and stdout.

    \b
      segdsl lsp

    An editor starts it. It serves the files segments*.toml, .yaml, .yml and
    .json, *.segments.* with these endings, and other files with these endings
    and a list `segment` at the top level; it ignores all other files.
    """
    with needing_extra("lsp", "the language server"):
        from segdsl.lsp.server import serve  # noqa: PLC0415  an extra
    sys.exit(serve())
