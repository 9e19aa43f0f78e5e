"""What hundreds of expressions compile to, kept in compiled.txt; entries are separated by blank lines.

The expressions were drawn once from the random trees of tests/properties, so that parts meet in many ways. `=` is a
segment, its rules joined by `;`, and `!` a diagnostic, with the offsets of all its spans. The file shows each change of
them in the diff of `SEGDSL_UPDATE_SNAPSHOTS=1 pytest tests/snapshots`.
"""

import json
from pathlib import Path

import pytest

import segdsl
from segdsl.source import Span

FILE = Path(__file__).with_name("compiled.txt")
BLOCK, LIMIT = 30, 32


def entries() -> list[str]:
    return FILE.read_text("utf-8").rstrip("\n").split("\n\n")


def compiled(text: str) -> list[str]:
    found = segdsl.check(text, max_segments=LIMIT)
    lines: list[str] = []
    if all(one.severity == "warning" for one in found):
        lines += [f"= {segment(filters)}" for filters in segdsl.compile_all(text, max_segments=LIMIT)]
        found += refusal_of_one_segment(text)
    return [*lines, *map(said, found)]


def segment(filters: segdsl.Filters) -> str:
    rules = [
        [rule.get("field") or rule.get("key") or rule["type"], rule.get("operator", "is"), json.dumps(rule["value"])]
        for rule in filters.to_dict()["rules"]
    ]
    return "; ".join(map(" ".join, rules))


def refusal_of_one_segment(text: str) -> tuple[segdsl.Diagnostic, ...]:
    try:
        segdsl.compile(text)
    except segdsl.CompileError as refused:
        return refused.diagnostics
    return ()


def said(found: segdsl.Diagnostic) -> str:
    notes = "".join(f" ({note.message} at {offsets(note.span)})" for note in found.notes)
    help_ = "".join(f" [{one}]" for one in found.help)
    return f"! {found.code} at {offsets(found.span)}: {found.message}{notes}{help_}"


def offsets(span: Span) -> str:
    return f"{span.start}-{span.end}"


def entry(text: str) -> str:
    """The new entry of a text; none of its lines is blank."""
    return "\n".join([json.dumps(text), *compiled(text)])


@pytest.mark.parametrize("start", range(0, len(entries()), BLOCK))
def test_what_they_compile_to(start: int, updating: bool) -> None:
    kept = entries()
    made = [entry(json.loads(one.partition("\n")[0])) for one in kept[start : start + BLOCK]]
    if updating:
        FILE.write_text("\n\n".join([*kept[:start], *made, *kept[start + BLOCK :]]) + "\n", "utf-8")
    assert made == kept[start : start + BLOCK]
