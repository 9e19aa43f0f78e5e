"""A code of the table in words, its example run: for `explain-code`, and for the diagnostics reference."""

import json
import textwrap
from collections.abc import Mapping
from typing import Any

from segdsl.compiler import COMMAND_LINE, check_for
from segdsl.diagnostics import Code, Diagnostic
from segdsl.diagnostics.cells import visible
from segdsl.diagnostics.render import render_all

_CONFIG_NAME = "segments.toml"


def explanation(code: Code, width: int) -> str:
    """What a code means, its example with what is said of it, and the fix. Prose is wrapped; texts are indented by four
    blanks, as Markdown has them."""
    paragraphs = [textwrap.fill(code.meaning, width)]
    if not code.example:
        return "\n\n".join([*paragraphs, "What to do:", _indented(code.fix)])
    said = render_all(findings(code, code.example, code.example_params))
    paragraphs += [f"For example{_given(code.example_params)}:", _indented(code.example)]
    paragraphs += ["of which segdsl says:", _indented(said)]
    paragraphs += [f"Instead{_given(code.fix_params)}:", _indented(code.fix)]
    return "\n\n".join(paragraphs)


def findings(code: Code, text: str, params: Mapping[str, Any]) -> tuple[Diagnostic, ...]:
    """The problems of a text of the code's kind: `code.example` or `code.fix`, with its parameters."""
    if code.place == "expression":
        return check_for(COMMAND_LINE, text, params=params, max_segments=None)
    # what reads a config is not loaded for the sake of an expression
    from segdsl.config.check import check_config  # noqa: PLC0415
    from segdsl.config.load import loads  # noqa: PLC0415

    config, problems = loads(text, _CONFIG_NAME, "toml")
    return (*problems, *check_config(config)) if config else problems


def _given(params: Mapping[str, Any]) -> str:
    return "".join(f", with ${name} bound to {json.dumps(value)}" for name, value in params.items())


def _indented(text: str) -> str:
    r"""Characters that would act on the terminal, as one example has, are shown as escapes."""
    return "\n".join(f"    {visible(line)}".rstrip() for line in text.strip("\n").split("\n"))
