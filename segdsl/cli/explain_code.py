"""`segdsl explain-code`: what a diagnostic code means, with an example and the fix."""

import json
import sys
import textwrap
from collections.abc import Mapping
from typing import Any

import click

from segdsl.cli import console
from segdsl.diagnostics import CODES, Code, Diagnostic
from segdsl.diagnostics.cells import visible
from segdsl.diagnostics.render import render_all
from segdsl.environment import Environment
from segdsl.errors import CompileError
from segdsl.semantics.advice import COMMAND_LINE
from segdsl.semantics.names import nearest


@click.command(epilog="Without CODE it lists all codes.")
@click.argument("code", required=False)
def explain_code(code: str | None) -> None:
    """Explain a diagnostic CODE, with an example and the fix.

    \b
      segdsl explain-code needs-split
    """
    if code is None:
        console.out("\n".join(_line(name, found) for name, found in CODES.items()))
        return
    name = code.strip("[]")
    if name not in CODES:
        near = nearest(name, CODES)
        advice = f"did you mean {near}?" if near else "`segdsl explain-code` lists them all"
        raise click.BadParameter(f"there is no code {code!r}; {advice}", param_hint="CODE")
    found = CODES[name]
    console.out(console.paint(f"{found.severity}[{name}]", _style(found), sys.stdout))
    console.out(explanation(found, console.width()))


def _line(name: str, code: Code) -> str:
    longest = max(map(len, CODES))
    label = console.paint(name.ljust(longest), _style(code), sys.stdout)
    indent = " " * (longest + 2)
    wrapped = textwrap.wrap(code.meaning, console.width(), initial_indent=indent, subsequent_indent=indent)
    return "\n".join([f"{label}  {wrapped[0].lstrip()}", *wrapped[1:]])


def _style(code: Code) -> str:
    return "red" if code.severity == "error" else "yellow"


def explanation(code: Code, width: int) -> str:
    """The meaning of a code, an example with its diagnostics, and the fix.

    Prose is wrapped; texts are indented by four blanks, as in Markdown.
    """
    paragraphs = [textwrap.fill(code.meaning, width)]
    if not code.example:
        return "\n\n".join([*paragraphs, "What to do:", _indented(code.advice)])
    said = render_all(findings(code, code.example, code.example_params))
    paragraphs += [f"For example{_given(code.example_params)}:", _indented(code.example)]
    paragraphs += ["segdsl reports:", _indented(said)]
    if code.fix:
        paragraphs += [f"Instead{_given(code.fix_params)}:", _indented(code.fix)]
    else:
        paragraphs.append(textwrap.fill(code.advice, width))
    return "\n\n".join(paragraphs)


def findings(code: Code, text: str, params: Mapping[str, Any]) -> tuple[Diagnostic, ...]:
    """The problems of a text of the code's kind: `code.example` or `code.fix`, with its parameters."""
    if code.place == "expression":
        return Environment(advice=COMMAND_LINE).check(text, params, 1)
    if code.place == "sql":
        return _findings_in_sql(text)
    # expressions do not need the modules that read a config
    from segdsl.config.check import check_config, missing_segments  # noqa: PLC0415
    from segdsl.config.load import loads  # noqa: PLC0415

    config, problems = loads(text, "segments.toml", "toml")
    return (*problems, *check_config(config), *missing_segments(config)) if config else problems


def _findings_in_sql(text: str) -> tuple[Diagnostic, ...]:
    """The problems of a config's segments as SQL for MySQL, which can express less than most engines."""
    import tomllib  # noqa: PLC0415  as above

    from segdsl.sql import Mapping as Columns  # noqa: PLC0415
    from segdsl.sql import compile as compile_sql  # noqa: PLC0415

    config = tomllib.loads(text)
    columns = Columns.from_dict(config["source"])
    problems: list[Diagnostic] = []
    for segment in config["segment"]:
        try:
            problems += compile_sql(segment["where"], columns, "mysql").warnings
        except CompileError as error:
            problems += error.diagnostics
    return tuple(problems)


def _given(params: Mapping[str, Any]) -> str:
    return "".join(f", with ${name} bound to {json.dumps(value)}" for name, value in params.items())


def _indented(text: str) -> str:
    r"""The text, indented. Characters that would control the terminal become escapes; one example has some."""
    return "\n".join(f"    {visible(line)}".rstrip() for line in text.strip("\n").split("\n"))
