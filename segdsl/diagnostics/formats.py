"""The formats in which a command can report its diagnostics, by name."""

from collections.abc import Callable, Mapping, Sequence

from segdsl.diagnostics.diagnostic import Diagnostic
from segdsl.diagnostics.github import to_github
from segdsl.diagnostics.json_report import to_json
from segdsl.diagnostics.render import render_all
from segdsl.diagnostics.sarif import to_sarif

Format = Callable[[Sequence[Diagnostic]], str]
"""All diagnostics of a run to the text of a report, without a line break at its end."""

FORMATS: Mapping[str, Format] = {"text": render_all, "json": to_json, "github": to_github, "sarif": to_sarif}
