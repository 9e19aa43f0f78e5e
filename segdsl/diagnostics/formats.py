"""The formats in which a command can report its diagnostics, by name."""

from collections.abc import Callable, Mapping, Sequence

from segdsl.diagnostics.diagnostic import Diagnostic
from segdsl.diagnostics.github import to_github
from segdsl.diagnostics.json_report import to_json
from segdsl.diagnostics.render import render_all
from segdsl.diagnostics.sarif import to_sarif

Format = Callable[[Sequence[Diagnostic]], str]
"""Turns all diagnostics of a run into the text of a report, without a final line break."""

FORMATS: Mapping[str, Format] = {"text": render_all, "json": to_json, "github": to_github, "sarif": to_sarif}
