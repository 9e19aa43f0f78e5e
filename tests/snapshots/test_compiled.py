"""What hundreds of expressions compile to, and what is said of them, kept in compiled.txt, an entry for each.

The expressions were drawn once from the random trees of tests/properties, so that parts meet in many ways. An entry is
the expression, its segments (`=`, rules joined by `;`), and the diagnostics (`!`, with the offsets of all their spans).
What an expression compiles to is public: a change is seen in the diff of
`SEGDSL_UPDATE_SNAPSHOTS=1 pytest tests/snapshots`.
"""

import json
import os
from pathlib import Path

import pytest

import segdsl
from segdsl.source import Span

from .test_snapshots import UPDATE

FILE = Path(__file__).with_name("compiled.txt")
BLOCK, LIMIT = 30, 32


def entries() -> list[str]:
    return FILE.read_text("utf-8").rstrip("\n").split("\n\n")


def entry(text: str) -> str:
    """The entry of an expression, made anew."""
    found = segdsl.check(text, max_segments=LIMIT)
    lines = [json.dumps(text, ensure_ascii=False)]
    if all(one.severity == "warning" for one in found):
        lines += [f"= {segment(filters)}" for filters in segdsl.compile_all(text, max_segments=LIMIT)]
        found += refusal_of_one_segment(text)
    return "\n".join([*lines, *map(said, found)])


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


@pytest.mark.parametrize("start", range(0, len(entries()), BLOCK))
def test_what_they_compile_to(start: int) -> None:
    kept = entries()
    made = [entry(json.loads(one.partition("\n")[0])) for one in kept[start : start + BLOCK]]
    if os.environ.get(UPDATE):
        FILE.write_text("\n\n".join([*kept[:start], *made, *kept[start + BLOCK :]]) + "\n", "utf-8")
    assert made == kept[start : start + BLOCK]
