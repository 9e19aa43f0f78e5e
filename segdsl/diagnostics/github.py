"""Diagnostics as workflow commands, which GitHub Actions turns into annotations of the changed files."""

from collections.abc import Mapping, Sequence
from pathlib import PurePath

from segdsl.diagnostics.cells import visible
from segdsl.diagnostics.diagnostic import Diagnostic
from segdsl.diagnostics.summary import summary

MAX_ANNOTATIONS = 10
"""GitHub shows this many errors and this many warnings of one step, and silently drops the rest."""

_IN_MESSAGES = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_IN_PROPERTIES = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A", ":": "%3A", ",": "%2C"})


def to_github(diagnostics: Sequence[Diagnostic]) -> str:
    """One command a line: the worst `MAX_ANNOTATIONS` first, then, if there are more, a notice that counts the rest."""
    worst_first = sorted(diagnostics, key=lambda diagnostic: diagnostic.severity != "error")
    lines = [_annotation(diagnostic) for diagnostic in worst_first[:MAX_ANNOTATIONS]]
    if rest := worst_first[MAX_ANNOTATIONS:]:
        more = f"{len(rest)} more not shown here ({summary(rest)}); {summary(diagnostics)} in all"
        lines.append(_command("notice", {"title": "segdsl"}, more))
    return "\n".join(lines)


def _annotation(diagnostic: Diagnostic) -> str:
    line, column = diagnostic.source.position(diagnostic.span.start)
    end_line, end_column = diagnostic.source.position(diagnostic.span.end)
    place: dict[str, str | int] = {
        "file": visible(PurePath(diagnostic.source_name).as_posix()),
        "line": line,
        "endLine": end_line,
    }
    if line == end_line:  # GitHub refuses columns on an annotation of several lines
        place |= {"col": column, "endColumn": end_column}
    context = f" ({visible(diagnostic.context)})" * bool(diagnostic.context)
    sentences = [visible(diagnostic.message), *(f"help: {visible(help_)}" for help_ in diagnostic.help)]
    return _command(diagnostic.severity, place | {"title": diagnostic.code + context}, "\n".join(sentences))


def _command(name: str, properties: Mapping[str, str | int], message: str) -> str:
    listed = ",".join(f"{key}={str(value).translate(_IN_PROPERTIES)}" for key, value in properties.items())
    return f"::{name} {listed}::{message.translate(_IN_MESSAGES)}"
