"""The picture of an error: what `segdsl check` writes to a terminal."""

from docsgen import terminal
from segdsl.config.check import check_config
from segdsl.config.load import loads
from segdsl.diagnostics.render import render_all

CONFIG = """\
[properties]
plan = ["free", "pro", "enterprise"]
seats = "integer"

[[segment]]
name = "Ready to Buy"
where = 'comercialIntent >= 0.6 and plan == "enterprise"'

[[segment]]
name = "Big Teams"
where = 'plan == "prof" and not seats < 10'
"""
_FIXABLE = "fixable: 1 with `--fix`, 1 with `--unsafe-fixes`"
_COMMAND = "\x1b[32m$\x1b[0m segdsl check segments.toml\n"


def picture() -> str:
    """The command and its report, in colours."""
    config, problems = loads(CONFIG, "segments.toml", "toml")
    assert config is not None
    report = f"{render_all([*problems, *check_config(config)], colour=True)}\n{_FIXABLE}"
    return terminal.picture(_COMMAND + report, "segdsl check finds a misspelt name and a value that does not exist")
