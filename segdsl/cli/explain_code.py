"""`segdsl explain-code`: what a diagnostic code means, with an example and its remedy."""

import json
import sys
import textwrap
from collections.abc import Mapping
from typing import Any

import click

from segdsl.cli import console
from segdsl.cli.code_example import findings
from segdsl.diagnostics import CODES, Code
from segdsl.diagnostics.cells import visible
from segdsl.diagnostics.render import render_all
from segdsl.semantics.names import nearest


@click.command(epilog="Without CODE it lists them all.")
@click.argument("code", required=False)
def explain_code(code: str | None) -> None:
    """Tell what a diagnostic CODE means, with an example and the fix.

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
    console.out(_explained(name, CODES[name]))


def _line(name: str, code: Code) -> str:
    longest = max(map(len, CODES))
    label = console.paint(name.ljust(longest), _style(code), sys.stdout)
    indent = " " * (longest + 2)
    wrapped = textwrap.wrap(code.meaning, console.width(), initial_indent=indent, subsequent_indent=indent)
    return "\n".join([f"{label}  {wrapped[0].lstrip()}", *wrapped[1:]])


def _explained(name: str, code: Code) -> str:
    title = console.paint(f"{code.severity}[{name}]", _style(code), sys.stdout)
    parts = [title, *textwrap.wrap(code.meaning, console.width())]
    if not code.example:
        return "\n".join([*parts, "", "What to do:", "", _indented(code.fix)])
    said = render_all(findings(code, code.example, code.example_params))
    parts += ["", f"For example{_given(code.example_params)}:", "", _indented(code.example)]
    parts += ["", "of which segdsl says:", "", _indented(said)]
    parts += ["", f"Instead{_given(code.fix_params)}:", "", _indented(code.fix)]
    return "\n".join(parts)


def _given(params: Mapping[str, Any]) -> str:
    return "".join(f", with ${name} bound to {json.dumps(value)}" for name, value in params.items())


def _indented(text: str) -> str:
    r"""Characters that would act on the terminal, as one example has, are shown as escapes."""
    return "\n".join(f"    {visible(line)}".rstrip() for line in text.strip("\n").split("\n"))


def _style(code: Code) -> str:
    return "red" if code.severity == "error" else "yellow"
