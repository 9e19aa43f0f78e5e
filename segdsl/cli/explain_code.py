"""`segdsl explain-code`: what a diagnostic code means, with an example and its remedy."""

import sys
import textwrap

import click

from segdsl.cli import console
from segdsl.cli.code_explanation import explanation
from segdsl.diagnostics import CODES, Code
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
