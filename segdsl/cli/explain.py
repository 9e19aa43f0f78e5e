"""`segdsl explain`: how an expression is understood, for people and for scripts."""

import sys
import textwrap
from collections.abc import Iterable, Iterator
from typing import Any

import click

from segdsl.cli import console
from segdsl.cli.console import counted
from segdsl.cli.expressions import (
    ExpressionCommand,
    expression_argument,
    given,
    given_options,
    read_expression,
)
from segdsl.cli.failure import report
from segdsl.compiler.explanation import Explanation, SegmentMeaning
from segdsl.diagnostics import Diagnostic
from segdsl.diagnostics.cells import visible
from segdsl.semantics.wording import Sentence
from segdsl.syntax.parser import parse
from segdsl.syntax.printer import unparse

_VERSION = 1
"""The version of the JSON: raised when readers have to change; new keys do not raise it."""


@click.command(cls=ExpressionCommand)
@expression_argument
@click.option("--json", "as_json", is_flag=True, help="Print the same as one JSON object.")
@given_options
def explain(*, expression: str, as_json: bool, params: dict[str, Any], schema: str | None) -> None:
    """Show how EXPR is understood (- reads stdin).

    \b
      segdsl explain 'plan in ["pro", "team"] and not (seats < 5)'
      segdsl explain '@engaged and seats >= 10' --schema segments.toml

    Its meaning in words, the meaning of each name, the normal form, the API's
    rules, and warnings. The exit code is 1 if it has errors.
    """
    expression, known = read_expression(expression), given(params, schema)
    with known.locating():
        found = known.environment.explain(expression, known.params)
    diagnostics = known.located(found.diagnostics)
    failed = any(problem.severity == "error" for problem in diagnostics)
    if as_json:
        from segdsl.diagnostics.json_report import dump  # noqa: PLC0415  most explanations are for people

        console.out(dump(_document(found, diagnostics)))
    else:
        console.out("\n".join(_lines(found)))
        if diagnostics:
            console.out("")
            (console.err if failed else console.out)(report(diagnostics, sys.stderr if failed else sys.stdout))
    if failed:
        sys.exit(1)


# ── for people ───────────────────────────────────────────────────────────────────────────────────────────────────────


def _lines(found: Explanation) -> Iterator[str]:
    yield _title("The expression")
    yield from _indented(_broken(found.expression))
    yield ""
    yield _title("In words")
    yield "  A user is in the segment when this holds:"
    yield from _sentence(found.says, 2)
    if found.scope:
        yield from _wrapped(f"Of their conversations these count: {', '.join(found.scope)}.", 2)
    for definition in found.definitions:
        yield ""
        yield _title(f"@{definition.name}")
        yield from _sentence(definition.says, 1)
    if found.names:
        yield ""
        yield _title("The names in it")
        yield from _names(found)
    if found.segments:
        yield ""
        yield from _segments(found)


def _sentence(sentence: Sentence, level: int) -> Iterator[str]:
    """The sentence and its parts, each a level deeper."""
    for says, depth in sentence.outline():
        yield from _wrapped(f"- {says}", min(2 * (level + depth), console.width() // 2), hanging=2)


def _names(found: Explanation) -> Iterator[str]:
    longest = max(len(name.name) for name in found.names)
    column = min(longest, console.width() // 3)
    for name in found.names:
        label = name.name.ljust(column)
        yield from _wrapped(f"{label}  {name.means}", 2, hanging=column + 2)


def _segments(found: Explanation) -> Iterator[str]:
    count = len(found.segments)
    yield _title("The API's rules" if count == 1 else f"The API's rules: {counted(count, 'segment')}")
    if found.split:
        span = found.split.span
        part = visible(found.split.source.text[span.start : span.end])
        yield from _wrapped(f"{part}: {found.split.message}. A user in any of them matches.", 2)
    for number, segment in enumerate(found.segments, start=1):
        if count > 1:
            yield ""
            yield f"  {console.paint(f'{number}/{count}', 'bold', sys.stdout)}"
        yield from _indented(_broken(segment.expression))
        yield from (f"    {line}" for line in _rules(segment))
        yield from _wrapped(f"Excludes users without {_listed(segment.needs)}.", 2)


def _rules(segment: SegmentMeaning) -> Iterable[str]:
    """The rules as a table, in the API's own words."""
    rules = segment.filters.to_dict()["rules"]
    rows = [
        [rule["type"], rule.get("field") or rule.get("key") or "", rule.get("operator", "is"), _plain(rule["value"])]
        for rule in rules
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    for row in rows:
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=False)]
        yield "  ".join([cell for cell in cells if cell] + [row[3]])


def _plain(value: Any) -> str:
    from json import dumps  # noqa: PLC0415  only here

    return visible(dumps(value, ensure_ascii=False))


def _listed(names: tuple[str, ...]) -> str:
    *others, last = [f"`{name}`" for name in names]
    return f"{', '.join(others)} or {last}" if others else last


def _broken(text: str) -> list[str]:
    """An expression in lines that fit."""
    return unparse(parse(text), console.width() - 2).split("\n")


def _indented(lines: Iterable[str]) -> Iterator[str]:
    return (f"  {line}" for line in lines)


def _wrapped(text: str, indent: int, *, hanging: int = 0) -> list[str]:
    return textwrap.wrap(
        visible(text),
        console.width(),
        initial_indent=" " * indent,
        subsequent_indent=" " * (indent + hanging),
        break_long_words=False,
        break_on_hyphens=False,
        drop_whitespace=True,
    )


def _title(text: str) -> str:
    return console.paint(text, "bold", sys.stdout)


# ── for scripts ──────────────────────────────────────────────────────────────────────────────────────────────────────


def _document(found: Explanation, diagnostics: tuple[Diagnostic, ...]) -> dict[str, Any]:
    return {
        "version": _VERSION,
        "expression": found.expression,
        "says": _tree(found.says),
        "scope": list(found.scope),
        "definitions": [
            {"name": one.name, "expression": one.expression, "says": _tree(one.says)} for one in found.definitions
        ],
        "names": [{"name": one.name, "means": one.means} for one in found.names],
        "segments": [
            {"expression": one.expression, "filters": one.filters.to_dict(), "needs": list(one.needs)}
            for one in found.segments
        ],
        "split": found.split.message if found.split else None,
        "diagnostics": [one.to_dict() for one in diagnostics],
    }


def _tree(sentence: Sentence) -> dict[str, Any]:
    """The tree as plain data; no deeper than an expression may be nested."""
    own: dict[str, Any] = {"says": sentence.says}
    if sentence.text is not None:
        own["expression"] = sentence.text
    return own | ({"parts": [_tree(part) for part in sentence.parts]} if sentence.parts else {})
