"""Diagnostics as a SARIF 2.1.0 log, which code scanning services and editors read (OASIS standard, March 2020)."""

from collections.abc import Sequence
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from segdsl.diagnostics.cells import visible
from segdsl.diagnostics.codes import CODES, Code
from segdsl.diagnostics.diagnostic import Diagnostic, Fix
from segdsl.diagnostics.json_report import dump
from segdsl.source import Source, Span

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_RULE_INDEX = {code: index for index, code in enumerate(CODES)}


def to_sarif(diagnostics: Sequence[Diagnostic], *, version: str | None = None) -> str:
    """The log as JSON: one run whose rules are the table of codes; `version` is that of segdsl, if known."""
    driver: dict[str, Any] = {"name": "segdsl", "rules": [_rule(name, code) for name, code in CODES.items()]}
    if version is not None:
        driver["version"] = version
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(diagnostic) for diagnostic in diagnostics],
    }
    return dump({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]})


def _rule(name: str, code: Code) -> dict[str, Any]:
    advice = f"Fix: {code.fix or code.advice}"
    if code.example:
        advice = f"Example: {code.example}\n{advice}"
    return {
        "id": name,
        "shortDescription": {"text": code.meaning},
        "help": {"text": "\n".join(map(visible, advice.split("\n")))},
        "defaultConfiguration": {"level": code.severity},
    }


def _result(diagnostic: Diagnostic) -> dict[str, Any]:
    sentences = [visible(diagnostic.message), *(f"help: {visible(help_)}" for help_ in diagnostic.help)]
    location = _location(diagnostic.source, diagnostic.span)
    if diagnostic.context:
        location["logicalLocations"] = [{"name": visible(diagnostic.context)}]
    result = {
        "ruleId": diagnostic.code,
        "ruleIndex": _RULE_INDEX[diagnostic.code],
        "level": diagnostic.severity,
        "message": {"text": "\n".join(sentences)},
        "locations": [location],
    }
    if diagnostic.fixes:
        result["fixes"] = [_fix(fix, diagnostic.source) for fix in diagnostic.fixes]
    if diagnostic.notes:
        result["relatedLocations"] = [
            _location(note.source, note.span) | {"message": {"text": visible(note.message)}}
            for note in diagnostic.notes
        ]
    return result


def _fix(fix: Fix, source: Source) -> dict[str, Any]:
    replacements = [
        {"deletedRegion": _region(source, edit.span), "insertedContent": {"text": edit.text}} for edit in fix.edits
    ]
    return {
        "description": {"text": visible(fix.title)},
        "artifactChanges": [{"artifactLocation": _artifact(source.name), "replacements": replacements}],
    }


def _location(source: Source, span: Span) -> dict[str, Any]:
    return {"physicalLocation": {"artifactLocation": _artifact(source.name), "region": _region(source, span)}}


def _region(source: Source, span: Span) -> dict[str, Any]:
    line, column = source.position(span.start)
    end_line, end_column = source.position(span.end)
    return {
        "startLine": line,
        "startColumn": column,
        "endLine": end_line,
        "endColumn": end_column,
        "charOffset": span.start,
        "charLength": span.end - span.start,
    }


def _artifact(name: str) -> dict[str, str]:
    """The place of a file as a URI: relative to the root of the sources unless the name is an absolute path."""
    path = PurePath(name)
    uri = quote(path.as_posix(), safe="/", errors="surrogatepass")
    if path.is_absolute():
        return {"uri": "file:///" + uri.lstrip("/")}
    return {"uri": uri, "uriBaseId": "%SRCROOT%"}
