"""What becomes of hundreds of texts, kept in two files, an entry for each text; entries are separated by blank lines.

compiled.txt: expressions, drawn once from the random trees of tests/properties so that parts meet in many ways. `=` is
a segment, its rules joined by `;`, and `!` a diagnostic, with the offsets of all its spans.

read.txt: texts, drawn once from its token soup, and after them slips that people make. Of one that can be read: `=` the
canonical text, `~` the formatted one, `@` the places of a condition's name, operator and values, `?` what it says in
words; else `!` the diagnostics.

Both are public: a change is seen in the diff of `SEGDSL_UPDATE_SNAPSHOTS=1 pytest tests/snapshots`.
"""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

import segdsl
from segdsl.semantics.wording import name_sentence, scope_sentences, sentence
from segdsl.source import Span
from segdsl.syntax.fold import leaves
from segdsl.syntax.formatting import formatted
from segdsl.syntax.nodes import BareName, Between, Chain, Comparison, Expression, Reference
from segdsl.syntax.positions import Positions

FOLDER = Path(__file__).parent
BLOCK, LIMIT, WIDTH = 30, 32, 30


def entries(file: str) -> list[str]:
    return (FOLDER / file).read_text("utf-8").rstrip("\n").split("\n\n")


# ── compiled.txt ──────────────────────────────────────────────────────────────────────────────────────────────────────


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


# ── read.txt ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def read(text: str) -> list[str]:
    try:
        expression = segdsl.parse(text)
    except segdsl.ParseError as refused:
        return [said(one) for one in refused.diagnostics]
    shaped = json.dumps(formatted(text, WIDTH), ensure_ascii=False)
    return [f"= {segdsl.unparse(expression)}", f"~ {shaped}", *places(expression), *in_words(expression)]


def in_words(expression: Expression) -> list[str]:
    """What `explain` says: of the condition, part by part, of its scope, and of the names in it."""
    lines, waiting = [], [(sentence(expression.condition), 0)]
    while waiting:
        part, depth = waiting.pop()
        lines.append(f"? {'· ' * depth}{part.says}")
        waiting.extend((inner, depth + 1) for inner in reversed(part.parts))
    names = dict.fromkeys(leaf.name for leaf in leaves(expression.condition) if not isinstance(leaf, Reference))
    return [*lines, *(f"? {one}" for one in (*scope_sentences(expression), *map(name_sentence, names)))]


def places(expression: Expression) -> list[str]:
    """Of each condition: the whole, its name, operator and literals; of each scope clause the whole."""
    where = Positions(expression)
    found = []
    for leaf in leaves(expression.condition):
        spans = [where.node(leaf)]
        if not isinstance(leaf, Reference):
            spans.append(where.name(leaf))
        if not isinstance(leaf, BareName | Reference):
            spans += [where.operator(leaf), *(where.value(leaf, number) for number in range(literals_of(leaf)))]
        found.append(f"@ {' '.join(map(offsets, spans))}")
    clauses = [name for name in ("during", "from_", "to", "products") if getattr(expression, name)]
    return [*found, *(f"@ {name} {offsets(where.clause(name))}" for name in clauses)]


def literals_of(leaf: Comparison | Chain | Between) -> int:
    if isinstance(leaf, Comparison):
        return len(leaf.value) if isinstance(leaf.value, tuple) else 1
    return 2


# ── both ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


def said(found: segdsl.Diagnostic) -> str:
    notes = "".join(f" ({note.message} at {offsets(note.span)})" for note in found.notes)
    help_ = "".join(f" [{one}]" for one in found.help)
    return f"! {found.code} at {offsets(found.span)}: {found.message}{notes}{help_}"


def offsets(span: Span) -> str:
    return f"{span.start}-{span.end}"


FILES: dict[str, Callable[[str], list[str]]] = {"compiled.txt": compiled, "read.txt": read}


def entry(file: str, text: str) -> str:
    """The entry of a text, made anew; no line of it is blank."""
    return "\n".join([json.dumps(text), *FILES[file](text)])


@pytest.mark.parametrize(
    ("file", "start"), [(file, start) for file in FILES for start in range(0, len(entries(file)), BLOCK)]
)
def test_what_becomes_of_them(file: str, start: int, updating: bool) -> None:
    kept = entries(file)
    made = [entry(file, json.loads(one.partition("\n")[0])) for one in kept[start : start + BLOCK]]
    if updating:
        anew = "\n\n".join([*kept[:start], *made, *kept[start + BLOCK :]]) + "\n"
        (FOLDER / file).write_text(anew, "utf-8")
    assert made == kept[start : start + BLOCK]
