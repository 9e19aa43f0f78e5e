"""What segdsl says of the examples in the table of codes: for `explain-code`, and for the diagnostics reference."""

from collections.abc import Mapping
from typing import Any

from segdsl.compiler import COMMAND_LINE, check_for
from segdsl.diagnostics import Code, Diagnostic

CONFIG_NAME = "segments.toml"


def findings(code: Code, text: str, params: Mapping[str, Any]) -> tuple[Diagnostic, ...]:
    """The problems of a text of the code's kind: `code.example` or `code.fix`, with its parameters."""
    if code.place == "expression":
        return check_for(COMMAND_LINE, text, params=params, max_segments=None)
    # a config is read by what most commands that take an expression do without
    from segdsl.config.check import check_config  # noqa: PLC0415
    from segdsl.config.load import loads  # noqa: PLC0415

    config, problems = loads(text, CONFIG_NAME, "toml")
    return (*problems, *check_config(config)) if config else problems
