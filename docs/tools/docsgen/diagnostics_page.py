"""The diagnostics reference: every code, an example with its diagnostics, and the fix."""

from collections.abc import Iterator

from docsgen.markdown import cell
from segdsl.cli.explain_code import explanation
from segdsl.diagnostics import CODES

_WIDTH = 110


def body() -> str:
    """The table of codes, and a section for each, with the text of `segdsl explain-code`."""
    return "\n".join([*_table(), *_sections()])


def _table() -> Iterator[str]:
    yield "| code | | |"
    yield "|---|---|---|"
    for name, code in CODES.items():
        yield f"| [{name}](#{name}) | {code.severity} | {cell(code.meaning)} |"


def _sections() -> Iterator[str]:
    for name, code in CODES.items():
        yield f"\n## {name}\n"
        yield f"*{code.severity}*\n"
        yield explanation(code, _WIDTH)
