"""`segdsl schema`: the JSON Schema of a config."""

import json

import click

from segdsl.cli import console
from segdsl.config.json_schema import config_schema


@click.command()
def schema() -> None:
    """Print the JSON Schema of a config, so that editors complete and check it.

    \b
      segdsl schema > segments.schema.json

    A TOML file names it in its first line, for editors with Taplo:

    \b
      #:schema ./segments.schema.json
    """
    console.out(json.dumps(config_schema(), indent=2, ensure_ascii=False))
