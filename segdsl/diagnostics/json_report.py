"""Diagnostics as one JSON document, for scripts."""

import json
from collections.abc import Sequence
from typing import Any

from segdsl.diagnostics.diagnostic import Diagnostic
from segdsl.diagnostics.summary import tally

VERSION = 1
"""Raised when readers of the document have to change; new keys do not raise it."""


def to_json(diagnostics: Sequence[Diagnostic]) -> str:
    """`{"version": 1, "diagnostics": [Diagnostic.to_dict() …], "summary": {"errors": 0, "warnings": 0}}`."""
    report = {
        "version": VERSION,
        "diagnostics": [diagnostic.to_dict() for diagnostic in diagnostics],
        "summary": tally(diagnostics),
    }
    return dump(report)


def dump(plain: Any) -> str:
    r"""Indented JSON in ASCII; a lone surrogate, which strict readers of JSON refuse, becomes the text `\ud800`."""
    return json.dumps(_well_formed(plain), indent=2)


def _well_formed(plain: Any) -> Any:
    if isinstance(plain, str):
        return plain.encode("utf-8", "backslashreplace").decode("utf-8")
    if isinstance(plain, dict):
        return {key: _well_formed(value) for key, value in plain.items()}
    return [_well_formed(item) for item in plain] if isinstance(plain, list) else plain
